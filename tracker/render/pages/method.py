"""How to read the site, and what it takes for granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.model import Outcome, VerdictKind
from tracker.render import places, words
from tracker.render.document import Document, Page
from tracker.render.escape import Md, code, text

if TYPE_CHECKING:
    from tracker.render.knowledge import Knowledge

_VERDICTS = {
    VerdictKind.WORKS: "A run passed on these very bytes, on this host, with the present scenario, not too long ago.",
    VerdictKind.BROKEN: "A run failed, and the failure is believed: its cause is known to be deterministic, or it"
    " failed again while a combination that is known to be good passed.",
    words.INFERRED: "Never run itself; it holds a version, or two versions, that other runs showed not to fit.",
    VerdictKind.FLAKY: "The same bytes passed and failed.",
    VerdictKind.STALE: "It worked or was broken, but on older bytes, with an older scenario, or too long ago.",
    VerdictKind.UNRESOLVED: "It failed, and what is at fault is not settled yet.",
    VerdictKind.LIKELY: "Never run; every version and every pair of versions in it has passed somewhere else.",
    VerdictKind.EXPECTED: "Never run; the makers say that it works.",
    VerdictKind.DOUBTFUL: "Never run; the makers say that it does not work, or do not support it.",
    VerdictKind.UNTESTED: "Nothing is known. Missing is not failed.",
}
_OUTCOMES = {
    Outcome.PASS: "The step showed what it was to show.",
    Outcome.FAIL: "The software under test is at fault.",
    Outcome.ERROR: "The test, the host or the network is at fault; this says nothing about the software.",
    Outcome.SKIP: "The step does not apply here; the reason says why. What was skipped is untested.",
    Outcome.NOT_REACHED: "An earlier step ended the run.",
}


def page(known: Knowledge) -> Page:
    """Return the page on method."""
    document = Document(places.METHOD)
    profile = known.snapshot.profile
    document.heading(1, Md("How to read this"))
    document.paragraph(
        Md("Every upstream is looked at again and again. Each new version is installed beside the others, from files"),
        Md("whose digests were checked, and tried together with versions of the other parts. What was seen is here."),
    )
    document.heading(2, Md("What is tried"))
    document.table(
        (Md("Part"), Md("What it is"), Md("Live values")),
        [
            (text(axis.name), text(axis.factor.title), Md(", ".join(known.short(value) for value in axis.values)))
            for axis in known.snapshot.axes
        ],
    )
    chain = " → ".join(text(capability) for capability in profile.capabilities)
    document.paragraph(Md(f"Capabilities, each of which needs all before it: {chain}."))
    document.heading(2, Md("Words"))
    for word, meaning in _VERDICTS.items():
        _word(document, word, meaning)
    document.heading(2, Md("Outcomes of a step or run"))
    for outcome, meaning in _OUTCOMES.items():
        _word(document, outcome, meaning)
    _host(document, known)
    _assumptions(document)
    return document.page("How to read this")


def _word(document: Document, word: str, meaning: str) -> None:
    fragment = words.anchor(word)
    document.heading(3, Md(fragment.replace("-", " ")))
    letter = words.LETTERS.get(word)
    narrow = Md(f"In narrow cells {words.cell(word, '')}.") if letter else Md("")
    document.paragraph(document.link(words.mark(word), document.path, fragment), text(meaning), narrow)


def _host(document: Document, known: Knowledge) -> None:
    document.heading(2, Md("The host"))
    document.paragraph(
        Md(f"{text(known.snapshot.host_title)}. What is seen on one host says nothing about another; two hosts are"),
        Md("the same when these facts are:"),
        code(known.snapshot.host_key),
    )
    facts = known.snapshot.host_facts
    if facts:
        document.table((Md("Fact"), Md("Value")), [(code(key), code(facts[key])) for key in sorted(facts)])


def _assumptions(document: Document) -> None:
    document.heading(2, Md("What is taken for granted"))
    document.bullets(
        (
            Md(
                "A failure is caused by at most two parts. Where three or more are involved this is recognised and said"
                " of that combination alone, but not searched for."
            ),
            Md("Runs are compared only with the same files, the same scenario and the same host facts."),
            Md("One part is named alone only where runs prove it; else the page says which parts do not fit together."),
            Md("All times are UTC. The times of the last looks are on the health page alone."),
        )
    )
