"""How other machines are reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """How other machines are reached; for sources that must start a program of their own (git).

    Attributes:
        offline: ask no network; local paths and ``file:`` addresses may still be read.
        proxy: address of the proxy; empty for what the environment says. It may hold a password: never show it.
        ca_file: certificates to trust besides the operating system's.
        timeout_seconds: for connecting and for each read.
    """

    offline: bool = False
    proxy: str = ""
    ca_file: Path | None = None
    timeout_seconds: float = 60.0
