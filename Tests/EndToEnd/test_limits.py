"""The limits as their owner meets them: settings, commands, alerts, and a store that is not there."""

import hashlib
import hmac
import json
import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stack import flow, limits, listening, nginx, pingate, redis
from stack.confidential import Confidential
from stack.owner import Owner
from stack.page import Page
from stack.pingate import PinGate
from stack.sandbox import Sandbox
from stack.transports import as_a_cgi_program, over_http, through_cgi_fcgi
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Part, Workplace

SECRET = "0123456789abcdef-alerts"
START = "http://www.example.com/"


def visitor_of(target: PinGate) -> Visitor:
    return Visitor(through_cgi_fcgi(target.socket), START)


def register(visitor: Visitor, number: str) -> Page:
    return visitor.submit(visitor.open(), number=flow.typed(number))


def wrongly(visitor: Visitor, sandbox: Sandbox, number: str) -> None:
    page = visitor.submit(flow.ask_for_pin(visitor, number), pin=flow.another(sandbox.pin_of(number)))
    assert page.status == 422


def test_the_owner_sees_what_is_used_up_and_sets_it_back(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    target = pingate.start(workplace, confidential, sandbox.api, **limits.USUAL)
    owner, number = Owner(target.settings), confidential.new_number()
    typed = flow.typed(number)
    assert owner.used("site.hour") == 0
    wrongly(visitor_of(target), sandbox, number)

    shown = owner.run("limits", "show", typed).stdout
    assert "(DE)" in shown.splitlines()[0]
    assert owner.used("number.hour", typed) == owner.used("number.wrong.hour", typed) == 1
    assert owner.used("prefix4.hour", typed) == owner.used("prefix4.ration", typed) == 1
    assert owner.used("address.hour", "127.0.0.1") == owner.used("address.wrong.hour", "127.0.0.1") == 1
    assert owner.used("site.hour") == owner.used("site.day") == owner.used("site.wrong.hour") == 1

    assert owner.run("limits", "clear", typed).returncode == 0
    assert owner.used("number.hour", typed) == owner.used("number.wrong.total", typed) == 0
    assert owner.used("prefix4.hour", typed) == 1
    assert owner.run("limits", "clear", "--ranges", typed).returncode == 0
    assert owner.used("prefix4.hour", typed) == owner.used("prefix4.ration", typed) == 0
    assert owner.run("limits", "clear", "127.0.0.1").returncode == 0
    assert owner.used("address.hour", "127.0.0.1") == 0
    assert owner.run("limits", "clear", "--site").returncode == 0
    assert owner.used("site.hour") == owner.used("site.wrong.hour") == 0
    target.part.stop()


def test_a_number_is_forgotten(workplace: Workplace, sandbox: Sandbox, confidential: Confidential) -> None:
    target = pingate.start(workplace, confidential, sandbox.api, **limits.USUAL)
    owner, number = Owner(target.settings), confidential.new_number()
    wrongly(visitor_of(target), sandbox, number)
    assert owner.run("forget", flow.typed(number)).returncode == 0
    for row in ("number.hour", "number.day", "number.wrong.hour", "number.wrong.total"):
        assert owner.used(row, flow.typed(number)) == 0
    assert owner.used("site.hour") == 1
    target.part.stop()


def test_the_owners_commands_say_what_is_wrong(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    target = pingate.start(workplace, confidential, sandbox.api, PINGATE_STORE=f"unix:{workplace.folder}/nowhere.sock")
    owner = Owner(target.settings)
    assert owner.run("limits", "show", "none").returncode == 64
    assert owner.run("limits", "clear").returncode == 64
    assert owner.run("limits", "clear", "--ranges", "127.0.0.1").returncode == 64
    for words in (["limits", "show"], ["limits", "clear", "--site"], ["forget", "+4915112345678"]):
        failed = owner.run(*words)
        assert failed.returncode == 69
        assert "nowhere.sock" in failed.stderr
        assert "store.unavailable" in failed.stderr
    target.part.stop()
    target.settings.write_text(target.settings.read_text() + "PINGATE_LIMIT_SITE_MONTH=1\n")
    failed = owner.run("limits", "show")
    assert (failed.returncode, "PINGATE_LIMIT_SITE_MONTH" in failed.stderr) == (78, True)


def test_who_is_limited_is_told_when_to_come_back(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    target = pingate.start(workplace, confidential, counting.api, PINGATE_LIMIT_ADDRESS_MINUTE="2")
    server = nginx.start(workplace, "nginx-limits", f"location / {{ fastcgi_pass unix:{target.socket}; }}")
    visitor = Visitor(over_http, server.url)
    for _ in range(2):
        flow.ask_for_pin(visitor, confidential.new_number())
    page = register(visitor, confidential.new_number())
    assert page.status == 429
    assert 50 <= int(page.field("Retry-After") or "") <= 60
    assert counting.statistics()["starts"] == 2
    server.part.stop()
    target.part.stop()


def test_watching_refuses_nothing_and_says_what_it_would(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    target = pingate.start(
        workplace, confidential, sandbox.api, PINGATE_LIMIT_ADDRESS_MINUTE="1", PINGATE_LIMITS="watch"
    )
    for _ in range(3):
        flow.ask_for_pin(visitor_of(target), confidential.new_number())
    assert target.part.log_text().count("address.minute") == 2
    assert "PINGATE_LIMITS=watch" in Owner(target.settings).run("limits", "show").stdout
    target.part.stop()


def test_a_range_that_is_pumped_has_a_ration_and_the_owner_opens_it(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    target = pingate.start(
        workplace,
        confidential,
        counting.api,
        PINGATE_LIMIT_COUNTRY_RATION="10",
        PINGATE_LIMIT_SHARE="on",
        PINGATE_LIMIT_GRACE="0",
    )
    owner, visitor = Owner(target.settings), visitor_of(target)
    numbers = [confidential.new_number() for _ in range(4)]
    for number in numbers[:2]:
        flow.ask_for_pin(visitor, number)
    flow.ask_for_pin(visitor, numbers[2])  # what has dripped away since the first
    assert register(visitor, numbers[3]).status == 429
    assert counting.statistics()["starts"] == 3
    assert " critical limit.rationed " in target.part.log_text()
    shown = owner.run("limits", "show", flow.typed(numbers[3])).stdout
    (line,) = [line for line in shown.splitlines() if line.startswith("country.ration ")]
    assert "in 3 h" in line
    assert line.split()[-1] in target.part.log_text()
    assert "DE (country.ration): rationed" in owner.run("limits", "show").stdout

    assert owner.run("limits", "open", "FR").returncode == 64
    opened = owner.run("limits", "open", "de", "--hours", "2")
    assert (opened.returncode, opened.stdout) == (0, "DE is open for 2 h.\n")
    flow.ask_for_pin(visitor, numbers[3])
    target.part.stop()


def test_as_many_visitors_of_one_moment_as_a_ration_has_are_not_judged(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    """Of a ration of ten, two are there at once, and for the rest nobody could have typed a PIN yet. The eleventh is what has dripped
    away since the first."""
    target = pingate.start(workplace, confidential, counting.api, PINGATE_LIMIT_COUNTRY_RATION="10")
    for _ in range(11):
        flow.ask_for_pin(visitor_of(target), confidential.new_number())
    assert "limit.rationed" not in target.part.log_text()
    assert register(visitor_of(target), confidential.new_number()).status == 429
    assert "limit.rationed" in target.part.log_text()
    target.part.stop()


@pytest.mark.parametrize(("proxies", "statuses"), [("127.0.0.1", [200, 200, 429]), ("", [200, 429, 429])])
def test_only_a_trusted_proxy_says_who_a_visitor_is(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential, proxies: str, statuses: list[int]
) -> None:
    target = pingate.start(
        workplace,
        confidential,
        sandbox.api,
        PINGATE_LIMIT_ADDRESS_MINUTE="1",
        PINGATE_TRUSTED_PROXIES=proxies,
    )
    answers = []
    for address in ("198.51.100.1", "6.6.6.6, 198.51.100.2", "6.6.6.7, 198.51.100.2"):

        def carry(method: str, url: str, fields: dict[str, str], body: bytes, address: str = address) -> Page:
            return through_cgi_fcgi(target.socket)(method, url, {**fields, "X-Forwarded-For": address}, body)

        answers.append(register(Visitor(carry, START), confidential.new_number()).status)
    assert answers == statuses
    target.part.stop()


def test_without_a_store_nothing_is_sent_and_the_site_mends_itself(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    folder = workplace.folder / "not-yet"
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=f"sqlite:{folder}/pingate.sqlite")
    visitor = visitor_of(target)
    assert visitor.open().status == 200
    for _ in range(3):
        assert register(visitor, confidential.new_number()).status == 503
    assert "store.closed" in target.part.log_text()
    assert counting.statistics()["starts"] == 0
    folder.mkdir()
    until(lambda: register(visitor, confidential.new_number()).status == 200, "the store to be opened")
    assert "store.opened" in target.part.log_text()
    assert counting.statistics()["starts"] == 1
    target.part.stop()


def test_a_store_that_is_deleted_under_way_is_opened_anew_when_the_owner_says_so(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    folder = workplace.new_folder("deleted")
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE=f"sqlite:{folder}/pingate.sqlite")
    visitor = visitor_of(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    shutil.rmtree(folder)
    folder.mkdir()
    for _ in range(2):
        assert register(visitor, confidential.new_number()).status == 503
    target.part.send(signal.SIGHUP)
    until(lambda: "settings.reloaded" in target.part.log_text(), "the reload")
    flow.ask_for_pin(visitor, confidential.new_number())
    assert counting.statistics()["starts"] == 2
    assert Owner(target.settings).used("site.hour") == 1
    target.part.stop()


def test_a_reload_keeps_the_counts_and_takes_another_store(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    first, second = (workplace.new_folder(name) / "pingate.sqlite" for name in ("first", "second"))
    target = pingate.start(workplace, confidential, sandbox.api, PINGATE_STORE=f"sqlite:{first}")

    def reload() -> None:
        before = len(target.part.log_text())
        target.part.send(signal.SIGHUP)
        until(lambda: "settings.reloaded" in target.part.log_text()[before:], "the reload")

    flow.ask_for_pin(visitor_of(target), confidential.new_number())
    reload()
    flow.ask_for_pin(visitor_of(target), confidential.new_number())
    assert Owner(target.settings).used("site.hour") == 2
    target.settings.write_text(target.settings.read_text().replace(str(first), str(second)))
    reload()
    flow.ask_for_pin(visitor_of(target), confidential.new_number())
    assert Owner(target.settings).used("site.hour") == 1
    target.part.stop()


def test_a_redis_is_a_store_too(workplace: Workplace, counting: Sandbox, confidential: Confidential) -> None:
    folder = workplace.new_folder("redis")
    socket = folder / "redis.sock"
    command: list[str | Path] = ["redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder]
    command += ["--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no", "--requirepass", SECRET]

    def start_redis() -> Part:
        part = workplace.start("redis", command)
        part.until_ready(lambda: listening.accepts(socket))
        return part

    redis = start_redis()
    place = folder / "place"
    place.write_text(f"redis+unix://:{SECRET}@{socket}\n")
    target = pingate.start(workplace, confidential, counting.api, PINGATE_STORE_FILE=str(place))
    visitor = visitor_of(target)
    flow.ask_for_pin(visitor, confidential.new_number())
    assert Owner(target.settings).used("site.hour") == 1

    redis.stop()
    assert register(visitor, confidential.new_number()).status == 503
    failed = Owner(target.settings).run("limits", "show")
    assert (failed.returncode, "store.unavailable" in failed.stderr, SECRET in failed.stderr) == (69, True, False)
    start_redis()
    until(lambda: register(visitor, confidential.new_number()).status == 200, "the store to be back")
    assert Owner(target.settings).used("site.hour") == counting.statistics()["starts"] == 2
    assert SECRET not in target.part.log_text()
    target.part.stop()


class Webhook:
    """The owner's server for alerts."""

    def __init__(self, failures: int = 0) -> None:
        self.received: list[tuple[str, bytes]] = []
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.received.append((self.headers["PinGate-Signature"], body))
                self.send_response(500 if len(webhook.received) <= failures else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def settings(self) -> dict[str, str]:
        return {
            "PINGATE_ALERT_URL": f"http://127.0.0.1:{self.server.server_port}/alerts",
            "PINGATE_ALERT_SECRET": SECRET,
        }

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    running = Webhook(failures=1)
    yield running
    running.close()


def is_pingates(header: str, body: bytes, secret: str) -> bool:
    """The recipe of docs/limits.md."""
    fields = dict(part.split("=", 1) for part in header.split(","))
    code = hmac.new(secret.encode(), fields["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(code, fields["v1"]) and abs(time.time() - int(fields["t"])) < 300


def test_the_owner_is_told_by_signed_json_when_the_budget_is_used_up(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential, webhook: Webhook
) -> None:
    target = pingate.start(
        workplace, confidential, sandbox.api, PINGATE_LIMIT_SITE_HOUR="2", **webhook.settings
    )
    for _ in range(2):
        flow.ask_for_pin(visitor_of(target), confidential.new_number())
    limited = register(visitor_of(target), confidential.new_number())
    assert limited.status in (429, 503)
    # The first try of the first one failed.
    until(lambda: len(webhook.received) == 4, "the alerts")
    assert all(is_pingates(header, body, SECRET) for header, body in webhook.received)
    assert not any(is_pingates(header, body, "another-secret-01") for header, body in webhook.received)
    alerts = [json.loads(body) for _, body in webhook.received]
    assert [alert["percent"] for alert in alerts] == [50, 50, 80, 100]
    assert alerts[0] == alerts[1]
    assert len({alert["id"] for alert in alerts}) == 3
    assert alerts[3] | {"id": "", "at": ""} == {
        "id": "",
        "at": "",
        "site": "Example",
        "event": "limit.reached",
        "row": "site.hour",
        "percent": 100,
        "count": 2,
        "limit": 2,
    }
    log = target.part.log_text()
    assert " critical limit.reached " in log
    assert " warning limit.reached " in log
    target.part.stop()


def test_a_cgi_program_does_not_end_before_its_alert_is_told(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential, webhook: Webhook
) -> None:
    folder = workplace.new_folder("cgi-alert")
    told = folder / "told"
    command = folder / "tell"
    command.write_text(f"#!/bin/sh\ncat >> {told}\n")
    command.chmod(0o755)
    settings = pingate.write_settings(
        folder / "pingate.conf",
        confidential,
        sandbox.api,
        PINGATE_LIMIT_SITE_HOUR="1",
        PINGATE_ALERT_COMMAND=str(command),
        **webhook.settings,
    )
    log = workplace.new_log("cgi-alert")

    assert register(Visitor(as_a_cgi_program(settings, log), START), confidential.new_number()).status == 200
    percents = [json.loads(line)["percent"] for line in told.read_text().splitlines()]
    assert percents == [50, 80, 100]
    assert len(webhook.received) == 4
    assert Path(log).read_text().count("alert.delivered") == 6


@pytest.mark.parametrize("store", ["sqlite", "redis"])
def test_whoever_verifies_gives_a_message_back_at_once_and_the_owner_is_told_of_the_ration(
    workplace: Workplace, counting: Sandbox, confidential: Confidential, webhook: Webhook, store: str
) -> None:
    server = redis.start(workplace) if store == "redis" else None
    target = pingate.start(
        workplace,
        confidential,
        counting.api,
        PINGATE_STORE=server.store if server else f"sqlite:{workplace.new_folder('opened')}/pingate.sqlite",
        PINGATE_LIMIT_COUNTRY_RATION="10",
        PINGATE_LIMIT_GRACE="0",
        **webhook.settings,
    )
    visitor, number = visitor_of(target), confidential.new_number()
    page = flow.ask_for_pin(visitor, number)
    for _ in range(2):
        flow.ask_for_pin(visitor_of(target), confidential.new_number())
    assert register(visitor_of(target), confidential.new_number()).status == 429
    assert visitor.submit(page, pin=counting.pin_of(number)).heading == flow.VERIFIED
    flow.ask_for_pin(visitor_of(target), confidential.new_number())

    def told() -> list[tuple[str, str]]:
        alerts = [json.loads(body) for _, body in webhook.received]
        return [(alert["event"], alert["row"]) for alert in alerts if alert["row"] == "country.ration"]

    # The first try of the first alert fails.
    until(lambda: ("limit.rationed", "country.ration") in told(), "the alert")
    assert set(told()) == {("limit.rationed", "country.ration")}
    target.part.stop()
    if server:
        server.part.stop()


class FailingAPI:
    """Vonage, which fails at each start until it is well again, and then sends nothing either."""

    def __init__(self, fault: str) -> None:
        self.is_well = False
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                if api.is_well:
                    self.answer(200, json.dumps({"request_id": uuid.uuid4().hex, "status": "0"}))
                elif fault == "error":
                    self.answer(500, "")
                elif fault == "malformed":
                    self.answer(200, "<html>")
                elif fault == "status":
                    self.answer(200, json.dumps({"status": "5", "error_text": "Internal Error"}))
                elif fault == "unknown":
                    self.answer(200, json.dumps({"request_id": uuid.uuid4().hex, "status": "00"}))
                elif fault == "silent":
                    # Until PinGate has given it up.
                    self.rfile.read(1)
                self.close_connection = True  # "lost"

            def answer(self, status: int, body: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 1024

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize("store", ["sqlite", "redis"])
@pytest.mark.parametrize("fault", ["error", "malformed", "status", "unknown", "lost", "silent"])
def test_an_api_that_failed_at_many_starts_has_closed_nothing_when_it_is_well_again(
    workplace: Workplace, confidential: Confidential, fault: str, store: str
) -> None:
    """Though the budget counts what it may have sent, and though messages are judged at once."""
    server = redis.start(workplace) if store == "redis" else None
    api = FailingAPI(fault)
    target = pingate.start(
        workplace,
        confidential,
        api.url,
        PINGATE_STORE=server.store if server else f"sqlite:{workplace.new_folder('failed')}/pingate.sqlite",
        PINGATE_LIMIT_COUNTRY_RATION="50",
        PINGATE_LIMIT_GRACE="0",
        PINGATE_API_TIMEOUT="1",
    )
    numbers = [confidential.new_number() for _ in range(30)]
    # Fewer at a time than a fifth of the ration.
    with ThreadPoolExecutor(8) as pool:
        pages = pool.map(lambda number: register(visitor_of(target), number), numbers)
        assert {page.status for page in pages} <= {502, 504}
    api.is_well = True
    number = confidential.new_number()
    flow.ask_for_pin(visitor_of(target), number)
    owner = Owner(target.settings)
    assert (owner.used("site.hour"), owner.used("country.ration", flow.typed(number))) == (31, 1)
    assert "limit.rationed" not in target.part.log_text()
    target.part.stop()
    api.close()
    if server:
        server.part.stop()


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-random"])
def test_a_redis_that_is_told_under_way_to_throw_keys_away_sends_no_more_than_the_budget(
    workplace: Workplace, counting: Sandbox, confidential: Confidential, policy: str
) -> None:
    server = redis.start(workplace)

    def say(*words: str) -> str:
        command = ["redis-cli", "-s", server.socket, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    target = pingate.start(
        workplace, confidential, counting.api, PINGATE_STORE=server.store, PINGATE_LIMIT_SITE_HOUR="5"
    )
    visitor = visitor_of(target)
    for _ in range(3):
        flow.ask_for_pin(visitor, confidential.new_number())
    say("CONFIG", "SET", "maxmemory-policy", policy)
    # Less than it has: all that may go is gone.
    say("CONFIG", "SET", "maxmemory", "1")
    say("SET", "another", "key")
    assert register(visitor, confidential.new_number()).status == 503
    say("CONFIG", "SET", "maxmemory", "0")
    say("CONFIG", "SET", "maxmemory-policy", "noeviction")
    for _ in range(8):
        assert register(visitor, confidential.new_number()).status in (429, 503)
    assert counting.statistics()["starts"] == 3
    # The owner's word, as for a store that was deleted.
    target.part.send(signal.SIGHUP)
    until(lambda: " store.reopened " in target.part.log_text(), "the reload")
    # Whether the budget was among what is gone is by lot.
    assert register(visitor, confidential.new_number()).status in (200, 429)
    target.part.stop()
    server.part.stop()
