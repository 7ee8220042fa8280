"""The build backend of a small project, which needs nothing but Python; also writes wheels for it to depend on."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

_TELL = "import json, os, sys\nprint(json.dumps([{name!r}, os.getcwd(), *sys.argv[1:]]))\nsys.exit({code})\n"


def write_wheel(directory: Path, distribution: str, program: str, exit_code: int = 0) -> str:
    """Write a wheel whose one program tells how it was called, and return the wheel's name."""
    module = program.replace("-", "_")
    escaped = distribution.replace("-", "_")
    told = _TELL.format(name=program, code=exit_code)
    members = {
        f"{module}/__init__.py": "def main():\n    " + told.replace("\n", "\n    "),
        f"{module}/__main__.py": told,
        f"{escaped}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n",
        f"{escaped}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{escaped}-1.0.dist-info/entry_points.txt": f"[console_scripts]\n{program} = {module}:main\n",
    }
    record = "".join(f"{name},,\n" for name in (*members, f"{escaped}-1.0.dist-info/RECORD"))
    name = f"{escaped}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(directory / name, "w") as wheel:
        for member, content in {**members, f"{escaped}-1.0.dist-info/RECORD": record}.items():
            wheel.writestr(member, content)
    return name


def build_editable(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    """Build the project itself, as pip asks for (PEP 660)."""
    del config_settings, metadata_directory
    return write_wheel(Path(wheel_directory), "tracker", "tracker", 7)


if __name__ == "__main__":
    folder, *pairs = sys.argv[1:]
    for pair in pairs:
        distribution, program, *exit_code = pair.split("=")
        write_wheel(Path(folder), distribution, program, int(*exit_code))
