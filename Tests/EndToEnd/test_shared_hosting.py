"""Shared hosting: whatever a customer puts where, no secret is on the web."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from stack import apache, flow, nginx, pingate
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.pingate import REPOSITORY
from stack.sandbox import Sandbox
from stack.transports import over_http
from stack.visitor import Visitor
from stack.waiting import until

# Hosters have the folder for programs inside the web site's, or beside it.
LAYOUTS = ["public_html/cgi-bin", "cgi-bin"]


@dataclass(frozen=True)
class Account:
    """A customer's folder, and Apache with what is in it."""

    site: Site
    home: Path
    door: Door

    @property
    def root(self) -> Path:
        return self.home / "public_html"

    def settings(self, path: str, **more: str) -> Path:
        file = self.home / path
        pingate.write_settings(file, self.site.confidential, self.site.api, **more)
        return self.own(file)

    def own(self, file: Path) -> Path:
        """Programs run as whoever owns them, with most hosters."""
        file.chmod(0o600)
        if os.getuid() == 0:
            shutil.chown(file, "www-data", "www-data")
        return file

    def log_text(self) -> str:
        return self.door.log.read_text(encoding="utf-8", errors="replace")

    def status(self, path: str) -> int:
        visitor = self.door.visitor()
        return visitor.open(path).status


@pytest.fixture
def account(request: pytest.FixtureRequest, site: Site, certificate: tuple[Path, Path]) -> Iterator[Account]:
    yield from opened(site, certificate, request.param)


@pytest.fixture
def additional(site: Site, certificate: tuple[Path, Path]) -> Iterator[Account]:
    """An additional domain, whose folder is in the first one's."""
    yield from opened(site, certificate, LAYOUTS[0], "public_html/shop.example")


def opened(
    site: Site, certificate: tuple[Path, Path], layout: str, web_site: str = "public_html"
) -> Iterator[Account]:
    home = site.workplace.new_folder("home")
    root = home / "public_html"
    programs = home / layout
    programs.mkdir(parents=True)
    (home / web_site).mkdir(parents=True, exist_ok=True)
    shutil.copy(pingate.program("pingate"), programs)
    if os.getuid() == 0:
        shutil.chown(home, "www-data", "www-data")
        shutil.chown(root, "www-data", "www-data")
    log, access_log = site.workplace.new_log("apache"), site.workplace.new_log("apache-access")
    part, port = apache.start(site.workplace, home / web_site, programs, *certificate, log, access_log)
    # Without files of the site's own, all pages are PinGate's.
    yield Account(site, home, Door(f"https://127.0.0.1:{port}/cgi-bin/pingate/", log))
    part.stop()


both_layouts = pytest.mark.parametrize("account", LAYOUTS, indirect=True)
program_inside = pytest.mark.parametrize("account", LAYOUTS[:1], indirect=True)


@both_layouts
@pytest.mark.parametrize("place", ["pingate.conf", "pingate/pingate.conf"])
def test_settings_above_the_web_site_are_found_and_not_on_the_web(
    account: Account, sandbox: Sandbox, confidential: Confidential, place: str
) -> None:
    folder = (account.home / place).parent
    folder.mkdir(exist_ok=True)
    if os.getuid() == 0:
        shutil.chown(folder, "www-data", "www-data")
    account.settings(place)
    flow.verify(account.door.visitor(), sandbox, confidential.new_number())
    assert (folder / "pingate.sqlite").exists()
    for name in ("pingate.conf", "pingate.sqlite", "../pingate.conf", "%2e%2e/pingate.conf", "pingate/pingate.conf"):
        assert account.status(f"/{name}") in (400, 403, 404), name
    assert "settings.exposed" not in account.log_text()


@program_inside
def test_settings_on_the_web_close_the_site(account: Account, sandbox: Sandbox, confidential: Confidential) -> None:
    """Until they are moved; then it works."""
    account.settings("public_html/pingate.conf")
    visitor = account.door.visitor()
    page = visitor.open()
    assert (page.status, page.heading) == (503, "Not available right now")
    assert "pingate.conf" not in page.text
    assert not list(account.root.glob("pingate.sqlite*"))
    said = account.log_text()
    assert f"{account.root}/pingate.conf" in said and "hands out to everybody" in said

    # A copy above does not make the one on the web a secret.
    account.own(Path(shutil.copy(account.root / "pingate.conf", account.home / "pingate.conf")))
    assert visitor.open().status == 503
    (account.root / "pingate.conf").unlink()
    flow.verify(account.door.visitor(), sandbox, confidential.new_number())


