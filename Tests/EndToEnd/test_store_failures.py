"""The store fails while the site runs: nothing is sent, pages are shown, and the site goes on when it is mended."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from stack import flow, pingate, redis, swarm
from stack.confidential import Confidential
from stack.owner import Owner
from stack.page import Page
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.transports import through_our_own_client
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Workplace


@contextmanager
def locked(target: PinGate, database: Path) -> Iterator[None]:
    """Another program writes, and does not come to an end."""
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def corrupt(target: PinGate, database: Path) -> Iterator[None]:
    """Somebody writes over the files; the owner removes them and says so."""
    files = [Path(f"{database}{suffix}") for suffix in ("", "-wal", "-shm")]
    for file in files:
        with file.open("r+b") as content:
            content.write(b"\xa5" * file.stat().st_size)
    yield
    for file in files:
        file.unlink()
    target.part.send(signal.SIGHUP)


@contextmanager
def full(target: PinGate, database: Path) -> Iterator[None]:
    """The disk is full, but for what the file system had given to the database before."""
    filler = database.with_name("filler")
    with filler.open("wb", buffering=0) as content:
        try:
            while True:
                content.write(b"x" * 512)
        except OSError:
            pass
    yield
    filler.unlink()


@pytest.fixture
def small_disk(workplace: Workplace) -> Iterator[Path]:
    """A file system of a quarter of a megabyte."""
    folder = workplace.new_folder("small-disk")
    sudo = [] if os.getuid() == 0 else ["sudo", "-n"]
    options = f"size=256k,mode=0700,uid={os.getuid()}"
    subprocess.run([*sudo, "mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
    yield folder
    subprocess.run([*sudo, "umount", "--lazy", folder], check=True)


def see_it_through(
    target: PinGate, counting: Sandbox, confidential: Confidential, trouble: Callable[[], Iterator[None]]
) -> None:
    """A site works, has the trouble, and works again."""
    visitor = Visitor(through_our_own_client(target.socket), swarm.SITE)
    first = confidential.new_number()
    page = flow.ask_for_pin(visitor, first)
    pin = counting.pin_of(first)
    with contextmanager(trouble)():
        for _ in range(3):
            refused = register(visitor, confidential)
            assert (refused.status, refused.has_form, bool(refused.field("Retry-After"))) == (503, False, True)
        assert visitor.submit(page, pin=pin).status == 503
        assert visitor.open().status == 200
        assert visitor.open("style.css").status == 200
        statistics = counting.statistics()
        assert (statistics["starts"], statistics["checks"]) == (1, 0)
    until(lambda: register(visitor, confidential).status == 200, "the store to be used again")
    assert counting.statistics()["starts"] == 2
    # What was counted before may be gone with the store, never what was sent since.
    assert Owner(target.settings).used("site.hour") >= 1


def register(visitor: Visitor, confidential: Confidential) -> Page:
    return visitor.submit(visitor.open(), number=flow.typed(confidential.new_number()))


@pytest.mark.parametrize("trouble", [locked, corrupt, full])
def test_a_database_in_trouble_sends_nothing(
    workplace: Workplace,
    counting: Sandbox,
    confidential: Confidential,
    small_disk: Path,
    trouble: Callable[[PinGate, Path], AbstractContextManager[None]],
) -> None:
    database = small_disk / "pingate.sqlite"
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=f"sqlite:{database}")

    def happens() -> Iterator[None]:
        with trouble(target, database):
            yield

    see_it_through(target, counting, confidential, happens)
    target.part.stop()


def test_a_redis_that_is_stopped_sends_nothing(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    server = redis.start(workplace)

    def stopped() -> Iterator[None]:
        server.part.stop()
        yield
        server.restart()

    through_redis(workplace, counting, confidential, server, stopped)


def test_a_redis_that_does_not_answer_sends_nothing(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    server = redis.start(workplace)

    def silent() -> Iterator[None]:
        server.part.send(signal.SIGSTOP)
        yield
        server.part.send(signal.SIGCONT)

    through_redis(workplace, counting, confidential, server, silent)


def test_a_redis_that_became_a_replica_sends_nothing(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    server = redis.start(workplace)

    def command(*words: str) -> None:
        subprocess.run(["redis-cli", "-s", server.socket, *words], check=True, capture_output=True)

    def demoted() -> Iterator[None]:
        command("REPLICAOF", "127.0.0.1", "1")
        yield
        command("REPLICAOF", "NO", "ONE")

    through_redis(workplace, counting, confidential, server, demoted)


def through_redis(
    workplace: Workplace,
    counting: Sandbox,
    confidential: Confidential,
    server: redis.Redis,
    trouble: Callable[[], Iterator[None]],
) -> None:
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=server.store)
    see_it_through(target, counting, confidential, trouble)
    target.part.stop()
    server.part.stop()
