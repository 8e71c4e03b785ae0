"""Many visitors without a web server: `visitor-swarm` carries FastCGI requests that are made here straight to PinGate."""

import random
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from stack import records
from stack.pingate import program
from stack.transports import cgi_parameters

SITE = "http://www.example.com/"


@dataclass(frozen=True)
class Answered:
    """What became of one request; its status is 0 where the connection broke off."""

    index: int
    status: int
    title: str

    @staticmethod
    def of(line: str) -> "Answered":
        index, status, title = line.rstrip("\n").split("\t")
        return Answered(int(index), int(status), title)


def post(
    path: str, form: Mapping[str, str], address: str, fields: Mapping[str, str] | None = None, *, keeps: bool = True
) -> bytes:
    """A form as a web server passes it on.

    :param address: where it comes from.
    :param fields: header fields.
    :param keeps: whether the connection is used again.
    """
    body = urlencode(form).encode()
    header = {"Content-Type": "application/x-www-form-urlencoded", **(fields or {})}
    parameters = cgi_parameters("POST", SITE + path, header, body) | {"REMOTE_ADDR": address}
    return records.request(parameters, body, flags=records.KEEP_CONNECTION if keeps else 0)


def carry(requests: Iterable[bytes], *words: str | Path) -> list[Answered]:
    """Carries the requests, in the way that the words say. Returns what became of each, in their order."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile("w+") as answers:
        for request in requests:
            given.write(request)
        given.seek(0)
        command = [str(program("visitor-swarm")), *(str(word) for word in words)]
        subprocess.run(command, stdin=given, stdout=answers, check=True)
        answers.seek(0)
        return sorted((Answered.of(line) for line in answers), key=lambda answered: answered.index)


def stream(requests: Iterable[bytes], sockets: Sequence[Path], connections: int = 32) -> list[Answered]:
    """So many at a time."""
    return carry(requests, "stream", str(connections), *sockets)


def statuses(requests: Iterable[bytes], sockets: Sequence[Path], connections: int = 48) -> Counter[int]:
    """As `stream`, of however many: none of them is kept."""
    command = [str(program("visitor-swarm")), "stream", str(connections), *(str(socket) for socket in sockets)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=False) as crowd:
        assert crowd.stdin and crowd.stdout
        given = crowd.stdin

        def give() -> None:
            with given:
                for request in requests:
                    given.write(request)

        giver = threading.Thread(target=give)
        giver.start()
        counted = Counter(Answered.of(line.decode()).status for line in crowd.stdout)
        giver.join()
    assert crowd.returncode == 0
    return counted


def at_once(requests: Iterable[bytes], sockets: Sequence[Path]) -> list[Answered]:
    """All at the same moment. For requests that do not keep their connections."""
    return carry(requests, "at-once", *sockets)


# For each country the beginning of mobile numbers that are all valid, and how many digits follow.
MOBILE = {
    **{"AT": ("43664", 7), "AU": ("61412", 6), "BE": ("32470", 6), "BR": ("55119", 8), "CH": ("4179", 7)},
    **{"CZ": ("420601", 6), "DE": ("49151", 8), "ES": ("34612", 6), "HU": ("3620", 7), "FR": ("33612", 6)},
    **{"GB": ("447400", 6), "IE": ("35385", 7), "IN": ("9198", 8), "IT": ("39320", 7), "NL": ("31612", 6)},
    **{"NO": ("4790", 6), "PL": ("48501", 6), "PT": ("35191", 7), "SE": ("4670", 7), "ZA": ("2782", 7)},
}


class Attacker:
    """Somebody with whole networks, browsers without end, and a list of numbers; the same every time for a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        print(f"attacker's seed: {seed}")
        self.few_numbers = [self.number() for _ in range(300)]
        self.few_cookies = [self.cookie() for _ in range(300)]
        self.few_addresses = [self.address() for _ in range(300)]

    def number(self) -> str:
        """Any; half of them in blocks of a hundred, as pumped traffic has them."""
        start, digits = MOBILE[self.random.choice(list(MOBILE))]
        if self.random.random() < 0.5:
            return start + "0" * (digits - 4) + f"{self.random.randrange(20):02}{self.random.randrange(100):02}"
        return start + f"{self.random.randrange(10**digits):0{digits}}"

    def address(self) -> str:
        """IPv4, IPv6 in one host's /64, and IPv6 all over."""
        kind = self.random.randrange(3)
        if kind == 0:
            return ".".join(str(self.random.randrange(1, 255)) for _ in range(4))
        net = "2001:db8:1:1"
        if kind == 1:
            net = f"2001:db8:{self.random.randrange(1 << 16):x}:{self.random.randrange(1 << 16):x}"
        return f"{net}::{self.random.randrange(1, 1 << 16):x}"

    def cookie(self) -> str:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return "".join(self.random.choices(letters, k=21)) + "A"

    def register(self) -> bytes:
        """One more try to get a message sent."""
        often = self.random.random
        number = self.random.choice(self.few_numbers) if often() < 0.2 else self.number()
        address = self.random.choice(self.few_addresses) if often() < 0.2 else self.address()
        fields = {"User-Agent": f"Mozilla/5.0 ({self.random.randrange(1000)})"}
        if often() < 0.7:
            value = self.random.choice(self.few_cookies) if often() < 0.2 else self.cookie()
            fields["Cookie"] = f"pingate-browser={value if often() < 0.9 else value[1:]}"
        if often() < 0.2:
            fields["X-Forwarded-For"] = self.address()
        written = f"+{number}" if often() < 0.5 else f"00 {number[:4]} {number[4:]}"
        return post("register", {"number": written}, address, fields)
