"""Restarts, as systemd makes them: the socket stays, the program is stopped and started again."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from stack import apache, crowd, doors, flow, listening, nginx, pingate
from stack.confidential import Confidential
from stack.doors import Site
from stack.sandbox import Sandbox
from stack.transports import through_cgi_fcgi
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Part, Workplace

RESTARTS = 20
VISITORS = 8


class Service:
    """A PinGate whose socket is held by somebody else, as `pingate.socket` and `pingate.service` are."""

    def __init__(self, workplace: Workplace, confidential: Confidential, api: str) -> None:
        self.workplace = workplace
        folder = workplace.new_folder("service")
        self.socket = folder / "pingate.sock"
        self.settings = pingate.write_settings(folder / "pingate.conf", confidential, api)
        self.log = workplace.new_log("service")
        self.listener = listening.at(self.socket)
        self.socket.chmod(0o666)  # for web servers that do not connect as root
        self.part = self._start()

    def restart(self) -> int:
        """Ends the program and starts it again. Returns how it ended."""
        status = self.part.stop()
        self.part = self._start()
        return status

    def close(self) -> None:
        self.part.stop()
        self.listener.close()

    def _start(self) -> Part:
        with listening.Inheritance([self.listener]) as sockets:
            return self.workplace.start(
                "service",
                listening.as_systemd(pingate.serve()),
                environment={"PINGATE_CONFIG": str(self.settings), "SOURCES": " ".join(sockets.numbers)},
                descriptors=sockets.descriptors,
                log=self.log,
            )


@pytest.fixture
def service(site: Site) -> Iterator[Service]:
    running = Service(site.workplace, site.confidential, site.api)
    yield running
    running.close()


@dataclass
class Load:
    """What came of visitors who registered one number after another while the program was restarted."""

    # How the program ended, each time.
    exits: list[int] = field(default_factory=list)
    # The number, and the status of its answer.
    answers: list[tuple[str, int]] = field(default_factory=list)


async def restart_under_load(url: str, service: Service, confidential: Confidential) -> Load:
    load = Load()
    ended = asyncio.Event()

    async def visit() -> None:
        while not ended.is_set():
            number = confidential.new_number()
            page = await crowd.post(url + "register", {"number": "+" + number})
            load.answers.append((number, page.status))

    visitors = [asyncio.create_task(visit()) for _ in range(VISITORS)]
    for _ in range(RESTARTS):
        before = len(load.answers)
        while len(load.answers) < before + VISITORS and not any(visitor.done() for visitor in visitors):
            await asyncio.sleep(0.01)
        load.exits.append(await asyncio.to_thread(service.restart))
    ended.set()
    await asyncio.gather(*visitors)
    return load


def test_no_request_fails_while_the_program_is_restarted(
    service: Service, workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    """With a connection for each request, as nginx.conf.example has it."""
    server = nginx.start(workplace, "nginx-restart", f"location / {{ fastcgi_pass unix:{service.socket}; }}")
    load = asyncio.run(restart_under_load(server.url, service, confidential))
    server.part.stop()
    assert load.exits == [0] * RESTARTS
    assert {status for _, status in load.answers} == {200}
    assert len(load.answers) >= RESTARTS * VISITORS
    sandbox.messages()


class Running(Protocol):
    """A web server."""

    @property
    def part(self) -> Part: ...

    @property
    def url(self) -> str: ...


def apache_that_keeps_connections(workplace: Workplace, socket: Path) -> Running:
    # Without the variable Apache sends everything in chunks, of which a visitor cannot see whether the last one came.
    proxy = doors.apache_proxy(f"unix:{socket}|fcgi://localhost/", "enablereuse=on")
    configuration = f"SetEnv ap_trust_cgilike_cl yes\n{proxy}"
    return apache.start_whole(workplace, "apache-restart", doors.APACHE_PROXY_MODULES, configuration)


def haproxy_that_keeps_connections(workplace: Workplace, socket: Path) -> Running:
    return doors.haproxy_that_keeps_connections(workplace, f"unix@{socket}")


KEEPING: dict[str, Callable[[Workplace, Path], Running]] = {
    "nginx": doors.keep_alive_nginx,
    "Apache": apache_that_keeps_connections,
    "HAProxy": haproxy_that_keeps_connections,
    "h2o": doors.h2o_that_keeps_connections,
}


@pytest.mark.parametrize("start", list(KEEPING.values()), ids=list(KEEPING))
def test_a_request_on_a_kept_connection_is_answered_or_not_begun(
    start: Callable[[Workplace, Path], Running],
    service: Service,
    workplace: Workplace,
    sandbox: Sandbox,
    confidential: Confidential,
) -> None:
    """FastCGI has no way to say that a connection ends: a web server may send a request just when PinGate closes it.

    It answers such a request with 502 or 503. Then nothing was sent, and trying again is safe.
    """
    server = start(workplace, service.socket)
    load = asyncio.run(restart_under_load(server.url, service, confidential))
    server.part.stop()
    assert load.exits == [0] * RESTARTS
    assert {status for _, status in load.answers} <= {200, 502, 503}
    sent = {message["to"] for message in sandbox.messages()}
    assert not sent.intersection(number for number, status in load.answers if status != 200)


def test_a_pin_form_outlives_a_restart(service: Service, sandbox: Sandbox, confidential: Confidential) -> None:
    """Nothing of a pending request is kept in the program."""
    visitor = Visitor(through_cgi_fcgi(service.socket), "http://www.example.com/")
    number = confidential.new_number()
    page = flow.ask_for_pin(visitor, number)
    assert service.restart() == 0
    assert visitor.submit(page, pin=sandbox.pin_of(number)).heading == flow.VERIFIED


def test_systemds_own_activation_starts_it(site: Site, sandbox: Sandbox, confidential: Confidential) -> None:
    """`systemd-socket-activate` holds the socket and starts the program at the first visit."""
    folder = site.workplace.new_folder("systemd")
    socket = folder / "pingate.sock"
    settings = pingate.write_settings(folder / "pingate.conf", confidential, site.api)
    activate = shutil.which("systemd-socket-activate")
    assert activate, "the package systemd is missing"
    command: list[str | Path] = [activate, "-l", socket, "-E", f"PINGATE_CONFIG={settings}"]
    part = site.workplace.start("systemd", [*command, *pingate.serve()])
    until(lambda: socket.exists(), "the socket")
    flow.verify(Visitor(through_cgi_fcgi(socket), "http://www.example.com/"), sandbox, confidential.new_number())
    # It has become the program by now, which ends well.
    assert part.stop() == 0
