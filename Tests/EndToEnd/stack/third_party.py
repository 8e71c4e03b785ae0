"""The third party whose widget strangers have to satisfy: its script, and whom it takes for a person."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

# What the widget does when its page is there: it gives the form what it thinks of the browser, in words that are good once.
SCRIPT = """
for (const place of document.querySelectorAll(".cf-turnstile")) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "cf-turnstile-response";
  field.value = "%s:" + place.dataset.sitekey + ":" + Math.random();
  place.append(field);
}
"""


@dataclass
class ThirdParty:
    url: str
    site_key: str
    secret: str
    # What the widget thinks of whoever comes next.
    takes_for: str = "a-person"
    # Whether it answers nonsense.
    is_broken: bool = False
    # Whether a firewall in front of it lets nobody ask.
    turns_away: bool = False
    # The forms that it was asked about.
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def says(self, form: dict[str, list[str]]) -> dict[str, object]:
        if form.get("secret") != [self.secret]:
            return {"success": False, "error-codes": ["invalid-input-secret"]}
        (response,) = form.get("response", [""])
        if not response.startswith(f"a-person:{self.site_key}:"):
            return {"success": False, "error-codes": ["invalid-input-response"]}
        return {"success": True, "error-codes": [], "hostname": "www.example.com"}


@contextmanager
def running(site_key: str, secret: str) -> Iterator[ThirdParty]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            assert self.path == "/turnstile/v0/api.js"
            self.answer("text/javascript", SCRIPT % party.takes_for)

        def do_POST(self) -> None:
            assert self.path == "/turnstile/v0/siteverify"
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
            party.asked.append(form)
            if party.turns_away:
                self.answer("text/html", "<html>", 403)
            else:
                self.answer("application/json", "<html>" if party.is_broken else json.dumps(party.says(form)))

        def answer(self, kind: str, text: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: what it was asked is kept."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        party = ThirdParty(f"http://127.0.0.1:{server.server_port}", site_key, secret)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield party
        server.shutdown()
        thread.join()
