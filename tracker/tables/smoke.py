"""``[smoke]`` and ``[host]``: how runs are executed, and whose programs are run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.configured import PLATFORMS, HostConfig, SmokeConfig
from tracker.settings import Choice, Key, Number, Table, Text, Whole

if TYPE_CHECKING:
    from collections.abc import Mapping

_USUAL = SmokeConfig()

SMOKE = Table(
    (
        Key("lanes", Whole(least=0), "Runs at the same time; 0 means one for each processor core.", _USUAL.lanes),
        Key("budget_jobs", Whole(least=0), "How many jobs one pass may run.", _USUAL.budget_jobs),
        Key(
            "budget_minutes",
            Number(least=0),
            "After how many minutes a pass begins no further run; 0 means never.",
            _USUAL.budget_minutes,
        ),
        Key(
            "spare_jobs",
            Whole(least=0),
            "How many runs of what nobody waits for (audits) the daemon and `tracker up --spare` add to a pass.",
            _USUAL.spare_jobs,
        ),
        Key(
            "retry_after_minutes",
            Number(least=0),
            "How long a run that could not be made waits before it is tried again.",
            _USUAL.retry_after_minutes,
        ),
        Key(
            "memory_mib",
            Whole(least=0),
            "How much memory one run may take, in MiB; 0 is no bound, as in the next three. A run that wants more than "
            "it may is an ERROR, and says nothing of the software.",
            _USUAL.memory_mib,
        ),
        Key(
            "processes",
            Whole(least=0),
            "How many processes and threads one run may have at the same time.",
            _USUAL.processes,
        ),
        Key("disk_mib", Whole(least=0), "How much one run may write into its workspace, in MiB.", _USUAL.disk_mib),
        Key("output_mib", Whole(least=0), "How much a program may write to an output, in MiB.", _USUAL.output_mib),
    ),
    build=lambda read: SmokeConfig(**read),
)


def _host(read: Mapping[str, Any]) -> HostConfig:
    if read["launcher"] and not read["platform"]:
        message = (
            f'launcher = {read["launcher"]!r}: needs platform, whose programs it runs\nFor Wine: platform = "windows".'
        )
        raise ValueError(message)
    return HostConfig(**read)


HOST = Table(
    (
        Key("platform", Choice(("", *PLATFORMS)), "Whose programs are run; empty for those of this machine.", ""),
        Key("launcher", Text(), "What runs them here, if they are another platform's (wine); empty for nothing.", ""),
    ),
    build=_host,
)
