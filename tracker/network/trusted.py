"""One file of the certificates that git trusts: the operating system's, and those of the configuration besides.

Its ``http.sslCAInfo`` takes the place of the system's own, so both have to be in one file (git-config(1), 2.39).
"""

from __future__ import annotations

import re
import ssl
from pathlib import Path

from tracker.errors import ConfigError

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")


def write_trusted(ca_file: Path, destination: Path) -> Path:
    """Write the system's certificates and those of ``ca_file`` to ``destination`` and return that.

    Raises:
        ConfigError: ``ca_file`` cannot be read, or holds no certificate.
    """
    try:
        own = ca_file.read_text(encoding="utf-8", errors="replace")
        ssl.create_default_context(cadata=own)
    except (OSError, ValueError) as error:
        message = f"network.ca_file = {str(ca_file)!r}: cannot be used: {getattr(error, 'strerror', '') or error}"
        raise ConfigError(message, hint="Name a file of certificates in PEM form.") from error
    text = "\n".join((*_of_the_system(), own, ""))
    destination.parent.mkdir(parents=True, exist_ok=True)
    if not destination.is_file() or destination.read_text(encoding="utf-8") != text:
        partial = destination.with_suffix(".part")
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(destination)
    return destination


def _of_the_system() -> list[str]:
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return [Path(paths.cafile).read_text(encoding="utf-8", errors="replace")]
    hashed = Path(paths.capath).iterdir() if paths.capath else ()
    files = sorted(path for path in hashed if _HASHED.fullmatch(path.name) and path.is_file())
    if files:
        return list(dict.fromkeys(path.read_text(encoding="utf-8", errors="replace") for path in files))
    # On Windows there are no files, but the library reads the system's store.
    held = ssl.create_default_context().get_ca_certs(binary_form=True)
    return [ssl.DER_cert_to_PEM_cert(one) for one in held]
