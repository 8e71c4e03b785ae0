"""Whose page a form was on: whatever the web server says of its host, the site's own forms are taken and no other."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from conftest import CHROMIUM
from stack import flow, nginx, pingate, transports
from stack.confidential import Confidential
from stack.doors import PATTERN, STATIC_FILES, Site
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.visitor import BROWSERS, Browser, Visitor

HOST = "www.example.com"

# What the owners of sites have in a location, in front of `fastcgi_pass`. Debian's file ends with HTTP_HOST $host, which
# has no port.
PARAMETERS = {
    "Debian's": "include /etc/nginx/fastcgi_params;",
    "a host behind it": "include /etc/nginx/fastcgi_params; fastcgi_param HTTP_HOST $http_host;",
    "a host before it": "fastcgi_param HTTP_HOST $http_host; include /etc/nginx/fastcgi_params;",
    "no host": """
        fastcgi_param REQUEST_METHOD $request_method; fastcgi_param SCRIPT_NAME $uri;
        fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length;
        fastcgi_param SERVER_NAME $host; fastcgi_param SERVER_PORT $server_port; fastcgi_param HTTP_HOST '';
    """,
    "for scripts": "include /etc/nginx/fastcgi.conf;",
}


@pytest.fixture(scope="module")
def behind(site: Site) -> Iterator[PinGate]:
    running = pingate.start(site.workplace, site.confidential, site.api)
    yield running
    running.part.stop()


# Starts nginx with these parameters and with more for its server; returns the URL of its first page.
Serve = Callable[..., str]


@pytest.fixture
def serve(site: Site, behind: PinGate) -> Iterator[Serve]:
    """nginx as the README has it, at a port of its own."""
    count = len(site.workplace.parts)

    def start(parameters: str, more: str = "") -> str:
        location = f"location ~ {PATTERN} {{ fastcgi_pass unix:{behind.socket}; {parameters} }}"
        return nginx.start(site.workplace, "nginx-origins", f"{STATIC_FILES} {more} {location}").url

    yield start
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize("parameters", PARAMETERS.values(), ids=PARAMETERS)
def test_a_form_of_the_site_is_taken_at_any_port(
    serve: Serve, sandbox: Sandbox, confidential: Confidential, parameters: str, browser: Browser
) -> None:
    flow.verify(Visitor(transports.over_http, serve(parameters), browser), sandbox, confidential.new_number())


@pytest.mark.parametrize("parameters", PARAMETERS.values(), ids=PARAMETERS)
@pytest.mark.parametrize("claim", ["Origin", "Referer"])
def test_a_form_of_another_port_or_host_is_not(
    serve: Serve, behind: PinGate, sandbox: Sandbox, confidential: Confidential, parameters: str, claim: str
) -> None:
    """And the log says what was compared."""
    start = serve(parameters)
    own = start.removeprefix("http://").rstrip("/")
    foreign = ["http://127.0.0.1:1", "http://localhost:" + own.split(":")[1], f"http://{own}.evil"]
    if parameters not in (PARAMETERS["Debian's"], PARAMETERS["a host before it"]):
        foreign.append("http://127.0.0.1")  # in these two it is all that nginx says
    for origin in foreign:
        number = confidential.new_number()
        visitor = Visitor(transports.over_http, start, lambda _, origin=origin: {claim: origin})  # type: ignore[misc]
        page = visitor.submit(visitor.open(), number=flow.typed(number))
        assert page.status == 403, origin
        assert all(message["to"] != number for message in sandbox.messages())
        assert f"{claim.lower()}={origin}" in behind.part.log_text()
    assert "request.cross_site" in behind.part.log_text()


class Elsewhere:
    """Chromium for which `www.example.com` is this machine: over plain HTTP it sends no Fetch Metadata there."""

    def __init__(self, chromium: Chromium) -> None:
        self.tab: Tab = chromium.new_context().new_page()

    def register(self, start: str, number: str) -> str:
        """Sends the first form; returns the heading of what comes."""
        self.tab.goto(start.replace("127.0.0.1", HOST))
        self.tab.get_by_label("Mobile number").fill(flow.typed(number))
        with self.tab.expect_response(lambda answer: answer.request.method == "POST") as answer:
            self.tab.get_by_role("button", name="Send me a PIN").click()
        assert "sec-fetch-site" not in answer.value.request.all_headers()
        self.tab.wait_for_load_state("load")
        return self.tab.get_by_role("heading", level=1).inner_text()


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield Elsewhere(browser)
        browser.close()


@pytest.mark.parametrize("parameters", PARAMETERS.values(), ids=PARAMETERS)
def test_chromium_is_admitted_under_another_name_and_port(
    serve: Serve, elsewhere: Elsewhere, sandbox: Sandbox, confidential: Confidential, parameters: str
) -> None:
    number = confidential.new_number()
    assert elsewhere.register(serve(parameters), number) == "Enter your PIN"
    elsewhere.tab.get_by_label("PIN", exact=True).fill(sandbox.pin_of(number))
    elsewhere.tab.get_by_role("button", name="Verify").click()
    assert elsewhere.tab.get_by_role("heading", level=1, name=flow.VERIFIED).is_visible()


def test_our_own_pages_say_where_they_are_on_a_site_that_sends_no_referrer(
    serve: Serve, elsewhere: Elsewhere, sandbox: Sandbox, confidential: Confidential
) -> None:
    """The owner's header is for all of the site's pages; ours need to say whose they are."""
    start = serve("", "add_header Referrer-Policy no-referrer always;")
    number = confidential.new_number()
    assert elsewhere.register(start, number) == "Enter your PIN"
    elsewhere.tab.get_by_label("PIN", exact=True).fill(sandbox.pin_of(number))
    elsewhere.tab.get_by_role("button", name="Verify").click()
    assert elsewhere.tab.get_by_role("heading", level=1, name=flow.VERIFIED).is_visible()


def test_a_page_that_hides_where_it_is_gets_words_that_help(
    serve: Serve, elsewhere: Elsewhere, behind: PinGate, sandbox: Sandbox, confidential: Confidential
) -> None:
    """An owner's own first page, under an owner's own rule."""
    own = (
        "location = /own { default_type text/html; add_header Referrer-Policy no-referrer; return 200 "
        "'<form method=post action=register><label>Mobile number<input name=number></label>"
        "<button>Send me a PIN</button></form>'; }"
    )
    number = confidential.new_number()
    heading = elsewhere.register(serve("", own) + "own", number)
    assert heading == "Your browser did not say where this form came from"
    assert "another browser" in elsewhere.tab.locator("main").inner_text()
    assert all(message["to"] != number for message in sandbox.messages())
    assert any("request.origin_hidden" in line and "origin=null" in line for line in behind.part.log_text().splitlines())
