"""A world of repositories that a test, or a person, changes between two looks.

``World`` holds the repositories, the clock and the identifiers; what happens to a repository is a method of
``Repository`` (releases, tags, branches) and of ``Repository.pull`` (pull requests).
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .repository import Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class World:
    """All repositories, by their present full name and by the names that they had.

    Args:
        clock: gives the time of what happens; by default 2026-11-23T12:00:00Z and one second more at each reading.
    """

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        ticks = itertools.count()
        self.clock: Callable[[], datetime] = clock or (lambda: START + timedelta(seconds=next(ticks)))
        self._ids = itertools.count(1000)
        self._repositories: dict[int, Repository] = {}
        self._former_names: dict[str, int] = {}

    @classmethod
    def from_seed(cls, directory: Path | None = None, clock: Callable[[], datetime] | None = None) -> World:
        """Return the world of containerd, nerdctl and the two CNI plug-in repositories as of 2026-08."""
        from .seed import load_seed

        world = cls(clock)
        load_seed(world, directory)
        return world

    def __getitem__(self, full_name: str) -> Repository:
        """Return the repository of that present name."""
        for repository in self._repositories.values():
            if repository.full_name.lower() == full_name.lower():
                return repository
        raise KeyError(full_name)

    def __iter__(self) -> Iterator[Repository]:
        """Go through all repositories, oldest first."""
        return iter(tuple(self._repositories.values()))

    def next_id(self) -> int:
        """Return an identifier larger than all before."""
        return next(self._ids)

    def add_repository(self, full_name: str, *, default_branch: str = "main", fork_of: str | None = None) -> Repository:
        """Return a new repository: with one commit, or a fork with all that its parent's default branch holds."""
        repository = Repository(self, self.next_id(), full_name, default_branch)
        if fork_of is not None:
            parent = self[fork_of]
            repository.fork_of = parent.full_name
            repository.commits = {sha: parent.commits[sha] for sha in parent.ancestors(parent.head)}
            repository.branches = {default_branch: parent.head}
        self._repositories[repository.id] = repository
        self._former_names.pop(full_name.lower(), None)
        return repository

    def by_id(self, number: int) -> Repository | None:
        """Return the repository of that identifier, which no renaming changes."""
        return self._repositories.get(number)

    def moved(self, full_name: str) -> Repository | None:
        """Return the repository that had this name before it was renamed."""
        number = self._former_names.get(full_name.lower())
        return None if number is None else self._repositories.get(number)

    def rename_repository(self, full_name: str, new_name: str) -> Repository:
        """Give a repository another full name; the old one redirects from now on."""
        repository = self[full_name]
        self._former_names[repository.full_name.lower()] = repository.id
        self._former_names.pop(new_name.lower(), None)
        repository.full_name = new_name
        return repository

    def delete_repository(self, full_name: str) -> None:
        """Make a repository vanish: from now on it is 404, under all its names."""
        del self._repositories[self[full_name].id]
