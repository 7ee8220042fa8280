"""Which commits a follow-up target is asked about: those that pull requests would bring, or brought. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import PullRequest, PullState
from tracker.watch.entries import fullest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model import Component, Sighting


def commits_of(components: Sequence[Component], sightings: Sequence[Sighting]) -> tuple[tuple[str, str], ...]:
    """Return what each commit is and its id, by repository and number of the pull request.

    A pull request is the merge that brought it where that is known, and its head before that. Those that took another
    one's place are among them as soon as anybody saw them.

    Args:
        components: of the target; where one's options name a repository, only pull requests of that one belong to it.
        sightings: what is shown now, by any target.
    """
    found: dict[str, str] = {}
    wanted = [one for one in sightings if isinstance(one, PullRequest) and _belongs(one, components)]
    for place in sorted({(one.repository, one.number, one.component) for one in wanted}):
        same = [one for one in wanted if (one.repository, one.number, one.component) == place]
        pull = fullest([one for one in same if one.state is not PullState.UNKNOWN] or same)
        if pull is None:
            continue
        merged = next((one.merge_commit for one in (pull, *same) if one.merge_commit), "")
        of, commit = (
            (f"#{pull.number}", merged)
            if pull.state is PullState.MERGED and merged
            else (f"head of #{pull.number}", pull.head)
        )
        if commit:
            found.setdefault(of, commit)
    return tuple(found.items())


def _belongs(pull: PullRequest, components: Sequence[Component]) -> bool:
    for one in components:
        if one.name == pull.component:
            named = one.options.get("repository", "")
            if not named or named.lower() == pull.repository.lower():
                return True
    return False
