"""One whole pass: look, plan and run, judge, publish."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from tracker.errors import ExitCode
from tracker.evidence.newest import newest_working
from tracker.model import Outcome
from tracker.outlets import put_out
from tracker.passes.elsewhere import Elsewhere, judge_elsewhere
from tracker.passes.judging import judge_store
from tracker.passes.mending import in_good_order
from tracker.passes.picture import site_snapshot
from tracker.passes.problems import incident_problems, look_problems, plugin_problems, run_problems
from tracker.passes.published import remember
from tracker.passes.smoking import Smoking
from tracker.passes.verdicts import host_title, verdict_snapshot
from tracker.passes.waivers import close_outlived, open_waivers, waiver_problems
from tracker.render import publish
from tracker.render.search.index import can_index
from tracker.signing import MATRIX, sign
from tracker.smoke.runner import Runner
from tracker.snapshot import write_snapshot
from tracker.store import LookResult
from tracker.watch import poll_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tracker.http import Client
    from tracker.model import Combination, Run
    from tracker.passes.events import PassEvents
    from tracker.passes.judging import Judged
    from tracker.passes.workplace import Workplace
    from tracker.protocols import HttpClient
    from tracker.snapshot import VerdictSnapshot
    from tracker.store import Look, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PassReport:
    """What a pass did.

    Attributes:
        looks: each upstream that was asked.
        runs: the runs that were made, in order of their ends.
        written: files of the site that were written, and vanished ones that were removed.
        newest_working: by capability, the newest combination that works; ``None`` where none does.
        problems: what could not be looked at, run or loaded; each is a sentence.
        front_page: the site's first page.
    """

    looks: tuple[Look, ...]
    runs: tuple[Run, ...]
    written: int
    newest_working: Mapping[str, Combination | None]
    problems: tuple[str, ...]
    front_page: Path

    @property
    def exit_code(self) -> ExitCode:
        """0 when all was done, 3 when something could not be looked at or run."""
        return ExitCode.INCOMPLETE if self.problems else ExitCode.OK

    @property
    def summary(self) -> str:
        """The pass in one line."""
        news = sum(look.result is LookResult.NEWS for look in self.looks)
        counts = [f"{sum(run.outcome is outcome for run in self.runs)} {outcome}" for outcome in Outcome]
        told = ", ".join(count for count in counts if not count.startswith("0 ")) or "none needed"
        withheld = sum(look.result is LookResult.WITHHELD for look in self.looks)
        looked = f"looked at {len(self.looks) - withheld} upstreams ({news} with news)"
        if withheld:
            looked += f", asked nobody about {withheld} (offline)"
        return f"{looked}; runs: {told}; site: {self.written} files changed"


def whole_pass(
    place: Workplace, events: PassEvents, *, should_stop: Callable[[], bool], is_spare: bool = False
) -> PassReport:
    """Look at the upstreams, run what the plan asks for, judge and publish.

    Raises:
        LockedError: another process is at work on the same home.
        TrackerError: the store or the site cannot be used, or the machine's configuration does not say where to look.
    """

    def make() -> PassReport:
        with place.open_store(create=True) as store, closing(place.open_http()) as http:
            runner = open_runner(place, http)
            left = recover(store, runner, events)
            looks = look(place, store, http, events)
            smoking = Smoking(
                place=place, store=store, runner=runner, events=events, should_stop=should_stop, is_spare=is_spare
            )
            runs = smoking.run_all()
            report = conclude(place, store, runner, looks=looks, runs=runs)
            return replace(report, problems=(*left, *smoking.obstacles, *report.problems))

    report, mended = in_good_order(place, events, (), make)
    return replace(report, problems=(*mended, *report.problems))


def look(place: Workplace, store: Store, http: Client, events: PassEvents) -> tuple[Look, ...]:
    """Ask every upstream of the profile once."""
    return poll_all(
        place.registry, place.profile, place.config, store, http, now=lambda: datetime.now(UTC), on_event=events.looked
    )


def open_runner(place: Workplace, http: HttpClient, *, scenario_digest: str = "") -> Runner:
    """Return what makes runs on this host; a digest names an earlier test under which evidence stands."""
    return Runner(
        registry=place.registry,
        profile=place.profile,
        config=place.config,
        http=http,
        now=lambda: datetime.now(UTC),
        scenario_digest=scenario_digest,
    )


def recover(store: Store, runner: Runner, events: PassEvents) -> list[str]:
    """Give up runs that a killed process never ended, and clear the machine of what they left.

    Returns:
        What could not be cleared, each as a sentence; no run begins before it is.
    """
    abandoned = store.abandon_unfinished(datetime.now(UTC))
    if abandoned:
        events.said(f"note  runs that an earlier process never ended, planned anew: {abandoned}")
    return [f"an earlier run left something behind that cannot be removed: {one}" for one in runner.sweep()]


def _signer(place: Workplace) -> Callable[[bytes], bytes] | None:
    path = place.config.signing_key_path
    return partial(sign, kind=MATRIX, path=path) if path.exists() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that is known at one moment, and what readers are told of it."""

    judged: Judged
    snapshot: VerdictSnapshot
    elsewhere: tuple[Elsewhere, ...] = ()


def what_is_known(place: Workplace, store: Store, runner: Runner, *, now: datetime) -> Known:
    """Judge all that is stored, and remember who is blamed from now on."""
    judged = judge_store(place, store, runner, now=now)
    remember(
        store.blamed(profile=place.profile.name, host_key=runner.host_key),
        judged,
        lambda combination: runner.key_for(combination, judged.installable),
        now=now,
    )
    close_outlived(place, store, judged, now=now)
    elsewhere = judge_elsewhere(place, store, runner, judged)
    snapshot = verdict_snapshot(
        place,
        judged,
        runner.host_key,
        open_waivers(place, store, judged),
        store=store,
        title=host_title(runner.host_key, runner.host_facts()),
        others=tuple(one.verdicts(place) for one in elsewhere),
    )
    return Known(judged=judged, snapshot=snapshot, elsewhere=elsewhere)


def conclude(
    place: Workplace,
    store: Store,
    runner: Runner,
    *,
    looks: Sequence[Look],
    runs: Sequence[Run],
    now: datetime | None = None,
) -> PassReport:
    """Judge all that is stored, leave the verdict snapshot behind, and publish the site; ``now`` is aware UTC."""
    known = what_is_known(place, store, runner, now=now or datetime.now(UTC))
    judged = known.judged
    write_snapshot(place.config.verdicts_path, known.snapshot)
    published = publish(
        site_snapshot(place, store, runner, judged, known.snapshot, known.elsewhere),
        place.config.site_dir,
        sign=_signer(place),
        templates=place.config.site.templates,
        can_search=place.config.site.search and can_index(),
    )
    return PassReport(
        looks=tuple(looks),
        runs=tuple(runs),
        written=published.written + published.removed,
        newest_working={
            need: newest_working(judged.axes, judged.judgement, need)
            for need in (place.profile.capabilities if place.profile.scenario else ())
        },
        problems=(
            *plugin_problems(place.registry.problems),
            *look_problems(looks),
            *run_problems(runs),
            *incident_problems(judged.judgement.incidents),
            *waiver_problems(place, judged),
            *put_out(place.config.site_dir, place.config.site.outlet, place.config.network, home=place.config.home),
        ),
        front_page=place.config.site_dir / "index.html",
    )
