"""What a service leaves in its home besides what it collects: the files of its log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.errors import SmokeError

if TYPE_CHECKING:
    from tracker.service.definition import ServiceDefinition


def purge_logs(service: ServiceDefinition) -> None:
    """Remove the log file of a service with those that were turned over, and no other file.

    Raises:
        SmokeError: one of them, or their directory, cannot be removed.
    """
    directory = service.log_file.parent
    names = re.compile(rf"{re.escape(service.log_file.name)}(\.\d+)?")
    try:
        for path in sorted(directory.iterdir() if directory.is_dir() else ()):
            if names.fullmatch(path.name):
                path.unlink()
    except OSError as error:
        message = f"{error.filename}: cannot be removed: {error.strerror}"
        raise SmokeError(message, hint="The service is removed; remove its logs yourself.") from error
