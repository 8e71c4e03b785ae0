"""The program as a process: its socket, its signals, its end."""

import re
import signal
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import doors, flow, listening, pingate
from stack import sandbox as sandboxes
from stack.confidential import Confidential
from stack.doors import Site
from stack.page import Page
from stack.pingate import PinGate, program
from stack.sandbox import Sandbox
from stack.transports import as_a_cgi_program, cgi_environment_of_a_form, through_cgi_fcgi
from stack.visitor import Browser, Visitor, modern, silent
from stack.waiting import until
from stack.workplace import Workplace


@pytest.fixture
def target(site: Site) -> Iterator[PinGate]:
    running = pingate.start(site.workplace, site.confidential, site.api)
    yield running
    running.part.stop()


def visitor_of(target: PinGate, browser: Browser = modern) -> Visitor:
    return Visitor(through_cgi_fcgi(target.socket), "http://www.example.com/", browser)


def test_its_log_begins_with_its_version_and_that_of_the_numbering_plan(target: PinGate) -> None:
    version = subprocess.run([program("pingate"), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.fullmatch(r"(\d+\.\d+\.\d+) \(numbering plan (\d+\.\d+\.\d+)\)\n", version)
    assert found
    first = next(line for line in target.part.log_text().splitlines() if "server.listening" in line)
    assert f" version={found[1]}" in first
    assert f" numbering_plan={found[2]}" in first


def test_its_socket_is_for_its_user_and_group_only(target: PinGate) -> None:
    assert stat.S_IMODE(target.socket.stat().st_mode) == 0o660


def test_its_socket_has_the_mode_that_was_set(site: Site) -> None:
    running = pingate.start(site.workplace, site.confidential, site.api, PINGATE_SOCKET_MODE="0600")
    assert stat.S_IMODE(running.socket.stat().st_mode) == 0o600
    running.part.stop()


def test_a_second_one_at_the_same_socket_is_refused(
    workplace: Workplace, target: PinGate, sandbox: Sandbox, confidential: Confidential
) -> None:
    """And the first goes on."""
    second = workplace.start("second", pingate.serve(), environment={"PINGATE_CONFIG": str(target.settings)})
    assert second.wait() > 0
    assert "PINGATE_LISTEN" in second.log_text() or str(target.socket) in second.log_text()
    flow.verify(visitor_of(target), sandbox, confidential.new_number())


def test_a_socket_that_nobody_listens_at_is_replaced(
    site: Site, target: PinGate, sandbox: Sandbox, confidential: Confidential
) -> None:
    target.part.process.kill()
    target.part.wait()
    assert target.socket.exists()
    environment = {"PINGATE_CONFIG": str(target.settings)}
    successor = site.workplace.start("successor", pingate.serve(), environment=environment)
    successor.until_ready(lambda: listening.accepts(target.socket))
    flow.verify(visitor_of(target), sandbox, confidential.new_number())
    assert successor.stop() == 0


def test_a_file_that_is_no_socket_is_left_alone(
    workplace: Workplace, confidential: Confidential, sandbox: Sandbox
) -> None:
    folder = workplace.new_folder("occupied")
    precious = folder / "pingate.sock"
    precious.write_text("precious")
    settings = pingate.write_settings(
        folder / "pingate.conf", confidential, sandbox.api, PINGATE_LISTEN=f"unix:{precious}"
    )
    part = workplace.start("occupied", pingate.serve(), environment={"PINGATE_CONFIG": str(settings)})
    assert part.wait() > 0
    assert precious.read_text() == "precious"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_it_ends_well_when_it_is_asked_to(target: PinGate, number: signal.Signals) -> None:
    assert target.part.stop(number) == 0
    assert not target.socket.exists()


# System calls that the main thread makes before anybody is served, and which of them.
BEGINNINGS = [("openat", 1), ("openat", 9), ("openat", 20), *(("rt_sigprocmask", n) for n in (1, 2, 3)), ("clone3", 1)]


@pytest.mark.parametrize(("call", "count"), BEGINNINGS)
def test_it_ends_well_however_early_it_is_asked_to(site: Site, call: str, count: int) -> None:
    """From its first system call on: nothing of it stays behind."""
    folder = site.workplace.new_folder("early")
    socket, database = folder / "pingate.sock", folder / "limits.sqlite"
    settings = pingate.write_settings(
        folder / "pingate.conf",
        site.confidential,
        site.api,
        PINGATE_LISTEN=f"unix:{socket}",
        PINGATE_STORE=f"sqlite:{database}",
    )
    trace = ["strace", "-f", "-qq", "-o", folder / "trace", "-e", f"trace={call}"]
    inject = ["-e", f"inject={call}:signal=SIGTERM:when={count}"]
    command: list[str | Path] = [*trace, *inject, *pingate.serve()]
    part = site.workplace.start("early", command, environment={"PINGATE_CONFIG": str(settings)})
    # Before it has a say in it, the signal ends it at once.
    assert part.wait() in (0, -signal.SIGTERM)
    assert not socket.exists()
    assert files_of(database) in ([], [database])


def test_it_finishes_what_runs_before_it_ends(workplace: Workplace, confidential: Confidential) -> None:
    """A request that waits for the provider when SIGTERM comes is answered in full, and then the program ends. Nobody is
    left who would answer a browser's next request: so it is a program that asks, and gets the page at once."""
    slow = sandboxes.start(workplace, confidential, "slow-sandbox")
    slow.change(delay_ms=2000)
    target = pingate.start(workplace, confidential, slow.api)
    pages: list[Page] = []
    visit = threading.Thread(
        target=lambda: pages.append(flow.ask_for_pin(visitor_of(target, silent), confidential.new_number()))
    )
    visit.start()
    until(lambda: slow.statistics()["starts"] == 1, "the request to reach the provider")
    assert target.part.stop() == 0
    visit.join()
    assert [page.status for page in pages] == [200]
    slow.stop()


def brand_of_next_message(target: PinGate, sandbox: Sandbox, number: str) -> str:
    flow.ask_for_pin(visitor_of(target), number)
    return next(message["text"] for message in sandbox.messages() if message["to"] == number).split(" code")[0]


def replace(settings: Path, old: str, new: str) -> None:
    """Changes the configuration at one stroke, as editors do."""
    successor = settings.with_suffix(".new")
    successor.write_text(settings.read_text().replace(old, new))
    successor.rename(settings)


def test_sighup_takes_new_settings_and_keeps_the_old_when_they_are_wrong(
    target: PinGate, sandbox: Sandbox, confidential: Confidential
) -> None:
    def reload(result: str) -> str:
        """Sends SIGHUP; returns what the program says until this line has come."""
        before = len(target.part.log_text())
        target.part.send(signal.SIGHUP)
        until(lambda: result in target.part.log_text()[before:], result)
        return target.part.log_text()[before:]

    assert brand_of_next_message(target, sandbox, confidential.new_number()) == "Example"

    replace(target.settings, "VONAGE_BRAND_NAME=Example", "VONAGE_BRAND_NAME=Second")
    reload("settings.reloaded")
    assert brand_of_next_message(target, sandbox, confidential.new_number()) == "Second"

    replace(target.settings, "VONAGE_BRAND_NAME=Second", "VONAGE_BRAND_NAME=Third\nPINGATE_PIN_EXPIRY=soon")
    assert "PINGATE_PIN_EXPIRY" in reload("settings.kept")
    assert brand_of_next_message(target, sandbox, confidential.new_number()) == "Second"


def test_a_brand_that_is_named_anew_leaves_the_forms_good_that_visitors_have_open(
    target: PinGate, sandbox: Sandbox, confidential: Confidential
) -> None:
    """The name on the pages changes alone; that in the messages does too, once the site has a name of its own. A site
    without one goes by the name in the messages: there its forms are no longer good."""

    def verified_after(old: str, new: str, brand: str) -> int:
        """Sends SIGHUP between the PIN form and the PIN; returns the status that the PIN gets."""
        number = confidential.new_number()
        visitor = visitor_of(target)
        page = flow.ask_for_pin(visitor, number)
        before = len(target.part.log_text())
        replace(target.settings, old, new)
        target.part.send(signal.SIGHUP)
        until(lambda: "settings.reloaded" in target.part.log_text()[before:], "the reload")
        answer = visitor.submit(page, pin=sandbox.pin_of(number))
        assert brand in answer.text
        return answer.status

    name = "VONAGE_BRAND_NAME"
    assert verified_after(f"{name}=Example", f"PINGATE_BRAND=Sons of Example\n{name}=Example", "Sons of Example") == 200
    assert verified_after(f"{name}=Example", f"{name}=Other", "Sons of Example") == 200
    assert verified_after(f"{name}=Other", f"PINGATE_SITE=shop\n{name}=Other", "Sons of Example") == 400
    assert verified_after("PINGATE_SITE=shop\n", "", "Sons of Example") == 400


def test_its_generated_key_is_one_that_it_takes(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    made = subprocess.run([program("pingate"), "generate-key"], capture_output=True, text=True, check=True)
    target = pingate.start(workplace, confidential, sandbox.api, PINGATE_KEY=made.stdout.strip())
    flow.verify(visitor_of(target), sandbox, confidential.new_number())
    target.part.stop()


def test_its_open_files_stay_the_same(target: PinGate, sandbox: Sandbox, confidential: Confidential) -> None:
    for _ in range(3):
        flow.verify(visitor_of(target), sandbox, confidential.new_number())
    before = target.open_files
    for _ in range(10):
        flow.verify(visitor_of(target), sandbox, confidential.new_number())
    until(lambda: target.open_files <= before, "the files to be closed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_cgi_program_ends_when_its_web_server_gives_it_up(site: Site, number: signal.Signals) -> None:
    """While it waits for a body that does not come."""
    folder = site.workplace.new_folder("cgi")
    settings = pingate.write_settings(folder / "pingate.conf", site.confidential, site.api)
    environment = cgi_environment_of_a_form(settings)
    with subprocess.Popen([pingate.program("pingate")], env=environment, stdin=subprocess.PIPE) as program:
        until(lambda: catches(program.pid, number), "the program to be at work")
        program.send_signal(number)
        assert program.wait(timeout=60) == 143


def catches(pid: int, number: signal.Signals) -> bool:
    """Whether a process has asked for a signal (proc_pid_status(5))."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (number - 1) & 1)


@pytest.mark.parametrize("way", ["cgi", "fastcgi"])
def test_its_database_is_closed_at_its_end(site: Site, sandbox: Sandbox, way: str) -> None:
    """What is left of its log would be read anew by the next one: by each CGI program."""
    folder = site.workplace.new_folder("closing")
    store = {"PINGATE_STORE": f"sqlite:{folder / 'limits.sqlite'}"}
    if way == "cgi":
        settings = pingate.write_settings(folder / "pingate.conf", site.confidential, site.api, **store)
        start = as_a_cgi_program(settings, site.workplace.new_log("closing"))
        flow.verify(Visitor(start, "http://www.example.com/"), sandbox, site.confidential.new_number())
    else:
        running = pingate.start(site.workplace, site.confidential, site.api, **store)
        flow.verify(visitor_of(running), sandbox, site.confidential.new_number())
        assert running.part.stop() == 0
    assert [file.name for file in folder.glob("limits.sqlite*")] == ["limits.sqlite"]


def test_its_database_is_closed_although_its_web_server_ends_it(site: Site, sandbox: Sandbox) -> None:
    """lighttpd sends a CGI program SIGTERM as soon as it has the page."""
    database = site.workplace.new_folder("closing") / "limits.sqlite"
    door = doors.as_a_cgi_program(site, PINGATE_STORE=f"sqlite:{database}")
    for _ in range(5):
        flow.verify(door.visitor(), sandbox, site.confidential.new_number())
        until(lambda: files_of(database) == [database], "the end of the program, and of its database's log")
    site.workplace.parts[-1].stop()


def test_an_alert_that_its_web_server_does_not_wait_for_is_in_the_log(site: Site, sandbox: Sandbox) -> None:
    """And the database is closed, however long nobody takes the alert."""
    database = site.workplace.new_folder("closing") / "limits.sqlite"
    # Connections are taken by the system, and nobody ever answers.
    with listening.on_loopback() as silent:
        door = doors.as_a_cgi_program(
            site,
            PINGATE_STORE=f"sqlite:{database}",
            PINGATE_LIMIT_SITE_HOUR="1",
            PINGATE_ALERT_URL=f"http://127.0.0.1:{listening.port(silent)}/",
            PINGATE_ALERT_SECRET="an-alert-secret-1",
        )
        flow.ask_for_pin(door.visitor(), site.confidential.new_number())
        # At 50, 80 and 100 % of the limit.
        until(lambda: door.log.read_text().count("alert.lost") == 3, "the alerts to be given up")
        until(lambda: files_of(database) == [database], "the end of the database's log")
    site.workplace.parts[-1].stop()
    sandbox.messages()


def test_what_a_replaced_site_has_left_is_ended_with_the_program(site: Site, sandbox: Sandbox) -> None:
    """Its alerts, which nobody takes, are told as lost, and its own database is closed."""
    folder = site.workplace.new_folder("replaced")
    former, new = folder / "former.sqlite", folder / "new.sqlite"
    with listening.on_loopback() as silent:
        target = pingate.start(
            site.workplace,
            site.confidential,
            site.api,
            PINGATE_STORE=f"sqlite:{former}",
            PINGATE_LIMIT_SITE_HOUR="1",
            PINGATE_ALERT_URL=f"http://127.0.0.1:{listening.port(silent)}/",
            PINGATE_ALERT_SECRET="an-alert-secret-1",
        )
        flow.ask_for_pin(visitor_of(target), site.confidential.new_number())
        replace(target.settings, str(former), str(new))
        target.part.send(signal.SIGHUP)
        until(lambda: "settings.reloaded" in target.part.log_text(), "the new settings")
        flow.ask_for_pin(visitor_of(target), site.confidential.new_number())
        assert target.part.stop() == 0
    # At 50, 80 and 100 % of each one's limit.
    assert target.part.log_text().count("alert.lost") == 6
    assert (files_of(former), files_of(new)) == ([former], [new])
    sandbox.messages()


def files_of(database: Path) -> list[Path]:
    """The database with its log and its index, as far as they are there."""
    return list(database.parent.glob(f"{database.name}*"))
