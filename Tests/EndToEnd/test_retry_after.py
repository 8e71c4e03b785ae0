"""Each row of docs/limits.md at both sides of its limit, and at both sides of the time that a visitor is told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stack import flow, listening, nginx, pingate
from stack.clock import StoppedClock
from stack.confidential import Confidential
from stack.owner import Owner
from stack.page import Page
from stack.pingate import REPOSITORY
from stack.sandbox import Sandbox
from stack.transports import over_http
from stack.visitor import Visitor
from stack.workplace import Workplace

LIMIT = 2
DAY = 86_400
SPANS = {"minute": 60, "10 minutes": 600, "hour": 3600, "day": DAY, "-": None}
# A number's request at the provider is over by then, whatever its workflow.
OVER = 3600
# An attempt's.
LIFE = 600


def rows_of(heading: str) -> dict[str, int | None]:
    """A table of docs/limits.md: the rows' names, and the spans that they count in, in seconds."""
    text = (REPOSITORY / "docs/limits.md").read_text()
    section = text.partition(f"### {heading}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| `PINGATE_LIMIT_(\w+)` \| \d+ \| ([^|]+) \| [^|]+ \|$", section, re.MULTILINE)
    return {name: SPANS[span] for name, span in rows}


SENDS = rows_of("Messages")
TRIES = rows_of("Tries of a PIN")
# Waiting does not help there: the attempt is over before the span is. Each is looked at below.
ENDS = {"ATTEMPT_RESENDS", "REQUEST_WRONG", "ATTEMPT_WRONG"}
# What nobody verifies: it drips away, and does not hold for this machine's own network. See test_limits.py, and the contract
# of the stores.
UNVERIFIED = {"NET_DAY", "WIDE_NET_DAY", "PREFIX4_RATION", "PREFIX6_RATION", "COUNTRY_RATION"}


