"""What goes wrong on purpose, scripted by a test; each fault hits the requests whose path it matches, so many times."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

from .asked import Answer, Refused, json_answer

KINDS = frozenset(
    (
        "slow",
        "cut",
        "truncated",
        "html",
        "empty",
        "page_2_fails",
        "newest_missing",
        "duplicate",
        "status",
        "corrupted",
        "no_range",
        "wrong_range",
    )
)
UNICORN = b"<!DOCTYPE html><html><head><title>Unicorn!</title></head><body>No server is available.</body></html>"


@dataclass(slots=True)
class Fault:
    """One scripted failure; ``left`` counts down and ``hits`` up.

    ``arrived`` is set at the first hit; a slow answer waits until ``let_go`` is set.
    """

    pattern: re.Pattern[str]
    kind: str
    left: int
    status: int = 502
    message: str = "Server Error"
    seconds: float = 30.0
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)
    hits: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)


class Faults:
    """The script; the oldest fault that matches and is not used up hits, and the others wait."""

    def __init__(self) -> None:
        self._script: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, path: str, kind: str, times: int = 1, **how: object) -> Fault:
        """Let requests fail.

        Args:
            path: a regular expression that is searched in "PATH?QUERY" as sent.
            kind: one of
                ``slow`` (waits ``seconds``, 30 at most and by default, or until ``release()``),
                ``cut`` (half the body arrives, then the connection ends),
                ``truncated`` (half the body with a Content-Length that fits: broken JSON),
                ``html`` (200 with a page instead of the document),
                ``empty`` (an empty list), ``duplicate`` (the last entry once more at the end, or the first of the
                next page early), ``newest_missing`` (a list without its first entry),
                ``page_2_fails`` (``status`` for every page but the first),
                ``status`` (``status`` with ``message``: 403, 404, 410, 451, 500, 502, 504 ...),
                ``corrupted`` (one bit of the body differs), ``no_range`` (a whole file instead of the part),
                ``wrong_range`` (another part than asked for).
            times: how many requests.
            how: ``status``, ``message``, ``seconds``, ``headers`` and ``more`` (further members of the JSON).
        """
        if kind not in KINDS:
            message = f"no fault {kind!r}; there are {', '.join(sorted(KINDS))}"
            raise ValueError(message)
        fault = Fault(re.compile(path), kind, times, **how)  # type: ignore[arg-type]
        with self._lock:
            self._script.append(fault)
        return fault

    def status(self, path: str, status: int, message: str = "Server Error", *, times: int = 1, **more: object) -> Fault:
        """Let requests be answered with a status: 403 for a missing permission, 451 for a blocked repository ..."""
        return self.add(path, "status", times, status=status, message=message, more=more)

    def blocked(self, path: str, *, times: int = 1) -> Fault:
        """Answer 451, as for a repository that a notice took down."""
        block = {"reason": "dmca", "created_at": "2026-11-01T00:00:00Z", "html_url": "https://example.com/notice"}
        return self.status(path, 451, "Repository access blocked", times=times, block=block)

    def clear(self) -> None:
        """Forget the script, and let go of what is slow."""
        self.release()
        with self._lock:
            self._script.clear()

    def release(self) -> None:
        """Let all requests that a ``slow`` fault holds go on, and make those faults slow no more."""
        for fault in tuple(self._script):
            fault.let_go.set()

    def take(self, target: str, page: int) -> Fault | None:
        """Return the fault that hits a request, and count it."""
        with self._lock:
            for fault in self._script:
                if fault.left > 0 and fault.pattern.search(target) and (fault.kind != "page_2_fails" or page > 1):
                    fault.left -= 1
                    fault.hits += 1
                    fault.arrived.set()
                    return fault
        return None

    def before(self, fault: Fault | None) -> None:
        """Wait, or raise Refused, where the fault is of that kind."""
        if fault is None:
            return
        if fault.kind == "slow":
            fault.let_go.wait(min(fault.seconds, 30.0))
        if fault.kind in {"status", "page_2_fails"}:
            raise Refused(fault.status, fault.message, headers=fault.headers, **fault.more)

    @staticmethod
    def spoil_list(fault: Fault | None, entries: list[object], start: int, end: int) -> list[object]:
        """Return the part of a list that a page shows, as far as the fault lets it be true."""
        page = entries[start:end]
        if fault is not None and fault.kind == "newest_missing":
            return page[1:] if start == 0 else page
        if fault is not None and fault.kind == "duplicate":
            return page + (entries[end : end + 1] or page[-1:])
        return [] if fault is not None and fault.kind == "empty" else page

    @staticmethod
    def spoil(fault: Fault | None, answer: Answer) -> Answer:
        """Return the answer as the fault makes it; ``cut`` is left to the server, which owns the connection."""
        if fault is None or answer.status >= 300:
            return answer
        if fault.kind == "truncated":
            return Answer(answer.status, answer.body[: len(answer.body) // 2], answer.headers, answer.content_type)
        if fault.kind == "html":
            return Answer(200, UNICORN, answer.headers, "text/html; charset=utf-8")
        if fault.kind == "empty" and answer.body[:1] == b"{":
            return json_answer({}, headers=answer.headers)
        if fault.kind == "corrupted" and answer.body:
            middle = len(answer.body) // 2
            body = answer.body[:middle] + bytes([answer.body[middle] ^ 1]) + answer.body[middle + 1 :]
            return Answer(answer.status, body, answer.headers, answer.content_type)
        return answer
