"""A person at Chromium, with JavaScript and without, with a mouse and without."""

import pytest

from stack import flow
from stack.doors import Door
from stack.person import NewPerson
from stack.sandbox import Sandbox


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_person_verifies_a_number(new_person: NewPerson, java_script: bool) -> None:
    person = new_person(java_script_enabled=java_script)
    person.ask_for_pin()
    assert "PIN" in person.tab.title()
    person.enter_wrong_pin()
    assert person.tab.title().startswith("Error:")
    assert person.tab.get_by_role("alert").is_visible()
    person.enter_pin(person.pin)
    assert person.heading == flow.VERIFIED
    assert not person.complaints


def test_the_keyboard_is_enough(new_person: NewPerson) -> None:
    """Every field and button is reached with Tab, the PIN's without, and Enter sends."""
    person = new_person()
    person.open()
    keyboard = person.tab.keyboard
    keyboard.press("Tab")
    keyboard.type(flow.typed(person.number))
    with person.tab.expect_navigation():
        keyboard.press("Enter")
    keyboard.type(person.pin)
    keyboard.press("Tab")
    with person.tab.expect_navigation():
        keyboard.press("Enter")
    assert person.heading == flow.VERIFIED


def test_an_error_leads_to_its_field(new_person: NewPerson) -> None:
    person = new_person()
    person.enter_number("call me")
    person.tab.get_by_role("alert").get_by_role("link").click()
    field = person.tab.locator("input[name=number]")
    assert field.evaluate("field => field === document.activeElement")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "call me"


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_summary_of_an_error_has_the_focus_and_then_the_field(new_person: NewPerson, java_script: bool) -> None:
    person = new_person(java_script_enabled=java_script)
    person.enter_number("call me")
    focused = person.tab.locator(":focus")
    assert focused.get_attribute("role") == "alert"
    person.ask_for_pin()
    assert focused.get_attribute("name") == "pin"
    person.enter_wrong_pin()
    assert focused.get_attribute("role") == "alert"
    person.tab.keyboard.press("Tab")
    person.tab.keyboard.press("Enter")
    assert focused.get_attribute("name") == "pin"


def test_a_form_on_another_site_sends_nothing(new_person: NewPerson, all_served: Door, sandbox: Sandbox) -> None:
    """The browser says where a form came from, and PinGate refuses it."""
    person = new_person()
    # The same server under another name is another site.
    foreign = all_served.start.replace("127.0.0.1", "localhost")
    html = f"<form method=post action='{all_served.start}register'><input name=number value='{person.number}'><button>"
    person.tab.route(foreign + "**", lambda route: route.fulfill(content_type="text/html", body=html))
    person.tab.goto(foreign)
    with person.tab.expect_response(all_served.start + "register") as answer:
        person.tab.get_by_role("button").click()
    assert answer.value.status == 403
    assert all(message["to"] != person.number for message in sandbox.messages())


@pytest.mark.parametrize("java_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_number_that_could_be_two_is_asked_about(
    new_person: NewPerson, sandbox: Sandbox, java_script: bool
) -> None:
    """A form has put the country code in front, and the person has typed it, too."""
    person = new_person(java_script_enabled=java_script)
    person.enter_number(f"+49 {person.number}")
    assert "did you mean" in person.heading.lower()
    assert all(message["to"] != person.number for message in sandbox.messages())
    with person.tab.expect_navigation():
        person.tab.get_by_role("button", name="(Germany)").click()
    assert person.heading == "Enter your PIN"
    person.enter_pin(person.pin)
    assert person.heading == flow.VERIFIED
    assert not person.complaints


def test_a_number_without_its_plus_and_a_whole_message_are_understood(new_person: NewPerson) -> None:
    """As AutoFill fills the number in, and with the digits that an Arabic keyboard has."""
    person = new_person()
    person.enter_number(person.number)
    assert person.heading == "Enter your PIN"
    arabic = person.pin.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    person.enter_pin(f"Your Example verification code is G-{arabic}. It is good for 5 minutes.")
    assert person.heading == flow.VERIFIED
