"""The first page and the style sheet, served by PinGate itself."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from stack import nginx, pingate, transports
from stack.doors import Site
from stack.pingate import REPOSITORY, PinGate
from stack.visitor import Visitor

TYPES = {
    "": "text/html; charset=utf-8",
    "index.html": "text/html; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
}


@pytest.fixture(scope="module")
def own(site: Site) -> Iterator[PinGate]:
    """A PinGate with a folder of files of its own."""
    running = pingate.start(site.workplace, site.confidential, site.api, PINGATE_WWW=f"{REPOSITORY}/www")
    yield running
    running.part.stop()


@pytest.fixture(scope="module")
def visitor(site: Site, own: PinGate) -> Iterator[Visitor]:
    """A visitor of an nginx that passes everything on."""
    server = nginx.start(site.workplace, "nginx-static", f"location / {{ fastcgi_pass unix:{own.socket}; }}")
    yield Visitor(transports.over_http, server.url)
    server.part.stop()


@pytest.mark.parametrize("path", TYPES)
def test_a_file_has_its_type_and_its_content(visitor: Visitor, path: str) -> None:
    page = visitor.open(path)
    assert page.status == 200
    assert page.field("Content-Type") == TYPES[path]
    assert page.body == Path(REPOSITORY, "www", path or "index.html").read_bytes()


@pytest.mark.parametrize("path", TYPES)
def test_head_gives_the_same_fields_without_the_content(visitor: Visitor, path: str) -> None:
    whole, head = visitor.open(path), visitor.open(path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Content-Security-Policy"):
        assert head.field(name) == whole.field(name)


@pytest.mark.parametrize("path", TYPES)
def test_a_copy_that_is_still_good_is_not_sent_again(visitor: Visitor, path: str) -> None:
    page = visitor.open(path)
    tag, date = page.field("ETag"), page.field("Last-Modified")
    assert tag and date and parsedate_to_datetime(date)
    for fields in ({"If-None-Match": tag}, {"If-None-Match": f'"other", W/{tag}'}, {"If-Modified-Since": date}):
        again = visitor.open(path, **fields)
        assert (again.status, again.body, again.field("ETag")) == (304, b"", tag)
    assert visitor.open(path, **{"If-None-Match": '"other"', "If-Modified-Since": date}).status == 200


OUTSIDE = [
    "favicon.ico",
    "index.htm",
    "style.css/",
    "index.html/x",
    "../Package.swift",
    "..%2fPackage.swift",
    "%2e%2e/%2e%2e/etc/passwd",
    "....//....//etc/passwd",
    "/etc/passwd",
    "//etc/passwd",
    "style.css%00.html",
    "register/",
    "register/x",
    "REGISTER",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_there_is_nothing_else(visitor: Visitor, own: PinGate, path: str) -> None:
    """Neither through nginx, which puts paths in order, nor for a client that sends them as they are."""
    foreign = transports.through_cgi_fcgi(own.socket)
    pages = [
        transports.over_http("GET", visitor.start + path, {}, b""),
        foreign("GET", "http://www.example.com/" + path, {}, b""),
    ]
    # nginx itself refuses what leads out of the root, and NUL.
    assert pages[0].status in (400, 404)
    assert pages[1].status == 404
    assert all(b"root:" not in page.body and b"PackageDescription" not in page.body for page in pages)


def test_the_page_can_be_got_but_not_posted(visitor: Visitor) -> None:
    for path in TYPES:
        page = visitor.post(visitor.start + path, {"number": "1"})
        assert (page.status, page.field("Allow")) == (405, "GET, HEAD")
