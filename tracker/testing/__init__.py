"""For authors of plugins: contract suites to subclass, and doubles of what the host hands to plugins.

It needs pytest and Hypothesis (``pip install 'tracker[testing]'``), and nothing of the tracker imports it. Each suite
is a class: derive from it, call the class ``Test...``, and give it what its docstring asks for.
"""

import pytest

# Before the modules are imported, so that their asserts tell the values.
pytest.register_assert_rewrite(
    *(f"tracker.testing.{name}" for name in ("installers", "pages", "scenarios", "schemes", "sources"))
)

from tracker.testing.bench import BrokenBench  # noqa: E402
from tracker.testing.http import Answer, FakeHttp, Fault, Interrupted, Request  # noqa: E402
from tracker.testing.installers import InstallerContract  # noqa: E402
from tracker.testing.pages import DeclaredEvidenceContract, SitePageContract, View  # noqa: E402
from tracker.testing.scenarios import ScenarioContract  # noqa: E402
from tracker.testing.schemes import VersionSchemeContract  # noqa: E402
from tracker.testing.sources import NOW, SourceContract  # noqa: E402

__all__ = [
    "NOW",
    "Answer",
    "BrokenBench",
    "DeclaredEvidenceContract",
    "FakeHttp",
    "Fault",
    "InstallerContract",
    "Interrupted",
    "Request",
    "ScenarioContract",
    "SitePageContract",
    "SourceContract",
    "VersionSchemeContract",
    "View",
]
