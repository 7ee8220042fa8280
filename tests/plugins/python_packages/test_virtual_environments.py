"""Packages come into one environment, exactly as asked for, or it is told whose fault it is that they do not."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.python_packages.builder import VirtualEnvironment

from tracker.errors import ConfigError, MisfitError, NotApplicableError, SmokeError, UnreachableError

from .conftest import Index, World, make_wheel, package

if TYPE_CHECKING:
    from pathlib import Path

ALPHA, BETA = package("alpha"), package("beta")


def test_everything_that_comes_along_is_recorded_by_its_digest_and_installed(
    index: Index, world: World, tmp_path: Path
) -> None:
    index.offer("alpha", "1.0", requires=["gamma>=1"])
    gamma = index.offer("gamma", "1.5")

    request = world.request((ALPHA, "1.0"))
    resolution = world.builder.resolve(request)
    prefix = tmp_path / "environment"
    prefix.mkdir()
    world.builder.fill(request, resolution, prefix)

    assert [(part.name, part.version) for part in resolution.parts] == [("alpha", "1.0"), ("gamma", "1.5")]
    assert resolution.parts[1].digest == f"sha256:{hashlib.sha256(gamma.content).hexdigest()}"
    assert resolution.exercises == {"alpha"}
    command = [str(prefix / "bin" / "python"), "-c", "import alpha, gamma; print(alpha.version, gamma.version)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["1.0", "1.5"]


def test_requirements_that_exclude_each_other_name_both_parts_and_the_line(index: Index, world: World) -> None:
    index.offer("alpha", "2.0")
    index.offer("beta", "1.0", requires=["alpha<2"])

    with pytest.raises(MisfitError, match=r"beta 1.0 requires alpha<2, which excludes alpha 2.0.") as caught:
        world.builder.resolve(world.request((ALPHA, "2.0"), (BETA, "1.0")))

    assert caught.value.factors == {"alpha", "beta"}
    assert caught.value.cause == "beta 1.0 depends on alpha<2"


def test_requirements_that_exclude_each_other_further_down_are_a_misfit_too(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", requires=["gamma<2"])
    index.offer("beta", "1.0", requires=["gamma>=2"])
    index.offer("gamma", "1.0")
    index.offer("gamma", "2.0")

    with pytest.raises(MisfitError, match="gamma") as caught:
        world.builder.resolve(world.request((ALPHA, "1.0"), (BETA, "1.0")))

    assert caught.value.factors == {"alpha", "beta"}


def test_a_version_that_nobody_published_is_a_misfit_of_who_wants_it(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", requires=["gamma>=9"])
    index.offer("gamma", "1.0")
    index.offer("beta", "1.0")

    with pytest.raises(MisfitError, match="gamma>=9") as caught:
        world.builder.resolve(world.request((ALPHA, "1.0"), (BETA, "1.0")))

    assert caught.value.factors == {"alpha"}


def test_a_package_for_another_python_is_a_misfit_of_it_and_of_what_chooses_the_python(
    index: Index, world: World
) -> None:
    index.offer("alpha", "1.0", **{"requires-python": ">=99"})
    world.options["python"] = sys.executable.replace("python", "{interpreter}")

    with pytest.raises(MisfitError, match="wants Python >=99") as caught:
        world.builder.resolve(world.request((ALPHA, "1.0"), interpreter="python"))

    assert caught.value.factors == {"alpha", "interpreter"}
    assert caught.value.cause_name == "other-python"


def test_a_package_that_no_index_knows_is_nobodys_fault(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", requires=["gamma"])

    with pytest.raises(SmokeError, match=r"gamma.*no index has it"):
        world.builder.resolve(world.request((ALPHA, "1.0")))


def test_a_file_that_cannot_be_fetched_is_nobodys_fault(index: Index, world: World) -> None:
    index.offer("alpha", "1.0")
    request = world.request((ALPHA, "1.0"))
    index.trouble["alpha"] = 403

    with pytest.raises(SmokeError):
        world.builder.resolve(request)


def test_an_index_that_does_not_answer_is_nobodys_fault(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", requires=["gamma>=1"])
    index.trouble["gamma"] = 403

    with pytest.raises(UnreachableError, match="gamma"):
        world.builder.resolve(world.request((ALPHA, "1.0")))


def test_what_comes_along_as_source_alone_does_not_apply(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", requires=["gamma"])
    index.add("gamma", "gamma-1.0.tar.gz", b"source")

    with pytest.raises(NotApplicableError, match="no wheel"):
        world.builder.resolve(world.request((ALPHA, "1.0")))


def test_a_version_without_a_wheel_for_this_python_does_not_apply(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", tag="cp27-cp27m-win32")

    with pytest.raises(NotApplicableError, match="there is no wheel of it"):
        world.builder.resolve(world.request((ALPHA, "1.0")))


def test_bytes_other_than_those_that_were_seen_are_not_installed(index: Index, world: World) -> None:
    offer = index.offer("alpha", "1.0")
    request = world.request((ALPHA, "1.0"))
    offer.content = make_wheel("alpha", "1.0", requires=["gamma"])

    with pytest.raises(SmokeError):
        world.builder.resolve(request)


def test_a_file_without_a_digest_is_not_installed(index: Index, world: World) -> None:
    index.offer("alpha", "1.0", hashes={})

    with pytest.raises(SmokeError, match="no digest to verify it by"):
        world.builder.resolve(world.request((ALPHA, "1.0")))


def test_without_network_an_environment_is_what_it_last_was(index: Index, world: World) -> None:
    index.offer("alpha", "1.0")
    online = world.request((ALPHA, "1.0"))
    resolution = world.builder.resolve(online)

    world.builder, world.offline = VirtualEnvironment(), True

    assert world.builder.resolve(world.request((ALPHA, "1.0"))).parts == resolution.parts


def test_without_network_what_was_never_resolved_is_nobodys_fault(index: Index, world: World) -> None:
    index.offer("alpha", "1.0")
    world.offline = True

    with pytest.raises(SmokeError, match="never resolved here"):
        world.builder.resolve(world.request((ALPHA, "1.0")))


def test_a_python_that_is_not_here_is_an_error_that_says_what_to_do(index: Index, world: World) -> None:
    index.offer("alpha", "1.0")
    world.options["python"] = "python9.99"

    with pytest.raises(SmokeError, match=r"python9\.99: there is no such Python"):
        world.request((ALPHA, "1.0"))


def test_a_python_that_no_factor_chooses_is_a_mistake_in_the_configuration(index: Index, world: World) -> None:
    index.offer("alpha", "1.0")
    world.options["python"] = "python{snake}"

    with pytest.raises(ConfigError, match="there is no factor 'snake'"):
        world.request((ALPHA, "1.0"))
