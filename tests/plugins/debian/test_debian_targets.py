from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from tracker.plugins.debian.keyrings import Keys, dearmored
from tracker.plugins.debian.source import DebianSource
from tracker.plugins.debian.suites import base_names, line_of

from tracker.errors import ConfigError
from tracker.store import LookResult

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.debian.archive import Archive, Signer
    from tests.plugins.debian.conftest import Watcher
    from tracker.protocols import Target

pytestmark = pytest.mark.usefixtures("_needs_apt")


@pytest.fixture
def _needs_apt() -> None:
    import shutil

    if shutil.which("apt-config") is None:
        pytest.skip("not installed: apt")


def _key(path: Path, user: str) -> Path:
    path.write_bytes(b"\x99" + user.encode())
    return path


def _targets(**options: object) -> list[tuple[str, str]]:
    return [(target.name, target.title) for target in DebianSource().targets((), options)]


def _suite(target: Target, name: str) -> object:
    return getattr(target.details["suite"], name)


def test_the_machines_suites_come_first_and_further_ones_lie_on_its_first_mirror(apt_dir: Path) -> None:
    key = _key(apt_dir / "k.gpg", "Debian Archive")
    (apt_dir / "sources.list").write_text(
        f"deb [signed-by={key}] http://s.example/security stable-security main\n"
        f"deb [signed-by={key}] http://m.example/debian stable main contrib\n"
        f"deb [signed-by={key}] http://m.example/debian stable-updates main\n"
    )

    assert _targets(suites=["testing", "stable", "experimental"]) == [
        ("stable-security", "http://s.example/security stable-security"),
        ("stable", "http://m.example/debian stable"),
        ("stable-updates", "http://m.example/debian stable-updates"),
        ("testing", "http://m.example/debian testing"),
        ("experimental", "http://m.example/debian experimental"),
    ]


def test_an_overlay_builds_upon_the_suite_that_is_asked_already_or_lies_beside_it(apt_dir: Path) -> None:
    key = _key(apt_dir / "k.gpg", "Debian Archive")
    (apt_dir / "sources.list").write_text(
        f"deb [signed-by={key}] http://m.example/debian stable main\n"
        f"deb [signed-by={key}] http://s.example/security stable-security main\n"
    )

    targets = DebianSource().targets((), {"suites": ["experimental"]})

    bases = {target.name: [base.title for base in target.details["suite"].bases] for target in targets}
    assert bases == {
        "stable": [],
        "stable-security": ["http://m.example/debian stable"],
        "experimental": ["http://m.example/debian sid"],
    }


def test_other_peoples_archives_are_not_asked(apt_dir: Path) -> None:
    ours, theirs = _key(apt_dir / "k.gpg", "Debian Archive"), _key(apt_dir / "t.gpg", "A Vendor")
    (apt_dir / "sources.list").write_text(
        f"deb [signed-by={theirs}] http://vendor.example nodistro main\n"
        "deb http://cloud.example/apt cloud-stable main\n"
        f"deb [signed-by={ours}] http://m.example/debian stable main\n"
        f"deb [signed-by={ours}] http://m.example/debian stable-extra contrib\n"
        f"deb [signed-by={ours} arch=riscv64] http://m.example/debian ports main\n"
        "deb cdrom:[Debian] stable main\n".replace("[Debian]", "/disk")
    )

    assert _targets() == [("stable", "http://m.example/debian stable")]


def test_an_archive_with_a_key_of_its_own_is_asked_where_there_is_no_other(apt_dir: Path) -> None:
    key = _key(apt_dir / "k.gpg", "A Company")
    (apt_dir / "sources.list").write_text(f"deb [signed-by={key}] http://company.example/apt production main\n")

    assert _targets() == [("production", "http://company.example/apt production")]


