"""How much of the host one run may take, and what is said of a run that reached the end of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.configured import SmokeConfig

_MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLimits:
    """Bounds of one run; 0 is no bound.

    Attributes:
        memory_bytes: of all its processes and of the directories that it has in memory; swap counts.
        processes: processes and threads at the same time.
        disk_bytes: of all files in its workspace.
        output_bytes: of what one program writes to standard output, and likewise to standard error.
    """

    memory_bytes: int = 0
    processes: int = 0
    disk_bytes: int = 0
    output_bytes: int = 0

    @classmethod
    def of(cls, config: SmokeConfig) -> RunLimits:
        """Return what tracker.toml asks for."""
        return cls(
            memory_bytes=config.memory_mib * _MIB,
            processes=config.processes,
            disk_bytes=config.disk_mib * _MIB,
            output_bytes=config.output_mib * _MIB,
        )

    @property
    def memory_directory_bytes(self) -> int:
        """How large one of a run's directories in memory may get: so much that its programs can still run beside it."""
        return self.memory_bytes // 2


NO_LIMITS = RunLimits()


def mib(count: int) -> str:
    """Return bytes as people read them."""
    return f"{count / _MIB:.0f} MiB"
