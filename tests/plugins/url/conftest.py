"""A place to look at addresses from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pytest_httpserver import HTTPServer
from tracker.plugins.url.source import Url

from tracker.http import Client
from tracker.protocols import NetworkSettings, NoNews, Observed, PollRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.model import Component

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Eye:
    """Looks at addresses with the real source and the real client."""

    home: Path
    http: Client
    cursor: str = ""
    platforms: tuple[str, ...] = ()

    def look(self, component: Component) -> Observed:
        answer = self.glance(component)
        assert isinstance(answer, Observed)
        return answer

    def glance(self, component: Component) -> Observed | NoNews:
        """Look again with the cursor of the look before."""
        source = Url()
        (target,) = source.targets([component], {})
        request = PollRequest(
            target=target,
            http=self.http,
            cursor=self.cursor,
            options={},
            cache_dir=self.home / "cache",
            now=NOW,
            platforms=self.platforms,
        )
        answer: Observed | NoNews = source.poll(request)
        self.cursor = answer.cursor
        return answer


@pytest.fixture
def eye(tmp_path: Path) -> Iterator[Eye]:
    with Client(NetworkSettings(timeout_seconds=10), tmp_path / "answers.sqlite") as http:
        yield Eye(tmp_path, http)


@pytest.fixture(scope="session")
def _page_server() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", port=0) as server:
        yield server


@pytest.fixture
def server(_page_server: HTTPServer) -> HTTPServer:
    _page_server.clear()
    return _page_server
