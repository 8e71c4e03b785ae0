"""Whose page a form was on: whatever the web server says of its host, the site's own forms are taken and no other."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Request

from stack import flow, nginx, pingate, transports
from stack.confidential import Confidential
from stack.doors import PATTERN, STATIC_FILES, Door, Site
from stack.person import Person
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.visitor import BROWSERS, Browser, Visitor

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


# Makes somebody for whom this machine is www.example.com.
Elsewhere = Callable[[Door], Person]


@pytest.mark.parametrize("parameters", PARAMETERS.values(), ids=PARAMETERS)
def test_chromium_is_admitted_under_another_name_and_port(
    serve: Serve, behind: PinGate, person_elsewhere: Elsewhere, parameters: str
) -> None:
    verify(person_elsewhere(Door(serve(parameters), behind.part.log)))


def test_our_own_pages_say_where_they_are_on_a_site_that_sends_no_referrer(
    serve: Serve, behind: PinGate, person_elsewhere: Elsewhere
) -> None:
    """The owner's header is for all of the site's pages; ours need to say whose they are."""
    start = serve("", "add_header Referrer-Policy no-referrer always;")
    verify(person_elsewhere(Door(start, behind.part.log)))


def verify(person: Person) -> None:
    """The whole way, by a browser that sends no Fetch Metadata."""
    requests: list[Request] = []
    person.tab.on("request", lambda request: requests.append(request))
    person.ask_for_pin()
    person.enter_wrong_pin()
    person.enter_pin(person.pin)
    assert person.heading == flow.VERIFIED
    posts = [request for request in requests if request.method == "POST"]
    assert len(posts) == 3
    assert not any("sec-fetch-site" in request.all_headers() for request in posts)


def test_a_page_that_hides_where_it_is_gets_words_that_help(
    serve: Serve, behind: PinGate, person_elsewhere: Elsewhere, sandbox: Sandbox
) -> None:
    """An owner's own first page, under an owner's own rule."""
    own = (
        "location = /own { default_type text/html; add_header Referrer-Policy no-referrer; return 200 "
        "'<form method=post action=register><label>Mobile number<input name=number></label>"
        "<button>Send me a PIN</button></form>'; }"
    )
    person = person_elsewhere(Door(serve("", own), behind.part.log))
    person.open("own")
    person.enter("Mobile number", flow.typed(person.number), "Send me a PIN")
    assert person.heading == "Your browser did not say where this form came from"
    assert "another browser" in person.tab.locator("main").inner_text()
    assert all(message["to"] != person.number for message in sandbox.messages())
    assert any("request.origin_hidden" in line and "origin=null" in line for line in behind.part.log_text().splitlines())


# What a web server might say, one record for each, and what PinGate makes of it.
SAID_TWICE: dict[str, tuple[list[tuple[str, str]], int]] = {
    "a path": ([("SCRIPT_NAME", "/nothing"), ("SCRIPT_NAME", "/verify")], 400),
    "a path that is taken back": ([("PATH_INFO", "/nothing"), ("PATH_INFO", "")], 400),
    "a method": ([("REQUEST_METHOD", "GET"), ("REQUEST_METHOD", "POST")], 400),
    "a type": ([("CONTENT_TYPE", "text/plain"), ("CONTENT_TYPE", "application/x-www-form-urlencoded")], 400),
    "a host": ([("HTTP_HOST", "b.example"), ("HTTP_HOST", "a.example")], 400),
    "another host": ([("HTTP_HOST", "a.example"), ("HTTP_HOST", "b.example")], 403),
    "an origin": ([("HTTP_ORIGIN", "http://b.example"), ("HTTP_ORIGIN", "http://a.example")], 403),
    "an origin, and nothing": ([("HTTP_ORIGIN", "http://b.example"), ("HTTP_ORIGIN", "")], 403),
    "a site": ([("HTTP_SEC_FETCH_SITE", "cross-site"), ("HTTP_SEC_FETCH_SITE", "same-origin")], 403),
    "two lengths": ([("CONTENT_LENGTH", "6"), ("CONTENT_LENGTH", "5")], 400),
}


@pytest.mark.parametrize(("said", "status"), SAID_TWICE.values(), ids=SAID_TWICE)
def test_of_what_is_said_twice_the_last_counts_unless_it_may_be_a_visitors(
    behind: PinGate, said: list[tuple[str, str]], status: int
) -> None:
    usual = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "/verify",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": "5",
        "HTTP_HOST": "a.example",
        "HTTP_ORIGIN": "http://a.example",
    }
    parameters = [each for each in usual.items() if each[0] not in dict(said)] + said
    assert transports.through_records(behind.socket, parameters, b"pin=1").status == status
