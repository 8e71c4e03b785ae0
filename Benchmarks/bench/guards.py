"""Who tells nginx whether a request may pass (`auth_request`): PinGate's gate, and what it is compared with."""

import http.client
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from stack.workplace import Part

from bench import peers, programs, servers, workbench
from bench.peers import ALL_KEPT, Situation
from bench.servers import Front
from bench.stand import Bench

# How many visitors ask at a time.
CLIENTS = 64

# What is guarded, and what it holds.
PATH = "/private/page.html"
CONTENT = "<h1>For members</h1>"
# As long as a short page.
PAGE = f"<!doctype html>\n<title>Members</title>\n{CONTENT}\n{'<p>What only members get to see.</p>' * 100}\n"

# How nginx asks: as docs/gate.md has it.
FASTCGI_QUESTION = """
    fastcgi_pass guard;
    fastcgi_keep_conn on;
    fastcgi_pass_request_body off;
    fastcgi_pass_request_headers off;
    fastcgi_param SCRIPT_NAME /check;
    fastcgi_param REQUEST_METHOD GET;
    fastcgi_param SERVER_PROTOCOL $server_protocol;
    fastcgi_param HTTP_HOST $host;
    fastcgi_param HTTPS $https if_not_empty;
    fastcgi_param REMOTE_ADDR $remote_addr;
    fastcgi_param HTTP_COOKIE $http_cookie;
"""
HTTP_QUESTION = """
    proxy_pass http://guard/check;
    proxy_pass_request_body off;
    proxy_pass_request_headers off;
    proxy_set_header Host $host;
    proxy_set_header Cookie $http_cookie;
"""


@dataclass(frozen=True)
class Guard:
    """One of those that are asked."""

    name: str
    # Nothing where nobody is asked.
    start: Callable[[Situation, Path], Part] | None
    question: str = ""
    # How many connections each of nginx' processes keeps.
    kept: str = ALL_KEPT


def _pingate(situation: Situation, socket: Path) -> Part:
    return peers.start_pingate(replace(situation, settings={**GATE, **situation.settings}), socket)


GATE = {"PINGATE_GATE": "on"}


def _constant(situation: Situation, socket: Path, threads: int) -> Part:
    environment = {"SOCKET": str(socket), "THREADS": str(threads)}
    command = [programs.constant_gate(situation.programs)]
    return situation.workplace.start("constant-gate", command, environment=environment)


def _go(situation: Situation, socket: Path) -> Part:
    environment = {"SOCKET": str(socket), "SECRET": situation.confidential.sealing_key}
    return situation.workplace.start("go-gate", [programs.go_gate(situation.programs)], environment=environment)


def constant(threads: int) -> Guard:
    """A thread belongs to a connection for as long as nginx keeps it: so nginx keeps some only where there are threads for
    all that come at a time.
    """
    keeps = threads >= CLIENTS
    kept = f"keepalive {threads // (os.cpu_count() or 1)}; keepalive_requests 1000000000;" if keeps else ""
    question = FASTCGI_QUESTION if keeps else FASTCGI_QUESTION.replace("keep_conn on", "keep_conn off")
    return Guard(f"c, {threads} thread{'s' if threads > 1 else ''}", partial(_constant, threads=threads), question, kept)


PINGATE = Guard("pingate", _pingate, FASTCGI_QUESTION.replace("keep_conn on", "keep_conn off"), "")
NOBODY = Guard("nginx", None)
GO = Guard("go", _go, HTTP_QUESTION)
CONSTANTS = tuple(constant(threads) for threads in (1, 4, 64))
ALL = (PINGATE, NOBODY, GO, *CONSTANTS)


@contextmanager
def standing(bench: Bench, guard: Guard, *, delay: float = 0, settings: Mapping[str, str] | None = None) -> Iterator[Front]:
    """A guard in its place, behind an nginx that has a static file; fresh processes for each measurement.

    :param delay: how long the provider takes, for who registers meanwhile.
    """
    with workbench.part_of(bench.workplace, "guard", keeps=bench.options.keeps) as workplace:
        root = workplace.new_folder("root")
        page = root / PATH.removeprefix("/")
        page.parent.mkdir()
        page.write_text(PAGE)
        for folder in (workplace.folder, root, page.parent):
            folder.chmod(0o755)
        path = workplace.folder / "guard.sock"
        api = bench.upstream.url(delay)
        situation = Situation(workplace, bench.workplace.folder, bench.confidential, api, 64, settings or {})
        part = guard.start(situation, path) if guard.start else None
        if part:
            peers.until_it_listens(part, path)
        upstreams = f"upstream guard {{ server unix:{path}; {guard.kept} }}" if part else ""
        asked = "auth_request /question;" if part else ""
        locations = f"location /private/ {{ {asked} root {root}; default_type text/html; }}"
        if part:
            locations += f"location = /question {{ internal; {guard.question} }}"
        if guard is PINGATE:
            locations += "location ~ ^/(register|verify)$ { fastcgi_keep_conn on; fastcgi_pass guard; }"
        yield servers.start_front(workplace, "guard", upstreams, locations)