def test_entries_without_keys_are_told_by_the_names_of_their_suites(apt_dir: Path) -> None:
    (apt_dir / "sources.list").write_text(
        "deb http://m.example/debian unstable main\n"
        "deb http://m.example/debian codename main\n"
        "deb http://cloud.example/apt cloud-codename main\n"
    )

    assert [name for name, _ in _targets()] == ["unstable", "codename"]


def test_one_suite_on_two_mirrors_has_two_names(apt_dir: Path) -> None:
    (apt_dir / "sources.list").write_text(
        "deb http://a.example/debian stable main\n"
        "deb http://b.example/debian stable main\n"
        "deb http://a.example/debian stable main contrib\n"
    )

    assert [name for name, _ in _targets()] == ["stable", "stable at b.example"]


def test_credentials_of_an_entry_are_not_shown(apt_dir: Path) -> None:
    (apt_dir / "sources.list").write_text("deb http://user:secret@m.example/debian stable main\n")

    assert _targets() == [("stable", "http://m.example/debian stable")]


def test_a_list_of_mirrors_means_its_first(apt_dir: Path) -> None:
    mirrors = apt_dir / "mirrors.list"
    mirrors.write_text("# ours\nhttp://m.example/debian/\tpriority:1\nhttp://n.example/debian\n")
    (apt_dir / "sources.list").write_text(f"deb mirror+file:{mirrors} stable main\n")

    assert _targets() == [("stable", "http://m.example/debian stable")]


def test_the_checks_of_an_entry_go_before_apts_and_those_of_the_configuration_before_both(apt_dir: Path) -> None:
    (apt_dir / "apt.conf.d" / "1.conf").write_text('Acquire::Check-Valid-Until "false";\n')
    (apt_dir / "sources.list").write_text(
        "deb http://m.example/debian stable main\ndeb [check-valid-until=yes] http://m.example/debian sid main\n"
    )

    def checked(**options: object) -> list[object]:
        return [_suite(target, "check_valid_until") for target in DebianSource().targets((), options)]

    assert checked() == [False, True]
    assert checked(check_valid_until=True) == [True, True]
    assert checked(check_valid_until=False, suites=["testing"]) == [False, False, False]


def test_a_machine_whose_apt_names_nothing_is_told_which_settings_to_make() -> None:
    with pytest.raises(ConfigError, match=r"names no archive with the component main for amd64") as caught:
        _targets(architecture="amd64")

    assert "[sources.debian]" in caught.value.hint


def test_a_machine_without_apt_is_told_which_setting_to_make(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ConfigError, match=r"no apt .* sources\.debian\.mirror is not set"):
        _targets()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"suites": "stable"}, "suites"),
        ({"suites": [1]}, "suites"),
        ({"mirror": "m.example", "suites": ["a"]}, "mirror"),
        ({"mirror": "http://m.example"}, "suites"),
        ({"keyring": "relative.gpg"}, "keyring"),
        ({"keyring": "/there/is/none"}, "keyring"),
        ({"check_valid_until": "no"}, "check_valid_until"),
        ({"architecture": 64}, "architecture"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigError, match=rf"sources\.debian\.{named}"):
        _targets(**options)


@pytest.mark.parametrize(
    ("codename", "suite", "line"),
    [
        ("bookworm", "oldstable", "bookworm"),
        ("bookworm-security", "oldstable-security", "bookworm"),
        ("bookworm-updates", "oldstable-updates", "bookworm"),
        ("bookworm-backports", "oldstable-backports", "bookworm-backports"),
        ("bookworm-proposed-updates", "oldstable-proposed-updates", "bookworm-proposed-updates"),
        ("sid", "unstable", "sid"),
        ("rc-buggy", "experimental", "experimental"),
        ("", "", "asked"),
    ],
)
def test_the_line_is_the_code_name_of_the_family(codename: str, suite: str, line: str) -> None:
    assert line_of(codename, suite, "asked") == line


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("bookworm", ()),
        ("bookworm-security", ("bookworm",)),
        ("bookworm/updates", ("bookworm",)),
        ("bookworm-proposed-updates", ("bookworm",)),
        ("bookworm-backports-sloppy", ("bookworm",)),
        ("experimental", ("sid", "unstable")),
    ],
)
def test_an_overlay_names_what_it_builds_upon(name: str, bases: tuple[str, ...]) -> None:
    assert base_names(name) == bases


