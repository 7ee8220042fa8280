"""What a run says, whatever happens in it. Nothing here needs root; real programs run in every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tracker.errors import SmokeError
from tracker.model import Cause, Outcome, Release, RunState
from tracker.protocols import StepSaid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.smoke.conftest import Lab
    from tracker.protocols import Bench


def _passes(bench: Bench) -> StepSaid:
    done = bench.run([bench.binary("tool", "tool")])
    return StepSaid.passed(done.stdout.strip())


def _fails(bench: Bench) -> StepSaid:
    bench.run(["sh", "-c", "echo the symptom; echo no bread left >&2; exit 3"])
    return StepSaid.failed("it does not work")


def _outcomes(lab: Lab) -> list[Outcome]:
    return [step.outcome for step in lab.run().steps]


def test_a_run_that_passes_tells_all_that_was_seen(lab: Lab) -> None:
    lab.scenario.add("one", _passes)

    run = lab.run()

    assert (run.outcome, run.state, run.reason, run.id) == (Outcome.PASS, RunState.FINISHED, "", 0)
    assert (run.steps[0].reason, run.steps[0].capability, run.steps[0].cause) == ("tool 1.0", "one", "")
    assert "tool 1.0" in run.steps[0].log
    assert "[exit code 0]" in run.steps[0].log
    asset = next(iter(lab.releases.values())).assets[0]
    assert run.artifacts == {"tool/tool": asset.digest}
    assert run.finished_at is not None
    assert run.finished_at - run.started_at < timedelta(minutes=1)
    assert run.started_at.tzinfo is not None


def test_the_first_step_that_does_not_pass_ends_the_run(lab: Lab) -> None:
    lab.scenario.add("one", _passes)
    lab.scenario.add("two", _fails)
    lab.scenario.add("three", _passes)

    run = lab.run()

    assert run.outcome is Outcome.FAIL
    assert [step.outcome for step in run.steps] == [Outcome.PASS, Outcome.FAIL, Outcome.NOT_REACHED]
    assert run.steps[2].reason == "step-1 ended the run"


def test_a_failure_tells_its_cause_and_not_its_symptom(lab: Lab) -> None:
    lab.scenario.causes = (
        Cause(name="hungry", pattern=r"no (?P<what>\w+) left", sentence="There is no {what}.", is_deterministic=True),
    )
    lab.scenario.add("one", _fails)

    step = lab.run().steps[0]

    assert (step.cause_name, step.cause, step.reason) == ("hungry", "no bread left", "There is no bread.")
    assert step.is_deterministic


def test_the_logs_that_the_scenario_names_are_searched_first(lab: Lab) -> None:
    lab.scenario.logs = ('level=error msg="the daemon knows"',)
    lab.scenario.add("one", _fails)

    assert lab.run().steps[0].cause == "the daemon knows"


def test_a_cause_reads_the_same_on_every_machine(lab: Lab) -> None:
    def fails(bench: Bench) -> StepSaid:
        bench.run(["sh", "-c", f"echo {bench.prefixes['tool']}/tool: broken in {bench.workspace}/x"])
        return StepSaid.failed("")

    lab.scenario.add("one", fails)

    assert lab.run().steps[0].cause == "tool: broken in WORKSPACE/x"


def test_a_mistake_of_the_scenario_is_no_fault_of_the_software(lab: Lab) -> None:
    def breaks(bench: Bench) -> StepSaid:
        return StepSaid.passed(str(bench.state["not there"]))

    lab.scenario.add("one", breaks)
    lab.scenario.add("two", _passes)

    run = lab.run()

    assert run.outcome is Outcome.ERROR
    assert run.steps[0].reason == "the scenario's own code failed: KeyError: 'not there'"
    assert "Traceback" in run.steps[0].log
    assert run.steps[1].outcome is Outcome.NOT_REACHED


def test_a_smoke_error_is_told_as_it_is(lab: Lab) -> None:
    def breaks(_: Bench) -> StepSaid:
        message = "the bed is broken"
        raise SmokeError(message, hint="mend it")

    lab.scenario.add("one", breaks)

    assert lab.run().steps[0].reason == "the bed is broken\nmend it"


def test_a_program_that_is_not_there_is_an_error(lab: Lab) -> None:
    lab.scenario.add("one", lambda bench: StepSaid.passed(str(bench.run(["/no/such/program"]))))

    run = lab.run()

    assert run.outcome is Outcome.ERROR
    assert "/no/such/program: cannot be started" in run.steps[0].reason


def test_a_file_that_the_release_lacks_is_named(lab: Lab) -> None:
    lab.scenario.add("one", lambda bench: StepSaid.passed(str(bench.binary("tool", "missing"))))

    assert "tool holds no missing" in lab.run().steps[0].reason


def test_a_factor_that_is_not_installed_is_named(lab: Lab) -> None:
    lab.scenario.add("one", lambda bench: StepSaid.passed(str(bench.binary("colour", "x"))))

    assert "nothing is installed for 'colour'" in lab.run().steps[0].reason


def test_a_step_that_asks_for_root_is_skipped_with_the_reason_and_all_later_ones_too(lab: Lab) -> None:
    lab.scenario.add("one", _passes)
    lab.scenario.add("two", _passes, root=True)
    lab.scenario.add("three", _passes)
    if lab.runner.ability.can_isolate:
        pytest.skip("this process has root")

    run = lab.run()

    assert [step.outcome for step in run.steps] == [Outcome.PASS, Outcome.SKIP, Outcome.SKIP]
    assert {step.reason for step in run.steps[1:]} == {lab.runner.ability.reason}


def test_a_time_limit_ends_the_program_and_all_that_it_started(lab: Lab) -> None:
    pids: list[int] = []

    def hangs(bench: Bench) -> StepSaid:
        done = bench.run(["sh", "-c", "sleep 600 & sleep 600 & echo started; wait"])
        pids.extend(one.pid for one in psutil.process_iter() if _runs_in(one, str(bench.workspace)))
        return StepSaid.failed(f"{done.timed_out} {done.exit_code} {done.stdout.strip()}")

    lab.scenario.add("one", hangs, seconds=0.3)

    step = lab.run().steps[0]

    assert (step.outcome, step.reason, step.timed_out) == (Outcome.FAIL, "True None started", True)
    assert pids == []
    assert "[ended at the step's time limit]" in step.log


def test_a_rerun_may_have_more_time(lab: Lab) -> None:
    lab.scenario.add("one", lambda bench: StepSaid.passed(str(bench.run(["sleep", "0.5"]).exit_code)), seconds=0.3)

    run = lab.run(limit_factor=30.0)

    assert (run.steps[0].reason, run.limit_factor) == ("0", 30.0)


def test_waiting_in_vain_is_a_time_out(lab: Lab) -> None:
    def waits(bench: Bench) -> StepSaid:
        held = bench.wait_until(lambda: False, what="a miracle")
        return StepSaid.passed() if held else StepSaid.failed("in vain")

    lab.scenario.add("one", waits, seconds=0.05)

    step = lab.run().steps[0]

    assert step.timed_out
    assert "a miracle" in step.log


def test_a_program_beside_the_steps_lives_until_the_run_ends_and_its_log_is_kept(lab: Lab) -> None:
    def starts(bench: Bench) -> StepSaid:
        daemon = bench.start(["sh", "-c", "echo up; exec sleep 600"], name="daemon")
        bench.state["daemon"] = daemon
        assert bench.wait_until(lambda: "up" in daemon.output(), what="the daemon")
        return StepSaid.passed()

    def uses(bench: Bench) -> StepSaid:
        found = [one.pid for one in psutil.process_iter() if _runs_in(one, str(bench.workspace))]
        return StepSaid.passed() if found else StepSaid.failed("the daemon is gone")

    lab.scenario.add("one", starts)
    lab.scenario.add("two", uses)

    run = lab.run()

    assert run.outcome is Outcome.PASS
    assert run.logs == {"daemon": "up\n"}
    assert not [one for one in psutil.process_iter() if _runs_in(one, lab.scenario.finished[0])]


def test_a_program_can_be_stopped_in_good_order(lab: Lab) -> None:
    def stops(bench: Bench) -> StepSaid:
        polite = bench.start(
            ["sh", "-c", "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.01; done"], name="a"
        )
        stubborn = bench.start(["sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.01; done"], name="b")
        bench.wait_until(lambda: "up" in polite.output() and "up" in stubborn.output(), what="both")
        codes = (polite.stop(grace_seconds=10), stubborn.stop(grace_seconds=0.05))
        return StepSaid.passed(f"{codes} {polite.output().split()}")

    lab.scenario.add("one", stops)

    assert lab.run().steps[0].reason == "(7, -9) ['up', 'bye']"


def test_a_program_gets_nothing_of_our_environment(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hush")
    lab.scenario.add("one", lambda bench: StepSaid.passed(bench.run(["env"], env={"MORE": "1"}).stdout))

    said = lab.run().steps[0].reason

    names = {line.partition("=")[0] for line in said.splitlines()} - {"PWD", "_", "SHLVL", "OLDPWD"}
    assert names == {"PATH", "HOME", "LANG", "TMPDIR", "MORE"}
    assert "LANG=C.UTF-8" in said


def test_a_program_can_be_fed(lab: Lab) -> None:
    lab.scenario.add("one", lambda bench: StepSaid.passed(bench.run(["cat"], stdin="soup\n").stdout))
    lab.scenario.add("two", lambda bench: StepSaid.passed(str(bench.run(["true"], stdin="x" * 200_000).exit_code)))

    assert [step.reason for step in lab.run().steps] == ["soup\n", "0"]


def test_output_without_end_is_bounded_and_its_ends_are_kept(lab: Lab) -> None:
    def talks(bench: Bench) -> StepSaid:
        done = bench.run(["sh", "-c", "echo first; head -c 9000000 /dev/zero | tr '\\0' x; echo; echo last"])
        return StepSaid.passed(f"{done.stdout[:5]} {done.stdout[-5:].strip()} {len(done.stdout) < 400_000}")

    lab.scenario.add("one", talks)

    run = lab.run()

    assert run.steps[0].reason == "first last True"
    assert len(run.steps[0].log) < 400_000


def test_an_unreachable_mirror_is_an_error_of_the_run(lab: Lab) -> None:
    value, release = next(iter(lab.releases.items()))
    asset = replace(release.assets[0], url="http://nowhere.invalid/tool")
    lab.scenario.add("one", _passes)

    run = replace(lab, releases={value: replace(release, assets=(asset,))}).run()

    assert (run.outcome, run.steps) == (Outcome.ERROR, ())
    assert "nowhere.invalid" in run.reason


def test_a_release_that_nobody_knows_is_an_error_of_the_run(lab: Lab) -> None:
    lab.scenario.add("one", _passes)

    run = replace(lab, releases={}).run()

    assert run.outcome is Outcome.ERROR
    assert "tool=1.0: its release is not known" in run.reason


def test_a_scenario_that_cannot_tidy_up_is_an_error_of_the_run(lab: Lab) -> None:
    def breaks(_: Bench) -> None:
        message = "no broom"
        raise ValueError(message)

    lab.scenario.add("one", _passes)
    lab.scenario.finishing = breaks

    run = lab.run()

    assert run.outcome is Outcome.ERROR
    assert run.reason == "the tracker's own code failed: ValueError: no broom"
    assert run.steps[0].outcome is Outcome.PASS


@pytest.mark.parametrize("step", [_passes, _fails], ids=["pass", "fail"])
def test_no_directory_of_a_run_is_left(step: Callable[[Bench], StepSaid], lab: Lab) -> None:
    lab.scenario.add("one", step)

    lab.run()

    assert [path.name for path in (lab.home / "runs").iterdir() if path.is_dir()] == []
    assert len(lab.scenario.finished) == 1


def test_the_test_bed_can_test_itself(lab: Lab) -> None:
    said = lab.runner.self_test({})

    expected = Outcome.PASS if lab.runner.ability.can_isolate else Outcome.SKIP
    assert said.outcome is expected


def test_the_key_depends_on_bytes_code_and_host_alone(lab: Lab) -> None:
    value, release = next(iter(lab.releases.items()))
    key = lab.runner.key_for(lab.combination, lab.releases)
    other = replace(release, notes="other notes", url="elsewhere")
    changed = replace(release, assets=(replace(release.assets[0], digest=f"sha256:{'1' * 64}"),))

    assert lab.runner.key_for(lab.combination, {value: other}) == key
    assert lab.runner.key_for(lab.combination, {value: changed}).artifact_digest != key.artifact_digest
    assert key.host_key.endswith(" phase-of-the-moon=unknown")
    assert key.host_key == lab.runner.host_key


def test_preparing_fetches_so_that_a_run_needs_no_network(lab: Lab) -> None:
    release = next(iter(lab.releases.values()))
    source = release.assets[0].url.removeprefix("file://")
    lab.scenario.add("one", _passes)

    lab.runner.prepare([release])
    Path(source).unlink()

    assert lab.run().outcome is Outcome.PASS


def test_an_unknown_component_is_an_error_of_the_run(lab: Lab) -> None:
    value = next(iter(lab.releases))
    stranger = Release(component="stranger", version="1", upstream_version="1", line="", channel="")

    run = replace(lab, releases={value: stranger}).run()

    assert "no plugin provides the component 'stranger'" in run.reason


def _runs_in(process: psutil.Process, directory: str) -> bool:
    try:
        return process.cwd().startswith(directory)
    except psutil.Error:
        return False
