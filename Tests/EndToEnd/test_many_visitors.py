"""A thousand visitors at once, while the provider takes two seconds for each answer."""

import asyncio
from collections.abc import Iterator

import pytest

from stack import crowd, doors, flow, pingate
from stack import sandbox as sandboxes
from stack.confidential import Confidential
from stack.nginx import Nginx
from stack.page import Page
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.workplace import Workplace

VISITORS = 1000
DELAY_MS = 2000


@pytest.fixture(scope="module")
def slow_sandbox(workplace: Workplace, confidential: Confidential) -> Iterator[Sandbox]:
    running = sandboxes.start(workplace, confidential, "slow-sandbox")
    running.change(delay_ms=DELAY_MS)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def target(workplace: Workplace, confidential: Confidential, slow_sandbox: Sandbox) -> Iterator[PinGate]:
    running = pingate.start(workplace, confidential, slow_sandbox.api)
    yield running
    running.part.stop()


@pytest.fixture(scope="module")
def server(workplace: Workplace, target: PinGate) -> Iterator[Nginx]:
    running = doors.keep_alive_nginx(workplace, target.socket)
    yield running
    running.part.stop()


class ThreadCount:
    """The most threads that a program had while it was watched."""

    def __init__(self, target: PinGate) -> None:
        self.target = target
        self.most = 0

    async def watch(self) -> None:
        while True:
            self.most = max(self.most, self.target.threads)
            await asyncio.sleep(0.05)


async def register_all(url: str, numbers: list[str]) -> list[Page]:
    return await asyncio.gather(*(crowd.post(url + "register", {"number": "+" + number}) for number in numbers))


async def verify_all(url: str, pages: list[Page], pins: list[str]) -> list[Page]:
    forms = ({**page.form.fields, "pin": pin} for page, pin in zip(pages, pins, strict=True))
    return await asyncio.gather(*(crowd.post(url + "verify", form) for form in forms))


def test_a_thousand_visitors_are_answered_by_the_same_few_threads(
    target: PinGate, server: Nginx, slow_sandbox: Sandbox, confidential: Confidential
) -> None:
    """Each gets the form for a PIN and is verified; the number of threads is that of a few visitors."""
    asyncio.run(register_all(server.url, [confidential.new_number() for _ in range(50)]))
    threads = target.threads

    async def all_of_it() -> tuple[list[Page], ThreadCount]:
        count = ThreadCount(target)
        watching = asyncio.create_task(count.watch())
        numbers = [confidential.new_number() for _ in range(VISITORS)]
        pages = await register_all(server.url, numbers)
        assert [page.status for page in pages] == [200] * VISITORS
        sent = {message["to"]: message["pin"] for message in slow_sandbox.messages()}
        results = await verify_all(server.url, pages, [sent[number] for number in numbers])
        watching.cancel()
        return results, count

    results, count = asyncio.run(all_of_it())
    assert [page.heading for page in results] == [flow.VERIFIED] * VISITORS
    assert slow_sandbox.statistics()["verified"] == VISITORS
    # One more where the store copies its log for the first time meanwhile.
    assert count.most <= threads + 1


def test_those_beyond_the_limit_are_told_at_once_to_come_back(
    workplace: Workplace, slow_sandbox: Sandbox, confidential: Confidential
) -> None:
    """With room for ten, thirty visitors come: ten are served, the others do not wait for them."""
    target = pingate.start(workplace, confidential, slow_sandbox.api, PINGATE_REQUESTS_IN_FLIGHT="10")
    server = doors.keep_alive_nginx(workplace, target.socket, connections=64)
    numbers = [confidential.new_number() for _ in range(30)]
    pages = asyncio.run(register_all(server.url, numbers))
    turned_away = [page for page in pages if page.status == 503]
    assert len(turned_away) == 20
    assert all(int(page.field("Retry-After") or 0) > 0 for page in turned_away)
    assert [page.status for page in pages].count(200) == 10
    # And when they are done there is room again.
    assert asyncio.run(register_all(server.url, [confidential.new_number()]))[0].status == 200
    sent = {message["to"] for message in slow_sandbox.messages()}
    assert len(sent.intersection(numbers)) == 10
    server.part.stop()
    target.part.stop()
