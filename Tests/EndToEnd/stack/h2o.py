"""h2o, with configurations of a few lines."""

import os
from dataclasses import dataclass

from stack import listening
from stack.workplace import Part, Workplace


@dataclass(frozen=True)
class H2O:
    part: Part
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def start(workplace: Workplace, name: str, path: str) -> H2O:
    """h2o with one server on a port of its own.

    :param path: what stands below the path `/`, in lines without indentation.
    """
    folder = workplace.new_folder(name)
    log = workplace.new_log(name)
    listener = listening.on_loopback()
    port = listening.port(listener)
    lines = "".join(f"        {line}\n" for line in path.splitlines())
    (folder / "h2o.conf").write_text(
        ("user: www-data\n" if os.getuid() == 0 else "")
        + f"num-threads: 2\nerror-log: {log}\n"
        + "hosts:\n  default:\n"
        + f"    listen:\n      host: 127.0.0.1\n      port: {port}\n"
        + f'    paths:\n      "/":\n{lines}'
    )
    with listening.Inheritance([listener]) as sockets:
        part = workplace.start(
            name,
            ["h2o", "-c", folder / "h2o.conf"],
            # The protocol of Server::Starter, h2o's own way to be handed sockets.
            environment={"SERVER_STARTER_PORT": f"127.0.0.1:{port}={sockets.numbers[0]}"},
            descriptors=sockets.descriptors,
            log=log,
        )
    listener.close()
    part.until_ready(lambda: listening.accepts(port))
    return H2O(part, port)
