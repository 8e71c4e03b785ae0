"""A fast attacker, straight at PinGate's sockets: no more messages than the budget, and no PIN that is good twice."""

import os
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from stack import flow, limits, pingate, redis, swarm
from stack.confidential import Confidential
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.swarm import Attacker
from stack.transports import through_our_own_client
from stack.visitor import Visitor
from stack.workplace import Workplace

# `make attack` has ten times as many.
REGISTERS = int(os.environ.get("PINGATE_ATTACK", "100000"))
BUDGET_AN_HOUR = 200
PARALLEL = 10_000

# Nothing but the failures: a line for each of so many refusals would be a test of the disk.
QUIET = {"PINGATE_LOG_LEVEL": "critical"}


@pytest.mark.parametrize(("store", "processes"), [("sqlite", 4), ("redis", 3)])
def test_hostile_registers_spend_the_budget_and_no_more(
    workplace: Workplace, counting: Sandbox, confidential: Confidential, store: str, processes: int
) -> None:
    """With all limits as they are by default: strangers' nets get what the hour has but for the part that is kept for others."""
    server = redis.start(workplace) if store == "redis" else None
    place = server.store if server else f"sqlite:{workplace.new_folder('attacked')}/pingate.sqlite"
    settings = {**limits.USUAL, **QUIET, "PINGATE_COUNTRIES": " ".join(swarm.MOBILE), "PINGATE_STORE": place}
    targets = [
        pingate.start(workplace, confidential, counting.api, f"attacked-{number}", **settings)
        for number in range(processes)
    ]
    attacker = Attacker(seed=2026)
    begun = time.monotonic()
    statuses = swarm.statuses(
        (attacker.register() for _ in range(REGISTERS)), [target.socket for target in targets]
    )
    hours = (time.monotonic() - begun) / 3600
    statistics = counting.statistics()
    sent = statistics["messages"]
    print(f"{store}: {statuses}, {hours * 60:.1f} minutes, {sent} messages")
    assert statuses.total() == REGISTERS
    assert statuses.keys() <= {200, 429, 503}
    assert statistics["begun"] == statistics["starts"] == sent
    assert BUDGET_AN_HOUR // 2 <= sent <= BUDGET_AN_HOUR * (1 + int(hours))
    # Nor does the provider add any by itself, while nobody enters a PIN.
    counting.advance(900)
    assert counting.statistics()["messages"] == sent
    for target in targets:
        assert target.part.stop() == 0
    if server:
        server.part.stop()


@pytest.fixture
def target(workplace: Workplace, confidential: Confidential, counting: Sandbox) -> Iterator[PinGate]:
    running = pingate.start(workplace, confidential, counting.api, "stormed", **limits.USUAL, **QUIET)
    yield running
    running.part.stop()


def from_everywhere(path: str, form: dict[str, str]) -> Iterator[bytes]:
    """The same form, each time from another host and another browser, so that no limit of theirs is in the way."""
    for number in range(PARALLEL):
        address = f"2001:db8:{number // 50:x}:{number:x}::1"
        yield swarm.post(path, form, address, {"User-Agent": f"Browser {number}"}, keeps=False)


def test_of_ten_thousand_right_pins_at_once_one_is_the_success(
    target: PinGate, counting: Sandbox, confidential: Confidential
) -> None:
    visitor = Visitor(through_our_own_client(target.socket), swarm.SITE)
    number = confidential.new_number()
    page = flow.ask_for_pin(visitor, number)
    form = {**page.form.fields, "pin": counting.pin_of(number)}
    answers = swarm.at_once(from_everywhere("verify", form), [target.socket])
    print(Counter((answer.status, answer.title) for answer in answers))
    assert len(answers) == PARALLEL
    assert [answer.title.startswith(flow.VERIFIED) for answer in answers if answer.status == 200] == [True]
    assert counting.statistics()["verified"] == 1


def test_of_ten_thousand_registers_of_one_number_at_once_one_is_sent(
    target: PinGate, counting: Sandbox, confidential: Confidential
) -> None:
    number = confidential.new_number()
    form = {"number": flow.typed(number)}
    answers = swarm.at_once(from_everywhere("register", form), [target.socket])
    print(Counter((answer.status, answer.title) for answer in answers))
    assert len(answers) == PARALLEL
    statistics = counting.statistics()
    assert statistics["starts"] == statistics["messages"] == 1
