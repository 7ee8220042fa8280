"""The scenario: the kettle starts, and boils the water."""

from tracker.api import Cause, IsolationNeeds, Step, StepSaid


def starts(bench):
    done = bench.run([bench.binary("kettle", "kettle"), "--version"])
    if done.exit_code != 0:
        return StepSaid.failed(f"the kettle does not start (exit code {done.exit_code})")
    return StepSaid.passed(done.stdout.strip())


def boils(bench):
    water = bench.combination["water"].version
    done = bench.run([bench.binary("kettle", "kettle"), water])
    if done.exit_code != 0:
        return StepSaid.failed(f"the kettle does not boil {water} water")
    return StepSaid.passed(done.stdout.strip())


class Boiling:
    name = "boiling"
    title = "a kettle boils water"
    steps = (
        Step(name="start", capability="starts", exercises=frozenset({"kettle"}), time_limit_seconds=10.0, run=starts),
        Step(
            name="boil",
            capability="boils",
            exercises=frozenset({"kettle", "water"}),
            time_limit_seconds=10.0,
            run=boils,
        ),
    )
    causes = (
        Cause(
            name="scale",
            pattern=r"kettle: scale from (?P<water>\w+) water",
            sentence="This kettle does not bear {water} water.",
            is_deterministic=True,
        ),
    )
    isolation = IsolationNeeds()
    installers = ("archive",)

    def self_test(self, bench):
        done = bench.run(["sh", "-c", "exit 0"])
        return StepSaid.passed("there is a shell") if done.exit_code == 0 else StepSaid.error("there is no shell")

    def cause_logs(self, bench):
        return ()

    def finish(self, bench):
        pass

    def recipe(self, combination, assets, *, form="script"):
        (file,) = assets["kettle"]
        lines = [
            "#!/bin/sh -eu",
            f"curl -fLo '{file.name}' '{file.url}'",
            f"echo '{file.digest.removeprefix('sha256:')}  {file.name}' | sha256sum --check",
            f"tar -xf '{file.name}'",
            f"bin/kettle '{combination['water'].version}'",
        ]
        return "\n".join(lines)