def test_what_the_first_domain_hands_out_closes_an_additional_one(
    additional: Account, sandbox: Sandbox, confidential: Confidential
) -> None:
    settings = additional.settings("public_html/pingate.conf")
    assert additional.status("") == 503
    assert f"{settings}" in additional.log_text() and "hands out to everybody" in additional.log_text()
    assert not list(additional.root.glob("pingate.sqlite*"))
    additional.own(Path(shutil.move(settings, additional.home / "pingate.conf")))
    flow.verify(additional.door.visitor(), sandbox, confidential.new_number())
    assert (additional.home / "pingate.sqlite").exists()


@both_layouts
@pytest.mark.parametrize("what", ["secret", "store", "link"])
def test_nothing_secret_may_be_on_the_web(account: Account, what: str) -> None:
    if what == "secret":
        secret = account.root / "secret.txt"
        secret.write_text(account.site.confidential.api_secret)
        account.own(secret)
        settings = {"VONAGE_API_SECRET": "", "VONAGE_API_SECRET_FILE": str(secret)}
        name = "VONAGE_API_SECRET_FILE"
    elif what == "store":
        settings = {"PINGATE_STORE": f"sqlite:{account.home}/public_html/../public_html/counters"}
        name = "PINGATE_STORE"
    else:
        (account.home / "www").symlink_to("public_html")
        settings = {"PINGATE_STORE": f"sqlite:{account.home}/www/counters"}
        name = "PINGATE_STORE"
    account.settings("pingate.conf", **settings)
    assert account.status("") == 503
    assert name in account.log_text()
    assert not (account.root / "counters").exists()


@program_inside
def test_the_example_denies_what_should_not_be_there(account: Account) -> None:
    (account.root / ".htaccess").write_text((REPOSITORY / "deploy/htaccess.example").read_text())
    names = [
        "pingate.conf",
        "PINGATE.CONF",
        "pingate.conf.bak",
        "pingate.conf~",
        ".env",
        "pingate.sqlite",
        "pingate.sqlite-wal",
        "pingate.sqlite-shm",
        "pingate.sqlite-journal",
        "pingate.key",
        "secret.pem",
        "api_secret",
        "pingate_key",
        "key",
        "key.bak",
        "secret",
        "vonage-api-secret",
        "vonage-api-secret~",
        "#pingate.conf#",
    ]
    for name in [*names, "index.html"]:
        (account.root / name).write_text("x")
        (account.root / name).chmod(0o644)
    assert account.status("/index.html") == 200
    for name in names:
        assert account.status(f"/{quote(name)}") == 403, name
    for name in ("keyboard.js", "monkey", "secrets.html", "turkey.png"):
        (account.root / name).write_text("x")
        (account.root / name).chmod(0o644)
        assert account.status(f"/{name}") == 200, name


@both_layouts
def test_secrets_that_others_can_read_are_told_and_used(
    account: Account, sandbox: Sandbox, confidential: Confidential
) -> None:
    """Some hosters run programs as another user than the one whom the files belong to."""
    account.settings("pingate.conf").chmod(0o644)
    flow.verify(account.door.visitor(), sandbox, confidential.new_number())
    assert "settings.exposed" in account.log_text()
    assert f"chmod o-rwx {account.home}/pingate.conf" in account.log_text()


def test_over_fastcgi_secrets_on_the_web_are_cried_out_once(
    site: Site, sandbox: Sandbox, confidential: Confidential
) -> None:
    """There the folder is the web server's word, and may be one of another machine."""
    behind = pingate.start(site.workplace, site.confidential, site.api)
    folder = behind.settings.parent
    server = nginx.start(
        site.workplace, "nginx-exposed", f"root {folder}; location / {{ fastcgi_pass unix:{behind.socket}; }}"
    )
    for _ in range(3):
        flow.verify(Visitor(over_http, server.url), sandbox, confidential.new_number())
    until(lambda: behind.part.log_text().count("critical settings.exposed") == 2, "settings and store to be told")
    flow.verify(Visitor(over_http, server.url), sandbox, confidential.new_number())
    assert behind.part.log_text().count("critical settings.exposed") == 2
    assert f"{behind.settings}: is in {folder}" in behind.part.log_text()
    server.part.stop()
    behind.part.stop()
