"""The example configurations, edited as their first lines say and in no other way, are accepted and serve a visit."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import apache, doors, flow, lighttpd, listening, nginx, pingate, transports
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.page import Page
from stack.pingate import REPOSITORY
from stack.sandbox import Sandbox
from stack.visitor import Visitor
from stack.workplace import PROGRAM_PATH, Workplace


def edited(example: str, names: dict[str, str]) -> str:
    """The text of an example with names replaced; each must be there."""
    text = (REPOSITORY / example).read_text()
    for name, replacement in names.items():
        assert name in text, f"{example} has no {name}"
        text = text.replace(name, replacement)
    return text


def public_files(workplace: Workplace) -> Path:
    """A copy of `www` that every user may read."""
    folder = workplace.new_folder("www")
    for file in (REPOSITORY / "www").iterdir():
        shutil.copy(file, folder)
        (folder / file.name).chmod(0o644)
    return folder


def nginx_example(site: Site, certificate: tuple[Path, Path]) -> Door:
    """nginx.conf.example, with ports, logs and a pid that are the test's."""
    workplace = site.workplace
    # As the service's socket: for root and the web server's group only.
    group = {"PINGATE_SOCKET_GROUP": "www-data"} if os.getuid() == 0 else {}
    behind = pingate.start(workplace, site.confidential, site.api, **group)
    plain, tls = listening.on_loopback(), listening.on_loopback()
    log = workplace.new_log("nginx-example")
    configuration = edited(
        "nginx.conf.example",
        {
            "/etc/ssl/certs/example.pem": str(certificate[0]),
            "/etc/ssl/private/example.key": str(certificate[1]),
            "/run/pingate/pingate.sock": str(behind.socket),
            "/usr/share/pingate/www": str(public_files(workplace)),
            "listen 80;": f"listen 127.0.0.1:{listening.port(plain)};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{listening.port(tls)} ssl http2;",
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2;": "",
            "/var/log/nginx/error.log": str(log),
            "/var/log/nginx/pingate.log": str(workplace.new_log("nginx-example-access")),
            "/run/nginx.pid": "nginx.pid",
        },
    )
    start = f"https://127.0.0.1:{listening.port(tls)}/"
    nginx.start_whole(workplace, "nginx-example", configuration, [plain, tls], log)
    return Door(start, behind.part.log)


def lighttpd_example(site: Site, certificate: tuple[Path, Path]) -> Door:
    """deploy/lighttpd.conf.example, which starts PinGate; with ports, logs and a pid that are the test's."""
    workplace = site.workplace
    folder = workplace.new_folder("lighttpd-example")
    settings = pingate.write_settings(folder / "pingate.conf", site.confidential, site.api)
    shutil.copy(pingate.program("pingate"), folder)
    if os.getuid() == 0:
        shutil.chown(folder, "www-data", "www-data")
    plain, tls = listening.on_loopback(), listening.on_loopback()
    log, own_log = workplace.new_log("lighttpd-example"), workplace.new_log("lighttpd-example-pingate")
    access_log = workplace.new_log("lighttpd-example-access")
    configuration = edited(
        "deploy/lighttpd.conf.example",
        {
            "/etc/ssl/certs/example.pem": str(certificate[0]),
            "/etc/ssl/private/example.key": str(certificate[1]),
            "/usr/bin/pingate": f"{folder}/pingate",
            "/etc/pingate/pingate.conf": str(settings),
            "/run/lighttpd/": f"{folder}/",
            "/usr/share/pingate/www": str(public_files(workplace)),
            "server.port = 80": f'server.bind = "127.0.0.1"\nserver.port = {listening.port(plain)}',
            '":443"': f'"127.0.0.1:{listening.port(tls)}"',
            "/var/log/lighttpd/error.log": str(log),
            "/var/log/lighttpd/pingate.log": str(own_log),
            "/var/log/lighttpd/access.log": str(access_log),
            "/run/lighttpd.pid": f"{folder}/pid",
        },
    )
    start = f"https://127.0.0.1:{listening.port(tls)}/"
    lighttpd.start(workplace, "lighttpd-example", configuration, [plain, tls])
    return Door(start, own_log)


