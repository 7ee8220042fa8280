"""The facts that this plugin brings, each file with its sources named inside."""

from __future__ import annotations

from importlib import resources
from typing import TypeVar

import msgspec

_T = TypeVar("_T")


def read_facts(name: str, form: type[_T]) -> _T:
    """Return ``facts/NAME.json`` in the given form.

    Raises:
        msgspec.DecodeError: the file has another form; the reader that asked for it is then named by the host.
    """
    content = resources.files(__package__).joinpath("facts", f"{name}.json").read_bytes()
    return msgspec.json.decode(content, type=form)
