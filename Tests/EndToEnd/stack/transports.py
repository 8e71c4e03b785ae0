"""Ways to carry a visitor's request: over HTTP, and through a foreign FastCGI client without any web server."""

import http.client
import ssl
import subprocess
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import urlsplit

from stack.page import Page
from stack.visitor import Transport
from stack.workplace import PROGRAM_PATH

SECONDS = 60


def over_http(method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
    """One request on a connection of its own. A server's certificate may be anybody's."""
    parts = urlsplit(url)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=SECONDS)
    if parts.scheme == "https":
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=SECONDS, context=context)
    try:
        connection.request(method, parts.path + ("?" + parts.query if parts.query else ""), body or None, dict(fields))
        answer = connection.getresponse()
        return Page(url, answer.status, answer.msg, answer.read())
    finally:
        connection.close()


def through_cgi_fcgi(socket: Path) -> Transport:
    """libfcgi's own `cgi-fcgi`, which passes its CGI environment and input on to a FastCGI program at a socket."""

    def carry(method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
        parts = urlsplit(url)
        environment = {
            "PATH": PROGRAM_PATH,
            "GATEWAY_INTERFACE": "CGI/1.1",
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": fields.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "HTTP_HOST": parts.netloc,
        }
        for name, value in fields.items():
            environment.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
        command = ["cgi-fcgi", "-bind", "-connect", str(socket)]
        answer = subprocess.run(command, input=body, env=environment, capture_output=True, timeout=SECONDS, check=True)
        head, _, rest = answer.stdout.partition(b"\r\n\r\n")
        message: Message = BytesParser().parsebytes(head)
        return Page(url, int(message.get("Status", "200").split()[0]), message, rest)

    return carry
