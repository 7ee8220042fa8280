"""A request as it arrived, what is answered to it, and the refusal that any step may raise."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(slots=True)
class Asked:
    """One request, as tests assert on it.

    Attributes:
        method: in capitals.
        origin: "api", "web" or "storage".
        path: as it was sent, percent-encoding included, without the query.
        query: the last value of each parameter.
        query_string: as it was sent.
        headers: names in lower case.
        body: of a POST.
        status: what was answered; 0 while it is being answered, and where the connection was cut before that.
    """

    method: str
    origin: str
    path: str
    query: Mapping[str, str]
    query_string: str
    headers: Mapping[str, str]
    body: bytes = b""
    status: int = 0

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path, each decoded, so that ``%2F`` in a tag is no separator."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/"))

    @property
    def credential(self) -> str | None:
        """The token that was sent, as Bearer, token or the password of Basic; None: none was."""
        scheme, _, rest = self.headers.get("authorization", "").partition(" ")
        return rest.strip() if scheme.lower() in {"bearer", "token"} else (rest or None)


@dataclass(slots=True)
class Answer:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"


class Refused(Exception):  # noqa: N818 - it is an answer, not an error of the double
    """An answer that ends the handling of a request at once."""

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:  # noqa: ANN401 - any JSON
        super().__init__(message)
        body = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status), **more}
        self.answer = json_answer(body, status=status, headers=headers)


def json_answer(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:  # noqa: ANN401 - any JSON
    """Return an answer with a JSON body."""
    return Answer(status, json.dumps(body, separators=(",", ":")).encode(), dict(headers or {}))


def not_found() -> Refused:
    """Return what GitHub says of anything that is not there, or that the token may not see."""
    return Refused(404, "Not Found")


def read_query(query_string: str) -> dict[str, str]:
    """Return the last value of each parameter."""
    return dict(parse_qsl(query_string, keep_blank_values=True))
