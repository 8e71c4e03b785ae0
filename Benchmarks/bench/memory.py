"""How much memory programs hold: proportional set size, so that what processes share is counted once (proc(5))."""

import subprocess
import time
from collections.abc import Iterable
from pathlib import Path


def pss_of(rollup: str) -> int:
    """The proportional set size in a `smaps_rollup`, in bytes."""
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may hold anything.
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(status.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def held_by(pids: Iterable[int]) -> int:
    """The sum, in bytes; a process that has just ended holds nothing."""
    total = 0
    for pid in pids:
        try:
            total += pss_of(_read(Path(f"/proc/{pid}/smaps_rollup")))
        except (OSError, subprocess.CalledProcessError):
            continue
    return total


def _read(file: Path) -> str:
    """A program with secrets, like PinGate, lets none but root look."""
    try:
        return file.read_text()
    except PermissionError:
        return subprocess.run(["sudo", "-n", "cat", file], check=True, capture_output=True, text=True).stdout


def highest(pid: int, seconds: float, pause: float = 0.5) -> int:
    """The most that a program and its descendants held while this watched."""
    most = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        most = max(most, held_by(family(pid)))
        time.sleep(pause)
    return most
