"""Where the files that ship with the package lie, in a wheel as in a checkout.

A wheel holds ``plugins/``, ``migrations/`` and ``site/`` inside the ``tracker`` package; a checkout and an
editable installation hold them beside it. They are found by path, since ``site`` is no Python package.
"""

from __future__ import annotations

from pathlib import Path


def bundle_root() -> Path:
    """Return the directory that holds ``migrations/`` and ``site/``."""
    package = Path(__file__).resolve().parent
    return package if (package / "site").is_dir() else package.parent


def migrations_dir() -> Path:
    """Return the directory of the Alembic environment."""
    return bundle_root() / "migrations"


def site_dir() -> Path:
    """Return the directory of templates, styles and scripts that pages are made from."""
    return bundle_root() / "site"