@pytest.mark.parametrize("form", ["binary", "armored", "block", "fingerprint", "parts", "exact"])
def test_a_key_counts_however_apt_names_it(
    form: str, archive: Archive, signer: Signer, apt_dir: Path, watcher: Watcher
) -> None:
    watcher.options.clear()
    (apt_dir / "k.gpg").write_bytes(signer.public)
    (apt_dir / "k.asc").write_text(signer.armored)
    (apt_dir / "trusted.gpg.d").mkdir()
    (apt_dir / "trusted.gpg.d" / "k.asc").write_text(signer.armored)
    block = "".join(f" {line or '.'}\n" for line in signer.armored.splitlines())
    signed_by = {
        "binary": f"Signed-By: {apt_dir / 'k.gpg'}\n",
        "armored": f"Signed-By: {apt_dir / 'k.asc'}\n",
        "block": f"Signed-By:\n{block}",
        "fingerprint": f"Signed-By: {signer.fingerprint}\n",
        "parts": "",
        "exact": f"Signed-By: {signer.fingerprint}!\n",
    }[form]
    (apt_dir / "sources.list.d" / "a.sources").write_text(
        f"Types: deb\nURIs: {archive.uri}\nSuites: stable\nComponents: main\n{signed_by}"
    )

    assert watcher.look()["stable"].message == ""


def test_a_good_signature_by_a_key_that_the_entry_does_not_name_is_not_enough(
    archive: Archive, signer: Signer, stranger: Signer, apt_dir: Path, watcher: Watcher
) -> None:
    watcher.options.clear()
    (apt_dir / "trusted.gpg").write_bytes(signer.public + stranger.public)
    (apt_dir / "sources.list").write_text(f"deb [signed-by={stranger.fingerprint}] {archive.uri} stable main\n")

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert f"{archive.uri}/dists/stable/InRelease: is not signed by a key that is trusted" in look.message


def test_one_known_key_of_several_is_enough_but_a_broken_hash_is_none(
    archive: Archive, signer: Signer, stranger: Signer, watcher: Watcher
) -> None:
    head = archive.suite_dir("stable") / "InRelease"
    text = head.read_bytes().partition(b"\n\n")[2].partition(b"-----BEGIN")[0].decode()

    archive.sign("stable", text, stranger, "--local-user", signer.fingerprint)
    assert watcher.look()["stable"].message == ""

    archive.sign("stable", text, signer, "--digest-algo", "SHA1", "--allow-weak-digest-algos")
    assert watcher.look()["stable"].result is LookResult.COULD_NOT_LOOK


def test_a_missing_keyring_is_named_with_the_suite(archive: Archive, apt_dir: Path, watcher: Watcher) -> None:
    watcher.options.clear()
    (apt_dir / "sources.list").write_text(f"deb [signed-by=/there/is/none.gpg] {archive.uri} stable main\n")

    look = watcher.look()["stable"]

    assert look.result is LookResult.COULD_NOT_LOOK
    assert "dists/stable/InRelease" in look.message
    assert "/there/is/none.gpg" in look.message


@pytest.mark.parametrize("header", ["", "Version: 1\nComment: a\n"])
def test_armor_gives_the_same_bytes(header: str) -> None:
    data = bytes(range(200))
    body = base64.encodebytes(data).decode()
    armored = f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n{header}\n{body}=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"

    assert dearmored((armored * 2).encode()) == data * 2
    assert dearmored(data) == data


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n*\n-----END PGP PUBLIC KEY BLOCK-----",
    ],
)
def test_damaged_armor_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="armor"):
        Keys(block=text).material()
