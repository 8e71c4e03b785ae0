"""The example configurations, edited as their first lines say and in no other way, are accepted, serve a visit, and leave
alone what was there before."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from stack import doors, examples, flow, owner_site, pingate, transports
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.examples import Build, Example, Surroundings, edited
from stack.owner_site import OwnerSite
from stack.page import Page
from stack.person import Person
from stack.pingate import REPOSITORY
from stack.sandbox import Sandbox
from stack.visitor import BROWSERS, Browser, Visitor, without_fetch_metadata
from stack.workplace import PROGRAM_PATH, Workplace


@pytest.fixture(scope="module")
def owner(workplace: Workplace) -> Iterator[OwnerSite]:
    with owner_site.start(workplace) as owner:
        yield owner


@pytest.fixture(scope="module")
def around(site: Site, certificate: tuple[Path, Path], owner: OwnerSite) -> Surroundings:
    return Surroundings(site, certificate, owner)


def running(around: Surroundings, build: Build) -> Iterator[Example]:
    count = len(around.workplace.parts)
    yield build(around)
    for part in reversed(around.workplace.parts[count:]):
        part.stop()


ALL = {**examples.ALONE, **examples.BELOW_PHONE}


@pytest.fixture(scope="module", params=list(ALL.values()), ids=list(ALL))
def example(request: pytest.FixtureRequest, around: Surroundings) -> Iterator[Example]:
    yield from running(around, request.param)


def test_a_visitor_verifies_a_number(example: Example, sandbox: Sandbox, confidential: Confidential) -> None:
    """Without Fetch Metadata: the web server has to say the whole host."""
    flow.verify(example.door.visitor(without_fetch_metadata), sandbox, confidential.new_number())


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_form_is_taken_from_every_browser(example: Example, browser: Browser) -> None:
    visitor = example.door.visitor(browser)
    page = visitor.post(visitor.start + "verify", {"pin": "1"})
    assert (page.status, page.heading) == (400, "We do not recognize this form")


def test_a_form_of_another_site_is_refused(example: Example) -> None:
    visitor = example.door.visitor(lambda _: {"Origin": "https://evil.example"})
    assert visitor.post(visitor.start + "verify", {"pin": "1"}).status == 403


def test_only_a_post_sends(example: Example, sandbox: Sandbox, confidential: Confidential) -> None:
    """And what a query says stays out of the logs, which the last test looks at."""
    visitor, number = example.door.visitor(), confidential.new_number()
    for place in doors.PLACES:
        assert visitor.open(f"{place}?number={number}").status in (400, 405, 410, 429), place
    assert all(message["to"] != number for message in sandbox.messages())


def test_a_get_of_verify_reaches_pingate_and_no_log(example: Example, workplace: Workplace) -> None:
    """A browser comes there after each form, with something in the query that is nobody's business."""
    secret = f"query{example.start.split(':')[-1].strip('/')}"
    page = example.door.visitor().open(f"verify?{secret}")
    assert "Start again" in page.text and page.status in (400, 405, 410)
    assert not [log.name for log in workplace.logs.iterdir() if secret in log.read_text(errors="replace")]


@pytest.mark.parametrize("size", [9_000, 200_000])
def test_a_form_that_is_too_large_is_refused_with_a_page(example: Example, size: int) -> None:
    visitor = example.door.visitor()
    page = visitor.post(visitor.start + "verify", {"pin": "1" * size})
    assert (page.status, page.heading) == (413, "We could not read this form")
    assert_styled(visitor, page)


def test_a_page_that_is_not_there_is_said_so_on_a_page(example: Example) -> None:
    visitor = example.door.visitor()
    for path in ("x", "register/x", "verify/", "x.php"):
        page = visitor.open(path)
        assert (page.status, page.heading) == (404, "Page not found"), path
        assert_styled(visitor, page)


def assert_styled(visitor: Visitor, page: Page) -> None:
    """The page's style sheet is there."""
    match = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert match
    sheet = visitor.transport("GET", urljoin(page.url, match[1]), {}, b"")
    assert (sheet.status, (sheet.field("Content-Type") or "").split(";")[0]) == (200, "text/css")
    assert sheet.body == (REPOSITORY / "www/style.css").read_bytes()


PROTECTIVE = [
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "X-Frame-Options",
]


def protection(page: Page) -> dict[str, str | None]:
    return {name: page.field(name) for name in PROTECTIVE}


