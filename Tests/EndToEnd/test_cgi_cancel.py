"""A CGI program is asked for another number before the provider lets go of the first one."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stack import apache, flow, lighttpd, listening, pingate
from stack.clock import Clock
from stack.confidential import Confidential
from stack.doors import Door
from stack.page import Page
from stack.pingate import program
from stack.sandbox import Sandbox
from stack.transports import as_a_cgi_program, cgi_parameters
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Workplace

# What Vonage wants, and the second that PinGate adds.
EARLIEST = 31


@dataclass(frozen=True)
class Hosting:
    """A PinGate for each request, with a clock of its own."""

    door: Door
    clock: Clock
    # The file of the program, which nothing else runs.
    program: Path

    def left(self) -> list[Path]:
        """The processes of the program that no web server waits for, by their folders in `/proc`."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if Path(os.readlink(process / "exe")) == self.program:
                    found.append(process)
            except OSError:
                continue
        return [process for process in found if b"end-request" in words(process / "cmdline")]


def words(file: Path) -> list[bytes]:
    try:
        return file.read_bytes().split(b"\0")
    except OSError:
        return []


def home(workplace: Workplace, confidential: Confidential, api: str) -> tuple[Path, Clock]:
    """A user's folder, with the program, its settings, its counters, and a script that starts it."""
    folder = workplace.new_folder("home")
    (folder / "pingate" / "bin").mkdir(parents=True)
    clock = Clock(folder / "pingate" / "time")
    shutil.copy(program("pingate"), folder / "pingate" / "bin")
    pingate.write_settings(folder / "pingate" / "pingate.conf", confidential, api)
    if os.getuid() == 0:
        shutil.chown(folder / "pingate", "www-data")
        shutil.chown(folder / "pingate" / "pingate.conf", "www-data")
    (folder / "cgi-bin").mkdir()
    script = folder / "cgi-bin" / "pingate"
    exports = "".join(f"export {name}={value}\n" for name, value in clock.environment.items())
    script.write_text(f"#!/bin/sh\n{exports}exec {folder}/pingate/bin/pingate\n")
    script.chmod(0o755)
    return folder, clock


def behind_apache(
    workplace: Workplace, confidential: Confidential, api: str, certificate: tuple[Path, Path]
) -> Hosting:
    folder, clock = home(workplace, confidential, api)
    log, access_log = workplace.new_log("apache-cancel"), workplace.new_log("apache-cancel-access")
    (folder / "public").mkdir()
    _, port = apache.start(workplace, folder / "public", folder / "cgi-bin", *certificate, log, access_log)
    return Hosting(
        Door(f"https://127.0.0.1:{port}/cgi-bin/pingate/", log), clock, folder / "pingate" / "bin" / "pingate"
    )


def behind_lighttpd(
    workplace: Workplace, confidential: Confidential, api: str, certificate: tuple[Path, Path]
) -> Hosting:
    folder, clock = home(workplace, confidential, api)
    log = workplace.new_log("lighttpd-cancel")
    listener = listening.on_loopback()
    start = f"http://127.0.0.1:{listening.port(listener)}/cgi-bin/pingate/"
    configuration = f"""
        server.modules = ( "mod_alias", "mod_cgi" )
        server.bind = "127.0.0.1"
        server.port = {listening.port(listener)}
        server.document-root = "{folder}/cgi-bin"
        alias.url = ( "/cgi-bin/" => "{folder}/cgi-bin/" )
        server.errorlog = "{log}"
        server.breakagelog = "{log}"
        $HTTP["url"] =~ "^/cgi-bin/" {{ cgi.assign = ( "" => "" ) }}
    """
    lighttpd.start(workplace, "lighttpd-cancel", configuration, [listener], log)
    return Hosting(Door(start, log), clock, folder / "pingate" / "bin" / "pingate")


@pytest.fixture(params=[behind_apache, behind_lighttpd], ids=["Apache", "lighttpd"])
def hosting(
    request: pytest.FixtureRequest,
    workplace: Workplace,
    confidential: Confidential,
    counting: Sandbox,
    certificate: tuple[Path, Path],
) -> Iterator[Hosting]:
    start: Callable[..., Hosting] = request.param
    count = len(workplace.parts)
    running = start(workplace, confidential, counting.api, certificate)
    yield running
    for part in reversed(workplace.parts[count:]):
        part.stop()


