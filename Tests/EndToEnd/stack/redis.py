"""A redis-server of the test's own, at a Unix socket."""

from dataclasses import dataclass
from pathlib import Path

from stack import listening
from stack.workplace import Part, Workplace


@dataclass
class Redis:
    workplace: Workplace
    part: Part
    folder: Path
    socket: Path

    @property
    def store(self) -> str:
        """What `PINGATE_STORE` is set to."""
        return f"redis+unix://{self.socket}"

    def restart(self) -> None:
        self.part = _run(self.workplace, self.folder, self.socket)


def start(workplace: Workplace) -> Redis:
    folder = workplace.new_folder("redis")
    socket = folder / "redis.sock"
    return Redis(workplace, _run(workplace, folder, socket), folder, socket)


def _run(workplace: Workplace, folder: Path, socket: Path) -> Part:
    command: list[str | Path] = ["redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder]
    part = workplace.start("redis", [*command, "--appendonly", "yes", "--appendfsync", "always", "--save", ""])
    part.until_ready(lambda: listening.accepts(socket))
    return part
