"""Visitors in a closed loop: so many clients, each of which asks again when it has its answer (wrk)."""

import json
import math
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import BENCHMARKS

SCRIPT = BENCHMARKS / "load" / "visitors.lua"
PIN_PAGE = 'name="requestId" value="'
VERIFIED = "Account verified!"
# nginx alone hands on the API's answer.
API_ANSWER = '"request_id":"'
API_CHECKED = '"event_id":"'

# A client waits as long as a visitor would. What takes longer is an error.
PATIENCE = 30


@dataclass(frozen=True)
class Load:
    """What came of one measurement."""

    # Right answers a second, within the measured time.
    rate: float
    errors: int
    # Of the whole run, with the warm-up; in seconds.
    p50: float
    p99: float
    detail: str = ""

    @staticmethod
    def of(line: str, seconds: float, warm_up: float) -> "Load":
        """Reads the last line that the script prints."""
        told = json.loads(line)
        if told["ran_out_after"] >= 0:
            seconds = min(seconds, max(told["ran_out_after"] - warm_up, 0.001))
        broken = {name: told[name] for name in ("connect", "read", "write", "timeout") if told[name]}
        words = [f"{count} {name}" for name, count in broken.items()]
        # What was refused only because there was nothing left to ask for is no error.
        wrong = told["all_wrong"] if told["ran_out_after"] < 0 else told["wrong"]
        if wrong:
            words.append(f"{wrong} wrong answers ({told['statuses']})")
        errors = sum(broken.values()) + wrong
        return Load(told["good"] / seconds, errors, told["p50_us"] / 1e6, told["p99_us"] / 1e6, ", ".join(words))


class Numbers:
    """Hands out phone numbers: no two requests of a run have the same."""

    STEP = 400_000

    def __init__(self) -> None:
        self._next = 0

    def one(self) -> int:
        """A single number."""
        self._next += 1
        return self._next

    def take(self) -> int:
        """The first of as many as a measurement may need."""
        first = self._next
        self._next = (self._next + self.STEP) % 10_000_000
        return first


def run(
    url: str,
    task: str,
    clients: int,
    seconds: float,
    *,
    first: int = 0,
    warm_up: float = 1.5,
    expected: str = PIN_PAGE,
    tokens: Path | None = None,
    path: str = "",
) -> Load:
    """One measurement.

    :param task: `register`, `verify`, `collect` or `guarded` (see the script).
    :param path: what is guarded.
    :param first: the first phone number.
    :param expected: what a right page holds.
    """
    environment = {
        **{"PATH": os.environ["PATH"], "BENCH_TASK": task, "BENCH_FIRST": str(first), "BENCH_EXPECTED": expected},
        **{"BENCH_WARM_UP": str(warm_up), "BENCH_SECONDS": str(seconds), "BENCH_TOKENS": str(tokens or "")},
        "BENCH_PATH": path,
    }
    whole = math.ceil(warm_up + seconds + 0.1)
    command = ["wrk", "--threads", "1", "--connections", str(clients), "--duration", f"{whole}s"]
    command += ["--timeout", f"{PATIENCE}s", "--script", str(SCRIPT), url]
    output = subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True, timeout=whole + 60
    ).stdout
    return Load.of(output.strip().splitlines()[-1], seconds, warm_up)
