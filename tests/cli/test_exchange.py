"""Evidence of one box counts on another where its key is trusted, and is only told where it is not."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.greetings import Tracker

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the example's program is a shell script")
BROKEN = ("greet=1.1", "language=de")


class Other:
    """A second box that watched the same and ran nothing."""

    def __init__(self, first: Tracker) -> None:
        self.first = first
        self.home = first.directory / "other-home"

    def __call__(self, *words: str, trust: str = "") -> tuple[int, str, str]:
        settings = (self.first.directory / "tracker.toml").read_text()
        path = self.first.directory / "other.toml"
        path.write_text(f'{settings}\n[paths]\nhome = "other-home"\n{trust}')
        done = self.first("--config", str(path), *words)
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def exported(passed: Tracker) -> Path:
    path = passed.directory / "evidence.jsonl"
    done = passed("export", str(path), "--as", "box-a")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def other(tracker: Tracker, exported: Path) -> Other:
    made = Other(tracker)
    assert exported.exists()
    code, _, told = made("poll")
    assert code == 0, told
    return made


def trusting(tracker: Tracker) -> str:
    key = tracker("key").stdout.strip()
    return f'[trust.keys]\nbox-a = "{key}"\n'


def test_evidence_of_a_trusted_key_decides_and_nothing_is_run_again(
    tracker: Tracker, exported: Path, other: Other
) -> None:
    trust = trusting(tracker)
    code, told, _ = other("import", str(exported), trust=trust)
    assert code == 0
    assert "new runs of box-a (by the key box-a), 0 known before" in told

    assert other("check", *BROKEN, trust=trust)[0] == 1
    assert other("check", "greet=2.0", "language=de", trust=trust)[0] == 0
    assert "runs: none needed" in other("up", trust=trust)[1]
    assert "[box-a]" in other("runs", trust=trust)[1]


def test_what_comes_in_twice_is_known_and_what_comes_home_too(tracker: Tracker, exported: Path, other: Other) -> None:
    trust = trusting(tracker)
    other("import", str(exported), trust=trust)
    assert "0 new runs" in other("import", str(exported), trust=trust)[1]

    back = tracker.directory / "back.jsonl"
    assert other("export", str(back), "--as", "box-b", "--with-imported", trust=trust)[0] == 0
    assert "0 new runs of box-b (unsigned)" in tracker("import", str(back), "--unsigned").stdout
    assert "0 runs of box-b" in other("export", str(back), "--as", "box-b", trust=trust)[1]


def test_evidence_of_a_strange_key_is_refused_unless_asked_for_and_then_decides_nothing(
    exported: Path, other: Other
) -> None:
    code, _, told = other("import", str(exported))
    assert code == 3
    assert "which is not trusted here" in told
    assert "[trust.keys]" in told

    code, _, told = other("import", str(exported), "--unsigned")
    assert code == 0
    assert "is told and decides nothing" in told
    reported = json.loads(other("check", *BROKEN, "--json")[1])
    assert "whose key is not trusted here" in reported["sentence"]
    assert reported["evidence"]["reported_by"].startswith("box-a (key ")
    assert not reported["culprits"]
    # What strangers ran is run here all the same.
    assert "runs: none needed" not in other("up")[1]


def test_a_file_that_was_changed_on_its_way_is_refused_and_nothing_of_it_taken(exported: Path, other: Other) -> None:
    exported.write_bytes(exported.read_bytes().replace(b'"FAIL"', b'"PASS"'))

    code, _, told = other("import", str(exported), "--unsigned")
    assert code == 3
    assert "the signature does not fit" in told
    assert "nothing was run yet" in other("runs")[1]


def test_a_run_that_was_taken_back_is_so_wherever_it_went(tracker: Tracker, exported: Path, other: Other) -> None:
    trust = trusting(tracker)
    other("import", str(exported), trust=trust)
    runs = json.loads(tracker("check", *BROKEN, "--json").stdout)["evidence"]["runs"]
    assert runs
    for run in runs:
        assert tracker("retract", str(run), "--reason", "the disk was full").returncode == 0
    tracker("export", str(exported), "--as", "box-a")

    assert f"{len(runs)} retracted" in other("import", str(exported), trust=trust)[1]
    assert "retracted: the disk was full" in other("runs", trust=trust)[1]


def test_the_published_matrix_is_signed_and_believed_by_its_key(tracker: Tracker, exported: Path) -> None:
    assert exported.exists()
    assert tracker("site").returncode == 0
    site = tracker.directory / "tracker-data" / "site"
    elsewhere = tracker.directory / "copy"
    shutil.copytree(site, elsewhere)
    key = tracker("key").stdout.strip()

    refused = tracker("check", *BROKEN, "--from", str(elsewhere))
    assert refused.returncode == 3
    assert "which is not trusted here" in refused.stderr
    believed = tracker("check", *BROKEN, "--from", str(elsewhere), "--key", key, "--json")
    assert believed.returncode == 1
    assert json.loads(believed.stdout)["signed_by"] == "--key"
    wrong = tracker("check", *BROKEN, "--from", str(elsewhere), "--key", "ed25519:short")
    assert wrong.returncode == 2
    (elsewhere / "matrix.json").write_text((site / "matrix.json").read_text().replace('"broken"', '"works"'))
    assert tracker("check", *BROKEN, "--from", str(elsewhere), "--key", key).returncode == 3


@pytest.mark.parametrize(
    ("trust", "told"),
    [
        ('[trust.keys]\nbox = "ssh-ed25519 AAAA"\n', "trust.keys.box = 'ssh-ed25519 AAAA': must be a key"),
        ("[trust]\naccept_unsinged = true\n", "unknown key 'trust.accept_unsinged' (did you mean 'accept_unsigned'?)"),
        ("[trust]\nkeys = 5\n", "trust.keys = 5: must be a table"),
    ],
)
def test_a_mistake_about_trust_is_told(tracker: Tracker, trust: str, told: str) -> None:
    code, _, said = Other(tracker)("status", trust=trust)

    assert code == 2
    assert told in said
