"""Runs in turn: first one of each, then one of each again, so that the machine's noise falls on all alike."""

import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

Case = TypeVar("Case")


def interleaved(runs: int, cases: Iterable[Case], measure: Callable[[Case], str], what: str) -> None:
    """:param measure: does one measurement, keeps what it found, and tells it in a few words."""
    every = list(cases)
    for run in range(1, runs + 1):
        for case in every:
            print(f"{what} {run}/{runs}: {measure(case)}", file=sys.stderr, flush=True)
