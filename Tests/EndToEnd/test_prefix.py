"""PinGate below a path, behind servers that pass the whole of it on, each in its own words."""

import socket
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import pytest

from stack import apache, caddy, doors, fcgiwrap, flow, h2o, haproxy, lighttpd, listening, nginx, pingate, transports
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.sandbox import Sandbox
from stack.visitor import BROWSERS, Browser

# Of two parts: some servers split a path at the first slash that they come to.
PREFIX = "/site/phone"


def behind(site: Site) -> pingate.PinGate:
    return pingate.start(site.workplace, site.confidential, site.api, PINGATE_PREFIX=PREFIX, **doors.for_apache())


def behind_nginx(site: Site) -> Door:
    """SCRIPT_NAME=/site/phone/register"""
    running = behind(site)
    server = nginx.start(site.workplace, "nginx-prefix", f"location / {{ fastcgi_pass unix:{running.socket}; }}")
    return Door(server.url, running.part.log)


def behind_nginx_that_splits(site: Site) -> Door:
    """SCRIPT_NAME=/site/phone, PATH_INFO=/register, as PHP's snippets have it."""
    running = behind(site)
    location = f"""
        location / {{
            fastcgi_pass unix:{running.socket};
            fastcgi_split_path_info ^({PREFIX})(/.*)$;
            include /etc/nginx/fastcgi_params;
            fastcgi_param PATH_INFO $fastcgi_path_info;
        }}
    """
    return Door(nginx.start(site.workplace, "nginx-prefix", location).url, running.part.log)


def behind_apache(site: Site) -> Door:
    """ProxyPass: SCRIPT_NAME=/site/phone/register"""
    running = behind(site)
    configuration = doors.apache_proxy(f"unix:{running.socket}|fcgi://localhost/")
    server = apache.start_whole(site.workplace, "apache-prefix", doors.APACHE_PROXY_MODULES, configuration)
    return Door(server.url, running.part.log)


def behind_apache_with_a_folder(site: Site) -> Door:
    """SetHandler splits behind the folders that are there: SCRIPT_NAME=/site/phone, PATH_INFO=/register"""
    running = behind(site)
    root = site.workplace.new_folder("apache-root")
    (root / PREFIX[1:]).parent.mkdir()
    configuration = f"""
        DocumentRoot {root}
        <Location "/">
            SetHandler "proxy:unix:{running.socket}|fcgi://localhost/"
        </Location>
    """
    server = apache.start_whole(site.workplace, "apache-prefix", doors.APACHE_PROXY_MODULES, configuration)
    return Door(server.url, running.part.log)


def behind_caddy(site: Site) -> Door:
    """SCRIPT_NAME is empty, PATH_INFO=/site/phone/register"""
    running = behind(site)
    block = f"reverse_proxy unix/{running.socket} {{\ntransport fastcgi\n}}"
    return Door(caddy.start(site.workplace, "caddy-prefix", block, {}).url, running.part.log)


def behind_h2o(site: Site) -> Door:
    """SCRIPT_NAME is empty, PATH_INFO=/site/phone/register"""
    running = behind(site)
    path = f"fastcgi.connect:\n  type: unix\n  port: {running.socket}"
    return Door(h2o.start(site.workplace, "h2o-prefix", path).url, running.part.log)


def behind_haproxy(site: Site) -> Door:
    """SCRIPT_NAME=/site/phone/register"""
    running = behind(site)
    server = haproxy.start(site.workplace, "haproxy", f"server pingate unix@{running.socket} proto fcgi", "")
    return Door(server.url, running.part.log)


def behind_lighttpd(site: Site) -> Door:
    """SCRIPT_NAME=/site, PATH_INFO=/phone/register"""
    running = behind(site)
    listener = listening.on_loopback()
    configuration = f"""
        server.modules = ( "mod_fastcgi", "mod_accesslog" )
        server.bind = "127.0.0.1"
        server.port = {listening.port(listener)}
        server.document-root = "/nonexistent"
        fastcgi.server = ( "/" => (( "socket" => "{running.socket}", "check-local" => "disable" )) )
    """
    start = f"http://127.0.0.1:{listening.port(listener)}/"
    lighttpd.start(site.workplace, "lighttpd-prefix", configuration, [listener])
    return Door(start, running.part.log)


