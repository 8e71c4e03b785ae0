"""The logs of the whole run, of every server in it. This is the last test."""

from stack.confidential import Confidential
from stack.sandbox import Sandbox
from stack.workplace import Workplace


def test_no_log_has_a_pin_a_secret_or_a_whole_number(
    workplace: Workplace, confidential: Confidential, sandbox: Sandbox
) -> None:
    """PinGate logs all that it can (`trace`), and the web servers write their access logs in the usual format."""
    sandbox.messages()
    logs = list(workplace.logs.iterdir())
    assert logs and confidential.numbers and confidential.pins
    leaks = [line for log in logs for line in confidential.leaks(log)]
    assert not leaks, f"{len(leaks)} lines:\n" + "\n".join(leaks[:20])


def test_the_search_finds_what_it_looks_for(workplace: Workplace, confidential: Confidential) -> None:
    """Each kind of secret, in a line as a careless program would write it, is found; and nothing is found in others."""
    number = sorted(confidential.numbers)[0]
    pin = sorted(confidential.pins)[0]
    log = workplace.folder / "careless.log"
    request = f'"GET /{pin} HTTP/1.1" 200 12'
    logged = f'{{"level":"info","ts":1796058663.824848,"request":{{"uri":"/?pin={pin}"}},"status":200}}'
    numeral = (f'{{"pin":{pin}}}', f'{{"number":{number},"pin":1}}', f'body={{"pin":{pin},"a":1}}', f"pin {pin} bytes")
    typed = (number, "+" + number, pin, f"pin={pin}&x", request, logged, *numeral)
    for secret in (confidential.api_secret, confidential.sealing_key, *typed):
        log.write_text(f"2026-11-24T22:11:35Z info {secret} said\n")
        assert confidential.leaks(log), "a secret is not found"
    log.write_text(
        f"2026-11-24 22:11:35.{pin} [error] {pin}#{pin}: *{pin} a{pin} number=*********{number[-2:]}\n"
        f"[Tue Nov 24 23:13:24.{pin} 2026] [pid {pin}:tid {pin}]\n"
        f'127.0.0.1 [24/Nov/2026:23:13:24 +0000] "GET / HTTP/1.1" 200 {pin} "-" "-"\n'
        f'{{"level":"info","ts":1796058663.{pin},"request":{{"remote_port":"44298"}},"duration":{pin}e-09,"size":{pin}}}\n'
        f"{pin}:M 30 Nov 2026 17:10:48.123 * Ready to accept connections\n"
        f"12:M 30 Nov 2026 17:10:49.123 * Partial resynchronization accepted. Sending {pin} bytes from offset {pin}.\n"
    )
    assert not confidential.leaks(log)
