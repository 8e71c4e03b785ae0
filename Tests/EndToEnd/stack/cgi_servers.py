"""Web servers that start a PinGate for each request, one by each of their ways. PinGate makes all pages itself."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from stack import apache, doors, fcgiwrap, listening, nginx, pingate
from stack.doors import Door, Site
from stack.workplace import EndedEarly

TRIES = 5


def programs(site: Site) -> Path:
    """A folder with the program; its settings are in the one above."""
    folder = site.workplace.new_folder("home")
    (folder / "cgi-bin").mkdir()
    shutil.copy(pingate.program("pingate"), folder / "cgi-bin")
    pingate.write_settings(folder / "pingate.conf", site.confidential, site.api)
    if os.getuid() == 0:
        for path in (folder, folder / "pingate.conf"):
            shutil.chown(path, "www-data", "www-data")
    return folder / "cgi-bin"


def _behind_apache(site: Site, modules: str, more: str = "") -> Door:
    folder = programs(site)
    log = site.workplace.new_log("apache-cgi")
    configuration = f"""
        {more}
        DocumentRoot {folder}
        ScriptAlias /cgi-bin/ {folder}/
    """
    server = apache.start_whole(site.workplace, "apache-cgi", modules, configuration, log)
    return Door(server.url + "cgi-bin/pingate/", log)


def behind_mod_cgid(site: Site) -> Door:
    """What Debian's Apache has: its programs are started by a process of their own, over a socket."""
    socket = site.workplace.new_folder("cgid") / "cgid.sock"
    return _behind_apache(site, f"{apache.BASIC} cgid", f"ScriptSock {socket}")


def behind_mod_cgi(site: Site) -> Door:
    """What an Apache of one process for each connection has."""
    return _behind_apache(site, apache.BASIC.replace("mpm_event", "mpm_prefork") + " cgi")


def behind_fcgiwrap(site: Site) -> Door:
    """What nginx starts CGI programs with."""
    folder = programs(site)
    socket, log = fcgiwrap.start(site.workplace, "www-data" if os.getuid() == 0 else "")
    location = f"""
        client_max_body_size 0;
        location /cgi-bin/ {{
            include /etc/nginx/fastcgi_params;
            fastcgi_split_path_info ^(/cgi-bin/pingate)(/.*)$;
            fastcgi_param SCRIPT_FILENAME {folder}/pingate;
            fastcgi_param PATH_INFO $fastcgi_path_info;
            fastcgi_pass unix:{socket};
        }}
    """
    server = nginx.start(site.workplace, "fcgiwrap-nginx", location)
    return Door(server.url + "cgi-bin/pingate/", log)


def behind_uwsgi(site: Site) -> Door:
    """uWSGI by its plug-in for CGI."""
    folder = programs(site)
    for _ in range(TRIES):
        port = listening.free_port()
        command = ["uwsgi", "--plugins", "http,cgi", "--http-socket", f"127.0.0.1:{port}", "--http-socket-modifier1", "9"]
        command += ["--cgi", f"/cgi-bin={folder}", "--buffer-size", "16384"]
        if os.getuid() == 0:
            command += ["--uid", "www-data", "--gid", "www-data"]
        part = site.workplace.start("uwsgi", command)
        try:
            part.until_ready(lambda: listening.accepts(port))  # noqa: B023 (called at once)
        except EndedEarly:
            continue
        # It takes the slash away from the end of an address.
        return Door(f"http://127.0.0.1:{port}/cgi-bin/pingate/index.html", part.log)
    raise AssertionError("uWSGI does not start")


ALL: dict[str, Callable[[Site], Door]] = {
    "Apache with mod_cgid": behind_mod_cgid,
    "Apache with mod_cgi": behind_mod_cgi,
    "fcgiwrap": behind_fcgiwrap,
    "uWSGI": behind_uwsgi,
    "lighttpd": doors.as_a_cgi_program,
}
