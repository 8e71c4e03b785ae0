"""The owner's own code that a webhook tells: it checks what comes as Standard Webhooks has it."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stack.waiting import until


@dataclass
class Receiver:
    url: str
    # Every event that was signed right, in the order in which they came, and how each was answered.
    events: list[tuple[str, dict[str, Any], int]] = field(default_factory=list)
    # What was not.
    forged: list[bytes] = field(default_factory=list)
    # How the next ones are answered; 204 when there is nothing.
    answers: list[int] = field(default_factory=list)

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """So many events that were taken."""
        return until(lambda: taken if len(taken := self.taken()) >= count else None, f"{count} events")

    def taken(self) -> list[dict[str, Any]]:
        return [event for _, event, status in self.events if status < 300]


@contextmanager
def receiving(key: bytes) -> Iterator[Receiver]:
    """:param key: what events are signed with."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.answers.pop(0) if receiver.answers else 204
            name = self.headers["webhook-id"]
            if self._is_signed(name, body):
                receiver.events.append((name, json.loads(body), status))
            else:
                receiver.forged.append(body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _is_signed(self, name: str, body: bytes) -> bool:
            signed = f"{name}.{self.headers['webhook-timestamp']}.".encode() + body
            right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
            return f"v1,{right}" in self.headers["webhook-signature"].split(" ")

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: the events are kept."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
