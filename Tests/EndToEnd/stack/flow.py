"""What a visitor does on a PinGate site, whatever stands between the two."""

from stack.page import Page
from stack.sandbox import Sandbox
from stack.visitor import Visitor

VERIFIED = "Account verified!"
# For queries, which PinGate's forms never make. The usual access logs have them, so it is not confidential.
NOBODYS_NUMBER = "4930123456"


def typed(number: str) -> str:
    """A number (digits) as people write it."""
    return f"+{number[:2]} {number[2:5]} {number[5:9]}-{number[9:]}"


def another(pin: str) -> str:
    """A PIN that is not this one."""
    return f"{(int(pin) + 1) % 1_000_000:06}"


def ask_for_pin(visitor: Visitor, number: str) -> Page:
    """Enters a number into the first form; returns the form for the PIN."""
    page = visitor.submit(visitor.open(), number=typed(number))
    assert page.status == 200, page.text
    # With a gate there is one to tick, too.
    assert page.form.fields.keys() - {"remember"} == {"requestId", "pin"}
    assert page.form.fields["requestId"]
    return page


def verify(visitor: Visitor, sandbox: Sandbox, number: str) -> None:
    """The whole way: the number, a wrong PIN, the right one; and what must not work does not.

    :param number: one that was not used before (digits).
    """
    pin_page = ask_for_pin(visitor, number)
    pin = sandbox.pin_of(number)

    wrong = visitor.submit(pin_page, pin=another(pin))
    assert (wrong.status, wrong.title.startswith("Error:")) == (422, True)
    assert wrong.form.fields["requestId"] == pin_page.form.fields["requestId"]
    assert wrong.alert

    tampered = visitor.submit(wrong, pin=pin, requestId=_tampered(wrong.form.fields["requestId"]))
    assert (tampered.status, tampered.has_form) == (400, False)

    right = visitor.submit(wrong, pin=f"{pin[:3]} {pin[3:]}")
    assert (right.status, right.heading) == (200, VERIFIED)

    again = visitor.submit(wrong, pin=pin)
    assert (again.status, again.heading) == (410, "This PIN was already used")


def visit_without_sending(visitor: Visitor, sandbox: Sandbox) -> None:
    """A GET never sends anything, whatever its query says."""
    for path in ("register", "verify", "resend", "call", "cancel"):
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            page = visitor.open(f"{path}?number={NOBODYS_NUMBER}&pin=123456", method)
            assert (page.status, page.field("Allow")) == (405, "POST"), (method, path)
    assert all(message["to"] != NOBODYS_NUMBER for message in sandbox.messages())


def _tampered(token: str) -> str:
    """The sealed request with one character changed in the middle."""
    middle = len(token) // 2
    return token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
