"""A site of which every word that somebody else wrote is an attack."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import cycle
from typing import TYPE_CHECKING

from tracker.model import (
    Asset,
    Branch,
    Change,
    ChangeKind,
    Declaration,
    DeclarationKind,
    Expectation,
    Outcome,
    PullRequest,
    PullState,
    Release,
    Suspicion,
    Tag,
    WatchedFile,
    Witness,
)
from tracker.render import SiteLook, SiteRelease, Snapshot

if TYPE_CHECKING:
    from tracker.model import Run

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RAN = "window.ran = (window.ran || 0) + 1"
ADDRESSES = (
    f"javascript:{RAN}",
    "JaVa\tScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//elsewhere.invalid/x",
    "https://elsewhere.invalid/)[x](javascript:alert(1)",
    'https://elsewhere.invalid/" onclick="alert(1)',
    "https://elsewhere.invalid/>\n\n<script>alert(1)</script>",
    "vbscript:x",
    "\x01javascript:alert(1)",
    "file:///etc/passwd",
)
WORDS = (
    f"<script>{RAN}</script>",
    f"</title></code></pre></td></table></main><img src=x onerror='{RAN}'>",
    f'"><svg onload="{RAN}"><style>*{{display:none}}</style>',
    f"[click](javascript:{RAN})",
    "![pixel](https://elsewhere.invalid/pixel.png)",
    "<https://elsewhere.invalid/auto> https://elsewhere.invalid/bare www.elsewhere.invalid",
    "[ref]: https://elsewhere.invalid/ref\n\n[ref]",
    "[^1]\n\n[^1]: <b>footnote</b>",
    "INJECTED\n===\n\n# INJECTED\n\nINJECTED\n---",
    "| a | b |\n|---|---|\n| c | d |",
    "a|b\\\\|c",
    "```\nout\n```\n~~~\nout\n~~~",
    "` `` ``` ````",
    "**bold** _em_ ~~gone~~ ***x",
    "- item\n1. item\n> quote\n    code\n\t\ttabs",
    "<!-- comment --> <![CDATA[x]]> <?php ?> <!DOCTYPE x> &lt;b&gt; &#0; &nbsp;",
    "{{ 7*7 }} {% raw %} ${7*7}",
    "\u202egnp.exe\u202c \u2066isolated\u2069 \u200bzero\ufeff",
    "\u05d0\u05d1\u05d2 (\u05d3) 12% \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "\x00nul\x07bell\x08back\x0bvt\x0cff\x1b[31mred\x1b[0m\x7fdel\x85nel\u2028ls",
    "W" * 3000,
    "z\u0300\u0301\u0302\u0303\u0304" * 40,
    "\u2713 works",
    "\ud800 lone",
)
LOG = "\n".join((*WORDS, *(f"\x1b[{code}m{code}\x1b[0m" for code in (*range(1, 10), *range(30, 48), *range(90, 108)))))


def hostile(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` with an attack wherever an upstream, a log or a host has a word."""
    words, addresses = cycle(WORDS), cycle(ADDRESSES)
    first, *others = snapshot.runs
    witness = Witness(combination=first.combination, runs=(first.id,))
    return replace(
        snapshot,
        title=WORDS[1],
        host_title=WORDS[0],
        host_facts={word: word for word in WORDS},
        releases=(*snapshot.releases, *(_release(word, next(addresses)) for word in WORDS)),
        changes=tuple(_change(next(words), next(addresses), kind) for kind in (*ChangeKind, *ChangeKind, *ChangeKind)),
        runs=(_run(first), *others),
        looks=tuple(
            SiteLook(source=word, target=word, title=word, looked_at=NOW, result="could not look", message=word)
            for word in WORDS
        ),
        sightings=tuple(one for word in WORDS for one in _sightings(word, next(addresses))),
        declarations=tuple(_declaration(number, word) for number, word in enumerate(WORDS)),
        suspicions=tuple(
            Suspicion(capability="networks", failure=witness, suspects=(), is_the_test_suspected=False, sentence=word)
            for word in WORDS
        ),
        components={
            name: replace(one, title=next(words), homepage=next(addresses)) for name, one in snapshot.components.items()
        },
        verdicts={
            combination: {
                need: replace(one, sentence=next(words), cause=next(words), would_change=next(words))
                for need, one in verdicts.items()
            }
            for combination, verdicts in snapshot.verdicts.items()
        },
    )


def _release(word: str, address: str) -> SiteRelease:
    return SiteRelease(
        release=Release(
            component="containerd",
            version=word,
            upstream_version=word,
            line=word,
            channel=word,
            assets=(Asset(name=word, url=address, size=1, digest=word),),
            notes="\n".join(WORDS),
            url=address,
        ),
        first_seen_at=NOW,
    )


def _change(word: str, address: str, kind: ChangeKind) -> Change:
    return Change(
        kind=kind,
        component="containerd",
        version=word,
        channel=word,
        subject=word,
        before=word,
        after=word,
        observed_at=NOW,
        url=address,
    )


def _run(run: Run) -> Run:
    first, *rest = run.steps
    step = replace(first, outcome=Outcome.FAIL, reason=WORDS[1], cause=WORDS[0], cause_name=WORDS[3], log=LOG)
    return replace(
        run,
        outcome=Outcome.FAIL,
        reason=WORDS[3],
        steps=(step, *(replace(one, log=WORDS[11], reason=WORDS[8]) for one in rest)),
        environment={word: word for word in WORDS},
        artifacts={word: word for word in WORDS},
        logs={word: word for word in WORDS},
    )


def _sightings(word: str, address: str) -> tuple[PullRequest | Branch | Tag | WatchedFile, ...]:
    return (
        PullRequest(
            component="containerd",
            repository=word,
            number=1,
            title=word,
            author=word,
            head=word,
            state=PullState.OPEN,
            url=address,
        ),
        Branch(component="containerd", repository=word, name=word, head=word, url=address),
        Tag(component="containerd", repository=word, name=word, commit=word, set_aside=word),
        WatchedFile(component="containerd", name=word, url=address, digest=word, named=((word, word),)),
    )


def _declaration(number: int, word: str) -> Declaration:
    return Declaration(
        id=f"d{number}",
        kind=DeclarationKind.STATED,
        expectation=Expectation.WORKS,
        conditions=(),
        capability="networks",
        sentence=word,
        reason=word,
        provenance=word,
        confidence=word,
        said_on=date(2026, 1, 1),
    )
