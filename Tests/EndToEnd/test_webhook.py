"""The webhook: each success is told at least once, whoever dies in between."""

import base64
import os
import signal
from collections.abc import Iterator

import pytest

from stack import doors, nginx, pingate
from stack.confidential import Confidential
from stack.doors import Site
from stack.owner import Owner
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
    until(lambda: target.part.log.read_text().count("webhook.failed") >= 2, "two tries that fail")
    target.part.stop(signal.SIGKILL)
    server.part.stop()

    after = pingate.start(
        site.workplace, confidential, site.api, **settings(receiver.url, PINGATE_STORE=store)
    )
    receiver.wait_for(2)
    assert len({name for name, _, _ in receiver.events}) == 2
    assert after.part.stop() == 0


def test_after_a_reload_events_go_to_the_new_url_alone(
    site: Site, sandbox: Sandbox, confidential: Confidential, receiver: Receiver
) -> None:
    with receiving(KEY) as former:
        target = pingate.start(site.workplace, confidential, site.api, **settings(former.url))
        server, program = behind_nginx(site, target)
        program.verify(sandbox, confidential)
        former.wait_for(1)
        target.settings.write_text(target.settings.read_text().replace(former.url, receiver.url))
        target.part.send(signal.SIGHUP)
        until(lambda: " settings.reloaded" in target.part.log_text(), "the reload")
        program.verify(sandbox, confidential)
        receiver.wait_for(1)
        assert len(former.events) == 1
    owner = Owner(target.settings)
    assert "Webhook: 0 of at most 10000 events wait; 0 were lost lately." in owner.run("limits", "show").stdout
    # There is nothing to bring.
    assert owner.run("deliver").returncode == 0
    assert target.part.stop() == 0
    server.part.stop()


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
