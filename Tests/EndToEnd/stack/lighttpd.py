"""lighttpd, with whole configurations."""

from collections.abc import Sequence
from pathlib import Path
from socket import socket

from stack import listening
from stack.workplace import Part, Workplace


def start(
    workplace: Workplace, name: str, configuration: str, listeners: Sequence[socket], log: Path | None = None
) -> Part:
    """lighttpd with a configuration, and the sockets for all of its addresses. They are closed here."""
    folder = workplace.new_folder(name)
    file = folder / "lighttpd.conf"
    file.write_text('server.systemd-socket-activation = "enable"\n' + configuration)
    with listening.Inheritance(listeners) as sockets:
        part = workplace.start(
            name,
            listening.as_systemd(["lighttpd", "-D", "-f", file]),
            environment={"SOURCES": " ".join(sockets.numbers)},
            descriptors=sockets.descriptors,
            log=log,
        )
    addresses = [listening.port(listener) for listener in listeners]
    for listener in listeners:
        listener.close()
    part.until_ready(lambda: all(listening.accepts(address) for address in addresses))
    return part
