"""A log that nobody reads keeps nobody waiting: standard error is a pipe without room, and stays so while requests are
answered."""

import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from stack import pingate, records
from stack.doors import Site
from stack.pingate import PinGate
from stack.transports import as_a_cgi_program, cgi_parameters, through_our_own_client
from stack.visitor import Visitor
from stack.waiting import until

LOST = re.compile(r"^\((\d+) lines? of the log (?:were|was) lost: nobody took (?:them|it)\)$", re.MULTILINE)
START = "http://www.example.com/"


@dataclass(frozen=True)
class FullPipe:
    """A named pipe, filled to its brim."""

    path: Path
    descriptor: int
    size: int

    @property
    def waiting(self) -> int:
        """How many bytes are in it."""
        (count,) = struct.unpack("i", fcntl.ioctl(self.descriptor, termios.FIONREAD, b"\0" * 4))
        assert isinstance(count, int)
        return count

    def read(self) -> str:
        """All that is in it now, with the dots that it was filled with."""
        text = b""
        while self.waiting:
            text += os.read(self.descriptor, 65_536)
        return text.decode()


@pytest.fixture
def full_pipe(site: Site) -> Iterator[FullPipe]:
    path = site.workplace.new_folder("log") / "pipe"
    os.mkfifo(path)
    # Not blocking here; whoever opens it by its name waits.
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    size = 0
    try:
        while True:
            size += os.write(descriptor, b"." * 4_096)
    except BlockingIOError:
        pass
    yield FullPipe(path, descriptor, size)
    os.close(descriptor)


def start(site: Site, pipe: FullPipe) -> PinGate:
    command: list[str | Path] = ["sh", "-c", 'exec "$1" serve 2>"$2"', "sh", pingate.program("pingate"), pipe.path]
    return pingate.start(site.workplace, site.confidential, site.api, "unread", command)


def test_a_log_that_nobody_reads_delays_no_request(site: Site, full_pipe: FullPipe) -> None:
    target = start(site, full_pipe)
    visitor = Visitor(through_our_own_client(target.socket), START)
    for count in range(100):
        assert visitor.post(START + "register", {"number": f"none {count}"}).status == 422
        assert visitor.open("style.css").status == 200
    # All of them, while not a byte of the log could be written.
    assert full_pipe.waiting == full_pipe.size

    lines = ""

    def all_are_there() -> bool:
        nonlocal lines
        lines += full_pipe.read()
        return lines.count(" number.unreadable ") == 100

    until(all_are_there, "the log")
    assert not LOST.search(lines)
    assert target.part.stop() == 0


def test_what_is_lost_is_counted_and_said_once(site: Site, full_pipe: FullPipe) -> None:
    target = start(site, full_pipe)
    forms = 5_000
    refuse(target.socket, forms)
    assert full_pipe.waiting == full_pipe.size
    lines = ""

    def is_said() -> bool:
        nonlocal lines
        lines += full_pipe.read()
        return bool(LOST.search(lines))

    until(is_said, "the log")
    assert len(LOST.findall(lines)) == 1
    lost = int(LOST.findall(lines)[0])
    assert lost > 0
    assert lines.count(" number.unreadable ") + lost == forms
    # And on it goes.
    refuse(target.socket, 1)
    until(lambda: " number.unreadable " in full_pipe.read(), "the next line")
    assert target.part.stop() == 0


def refuse(path: Path, forms: int) -> None:
    """Sends so many forms with a number that is none over one connection, and reads all answers."""
    body = b"number=none"
    fields = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    parameters = cgi_parameters("POST", START + "register", fields, body)
    request = records.request(parameters, body, flags=records.KEEP_CONNECTION)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        with closing(connection.makefile("rb")) as answers:
            for _ in range(forms // 50 or 1):
                batch = min(forms, 50)
                connection.sendall(request * batch)
                for _ in range(batch):
                    assert records.output(answers).startswith(b"Status: 422")


def test_it_does_not_keep_the_program_from_ending(site: Site, full_pipe: FullPipe) -> None:
    target = start(site, full_pipe)
    visitor = Visitor(through_our_own_client(target.socket), START)
    assert visitor.post(START + "register", {"number": "none"}).status == 422
    assert target.part.stop(signal.SIGTERM) == 0
    assert full_pipe.waiting == full_pipe.size


@pytest.mark.parametrize("limits", [[], ["--nofile=8"]])
def test_a_service_that_cannot_serve_ends(site: Site, full_pipe: FullPipe, limits: list[str]) -> None:
    """It is not told where to listen, or there is no room for it; and nobody reads why."""
    settings = pingate.write_settings(
        site.workplace.new_folder("unread") / "pingate.conf", site.confidential, site.api
    )
    command = ["sh", "-c", 'log=$1; shift; exec "$@" 2>"$log"', "sh", full_pipe.path, "prlimit", *limits]
    done = subprocess.run(
        [*command, pingate.program("pingate"), "serve"], env={"PINGATE_CONFIG": str(settings)},
        stdin=subprocess.DEVNULL, timeout=60, check=False,
    )
    assert done.returncode == (71 if limits else 78)
    assert full_pipe.waiting == full_pipe.size


def test_as_a_cgi_program_it_answers_all_the_same(site: Site, full_pipe: FullPipe) -> None:
    settings = pingate.write_settings(
        site.workplace.new_folder("unread") / "pingate.conf", site.confidential, site.api
    )
    visitor = Visitor(as_a_cgi_program(settings, full_pipe.path), START)
    assert visitor.post(START + "register", {"number": "none"}).status == 422
    assert full_pipe.waiting == full_pipe.size
