"""What pyproject.toml and constraints.txt say agrees with what is there."""

from __future__ import annotations

import itertools
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINE_LIMITS = {"bootstrap.py": 300, "tracker": 300, "plugins": 300, "migrations": 300, "tests": 350}
LINUX = {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"}
WINDOWS = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"}
COMMON = {"implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": ""}


def _constraints() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def _declared() -> list[Requirement]:
    groups = PROJECT["dependency-groups"].values()
    listed = itertools.chain(PROJECT["build-system"]["requires"], PROJECT["project"]["dependencies"], *groups)
    return [Requirement(text) for text in listed]


def _applies(requirement: Requirement, environment: dict[str, str], extras: set[str]) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({**environment, "extra": extra}) for extra in {"", *extras})


def _needed_on(environment: dict[str, str]) -> set[str]:
    """Return the names of all packages that the declared ones need; of those not installed here only themselves."""
    needed: set[str] = set()
    waiting = [one for one in _declared() if _applies(one, environment, set())]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in needed and not requirement.extras:
            continue
        needed.add(name)
        try:
            below = [Requirement(text) for text in requires(requirement.name) or ()]
        except PackageNotFoundError:
            continue
        waiting += [one for one in below if _applies(one, environment, requirement.extras)]
    return needed


@pytest.mark.parametrize("requirement", _declared(), ids=lambda one: one.name)
def test_every_declared_dependency_is_pinned_to_a_version_that_the_declaration_allows(requirement: Requirement) -> None:
    pins = {canonicalize_name(pin.name): pin for pin in _constraints()}

    (pin,) = pins[canonicalize_name(requirement.name)].specifier

    assert pin.operator == "=="
    assert requirement.specifier.contains(pin.version)


@pytest.mark.parametrize("platform", [pytest.param(LINUX, id="Linux"), pytest.param(WINDOWS, id="Windows")])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_everything_that_the_dependencies_need_is_pinned(platform: dict[str, str], python: str) -> None:
    environment = {**COMMON, **platform, "python_version": python, "python_full_version": f"{python}.2"}
    pinned = {canonicalize_name(pin.name) for pin in _constraints() if _applies(pin, environment, set())}

    assert _needed_on(environment) - pinned == set()


def test_every_constraint_is_one_exact_version_and_no_address() -> None:
    for pin in _constraints():
        assert pin.url is None
        assert [one.operator for one in pin.specifier] == ["=="]


def test_no_package_is_pinned_twice() -> None:
    names = [canonicalize_name(pin.name) for pin in _constraints()]

    assert sorted(set(names)) == sorted(names)


def test_every_python_package_is_declared_for_the_wheel() -> None:
    declared = set(PROJECT["tool"]["setuptools"]["packages"]) - {"tracker.site"}
    on_disk = {
        ".".join([*(["tracker"] if top != "tracker" else []), *init.parent.relative_to(ROOT).parts])
        for top in ("tracker", "plugins", "migrations")
        for init in (ROOT / top).rglob("__init__.py")
    }

    assert declared == on_disk


def test_every_directory_with_python_files_is_a_package() -> None:
    directories = {path.parent for top in ("tracker", "plugins", "migrations") for path in (ROOT / top).rglob("*.py")}

    assert [path for path in sorted(directories) if not (path / "__init__.py").is_file()] == []


def test_no_python_file_lies_in_site() -> None:
    # With one, a checkout on the import path would shadow the standard library's module `site`.
    assert list((ROOT / "site").rglob("*.py")) == []


@pytest.mark.parametrize("top", LINE_LIMITS)
def test_no_module_grows_beyond_what_can_be_read_at_once(top: str) -> None:
    modules = sorted((ROOT / top).rglob("*.py")) if (ROOT / top).is_dir() else [ROOT / top]
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in modules}

    assert {name: length for name, length in lengths.items() if length > LINE_LIMITS[top]} == {}
