"""A CGI program that refuses a form: its page comes whole, however much of the form was still on its way."""

import http.client
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest

from stack import cgi_servers, flow
from stack.doors import Door, Site
from stack.sandbox import Sandbox

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(params=cgi_servers.ALL.values(), ids=cgi_servers.ALL.keys(), scope="module")
def door(request: pytest.FixtureRequest, site: Site) -> Iterator[Door]:
    count = len(site.workplace.parts)
    yield request.param(site)
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


def post(door: Door, size: int, *, is_chunked: bool = False, kind: str = FORM) -> int:
    """Sends a form of this size, to its end; reads the page, to its end, and returns its status."""
    parts = urlsplit(door.start)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    body = b"number=" + b"1" * (size - 7)
    pieces = (body[start : start + 10_000] for start in range(0, size, 10_000))
    fields = {"Content-Type": kind, "Origin": f"http://{parts.netloc}"}
    path = urlsplit(urljoin(door.start, "register")).path
    connection.request("POST", path, pieces if is_chunked else body, fields, encode_chunked=is_chunked)
    answer = connection.getresponse()
    page = answer.read().decode()  # raises when it is cut off
    connection.close()
    assert "<h1" in page and page.rstrip().endswith("</html>"), page
    return answer.status


@pytest.mark.parametrize("size", [9_007, 70_000, 200_000, 2_000_000])
def test_a_form_that_is_too_long_gets_its_page(door: Door, size: int) -> None:
    for _ in range(5):
        assert post(door, size) == 413


@pytest.mark.parametrize("size", [100, 9_007, 200_000])
def test_a_form_without_a_length_gets_its_page(door: Door, size: int) -> None:
    """Some web servers find out the length themselves; uWSGI hands nothing over, and never ends it."""
    assert post(door, size, is_chunked=True) in {411, 413, 422}


@pytest.mark.parametrize("size", [100, 8_000, 200_000])
def test_a_form_of_another_type_gets_its_page(door: Door, size: int) -> None:
    for _ in range(5):
        assert post(door, size, kind="text/plain") == 415


def test_a_whole_visit(door: Door, site: Site, sandbox: Sandbox) -> None:
    flow.verify(door.visitor(), sandbox, site.confidential.new_number())
