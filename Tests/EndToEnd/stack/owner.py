"""The owner of a site, at a terminal."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from stack.pingate import program
from stack.workplace import PROGRAM_PATH


@dataclass(frozen=True)
class Owner:
    """Somebody at a terminal, with the settings of a site."""

    settings: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program("pingate"), *words],
            env={"PATH": PROGRAM_PATH, "PINGATE_CONFIG": str(self.settings)},
            capture_output=True,
            text=True,
            check=False,
        )

    def used(self, row: str, *about: str) -> int:
        """How far a row is used up, by `pingate limits show`."""
        shown = self.run("limits", "show", *about)
        assert shown.returncode == 0, shown.stderr
        (line,) = [line for line in shown.stdout.splitlines() if line.split()[:1] == [row]]
        return int(line.split()[1])
