"""Listening sockets that a server is handed when it starts, so that no test depends on a port that is free by luck."""

import fcntl
import socket
from collections.abc import Sequence
from pathlib import Path

BACKLOG = 4096

# systemd's protocol for passing sockets (sd_listen_fds(3)): they are the files from 3 on, and meant for this process.
AS_SYSTEMD = """
number=3
for file in $SOURCES; do
  eval "exec $number<&$file $file<&-"
  number=$((number + 1))
done
export LISTEN_FDS=$((number - 3)) LISTEN_PID=$$
unset SOURCES
exec "$@"
"""


def on_loopback() -> socket.socket:
    """A TCP socket on 127.0.0.1 and a port that the kernel chose."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(BACKLOG)
    return listener


def at(path: Path) -> socket.socket:
    """A Unix socket at a path."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(BACKLOG)
    return listener


def port(listener: socket.socket) -> int:
    number = listener.getsockname()[1]
    assert isinstance(number, int)
    return number


def accepts(address: Path | int) -> bool:
    """Whether somebody listens at the path of a Unix socket, or at a port of 127.0.0.1."""
    unix = isinstance(address, Path)
    with socket.socket(socket.AF_UNIX if unix else socket.AF_INET, socket.SOCK_STREAM) as client:
        try:
            client.connect(str(address) if unix else ("127.0.0.1", address))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port that was free a moment ago, for a server that cannot be handed a socket."""
    with on_loopback() as listener:
        return port(listener)


class Inheritance:
    """Copies of sockets for one child, with numbers that nothing else has; closed when the child has them."""

    LOWEST = 100

    def __init__(self, sockets: Sequence[socket.socket]) -> None:
        self.descriptors = [fcntl.fcntl(each.fileno(), fcntl.F_DUPFD_CLOEXEC, self.LOWEST) for each in sockets]

    def __enter__(self) -> "Inheritance":
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in self.descriptors:
            socket.close(descriptor)

    @property
    def numbers(self) -> list[str]:
        return [str(descriptor) for descriptor in self.descriptors]


def as_systemd(command: Sequence[str | Path]) -> list[str | Path]:
    """The command, started as systemd starts a service that has sockets. `SOURCES` names the files to hand over."""
    return ["bash", "-c", AS_SYSTEMD, "bash", *command]
