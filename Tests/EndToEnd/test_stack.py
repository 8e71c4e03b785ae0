"""What the other tests stand on."""

import os
from pathlib import Path

from stack import listening, nginx
from stack.workplace import Workplace


def test_nginx_is_handed_sockets_that_do_not_block(workplace: Workplace) -> None:
    """Two of its workers may be woken for one connection; the slower must not wait in accept(2) for the next one."""
    server = nginx.start(workplace, "sockets", "location / { return 204; }")
    try:
        sockets = [
            number
            for number in Path(f"/proc/{server.part.pid}/fd").iterdir()
            if os.readlink(number).startswith("socket:") and int(number.name) >= listening.Inheritance.LOWEST
        ]
        assert sockets
        for socket in sockets:
            information = Path(f"/proc/{server.part.pid}/fdinfo/{socket.name}").read_text()
            flags = int(next(line.split()[1] for line in information.splitlines() if line.startswith("flags:")), 8)
            assert flags & os.O_NONBLOCK
    finally:
        server.part.stop()
