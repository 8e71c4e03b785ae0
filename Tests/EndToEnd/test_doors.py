"""The same visit through every door."""

from collections.abc import Callable, Iterator

import pytest

from stack import doors, flow
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.sandbox import Sandbox
from stack.visitor import BROWSERS, Browser


@pytest.fixture(scope="module", params=list(doors.ALL.values()), ids=list(doors.ALL))
def door(request: pytest.FixtureRequest, site: Site) -> Iterator[Door]:
    build: Callable[[Site], Door] = request.param
    count = len(site.workplace.parts)
    yield build(site)
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


def test_a_visitor_verifies_a_number(door: Door, sandbox: Sandbox, confidential: Confidential) -> None:
    flow.verify(door.visitor(), sandbox, confidential.new_number())


def test_only_a_post_sends(door: Door, sandbox: Sandbox) -> None:
    flow.visit_without_sending(door.visitor(), sandbox)


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_number_that_is_none_is_asked_for_again(door: Door, browser: Browser) -> None:
    visitor = door.visitor(browser)
    page = visitor.submit(visitor.open(), number="call me")
    assert (page.status, page.form.fields["number"]) == (422, "call me")
    assert "country code" in page.alert


def test_a_form_of_another_site_is_refused(door: Door, confidential: Confidential) -> None:
    visitor = door.visitor()
    page = visitor.transport(
        "POST",
        visitor.start + "register",
        {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"},
        b"number=" + confidential.new_number().encode(),
    )
    assert page.status == 403


def test_every_page_has_its_headers_and_its_length(door: Door, confidential: Confidential) -> None:
    visitor = door.visitor()
    for page in (visitor.submit(visitor.open(), number="none"), visitor.post(visitor.start + "verify", {"pin": "1"})):
        assert page.field("Content-Type") == "text/html; charset=utf-8"
        assert page.field("Cache-Control") == "no-store"
        assert page.field("X-Content-Type-Options") == "nosniff"
        assert page.field("X-Frame-Options") == "DENY"
        assert "default-src 'none'" in (page.field("Content-Security-Policy") or "")
        assert page.field("Content-Length") == (None if door.in_chunks else str(len(page.body)))
