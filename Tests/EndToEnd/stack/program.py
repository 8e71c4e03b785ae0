"""A program that uses a site by itself: a visitor's app, or the site's own code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stack import flow
from stack.confidential import Confidential
from stack.page import Page
from stack.sandbox import Sandbox
from stack.visitor import Transport

JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Program:
    """It keeps the cookies that it gets."""

    transport: Transport
    # The site's first page.
    start: str
    cookies: dict[str, str] = field(default_factory=dict)

    def post(self, route: str, fields: Mapping[str, str], more: Mapping[str, str] | None = None) -> Page:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Content-Type": "application/json", **JSON, **({"Cookie": cookies} if cookies else {}), **(more or {})}
        page = self.transport("POST", self.start + route, headers, json.dumps(fields).encode())
        for given in page.fields.get_all("Set-Cookie") or []:
            name, _, value = given.partition(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return page

    def verify(self, sandbox: Sandbox, confidential: Confidential) -> dict[str, Any]:
        """The whole way, with a number that nobody used before; returns the last answer."""
        number = confidential.new_number()
        page = self.post("register", {"number": flow.typed(number)})
        assert page.status == 200, page.text
        answer = self.post("verify", {"requestId": of(page)["requestId"], "pin": sandbox.pin_of(number)})
        assert answer.status == 200, answer.text
        return of(answer)


def of(page: Page) -> dict[str, Any]:
    """What a JSON answer says."""
    answer: dict[str, Any] = json.loads(page.body)
    return answer
