"""How a table of tracker.toml is described: one description for the reader, the JSON Schema and ``tracker init``."""

from typing import TYPE_CHECKING

from tracker.lazily import loader

if TYPE_CHECKING:
    from tracker.settings.containers import Anything, AnyValue, Named, Tables, Texts
    from tracker.settings.faults import Faults, Place
    from tracker.settings.kinds import Address, Choice, Day, FilePath, Flag, Kind, Number, Text, Whole
    from tracker.settings.masking import is_secret_name, shown
    from tracker.settings.secrets import Secret, SecretPlace, read_secret_file
    from tracker.settings.table import REQUIRED, Key, Later, Table

__all__ = [
    "REQUIRED",
    "Address",
    "AnyValue",
    "Anything",
    "Choice",
    "Day",
    "Faults",
    "FilePath",
    "Flag",
    "Key",
    "Kind",
    "Later",
    "Named",
    "Number",
    "Place",
    "Secret",
    "SecretPlace",
    "Table",
    "Tables",
    "Text",
    "Texts",
    "Whole",
    "is_secret_name",
    "read_secret_file",
    "shown",
]

__getattr__ = loader(
    __name__,
    {
        "containers": "Anything AnyValue Named Tables Texts",
        "faults": "Faults Place",
        "kinds": "Address Choice Day FilePath Flag Kind Number Text Whole",
        "masking": "is_secret_name shown",
        "secrets": "Secret SecretPlace read_secret_file",
        "table": "REQUIRED Key Later Table",
    },
)
