"""What the author runs: the suites that the tracker ships, for each thing that this plugin adds."""

import hashlib

import kettles
import pytest
from kettles.boiling import Boiling
from kettles.page import Kettles
from kettles.shelf import Shelf

from tracker.api import Release
from tracker.testing import Answer, FakeHttp, ScenarioContract, SitePageContract, SourceContract, View

SHELF = "https://kettles.example/shelf.json"


class TestShelf(SourceContract):
    source = Shelf()

    @pytest.fixture
    def components(self):
        return kettles.tracker_components()

    @pytest.fixture
    def options(self):
        return {"url": SHELF}

    @pytest.fixture
    def http(self):
        digest = hashlib.sha256(b"a kettle").hexdigest()
        told = [{"version": one, "file": f"kettle-{one}.tar.gz", "sha256": digest} for one in ("1.0.0", "2.0.0")]
        return FakeHttp({SHELF: Answer.json({"kettles": told})})


class TestBoiling(ScenarioContract):
    scenario = Boiling()
    profile = kettles.PROFILE


class TestPage(SitePageContract):
    page = Kettles()

    @pytest.fixture
    def view(self):
        release = Release(component="kettle", version="1.0.0", upstream_version="1.0.0", line="1", channel="shelf")
        return View(releases=(release,))
