"""Visitors with forms that are too large, cut off or forged, behind every web server that keeps its connections: those who
share a connection with them do not notice, and what they sent is never taken for a request.

FastCGI is framed (specification 1.0, section 3.3): what nobody wanted to read of a request is read to its end and dropped,
and the connection serves the next one.
"""

import http.client
import random
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from stack import apache, doors, flow, lighttpd, listening, pingate, records
from stack.confidential import Confidential
from stack.doors import Site
from stack.sandbox import Sandbox
from stack.transports import over_http
from stack.visitor import Visitor
from stack.workplace import Workplace

FORM = "application/x-www-form-urlencoded"
SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A web server on a port, with a PinGate behind it."""

    port: int
    is_running: Callable[[], bool]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def nginx_that_buffers(site: Site) -> Server:
    """One kept connection: whatever is left on it meets the very next request."""
    behind = pingate.start(site.workplace, site.confidential, site.api)
    server = doors.keep_alive_nginx(site.workplace, behind.socket, connections=1)
    return Server(server.port, lambda: behind.part.is_running)


def nginx_that_streams(site: Site) -> Server:
    behind = pingate.start(site.workplace, site.confidential, site.api)
    more = "fastcgi_request_buffering off; fastcgi_buffering off;"
    server = doors.keep_alive_nginx(site.workplace, behind.socket, connections=4, more=more)
    return Server(server.port, lambda: behind.part.is_running)


def apache_over_unix(site: Site) -> Server:
    return apache_before(site, "enablereuse=on")


def apache_as_it_comes(site: Site) -> Server:
    return apache_before(site, "")


def apache_before(site: Site, parameters: str) -> Server:
    behind = pingate.start(site.workplace, site.confidential, site.api, **doors.for_apache())
    configuration = doors.apache_proxy(f"unix:{behind.socket}|fcgi://localhost/", parameters)
    server = apache.start_whole(site.workplace, "apache-fcgi", doors.APACHE_PROXY_MODULES, configuration)
    return Server(server.port, lambda: behind.part.is_running)


def apache_over_tcp(site: Site) -> Server:
    part, port = pingate.start_on_loopback(site.workplace, site.confidential, site.api)
    configuration = doors.apache_proxy(f"fcgi://127.0.0.1:{port}/", "enablereuse=on")
    server = apache.start_whole(site.workplace, "apache-fcgi", doors.APACHE_PROXY_MODULES, configuration)
    return Server(server.port, lambda: part.is_running)


def lighttpd_that_streams(bodies: int) -> Callable[[Site], Server]:
    def build(site: Site) -> Server:
        behind = pingate.start(site.workplace, site.confidential, site.api, **doors.for_apache())
        listener = listening.on_loopback()
        port = listening.port(listener)
        configuration = f"""
            server.modules = ( "mod_fastcgi" )
            server.bind = "127.0.0.1"
            server.port = {port}
            server.document-root = "/var/empty"
            server.stream-request-body = {bodies}
            server.errorlog = "{site.workplace.new_log("lighttpd-streaming")}"
            fastcgi.server = ( "/" => (( "socket" => "{behind.socket}", "check-local" => "disable" )) )
        """
        lighttpd.start(site.workplace, "lighttpd-streaming", configuration, [listener])
        return Server(port, lambda: behind.part.is_running)

    return build


def haproxy_over_unix(site: Site) -> Server:
    behind = pingate.start(site.workplace, site.confidential, site.api, **doors.for_apache())
    server = doors.haproxy_that_keeps_connections(site.workplace, f"unix@{behind.socket}")
    return Server(server.port, lambda: behind.part.is_running)


def haproxy_over_tcp(site: Site) -> Server:
    part, port = pingate.start_on_loopback(site.workplace, site.confidential, site.api)
    server = doors.haproxy_that_keeps_connections(site.workplace, f"127.0.0.1:{port}")
    return Server(server.port, lambda: part.is_running)


def h2o_over_unix(site: Site) -> Server:
    behind = pingate.start(site.workplace, site.confidential, site.api, **doors.for_apache())
    server = doors.h2o_that_keeps_connections(site.workplace, behind.socket)
    return Server(server.port, lambda: behind.part.is_running)


SERVERS: dict[str, Callable[[Site], Server]] = {
    "nginx": nginx_that_buffers,
    "nginx that streams": nginx_that_streams,
    "Apache with enablereuse": apache_over_unix,
    "Apache with enablereuse over TCP": apache_over_tcp,
    "Apache as it comes": apache_as_it_comes,
    "lighttpd": lighttpd_that_streams(0),
    "lighttpd that streams": lighttpd_that_streams(1),
    "lighttpd that streams without a buffer": lighttpd_that_streams(2),
    "HAProxy": haproxy_over_unix,
    "HAProxy over TCP": haproxy_over_tcp,
    "h2o": h2o_over_unix,
}


@pytest.fixture(scope="module", params=list(SERVERS.values()), ids=list(SERVERS))
def server(request: pytest.FixtureRequest, site: Site) -> Iterator[Server]:
    build: Callable[[Site], Server] = request.param
    count = len(site.workplace.parts)
    yield build(site)
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


def post(port: int, body: bytes, *, kind: str = FORM, chunked: bool = False) -> tuple[int, str]:
    """Sends a form to be registered, on a connection of its own. Returns the status and the page.

    A server may answer before it has read everything, and then reads no more.
    """
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
        try:
            parts = [body[start : start + 5_000] for start in range(0, len(body), 5_000)]
            connection.request("POST", "/register", parts if chunked else body, {"Content-Type": kind})
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def honest_problem(port: int, name: str) -> str | None:
    """Types something that is no number into the form, which is shown again with it; what went wrong, if anything did."""
    try:
        status, page = post(port, b"number=" + name.encode())
    except (OSError, http.client.HTTPException) as error:
        return f"{name}: {error!r}"
    return None if status == 422 and name in page else f"{name}: {status}"


def leave_early(port: int, body: bytes, sent: int) -> None:
    """Begins to send a form, and is gone."""
    head = f"POST /register HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        try:
            connection.sendall(head.encode() + body[:sent])
        except OSError:
            pass  # refused before all of it was there


def hostile_body(number: str, chance: random.Random) -> bytes:
    """Whole requests where a reader might take up again: at the limit of a form, of a record, or of a buffer."""
    size = chance.choice([0, 100, 8_000, 8_192, 8_193, 9_000, 16_384, 32_768, 65_535, 70_000, 200_000])
    request = chance.choice([records.whole_request(number), records.abort() + records.whole_request(number)])
    return b"x" * (size + chance.randrange(-8, 9) if size else 0) + records.sled(chance.choice([0, 300])) + request * 4


def test_a_large_form_costs_the_next_visitor_nothing(server: Server) -> None:
    for count in range(50):
        size = (9_000, 70_000, 200_000)[count % 3]
        assert post(server.port, b"number=" + b"1" * size)[0] == 413
        assert honest_problem(server.port, f"next to {count}") is None


@dataclass
class Load:
    problems: list[str] = field(default_factory=list)
    honest: int = 0


def visit(server: Server, number: str, seed: int) -> Load:
    """One after the other: honest forms, and all that is not."""
    chance = random.Random(seed)
    load = Load()
    for count in range(60):
        what = chance.choice(["honest", "honest", "hostile", "chunked", "other kind", "leaves", "leaves early"])
        body = hostile_body(number, chance)
        try:
            if what == "honest":
                problem = honest_problem(server.port, f"visitor {seed} {count}")
                load.honest += 1
                load.problems += [problem] if problem else []
            elif what == "leaves":
                leave_early(server.port, body, chance.randrange(len(body)))
            elif what == "leaves early":
                leave_early(server.port, body, chance.randrange(20))
            else:
                kind = "application/octet-stream" if what == "other kind" else FORM
                status, _ = post(server.port, body, kind=kind, chunked=what == "chunked")
                if status not in (400, 411, 413, 415, 422):
                    load.problems.append(f"{what} {seed} {count}: {status}")
        except (OSError, http.client.HTTPException):
            # Whoever sends more than is read may find his connection broken.
            if what == "honest":
                raise
    return load


def test_who_sends_what_nobody_reads_harms_nobody(
    server: Server, sandbox: Sandbox, confidential: Confidential
) -> None:
    forged = confidential.new_number()
    with ThreadPoolExecutor(8) as pool:
        loads = list(pool.map(lambda seed: visit(server, forged, seed), range(8)))
    assert [problem for load in loads for problem in load.problems] == []
    assert sum(load.honest for load in loads) > 50
    assert all(message["to"] != forged for message in sandbox.messages())
    flow.verify(Visitor(over_http, server.url), sandbox, confidential.new_number())
    assert server.is_running()