def behind_fcgiwrap(site: Site) -> Door:
    """A CGI program that is called by the name of the page: SCRIPT_NAME=/site/phone/register"""
    settings = pingate.write_settings(
        site.workplace.new_folder("fcgiwrap") / "pingate.conf", site.confidential, site.api, PINGATE_PREFIX=PREFIX
    )
    socket, log = fcgiwrap.start(site.workplace)
    location = f"location / {{ {fcgiwrap.location(socket, settings)} }}"
    return Door(nginx.start(site.workplace, "nginx-fcgiwrap", location).url, log)


SERVERS: dict[str, Callable[[Site], Door]] = {
    "nginx": behind_nginx,
    "nginx that splits": behind_nginx_that_splits,
    "Apache": behind_apache,
    "Apache with a folder": behind_apache_with_a_folder,
    "Caddy": behind_caddy,
    "h2o": behind_h2o,
    "HAProxy": behind_haproxy,
    "lighttpd": behind_lighttpd,
    "fcgiwrap": behind_fcgiwrap,
}


@pytest.fixture(scope="module", params=list(SERVERS.values()), ids=list(SERVERS))
def root(request: pytest.FixtureRequest, site: Site) -> Iterator[Door]:
    """The root of a site of which PinGate gets every request."""
    count = len(site.workplace.parts)
    yield request.param(site)
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


@pytest.fixture
def door(root: Door) -> Door:
    return Door(root.start + PREFIX[1:] + "/", root.log)


def test_a_visitor_verifies_a_number(door: Door, sandbox: Sandbox, confidential: Confidential) -> None:
    flow.verify(door.visitor(), sandbox, confidential.new_number())


@pytest.mark.parametrize("browser", BROWSERS)
def test_every_browser_is_admitted(door: Door, browser: Browser) -> None:
    visitor = door.visitor(browser)
    assert visitor.submit(visitor.open(), number="call me").status == 422


def test_only_a_post_sends(door: Door, sandbox: Sandbox) -> None:
    flow.visit_without_sending(door.visitor(), sandbox)


def test_the_prefix_leads_to_the_first_page(door: Door) -> None:
    page = transports.over_http("GET", door.start.rstrip("/"), {}, b"")
    assert page.status in (301, 302, 308)  # HAProxy makes 302 of every answer with a Location
    assert urljoin(page.url, page.field("Location")) == door.start


@pytest.mark.parametrize("path", ["", "register", "style.css", "site/register", "site/phonebook"])
def test_outside_of_the_prefix_there_is_nothing(root: Door, path: str) -> None:
    page = root.visitor().open(path)
    if page.status == 308:  # behind fcgiwrap it may be the program's own path, which needs a slash
        page = root.visitor().open(urljoin(page.url, page.field("Location")))
    assert (page.status, page.heading) == (404, "Page not found")
    assert f'href="{PREFIX}/style.css"' in page.text


def test_no_server_passes_two_hosts_on(door: Door) -> None:
    """So that a second HTTP_HOST can only be the owner's (RFC 9112, section 3.2)."""
    parts = urlsplit(door.start)
    assert parts.hostname and parts.port
    with socket.create_connection((parts.hostname, parts.port), timeout=transports.SECONDS) as connection:
        hosts = f"Host: {parts.netloc}\r\nHost: evil.example\r\n"
        connection.sendall(
            f"POST {parts.path}verify HTTP/1.1\r\n{hosts}Origin: http://evil.example\r\nConnection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\npin=1".encode()
        )
        status = connection.makefile("rb").readline()
    assert b" 400 " in status or b" 403 " in status, status
