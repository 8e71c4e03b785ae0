"""The store fails while the site runs: nothing is sent, pages are shown, and the site goes on when it is mended."""

import os
import pwd
import signal
import sqlite3
import stat
import subprocess
import threading
from collections import Counter
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
from stack.swarm import Answered
from stack.transports import CGI_PATH, as_a_cgi_program, through_our_own_client
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
    """A file system of a quarter of a megabyte, for whoever is no root."""
    folder = workplace.new_folder("small-disk")
    owner = pwd.getpwnam("www-data").pw_uid if os.getuid() == 0 else os.getuid()
    as_root("mount", "-t", "tmpfs", "-o", f"size=256k,mode=0700,uid={owner}", "tmpfs", folder)
    yield folder
    as_root("umount", "--lazy", folder)


def as_root(*command: str | Path) -> None:
    subprocess.run([*([] if os.getuid() == 0 else ["sudo", "-n"]), *command], check=True)


def see_it_through(
    visitor: Visitor,
    settings: Path,
    counting: Sandbox,
    confidential: Confidential,
    trouble: Callable[[], Iterator[None]],
) -> None:
    """A site works, has the trouble, and works again."""
    first = confidential.new_number()
    page = flow.ask_for_pin(visitor, first)
    pin = counting.pin_of(first)
    with contextmanager(trouble)():
        sends_nothing(visitor, confidential)
        assert visitor.submit(page, pin=pin).status == 503
        statistics = counting.statistics()
        assert (statistics["starts"], statistics["checks"]) == (1, 0)
    until(lambda: register(visitor, confidential).status == 200, "the store to be used again")
    assert counting.statistics()["starts"] == 2
    # What was counted before may be gone with the store, never what was sent since.
    assert Owner(settings).used("site.hour") >= 1


def sends_nothing(visitor: Visitor, confidential: Confidential) -> None:
    for _ in range(3):
        refused = register(visitor, confidential)
        assert (refused.status, refused.has_form, bool(refused.field("Retry-After"))) == (503, False, True)
    assert visitor.open().status == 200
    assert visitor.open("style.css").status == 200


def visitor_of(target: PinGate) -> Visitor:
    return Visitor(through_our_own_client(target.socket), swarm.SITE)


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

    see_it_through(visitor_of(target), target.settings, counting, confidential, happens)
    target.part.stop()


@contextmanager
def read_only_disk(database: Path) -> Iterator[None]:
    as_root("mount", "-o", "remount,ro", database.parent)
    yield
    as_root("mount", "-o", "remount,rw", database.parent)


@contextmanager
def closed_folder(database: Path) -> Iterator[None]:
    with without_write_permission(database.parent):
        yield


@contextmanager
def closed_database(database: Path) -> Iterator[None]:
    with without_write_permission(database):
        yield


@contextmanager
def without_write_permission(path: Path) -> Iterator[None]:
    mode = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode & ~0o222)
    yield
    path.chmod(mode)


NOT_WRITABLE = [read_only_disk, closed_folder, closed_database]


@pytest.mark.parametrize("trouble", NOT_WRITABLE)
def test_programs_that_may_not_write_any_more_send_nothing(
    workplace: Workplace,
    counting: Sandbox,
    confidential: Confidential,
    small_disk: Path,
    trouble: Callable[[Path], AbstractContextManager[None]],
) -> None:
    """A CGI program opens the database for each request: it meets what has become of it."""
    database = small_disk / "pingate.sqlite"
    settings = pingate.write_settings(
        workplace.new_folder("not-writable") / "pingate.conf",
        confidential,
        counting.api,
        PINGATE_STORE=f"sqlite:{database}",
    )
    transport = as_a_cgi_program(
        settings, workplace.new_log("not-writable"), pingate.as_nobody_special(workplace)
    )

    def happens() -> Iterator[None]:
        with trouble(database):
            yield

    visitor = Visitor(transport, f"http://www.example.com{CGI_PATH}/")
    see_it_through(visitor, settings, counting, confidential, happens)


