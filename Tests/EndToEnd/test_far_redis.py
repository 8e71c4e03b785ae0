"""Machines at different distances from the Redis that they share."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from stack import redis
from stack.distance import Distance
from stack.redis import Redis
from stack.workplace import Workplace

# Milliseconds on the way, one for each machine.
DISTANCES = [1, 2, 3, 5, 8, 12, 16, 20]


def output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout
    return process.stdout


@contextmanager
def machines(server: Redis, workplace: Workplace, task: str, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A process that reserves, for each distance."""
    program = Path(os.environ["PINGATE_BIN"]) / "store-worker"
    folder = workplace.new_folder("distance")
    ways = [Distance(folder / f"{way}.sock", server.socket, way / 1000) for way in DISTANCES]
    processes = [
        subprocess.Popen([program, f"redis+unix://{way.near}", task, str(count)], stdout=subprocess.PIPE)
        for way in ways
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
            output(process).close()
        for way in ways:
            way.close()


def test_eight_machines_spend_the_budget_exactly_and_none_waits_in_vain(workplace: Workplace) -> None:
    server = redis.start(workplace)
    with machines(server, workplace, "reserve", 300) as processes:
        # Whoever waited for longer than an operation may wait would print that in the place of a number.
        admitted = [int(output(process).read()) for process in processes]
    server.part.stop()
    assert sum(admitted) == 200


def test_no_machine_is_starved_by_those_nearby(workplace: Workplace) -> None:
    server = redis.start(workplace)
    with machines(server, workplace, "hammer", 8) as processes:
        # Each prints a dot for each that was admitted: the farthest goes on while the nearest does.
        farthest = processes[-1]
        for _ in range(100):
            assert output(farthest).readline() == b".\n"
        for process in processes:
            process.kill()
        counts = [100 * (process is farthest) + output(process).read().count(b".") for process in processes]
    server.part.stop()
    assert min(counts) > max(counts) / 4, counts
