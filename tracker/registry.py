"""Which plugins there are and what they registered.

Bundled plugins are found by walking ``tracker.plugins``, third parties' by the entry-point group ``tracker``; both
may be switched off by name in tracker.toml. A plugin that cannot be imported or breaks a hook is named in
``Registry.problems`` and set aside; the rest goes on.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from tracker import hookspecs
from tracker.compatibility import NAME as STATEMENT
from tracker.compatibility import refusal, stated, version_of, written
from tracker.errors import PluginError
from tracker.hookspecs import API_VERSION
from tracker.local_files import WithLocalFiles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from types import ModuleType

    from tracker.model import Component, Profile
    from tracker.protocols import (
        DeclaredEvidence,
        EnvironmentBuilder,
        HostFacts,
        Installer,
        Launcher,
        Scenario,
        SitePage,
        Source,
        VersionScheme,
    )

_T = TypeVar("_T")
_PACKAGE = "tracker.plugins"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginProblem:
    """A plugin that was set aside, and why."""

    plugin: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePlugin:
    """A third party's plugin that is loaded.

    Attributes:
        name: of the plugin.
        distribution: what provides it, with its version.
        api: version of the plugin API that it states; empty when it states none.
    """

    name: str
    distribution: str
    api: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """All that the plugins registered, by kind and name; names are unique within a kind.

    Attributes:
        plugins: names of those that are loaded.
        switchable: names by which a plugin, or a package with all that is in it, can be switched off.
        outside: third parties' plugins that are loaded, by name.
        problems: what was set aside.
    """

    plugins: tuple[str, ...] = ()
    switchable: frozenset[str] = frozenset()
    outside: tuple[OutsidePlugin, ...] = ()
    problems: tuple[PluginProblem, ...] = ()
    components: Mapping[str, Component] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    version_schemes: Mapping[str, VersionScheme] = field(default_factory=dict)
    installers: Mapping[str, Installer] = field(default_factory=dict)
    environment_builders: Mapping[str, EnvironmentBuilder] = field(default_factory=dict)
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    host_facts: Mapping[str, HostFacts] = field(default_factory=dict)
    launchers: Mapping[str, Launcher] = field(default_factory=dict)
    site_pages: Mapping[str, SitePage] = field(default_factory=dict)
    declared_evidence: Mapping[str, DeclaredEvidence] = field(default_factory=dict)


def find(kind: str, known: Mapping[str, _T], name: str, problems: Iterable[PluginProblem] = ()) -> _T:
    """Return the object called ``name`` out of one of a registry's mappings.

    Raises:
        PluginError: no plugin registered it; the message lists what there is and which plugins were set aside.
    """
    if name in known:
        return known[name]
    broken = "; ".join(f"{problem.plugin}: {problem.reason}" for problem in problems)
    message = f"no plugin provides the {kind} '{name}' (known: {', '.join(sorted(known)) or 'none'})"
    raise PluginError(message, hint=f"Plugins that were set aside: {broken}" if broken else "")


def build_registry(disabled: Collection[str] = ()) -> Registry:
    """Load all plugins and collect what they register; never raises for a plugin's fault.

    Args:
        disabled: names of plugins that are not loaded, as ``Registry.plugins`` tells them.
    """
    return _Loader(frozenset(disabled)).load()


class _Loader:
    def __init__(self, disabled: frozenset[str]) -> None:
        self._disabled = disabled
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._bundled: set[str] = set()
        self._seen: set[str] = set()
        self._outside: list[OutsidePlugin] = []
        self._problems: list[PluginProblem] = []

    def load(self) -> Registry:
        package = importlib.import_module(_PACKAGE)
        self._load_bundled(package.__path__, f"{_PACKAGE}.")
        self._bundled = {name for name, _ in self._manager.list_name_plugin()}
        self._load_entry_points()
        kinds = ("components", "sources", "version_schemes", "installers", "scenarios", "profiles", "host_facts")
        further = ("environment_builders", "launchers", "site_pages", "declared_evidence")
        collected = {kind: self._collect(kind) for kind in (*kinds, *further)}
        collected["version_schemes"] = {
            name: WithLocalFiles(scheme) for name, scheme in collected["version_schemes"].items()
        }
        names = tuple(sorted(name for name, plugin in self._manager.list_name_plugin() if plugin is not None))
        outside = tuple(one for one in self._outside if one.name in names)
        return Registry(
            plugins=names,
            switchable=frozenset(self._seen),
            outside=outside,
            problems=tuple(self._problems),
            **collected,
        )

    def _load_bundled(self, path: Iterable[str], prefix: str) -> None:
        # pkgutil.walk_packages would import a package that is switched off, and a broken one twice.
        for info in pkgutil.iter_modules(path, prefix):
            name = info.name.removeprefix(f"{_PACKAGE}.")
            self._seen.add(name)
            if name in self._disabled:
                continue
            try:
                module = importlib.import_module(info.name)
                is_plugin = _implements_hooks(module)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may fail in any way; the others go on
                self._problem(name, f"cannot be imported: {_describe(error)}")
                continue
            if is_plugin:
                self._register(module, name)
            if info.ispkg:
                self._load_bundled(module.__path__, f"{info.name}.")

    def _load_entry_points(self) -> None:
        for entry in sorted(entry_points(group=hookspecs.PROJECT), key=lambda entry: (entry.name, entry.value)):
            self._seen.add(entry.name)
            if entry.name in self._disabled:
                continue
            distribution = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
            statement = stated(entry.module)
            if reason := refusal(statement, distribution):
                self._problem(entry.name, reason)
                continue
            try:
                plugin = entry.load()
                statement = getattr(plugin, STATEMENT, statement)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
                self._problem(entry.name, f"cannot be imported: {_describe(error)}")
                continue
            if reason := refusal(statement, distribution):
                self._problem(entry.name, reason)
                continue
            api = "" if statement is None else written(version_of(statement) or API_VERSION)
            self._outside.append(OutsidePlugin(name=entry.name, distribution=distribution, api=api))
            self._register(plugin, entry.name)

    def _register(self, plugin: object, name: str) -> None:
        if self._manager.has_plugin(name) or self._manager.is_registered(plugin):
            other = self._manager.get_name(plugin) or name
            self._problem(name, f"is there twice: '{other}' has been loaded already")
            return
        try:
            self._manager.register(plugin, name=name)
            unknown = [hook.name for hook in _unknown_hooks(self._manager, plugin)]
        except Exception as error:  # noqa: BLE001 - as above
            self._set_aside(plugin, name, _describe(error))
            return
        if unknown:
            self._set_aside(plugin, name, f"implements unknown hooks: {', '.join(unknown)}")

    def _set_aside(self, plugin: object, name: str, reason: str) -> None:
        if self._manager.is_registered(plugin):
            self._manager.unregister(plugin)
        self._problem(name, reason)

    def _collect(self, kind: str) -> dict[str, Any]:
        """Return what the hook's implementations give, by name; of two with one name a bundled plugin's is kept."""
        hook = getattr(self._manager.hook, f"tracker_{kind}")
        found: dict[str, tuple[str, Any]] = {}
        for implementation in sorted(hook.get_hookimpls(), key=self._precedence):
            owner = implementation.plugin_name
            try:
                objects = [(_name_of(one), one) for one in implementation.function()]
            except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
                self._problem(owner, f"tracker_{kind} failed: {_describe(error)}")
                continue
            for name, one in objects:
                if name in found:
                    self._problem(owner, f"registers '{name}' again, which {found[name][0]} has registered ({kind})")
                else:
                    found[name] = (owner, one)
        return {name: found[name][1] for name in sorted(found)}

    def _precedence(self, implementation: pluggy.HookImpl) -> tuple[bool, str]:
        return implementation.plugin_name not in self._bundled, implementation.plugin_name

    def _problem(self, plugin: str, reason: str) -> None:
        self._problems.append(PluginProblem(plugin=plugin, reason=reason))


def _unknown_hooks(manager: pluggy.PluginManager, plugin: object) -> Iterable[pluggy.HookCaller]:
    return [hook for hook in manager.get_hookcallers(plugin) or () if not hook.has_spec()]


def _implements_hooks(module: ModuleType) -> bool:
    """Whether the module defines a hook; one that it imported makes it no plugin."""
    functions = (member for _, member in inspect.getmembers(module, inspect.isroutine))
    return any(
        hasattr(one, f"{hookspecs.PROJECT}_impl") and getattr(one, "__module__", None) == module.__name__
        for one in functions
    )


def _name_of(one: object) -> str:
    name = getattr(one, "name", None)
    if not isinstance(name, str) or not name:
        message = f"{one!r} has no name"
        raise TypeError(message)
    return name


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