@pytest.mark.parametrize("trouble", NOT_WRITABLE)
def test_a_site_that_starts_where_it_may_not_write_sends_nothing_until_it_may(
    workplace: Workplace,
    counting: Sandbox,
    confidential: Confidential,
    small_disk: Path,
    trouble: Callable[[Path], AbstractContextManager[None]],
) -> None:
    database = small_disk / "pingate.sqlite"

    def start() -> PinGate:
        return pingate.start(
            workplace,
            confidential,
            counting.api,
            command=pingate.as_nobody_special(workplace, "serve"),
            PINGATE_STORE=f"sqlite:{database}",
        )

    before = start()
    assert register(visitor_of(before), confidential).status == 200
    before.part.stop()
    with trouble(database):
        target = start()
        visitor = visitor_of(target)
        sends_nothing(visitor, confidential)
        assert "store." in target.part.log_text()
    assert counting.statistics()["starts"] == 1
    until(lambda: register(visitor, confidential).status == 200, "the store to be used")
    assert counting.statistics()["starts"] == Owner(target.settings).used("site.hour") == 2
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
    see_it_through(visitor_of(target), target.settings, counting, confidential, trouble)
    target.part.stop()
    server.part.stop()


def test_a_primary_whose_replicas_do_not_answer_sends_nothing(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    """It counts, but nobody confirms: if it died, the reservation would be lost."""
    watched = redis.start_watched(workplace, replicas=1)
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=watched.store)

    def alone() -> Iterator[None]:
        watched.replicas[0].part.send(signal.SIGSTOP)
        yield
        watched.replicas[0].part.send(signal.SIGCONT)

    see_it_through(visitor_of(target), target.settings, counting, confidential, alone)
    target.part.stop()
    watched.stop()


REGISTERS_AT_A_TIME = 16
BUDGET = 600


def test_a_fail_over_under_load_sends_nothing_uncharged_and_keeps_the_budget(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    """Sentinel puts a replica in the place of a primary that was killed, and the site goes on by itself.

    What a primary had reserved and no replica had confirmed was not sent; it may be lost, or stay counted. So in the end the
    budget is used up exactly, and no more messages are missing than were not confirmed, or under way.
    """
    watched = redis.start_watched(workplace, replicas=2)
    target = pingate.start(
        workplace,
        confidential,
        counting.api,
        PINGATE_STORE=watched.store,
        PINGATE_LIMIT_SITE_HOUR=str(BUDGET),
        PINGATE_LOG_LEVEL="critical",
    )
    answers: list[Answered] = []
    is_over = threading.Event()
    carrier = subprocess.Popen(
        [pingate.program("visitor-swarm"), "stream", str(REGISTERS_AT_A_TIME), target.socket],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def sent() -> int:
        return sum(answer.status == 200 for answer in answers)

    def ask() -> None:
        assert carrier.stdin
        with carrier.stdin as requests:
            while not is_over.is_set():
                requests.write(swarm.post("register", {"number": "+" + confidential.new_number()}, "192.0.2.1"))

    def listen() -> None:
        assert carrier.stdout
        with carrier.stdout as lines:
            for line in lines:
                answers.append(Answered.of(line.decode()))

    threads = [threading.Thread(target=work) for work in (ask, listen)]
    for thread in threads:
        thread.start()
    until(lambda: sent() >= BUDGET // 4, "messages before the fail-over")
    watched.primary.part.process.kill()
    killed_at = len(answers)
    until(lambda: any(answer.status == 429 for answer in answers[killed_at:]), "the budget to be used up")
    is_over.set()
    for thread in threads:
        thread.join()
    assert carrier.wait() == 0

    statuses = Counter(answer.status for answer in answers)
    print(statuses)
    assert watched.primarys_port != watched.primary.port
    assert statuses.keys() == {200, 429, 503}
    starts = counting.statistics()["starts"]
    charged = Owner(target.settings).used("site.hour")
    print(f"{starts} messages, {charged} charges")
    assert statuses[200] == starts <= charged == BUDGET
    unconfirmed = target.part.log_text().count(" store.unconfirmed ")
    assert charged - starts <= unconfirmed + REGISTERS_AT_A_TIME
    target.part.stop()
    watched.stop()
