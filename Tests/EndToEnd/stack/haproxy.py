"""HAProxy, which speaks FastCGI to servers by itself (`fcgi-app`)."""

import os
from dataclasses import dataclass

from stack import listening
from stack.workplace import Part, Workplace


@dataclass(frozen=True)
class HAProxy:
    part: Part
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def start(workplace: Workplace, name: str, backend: str, application: str) -> HAProxy:
    """HAProxy with one server on a port of its own.

    :param backend: what stands in the section `backend`, the `server` included.
    :param application: what stands in the section `fcgi-app`, whose name is `pingate`.
    """
    folder = workplace.new_folder(name)
    log = workplace.new_log(name)
    listener = listening.on_loopback()
    port = listening.port(listener)
    with listening.Inheritance([listener]) as sockets:
        (folder / "haproxy.cfg").write_text(
            f"""
global
    {"user haproxy" if os.getuid() == 0 else ""}
    {"group www-data" if os.getuid() == 0 else ""}
    log stderr format raw daemon
defaults
    mode http
    log global
    # Without queries, as everywhere.
    log-format "%ci [%tr] %HM %HPO %ST %B %ts"
    timeout connect 60s
    timeout client 60s
    timeout server 60s
frontend all
    bind fd@{sockets.numbers[0]}
    default_backend pingate
backend pingate
    use-fcgi-app pingate
    {backend}
fcgi-app pingate
    docroot /
    {application}
"""
        )
        part = workplace.start(
            name, ["haproxy", "-db", "-f", folder / "haproxy.cfg"], descriptors=sockets.descriptors, log=log
        )
    listener.close()
    part.until_ready(lambda: listening.accepts(port))
    return HAProxy(part, port)
