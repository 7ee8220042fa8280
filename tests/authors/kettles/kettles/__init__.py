"""Which kettle boils which water: a component, a source, a scenario, a profile and a page."""

from tracker.api import Component, Factor, Profile, hookimpl

from .boiling import Boiling
from .page import Kettles
from .shelf import Shelf

TRACKER_API = (1, 0)

PROFILE = Profile(
    name="kettles",
    title="Which kettle boils which water",
    factors=(
        Factor(name="kettle", title="Kettle", components=("kettle",)),
        Factor(name="water", title="Water", variants=("hard", "soft")),
    ),
    scenario="boiling",
    capabilities=("starts", "boils"),
    required=("starts", "boils"),
    host_key=("arch",),
)


@hookimpl
def tracker_components():
    return [
        Component(
            name="kettle",
            title="a kettle",
            source="shelf",
            scheme="semver",
            installer="archive",
            binaries={"kettle": ("bin/kettle",)},
        )
    ]


@hookimpl
def tracker_sources():
    return [Shelf()]


@hookimpl
def tracker_scenarios():
    return [Boiling()]


@hookimpl
def tracker_profiles():
    return [PROFILE]


@hookimpl
def tracker_site_pages():
    return [Kettles()]
