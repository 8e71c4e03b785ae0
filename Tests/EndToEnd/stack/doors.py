"""Every way that a request can take to PinGate: each door is a running web server with a PinGate behind it."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stack import apache, fcgiwrap, h2o, haproxy, lighttpd, listening, nginx, pingate, transports
from stack.confidential import Confidential
from stack.pingate import REPOSITORY
from stack.visitor import Browser, Transport, Visitor, modern
from stack.workplace import Part, Workplace


@dataclass(frozen=True)
class Site:
    """What a door is built from."""

    workplace: Workplace
    confidential: Confidential
    api: str


@dataclass(frozen=True)
class Door:
    """A PinGate that can be visited."""

    start: str
    # The file that PinGate's own lines go to.
    log: Path
    transport: Transport = transports.over_http
    # Whether the server takes the length out of an answer and sends it in chunks, as Apache does (`ap_trust_cgilike_cl`).
    in_chunks: bool = False

    def visitor(self, browser: Browser = modern) -> Visitor:
        return Visitor(self.transport, self.start, browser)


# Where PinGate does something.
PLACES = ("register", "verify", "resend", "call", "cancel")
PATTERN = f"^/({'|'.join(PLACES)})$"
STATIC_FILES = f"root {REPOSITORY}/www; index index.html; charset utf-8;"


def behind_nginx(site: Site) -> Door:
    """nginx as it comes: a connection for each request."""
    behind = pingate.start(site.workplace, site.confidential, site.api)
    locations = f"{STATIC_FILES} location ~ {PATTERN} {{ fastcgi_pass unix:{behind.socket}; }}"
    return Door(nginx.start(site.workplace, "nginx", locations).url, behind.part.log)


def behind_nginx_with_keep_alive(site: Site, **settings: str) -> Door:
    """nginx with `fastcgi_keep_conn`, whose connections carry many requests."""
    behind = pingate.start(site.workplace, site.confidential, site.api, **settings)
    server = keep_alive_nginx(site.workplace, behind.socket)
    return Door(server.url, behind.part.log)


def keep_alive_nginx(workplace: Workplace, socket: Path, connections: int = 16, more: str = "") -> nginx.Nginx:
    """nginx with connections to PinGate that it keeps. It lets larger bodies through than PinGate takes.

    :param more: further directives.
    """
    locations = f"""
        {STATIC_FILES}
        {more}
        client_max_body_size 1m;
        client_body_buffer_size 1m;
        fastcgi_keep_conn on;
        location ~ {PATTERN} {{ fastcgi_pass pingate; }}
    """
    upstream = f"upstream pingate {{ server unix:{socket}; keepalive {connections}; }}"
    return nginx.start(workplace, "nginx-keep-alive", locations, upstream)


def behind_nginx_that_passes_all_on(site: Site) -> Door:
    """nginx that serves no file itself."""
    behind = pingate.start(site.workplace, site.confidential, site.api)
    server = nginx.start(site.workplace, "nginx-all", f"location / {{ fastcgi_pass unix:{behind.socket}; }}")
    return Door(server.url, behind.part.log)


def below_a_prefix(site: Site) -> Door:
    """nginx that passes on all below a path, without splitting the path."""
    behind = pingate.start(site.workplace, site.confidential, site.api, PINGATE_PREFIX="/phone")
    locations = f"location /phone/ {{ fastcgi_pass unix:{behind.socket}; }}"
    server = nginx.start(site.workplace, "nginx-prefix", locations)
    return Door(server.url + "phone/", behind.part.log)


def started_by_lighttpd(site: Site) -> Door:
    """lighttpd that starts PinGate by itself (`bin-path`), with the socket as its standard input."""
    folder = site.workplace.new_folder("lighttpd")
    log = site.workplace.new_log("lighttpd")
    settings = pingate.write_settings(folder / "pingate.conf", site.confidential, site.api)
    listener = listening.on_loopback()
    # A process for each place: they share their counters.
    programs = ",\n".join(f'"/{place}" => (( {started(place, folder, settings)} ))' for place in PLACES)
    configuration = f"""
        server.modules = ( "mod_fastcgi", "mod_accesslog" )
        server.bind = "127.0.0.1"
        server.port = {listening.port(listener)}
        server.document-root = "{REPOSITORY}/www"
        index-file.names = ( "index.html" )
        mimetype.assign = ( ".html" => "text/html; charset=utf-8", ".css" => "text/css; charset=utf-8" )
        accesslog.filename = "{site.workplace.new_log("lighttpd-access")}"
        server.errorlog = "{log}"
        fastcgi.server = ( {programs} )
    """
    start = f"http://127.0.0.1:{listening.port(listener)}/"
    lighttpd.start(site.workplace, "lighttpd", configuration, [listener], log)
    return Door(start, log)


def started(name: str, folder: Path, settings: Path) -> str:
    """The settings of a FastCGI program that lighttpd starts."""
    return f"""
        "bin-path" => "{pingate.program("pingate")}",
        "bin-environment" => ( "PINGATE_CONFIG" => "{settings}" ),
        "socket" => "{folder}/{name}.sock",
        "max-procs" => 1,
        "check-local" => "disable"
    """


def as_a_cgi_program(site: Site, **settings: str) -> Door:
    """lighttpd with mod_cgi: a process for each request, and all pages from PinGate itself."""
    folder = site.workplace.new_folder("lighttpd-cgi")
    log = site.workplace.new_log("lighttpd-cgi")
    (folder / "cgi-bin").mkdir()
    # Found beside the folder of the program: a CGI program's environment is the server's.
    pingate.write_settings(folder / "pingate.conf", site.confidential, site.api, **settings)
    shutil.copy(pingate.program("pingate"), folder / "cgi-bin")
    listener = listening.on_loopback()
    configuration = f"""
        server.modules = ( "mod_alias", "mod_cgi", "mod_accesslog" )
        server.bind = "127.0.0.1"
        server.port = {listening.port(listener)}
        server.document-root = "{folder}/cgi-bin"
        alias.url = ( "/cgi-bin/" => "{folder}/cgi-bin/" )
        accesslog.filename = "{site.workplace.new_log("lighttpd-cgi-access")}"
        server.errorlog = "{log}"
        server.breakagelog = "{log}"
        $HTTP["url"] =~ "^/cgi-bin/" {{ cgi.assign = ( "" => "" ) }}
    """
    start = f"http://127.0.0.1:{listening.port(listener)}/cgi-bin/pingate/"
    lighttpd.start(site.workplace, "lighttpd-cgi", configuration, [listener], log)
    return Door(start, log)


def behind_apache(site: Site) -> Door:
    """Apache with mod_proxy_fcgi, which keeps its connections (`enablereuse`)."""
    behind = pingate.start(site.workplace, site.confidential, site.api, **for_apache())
    configuration = apache_proxy(f"unix:{behind.socket}|fcgi://localhost/", "enablereuse=on")
    server = apache.start_whole(site.workplace, "apache-fcgi", APACHE_PROXY_MODULES, configuration)
    return Door(server.url, behind.part.log, in_chunks=True)


APACHE_PROXY_MODULES = f"{apache.BASIC} proxy proxy_fcgi"


def for_apache() -> dict[str, str]:
    """Its processes connect as their own user, and not as root."""
    return {"PINGATE_SOCKET_GROUP": "www-data"} if os.getuid() == 0 else {}


def apache_proxy(to: str, parameters: str = "") -> str:
    """A configuration of Apache's that passes everything on.

    :param to: the FastCGI server's URL.
    :param parameters: of `ProxyPass`.
    """
    return f'ProxyPass "/" "{to}" {parameters}'


def behind_haproxy(site: Site) -> Door:
    """HAProxy, which keeps its connections and gives any of them to any visitor."""
    behind = pingate.start(site.workplace, site.confidential, site.api, **for_apache())
    server = haproxy_that_keeps_connections(site.workplace, f"unix@{behind.socket}")
    return Door(server.url, behind.part.log)


def haproxy_that_keeps_connections(workplace: Workplace, address: str) -> haproxy.HAProxy:
    """HAProxy that passes everything on over as few connections as it can."""
    backend = f"http-reuse always\n    server pingate {address} proto fcgi"
    return haproxy.start(workplace, "haproxy", backend, "option keep-conn")


def behind_h2o(site: Site) -> Door:
    """h2o, which keeps its connections."""
    behind = pingate.start(site.workplace, site.confidential, site.api, **for_apache())
    return Door(h2o_that_keeps_connections(site.workplace, behind.socket).url, behind.part.log)


def h2o_that_keeps_connections(workplace: Workplace, socket: Path) -> h2o.H2O:
    path = f"fastcgi.connect:\n  type: unix\n  port: {socket}\nfastcgi.timeout.keepalive: 60000"
    return h2o.start(workplace, "h2o", path)


def behind_fcgiwrap(site: Site) -> Door:
    """nginx with fcgiwrap: a process for each form, called by the name of the page."""
    settings = pingate.write_settings(
        site.workplace.new_folder("fcgiwrap") / "pingate.conf", site.confidential, site.api
    )
    socket, log = fcgiwrap.start(site.workplace)
    locations = f"{STATIC_FILES} location ~ {PATTERN} {{ {fcgiwrap.location(socket, settings)} }}"
    return Door(nginx.start(site.workplace, "nginx-fcgiwrap", locations).url, log)


def through_a_foreign_client(site: Site) -> Door:
    """No web server: libfcgi's own client."""
    behind = pingate.start(site.workplace, site.confidential, site.api)
    return Door("http://www.example.com/", behind.part.log, transports.through_cgi_fcgi(behind.socket))


