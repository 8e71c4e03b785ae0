"""Connections that nginx keeps: what a visitor puts into a body is never read as a request.

libfcgi forgets what it has not read of a body when a request is finished; the rest would be taken for the next request.
"""

import http.client
import random
from collections.abc import Iterator
from contextlib import closing

import pytest

from stack import doors, flow, pingate, records
from stack.confidential import Confidential
from stack.doors import Site
from stack.nginx import Nginx
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.transports import over_http
from stack.visitor import Visitor
from stack.workplace import Part

POSTS = 1000
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def target(site: Site) -> Iterator[PinGate]:
    running = pingate.start(site.workplace, site.confidential, site.api)
    yield running
    running.part.stop()


@pytest.fixture(scope="module")
def server(site: Site, target: PinGate) -> Iterator[Nginx]:
    """One kept connection: whatever is left on it meets the very next request."""
    running = doors.keep_alive_nginx(site.workplace, target.socket, connections=1)
    yield running
    running.part.stop()


def hostile_body(number: str, chance: random.Random) -> bytes:
    """Records at a place that a reader may stop at, in one of several shapes."""
    shape = chance.choice(
        [
            records.whole_request(number),
            records.whole_request(number) * 20,
            records.whole_request(number, request_id=2) + records.whole_request(number),
            records.get_values(8) + records.whole_request(number),
            records.get_values(60),
            records.abort() + records.whole_request(number),
            records.whole_request(number)[: chance.randrange(8, 200)],
        ]
    )
    padding = chance.choice(
        [
            b"",
            b"number=" + b"1" * chance.randrange(1, 64),
            # libfcgi reads 8 KiB at a time, in which nginx's own parameters and headers of records take some room.
            b"x" * chance.randrange(6_000, 8_300),
            b"x" * chance.randrange(8_000, 40_000),
            records.sled(1000) + b"x" * chance.randrange(8),
        ]
    )
    return padding + records.sled(chance.choice([0, 300])) + shape


def test_a_body_is_never_served_as_a_request(
    target: PinGate, server: Nginx, sandbox: Sandbox, confidential: Confidential
) -> None:
    """PinGate logs a line for each request: there are as many as were sent, all of them refusals."""
    forged = confidential.new_number()
    chance = random.Random(20)
    lines_before = len(refusals(target.part))
    with closing(http.client.HTTPConnection("127.0.0.1", server.port)) as connection:
        for _ in range(POSTS):
            path = chance.choice(["/register", "/verify"])
            body = hostile_body(forged, chance)
            # Each kind of refusal is made at another place, with more or less of the body read.
            kind = chance.choice([FORM, FORM, "application/octet-stream"])
            connection.request("POST", path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            answer.read()
            assert answer.status in (400, 413, 415, 422), answer.status
    assert len(refusals(target.part)) - lines_before == POSTS
    assert target.part.is_running
    assert all(message["to"] != forged for message in sandbox.messages())


def test_the_same_connection_still_serves_honest_visitors(
    target: PinGate, server: Nginx, sandbox: Sandbox, confidential: Confidential
) -> None:
    flow.verify(Visitor(over_http, server.url), sandbox, confidential.new_number())
    assert target.part.is_running


def test_a_visitor_who_leaves_in_the_middle_harms_nobody(
    target: PinGate, server: Nginx, sandbox: Sandbox, confidential: Confidential
) -> None:
    for _ in range(20):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("POST", "/register", b"number=none", {"Content-Type": FORM})
        connection.close()
    flow.verify(Visitor(over_http, server.url), sandbox, confidential.new_number())


def refusals(part: Part) -> list[str]:
    """The lines about requests that were refused, and none else."""
    return [line for line in part.log_text().splitlines() if " exchange=" in line]
