"""`make demo`'s program: one command, a whole site, and nothing left when it ends."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import flow, listening, transports
from stack.confidential import Confidential
from stack.guest import Guest
from stack.pingate import REPOSITORY, program
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Part, Workplace

PARTS = {"pingate", "pingate-members", "vonage-sandbox", "nginx"}


class Demo:
    """A running demo, and what it has printed."""

    def __init__(self, workplace: Workplace, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/"
        # What it prints is not a log: it shows the messages, as it should.
        self.output = workplace.new_folder("demo") / "output"
        with self.output.open("wb") as output:
            self.part: Part = workplace.start(
                "demo",
                [REPOSITORY / "demo" / "demo"],
                environment={"PORT": str(port), "PINGATE_BIN": str(program("pingate").parent)},
                output=output,
            )

    def printed(self) -> str:
        return self.output.read_text()

    def until_it_runs(self) -> None:
        self.part.until_ready(lambda: "PinGate is running" in self.printed())

    @property
    def folder(self) -> Path:
        found = re.search(r"/tmp/pingate-demo\.\w+", self.printed())
        assert found
        return Path(found.group())

    def children(self) -> dict[str, int]:
        """The names and numbers of the programs that it has started itself."""
        return {name_of(number): number for number in children_of(self.part.pid) if name_of(number) in PARTS}

    def assert_nothing_is_left(self, children: dict[str, int], folder: Path) -> None:
        gone = [number for number in children.values() if not os.path.exists(f"/proc/{number}")]
        assert sorted(gone) == sorted(children.values())
        assert not folder.exists()
        assert not listening.accepts(self.port)


def name_of(process: int) -> str:
    return Path(f"/proc/{process}/comm").read_text().strip()


def children_of(process: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.fixture
def demo(workplace: Workplace) -> Iterator[Demo]:
    running = Demo(workplace, listening.free_port())
    running.until_it_runs()
    yield running
    running.part.stop()


def test_a_visitor_walks_through_the_demo(demo: Demo, workplace: Workplace, confidential: Confidential) -> None:
    """The PIN stands in the terminal and on the outbox page. Ctrl-C ends it all, and well."""
    assert f"{demo.url} " in demo.printed() and f"{demo.url}sandbox/" in demo.printed()
    visitor = Visitor(transports.over_http, demo.url)
    guest = Guest(demo.port)
    number = confidential.new_number()
    sent = guest.browse("/private/")
    assert sent.status == 303 and sent.location.startswith("/?return=")
    address, page = guest.submit(sent.location, guest.browse(sent.location), number=flow.typed(number))

    found = until(lambda: re.search(r"code: (\d{6})", demo.printed()), "the message in the terminal")
    pin = found.group(1)
    confidential.pins.add(pin)
    outbox = visitor.open("sandbox/")
    assert number in outbox.text and pin in outbox.text
    _, answer = guest.submit(address, page, pin=pin)
    assert (answer.status, answer.location) == (303, "/private/")
    assert "For verified visitors" in guest.browse("/private/").text
    assert guest.ask("/private/", cookie="").status == 401
    signed_out = guest.ask("/signout", "POST", Origin=guest.start)
    assert signed_out.status == 200 and guest.browse("/private/").status == 303

    alice = Guest(demo.port, login=("alice", "demo"))
    assert Guest(demo.port).browse("/members/").status == 401
    sent = alice.browse("/members/")
    assert sent.status == 303 and sent.location.startswith("/pin/?return=")
    address, page = alice.submit(sent.location, alice.browse(sent.location))
    found = until(lambda: re.findall(r"code: (\d{6})", demo.printed())[1:], "her message in the terminal")
    confidential.pins.add(found[0])
    _, answer = alice.submit(address, page, pin=found[0])
    assert (answer.status, answer.location) == (303, "/members/") and "For members" in alice.browse("/members/").text

    children, folder = demo.children(), demo.folder
    assert children.keys() == PARTS
    for log in folder.glob("*.log"):
        shutil.copy(log, workplace.new_log(f"demo-{log.stem}"))
    assert demo.part.stop(signal.SIGINT) == 0
    demo.assert_nothing_is_left(children, folder)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_signal_ends_everything(demo: Demo, number: signal.Signals) -> None:
    children, folder = demo.children(), demo.folder
    assert demo.part.stop(number) == 0
    demo.assert_nothing_is_left(children, folder)


@pytest.mark.parametrize("victim", sorted(PARTS))
def test_the_end_of_one_part_ends_everything(demo: Demo, victim: str) -> None:
    """And the demo says which it was."""
    children, folder = demo.children(), demo.folder
    os.kill(children[victim], signal.SIGKILL)
    assert demo.part.wait() == 1
    name = "sandbox" if victim == "vonage-sandbox" else victim
    assert f"{name} has ended" in demo.part.log_text()
    demo.assert_nothing_is_left(children, folder)


def test_a_taken_port_is_named(workplace: Workplace) -> None:
    with listening.on_loopback() as listener:
        port = listening.port(listener)
        demo = Demo(workplace, port)
        assert demo.part.wait() == 1
    assert f"port {port} is taken" in demo.part.log_text()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80 81"])
def test_a_port_that_is_none_is_refused(workplace: Workplace, port: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PORT": port, "PINGATE_BIN": str(program("pingate").parent)}
    done = subprocess.run([REPOSITORY / "demo" / "demo"], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "PORT" in done.stderr
