"""Visitors of a store without a site (`store-load`), from any number of processes, and the stores that they visit."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stack import listening
from stack.pingate import program
from stack.workplace import Part, Workplace

# Of each process.
WORKERS = 64


@dataclass(frozen=True)
class StoreLoad:
    """What came of one measurement, over all processes."""

    rate: float
    failures: int
    # In seconds: the worst of the processes'.
    p50: float
    p99: float

    @staticmethod
    def of(lines: list[str]) -> "StoreLoad":
        told = [json.loads(line) for line in lines]
        return StoreLoad(
            sum(each["operations"] / each["seconds"] for each in told),
            sum(each["failures"] for each in told),
            max(each["p50_us"] for each in told) / 1e6,
            max(each["p99_us"] for each in told) / 1e6,
        )


def run(store: str, task: str, seconds: float, processes: int = 1, workers: int = WORKERS) -> StoreLoad:
    """:param task: `decision`, `register` or `visit` (see the program)."""
    command = [str(program("store-load")), store, task, str(seconds), str(workers)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    try:
        lines = [process.communicate(timeout=seconds + 60)[0] for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    if any(process.returncode for process in running):
        raise AssertionError(f"store-load failed on {store}")
    return StoreLoad.of(lines)


def visit_once(store: str, visitors: int) -> None:
    """So many visitors, each of whom registers once: something to copy."""
    subprocess.run([str(program("store-load")), store, "register", "0", str(visitors)], check=True)


@dataclass(frozen=True)
class Redis:
    """A redis-server as the README wants it: each reservation goes to its log, which is written to the disk each second."""

    part: Part
    socket: Path

    @property
    def store(self) -> str:
        return f"redis+unix://{self.socket}"


def start_redis(workplace: Workplace) -> Redis:
    folder = workplace.new_folder("redis")
    socket = folder / "redis.sock"
    command: list[str | Path] = ["redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder]
    part = workplace.start("redis", [*command, "--appendonly", "yes", "--save", "", "--loglevel", "warning"])
    part.until_ready(lambda: listening.accepts(socket))
    return Redis(part, socket)


def new_sqlite(workplace: Workplace) -> Path:
    """Where a new database will be."""
    return workplace.new_folder("sqlite") / "pingate.sqlite"
