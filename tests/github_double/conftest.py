"""What the tests of the double share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import httpx
import pytest
from githubdouble import GOOD_TOKEN, GitHubDouble, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Ask(Protocol):
    """Sends a GET to a double and returns the answer; redirects are not followed."""

    def __call__(
        self,
        github: GitHubDouble,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        token: str | None = GOOD_TOKEN,
    ) -> httpx.Response: ...


@pytest.fixture
def github() -> Iterator[GitHubDouble]:
    """A double with one empty repository, o/r."""
    with GitHubDouble() as running:
        running.world.add_repository("o/r")
        yield running


@pytest.fixture(scope="session")
def rich() -> Iterator[GitHubDouble]:
    """The seeded double with one of everything besides; tests that share it change nothing."""
    world = World.from_seed()
    repository = world["microsoft/windows-container-networking"]
    repository.comment(101, "Thanks")
    repository.review(101)
    repository.comment(107, "When?")
    repository.check_run(repository.pulls[107].head, "build")
    repository.check_run(repository.pulls[107].head, "lint", None)
    repository.status(repository.pulls[107].head, "license/cla", "success")
    repository.pulls[107].labels.append("help wanted")
    repository.draft("v0.4.0")
    with GitHubDouble(world) as running:
        yield running


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    with httpx.Client(trust_env=False) as client:

        def get(
            github: GitHubDouble, path: str, headers: Mapping[str, str] | None = None, *, token: str | None = GOOD_TOKEN
        ) -> httpx.Response:
            credential = {} if token is None else {"authorization": f"Bearer {token}"}
            url = path if path.startswith("http") else github.api_url + path
            return client.get(url, headers={**credential, **(headers or {})})

        yield get
