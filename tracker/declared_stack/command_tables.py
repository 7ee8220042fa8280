"""The table ``[scenario]`` of tracker.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, NoReturn

from tracker.declared_stack.commands import Command
from tracker.declared_stack.names import check_name, unknown
from tracker.declared_stack.scenario import CommandScenario
from tracker.declared_stack.toml_table import TomlTable
from tracker.errors import ConfigError
from tracker.model import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.model import Component

KEYS = ("title", "capabilities", "required", "network", "tools", "steps", "causes")
STEP_KEYS = ("name", "capability", "exercises", "run", "start", "ready", "time_limit_seconds")
CAUSE_KEYS = ("name", "pattern", "sentence", "deterministic")
_NETWORKS = ("own", "host")
_USUAL_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the scenario is about.

    Attributes:
        name: of the stack.
        components: by name.
        factors: names, in order.
    """

    name: str
    components: Mapping[str, Component]
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadScenario:
    """What the table says.

    Attributes:
        commands: the scenario.
        capabilities: earliest first.
        required: those that `check` asks for.
        tools: components that runs use without testing them.
    """

    commands: CommandScenario
    capabilities: tuple[str, ...]
    required: tuple[str, ...]
    tools: tuple[str, ...]


def read_scenario(path: Path, told: object, scene: Scene) -> ReadScenario:
    """Return what the table says.

    Raises:
        ConfigError: a key or value is not allowed, or names something that is not there.
    """
    return _Reader(path, told, scene).read()


class _Reader:
    def __init__(self, path: Path, told: object, scene: Scene) -> None:
        self._path = path
        self._scene = scene
        self._table = TomlTable(path, "scenario", told, KEYS)

    def read(self) -> ReadScenario:
        steps = self._table.tables("steps")
        if not steps:
            self._refuse("steps: there is no step", "Write [[scenario.steps]] with name, capability and run.")
        commands = tuple(self._command(place, one) for place, one in enumerate(steps))
        self._check_twice([command.name for command in commands], "steps")
        capabilities = self._capabilities(commands)
        required = self._table.texts("required") or capabilities
        for one in required:
            if one not in capabilities:
                raise unknown(self._path, "scenario.required", one, dict.fromkeys(capabilities))
        tools = self._table.texts("tools")
        for one in tools:
            if one not in self._scene.components:
                raise unknown(self._path, "scenario.tools", one, self._scene.components)
        network = self._table.text("network", "own")
        if network not in _NETWORKS:
            self._refuse(f"network = {network!r}: must be one of {', '.join(_NETWORKS)}")
        scenario = CommandScenario(
            name=self._scene.name,
            title=self._table.text("title", self._scene.name),
            commands=commands,
            causes=tuple(self._cause(place, one) for place, one in enumerate(self._table.tables("causes"))),
            has_own_network=network == "own",
            components=self._scene.components,
        )
        return ReadScenario(commands=scenario, capabilities=capabilities, required=required, tools=tools)

    def _capabilities(self, commands: Sequence[Command]) -> tuple[str, ...]:
        shown = tuple(dict.fromkeys(command.capability for command in commands))
        named = self._table.texts("capabilities")
        if not named:
            return shown
        for place, command in enumerate(commands):
            if command.capability not in named:
                key = f"scenario.steps[{place}].capability"
                raise unknown(self._path, key, command.capability, dict.fromkeys(named))
        # The first may be what an environment builder demonstrates; see `check_stack`.
        for one in named[1:]:
            if one not in shown:
                self._refuse(f"capabilities: no step demonstrates '{one}'")
        order = [named.index(command.capability) for command in commands]
        if order != sorted(order):
            self._refuse("steps: must stand in the order of the capabilities", f"That is: {', '.join(named)}")
        return named

    def _command(self, place: int, told: object) -> Command:
        where = f"scenario.steps[{place}]"
        table = TomlTable(self._path, where, told, STEP_KEYS)
        name = table.needed("name")
        check_name(self._path, f"{where}.name", name)
        exercises = table.texts("exercises") or self._scene.factors
        for one in exercises:
            if one not in self._scene.factors:
                raise unknown(self._path, f"{where}.exercises", one, dict.fromkeys(self._scene.factors))
        if table.has("run") == table.has("start"):
            self._refuse(
                f"steps[{place}]: must have either run or start",
                "run ends by itself and its exit code counts; start runs on beside the later steps until ready.",
            )
        key = "run" if table.has("run") else "start"
        if table.has("ready") != (key == "start"):
            self._refuse(f"steps[{place}]: start and ready belong together", "ready is found in what it writes.")
        is_script = table.is_text(key)
        return Command(
            name=name,
            capability=table.needed("capability"),
            exercises=frozenset(exercises),
            time_limit_seconds=table.number("time_limit_seconds", _USUAL_SECONDS, least=0.01),
            run=(table.needed(key),) if is_script else self._words(table, where, key),
            is_script=is_script,
            ready=self._expression(f"{where}.ready", table.text("ready", "")),
        )

    def _words(self, table: TomlTable, where: str, key: str) -> tuple[str, ...]:
        words = table.texts(key)
        if not words or not words[0]:
            message = f"{self._path}: {where}.{key}: must be a text for the shell, or a list of program and arguments"
            raise ConfigError(message)
        return words

    def _cause(self, place: int, told: object) -> Cause:
        where = f"scenario.causes[{place}]"
        table = TomlTable(self._path, where, told, CAUSE_KEYS)
        name = table.needed("name")
        check_name(self._path, f"{where}.name", name)
        pattern = self._expression(f"{where}.pattern", table.needed("pattern"))
        sentence = table.needed("sentence")
        groups = set(re.compile(pattern).groupindex)
        for one in _fields(sentence) if groups else ():
            if one not in groups:
                key = f"{where}.sentence"
                raise unknown(self._path, key, one, dict.fromkeys(sorted(groups)))
        return Cause(
            name=name,
            pattern=pattern,
            sentence=sentence,
            is_deterministic=table.truth("deterministic", default=False),
        )

    def _expression(self, where: str, text: str) -> str:
        try:
            re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            message = f"{self._path}: {where} = {text!r}: is no regular expression: {error}"
            hint = "In TOML write it between single quotes, so that \\ stays as it is."
            raise ConfigError(message, hint=hint) from error
        return text

    def _check_twice(self, names: Sequence[str], key: str) -> None:
        for name in names:
            if names.count(name) > 1:
                self._refuse(f"{key}: the name '{name}' is there twice")

    def _refuse(self, fault: str, hint: str = "") -> NoReturn:
        message = f"{self._path}: scenario.{fault}"
        raise ConfigError(message, hint=hint)


def _fields(sentence: str) -> list[str]:
    """Return the names in braces; a sentence that cannot be filled in names one that no pattern has."""
    try:
        return [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
    except ValueError:
        return [sentence]
