"""One Chromium for all tests of a worker, driven over WebDriver, and the sites that it reads.

Where ``TRACKER_SCREENSHOTS`` names a directory, the tests leave pictures of what they saw there; else among pytest's
temporary directories.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import threading
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from tests.render.hostile import hostile
from tracker.render import Snapshot, publish
from tracker.render.search.index import can_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.render.conftest import World

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
# Nothing that the browser does of its own accord may reach for the network or slow the tests down.
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--no-default-browser-check",
    "--no-first-run",
    "--hide-scrollbars",
    "--password-store=basic",
)
DESKTOP, PHONE = (1280, 900), (390, 844)
_NODE = Path(__file__).parents[1] / "node" / "node_modules"


@dataclass
class Site:
    """A published site on loopback.

    Attributes:
        folder: where it lies.
        address: of its root, without a slash at the end.
        answers: what was asked since the list was last emptied: path, status, content type.
    """

    folder: Path
    address: str
    answers: list[tuple[str, int, str]] = field(default_factory=list)

    def pages(self) -> list[str]:
        """Return one page of each kind: every page at the root, and the first of each directory."""
        paths = sorted(path.relative_to(self.folder) for path in self.folder.rglob("*.html"))
        first = {path.parent if path.parent.parts else path: path for path in reversed(paths)}
        return sorted(path.as_posix() for path in first.values())


class _Recorder(SimpleHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        self.kind = ""
        super().do_GET()

    def send_header(self, keyword: str, value: str) -> None:
        if keyword == "Content-type":
            self.kind = value
        super().send_header(keyword, value)

    def end_headers(self) -> None:
        super().end_headers()
        self.site.answers.append((self.path, self.status, self.kind))

    def send_response(self, code: int, message: str | None = None) -> None:
        self.status = int(code)
        super().send_response(code, message)

    def log_message(self, *arguments: Any) -> None:  # noqa: ANN401 - nothing of it is used
        """Say nothing."""


@contextmanager
def serve(snapshot: Snapshot, folder: Path) -> Iterator[Site]:
    """Publish ``snapshot`` into ``folder`` and serve it."""
    publish(snapshot, folder, can_search=can_index())
    site = Site(folder, "")
    handler = type("Handler", (_Recorder,), {"site": site})
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder))) as server:
        site.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


class Browser:
    """Chromium, as a reader's device."""

    def __init__(self, driver: Chrome, pictures: Path) -> None:
        self.driver = driver
        self._pictures = pictures

    def be(
        self, size: tuple[int, int] = DESKTOP, *, scheme: str = "light", media: str = "", scripts: bool = True
    ) -> None:
        """Take on a size, a colour scheme (or others of the media features), a medium, and whether scripts run."""
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})

    def visit(self, address: str) -> None:
        """Open a page with an empty console and an empty record of requests."""
        self.driver.get("about:blank")
        self._log("browser")
        self._log("performance")
        self.driver.get(address)

    def _log(self, kind: str) -> list[dict[str, str]]:
        entries: list[dict[str, str]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call]
        return entries

    def console(self) -> list[str]:
        """Return what was said on the console since the visit."""
        return [entry["message"] for entry in self._log("browser")]

    def asked(self) -> list[str]:
        """Return the addresses that were asked for since the visit, those that were refused included."""
        events = (json.loads(entry["message"])["message"] for entry in self._log("performance"))
        return [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the script returns
        """Return what ``script`` returns."""
        return self.driver.execute_script(script, *arguments)

    def picture(self, name: str, *, whole: bool = True) -> None:
        """Keep a picture of the page, whole or as far as the window shows it."""
        taken = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole, "fromSurface": True}
        )
        (self._pictures / f"{name}.png").write_bytes(b64decode(taken["data"]))


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures are kept."""
    named = os.environ.get("TRACKER_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Iterator[Browser]:
    """The browser of this worker."""
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("no Chromium with its driver is installed: apt-get install chromium chromium-driver")
    home = tmp_path_factory.mktemp("chromium")
    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={home / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = ChromeService(DRIVER, env={**os.environ, "HOME": str(home)})
    driver = Chrome(options=options, service=service)
    try:
        yield Browser(driver, pictures)
    finally:
        driver.quit()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The browser as it is when nobody has asked for anything special."""
    chromium.be()
    return chromium


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, snapshot: Snapshot) -> Iterator[Site]:
    """The afternoon's site."""
    with serve(snapshot, tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, small_world: World) -> Iterator[Site]:
    """A small site of which every foreign word is an attack."""
    with serve(hostile(small_world.snapshot()), tmp_path_factory.mktemp("hostile")) as served:
        yield served


@pytest.fixture(scope="session")
def node() -> Path:
    """The directory of the packages that check accessibility and HTML."""
    if not (_NODE / "axe-core" / "axe.min.js").is_file() or shutil.which("node") is None:
        pytest.skip("axe-core and html-validate are not installed: npm ci --prefix tests/render/node")
    return _NODE
