"""Somebody at a browser."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page as Tab
from playwright.sync_api import Response

from stack import flow
from stack.clock import Clock
from stack.confidential import Confidential
from stack.doors import Door
from stack.sandbox import Sandbox


def is_page(answer: Response) -> bool:
    """Whether this is the page at the end of a redirection."""
    return answer.request.is_navigation_request() and answer.status != 303


class Person:
    """Somebody at a browser, who knows what is written on the pages."""

    def __init__(self, context: BrowserContext, door: Door, sandbox: Sandbox, confidential: Confidential) -> None:
        self.tab: Tab = context.new_page()
        self.start = door.start
        self.sandbox = sandbox
        self.confidential = confidential
        self.number = confidential.new_number()
        self.complaints: list[str] = []
        self.source = ""
        # The site's, where it has one of its own.
        self.clock: Clock | None = None
        self.tab.on("console", lambda message: self._note(message.type, message.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, kind: str, text: str) -> None:
        # Chromium says of every status from 400 up that a resource failed to load; the pages with an error are such.
        if kind in ("error", "warning") and "the server responded with a status of" not in text:
            self.complaints.append(text)

    def open(self, path: str = "") -> None:
        answer = self.tab.goto(self.start + path)
        assert answer
        self.source = answer.text()

    def enter(self, label: str, text: str, button: str) -> None:
        """Types into the field that is labeled so, and presses the button."""
        self.tab.get_by_label(label, exact=True).fill(text)
        self.press(button)

    def press(self, button: str) -> Response:
        """Returns the page that it leads to."""
        with self.tab.expect_response(lambda answer: is_page(answer)) as answer:
            self.tab.get_by_role("button", name=button).click()
        self.tab.wait_for_load_state("load")
        self.source = answer.value.text()
        return answer.value

    def enter_number(self, text: str) -> None:
        self.open()
        self.enter("Mobile number", text, "Send me a PIN")

    def ask_for_pin(self) -> None:
        self.enter_number(flow.typed(self.number))

    def enter_pin(self, text: str) -> None:
        self.enter("PIN", text, "Verify")

    @property
    def pin(self) -> str:
        return self.sandbox.pin_of(self.number)

    def enter_wrong_pin(self) -> None:
        self.enter_pin(flow.another(self.pin))

    @property
    def heading(self) -> str:
        return self.tab.get_by_role("heading", level=1).inner_text()


# Makes people, each with a browser of their own; takes what Playwright's `new_context` takes.
NewPerson = Callable[..., Person]
