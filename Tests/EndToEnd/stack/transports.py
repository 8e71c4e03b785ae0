"""Ways to carry a visitor's request: over HTTP, through FastCGI clients without any web server, and by a plain call."""

import base64
import contextlib
import http.client
import json
import socket as sockets
import ssl
import subprocess
from collections.abc import Mapping, Sequence
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import urlsplit

from stack import records
from stack.page import Page
from stack.pingate import program
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
        # As a browser, it reads the answer of a server that does not take the whole of its form.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            connection.request(method, parts.path + ("?" + parts.query if parts.query else ""), body or None, dict(fields))
        answer = connection.getresponse()
        return Page(url, answer.status, answer.msg, answer.read())
    finally:
        connection.close()


def through_cgi_fcgi(socket: Path) -> Transport:
    """libfcgi's own `cgi-fcgi`, which passes its CGI environment and input on to a FastCGI program at a socket."""

    def carry(method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
        environment = {"PATH": PROGRAM_PATH, **cgi_parameters(method, url, fields, body)}
        command = ["cgi-fcgi", "-bind", "-connect", str(socket)]
        answer = subprocess.run(command, input=body, env=environment, capture_output=True, timeout=SECONDS, check=True)
        return page_of(url, answer.stdout)

    return carry


def through_our_own_client(socket: Path) -> Transport:
    """A FastCGI client of a few lines: a connection for each request."""

    def carry(method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
        return through_records(socket, list(cgi_parameters(method, url, fields, body).items()), body, url)

    return carry


def through_records(socket: Path, parameters: Sequence[tuple[str, str]], body: bytes, url: str = "") -> Page:
    """One request with just these parameters, in this order; a name may come more than once."""
    with sockets.socket(sockets.AF_UNIX) as connection:
        connection.settimeout(SECONDS)
        connection.connect(str(socket))
        connection.sendall(records.request(parameters, body))
        with connection.makefile("rb") as answer:
            return page_of(url, records.output(answer))


CGI_PATH = "/cgi-bin/pingate"


def cgi_environment(
    settings: Path, method: str, url: str, fields: Mapping[str, str], body: bytes
) -> dict[str, str]:
    """That of a CGI program. A path below `CGI_PATH` is split there, as web servers do."""
    environment = {"PATH": PROGRAM_PATH, "PINGATE_CONFIG": str(settings)}
    environment |= cgi_parameters(method, url, fields, body)
    if environment["SCRIPT_NAME"].startswith(CGI_PATH):
        environment |= {"SCRIPT_NAME": CGI_PATH, "PATH_INFO": environment["SCRIPT_NAME"].removeprefix(CGI_PATH)}
    return environment


def cgi_environment_of_a_form(settings: Path, body: bytes = b"number=123") -> dict[str, str]:
    """That of a program which waits for the form on its standard input."""
    fields = {"Content-Type": "application/x-www-form-urlencoded"}
    return cgi_environment(settings, "POST", f"http://www.example.com{CGI_PATH}/register", fields, body)


def as_a_cgi_program(settings: Path, log: Path, command: Sequence[str | Path] = ()) -> Transport:
    """A PinGate for each request, without a web server: what it writes is the answer.

    :param command: what starts it; by default it is started by its name.
    """

    def carry(method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
        environment = cgi_environment(settings, method, url, fields, body)
        with log.open("ab") as errors:
            answer = subprocess.run(
                command or [program("pingate")],
                env=environment,
                input=body,
                stdout=subprocess.PIPE,
                stderr=errors,
                check=True,
            )
        return page_of(url, answer.stdout)

    return carry


def by_a_call(program: subprocess.Popen[bytes]) -> Transport:
    """No FastCGI and no web server: a program that calls the site for each line of its input."""
    assert program.stdin and program.stdout
    requests, answers = program.stdin, program.stdout

    def carry(method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
        line = {
            "parameters": cgi_parameters(method, url, fields, body),
            "body": base64.b64encode(body).decode(),
        }
        requests.write(json.dumps(line).encode() + b"\n")
        requests.flush()
        return page_of(url, base64.b64decode(answers.readline()))

    return carry


def cgi_parameters(method: str, url: str, fields: Mapping[str, str], body: bytes) -> dict[str, str]:
    """What a web server tells a CGI program about a request (RFC 3875, section 4.1)."""
    parts = urlsplit(url)
    parameters = {
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
        parameters.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
    return parameters


def page_of(url: str, output: bytes) -> Page:
    """The page in a CGI program's output."""
    head, _, rest = output.partition(b"\r\n\r\n")
    message: Message = BytesParser().parsebytes(head)
    return Page(url, int(message.get("Status", "200").split()[0]), message, rest)
