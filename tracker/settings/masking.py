"""Values as an error may show them: short, and without what is or may be a secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

MASK = "'...'"
_LONGEST = 80
_SECRET_NAME = re.compile(r"token|secret|passw|passphrase|credential|api_?key|auth", re.IGNORECASE)
_PLACE_NAME = re.compile(r"_(file|env|url)$", re.IGNORECASE)
# An address with a user, and what GitHub, GitLab and PyPI give out (their documentation, read 2026-11-30).
_SECRET_TEXT = re.compile(r"//[^/\s]*@|\b(gh[a-z]_|github_pat_|glpat-|pypi-)\w|-----BEGIN|\bBearer\s", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Return whether a key of this name holds a secret, and not only the place of one (``token_file``)."""
    last = name.rpartition(".")[2]
    return bool(_SECRET_NAME.search(last)) and not _PLACE_NAME.search(last)


def shown(name: str, value: object) -> str:
    """Return ``value`` of the key ``name`` for an error; a secret, and what looks like one, is masked."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return f"[{', '.join(shown(name, one) for one in value[:4])}{', ...' if len(value) > 4 else ''}]"  # noqa: PLR2004
    if is_secret_name(name) or (isinstance(value, str) and _SECRET_TEXT.search(value)):
        return MASK
    text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]}...{text[-1]}"
