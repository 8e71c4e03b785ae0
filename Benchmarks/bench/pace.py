"""Visitors in an open loop, at a constant rate (`load/pace`)."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Pace:
    """What came of one measurement; times in seconds, from when a visitor was to come."""

    answers: int
    errors: int
    p50: float
    p99: float

    @staticmethod
    def of(line: str) -> "Pace":
        told = json.loads(line)
        return Pace(told["answers"], told["errors"], told["p50_us"] / 1e6, told["p99_us"] / 1e6)


def run(program: Path, port: int, rate: int, seconds: float, *, first: int, expected: str, browser: bool = False) -> Pace:
    """Visitors who register."""
    return _run(program, port, rate, seconds, expected, "-first", str(first), *(["-browser"] if browser else []))


def ask(program: Path, port: int, rate: int, seconds: float, *, path: str, cookies: Path, expected: str) -> Pace:
    """Visitors who ask for a page that is guarded, with the cookies of a file in turn."""
    return _run(program, port, rate, seconds, expected, "-path", path, "-cookies", str(cookies))


def _run(program: Path, port: int, rate: int, seconds: float, expected: str, *more: str) -> Pace:
    command = [str(program), "-address", f"127.0.0.1:{port}", "-rate", str(rate), "-seconds", str(seconds)]
    command += ["-expected", expected, *more]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + 90).stdout
    return Pace.of(output)
