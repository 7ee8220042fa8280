"""``[network]``: how other machines are reached."""

from __future__ import annotations

from tracker.protocols import NetworkSettings
from tracker.settings import FilePath, Flag, Key, Number, Table, Text

_USUAL = NetworkSettings()

NETWORK = Table(
    (
        Key(
            "offline",
            Flag(),
            "Ask no network; local paths and file: addresses may still be read.",
            _USUAL.offline,
        ),
        Key("proxy", Text(), "Address of the proxy; empty for what the environment says.", _USUAL.proxy),
        Key(
            "ca_file",
            FilePath(must_exist=True),
            "Certificates to trust besides the operating system's; empty for none.",
            "",
            example='ca_file = "company-ca.pem"',
        ),
        Key(
            "timeout_seconds",
            Number(least=0.1),
            "For connecting and for each read.",
            _USUAL.timeout_seconds,
        ),
    ),
    build=lambda read: NetworkSettings(**read),
)
