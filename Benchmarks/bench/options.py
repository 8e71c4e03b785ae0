"""What a run is asked to do."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How often, how long, and with whom."""

    rows: tuple[str, ...]
    runs: int
    # For a measurement; None is the row's own choice.
    seconds: float | None
    only: tuple[str, ...]
    # How many at a time, for rows that have a choice of their own.
    clients: tuple[int, ...]
    keeps: bool

    def wants(self, peer: str) -> bool:
        return not self.only or peer in self.only

    def is_whole(self, rows: Sequence[str]) -> bool:
        """Whether everything is measured as it is meant to be: only then the results are written down."""
        return self.rows == tuple(rows) and self.seconds is None and not self.only and not self.clients

    def seconds_or(self, usual: float) -> float:
        return usual if self.seconds is None else self.seconds


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(",") if word)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in _words(text))


def read(arguments: Sequence[str], rows: Sequence[str], peers: Sequence[str]) -> Options:
    """Reads the command line; ends the program when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run",
        description="Measures PinGate and its peers. PINGATE_BIN names the folder of the programs (.build/release). "
        "A run of everything writes RESULTS.md and the drawings; any other only prints.",
    )
    parser.add_argument("--row", type=_words, default=(), help=f"some rows only, separated by commas: {', '.join(rows)}")
    parser.add_argument(
        "--runs", type=int, default=5, help="interleaved runs, of which the median is taken (%(default)s)"
    )
    parser.add_argument("--seconds", type=float, help="length of a measurement; each row has its own")
    parser.add_argument("--only", type=_words, default=(), help=f"some peers only: {', '.join(peers)}")
    parser.add_argument(
        "--clients", type=_numbers, default=(), help="for waiting, memory and growth: how many at a time"
    )
    parser.add_argument("--keep", action="store_true", help="leave the folder with settings and logs")
    given = parser.parse_args(arguments)
    for what, known, asked in (("row", rows, given.row), ("peer", peers, given.only)):
        if unknown := [word for word in asked if word not in known]:
            parser.error(f"no such {what}: {', '.join(unknown)}; there are {', '.join(known)}")
    if given.runs < 1:
        parser.error("--runs must be at least 1")
    return Options(given.row or tuple(rows), given.runs, given.seconds, given.only, given.clients, given.keep)
