"""The servers that tests share, and what happens when a test fails and when the run ends."""

import dataclasses
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from stack import doors, redis
from stack import sandbox as sandboxes
from stack.confidential import Confidential
from stack.doors import Door, Site
from stack.person import NewPerson, Person
from stack.sandbox import Sandbox
from stack.workplace import Workplace

CHROMIUM = "/usr/bin/chromium"
HOST = "www.example.com"

# How much of each log a failure shows.
LAST_LINES = 40


def pytest_configure() -> None:
    """What this process and all that it starts are to have, whoever started it.

    A thousand visitors hold a thousand sockets. A shell has what it runs in the background ignore SIGINT.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is said of the whole run's logs is looked at when the run is over."""
    items.sort(key=lambda item: item.path.name == "test_logs.py")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows what the servers said while a test failed."""
    report = yield
    workplace = _workplaces.get(item.config)
    if report.failed and workplace is not None:
        for log in workplace.logs.iterdir():
            if log.stat().st_mtime >= call.start - 1 and log.stat().st_size:
                lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
                report.sections.append((log.name, "\n".join(lines[-LAST_LINES:])))
    return report


_workplaces: dict[pytest.Config, Workplace] = {}


@pytest.fixture(scope="session")
def workplace(pytestconfig: pytest.Config) -> Iterator[Workplace]:
    workplace = _workplaces[pytestconfig] = Workplace()
    yield workplace
    del _workplaces[pytestconfig]
    workplace.close()


@pytest.fixture(scope="session")
def confidential() -> Confidential:
    return Confidential()


@pytest.fixture(scope="session")
def sandbox(workplace: Workplace, confidential: Confidential) -> Sandbox:
    """The stand-in that all tests share which change nothing about it."""
    return sandboxes.start(workplace, confidential)


@pytest.fixture(scope="session")
def site(workplace: Workplace, confidential: Confidential, sandbox: Sandbox) -> Site:
    return Site(workplace, confidential, sandbox.api)


@pytest.fixture(scope="module")
def all_served(site: Site) -> Iterator[Door]:
    """PinGate serves everything itself, so that all pages are its own."""
    count = len(site.workplace.parts)
    yield doors.behind_nginx_that_passes_all_on(site)
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


@pytest.fixture(scope="session")
def certificate(workplace: Workplace) -> tuple[Path, Path]:
    """A certificate for anybody, and its key."""
    folder = workplace.new_folder("certificate")
    command = "openssl req -x509 -newkey rsa:2048 -noenc -subj /CN=www.example.com -keyout key.pem -out chain.pem"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder / "chain.pem", folder / "key.pem"


def launched(*arguments: str) -> Iterator[Browser]:
    """Debian's Chromium. Its own sandbox does not work for root, who runs the tests in a container."""
    as_root = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*as_root, *arguments])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    yield from launched()


@pytest.fixture(scope="module")
def chromium_elsewhere() -> Iterator[Browser]:
    """Chromium for which this machine is `www.example.com`: over plain HTTP it sends no Fetch Metadata there."""
    yield from launched(f"--host-resolver-rules=MAP {HOST} 127.0.0.1")


@pytest.fixture
def new_person(
    chromium: Browser, all_served: Door, sandbox: Sandbox, confidential: Confidential
) -> Iterator[NewPerson]:
    """People, each with a browser of their own."""
    contexts = []

    def make(**options: Any) -> Person:  # noqa: ANN401 (Playwright's)
        contexts.append(chromium.new_context(**options))
        return Person(contexts[-1], all_served, sandbox, confidential)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def person_elsewhere(
    chromium_elsewhere: Browser, sandbox: Sandbox, confidential: Confidential
) -> Iterator[Callable[[Door], Person]]:
    """Somebody who visits a door on this machine as if it were elsewhere."""
    contexts = []

    def make(door: Door) -> Person:
        contexts.append(chromium_elsewhere.new_context(ignore_https_errors=True))
        there = dataclasses.replace(door, start=door.start.replace("127.0.0.1", HOST))
        return Person(contexts[-1], there, sandbox, confidential)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def counting(workplace: Workplace, confidential: Confidential) -> Iterator[Sandbox]:
    """A stand-in of the test's own, whose statistics nobody else changes."""
    running = sandboxes.start(workplace, confidential, "counting")
    yield running
    running.stop()


@pytest.fixture(params=["SQLite", "Redis"])
def store(request: pytest.FixtureRequest, site: Site) -> Iterator[str]:
    """`PINGATE_STORE` for several processes: each of the two kinds, empty."""
    if request.param == "SQLite":
        yield f"sqlite:{site.workplace.new_folder('shared')}/pingate.sqlite"
    else:
        server = redis.start(site.workplace)
        yield server.store
        server.part.stop()
