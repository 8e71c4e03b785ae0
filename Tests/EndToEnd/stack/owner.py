"""The owner of a site, at a terminal, with its settings."""

import subprocess
from pathlib import Path

from stack.pingate import program
from stack.workplace import PROGRAM_PATH


def used(settings: Path, row: str, *about: str) -> int:
    """How far a row is used up, by `pingate limits show`."""
    shown = subprocess.run(
        [program("pingate"), "limits", "show", *about],
        env={"PATH": PROGRAM_PATH, "PINGATE_CONFIG": str(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    (line,) = [line for line in shown.stdout.splitlines() if line.split()[0] == row]
    return int(line.split()[1])
