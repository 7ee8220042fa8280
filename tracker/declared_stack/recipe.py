"""The script with which a person redoes a declared combination by hand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from tracker.declared_stack.commands import combination_variables, variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.declared_stack.commands import Command
    from tracker.model import Combination, Component
    from tracker.protocols.scenario import RecipeFile

_HEAD = """#!/bin/sh
# Fetches and unpacks below the directory `redo`, installs nothing, and runs each command of the test.
set -eu
mkdir -p redo && cd redo
get() {  # address, file name, SHA-256
    [ -f "$2" ] || curl --fail --location --output "$2" "$1"
    echo "$3  $2" | sha256sum --check --quiet
}
unpack() {  # file, directory
    mkdir -p "$2"
    case "$1" in
        *.deb) dpkg-deb --extract "$1" "$2" ;;
        *.zip) unzip -qo "$1" -d "$2" ;;
        *.tar | *.tar.* | *.tgz | *.txz) tar -xf "$1" -C "$2" ;;
        *) cp "$1" "$2" && chmod +x "$2/$1" ;;
    esac
}
"""
_WHEEL = ".whl"


def write_recipe(
    commands: Sequence[Command],
    components: Mapping[str, Component],
    combination: Combination,
    assets: Mapping[str, Sequence[RecipeFile]],
) -> str:
    """Return a POSIX shell script.

    Args:
        commands: of the scenario.
        components: by name.
        combination: what to redo.
        assets: what to fetch, by factor, tools by component name.
    """
    owners = {value.factor: value.component for value in combination}
    lines = [_HEAD]
    wheels: list[str] = []
    for name, files in assets.items():
        component = components.get(owners.get(name, name))
        extras = component.options.get("extras", "") if component else ""
        lines += _fetching(name, files)
        own = [f"./{file.name}{f'[{extras}]' if extras else ''}" for file in files if file.name.endswith(_WHEEL)]
        wheels += own
        place = "environment" if own else f"prefix-{name}"
        lines.append(f'export {variable("PREFIX", name)}="$PWD/{place}"')
    if wheels:
        lines += ["[ -d environment ] || python3 -m venv environment"]
        lines += [f"environment/bin/pip install --only-binary :all: {' '.join(map(shlex.quote, wheels))}"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in combination_variables(combination).items()]
    lines += ["export TRACKER_PORT=45678", 'export TRACKER_WORKSPACE="$PWD/work"', *_paths(components, owners, assets)]
    if any(command.ready for command in commands):
        lines += ['started=""', "trap 'kill $started' EXIT"]
    lines += ['mkdir -p "$TRACKER_WORKSPACE" && cd "$TRACKER_WORKSPACE"', *map(_line, commands)]
    return "\n".join([*lines, ""])


def _fetching(name: str, files: Sequence[RecipeFile]) -> list[str]:
    lines = [f"# {name}"]
    for file in files:
        lines.append(f"get {shlex.quote(file.url)} {shlex.quote(file.name)} {file.digest.removeprefix('sha256:')}")
        if not file.name.endswith(_WHEEL):
            lines.append(f"unpack {shlex.quote(file.name)} {shlex.quote(f'prefix-{name}')}")
    return lines


def _paths(
    components: Mapping[str, Component], owners: Mapping[str, str], assets: Mapping[str, Sequence[RecipeFile]]
) -> list[str]:
    places, libraries = [], []
    for name, files in assets.items():
        component = components.get(owners.get(name, name))
        prefix = f"${variable('PREFIX', name)}"
        directories = dict.fromkeys(
            place.rpartition("/")[0] or "."
            for alternatives in (component.binaries.values() if component else ())
            for place in alternatives
        )
        places += [f"{prefix}/{place}" for place in directories] or [f"{prefix}/bin"]
        if any(file.is_library for file in files):
            libraries.append(f"$(find {prefix} -name '*.so.*' -exec dirname {{}} + | sort -u | paste -sd:)")
    lines = [f'export PATH="{":".join(dict.fromkeys(places))}:$PATH"'] if places else []
    return [*lines, *([f'export LD_LIBRARY_PATH="{":".join(libraries)}"'] if libraries else [])]


def _line(command: Command) -> str:
    """Return one command as a line or a block of the script; one that runs on is waited for by what it writes."""
    head = f"# {command.name}: {command.capability}"
    body = f"sh -eu -c {shlex.quote(command.run[0])}" if command.is_script else shlex.join(command.run)
    if not command.ready:
        return f"{head}\n{body}"
    log = f"{command.name}.log"
    wait = f"until grep -Eq {shlex.quote(command.ready)} {log}; do sleep 0.1; done"
    return f'{head}\n{body} >{log} 2>&1 &\nstarted="$started $!"\n{wait}'
