"""Watch upstream releases, smoke-test combinations of them, publish what works together."""

from pathlib import Path as _Path

__version__ = "0.1.0"

# A wheel ships plugins/, migrations/ and site/ inside this package; a checkout keeps them beside it.
# Searching the checkout as well makes `tracker.plugins` importable there without an installation.
_checkout = _Path(__file__).resolve().parent.parent
if (_checkout / "pyproject.toml").is_file() and (_checkout / "plugins").is_dir():
    __path__.append(str(_checkout))
