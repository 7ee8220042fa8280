"""Registries, and a place to look at them from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pytest_httpserver import HTTPServer
from tracker.plugins.oci.source import Oci

from tests.plugins.oci.double import Double, serve
from tests.plugins.oci.real import RealRegistry, real_registry
from tracker.http import Client
from tracker.model import Component, TagRule
from tracker.protocols import NetworkSettings, NoNews, Observed, PollRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Eye:
    """Looks at images with the real source and the real client."""

    home: Path
    http: Client
    options: dict[str, object] = field(default_factory=dict)
    cursor: str = ""

    def look(self, image: str, tags: str = "", *, rule: TagRule | None = None, **options: str) -> Observed:
        answer = self.glance(image, tags, rule=rule, **options)
        assert isinstance(answer, Observed)
        return answer

    def glance(self, image: str, tags: str = "", *, rule: TagRule | None = None, **options: str) -> Observed | NoNews:
        """Look again with the cursor of the look before."""
        asked = {"image": image, **({"tags": tags} if tags else {}), **options}
        component = Component(name="base", title="", source="oci", scheme="", installer="", options=asked, tags=rule)
        source = Oci()
        (target,) = source.targets([component], self.options)
        answer: Observed | NoNews = source.poll(
            PollRequest(
                target=target,
                http=self.http,
                cursor=self.cursor,
                options=self.options,
                cache_dir=self.home / "cache",
                now=NOW,
            )
        )
        self.cursor = answer.cursor
        return answer


@pytest.fixture
def eye(tmp_path: Path) -> Iterator[Eye]:
    with Client(NetworkSettings(timeout_seconds=10), tmp_path / "answers.sqlite") as http:
        yield Eye(tmp_path, http)


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[HTTPServer, HTTPServer]]:
    """Two hosts that all tests share: stopping one takes as long as many tests."""
    with HTTPServer(host="127.0.0.1", port=0) as one, HTTPServer(host="127.0.0.1", port=0) as two:
        yield one, two


@pytest.fixture
def double(servers: tuple[HTTPServer, HTTPServer]) -> Double:
    """A registry that answers without being asked who asks."""
    server, _ = servers
    server.clear()
    registry = Double(server)
    serve(server, registry.answer)
    return registry


@pytest.fixture
def elsewhere(servers: tuple[HTTPServer, HTTPServer]) -> HTTPServer:
    """Another host."""
    _, server = servers
    server.clear()
    return server


@pytest.fixture
def real(tmp_path: Path) -> Iterator[RealRegistry]:
    """Debian's registry, open to all."""
    yield from real_registry(tmp_path / "registry", {})