def test_the_first_page_is_protected_as_pingate_protects_its_own(example: Example, site: Site) -> None:
    behind = pingate.start(site.workplace, site.confidential, site.api)
    own = Visitor(transports.through_cgi_fcgi(behind.socket), "http://www.example.com/").open()
    behind.part.stop()
    page = example.door.visitor().open()
    assert page.status == 200
    assert page.heading == own.heading
    assert protection(page) == protection(own)
    assert all(protection(own).values())
    assert page.field("Cache-Control") == own.field("Cache-Control") == "no-cache"


def test_nothing_but_the_files_is_there(example: Example) -> None:
    visitor = example.door.visitor()
    for path in (".htaccess", examples.HIDDEN, "pingate.conf", "cgi-bin/", "register/x", "x"):
        assert visitor.open(path).status in (403, 404), path


@pytest.mark.parametrize("build", examples.ALONE.values(), ids=examples.ALONE)
def test_what_is_well_known_is_for_everybody(around: Surroundings, build: Build) -> None:
    """Whoever issues certificates asks for files there, as others do for security.txt."""
    for example in running(around, build):
        page = example.door.visitor().open(examples.WELL_KNOWN)
        assert (page.status, page.text) == (200, examples.WELL_KNOWN)


def test_the_header_proxy_is_no_setting(example: Example, sandbox: Sandbox, confidential: Confidential) -> None:
    """httpoxy: a proxy that the visitor names is never asked, so that the message is sent all the same."""
    number = confidential.new_number()
    visitor = example.door.visitor()
    fields = {"Content-Type": "application/x-www-form-urlencoded", "Proxy": "http://127.0.0.1:9"}
    page = visitor.transport("POST", visitor.start + "register", fields, f"number=%2B{number}".encode())
    assert page.status == 200
    assert sandbox.pin_of(number)


# MARK: The site that was there before


@pytest.fixture(scope="module", params=list(examples.BELOW_PHONE.values()), ids=list(examples.BELOW_PHONE))
def before_and_after(request: pytest.FixtureRequest, around: Surroundings) -> Iterator[tuple[Example, Example]]:
    without = Surroundings(around.site, around.certificate, around.owner, with_pingate=False)
    for before in running(without, request.param):
        for after in running(around, request.param):
            yield before, after


def test_nothing_of_the_owners_changes(before_and_after: tuple[Example, Example], owner: OwnerSite) -> None:
    """Statuses, header fields and contents of all that is not below /phone/, a large form included."""
    before, after = before_and_after
    looks = owner.looks(before.start, before.upload)
    assert [status for _, status, *_ in looks if status == 200]
    assert looks[-1][1] == 200 and str(owner_site.LARGE).encode() in looks[-1][3]
    assert all(any(name == owner_site.HEADER for name, _ in headers) for *_, headers, _ in looks[:-1])
    assert owner.looks(after.start, after.upload) == looks


def test_no_other_site_of_the_server_has_pingate(before_and_after: tuple[Example, Example]) -> None:
    before, after = before_and_after
    for host in after.others:
        for path in ("phone", "phone/", "phone/verify", "phone/style.css", "phone/busy.html"):
            old, new = (
                transports.over_http("GET", example.start + path, {"Host": host}, b"") for example in (before, after)
            )
            assert (new.status, new.field("Location"), new.body) == (old.status, old.field("Location"), old.body), path


def test_a_person_verifies_a_number_there(
    before_and_after: tuple[Example, Example], person_elsewhere: Callable[[Door], Person]
) -> None:
    """In a browser that sends no Fetch Metadata, where it is plain HTTP, and under whatever the owner's rules are."""
    _, after = before_and_after
    person = person_elsewhere(after.door)
    person.ask_for_pin()
    person.enter_wrong_pin()
    person.enter_pin(person.pin)
    assert person.heading == flow.VERIFIED
    # Chromium takes no notice of that header over plain HTTP, and says so.
    assert all("Cross-Origin-Opener-Policy header has been ignored" in each for each in person.complaints)


def test_the_path_without_its_slash_leads_on(before_and_after: tuple[Example, Example]) -> None:
    _, after = before_and_after
    page = transports.over_http("GET", after.start + "phone", {}, b"")
    assert page.status in (301, 308)
    assert urljoin(page.url, page.field("Location") or "") == after.door.start


# MARK: What the web servers say by themselves


