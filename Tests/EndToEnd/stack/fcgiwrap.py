"""fcgiwrap, which runs CGI programs for web servers that speak FastCGI only."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from stack import listening, pingate
from stack.workplace import Workplace


def start(workplace: Workplace, user: str = "") -> tuple[Path, Path]:
    """fcgiwrap at a Unix socket of its own.

    :param user: whom its programs run as, where that is another one.
    :return: the socket, and the file that its programs write their errors to.
    """
    socket = workplace.new_folder("fcgiwrap") / "socket"
    within: Sequence[str] = ()
    if user:
        shutil.chown(socket.parent, user)
        within = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    # `-f`: what programs say goes to its own standard error, and not to the web server. Some at a time: a page and the
    # page that it leads to.
    part = workplace.start("fcgiwrap", [*within, "fcgiwrap", "-f", "-c", "4", "-s", f"unix:{socket}"])
    part.until_ready(lambda: listening.accepts(socket))
    return socket, part.log


def location(socket: Path, settings: Path) -> str:
    """What stands in nginx's location, as the README has it, for PinGate as the program."""
    return f"""
        fastcgi_pass unix:{socket};
        include /etc/nginx/fastcgi_params;
        fastcgi_param SCRIPT_FILENAME {pingate.program("pingate")};
        fastcgi_param PINGATE_CONFIG {settings};
    """
