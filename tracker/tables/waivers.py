"""``[[waivers]]``: failures that a person accepts for a while."""

from __future__ import annotations

from tracker.configured import ConfiguredWaiver
from tracker.settings import Day, Key, Named, Table, Tables, Text, Whole
from tracker.settings.kinds import SAID

WAIVERS = Tables(
    Table(
        (
            Key(
                "pins",
                Named(
                    of=SAID,
                    least=1,
                    why=(
                        "a waiver without pins would accept every failure",
                        'Name what it is about: pins = { FACTOR = "VERSION" }',
                    ),
                ),
                "The versions that it is about, by factor.",
            ),
            Key("capability", Text(), "What may fail; empty for all.", ""),
            Key("reason", SAID, "Why, in one sentence."),
            Key("url", Text(), "Where more is said.", ""),
            Key("until", Day(), "The last day on which it holds, in UTC."),
            Key("closes_after", Whole(least=1), "It closes itself once so many runs with these versions passed.", 3),
        ),
        build=lambda read: ConfiguredWaiver(**read),
    )
)
