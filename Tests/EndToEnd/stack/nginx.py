"""nginx, with configurations of a few lines."""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stack import listening
from stack.workplace import Part, Workplace


@dataclass(frozen=True)
class Nginx:
    part: Part
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def start(workplace: Workplace, name: str, locations: str, upstreams: str = "") -> Nginx:
    """nginx with one server on a port of its own.

    :param locations: what stands inside `server { }`; FastCGI gets the parameters that Debian's nginx comes with.
    :param upstreams: what stands beside it.
    """
    listener = listening.on_loopback()
    port = listening.port(listener)
    log = workplace.new_log(name)
    configuration = f"""
        worker_processes 1;
        pid nginx.pid;
        error_log {log} info;
        events {{ worker_connections 8192; }}
        http {{
            types {{ text/html html; text/css css; }}
            access_log {workplace.new_log(name + "-access")} combined;
            client_body_temp_path temporary;
            proxy_temp_path temporary;
            fastcgi_temp_path temporary;
            uwsgi_temp_path temporary;
            scgi_temp_path temporary;
            {upstreams}
            server {{
                listen 127.0.0.1:{port};
                include /etc/nginx/fastcgi_params;
                fastcgi_param HTTP_PROXY "";
                {locations}
            }}
        }}
    """
    return Nginx(start_whole(workplace, name, configuration, [listener], log, user="root"), port)


def start_whole(
    workplace: Workplace,
    name: str,
    configuration: str,
    listeners: Sequence[socket.socket],
    log: Path,
    user: str = "",
    files: Mapping[str, str] | None = None,
) -> Part:
    """nginx with a whole configuration.

    :param files: the texts of further files, by their paths beside the configuration.
    :param listeners: the sockets for all of its `listen`; nginx takes over those with the same address. They are
        closed here.
    :param user: whom its workers run as when the tests run as root; empty when the configuration says it.
    """
    folder = workplace.new_folder(name)
    (folder / "temporary").mkdir()
    for file, text in {"nginx.conf": configuration, **(files or {})}.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text)
    directives = "daemon off;"
    if user and os.getuid() == 0:
        directives += f" user {user};"
    command: list[str | Path] = ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", log, "-g", directives]
    with listening.Inheritance(listeners) as sockets:
        # nginx's own way to hand sockets from an old program to a new one ("Upgrading Executable on the Fly"). The new
        # one takes them for non-blocking: of two workers that are woken for one connection the slower would else wait
        # in accept(2) for the next, and with it all of its visitors.
        for listener in listeners:
            listener.setblocking(False)
        environment = {"NGINX": "".join(number + ";" for number in sockets.numbers)}
        part = workplace.start(name, command, environment=environment, descriptors=sockets.descriptors, log=log)
    addresses = [listening.port(listener) for listener in listeners]
    for listener in listeners:
        listener.close()
    part.until_ready(lambda: all(listening.accepts(address) for address in addresses))
    return part
