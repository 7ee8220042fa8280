"""Each suite finds the fault that it is there for, and finds none where there is none."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BAD = Path(__file__).with_name("bad_plugins.py")


def test_every_fault_is_found_by_its_test_and_nothing_where_there_is_none() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rfE", "--tb=no", str(BAD)],
        capture_output=True,
        text=True,
        check=False,
        cwd=BAD.parents[2],
    )
    found = set(re.findall(r"^FAILED \S+::(\w+)::(\w+)", done.stdout, flags=re.MULTILINE))
    wanted = set(
        re.findall(r'^class (Test\w+)\(.*?\n(?:    .*\n|\n)*?    finds = "(\w+)"', BAD.read_text(), re.MULTILINE)
    )

    assert not re.search(r"^ERROR ", done.stdout, flags=re.MULTILINE), done.stdout
    assert len(wanted) == 9
    assert wanted <= found, done.stdout
    assert {one for one, _ in found} == {one for one, _ in wanted}, done.stdout
