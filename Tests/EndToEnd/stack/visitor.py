"""A visitor without a browser: opens pages, fills in their forms, and sends them as browsers do."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urljoin, urlsplit

from stack.page import Page

# Carries one request to a site: method, URL, header fields, body.
Transport = Callable[[str, str, Mapping[str, str], bytes], Page]

# What a browser says of the page that a form is on, made of that page's origin.
Browser = Callable[[str], Mapping[str, str]]


def modern(origin: str) -> Mapping[str, str]:
    """Fetch Metadata: over HTTPS and on this machine, in every browser since Safari 16.4."""
    return {"Origin": origin, "Sec-Fetch-Site": "same-origin"}


def without_fetch_metadata(origin: str) -> Mapping[str, str]:
    """Every browser over plain HTTP, and older ones."""
    return {"Origin": origin}


def with_a_referrer_only(origin: str) -> Mapping[str, str]:
    """Browsers of before 2020."""
    return {"Referer": origin + "/"}


def silent(_: str) -> Mapping[str, str]:
    """A program."""
    return {}


BROWSERS = (modern, without_fetch_metadata, with_a_referrer_only, silent)


# What browsers accept when they are on their way to a page.
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Visitor:
    """Knows of a site no more than the address of its first page."""

    def __init__(self, transport: Transport, start: str, browser: Browser = modern) -> None:
        self.transport = transport
        self.start = start
        self.browser = browser

    def open(self, path: str = "", method: str = "GET", **fields: str) -> Page:
        """Follows a link from the first page."""
        return self.transport(method, urljoin(self.start, path), fields, b"")

    def submit(self, page: Page, **typed: str) -> Page:
        """Fills in the only form of a page and sends it; what is not typed keeps its value."""
        form = page.form
        assert form.method == "post"
        unknown = typed.keys() - form.fields.keys()
        assert not unknown, f"the form has no fields {unknown}"
        # It types faster than hands can, and so does not say when the page was shown.
        fields = {name: value for name, value in form.fields.items() if name != "shown"}
        return self.post(urljoin(page.url, form.action), {**fields, **typed})

    def post(self, url: str, form: Mapping[str, str]) -> Page:
        """Sends a form from a page of the same site, and goes where the answer leads, as browsers do.

        PinGate says 303; HAProxy makes 302 of it, and to browsers both mean a GET after a POST (Fetch, section 4.4).
        """
        page = self.send(url, form)
        if page.status not in (302, 303):
            return page
        address = page.field("Location")
        assert address and not page.body
        return self.transport("GET", urljoin(url, address), self._fields(url), b"")

    def send(self, url: str, form: Mapping[str, str]) -> Page:
        """The same, and goes nowhere."""
        fields = {"Content-Type": "application/x-www-form-urlencoded", **self._fields(url)}
        return self.transport("POST", url, fields, urlencode(form).encode())

    def _fields(self, url: str) -> dict[str, str]:
        parts = urlsplit(url)
        accept = {} if self.browser is silent else {"Accept": HTML}
        return {**accept, "Accept-Language": "de, en;q=0.5", **self.browser(f"{parts.scheme}://{parts.netloc}")}
