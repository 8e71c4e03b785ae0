"""The wall clock jumps a day, forth and back, while the site runs."""

import datetime

from stack import flow, listening, pingate, swarm
from stack.clock import Clock
from stack.confidential import Confidential
from stack.owner import Owner
from stack.page import Page
from stack.sandbox import Sandbox
from stack.transports import through_our_own_client
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Part, Workplace

JUMPS = [1, 0, -1, 0, -1, 1, 0]


def test_time_that_jumps_a_day_sends_nothing_more_and_locks_nobody_out(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    folder = workplace.new_folder("jumping")
    clock = Clock(folder / "time")
    socket = folder / "pingate.sock"
    settings = pingate.write_settings(
        folder / "pingate.conf",
        confidential,
        counting.api,
        PINGATE_LISTEN=f"unix:{socket}",
        PINGATE_LIMIT_NUMBER_HOUR="2",
        PINGATE_LIMIT_COOLDOWNS="1",
    )

    def start() -> Part:
        part = workplace.start(
            "jumping", pingate.serve(), environment={"PINGATE_CONFIG": str(settings), **clock.environment}
        )
        part.until_ready(lambda: listening.accepts(socket))
        return part

    def register(number: str) -> Page:
        """Each time from a browser of its own: the same would be shown what it was shown before."""
        visitor = Visitor(through_our_own_client(socket), swarm.SITE)
        page = visitor.open()
        transport = visitor.transport
        agent = f"Browser {next(browsers)}"
        visitor.transport = lambda method, url, fields, body: transport(
            method, url, {**fields, "User-Agent": agent}, body
        )
        return visitor.submit(page, number=flow.typed(number))

    def twice(number: str) -> None:
        assert register(number).status == 200
        # Until a request has ended, the provider takes no other for its number.
        counting.advance(3600)
        until(lambda: register(number).status == 200, "the cooldown to be over")

    browsers = iter(range(1_000_000))
    part = start()
    used_up, other = confidential.new_number(), confidential.new_number()
    twice(used_up)
    assert register(other).status == 200
    sent = 3
    for number, days in enumerate(JUMPS):
        clock.set(86_400 * days)
        if number % 2:
            # And what was started at another time than it runs at.
            assert part.stop() == 0
            part = start()
        refused = register(used_up)
        assert refused.status == 429
        assert 0 < int(refused.field("Retry-After") or "") <= 3600
        day = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)).date()
        assert f"{day}T" in part.log_text(), "the clock did not jump"
        assert counting.statistics()["starts"] == sent
        # A second is a second still.
        twice(confidential.new_number())
        sent += 2
        assert counting.statistics()["starts"] == sent
    assert Owner(settings).used("site.hour") == sent
    part.stop()