def shared_hosting(site: Site, certificate: tuple[Path, Path]) -> Door:
    """deploy/htaccess.example with its recipe: the files lie where it says."""
    home = site.workplace.new_folder("home")
    (home / "pingate" / "bin").mkdir(parents=True)
    shutil.copy(pingate.program("pingate"), home / "pingate" / "bin")
    pingate.write_settings(home / "pingate" / "pingate.conf", site.confidential, site.api)
    if os.getuid() == 0:
        # On shared hosting programs run as whoever owns them, and can write beside themselves.
        shutil.chown(home / "pingate", "www-data")
        shutil.chown(home / "pingate" / "pingate.conf", "www-data")
    root = home / "public_html"
    public_files(site.workplace).rename(root)
    (root / ".htaccess").write_text(edited("deploy/htaccess.example", {}))
    (root / "cgi-bin").mkdir()
    wrapper = root / "cgi-bin" / "pingate"
    lines = re.findall(r"^#       (.*)$", (REPOSITORY / "deploy/htaccess.example").read_text(), re.MULTILINE)
    assert len(lines) == 2
    wrapper.write_text("\n".join(lines).replace("/home/you", str(home)) + "\n")
    wrapper.chmod(0o755)
    log, access_log = site.workplace.new_log("apache"), site.workplace.new_log("apache-access")
    _, port = apache.start(site.workplace, root, root / "cgi-bin", *certificate, log, access_log)
    return Door(f"https://127.0.0.1:{port}/", log)


EXAMPLES = {"nginx": nginx_example, "lighttpd": lighttpd_example, "Apache on shared hosting": shared_hosting}


@pytest.fixture(scope="module", params=list(EXAMPLES.values()), ids=list(EXAMPLES))
def example(request: pytest.FixtureRequest, site: Site, certificate: tuple[Path, Path]) -> Iterator[Door]:
    count = len(site.workplace.parts)
    door: Door = request.param(site, certificate)
    yield door
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


def test_a_visitor_verifies_a_number(example: Door, sandbox: Sandbox, confidential: Confidential) -> None:
    flow.verify(example.visitor(), sandbox, confidential.new_number())


def test_only_a_post_sends(example: Door, sandbox: Sandbox, confidential: Confidential) -> None:
    """And what a query says stays out of the logs, which the last test looks at."""
    visitor, number = example.visitor(), confidential.new_number()
    for place in doors.PLACES:
        assert visitor.open(f"{place}?number={number}").status in (405, 429), place
    assert all(message["to"] != number for message in sandbox.messages())


def test_a_form_that_is_too_large_is_refused(example: Door) -> None:
    visitor = example.visitor()
    assert visitor.post(visitor.start + "verify", {"pin": "1" * 9000}).status == 413


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


def test_the_first_page_is_protected_as_pingate_protects_its_own(example: Door, site: Site) -> None:
    behind = pingate.start(site.workplace, site.confidential, site.api)
    own = Visitor(transports.through_cgi_fcgi(behind.socket), "http://www.example.com/").open()
    behind.part.stop()
    page = example.visitor().open()
    assert page.status == 200
    assert page.heading == own.heading
    assert protection(page) == protection(own)
    assert all(protection(own).values())
    assert page.field("Cache-Control") == own.field("Cache-Control") == "no-cache"


def test_nothing_but_the_files_is_there(example: Door) -> None:
    visitor = example.visitor()
    for path in (".htaccess", "pingate.conf", "cgi-bin/", "register/x", "x"):
        assert visitor.open(path).status in (403, 404), path


def test_the_header_proxy_is_no_setting(example: Door, sandbox: Sandbox, confidential: Confidential) -> None:
    """httpoxy: a proxy that the visitor names is never asked, so that the message is sent all the same."""
    number = confidential.new_number()
    visitor = example.visitor()
    fields = {"Content-Type": "application/x-www-form-urlencoded", "Proxy": "http://127.0.0.1:9"}
    page = visitor.transport("POST", visitor.start + "register", fields, f"number=%2B{number}".encode())
    assert page.status == 200
    assert sandbox.pin_of(number)


def test_whom_nginx_itself_limits_gets_a_page_and_a_time(site: Site, certificate: tuple[Path, Path]) -> None:
    """Its burst is used up by requests that PinGate refuses; then nginx answers, in words and with `Retry-After`."""
    count = len(site.workplace.parts)
    visitor = nginx_example(site, certificate).visitor()
    pages = [visitor.open("register") for _ in range(10)]
    limited = [page for page in pages if page.status == 429]
    assert [page.status for page in pages[:6]] == [405] * 6
    assert limited
    for page in limited:
        assert page.heading == "Not available right now"
        assert page.field("Retry-After") == "60"
        assert page.field("Content-Security-Policy")
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


def checked(command: list[str | Path]) -> str:
    """Runs a checker; returns all that it says."""
    done = subprocess.run(command, env={"PATH": PROGRAM_PATH}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


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
    said = checked(["nginx", "-t", "-p", folder, "-e", folder / "log", "-c", folder / "nginx.conf"])
    assert "[warn]" not in said or os.getuid() != 0, said


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