def words(seconds: int) -> str:
    """As pages say it: never too short."""
    for longest, size, unit in ((59, 1, "second"), (90 * 60, 60, "minute"), (36 * 3600, 3600, "hour")):
        if seconds <= longest:
            count = -(-seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{-(-seconds // DAY)} days"


@dataclass
class Limited:
    """A site with one limit that can be reached, behind nginx, and somebody at a browser that keeps its cookie."""

    settings: Path
    visitor: Visitor
    clock: StoppedClock
    sandbox: Sandbox
    number: str
    cookie: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.visitor.transport = self._carry

    def _carry(self, method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
        page = over_http(method, url, {**fields, **self.cookie}, body)
        if cookie := page.field("Set-Cookie"):
            self.cookie = {"Cookie": cookie.partition(";")[0]}
        return page

    def send(self) -> Page:
        self.sandbox.advance(OVER)
        return self.visitor.submit(self.visitor.open(), number=flow.typed(self.number))

    def enter(self, right: bool = False) -> Page:
        """A PIN for a new message."""
        page = self.send()
        assert page.status == 200, page.text
        pin = self.sandbox.pin_of(self.number)
        return self.visitor.submit(page, pin=pin if right else flow.another(pin))

    def advance(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.sandbox.advance(seconds)


@dataclass
class Stage:
    """nginx, and the socket of whichever PinGate is behind it."""

    workplace: Workplace
    confidential: Confidential
    sandbox: Sandbox
    folder: Path
    server: nginx.Nginx

    def start(self, row: str) -> tuple[Limited, pingate.Part]:
        name = row.lower()
        clock = StoppedClock(self.folder / f"{name}.time")
        socket = self.folder / "pingate.sock"
        settings = pingate.write_settings(
            self.folder / f"{name}.conf",
            self.confidential,
            self.sandbox.api,
            **{f"PINGATE_LIMIT_{row}": str(LIMIT)},
            PINGATE_STORE=f"sqlite:{self.folder}/{name}.sqlite",
            PINGATE_LISTEN=f"unix:{socket}",
        )
        environment = {"PINGATE_CONFIG": str(settings), **clock.environment}
        part = self.workplace.start("limited", pingate.serve(), environment=environment)
        part.until_ready(lambda: listening.accepts(socket))
        visitor = Visitor(over_http, self.server.url)
        return Limited(settings, visitor, clock, self.sandbox, self.confidential.new_number()), part


@pytest.fixture(scope="module")
def stage(workplace: Workplace, confidential: Confidential, sandbox: Sandbox) -> Iterator[Stage]:
    folder = workplace.new_folder("limited")
    location = f"location / {{ fastcgi_pass unix:{folder}/pingate.sock; }}"
    server = nginx.start(workplace, "nginx-limited", location)
    yield Stage(workplace, confidential, sandbox, folder, server)
    server.part.stop()


@pytest.fixture
def limited(stage: Stage, request: pytest.FixtureRequest) -> Iterator[Limited]:
    site, part = stage.start(request.param)
    yield site
    part.stop()


@pytest.mark.parametrize(
    ("limited", "row"), [(row, row) for row in [*SENDS, *TRIES] if row not in ENDS | UNVERIFIED], indirect=["limited"]
)
def test_a_limit_admits_what_it_says_and_the_time_is_right_to_the_second(limited: Limited, row: str) -> None:
    is_send = row in SENDS
    span = (SENDS | TRIES)[row]
    act, admitted = (limited.send, 200) if is_send else (limited.enter, 422)
    if row.startswith("TRUSTED"):
        assert limited.enter(right=True).heading == flow.VERIFIED
    if row == "BROWSER_HOUR":
        # Until then the browser has no cookie.
        assert act().status == admitted
    assert act().status == admitted
    limited.advance(1)
    assert act().status == admitted
    if span is None:
        assert act().status == 403
        # Less than a browser is trusted for.
        limited.advance(100 * DAY)
        assert act().status == 403
        assert Owner(limited.settings).run("limits", "clear", flow.typed(limited.number)).returncode == 0
        return
    # Whoever asks again for a number is shown the PIN page of the running message, for as long as that lives.
    shown = LIFE if is_send and row.startswith(("NUMBER", "TRUSTED")) else 0
    limited.advance(shown)
    check_refusal(act(), span - 1 - shown)
    limited.advance(span - 2 - shown)
    check_refusal(act(), 1)
    limited.advance(1)
    assert act().status == admitted
    # The second one still counts.
    if not shown:
        check_refusal(act(), 1)


def check_refusal(page: Page, wait: int) -> None:
    assert (page.status, page.field("Retry-After")) == (429, str(wait))
    assert f"in {words(wait)}." in page.alert


@pytest.mark.parametrize("limited", ["ATTEMPT_RESENDS"], indirect=True)
def test_of_one_visit_no_more_is_sent_again_than_its_limit_says(limited: Limited) -> None:
    page = limited.send()
    for _ in range(LIMIT):
        limited.advance(31)
        page = limited.visitor.post(limited.visitor.start + "resend", page.form.fields)
        assert (page.status, page.alert) == (200, "")
    limited.advance(31)
    refused = limited.visitor.post(limited.visitor.start + "resend", page.form.fields)
    assert (refused.status, refused.field("Retry-After")) == (429, str(DAY - 62))
    # There is no other time for this visit.
    limited.advance(DAY - 62)
    assert limited.visitor.post(limited.visitor.start + "resend", page.form.fields).status == 410


@pytest.mark.parametrize("limited", ["REQUEST_WRONG", "ATTEMPT_WRONG"], indirect=True)
def test_of_one_pin_no_more_is_tried_than_its_limit_says(limited: Limited) -> None:
    page = limited.send()
    pin = limited.sandbox.pin_of(limited.number)
    statuses = [limited.visitor.submit(page, pin=flow.another(pin)).status for _ in range(LIMIT)]
    right = limited.visitor.submit(page, pin=pin)
    assert (statuses[0], right.status, right.has_form) == (422, 410, False)


def test_every_row_is_looked_at() -> None:
    assert len(SENDS) == 21
    assert len(TRIES) == 13
