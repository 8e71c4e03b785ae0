"""A proxy in front of the stand-in that keeps what goes through it."""

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Exchange:
    """One request, and the answer that it got."""

    method: str
    path: str
    fields: dict[str, str]
    body: bytes
    status: int
    answer_type: str
    answer: bytes


@dataclass
class Recorder:
    api: str
    exchanges: list[Exchange] = field(default_factory=list)


@contextmanager
def before(api: str) -> Iterator[Recorder]:
    """Passes each request on to `api`, which answers all of them with the status 200."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fields = dict(self.headers.items())
            request = urllib.request.Request(api + self.path, body, fields, method=self.command)
            with urllib.request.urlopen(request) as answer:
                content = answer.read()
                answer_type = answer.headers["Content-Type"]
                # Before the answer: whoever has it finds the exchange here.
                recorder.exchanges.append(
                    Exchange(self.command, self.path, fields, body, answer.status, answer_type, content)
                )
            self.send_response(answer.status)
            self.send_header("Content-Type", answer_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: the paths are in the exchanges."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorder = Recorder(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield recorder
        finally:
            server.shutdown()
            thread.join()