def press_another_number(visitor: Visitor, page: Page) -> Page:
    """Its button is in the second form, which carries the same as the first."""
    return visitor.post(visitor.start + "cancel", {"requestId": page.form.fields["requestId"]})


def test_another_number_ends_the_request_as_soon_as_the_provider_permits(
    hosting: Hosting, counting: Sandbox, confidential: Confidential
) -> None:
    visitor = hosting.door.visitor()
    page = flow.ask_for_pin(visitor, confidential.new_number())
    for _ in range(3):
        form = press_another_number(visitor, page)
        assert (form.status, "number" in form.form.fields) == (200, True)
    (process,) = until(hosting.left, "a process that was left")
    check_that_it_holds_nothing(process, page)
    assert counting.statistics()["running"] == 1

    counting.advance(EARLIEST)
    hosting.clock.set(EARLIEST)
    until(lambda: counting.statistics()["running"] == 0, "the end of the request")
    until(lambda: not hosting.left(), "the end of the process")
    assert counting.statistics()["controls"] == 1
    # It ended well, and its number is free for a new request.
    flow.ask_for_pin(hosting.door.visitor(), confidential.new_number())


def check_that_it_holds_nothing(process: Path, page: Page) -> None:
    """No pipe of the web server's, nothing of the request, and nobody's session but its own."""
    assert os.getsid(int(process.name)) == int(process.name)
    assert process.joinpath("cmdline").read_bytes() == b"pingate\0end-request\0"
    environment = process.joinpath("environ").read_bytes()
    assert page.form.fields["requestId"].encode() not in environment
    names = {word.partition(b"=")[0] for word in environment.split(b"\0")}
    assert not {name for name in names if name.startswith((b"HTTP_", b"GATEWAY_", b"REMOTE_", b"SCRIPT_", b"SERVER_"))}
    for number in (1, 2):
        assert os.readlink(process / "fd" / str(number)) == "/dev/null"
    pipes = [file for file in process.joinpath("fd").iterdir() if stat.S_ISFIFO(file.stat().st_mode)]
    assert [file.name for file in pipes] == ["0"]


def test_a_request_that_is_old_enough_leaves_nothing(
    hosting: Hosting, counting: Sandbox, confidential: Confidential
) -> None:
    visitor = hosting.door.visitor()
    page = flow.ask_for_pin(visitor, confidential.new_number())
    counting.advance(EARLIEST)
    hosting.clock.set(EARLIEST)
    assert press_another_number(visitor, page).status == 200
    assert (counting.statistics()["running"], hosting.left()) == (0, [])


def test_a_command_line_and_a_pipe_do_not_make_one(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    """Under a web server the words are a visitor's; elsewhere what comes on the pipe must be PinGate's own."""
    settings = pingate.write_settings(
        workplace.new_folder("no-role") / "pingate.conf", confidential, counting.api
    )
    usual = {"PINGATE_CONFIG": str(settings)}

    def run(given: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
        command = [program("pingate"), "end-request"]
        return subprocess.run(command, input=given, env={**usual, **environment}, capture_output=True, check=False)


    visitor = Visitor(as_a_cgi_program(settings, workplace.new_log("no-role")), "http://www.example.com/")
    page = flow.ask_for_pin(visitor, confidential.new_number())
    counting.advance(EARLIEST)
    visitors = page.form.fields["requestId"].encode()
    for given in (b"", b"x", visitors, visitors * 4, b"\0" * 100_000):
        assert run(given).returncode == 64
    answer = run(visitors, **cgi_parameters("GET", "http://www.example.com/?end-request", {}, b""))
    assert b"<h1>" in answer.stdout
    nothing = subprocess.run([program("pingate"), "end-request"], env=usual, stdin=subprocess.DEVNULL, check=False)
    assert nothing.returncode == 64
    assert (counting.statistics()["controls"], counting.statistics()["running"]) == (0, 1)
