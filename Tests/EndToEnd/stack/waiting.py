"""Waiting for events, never for time."""

import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

PAUSE = 0.02
MOST_TRIES = 1500


def until(event: Callable[[], Value | None], what: str, tries: int = MOST_TRIES) -> Value:
    """Asks again and again until `event` gives something true, and returns that.

    :param what: what is waited for, for the failure's message.
    :raises AssertionError: when it has not come after so many tries.
    """
    for _ in range(tries):
        value = event()
        if value:
            return value
        time.sleep(PAUSE)
    raise AssertionError(f"waited in vain for {what}")
