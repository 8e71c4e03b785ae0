"""Somebody who asks byte for byte what a test says, and keeps cookies as a browser does."""

import base64
import http.client
import re
import socket
import ssl
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlencode, urljoin, urlsplit

from stack.flow import typed
from stack.page import Page
from stack.sandbox import Sandbox

# What a browser on its way to a page says.
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"}
# Long after any answer: whatever takes so long hangs.
SECONDS = 30


@dataclass(frozen=True)
class Answer:
    status: int
    fields: list[tuple[str, str]]
    body: bytes

    def field(self, name: str) -> str | None:
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def location(self) -> str:
        return self.field("Location") or ""


@dataclass
class Guest:
    """Somebody at a web server on this machine."""

    port: int
    secure: bool = False
    # As they ask for it.
    host: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    # A user and a password (RFC 7617).
    login: tuple[str, str] | None = None

    @property
    def start(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.host or f'127.0.0.1:{self.port}'}"

    def ask(
        self,
        target: str | bytes,
        method: str = "GET",
        body: bytes = b"",
        cookie: str | None = None,
        chunked: bool = False,
        **fields: str,
    ) -> Answer:
        """One request, whose target goes out as it is.

        :param cookie: the whole header, in the place of the cookies that were kept; empty for none.
        :param fields: header fields; "_" in a name is "-".
        """
        header = {"Host": self.host or f"127.0.0.1:{self.port}", "Connection": "close"}
        header |= {name.replace("_", "-"): value for name, value in fields.items()}
        return self.ask_exactly(target, method, header, body, cookie, chunked)

    def ask_exactly(
        self,
        target: str | bytes,
        method: str,
        header: dict[str, str],
        body: bytes = b"",
        cookie: str | None = None,
        chunked: bool = False,
    ) -> Answer:
        """The same, with names of header fields as they are."""
        header = {"Host": self.host or f"127.0.0.1:{self.port}", "Connection": "close", **header}
        if self.login and "Authorization" not in header:
            header["Authorization"] = "Basic " + base64.b64encode(":".join(self.login).encode()).decode()
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items()) if cookie is None else cookie
        if kept:
            header["Cookie"] = kept
        if chunked:
            header["Transfer-Encoding"] = "chunked"
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts(body)) + b"0\r\n\r\n"
        elif body or method == "POST":
            header["Content-Length"] = str(len(body))
        raw = target if isinstance(target, bytes) else target.encode()
        lines = [method.encode() + b" " + raw + b" HTTP/1.1"]
        lines += [f"{name}: {value}".encode("latin-1") for name, value in header.items()]
        with self._connected() as connection:
            try:
                connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it was answered before its end
            response = http.client.HTTPResponse(connection, method=method)
            response.begin()
            answer = Answer(response.status, response.getheaders(), response.read())
        if cookie is None:
            self._keep(answer.all("Set-Cookie"))
        return answer

    def _connected(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)
        if not self.secure:
            return connection
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(connection)

    def _keep(self, fields: list[str]) -> None:
        for text in fields:
            name, _, value = text.partition(";")[0].partition("=")
            if re.search(r"Max-Age=0\b", text):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value

    def browse(self, target: str | bytes, method: str = "GET", body: bytes = b"", **fields: str) -> Answer:
        """The same as a browser on its way to a page."""
        return self.ask_exactly(target, method, {**BROWSER, **fields}, body)

    # MARK: Forms

    def submit(self, address: str, page: Answer, **typed_in: str) -> tuple[str, Answer]:
        """Fills in a page's first form, sends it, and goes where the answer leads as long as that is PinGate's own.

        :return: the address of the last page, and the page.
        """
        read = Page(address, page.status, Message(), page.body)
        assert read.has_form, page.text
        target = urljoin(address, read.form.action)
        # It types faster than hands can, and so does not say when the page was shown.
        left_out = ("remember", "shown")
        form = {name: value for name, value in read.form.fields.items() if name not in left_out} | typed_in
        origin = {"Origin": self.start, "Referer": urljoin(self.start, address), "Sec-Fetch-Site": "same-origin"}
        fields = {**BROWSER, **origin, "Content-Type": "application/x-www-form-urlencoded"}
        answer = self.ask_exactly(path_of(target), "POST", fields, urlencode(form).encode())
        if answer.status == 303 and answer.location.startswith("verify?"):
            address = urljoin(target, answer.location)
            return address, self.ask_exactly(path_of(address), "GET", fields)
        return target, answer

    def verify(self, address: str, sandbox: Sandbox, number: str, **more: str) -> Answer:
        """The whole way from the first page's address: the answer to the right PIN.

        :param more: what is ticked on the PIN form.
        """
        first = self.browse(path_of(address))
        assert first.status == 200, first.text
        there, page = self.submit(urljoin(self.start, address), first, number=typed(number))
        assert page.status == 200, page.text
        _, answer = self.submit(there, page, pin=sandbox.pin_of(number), **more)
        return answer


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def parts(body: bytes) -> list[bytes]:
    return [body[start : start + 50_000] for start in range(0, len(body), 50_000)]
