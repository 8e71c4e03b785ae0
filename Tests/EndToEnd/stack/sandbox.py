"""The stand-in for Vonage's API, behind an nginx of its own."""

import json
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from stack import listening, nginx
from stack.confidential import Confidential
from stack.pingate import program
from stack.waiting import until
from stack.workplace import Part, Workplace


@dataclass(frozen=True)
class Sandbox:
    """A running stand-in. Its messages are not a log: they are where PINs belong."""

    part: Part
    server: nginx.Nginx
    confidential: Confidential

    @property
    def api(self) -> str:
        """What `VONAGE_API_URL` is set to."""
        return self.server.url + "sandbox"

    def messages(self) -> list[dict[str, str]]:
        """Everything that was sent, newest first; the PINs are noted as confidential."""
        messages: list[dict[str, str]] = self._get("messages.json")
        self.confidential.pins.update(message["pin"] for message in messages)
        return messages

    def pin_of(self, number: str) -> str:
        """The PIN that was last sent to a number (digits only)."""
        return until(
            lambda: next((message["pin"] for message in self.messages() if message["to"] == number), None),
            "a message to the number",
            tries=20,
        )

    def statistics(self) -> dict[str, Any]:
        statistics: dict[str, Any] = self._get("statistics.json")
        return statistics

    def advance(self, seconds: int) -> None:
        self._post("clock", advance=seconds)

    def change(self, **settings: int) -> None:
        self._post("settings", **settings)

    def stop(self) -> None:
        self.part.stop()
        self.server.part.stop()

    def _get(self, path: str) -> Any:  # noqa: ANN401 (JSON)
        with urllib.request.urlopen(f"{self.api}/{path}") as answer:
            return json.load(answer)

    def _post(self, path: str, **fields: int) -> None:
        with urllib.request.urlopen(f"{self.api}/{path}", urllib.parse.urlencode(fields).encode()):
            pass


def start(workplace: Workplace, confidential: Confidential, name: str = "sandbox") -> Sandbox:
    folder = workplace.new_folder(name)
    socket = folder / "sandbox.sock"
    environment = {
        "VONAGE_SANDBOX_LISTEN": f"unix:{socket}",
        "VONAGE_API_KEY": confidential.api_key,
        "VONAGE_API_SECRET": confidential.api_secret,
    }
    with (folder / "messages").open("ab") as messages:
        part = workplace.start(name, [program("vonage-sandbox")], environment=environment, output=messages)
    part.until_ready(lambda: listening.accepts(socket))
    location = f"location /sandbox/ {{ fastcgi_pass unix:{socket}; fastcgi_read_timeout 60s; }}"
    return Sandbox(part, nginx.start(workplace, name + "-nginx", location), confidential)