def through_our_own_client(site: Site) -> Door:
    """No web server: a FastCGI client of our own."""
    behind = pingate.start(site.workplace, site.confidential, site.api)
    return Door("http://www.example.com/", behind.part.log, transports.through_our_own_client(behind.socket))


def in_process(site: Site) -> Door:
    """No web server and no FastCGI: the site itself, called by a program that does nothing else."""
    log = site.workplace.new_log("in-process")
    with log.open("ab") as errors:
        program = subprocess.Popen(
            [pingate.program("in-process-door"), site.api, site.confidential.api_key, site.confidential.api_secret],
            env={"PINGATE_COUNTRIES": "DE,US"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    site.workplace.parts.append(Part("in-process", program, log))
    return Door("http://www.example.com/", log, transports.by_a_call(program))


ALL: dict[str, Callable[[Site], Door]] = {
    "nginx": behind_nginx,
    "nginx with fastcgi_keep_conn": behind_nginx_with_keep_alive,
    "nginx that passes everything on": behind_nginx_that_passes_all_on,
    "nginx with a prefix": below_a_prefix,
    "lighttpd with bin-path": started_by_lighttpd,
    "Apache with enablereuse": behind_apache,
    "HAProxy": behind_haproxy,
    "h2o": behind_h2o,
    "lighttpd with mod_cgi": as_a_cgi_program,
    "nginx with fcgiwrap": behind_fcgiwrap,
    "cgi-fcgi": through_a_foreign_client,
    "FastCGI": through_our_own_client,
    "in process": in_process,
}
