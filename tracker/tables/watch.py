"""``[watch]``: which releases are tried, and what a person knows of pull requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.configured import Superseded
from tracker.settings import Key, Number, Table, Tables, Text, Whole
from tracker.settings.kinds import SAID

if TYPE_CHECKING:
    from collections.abc import Mapping


def _superseded(read: Mapping[str, Any]) -> Superseded:
    from tracker.model import Basis, Succession

    return Superseded(
        repository=read["repository"],
        number=read["number"],
        succession=Succession(number=read["by"], basis=Basis.PERSON, reason=read["reason"], url=read["url"]),
    )


WATCH = Table(
    (
        Key(
            "minimum_age_days",
            Number(least=0),
            "A release that is younger than so many days is not tried yet.",
            0,
        ),
        Key(
            "superseded",
            Tables(
                Table(
                    (
                        Key("repository", SAID, "Where the pull request is, as it is watched: owner/name."),
                        Key("number", Whole(least=1), "Number of the pull request."),
                        Key("by", Whole(least=1), "Number of the one that took its place."),
                        Key("reason", SAID, "Why, in one sentence."),
                        Key("url", Text(), "Where more is said.", ""),
                    ),
                    build=_superseded,
                )
            ),
            "Pull requests that took the place of another, where upstream's own text does not say so.",
            [],
            example="""[[watch.superseded]]
repository = "owner/name"
number = 96
by = 101
reason = "It makes the same change.\"""",
        ),
    )
)
