"""A bundle makes an empty home on a machine without network as good as the one that it came from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.greetings import Tracker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")


class Cut:
    """A second box that may ask nobody."""

    def __init__(self, first: Tracker, trust: str) -> None:
        self.first = first
        self.home = first.directory / "cut-home"
        settings = (first.directory / "tracker.toml").read_text()
        self._path = first.directory / "cut.toml"
        self._path.write_text(f'{settings}\n[paths]\nhome = "cut-home"\n[network]\noffline = true\n{trust}')

    def __call__(self, *words: str) -> tuple[int, str, str]:
        done = self.first("--config", str(self._path), *words)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def bundle(passed: Tracker) -> Path:
    path = passed.directory / "box-a.tar"
    done = passed("bundle", str(path), "--as", "box-a")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def cut(tracker: Tracker, bundle: Path) -> Cut:
    assert bundle.exists()
    return Cut(tracker, f'[trust.keys]\nbox-a = "{tracker("key").stdout.strip()}"\n')


def test_what_was_run_there_is_known_here_and_what_is_new_can_be_run(cut: Cut, bundle: Path) -> None:
    code, told, said = cut("import", str(bundle))
    assert code == 0, said
    assert "new runs of box-a (by the key box-a), 0 known before" in told
    assert "news of 1 of 1 upstreams" in told

    code, told, said = cut("up")
    assert code == 0, said
    assert "looked at 0 upstreams (0 with news), asked nobody about 1 (offline)" in told
    assert "runs: none needed" in told
    assert cut("smoke", "greet=1.1", "language=de")[0] == 1
    # What the bundle told of the last look is not overwritten by not having looked.
    assert "not asked" not in cut("status")[1]

    changes = cut("changes", "--history", "--json")[1]
    told = cut("import", str(bundle))[1]
    assert "0 new runs of box-a" in told
    assert "0 new files, news of 0 of 1 upstreams" in told
    assert cut("changes", "--history", "--json")[1] == changes


def test_a_bundle_of_a_stranger_is_refused_also_where_unsigned_evidence_is_accepted(
    tracker: Tracker, bundle: Path
) -> None:
    cut = Cut(tracker, "[trust]\naccept_unsigned = true\n")

    code, _, said = cut("import", str(bundle))
    assert code == 3
    assert "which is not trusted here" in said
    assert "--unsigned" in said
    assert not (cut.home / "cache" / "sha256").exists()

    assert cut("import", str(bundle), "--unsigned")[0] == 0
    # Its runs decide nothing, so that they are made here: with the files that came along.
    code, told, said = cut("up")
    assert code == 0, said
    assert "PASS" in told
