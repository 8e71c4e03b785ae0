"""A site that was there before PinGate: files of its own under the names of PinGate's, and a program that takes large
forms."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urljoin

from stack import transports
from stack.workplace import Workplace

# What every web server here adds to the owner's pages.
HEADER = "X-Owner"
LARGE = 1_000_000


class _Program(BaseHTTPRequestHandler):
    """Says how much it got."""

    def do_POST(self) -> None:
        length = len(self.rfile.read(int(self.headers["Content-Length"])))
        answer = f"{length} bytes".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class OwnerSite:
    root: Path
    # The port that the owner's program listens at.
    port: int

    def looks(self, start: str, upload: str) -> list[tuple[str, int, list[tuple[str, str]], bytes]]:
        """Everything that a visitor sees of the site: status, header fields and content of its pages and of the answer to a
        large form."""
        requests = [(method, path, b"") for path in PATHS for method in ("GET", "HEAD")]
        seen = []
        for method, path, body in [*requests, ("POST", upload, b"x" * LARGE)]:
            fields = {"Content-Type": "application/octet-stream"} if body else {}
            page = transports.over_http(method, urljoin(start, path), fields, body)
            seen.append((f"{method} {path}", page.status, _lasting(page.fields), page.body))
        return seen


def _lasting(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Header fields without what the time changes: when an answer expires is told by how long after its date."""
    found = {name: value for name, value in fields.items() if name.lower() not in BY_CHANCE}
    if "Expires" in found:
        found["Expires"] = str(parsedate_to_datetime(found["Expires"]) - parsedate_to_datetime(fields["Date"]))
    return sorted(found.items())


# The time, and how the content is framed: Apache chooses that by when a program's answer comes.
BY_CHANCE = ("date", "content-length", "transfer-encoding")

# The names of PinGate's files, and what a pattern for PinGate's places may match by mistake.
PATHS = (
    *("", "index.html", "style.css", "busy.html", "404.html", "register", "verify"),
    *("missing", "phonebook", "phone.html", "style.css~"),
)


@contextmanager
def start(workplace: Workplace) -> Iterator[OwnerSite]:
    root = workplace.new_folder("owner")
    (root / "index.html").write_text("<!doctype html><script>1</script><p style='color: red'>The owner's page")
    (root / "style.css").write_text("p { color: red }")
    (root / "missing.html").write_text("<p>The owner's own words")
    program = ThreadingHTTPServer(("127.0.0.1", 0), _Program)
    thread = threading.Thread(target=program.serve_forever, daemon=True)
    thread.start()
    yield OwnerSite(root, program.server_port)
    program.shutdown()
    program.server_close()
    thread.join()
