"""Several threads with connections of their own, behind a web server that keeps its connections."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stack import doors, flow, pingate
from stack.confidential import Confidential
from stack.doors import Site
from stack.nginx import Nginx
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.transports import over_http
from stack.visitor import Visitor
from stack.waiting import until

VISITORS = 200
AT_ONCE = 8


@pytest.fixture(scope="module")
def target(site: Site) -> Iterator[PinGate]:
    running = pingate.start(site.workplace, site.confidential, site.api, PINGATE_THREADS="2")
    yield running
    running.part.stop()


@pytest.fixture(scope="module")
def server(site: Site, target: PinGate) -> Iterator[Nginx]:
    running = doors.keep_alive_nginx(site.workplace, target.socket, connections=AT_ONCE)
    yield running
    running.part.stop()


def turns(target: PinGate) -> dict[str, int]:
    """How often each of the server's threads has waited for something to do."""
    found = {}
    for task in Path(f"/proc/{target.part.pid}/task").iterdir():
        status = dict(line.split(":\t", 1) for line in (task / "status").read_text().splitlines())
        if status["Name"].startswith("fastcgi-"):
            found[status["Name"]] = int(status["voluntary_ctxt_switches"])
    return found


def verify_all(server: Nginx, sandbox: Sandbox, confidential: Confidential) -> None:
    numbers = [confidential.new_number() for _ in range(VISITORS)]
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        visits = [crowd.submit(flow.verify, Visitor(over_http, server.url), sandbox, number) for number in numbers]
        for visit in visits:
            visit.result()


def test_kept_connections_are_shared_by_both(
    target: PinGate, server: Nginx, sandbox: Sandbox, confidential: Confidential
) -> None:
    before = turns(target)
    assert sorted(before) == ["fastcgi-1", "fastcgi-2"]
    verify_all(server, sandbox, confidential)
    assert all(after - before[thread] > VISITORS / 10 for thread, after in turns(target).items())


def test_a_reload_under_load_loses_nobody(
    target: PinGate, server: Nginx, sandbox: Sandbox, confidential: Confidential
) -> None:
    with ThreadPoolExecutor(1) as load:
        all_of_them = load.submit(verify_all, server, sandbox, confidential)
        reloads = 0
        while not all_of_them.done():
            target.part.send(signal.SIGHUP)
            reloads += 1
            until(lambda: target.part.log_text().count("settings.reloaded") >= reloads, "the reload")
        all_of_them.result()
    assert reloads > 0


def test_both_end_when_it_is_to_stop(site: Site, sandbox: Sandbox, confidential: Confidential) -> None:
    target = pingate.start(site.workplace, site.confidential, site.api, "pingate-stopping", PINGATE_THREADS="2")
    server = doors.keep_alive_nginx(site.workplace, target.socket, connections=AT_ONCE)
    verify_all(server, sandbox, confidential)
    target.part.stop()
    assert "server.stopped unfinished=0" in target.part.log_text()
    server.part.stop()
