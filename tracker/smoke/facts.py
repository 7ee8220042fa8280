"""The facts of this machine, as all plugins together tell them."""

from __future__ import annotations

import logging
import os
import platform
import sys
from typing import TYPE_CHECKING

from tracker import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.protocols import HostFacts

_LOG = logging.getLogger(__name__)


def gather_facts(gatherers: Mapping[str, HostFacts]) -> dict[str, str]:
    """Return all facts by name; a gatherer that fails leaves its facts out and is named in the log."""
    facts = {
        "tracker": __version__,
        "python": platform.python_version(),
        "platform": sys.platform,
        "cores": str(os.cpu_count() or 1),
    }
    for name, gatherer in sorted(gatherers.items()):
        try:
            facts.update(gatherer.gather())
        except Exception:  # noqa: BLE001 - a plugin may fail in any way; the other facts are still true
            _LOG.warning("host facts %s could not be gathered", name, exc_info=True)
    return dict(sorted(facts.items()))