def cookies(bench: Bench, guard: Guard, count: int) -> Path:
    """A file with the cookies of so many visitors, one a line. The constants look at none: they get PinGate's."""
    folder = bench.workplace.new_folder("cookies")
    file = folder / "cookies"
    if guard is GO:
        environment = {"MINT": str(count), "SECRET": bench.confidential.sealing_key}
        with file.open("wb") as lines:
            subprocess.run([programs.go_gate(bench.workplace.folder)], env=environment, stdout=lines, check=True)
    else:
        with standing(bench, PINGATE) as front:
            file.write_text("".join(f"{cookie}\n" for cookie in _verified(bench, front.port, count)))
    return file


# How long the provider takes while a measurement is made, in seconds: less than PinGate's patience.
HELD = 9
PATIENCE = {"PINGATE_API_TIMEOUT": "12"}
# Until all of them wait; tries of a tenth of a second.
TRIES = 60


@contextmanager
def waiting(bench: Bench, front: Front, count: int) -> Iterator[None]:
    """Meanwhile so many visitors have registered, and wait for the provider.

    :raises RuntimeError: when they do not all come to wait.
    """
    first = bench.numbers.take()
    sockets = []
    try:
        for index in range(first, first + count):
            body = b"number=" + _number(index).encode()
            visitor = socket.create_connection(("127.0.0.1", front.port))
            sockets.append(visitor)
            visitor.sendall(
                b"POST /register HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n"
                + f"X-Forwarded-For: {_address(index)}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
        for _ in range(TRIES):
            there = connections(Path("/proc/net/tcp").read_text(), bench.upstream.port)
            if there >= count:
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"only {there} of {count} visitors wait for the provider")
        yield
    finally:
        for visitor in sockets:
            visitor.close()


def connections(table: str, port: int) -> int:
    """How many are open to a port of this machine (proc_pid_net(5))."""
    peer = f"0100007F:{port:04X}"
    lines = [line.split() for line in table.splitlines()[1:]]
    return sum(words[2] == peer and words[3] == "01" for words in lines)


# Charges are written to the disk many at a time.
AT_A_TIME = 48


def _verified(bench: Bench, port: int, count: int) -> list[str]:
    """The proofs of so many visitors, who verify a number each; they are good for each process with the same key."""
    found: list[str] = []
    failures: list[str] = []
    todo = iter(range(bench.numbers.take(), 10_000_000))
    lock = threading.Lock()

    def visit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            with lock:
                if len(found) >= count or failures:
                    return
                index = next(todo)
            cookie = _proof(connection, index)
            with lock:
                found.append(cookie) if cookie else failures.append(str(index))

    threads = [threading.Thread(target=visit) for _ in range(min(AT_A_TIME, count))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError("a visitor got no proof")
    return found[:count]


def _proof(connection: http.client.HTTPConnection, index: int) -> str:
    origin = {"X-Forwarded-For": _address(index)}
    page, given = _post(connection, "/register", {"number": _number(index)}, origin)
    token = re.search(r'name="requestId" value="([^"]+)"', page)
    if not token:
        return ""
    form = {"requestId": token[1], "pin": "123456"}
    _, given = _post(connection, "/verify", form, {**origin, "Cookie": "; ".join(given)})
    return next((cookie for cookie in given if cookie.startswith("pingate-proof=")), "")


def _number(index: int) -> str:
    """As `load/visitors.lua` makes them: no two alike."""
    return f"43660{index * 7_368_787 % 10_000_000:07}"


def _address(index: int) -> str:
    return f"10.{index >> 16 & 255}.{index >> 8 & 255}.{index & 255}"


def _post(
    connection: http.client.HTTPConnection, path: str, form: Mapping[str, str], more: Mapping[str, str]
) -> tuple[str, list[str]]:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*", **more}
    connection.request("POST", path, urlencode(form), headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    return page, [field.partition(";")[0] for field in answer.headers.get_all("Set-Cookie") or []]
