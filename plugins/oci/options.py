"""The options of a component that lies in a registry, and the table ``[sources.oci]`` of tracker.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.api import ConfigError, Option, Text, Texts

from .reference import ImageName, is_tag, read_image_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.api import Component

OPTIONS = (
    Option(
        "insecure_hosts",
        Texts(of=Text(pattern=r"\S+", allowed="the name of a host")),
        "Hosts that are spoken to without TLS, besides those of loopback.",
        [],
    ),
)
NAMES = frozenset(one.name for one in OPTIONS)
_COMPONENT_NAMES = frozenset({"image", "platform_os", "tags"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is watched for one component.

    Attributes:
        component: whose releases the tags are.
        image: where they lie.
        tags: exact names in the order of the option; empty when the component's rule says which count.
        platform_os: only images for this system count (``windows``); empty for all.
    """

    component: Component
    image: ImageName
    tags: tuple[str, ...]
    platform_os: str


def read_wanted(component: Component) -> Wanted:
    """Return what the component's options say.

    Raises:
        ConfigError: they do not say what to watch; the message names component, option and value.
    """
    options = component.options
    for name in options:
        if name not in _COMPONENT_NAMES:
            allowed = ", ".join(sorted(_COMPONENT_NAMES))
            raise _error(component, name, options[name], f"is no option of the source oci (known: {allowed})")
    text = options.get("image", "")
    if not text:
        message = f"component {component.name}: the option image is not set"
        raise ConfigError(message, hint='For instance: image = "mcr.microsoft.com/windows/nanoserver"')
    try:
        image = read_image_name(text)
    except ValueError as error:
        hint = "Write it without a tag; tags have an option of their own."
        raise _error(component, "image", text, str(error), hint) from error
    tags = tuple(dict.fromkeys(options.get("tags", "").split()))
    for tag in tags:
        if not is_tag(tag):
            raise _error(component, "tags", tag, "is no tag that a registry can have")
    if not tags and component.tags is None:
        message = f"component {component.name}: neither the option tags nor a rule for tags says which to watch"
        raise ConfigError(message, hint='For instance: tags = "ltsc2019 ltsc2022"')
    return Wanted(component=component, image=image, tags=tags, platform_os=options.get("platform_os", "").strip())


def insecure_hosts(table: Mapping[str, object]) -> frozenset[str]:
    """Return the hosts that are spoken to without TLS, besides those of loopback.

    Raises:
        ConfigError: the setting is no list of hosts.
    """
    hosts = table.get("insecure_hosts", [])
    if not isinstance(hosts, list | tuple) or not all(isinstance(host, str) and host for host in hosts):
        message = f"sources.oci.insecure_hosts = {hosts!r}: must be a list of hosts"
        raise ConfigError(message, hint='For instance: insecure_hosts = ["registry.lan:5000"]')
    return frozenset(host.lower() for host in hosts)


def _error(component: Component, name: str, value: str, fault: str, hint: str = "") -> ConfigError:
    return ConfigError(f"component {component.name}: {name} = {value!r}: {fault}", hint=hint)
