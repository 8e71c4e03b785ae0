"""The PIN page counts down to the time when a message can be sent again."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from stack import nginx, pingate
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.person import Person
from stack.sandbox import Sandbox

SCREENSHOTS = Path(__file__).parent / "screenshots"
NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
READY = "If nothing has come, send it again."


@pytest.fixture(scope="module")
def waiting(site: Site) -> Iterator[Door]:
    """A site that lets visitors wait, a minute and a half before the first time."""
    behind = pingate.start(site.workplace, site.confidential, site.api, PINGATE_LIMIT_RESEND_COOLDOWNS="90 120")
    server = nginx.start(site.workplace, "nginx-waiting", f"location / {{ fastcgi_pass unix:{behind.socket}; }}")
    yield Door(server.url, behind.part.log)
    server.part.stop()
    behind.part.stop()


def at(door: Door, chromium: Browser, sandbox: Sandbox, confidential: Confidential, java_script: bool = True) -> Person:
    context = chromium.new_context(java_script_enabled=java_script, viewport={"width": 320, "height": 640})
    return Person(context, door, sandbox, confidential)


def words(person: Person) -> str:
    return person.tab.locator("#again").inner_text()


def test_the_words_follow_the_time(
    waiting: Door, chromium: Browser, sandbox: Sandbox, confidential: Confidential
) -> None:
    person = at(waiting, chromium, sandbox, confidential)
    clock = person.tab.clock
    clock.install(time=NOON)
    clock.pause_at(NOON + datetime.timedelta(seconds=1))
    person.ask_for_pin()
    assert words(person) == "You can send it again in 2 minutes."
    for seconds, text in ((29, "2 minutes"), (1, "1 minute"), (1, "59 seconds"), (57, "2 seconds")):
        clock.run_for(1000 * seconds)
        assert words(person) == f"You can send it again in {text}.", seconds
    person.tab.screenshot(path=SCREENSHOTS / "countdown-2-seconds.png", full_page=True)
    clock.run_for(1000)
    assert words(person) == "You can send it again in 1 second."
    clock.run_for(1000)
    assert words(person) == READY
    person.tab.screenshot(path=SCREENSHOTS / "countdown-ready.png", full_page=True)
    # It is over, and the page no longer has anything to do.
    clock.run_for(600_000)
    assert words(person) == READY
    assert not person.complaints


def test_it_enables_nothing_and_says_nothing_aloud(
    waiting: Door, chromium: Browser, sandbox: Sandbox, confidential: Confidential
) -> None:
    """The button is there before and after: what comes too early the server answers. No live region changes by itself."""
    person = at(waiting, chromium, sandbox, confidential)
    person.tab.clock.install()
    person.ask_for_pin()
    button = person.tab.get_by_role("button", name="Send again")
    assert button.is_enabled()
    live = "element => element.closest('[aria-live], [role=status], [role=alert], [role=timer]') === null"
    again: Locator = person.tab.locator("#again")
    assert again.evaluate(live)
    aloud = person.tab.get_by_role("status")
    person.tab.clock.run_for(60_000)
    assert aloud.text_content() == ""
    person.tab.clock.run_for(35_000)
    assert words(person) == READY
    # Who listens hears of the end, and of nothing before.
    assert aloud.text_content() == READY
    # The page's clock went on, the server's did not.
    assert person.press("Send again").status == 429
    assert "too early" in person.tab.get_by_role("alert").inner_text()


def test_without_java_script_the_words_stand(
    waiting: Door, chromium: Browser, sandbox: Sandbox, confidential: Confidential
) -> None:
    person = at(waiting, chromium, sandbox, confidential, java_script=False)
    person.ask_for_pin()
    assert words(person) == "You can send it again in 2 minutes."


def test_a_script_that_the_owner_has_edited_runs(
    site: Site, chromium: Browser, sandbox: Sandbox, confidential: Confidential
) -> None:
    """And one that nobody has put into the templates does not."""
    folder = site.workplace.new_folder("edited")
    owner = pingate.program("pingate")
    settings = pingate.write_settings(folder / "export.conf", site.confidential, site.api)
    site.workplace.start(
        "export", [owner, "pages", "export", folder / "pages"], environment={"PINGATE_CONFIG": str(settings)}
    ).wait()
    template = folder / "pages" / "pin.mustache"
    template.write_text(template.read_text().replace("again.dataset.after", '"You can ask again in {wait}."'))
    behind = pingate.start(
        site.workplace,
        site.confidential,
        site.api,
        PINGATE_PAGES=str(folder / "pages"),
        PINGATE_LIMIT_RESEND_COOLDOWNS="90",
    )
    server = nginx.start(site.workplace, "nginx-edited", f"location / {{ fastcgi_pass unix:{behind.socket}; }}")
    person = at(Door(server.url, behind.part.log), chromium, sandbox, confidential)
    person.ask_for_pin()
    assert words(person) == "You can ask again in 2 minutes."
    assert not person.complaints
    person.tab.evaluate(
        "() => { const own = document.createElement('script'); own.textContent = 'document.title = 1';"
        " document.body.append(own) }"
    )
    assert person.tab.title() != "1"
    assert any("Content Security Policy" in complaint for complaint in person.complaints)
    server.part.stop()
    behind.part.stop()
