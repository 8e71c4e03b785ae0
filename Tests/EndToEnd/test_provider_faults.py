"""A provider that says no, fails, lies or is gone, seen through the whole stack.

The stand-in's magic numbers cause it.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import flow, pingate
from stack import sandbox as sandboxes
from stack.confidential import Confidential
from stack.page import Page
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.transports import through_cgi_fcgi
from stack.visitor import Visitor
from stack.workplace import Workplace

NOT_AVAILABLE = "Not available right now"
TIMEOUT = 1


@pytest.fixture(scope="module")
def broken_sandbox(workplace: Workplace, confidential: Confidential) -> Iterator[Sandbox]:
    """A provider of its own: "slow" is within PinGate's timeout here, and "never" a little beyond it."""
    running = sandboxes.start(workplace, confidential, "broken-sandbox")
    running.change(slow_ms=200, silence_ms=3000)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def target(workplace: Workplace, confidential: Confidential, broken_sandbox: Sandbox) -> Iterator[PinGate]:
    running = pingate.start(workplace, confidential, broken_sandbox.api, PINGATE_API_TIMEOUT=str(TIMEOUT))
    yield running
    running.part.stop()


@pytest.fixture(scope="module")
def visitor(target: PinGate) -> Visitor:
    return Visitor(through_cgi_fcgi(target.socket), "http://www.example.com/")


def register(visitor: Visitor, confidential: Confidential, number: str) -> Page:
    return visitor.submit(visitor.open(), number="+" + confidential.used(number))


# The status that Vonage answers, or the fault, by the last two digits; and what the visitor gets.
STARTS = {
    "12025550101": (503, "form"),
    "12025550102": (502, "closed"),
    "12025550104": (503, "closed"),
    "12025550105": (502, "form"),
    "12025550106": (502, "form"),
    "12025550107": (422, "form"),
    "12025550108": (503, "closed"),
    "12025550109": (503, "closed"),
    "12025550110": (200, "form"),
    "12025550115": (422, "form"),
    "12025550120": (503, "closed"),
    "12025550129": (503, "closed"),
    "12025550199": (502, "closed"),
    "14045550100": (200, "form"),
    "14045550101": (504, "form"),
    "14045550102": (502, "form"),
    "14045550105": (502, "form"),
    "14045550106": (502, "form"),
    "14045550107": (502, "form"),
    "14045550108": (502, "form"),
    "14045550109": (502, "form"),
    "14045550110": (502, "form"),
    "14045550111": (502, "form"),
    "14045550112": (502, "form"),
    "14045550113": (502, "form"),
    "14045550132": (502, "form"),
    "14045550140": (502, "form"),
    "14045550143": (502, "form"),
    "14045550150": (502, "form"),
    "14045550152": (502, "form"),
    "14045550153": (502, "form"),
    "14045550154": (502, "form"),
}


@pytest.mark.parametrize("number", STARTS)
def test_each_trouble_at_the_start_has_its_page(visitor: Visitor, confidential: Confidential, number: str) -> None:
    status, kind = STARTS[number]
    page = register(visitor, confidential, number)
    assert page.status == status, page.text
    assert_nothing_of_the_provider(page)
    if kind == "closed":
        assert page.heading == NOT_AVAILABLE
    elif status == 200:
        assert page.form.fields["requestId"]
    else:
        assert page.form.fields["number"] == "+" + number


@pytest.mark.parametrize("number", ["14045550103", "14045550104"], ids=["the answer is lost", "the answer never comes"])
def test_a_message_whose_answer_was_lost_is_not_sent_twice(
    visitor: Visitor, broken_sandbox: Sandbox, confidential: Confidential, number: str
) -> None:
    """The visitor tries again, gets the form for the PIN that was sent, and is verified with it."""
    lost = register(visitor, confidential, number)
    assert lost.status in (502, 504)
    again = visitor.submit(lost)
    assert again.status == 200
    assert [message["to"] for message in broken_sandbox.messages()].count(number) == 1
    assert visitor.submit(again, pin=broken_sandbox.pin_of(number)).heading == flow.VERIFIED


CHECKS = {
    "13035550101": 503,
    "13035550104": 503,
    "13035550105": 502,
    "13035550116": 422,
    "13035550117": 410,
    "13035550199": 502,
    "15055550101": 504,
    "15055550102": 502,
    "15055550105": 502,
    "15055550150": 502,
}


@pytest.mark.parametrize("number", CHECKS)
def test_each_trouble_at_the_check_has_its_page(
    visitor: Visitor, broken_sandbox: Sandbox, confidential: Confidential, number: str
) -> None:
    page = register(visitor, confidential, number)
    checked = visitor.submit(page, pin=broken_sandbox.pin_of(number))
    assert checked.status == CHECKS[number], checked.text
    assert_nothing_of_the_provider(checked)
    if checked.has_form:
        assert checked.form.fields["requestId"] == page.form.fields["requestId"]


def test_a_name_that_is_looked_up_for_ever_keeps_nobody_waiting(
    workplace: Workplace, confidential: Confidential
) -> None:
    resolver = workplace.new_folder("resolver") / "hanging_resolver.so"
    source = Path(__file__).parent / "stack" / "hanging_resolver.c"
    subprocess.run(["clang", "-shared", "-fPIC", "-o", resolver, source], check=True)
    target = pingate.start(
        workplace,
        confidential,
        "https://provider.invalid",
        "hanging-resolver",
        command=["env", f"LD_PRELOAD={resolver}", *pingate.serve()],
        PINGATE_STORE=f"sqlite:{resolver.parent / 'limits.sqlite'}",
        PINGATE_API_TIMEOUT=str(TIMEOUT),
    )
    visitor = Visitor(through_cgi_fcgi(target.socket), "http://www.example.com/")
    for number in ("14045550121", "14045550122"):
        assert register(visitor, confidential, number).status in (502, 504)
    assert target.part.stop() == 0


def test_a_provider_that_is_gone_closes_nothing_but_itself(workplace: Workplace, confidential: Confidential) -> None:
    """The pages are there while the provider is not, and everything works again when it is back."""
    gone = sandboxes.start(workplace, confidential, "gone-sandbox")
    target = pingate.start(workplace, confidential, gone.api, PINGATE_API_TIMEOUT=str(TIMEOUT))
    visitor = Visitor(through_cgi_fcgi(target.socket), "http://www.example.com/")
    number = confidential.new_number()
    pin_page = flow.ask_for_pin(visitor, number)
    pin = gone.pin_of(number)

    gone.stop()
    page = visitor.submit(visitor.open(), number=flow.typed(confidential.new_number()))
    assert page.status in (502, 503)
    assert_nothing_of_the_provider(page)
    checked = visitor.submit(pin_page, pin=pin)
    assert checked.status in (502, 503)
    assert checked.form.fields["requestId"] == pin_page.form.fields["requestId"]
    target.part.stop()


def assert_nothing_of_the_provider(page: Page) -> None:
    for word in ("Vonage", "Nexmo", "sandbox", "127.0.0.1", "curl", "api_key"):
        assert word not in page.text
