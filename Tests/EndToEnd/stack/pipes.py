"""Pipes that are full."""

import os


def fill(pipe: int) -> None:
    """To its brim; whoever writes then waits.

    :param pipe: the end that is written to.
    """
    os.set_blocking(pipe, False)
    try:
        while os.write(pipe, bytes(65_536)):
            pass
    except BlockingIOError:
        os.set_blocking(pipe, True)


def full() -> tuple[int, int]:
    """A new pipe that takes nothing more: the end that is read from, and the one that is written to."""
    reading, writing = os.pipe()
    fill(writing)
    return reading, writing
