"""The routes as programs use them, against docs/openapi.yaml."""

import copy
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from stack import doors, flow, limits, nginx, pingate
from stack.clock import StoppedClock
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.page import Page
from stack.pingate import REPOSITORY
from stack.program import JSON, Program, of
from stack.sandbox import Sandbox
from stack.transports import over_http, through_cgi_fcgi
from stack.workplace import Workplace

SECRET = secrets.token_urlsafe(32)
FILE = REPOSITORY / "docs/openapi.yaml"
# After that long Vonage lets a message be followed by another.
GAP = 120


def strict(description: dict[str, Any]) -> dict[str, Any]:
    """The description without room for what it does not name: what it does not describe is then a mistake."""
    description = copy.deepcopy(description)
    for schema in description["components"]["schemas"].values():
        if any("Answer" in part.get("$ref", "") for part in schema.get("allOf", [])):
            schema["unevaluatedProperties"] = False
    return description


@pytest.fixture(scope="module")
def description() -> OpenAPI:
    return OpenAPI.from_dict(strict(yaml.safe_load(FILE.read_text())))


@dataclass
class Caller:
    """A program: every request and every answer of it are as they are described."""

    description: OpenAPI
    program: Program

    def post(self, route: str, fields: Mapping[str, str], more: Mapping[str, str] | None = None) -> Page:
        page = self.program.post(route, fields, more)
        body = json.dumps(fields).encode()
        request = MockRequest(
            "/", "post", "/" + route, headers={**JSON, **(more or {})}, data=body, content_type="application/json"
        )
        self.description.validate_request(request)
        check(self.description, request, page)
        return page


def check(description: OpenAPI, request: MockRequest, page: Page) -> None:
    """:raises OpenAPIError: when an answer is not as the description has it."""
    assert page.field("Content-Type") == "application/json", page.text
    answer = MockResponse(
        page.body, page.status, headers=dict(page.fields.items()), content_type="application/json"
    )
    description.validate_response(request, answer)


def test_the_whole_way_is_as_it_is_described(
    workplace: Workplace, confidential: Confidential, counting: Sandbox, description: OpenAPI
) -> None:
    """Each route, each shape of an answer and most statuses, through the usual limits."""
    clock = StoppedClock(workplace.new_folder("api") / "time")
    settings = {**limits.USUAL, "PINGATE_HOME_COUNTRY": "US", "PINGATE_COUNTRIES": "US DE BZ"}
    target = pingate.start(workplace, confidential, counting.api, clock=clock.environment, **settings)
    caller = Caller(description, Program(through_cgi_fcgi(target.socket), "http://www.example.com/"))

    def wait(seconds: int) -> None:
        clock.advance(seconds)
        counting.advance(seconds)

    assert of(caller.post("register", {"number": "12"}))["outcome"] == "number.too_short"
    unclear = of(caller.post("register", {"number": "501 622 1234"}))
    assert [choice["country"] for choice in unclear["choices"]] == ["US", "BZ"]
    landline = of(caller.post("register", {"number": "+49 30 " + confidential.used("493012345678")[4:]}))
    assert (landline["outcome"], landline["channels"]) == ("number.landline", ["call"])

    number = confidential.new_number()
    sent = caller.post("register", {"number": flow.typed(number)})
    answer = of(sent)
    assert (sent.status, answer["outcome"], answer["channels"]) == (200, "start.sent", ["text", "call"])
    assert answer["expiresAt"] > answer["nextSendAt"]
    token = answer["requestId"]
    early = caller.post("resend", {"requestId": token})
    assert (early.status, early.field("Retry-After")) == (429, str(of(early)["retryAfter"]))
    wait(GAP)
    again = caller.post("resend", {"requestId": of(early)["requestId"]})
    assert (again.status, of(again)["outcome"]) == (200, "resend.sent")
    wait(GAP)
    call = caller.post("call", {"requestId": of(again)["requestId"]})
    assert (call.status, of(call)["channel"]) == (200, "call")
    pin = counting.pin_of(number)
    wrong = caller.post("verify", {"requestId": of(call)["requestId"], "pin": flow.another(pin)})
    assert (wrong.status, of(wrong)["outcome"], of(wrong)["triesLeft"]) == (422, "pin.wrong", 2)
    right = caller.post("verify", {"requestId": of(call)["requestId"], "pin": pin})
    assert (right.status, of(right)["title"]) == (200, flow.VERIFIED)
    assert caller.post("verify", {"requestId": of(call)["requestId"], "pin": pin}).status == 410
    assert caller.post("verify", {"requestId": "A" * 40, "pin": pin}).status == 400

    other = of(caller.post("register", {"number": flow.typed(confidential.new_number())}))
    cancelled = caller.post("cancel", {"requestId": other["requestId"]})
    assert (cancelled.status, of(cancelled)["outcome"]) == (200, "cancel.given_up")
    elsewhere = {"Origin": "https://shop.example"}
    assert caller.post("register", {"number": flow.typed(number)}, elsewhere).status == 403
    # The stand-in's magic number for an account that is out of credit.
    unavailable = caller.post("register", {"number": "+" + confidential.used("12025550109")})
    assert unavailable.status == 503 and of(unavailable)["reference"]
    assert target.part.stop() == 0


