"""``tracker recipe``: a script that redoes a combination by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.output import print_json, say
from tracker.cli.settings import JsonOption, workplace
from tracker.cli.why import whole_combination
from tracker.errors import UsageError
from tracker.model import AssetRole
from tracker.protocols.scenario import RecipeFile

if TYPE_CHECKING:
    from tracker.model import Release

EXAMPLE = "tracker recipe containerd=2.1.9 runtime=runc@1.1.5 cni-plugins=1.9.1 cni-spec=1.1.0 > redo.sh"


def command(
    context: typer.Context,
    pins: Annotated[list[str], typer.Argument(metavar="FACTOR=VALUE...", help="One value for each factor.")],
    json: JsonOption = False,
) -> None:
    """Print the script with which a person redoes exactly this combination, with nothing of tracker in it."""
    from tracker.passes.judging import installable_values, oldest_tools
    from tracker.snapshot.file import read_snapshot

    place = workplace(context)
    scenario = place.require_scenario()
    combination = whole_combination(pins, read_snapshot(place.config.verdicts_path))
    with place.open_store() as store:
        releases = store.releases()
    installable = installable_values(place, releases)
    files = {value.factor: _files(installable[value]) for value in combination if value in installable}
    files |= {name: _files(release) for name, release in oldest_tools(place, releases).items()}
    script = place.registry.scenarios[scenario].recipe(combination, files)
    if json:
        document = {"combination": {value.factor: value.text for value in combination}, "script": script}
        print_json("recipe/1", document)
    else:
        say(script.rstrip("\n"))


def _files(release: Release) -> tuple[RecipeFile, ...]:
    files = []
    for asset in release.assets:
        if asset.digest is None:
            message = f"{release.component} {release.version}: {asset.name} has no published digest to check"
            raise UsageError(message, hint="What cannot be verified is in no recipe.")
        is_library = asset.role is AssetRole.LIBRARY
        files.append(RecipeFile(name=asset.name, url=asset.url, digest=asset.digest, is_library=is_library))
    return tuple(files)
