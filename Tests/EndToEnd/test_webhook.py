"""The webhook: each success is told at least once, whoever dies in between."""

import base64
import os
import signal
from collections.abc import Iterator

import pytest

from stack import doors, nginx, pingate
from stack.confidential import Confidential
from stack.doors import Site
from stack.program import Program
from stack.receiver import Receiver, receiving
from stack.sandbox import Sandbox
from stack.transports import over_http
from stack.waiting import until

KEY = os.urandom(32)
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def settings(url: str, **more: str) -> dict[str, str]:
    return {
        "PINGATE_GATE": "on",
        "PINGATE_INSECURE_PROOF": "on",
        "PINGATE_WEBHOOK_URL": url,
        "PINGATE_WEBHOOK_SECRET": SECRET,
        **more,
    }


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(KEY) as running:
        yield running
    assert not running.forged


def behind_nginx(site: Site, target: pingate.PinGate) -> tuple[nginx.Nginx, Program]:
    server = nginx.start(site.workplace, "nginx-hook", f"location / {{ fastcgi_pass unix:{target.socket}; }}")
    return server, Program(over_http, server.url)


def test_each_success_is_told_signed_and_without_a_number(
    site: Site, sandbox: Sandbox, confidential: Confidential, receiver: Receiver, store: str
) -> None:
    target = pingate.start(
        site.workplace, confidential, site.api, **settings(receiver.url, PINGATE_STORE=store)
    )
    server, program = behind_nginx(site, target)
    for _ in range(3):
        program.verify(sandbox, confidential)
    events = receiver.wait_for(3)
    assert {event["type"] for event in events} == {"verified"}
    assert all(event["data"].keys() == {"sub", "auth_time", "amr"} for event in events)
    assert all(event["data"]["amr"] == ["sms"] for event in events)
    assert len({event["data"]["sub"] for event in events}) == 3
    assert not confidential.has_number([str(events)])
    # What has an answer is not told again.
    assert target.part.stop() == 0
    assert len({name for name, _, _ in receiver.events}) == len(receiver.events) == 3
    assert base64.b64encode(KEY).decode() not in target.part.log.read_text()
    server.part.stop()


def test_what_failed_is_told_again_and_what_was_left_by_a_killed_process_by_the_next(
    site: Site, sandbox: Sandbox, confidential: Confidential, receiver: Receiver, store: str
) -> None:
    with receiving(KEY) as dead:
        nowhere = dead.url
    target = pingate.start(site.workplace, confidential, site.api, **settings(nowhere, PINGATE_STORE=store))
    server, program = behind_nginx(site, target)
    program.verify(sandbox, confidential)
    program.verify(sandbox, confidential)
    until(lambda: "webhook.failed" in target.part.log.read_text(), "a try that fails")
    target.part.stop(signal.SIGKILL)
    server.part.stop()

    receiver.answers = [503]
    after = pingate.start(
        site.workplace, confidential, site.api, **settings(receiver.url, PINGATE_STORE=store)
    )
    # The second try of the first one, which is refused here too, has its turn again.
    until(lambda: len(receiver.taken()) >= 2, "both", tries=4_000)
    names = [name for name, _, _ in receiver.events]
    assert names[0] == names[1] and len(set(names)) == 2
    assert after.part.stop() == 0


def test_a_cgi_program_leaves_it_to_another_process(
    site: Site, sandbox: Sandbox, confidential: Confidential, receiver: Receiver
) -> None:
    count = len(site.workplace.parts)
    door = doors.as_a_cgi_program(site, **settings(receiver.url))
    program = Program(over_http, door.start)
    program.verify(sandbox, confidential)
    program.verify(sandbox, confidential)
    assert len(receiver.wait_for(2)) == 2
    for part in reversed(site.workplace.parts[count:]):
        part.stop()
