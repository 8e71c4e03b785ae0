"""What must never be in a log: it is handed out, or noted, here."""

import base64
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

# What may have six digits in a row and is no PIN: fractions of seconds, numbers of processes and connections, the size of
# an answer after its status in an access log, and that of a body that a web server refuses.
INNOCENT = (
    r"\d+#\d+: (\*\d+)?|\d\d:\d\d:\d\d(\.\d+)?|[pt]id[: =]\d+|HTTP/[\d.]+\"? \d{3} \d+"
    r"|too large body: \d+ bytes|request-size too long: \d+"
)
# And more in lines of one kind: measurements in Caddy's, and in those of Redis where a replica stands.
INNOCENT_IN = {
    r'\{"level":"': r'"(ts|duration|size|bytes_read|status)":[\d.e+-]+(?=[,}])',
    r"\d+:[A-Z] \d\d ": r"^\d+:|\d+ bytes|offset:? \d+|\b[0-9a-f]{40}:\d+",
}


def without_innocent(line: str) -> str:
    """The line without what may look like a PIN and is none."""
    for kind, more in INNOCENT_IN.items():
        if re.match(kind, line):
            line = re.sub(more, " ", line)
    return re.sub(INNOCENT, " ", line)


@dataclass
class Confidential:
    """The secrets of this run, and every phone number and PIN that it used."""

    api_key: str = "e2e" + secrets.token_hex(4)
    api_secret: str = "Secret" + secrets.token_hex(8)
    sealing_key: str = base64.b64encode(os.urandom(32)).decode()
    numbers: set[str] = field(default_factory=set)
    pins: set[str] = field(default_factory=set)
    _last: int = field(default_factory=lambda: 10_000_000 + secrets.randbelow(80_000_000))

    def new_number(self) -> str:
        """A phone number, in digits, that no other test uses."""
        self._last += 1
        return self.used(f"49151{self._last}")

    def used(self, number: str) -> str:
        self.numbers.add(number)
        return number

    def leaks(self, log: Path) -> list[str]:
        """The lines of a log that have something in them that they must not have."""
        secret = re.compile("|".join(map(re.escape, self._secrets)))
        found = []
        with log.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                text = without_innocent(line)
                runs = re.findall(r"(?<![0-9A-Za-z])\d{6}(?![0-9A-Za-z])", text)
                # As they were typed, and as they are dialed.
                digits = re.findall(r"\d{7,}", re.sub(r"(?<=\d)[ .()/-](?=\d)", "", text) + " " + text)
                if secret.search(text) or self.pins.intersection(runs) or self.has_number(digits):
                    found.append(f"{log.name}: {line.rstrip()}")
        return found

    @property
    def _secrets(self) -> list[str]:
        """The secrets in all forms in which they travel: as they are, in a form's body, and as `Authorization: Basic`.

        The API key is the account's name, which the stand-in's web server logs as its user.
        """
        account = base64.b64encode(f"{self.api_key}:{self.api_secret}".encode()).decode()
        return [self.api_secret, self.sealing_key, quote(self.sealing_key, safe=""), account]

    def has_number(self, runs: list[str]) -> bool:
        return any(number in run for run in runs for number in self._candidates(run))

    def _candidates(self, run: str) -> set[str]:
        ends = {run[start:end] for start in range(len(run)) for end in range(start + 7, min(len(run), start + 15) + 1)}
        return self.numbers & ends
