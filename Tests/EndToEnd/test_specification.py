"""What PinGate asks of the provider, and what the stand-in answers, against the provider's own description of its API."""

import json
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from stack import flow, pingate, recorder
from stack.clock import StoppedClock
from stack.confidential import Confidential
from stack.page import Page
from stack.recorder import Exchange, Recorder
from stack.sandbox import Sandbox
from stack.transports import through_cgi_fcgi
from stack.visitor import Visitor
from stack.workplace import Workplace

FILE = Path(__file__).parent / "specifications" / "vonage-verify-v1.yml"
SERVER = "https://api.nexmo.com"
# Younger requests cannot be canceled.
EARLIEST_CANCEL = 31


@pytest.fixture(scope="module")
def specification() -> OpenAPI:
    return OpenAPI.from_file_path(str(FILE))


@pytest.fixture
def recorded(counting: Sandbox) -> Iterator[Recorder]:
    with recorder.before(counting.api) as running:
        yield running


def check(specification: OpenAPI, exchange: Exchange) -> None:
    """:raises OpenAPIError: when it is not as the description has it."""
    request = MockRequest(
        SERVER,
        exchange.method.lower(),
        exchange.path,
        headers=exchange.fields,
        data=exchange.body,
        content_type=exchange.fields["Content-Type"],
    )
    specification.validate_request(request)
    # openapi-core reads the fields of a form that the description has, and passes over the others.
    known = specification.spec / "paths" / exchange.path.removeprefix("/verify") / "post#requestBody#content"
    schema = known / request.content_type / "schema#properties"
    for name, _ in urllib.parse.parse_qsl(exchange.body.decode()):
        if name not in schema:
            raise OpenAPIError(f"the field {name} is not known")
    specification.validate_response(
        request, MockResponse(exchange.answer, exchange.status, content_type=exchange.answer_type)
    )


def test_all_that_is_asked_and_answered_is_as_the_provider_describes_it(
    workplace: Workplace, confidential: Confidential, counting: Sandbox, recorded: Recorder, specification: OpenAPI
) -> None:
    """Every operation, with every field that PinGate ever sends, and each of the answers that visitors cause."""
    clock = StoppedClock(workplace.new_folder("specification") / "time")
    target = pingate.start(
        workplace,
        confidential,
        recorded.api,
        clock=clock.environment,
        PINGATE_WORKFLOW_ID="2",
        PINGATE_PIN_EXPIRY="240",
        PINGATE_NEXT_EVENT_WAIT="120",
        PINGATE_SENDER_ID="Example",
    )
    visitor = Visitor(through_cgi_fcgi(target.socket), "http://www.example.com/")

    def wait() -> None:
        clock.advance(EARLIEST_CANCEL)
        counting.advance(EARLIEST_CANCEL)

    number = confidential.new_number()
    page = flow.ask_for_pin(visitor, number)
    wait()
    again = visitor.post(visitor.start + "resend", {"requestId": page.form.fields["requestId"]})
    assert again.status == 200, again.text
    pin = counting.pin_of(number)
    assert visitor.submit(again, pin=flow.another(pin)).status == 422
    assert visitor.submit(again, pin=pin).heading == flow.VERIFIED
    assert visitor.submit(again, pin=pin).status == 410

    number = confidential.new_number()
    page = flow.ask_for_pin(visitor, number)
    wait()
    call = visitor.post(visitor.start + "call", {"requestId": page.form.fields["requestId"]})
    assert call.status == 200, call.text
    # Its request is running already.
    assert another_browser(visitor).submit(visitor.open(), number=flow.typed(number)).status == 200
    # The stand-in's magic numbers.
    for last in ("02", "03", "05", "06", "07", "09", "15", "29"):
        visitor.submit(visitor.open(), number="+" + confidential.used(f"120255501{last}"))
    assert target.part.stop() == 0

    for exchange in recorded.exchanges:
        check(specification, exchange)
    asked = [dict(urllib.parse.parse_qsl(exchange.body.decode())) for exchange in recorded.exchanges]
    assert {exchange.path for exchange in recorded.exchanges} == {
        "/verify/json",
        "/verify/check/json",
        "/verify/control/json",
    }
    statuses = {json.loads(exchange.answer)["status"] for exchange in recorded.exchanges}
    assert statuses == {"0", "2", "3", "5", "6", "7", "9", "10", "15", "16", "29"}
    assert {form["cmd"] for form in asked if "cmd" in form} == {"cancel", "trigger_next_event"}
    assert {name for form in asked for name in form} == {
        *("number", "brand", "code_length", "sender_id", "lg", "workflow_id", "pin_expiry", "next_event_wait"),
        *("request_id", "code", "cmd"),
    }


def another_browser(visitor: Visitor) -> Visitor:
    def transport(method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
        return visitor.transport(method, url, {**fields, "User-Agent": "Another"}, body)

    return Visitor(transport, visitor.start)


GOOD = Exchange(
    "POST",
    "/verify/json",
    {"Authorization": "Basic YTpi", "Content-Type": "application/x-www-form-urlencoded"},
    b"number=447700900000&brand=Acme&code_length=6&lg=de-de&workflow_id=6",
    200,
    "application/json",
    b'{"request_id":"abcdef0123456789abcdef0123456789","status":"0"}',
)


def test_what_is_right_passes(specification: OpenAPI) -> None:
    check(specification, GOOD)


@pytest.mark.parametrize(
    "change",
    [
        {"body": GOOD.body + b"&color=blue"},
        {"body": GOOD.body.replace(b"code_length=6", b"code_length=5")},
        {"body": GOOD.body.replace(b"de-de", b"de")},
        {"body": b"brand=Acme"},
        {"fields": {"Content-Type": GOOD.fields["Content-Type"]}},
        {"fields": {**GOOD.fields, "Content-Type": "application/json"}},
        {"path": "/verify/request/json"},
        {"method": "GET"},
        {"answer": b'{"request_id":"abcdef0123456789abcdef0123456789","status":0}'},
        {"answer": b'{"status":"0"}'},
        {"answer": b'{"status":"99","error_text":"?"}'},
    ],
    ids=[
        "an unknown field",
        "a wrong number",
        "a wrong word",
        "a field too few",
        "no credentials",
        "another type",
        "another path",
        "another method",
        "a number for a text in an answer",
        "an answer without its request",
        "an unknown status",
    ],
)
def test_the_check_finds_what_is_wrong(specification: OpenAPI, change: dict[str, object]) -> None:
    with pytest.raises(OpenAPIError):
        check(specification, Exchange(**{**vars(GOOD), **change}))
