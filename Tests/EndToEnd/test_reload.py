"""What SIGHUP does: settings, client and store are taken over or opened anew, and nothing is answered from nothing."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from stack import flow, pingate, redis
from stack.confidential import Confidential
from stack.owner import Owner
from stack.page import Page
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.transports import through_our_own_client
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Workplace


def visitor_of(target: PinGate) -> Visitor:
    return Visitor(through_our_own_client(target.socket), "http://www.example.com/")


def register(visitor: Visitor, confidential: Confidential) -> Page:
    return visitor.submit(visitor.open(), number=flow.typed(confidential.new_number()))


def reload(target: PinGate, outcome: str = "settings.reloaded") -> str:
    """Returns what the log says of it."""
    before = len(target.part.log_text())
    target.part.send(signal.SIGHUP)
    until(lambda: f" {outcome}" in target.part.log_text()[before:], "the reload")
    return target.part.log_text()[before:]


def files(database: Path) -> list[Path]:
    return [Path(f"{database}{suffix}") for suffix in ("", "-wal", "-shm")]


def delete_all(database: Path) -> None:
    for file in files(database):
        file.unlink()


def delete_the_database(database: Path) -> None:
    database.unlink()


def delete_the_log(database: Path) -> None:
    files(database)[1].unlink()


def delete_the_index(database: Path) -> None:
    files(database)[2].unlink()


def delete_the_folder(database: Path) -> None:
    shutil.rmtree(database.parent)
    database.parent.mkdir()


def put_another_in_its_place(database: Path) -> None:
    other = database.with_name("other.sqlite")
    shutil.copy(database, other)
    delete_all(database)
    other.rename(database)


@pytest.mark.parametrize(
    ("happens", "forgets"),
    [
        (delete_all, True),
        (delete_the_database, True),
        (delete_the_folder, True),
        (put_another_in_its_place, True),
        (delete_the_log, False),
        (delete_the_index, False),
    ],
)
def test_a_store_that_is_not_the_one_any_more_is_opened_anew_by_one_reload_with_no_visitor_in_between(
    workplace: Workplace,
    counting: Sandbox,
    confidential: Confidential,
    happens: Callable[[Path], None],
    forgets: bool,
) -> None:
    database = workplace.new_folder("reset") / "pingate.sqlite"
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=f"sqlite:{database}")
    visitor = visitor_of(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    happens(database)
    said = reload(target)
    assert " store.reopened " in said and "store.replaced" in said
    for expected in (1, 2):
        flow.ask_for_pin(visitor, confidential.new_number())
        assert Owner(target.settings).used("site.hour") == expected + (0 if forgets else 1)
    assert counting.statistics()["starts"] == 3
    assert target.part.stop() == 0


def test_a_redis_that_came_back_empty_is_taken_by_one_reload_with_no_visitor_in_between(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    server = redis.start(workplace)
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=server.store)
    visitor = visitor_of(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    server.part.stop()
    shutil.rmtree(server.folder / "appendonlydir")
    server.restart()
    assert " store.reopened " in reload(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    assert Owner(target.settings).used("site.hour") == 1
    # Nothing happened to it this time: it is the same, and so is what was counted.
    assert " store." not in reload(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    assert Owner(target.settings).used("site.hour") == 2
    assert target.part.stop() == 0
    server.part.stop()


def test_a_redis_that_is_down_at_a_reload_is_the_same_when_it_is_back(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    """A reload is no word to go on from nothing with a store that nobody can look at."""
    server = redis.start(workplace)
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=server.store)
    visitor = visitor_of(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    server.part.stop()
    assert " store.unavailable " in reload(target)
    server.restart()
    until(lambda: register(visitor, confidential).status == 200, "the store to be back")
    assert Owner(target.settings).used("site.hour") == 2
    assert target.part.stop() == 0
    server.part.stop()


def missing_folder(workplace: Workplace) -> tuple[str, str]:
    return f"sqlite:{workplace.folder}/missing/pingate.sqlite", "does not exist; create it"


def no_file(workplace: Workplace) -> tuple[str, str]:
    return f"sqlite:{workplace.new_folder('no-file')}", "is not a file"


def no_database(workplace: Workplace) -> tuple[str, str]:
    file = workplace.new_folder("no-database") / "pingate.sqlite"
    file.write_text("something else, which is long enough to be looked at\n" * 100)
    return f"sqlite:{file}", "file is not a database"


def open_to_everybody(workplace: Workplace) -> tuple[str, str]:
    folder = workplace.new_folder("open")
    folder.chmod(0o777)
    return f"sqlite:{folder}/pingate.sqlite", "chmod o-w"


def redis_that_is_down(workplace: Workplace) -> tuple[str, str]:
    return f"redis+unix://{workplace.folder}/nobody.sock", "store.unavailable"


def redis_that_forgets(workplace: Workplace) -> tuple[str, str]:
    folder = workplace.new_folder("forgets")
    socket = folder / "redis.sock"
    command: list[str | Path] = ["redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder]
    part = workplace.start("forgets", [*command, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"])
    part.until_ready(socket.exists)
    return f"redis+unix://{socket}", "maxmemory-policy noeviction"


@pytest.mark.parametrize(
    "place", [missing_folder, no_file, no_database, open_to_everybody, redis_that_is_down, redis_that_forgets]
)
def test_another_store_that_cannot_be_used_is_refused_and_the_site_goes_on_as_it_was(
    workplace: Workplace,
    counting: Sandbox,
    confidential: Confidential,
    place: Callable[[Workplace], tuple[str, str]],
) -> None:
    database = workplace.new_folder("kept") / "pingate.sqlite"
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=f"sqlite:{database}")
    visitor = visitor_of(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    text = target.settings.read_text()
    elsewhere, reason = place(workplace)
    target.settings.write_text(text.replace(f"sqlite:{database}", elsewhere).replace("=Example\n", "=Other\n"))
    said = reload(target, "settings.kept")
    assert "PINGATE_STORE" in said and reason in said and "settings.reloaded" not in said
    assert "Other" not in flow.ask_for_pin(visitor, confidential.new_number()).text
    target.settings.write_text(text)
    reload(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    assert Owner(target.settings).used("site.hour") == counting.statistics()["starts"] == 3
    assert target.part.stop() == 0


def test_a_store_whose_folder_is_gone_is_used_again_when_it_is_back(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    folder = workplace.new_folder("moved")
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=f"sqlite:{folder}/pingate.sqlite")
    visitor = visitor_of(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    folder.rename(folder.with_name("elsewhere"))
    said = reload(target)
    assert " store.closed " in said and "does not exist; create it" in said
    assert register(visitor, confidential).status == 503
    folder.mkdir()
    until(lambda: register(visitor, confidential).status == 200, "the store to be opened")
    assert target.part.stop() == 0


def test_many_reloads_leave_no_thread_and_no_open_file_behind(
    workplace: Workplace, confidential: Confidential, counting: Sandbox
) -> None:
    """Even while a visitor of the first site waits for the provider."""
    target = pingate.start(workplace, confidential, counting.api)
    visitor = visitor_of(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    reload(target)

    threads, descriptors = target.threads, target.open_files
    most_threads = most_descriptors = 0
    for _ in range(300):
        target.part.send(signal.SIGHUP)
        most_threads = max(most_threads, target.threads)
        most_descriptors = max(most_descriptors, target.open_files)
    for _ in range(30):
        reload(target)
    assert most_threads < threads + 16
    assert most_descriptors < descriptors + 32
    # The threads of queues and tasks end a while after their work.
    assert target.threads < threads + 16
    until(lambda: target.open_files <= descriptors, "the files to be closed")
    flow.ask_for_pin(visitor, confidential.new_number())
    assert target.part.stop() == 0


def test_a_storm_of_reloads_that_change_the_client_ends_with_the_newest_settings(
    workplace: Workplace, confidential: Confidential, counting: Sandbox
) -> None:
    target = pingate.start(workplace, confidential, counting.api)
    reload(target)
    threads = target.threads
    text = target.settings.read_text()
    for number in range(60):
        target.settings.write_text(text + f"PINGATE_API_TIMEOUT={1 + number % 12}\n")
        target.part.send(signal.SIGHUP)
        assert target.threads < threads + 48
    target.settings.write_text(text.replace("=Example\n", "=Newest\n"))
    target.part.send(signal.SIGHUP)
    visitor = visitor_of(target)
    until(lambda: "Newest" in flow.ask_for_pin(visitor, confidential.new_number()).text, "the newest settings")
    assert target.part.stop() == 0
