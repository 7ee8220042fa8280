"""Packages that hand out the names of their modules without loading all of them, so that ``check`` starts fast."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def loader(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` (PEP 562) of a package: it loads the module that a name lies in when it is asked for.

    Args:
        package: the package's name.
        modules: names, with spaces between them, by the module of the package that they lie in.
    """
    places = {name: module for module, names in modules.items() for name in names.split()}

    def load(name: str) -> Any:  # noqa: ANN401 - whatever has that name
        if name not in places:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        found = getattr(import_module(f"{package}.{places[name]}"), name)
        # From now on it is an attribute like any other.
        setattr(sys.modules[package], name, found)
        return found

    return load