def test_the_check_finds_what_is_not_described(description: OpenAPI) -> None:
    request = MockRequest("/", "post", "/cancel", headers=JSON, data=b"{}", content_type="application/json")
    good = {"outcome": "cancel.given_up", "title": "x", "message": "x", "number": "", "form": "A"}
    vary = {"Vary": "Accept"}

    def answer(members: Mapping[str, object], headers: Mapping[str, str] = vary) -> None:
        body = json.dumps(members).encode()
        description.validate_response(
            request, MockResponse(body, 200, headers=dict(headers), content_type="application/json")
        )

    answer(good)
    for changed in ({"number": 1}, {"number": None}, {"more": ""}, {"outcome": "x"}, {"form": "ä"}):
        with pytest.raises(OpenAPIError):
            answer({**good, **changed})
    for name in ("outcome", "title", "message", "number"):
        with pytest.raises(OpenAPIError):
            answer({key: value for key, value in good.items() if key != name})
    with pytest.raises(OpenAPIError):
        answer(good, {})


@pytest.fixture(scope="module")
def served(site: Site) -> Iterator[Door]:
    """nginx that passes everything on; a site with all routes."""
    count = len(site.workplace.parts)
    behind = pingate.start(site.workplace, site.confidential, site.api, PINGATE_REDEEM_SECRET=SECRET)
    server = nginx.start(site.workplace, "nginx-api", f"location / {{ fastcgi_pass unix:{behind.socket}; }}")
    yield Door(server.url, behind.part.log)
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


@pytest.mark.parametrize("body", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_fuzzer_sends_is_answered_as_it_is_described(
    workplace: Workplace, served: Door, tmp_path: Path, body: str
) -> None:
    """Schemathesis: examples, each border of each schema, what does not fit, and routes that follow one another."""
    description = strict(yaml.safe_load(FILE.read_text()))
    for content in contents(description):
        for name in [name for name in content if name != body]:
            del content[name]
    (tmp_path / "openapi.json").write_text(json.dumps(description))
    command = [
        *(Path(sys.executable).parent / "schemathesis", "run", "openapi.json", "--url", served.start.rstrip("/")),
        *("--seed", "20261130", "--max-examples", "25", "--generation-database", "none", "--no-color"),
        *("--header", "Accept: application/json", "--header", f"Authorization: Bearer {SECRET}"),
        *("--request-timeout", "60"),
        # What a number is no schema says, and most of what fits one is refused. TRACE nginx refuses itself, without `Allow`.
        *("--exclude-checks", "positive_data_acceptance,unsupported_method,allow_header_conformance"),
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-8_000:] + run.stderr[-2_000:]


def contents(description: dict[str, Any]) -> list[dict[str, Any]]:
    """What the bodies of requests may be."""
    bodies = [operations["post"]["requestBody"] for operations in description["paths"].values()]
    bodies += description["components"]["requestBodies"].values()
    return [body["content"] for body in bodies if "content" in body]


@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/html, application/json;q=0.9", ""])
def test_who_prefers_a_page_gets_one(served: Door, accept: str) -> None:
    fields = {"Content-Type": "application/json", "Accept": accept}
    page = over_http("POST", served.start + "register", fields, b'{"number":""}')
    # A page at once, or its address.
    assert page.field("Vary") == "Accept" and page.field("Content-Type") != "application/json"


def test_another_sites_page_may_not_send_json(served: Door) -> None:
    """A browser asks first (Fetch, section 4.8), and is told of no permission."""
    asks = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    page = over_http("OPTIONS", served.start + "register", asks, b"")
    assert (page.status, page.field("Allow")) == (405, "POST")
    assert not [name for name in page.fields if name.lower().startswith("access-control-")]
    assert urlsplit(served.start).hostname == "127.0.0.1"


def test_every_door_answers_in_json(site: Site) -> None:
    """As a CGI program too."""
    count = len(site.workplace.parts)
    door = doors.as_a_cgi_program(site)
    body = b'{"number":"12"}'
    page = over_http("POST", door.start + "register", {"Content-Type": "application/json", **JSON}, body)
    assert (page.status, of(page)["outcome"]) == (422, "number.too_short")
    for part in reversed(site.workplace.parts[count:]):
        part.stop()
