"""``[trust]``: whose evidence and verdicts count here."""

from __future__ import annotations

from tracker.configured import TrustConfig
from tracker.settings import Flag, Key, Named, Table, Text
from tracker.signing import PUBLIC_KEY

TRUST = Table(
    (
        Key("name", Text(), "What this host is called in what it exports; empty for what its facts say.", ""),
        Key(
            "accept_unsigned",
            Flag(),
            "Read what nobody signed that is trusted; it is told, and decides nothing.",
            default=False,
        ),
        Key(
            "keys",
            Named(of=Text(pattern=PUBLIC_KEY, allowed="a key as `tracker key` prints it")),
            "Public keys that are trusted, by a name of your own, each as `tracker key` prints it.",
            {},
        ),
    ),
    build=lambda read: TrustConfig(**read),
)
