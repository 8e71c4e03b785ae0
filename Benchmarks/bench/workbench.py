"""The place where everything runs, and what every measurement shares: the upstream and the front."""

import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from stack.workplace import Part, Workplace

OPEN_FILES = 65_536


def raise_open_files() -> None:
    """For this process and all that it starts; root may raise the hard limit too."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, max(OPEN_FILES, most)))
    except (ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, most), most))


def most_in_flight() -> int:
    """How many requests a peer can have files for: two for each, and some for itself; in thousands."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max((most - 2_000) // 2_000 * 1_000, 100)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


@contextmanager
def workplace(*, keeps: bool = False) -> Iterator[Workplace]:
    """A folder on the disk (`/tmp` may be memory), and whatever is started in it: all is gone when this ends, however
    it ends.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    with _emptied(Path(tempfile.mkdtemp(prefix="pingate-bench-", dir="/var/tmp")), keeps=keeps) as place:
        yield place
    if keeps:
        print(f"kept: {place.folder}")


@contextmanager
def part_of(whole: Workplace, name: str, *, keeps: bool = False) -> Iterator[Workplace]:
    """The same for one measurement: logs and stores are not left to be written out while the next one runs."""
    with _emptied(whole.new_folder(name), keeps=keeps) as place:
        yield place


@contextmanager
def _emptied(folder: Path, *, keeps: bool) -> Iterator[Workplace]:
    place = Workplace(folder)
    try:
        yield place
    finally:
        # A second Ctrl-C must not leave half of it running.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        for part in reversed(place.parts):
            end(part)
        if not keeps:
            shutil.rmtree(place.folder, ignore_errors=True)
        signal.signal(signal.SIGINT, before)


def end(part: Part) -> None:
    """Stops a program, with force when it does not go within a few seconds."""
    if part.is_running:
        part.send(signal.SIGTERM)
        try:
            part.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()
    for pipe in (part.process.stdin, part.process.stdout):
        if pipe:
            pipe.close()
