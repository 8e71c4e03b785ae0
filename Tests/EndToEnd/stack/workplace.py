"""One temporary folder with everything that the run makes, and the processes that it starts."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from stack.waiting import PAUSE, until

# How often a program that never rests is looked at before its log is read all the same.
MOST_LOOKS = 250

PROGRAM_PATH = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"


class EndedEarly(AssertionError):
    """A server ended before it could be used."""


@dataclass
class Part:
    """One process that was started here, with the file that its standard error goes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self) -> int:
        """Waits for the end. Returns the exit status; a signal counts negative."""
        until(lambda: not self.is_running, f"the end of {self.name}", tries=2000)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        return self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks for the end with a signal, and kills what does not obey. Returns the exit status."""
        if self.is_running:
            self.send(number)
        try:
            return self.wait()
        except AssertionError:
            self.process.kill()
            self.process.wait()
            raise

    def log_text(self) -> str:
        """What it has logged by now.

        PinGate answers without waiting for its log, which has a thread of its own: that thread is at work, or about to
        be, while there is something to write.
        """
        for _ in range(MOST_LOOKS):
            if not self._is_busy:
                break
            time.sleep(PAUSE)
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def _is_busy(self) -> bool:
        """Whether one of its threads runs, or waits for a processor or a disk."""
        try:
            tasks = [(task / "stat").read_text() for task in Path(f"/proc/{self.pid}/task").iterdir()]
        except OSError:
            return self.is_running  # a thread has ended just now
        return any(task.rpartition(")")[2].split()[0] in "RD" for task in tasks)

    def until_ready(self, is_ready: Callable[[], bool]) -> None:
        """Waits until it can be used.

        :raises EndedEarly: when it ends before.
        """

        def ready_or_ended() -> bool:
            if not self.is_running:
                raise EndedEarly(f"{self.name} ended with {self.process.returncode}:\n{self.log_text()}")
            return is_ready()

        until(ready_or_ended, f"{self.name} to be ready")


@dataclass
class Workplace:
    """The folder of the run, and what runs in it."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="pingate-", dir="/tmp")))
    parts: list[Part] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        # Servers that give up their rights must still be able to look into it, and to write their logs.
        self.folder.chmod(0o755)
        self.logs.mkdir()
        self.logs.chmod(0o777)

    @property
    def logs(self) -> Path:
        """Every file in here is a log, and searched for secrets when the run ends."""
        return self.folder / "logs"

    def new_log(self, name: str) -> Path:
        self._count += 1
        return self.logs / f"{self._count:03}-{name}.log"

    def new_folder(self, name: str) -> Path:
        self._count += 1
        folder = self.folder / f"{self._count:03}-{name}"
        folder.mkdir(mode=0o755)
        return folder

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        descriptors: Sequence[int] = (),
        output: IO[bytes] | None = None,
        log: Path | None = None,
    ) -> Part:
        """Starts a program whose environment is nothing but `PATH` and what is given.

        :param descriptors: the open files that it inherits, under their own numbers.
        :param output: where its standard output goes; by default into its log.
        """
        log = log or self.new_log(name)
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [str(word) for word in command],
                env={"PATH": PROGRAM_PATH, **(environment or {})},
                cwd=folder or self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output or errors,
                stderr=errors,
                pass_fds=descriptors,
            )
        part = Part(name, process, log)
        self.parts.append(part)
        return part

    def close(self) -> None:
        """Stops everything that still runs, what was started last first, and removes the folder."""
        for part in reversed(self.parts):
            part.stop()
        shutil.rmtree(self.folder)
