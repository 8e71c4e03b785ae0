"""fcgiwrap, which runs CGI programs for web servers that speak FastCGI only."""

from pathlib import Path

from stack import listening, pingate
from stack.workplace import Workplace


def start(workplace: Workplace, processes: int = 4) -> tuple[Path, Path]:
    """fcgiwrap at a Unix socket of its own.

    :param processes: how many programs it runs at a time.
    :return: the socket, and the file that its programs write their errors to.
    """
    socket = workplace.new_folder("fcgiwrap") / "socket"
    part = workplace.start("fcgiwrap", ["fcgiwrap", "-f", "-c", str(processes), "-s", f"unix:{socket}"])
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
