"""Reload, back, forward and a tab that the browser has dropped: the page is there again, and nothing is sent twice."""

import re
from collections.abc import Callable

import pytest

from stack import flow
from stack.doors import Door
from stack.person import NewPerson, Person
from stack.sandbox import Sandbox
from stack.visitor import HTML, Visitor

PIN_PAGE = "Enter your PIN"
ADDRESS = re.compile(r"/verify\?[A-Za-z0-9_-]+$")


def reload(person: Person) -> None:
    person.tab.reload()


def away_and_back(person: Person) -> None:
    """The page is no longer kept: it is asked for again, as by a phone that has dropped the tab."""
    person.tab.goto("about:blank")
    person.tab.go_back()


def back_and_forward(person: Person) -> None:
    person.tab.go_back()
    person.tab.go_forward()


def another_tab(person: Person) -> None:
    """As when a browser restores its tabs."""
    address = person.tab.url
    person.tab = person.tab.context.new_page()
    person.tab.goto(address)


WAYS = (reload, away_and_back, back_and_forward, another_tab)
# What a browser keeps: `java_script_enabled`, and whether it keeps cookies.
BROWSERS = {"usual": (True, True), "no JavaScript": (False, True), "no cookies": (True, False), "neither": (False, False)}


@pytest.mark.parametrize("browser", BROWSERS.values(), ids=BROWSERS)
@pytest.mark.parametrize("come_back", WAYS)
def test_every_page_of_a_visit_is_there_again(
    new_person: NewPerson, sandbox: Sandbox, browser: tuple[bool, bool], come_back: Callable[[Person], None]
) -> None:
    """And goes on working: with the pages that were come back to the number is verified, with one message."""
    java_script, keeps_cookies = browser
    person = new_person(java_script_enabled=java_script)

    def again(heading: str, title: str) -> None:
        if not keeps_cookies:
            person.tab.context.clear_cookies()
        text = person.tab.inner_text("main")
        come_back(person)
        assert ADDRESS.search(person.tab.url)
        assert (person.heading, person.tab.title().partition(" – ")[0]) == (heading, title)
        # The time that is left goes on.
        moving = re.compile(r"It is good for .*?\.|You can send it again in .*?\.|If nothing has come, send it again\.")
        assert moving.sub("", person.tab.inner_text("main")) == moving.sub("", text)
        if not keeps_cookies:
            person.tab.context.clear_cookies()

    person.enter_number("call me")
    again("Verify your phone number", "Error: Verify your phone number")
    person.enter("Mobile number", flow.typed(person.number), "Send me a PIN")
    again(PIN_PAGE, PIN_PAGE)
    person.enter_wrong_pin()
    again(PIN_PAGE, "Error: " + PIN_PAGE)
    assert person.tab.get_by_role("alert").is_visible()
    person.enter_pin(person.pin)
    again(flow.VERIFIED, flow.VERIFIED)
    assert len([message for message in sandbox.messages() if message["to"] == person.number]) == 1
    assert not person.complaints


def test_back_from_verified_shows_the_form_whose_pin_was_used(new_person: NewPerson) -> None:
    person = new_person()
    person.ask_for_pin()
    pin = person.pin
    person.enter_pin(pin)
    assert person.heading == flow.VERIFIED
    person.tab.go_back()
    assert person.heading == PIN_PAGE
    person.enter_pin(pin)
    assert person.heading == "This PIN was already used"


def test_two_tabs_do_not_mix(new_person: NewPerson, sandbox: Sandbox) -> None:
    person = new_person()
    person.ask_for_pin()
    first, number = person.tab, person.number
    person.tab, person.number = person.tab.context.new_page(), person.confidential.new_number()
    person.ask_for_pin()
    first.reload()
    person.tab.reload()
    for tab, own in ((first, number), (person.tab, person.number)):
        person.tab = tab
        person.enter_pin(sandbox.pin_of(own))
        assert person.heading == flow.VERIFIED


def test_a_page_is_shown_in_the_browser_that_it_is_for(new_person: NewPerson) -> None:
    person, other = new_person(), new_person()
    person.ask_for_pin()
    other.ask_for_pin()
    other.tab.goto(person.tab.url)
    assert other.heading == "We do not recognize this form"
    other.tab.get_by_role("link", name="Start again").click()
    assert other.heading == "Verify your phone number"


def test_no_log_and_no_header_has_the_address_of_a_page_but_that_of_its_own_request(
    new_person: NewPerson, all_served: Door
) -> None:
    """What a browser asks for next does not say where it was."""
    person = new_person()
    referrers: list[str] = []
    person.tab.on("request", lambda request: referrers.append(request.all_headers().get("referer", "")))
    person.ask_for_pin()
    person.tab.reload()
    person.enter_wrong_pin()
    person.enter_pin(person.pin)
    person.tab.get_by_role("link", name="Continue").click()
    assert len(referrers) > 6
    assert not [referrer for referrer in referrers if "?" in referrer]
    assert "verify?" not in all_served.log.read_text()


def test_a_program_gets_its_page_at_once(all_served: Door, sandbox: Sandbox) -> None:
    """curl and its like accept anything; a script that asks for HTML is led, and may follow."""
    start = all_served.start
    form = {"number": "+" + sandbox.confidential.new_number()}
    browser = Visitor(all_served.transport, start)
    body = b"number=%2B" + form["number"][1:].encode()
    fields = {"Content-Type": "application/x-www-form-urlencoded"}
    for accept, status in (({}, 200), ({"Accept": "*/*"}, 200), ({"Accept": HTML}, 303)):
        assert all_served.transport("POST", start + "register", {**fields, **accept}, body).status == status
    redirect = browser.send(start + "register", form)
    address = redirect.field("Location")
    assert address and re.fullmatch(r"verify\?[A-Za-z0-9_-]{100,900}", address)
    page, head = browser.open(address), browser.open(address, "HEAD")
    assert (page.status, head.status, head.body) == (200, 200, b"")
    assert page.field("Content-Length") == head.field("Content-Length") == str(len(page.body))
    assert page.field("Cache-Control") == "no-store"
    refused = browser.open(address, "PUT")
    assert (refused.status, refused.field("Allow")) == (405, "GET, HEAD, POST")
