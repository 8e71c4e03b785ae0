"""Under attack: what strangers are asked for before a message is sent, and what no person sends."""

import base64
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from openapi_core import OpenAPI
from playwright.sync_api import Browser

from stack import flow, nginx, pingate, third_party
from stack.clock import Clock, StoppedClock
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.page import Page
from stack.person import Person
from stack.pingate import REPOSITORY, program
from stack.program import Program, of
from stack.sandbox import Sandbox
from stack.third_party import ThirdParty
from stack.transports import over_http
from stack.visitor import Visitor
from test_api import FILE, Caller, strict
from test_check_config import checked
from test_pages import BROKEN_WORDS, SCREENSHOTS, nu_checker

SITE_KEY = "0x4AAA-test"
SECRET = "0x4AAA-" + secrets.token_urlsafe(16)


def solver() -> Callable[[str, int, int], str]:
    """The one that stands in the documentation."""
    text = (REPOSITORY / "docs/challenge.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    solution: Callable[[str, int, int], str] = names["solution"]
    return solution


@dataclass
class Attacked:
    """A site whose limits refuse every stranger who has not worked."""

    door: Door
    clock: Clock | StoppedClock


def attacked(
    site: Site, name: str, kind: type[Clock] | type[StoppedClock] = StoppedClock, **more: str
) -> Iterator[Attacked]:
    clock = kind(site.workplace.new_folder(name) / "time")
    command = [program("attacked-site"), "serve"]
    behind = pingate.start(
        site.workplace, site.confidential, site.api, name, command=command, clock=clock.environment, **more
    )
    server = nginx.start(site.workplace, f"nginx-{name}", f"location / {{ fastcgi_pass unix:{behind.socket}; }}")
    yield Attacked(Door(server.url, behind.part.log), clock)
    server.part.stop()
    behind.part.stop()


@pytest.fixture(scope="module")
def asks_for_work(site: Site) -> Iterator[Attacked]:
    yield from attacked(site, "attacked", PINGATE_FASTEST_FORM="1")


@pytest.fixture
def party() -> Iterator[ThirdParty]:
    with third_party.running(SITE_KEY, SECRET) as party:
        yield party


@pytest.fixture
def asks_a_third_party(site: Site, party: ThirdParty) -> Iterator[Attacked]:
    yield from attacked(
        site,
        "attacked-widget",
        # libcurl's timers wait for time to pass, between one question and the next.
        Clock,
        PINGATE_CHALLENGE="turnstile",
        PINGATE_CHALLENGE_SITE_KEY=SITE_KEY,
        PINGATE_CHALLENGE_SECRET=SECRET,
        PINGATE_CHALLENGE_URL=party.url,
    )


@pytest.fixture
def person_at(chromium: Browser, sandbox: Sandbox, confidential: Confidential) -> Iterator[Callable[..., Person]]:
    contexts = []

    def make(at: Attacked, **options: Any) -> Person:  # noqa: ANN401 (Playwright's)
        contexts.append(chromium.new_context(**options))
        return Person(contexts[-1], at.door, sandbox, confidential)

    yield make
    for context in contexts:
        context.close()


def enter_number(person: Person, at: Attacked) -> None:
    """With the time that hands take."""
    person.open()
    at.clock.advance(5)
    person.enter("Mobile number", flow.typed(person.number), "Send me a PIN")


def see_that_all_can_use(person: Person, name: str) -> None:
    """axe-core finds nothing, nothing has to be scrolled sideways, no word is broken; and pictures are taken."""
    SCREENSHOTS.mkdir(exist_ok=True)
    for width, scheme in ((1280, "light"), (320, "dark"), (320, "light")):
        person.tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        person.tab.set_viewport_size({"width": width, "height": 640})
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert person.tab.evaluate(overflow) == 0
        person.tab.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
    if "script" not in name:
        results = Axe().run(person.tab)
        assert results.violations_count == 0, results.generate_report()
        assert not person.tab.evaluate(BROKEN_WORDS)


def test_a_browser_does_the_work_by_itself(asks_for_work: Attacked, person_at: Callable[..., Person]) -> None:
    person = person_at(asks_for_work)
    enter_number(person, asks_for_work)
    person.tab.get_by_role("heading", name="Enter your PIN").wait_for()
    person.enter_pin(person.pin)
    assert person.heading == flow.VERIFIED
    assert not person.complaints
    assert len([message for message in person.sandbox.messages() if message["to"] == person.number]) == 1


def test_the_page_tells_how_far_it_is_and_stays_alive(
    site: Site, asks_for_work: Attacked, person_at: Callable[..., Person]
) -> None:
    """Held just before its end: the last step is the form's."""
    person = person_at(asks_for_work)
    person.tab.add_init_script("HTMLFormElement.prototype.submit = () => {}")
    enter_number(person, asks_for_work)
    page = site.workplace.new_folder("challenge") / "challenge.html"
    page.write_text(person.source)
    person.tab.get_by_text("Done. We are sending the form.").wait_for()
    assert person.heading == "One moment, please"
    assert person.tab.get_by_role("progressbar").get_attribute("value") == "1"
    assert person.tab.evaluate("document.querySelector('[name=solution]').value.length") == 86
    see_that_all_can_use(person, "challenge")
    assert not person.complaints
    assert not nu_checker([page])


def test_without_scripts_there_is_a_place_in_line(
    site: Site, asks_for_work: Attacked, person_at: Callable[..., Person]
) -> None:
    person = person_at(asks_for_work, java_script_enabled=False)
    enter_number(person, asks_for_work)
    assert "your browser runs none here" in person.tab.locator("main").inner_text()
    assert person.tab.get_by_role("button").count() == 1
    person.tab.screenshot(path=SCREENSHOTS / "challenge-without-scripts.png", full_page=True)
    answer = person.press("Wait in line instead")
    assert (answer.status, person.heading) == (429, "Your place in line")
    page = site.workplace.new_folder("line") / "line.html"
    page.write_text(person.source)
    wait = int(answer.headers["retry-after"])
    assert 1 <= wait <= 600
    asks_for_work.clock.advance(wait - 1)
    assert person.press("Continue").status == 429
    assert "Your place is ready in 1 second." in person.tab.get_by_role("status").inner_text()
    asks_for_work.clock.advance(1)
    person.tab.reload()
    assert "Your place is ready now." in person.tab.get_by_role("status").inner_text()
    see_that_all_can_use(person, "line-without-scripts")
    person.press("Continue")
    assert person.heading == "Enter your PIN"
    person.enter_pin(person.pin)
    assert person.heading == flow.VERIFIED
    assert not nu_checker([page])


def test_a_program_does_the_work_and_nothing_less_is_taken(
    asks_for_work: Attacked, sandbox: Sandbox, confidential: Confidential
) -> None:
    """As the documentation and the description have it."""
    description = OpenAPI.from_dict(strict(yaml.safe_load(FILE.read_text())))
    caller = Caller(description, Program(over_http, asks_for_work.door.start))
    number, other = confidential.new_number(), confidential.new_number()

    def starts() -> int:
        return len([message for message in sandbox.messages() if message["to"] in (number, other)])

    asked = of(caller.post("register", {"number": flow.typed(number)}))
    assert asked["outcome"] == "send.challenged"
    challenge = asked["challenge"]
    assert (challenge["kind"], challenge["parts"], challenge["bits"]) == ("work", 16, 14)
    token = challenge["token"]
    solution = solver()(token, challenge["parts"], challenge["bits"])
    right = {"number": asked["number"], "form": asked["form"], "challenge": token, "solution": solution}

    forged = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    forged[-1] ^= 1
    easy = solver()(token, challenge["parts"], 2)
    for wrong in (
        {"solution": ""},
        {"solution": solution[:-1]},
        {"solution": easy},
        {"number": flow.typed(other)},
        {"challenge": base64.urlsafe_b64encode(forged).rstrip(b"=").decode()},
    ):
        answer = caller.post("register", {**right, **wrong})
        assert (answer.status, of(answer)["outcome"][:15]) == (429, "send.challenged"), wrong
    assert starts() == 0

    answers = [caller.post("register", right) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert starts() == 1
    # Another message takes other work, and no work is good for ever.
    asked = of(caller.post("register", {"number": flow.typed(other)}))
    challenge = asked["challenge"]
    solution = solver()(challenge["token"], challenge["parts"], challenge["bits"])
    asks_for_work.clock.advance(600)
    late = {"number": asked["number"], "challenge": challenge["token"], "solution": solution}
    assert caller.post("register", late).status == 429
    assert starts() == 1
    again = of(caller.post("register", {"number": flow.typed(other)}))
    place = of(caller.post("register", {"number": again["number"], "challenge": again["challenge"]["token"], "wait": "yes"}))
    # Its net may have one already, of the test before.
    assert place["outcome"] in ("send.waiting", "send.limited_shared")


def test_a_third_party_says_who_is_a_person(
    asks_a_third_party: Attacked, party: ThirdParty, person_at: Callable[..., Person]
) -> None:
    person = person_at(asks_a_third_party)
    party.takes_for = "a-robot"
    enter_number(person, asks_a_third_party)
    person.tab.locator("[name=cf-turnstile-response]").wait_for(state="attached")
    assert person.press("Continue").status == 429
    assert "We could not tell yet that you are no robot" in person.tab.get_by_role("alert").inner_text()
    see_that_all_can_use(person, "challenge-widget")
    party.takes_for = "a-person"
    person.tab.reload()
    person.tab.locator("[name=cf-turnstile-response]").wait_for(state="attached")
    person.press("Continue")
    assert person.heading == "Enter your PIN"
    person.enter_pin(person.pin)
    assert person.heading == flow.VERIFIED
    said = [form["response"][0].rsplit(":", 1)[0] for form in party.asked]
    assert said == [f"a-robot:{SITE_KEY}", f"a-person:{SITE_KEY}"]
    assert all(form["secret"] == [SECRET] for form in party.asked)
    # Its own script ran, and nothing else did.
    assert not person.complaints
    assert SECRET not in asks_a_third_party.door.log.read_text()


def test_a_third_party_that_is_broken_shuts_nobody_out(
    asks_a_third_party: Attacked, party: ThirdParty, person_at: Callable[..., Person]
) -> None:
    person = person_at(asks_a_third_party)
    party.is_broken = True
    enter_number(person, asks_a_third_party)
    person.tab.get_by_role("button", name="Continue").click()
    person.tab.get_by_role("heading", name="Enter your PIN").wait_for()
    assert "challenge.unanswered" in asks_a_third_party.door.log.read_text()

    # A firewall that turns the machine away is the owner's to fix: once, and nobody waits for that.
    party.is_broken, party.turns_away = False, True
    for _ in range(2):
        person = person_at(asks_a_third_party)
        enter_number(person, asks_a_third_party)
        person.tab.get_by_role("button", name="Continue").click()
        person.tab.get_by_role("heading", name="Enter your PIN").wait_for()
    log = asks_a_third_party.door.log.read_text()
    assert log.count(" critical challenge.broken ") == 1 and "HTTP 403" in log


def test_the_owner_is_told_whether_the_third_party_answers(
    site: Site, party: ThirdParty, confidential: Confidential
) -> None:
    folder = site.workplace.new_folder("widget")
    settings = {"PINGATE_CHALLENGE": "turnstile", "PINGATE_CHALLENGE_SITE_KEY": SITE_KEY}
    for secret, is_known in ((SECRET, True), (SECRET + "x", False)):
        more = {**settings, "PINGATE_CHALLENGE_SECRET": secret, "PINGATE_CHALLENGE_URL": party.url}
        file = pingate.write_settings(folder / "pingate.conf", confidential, site.api, **more)
        file.chmod(0o600)
        done = checked(file)
        assert done.returncode == 0, done.stderr
        assert ("turnstile answers" in done.stdout) == is_known
        assert ("invalid-input-secret" in done.stderr) == (not is_known)
        assert secret not in done.stdout + done.stderr


def refused_without_a_reason(page: Page) -> bool:
    return page.status == 429 and "We cannot send messages right now. Try again in 1 minute." in page.text


def test_what_no_person_sends_gets_no_message_and_no_reason(
    asks_for_work: Attacked, person_at: Callable[..., Person], confidential: Confidential
) -> None:
    visitor = Visitor(over_http, asks_for_work.door.start)
    number = flow.typed(confidential.new_number())
    first = visitor.open()

    def sends(**more: str) -> Page:
        return visitor.post(visitor.start + first.form.action, {**first.form.fields, "number": number, **more})

    assert refused_without_a_reason(sends())
    # The same page a second later, as if hands had typed; and out of a browser's memory.
    asks_for_work.clock.advance(1)
    assert not refused_without_a_reason(sends())
    tag = first.field("ETag")
    assert tag and visitor.open(**{"If-None-Match": tag}).status == 304
    assert refused_without_a_reason(sends(**{"pingate-comment": "Buy now"}))
    log = asks_for_work.door.log.read_text()
    assert "start.automated" in log and "Buy now" not in log

    # People neither see it, nor hear of it, nor come to it.
    person = person_at(asks_for_work)
    person.open()
    assert person.tab.get_by_role("textbox").count() == 1
    keyboard = person.tab.keyboard
    names = []
    for _ in range(4):
        keyboard.press("Tab")
        names.append(person.tab.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert "number" in names and "pingate-comment" not in names
    assert person.tab.locator("[name=pingate-comment]").bounding_box() is not None
    person.tab.screenshot(path=SCREENSHOTS / "start-with-trap.png", full_page=True)
