"""Return tokens: what was proved, told to the site's own code once."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from stack import nginx, pingate
from stack.clock import StoppedClock
from stack.confidential import Confidential
from stack.doors import Site
from stack.pingate import PinGate
from stack.program import Program, of
from stack.sandbox import Sandbox
from stack.transports import over_http
from stack.workplace import Part

SECRET = secrets.token_urlsafe(32)
AUTHORIZED = {"Authorization": f"Bearer {SECRET}"}
SETTINGS = {
    "PINGATE_GATE": "on",
    "PINGATE_INSECURE_PROOF": "on",
    "PINGATE_RETURN_TOKEN": "on",
    "PINGATE_REDEEM_SECRET": SECRET,
}
AT_A_TIME = 24
TOKENS = 5


@contextmanager
def served(site: Site, target: PinGate) -> Iterator[Program]:
    """A PinGate behind an nginx of its own."""
    locations = f"location / {{ fastcgi_pass unix:{target.socket}; }}"
    server = nginx.start(site.workplace, "nginx-redeem", locations)
    yield Program(over_http, server.url)
    server.part.stop()


def test_two_machines_never_both_redeem(site: Site, sandbox: Sandbox, confidential: Confidential, store: str) -> None:
    """Two processes with one store, each asked many times at once; and the facts are those of the proof."""
    targets = [
        pingate.start(site.workplace, confidential, site.api, PINGATE_STORE=store, **SETTINGS) for _ in range(2)
    ]
    with served(site, targets[0]) as one, served(site, targets[1]) as other:
        for _ in range(TOKENS):
            token = one.verify(sandbox, confidential)["returnToken"]

            def redeem(index: int, token: str = token) -> int:
                return (one, other)[index % 2].post("redeem", {"token": token}, AUTHORIZED).status

            with ThreadPoolExecutor(AT_A_TIME) as pool:
                statuses = sorted(pool.map(redeem, range(AT_A_TIME)))
            assert statuses == [200] + [410] * (AT_A_TIME - 1)
    stop(target.part for target in targets)


def stop(parts: Iterator[Part]) -> None:
    for part in parts:
        assert part.stop() == 0


def test_what_is_redeemed_is_what_was_proved(
    site: Site, sandbox: Sandbox, confidential: Confidential
) -> None:
    clock = StoppedClock(site.workplace.new_folder("redeem") / "time")
    target = pingate.start(site.workplace, confidential, site.api, clock=clock.environment, **SETTINGS)
    with served(site, target) as program:
        token = program.verify(sandbox, confidential)["returnToken"]
        for wrong in ({}, {"Authorization": f"Bearer {SECRET}x"}, {"Authorization": f"Basic {SECRET}"}):
            refused = program.post("redeem", {"token": token}, wrong)
            assert (refused.status, refused.field("WWW-Authenticate")) == (401, "Bearer")
        facts = of(program.post("redeem", {"token": token}, AUTHORIZED))
        assert (facts["amr"], facts["auth_time"]) == (["sms"], facts["iat"])
        assert facts["exp"] - facts["iat"] == 12 * 3600 and not confidential.has_number([facts["sub"]])
        assert of(program.post("redeem", {"token": token}, AUTHORIZED))["outcome"] == "page.return_token_used"

        late = program.verify(sandbox, confidential)["returnToken"]
        clock.advance(61)
        expired = program.post("redeem", {"token": late}, AUTHORIZED)
        assert (expired.status, of(expired)["outcome"]) == (410, "page.return_token_expired")
        assert program.post("redeem", {"token": "x" * 80}, AUTHORIZED).status == 400
    log = target.part.log.read_text()
    assert SECRET not in log and token not in log
    assert target.part.stop() == 0


def test_without_a_secret_nothing_is_handed_out_and_nothing_redeemed(
    site: Site, sandbox: Sandbox, confidential: Confidential
) -> None:
    target = pingate.start(site.workplace, confidential, site.api, PINGATE_GATE="on", PINGATE_INSECURE_PROOF="on")
    with served(site, target) as program:
        assert "returnToken" not in program.verify(sandbox, confidential)
        assert program.post("redeem", {"token": "x"}, AUTHORIZED).status == 404
    assert target.part.stop() == 0