def test_whom_nginx_itself_limits_gets_a_page_and_a_time(around: Surroundings) -> None:
    """Its burst is used up by requests that PinGate refuses; then nginx answers, in words and with `Retry-After`."""
    for build in (examples.nginx_alone, examples.nginx_below_phone):
        for example in running(around, build):
            visitor = example.door.visitor()
            pages = [visitor.open("register") for _ in range(10)]
            limited = [page for page in pages if page.status == 429]
            assert [page.status for page in pages[:6]] == [405] * 6
            assert limited
            for page in limited:
                assert page.heading == "Too many requests from your connection"
                assert page.field("Retry-After") == "60"
                # Exported pages have the site's logo.
                assert "img-src 'self'" in (page.field("Content-Security-Policy") or "")
                assert_styled(visitor, page)


@pytest.mark.parametrize(
    "build",
    [examples.nginx_alone, examples.nginx_below_phone, examples.apache_below_phone, examples.caddy_below_phone],
)
def test_a_visitor_who_comes_while_pingate_is_gone_gets_a_page(around: Surroundings, build: Build) -> None:
    for example in running(around, build):
        assert example.behind
        example.behind.stop()
        visitor = example.door.visitor()
        page = visitor.post(visitor.start + "register", {"number": "1"})
        assert (page.status // 100, page.heading) == (5, "Not available right now")
        assert_styled(visitor, page)


# MARK: What checkers say


def checked(command: list[str | Path]) -> str:
    """Runs a checker; returns all that it says."""
    done = subprocess.run(command, env={"PATH": PROGRAM_PATH}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def nginx_says(folder: Path) -> str:
    said = checked(["nginx", "-t", "-p", folder, "-e", folder / "log", "-c", folder / "nginx.conf"])
    return said if os.getuid() == 0 else re.sub(r".*\[warn\] the \"user\" directive.*", "", said)


def test_nginx_accepts_its_example(workplace: Workplace, certificate: tuple[Path, Path]) -> None:
    """With the names edited, and the logs and the pid that only root may write moved."""
    folder = workplace.new_folder("nginx-t")
    names = {
        "/etc/ssl/certs/example.pem": str(certificate[0]),
        "/etc/ssl/private/example.key": str(certificate[1]),
        "/var/log/nginx": str(folder),
        "/run/nginx.pid": f"{folder}/pid",
    }
    (folder / "nginx.conf").write_text(edited("nginx.conf.example", names))
    assert "[warn]" not in nginx_says(folder)


@pytest.mark.parametrize("is_used", [False, True], ids=["alone", "with its snippet in a site"])
def test_nginx_accepts_the_parts_beside_debians_own(around: Surroundings, is_used: bool) -> None:
    folder = around.workplace.new_folder("nginx-t")
    files = {"nginx.conf": examples.stock_nginx(around.workplace, folder / "log")}
    files |= examples.nginx_phone_files(around, folder / "pingate.sock")
    if is_used:
        files["sites-enabled/default"] = examples.nginx_owner(around, 80)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    assert "[warn]" not in nginx_says(folder)


def test_lighttpd_accepts_its_example(workplace: Workplace, certificate: tuple[Path, Path]) -> None:
    folder = workplace.new_folder("lighttpd-tt")
    names = {
        "/etc/ssl/certs/example.pem": str(certificate[0]),
        "/etc/ssl/private/example.key": str(certificate[1]),
        "/usr/bin/pingate": str(pingate.program("pingate")),
        "/usr/share/pingate/www": f"{REPOSITORY}/www",
        "/var/log/lighttpd": str(folder),
    }
    (folder / "lighttpd.conf").write_text(edited("deploy/lighttpd.conf.example", names))
    assert "WARNING" not in checked(["lighttpd", "-tt", "-f", folder / "lighttpd.conf"])


def test_systemd_accepts_the_units(workplace: Workplace) -> None:
    """With the path of the program edited, which must be there for the check."""
    folder = workplace.new_folder("units")
    (folder / "pingate.service").write_text(
        edited("deploy/pingate.service", {"ExecStart=/usr/bin/pingate": f"ExecStart={pingate.program('pingate')}"})
    )
    shutil.copy(REPOSITORY / "deploy/pingate.socket", folder)
    units: list[str | Path] = [folder / "pingate.service", folder / "pingate.socket"]
    assert checked(["systemd-analyze", "verify", "--man=no", *units]) == ""
    # The exposure that systemd sees, from 0 (safe) to 100.
    checked(["systemd-analyze", "security", "--offline=true", "--threshold=15", units[0]])
