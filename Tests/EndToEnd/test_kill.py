"""PinGate is killed in the middle of its work, again and again."""

import random
import sqlite3
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stack import flow, listening, pingate, swarm
from stack.confidential import Confidential
from stack.owner import Owner
from stack.pingate import program
from stack.sandbox import Sandbox
from stack.swarm import Answered, Attacker
from stack.transports import through_our_own_client
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Part, Workplace

KILLS = 200
PROCESSES = 3
PINS = 100
SEED = 9
# Each is a question at the owner's terminal.
LOOKED_UP = 500


class Service:
    """Processes at one socket, which is not theirs, and one database."""

    def __init__(self, workplace: Workplace, confidential: Confidential, api: str) -> None:
        self.workplace = workplace
        folder = workplace.new_folder("killed")
        self.socket = folder / "pingate.sock"
        self.database = folder / "pingate.sqlite"
        self.settings = pingate.write_settings(
            folder / "pingate.conf",
            confidential,
            api,
            PINGATE_STORE=f"sqlite:{self.database}",
            PINGATE_COUNTRIES=" ".join(swarm.MOBILE),
            PINGATE_LOG_LEVEL="critical",
        )
        self.log = workplace.new_log("killed")
        self.listener = listening.at(self.socket)
        self.parts = [self.start() for _ in range(PROCESSES)]

    def start(self) -> Part:
        with listening.Inheritance([self.listener]) as sockets:
            return self.workplace.start(
                "killed",
                listening.as_systemd(pingate.serve()),
                environment={"PINGATE_CONFIG": str(self.settings), "SOURCES": " ".join(sockets.numbers)},
                descriptors=sockets.descriptors,
                log=self.log,
            )

    def kill(self, number: int) -> None:
        """`kill -9`, and another one takes its place at once."""
        self.parts[number].process.kill()
        self.parts[number].wait()
        self.workplace.parts.remove(self.parts[number])
        self.parts[number] = self.start()

    def close(self) -> None:
        for part in self.parts:
            part.stop()
        self.listener.close()


class Load:
    """Registers, and right PINs that are tried many times, for as long as it is wanted."""

    def __init__(self, socket: Path, forms: list[dict[str, str]]) -> None:
        self.forms = forms
        self.attacker = Attacker(SEED)
        self.answers: list[Answered] = []
        # Which of the PINs a request tries; nothing for a register.
        self.aims: list[int | None] = []
        self.round = 0
        self.is_over = False
        self.swarm = subprocess.Popen(
            [program("visitor-swarm"), "stream", "16", socket], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.threads = [threading.Thread(target=self._ask), threading.Thread(target=self._listen)]
        for thread in self.threads:
            thread.start()

    def wait_for_answers(self, count: int = 10) -> None:
        """So many more."""
        before = len(self.answers)
        until(lambda: len(self.answers) >= before + count, "answers after a kill")

    def end(self) -> None:
        self.is_over = True
        for thread in self.threads:
            thread.join()
        assert self.swarm.wait() == 0

    def _ask(self) -> None:
        assert self.swarm.stdin
        with self.swarm.stdin as requests:
            while not self.is_over:
                chance = self.attacker.random
                aim = chance.choice([None, (self.round + chance.randrange(4)) % len(self.forms)])
                self.aims.append(aim)
                address = self.attacker.address()
                requests.write(
                    self.attacker.register() if aim is None else swarm.post("verify", self.forms[aim], address)
                )

    def _listen(self) -> None:
        assert self.swarm.stdout
        with self.swarm.stdout as lines:
            for line in lines:
                self.answers.append(Answered.of(line.decode()))


def test_two_hundred_kills_under_load_cost_nothing_and_break_nothing(
    workplace: Workplace, counting: Sandbox, confidential: Confidential
) -> None:
    """What was sent was charged, no PIN is good twice, the database is whole, and nobody had to do anything."""
    service = Service(workplace, confidential, counting.api)
    visitor = Visitor(through_our_own_client(service.socket), swarm.SITE)
    numbers = [confidential.new_number() for _ in range(PINS)]
    pages = [flow.ask_for_pin(visitor, number) for number in numbers]
    pins = {message["to"]: message["pin"] for message in counting.messages()}
    forms = [{**page.form.fields, "pin": pins[number]} for page, number in zip(pages, numbers, strict=True)]

    load = Load(service.socket, forms)
    chance = random.Random(SEED)
    print(f"seed of the kills: {SEED}")
    for number in range(KILLS):
        load.wait_for_answers()
        load.round = number // 2
        service.kill(chance.randrange(PROCESSES))
    load.end()

    statuses = Counter(answer.status for answer in load.answers)
    print(statuses)
    successes = Counter(
        load.aims[answer.index] for answer in load.answers if answer.title.startswith(flow.VERIFIED)
    )
    assert len(load.answers) == len(load.aims)
    assert statuses[0] > 0, "no request was under way when its PinGate was killed"
    assert successes and None not in successes and set(successes.values()) == {1}
    sent = counting.statistics()["messages"]
    charged = Owner(service.settings).used("site.hour")
    print(f"{sent} messages, {charged} charges, {sum(successes.values())} PINs verified")
    assert PINS < sent <= charged
    check_that_each_message_was_charged(Owner(service.settings), counting)
    flow.verify(visitor, counting, confidential.new_number())
    service.close()
    with sqlite3.connect(service.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def check_that_each_message_was_charged(owner: Owner, counting: Sandbox) -> None:
    """By number: in the sum, what was charged and never sent could hide what was sent and never charged."""
    all_messages = Counter(message["to"] for message in counting.messages())
    numbers = random.Random(SEED).sample(sorted(all_messages), min(LOOKED_UP, len(all_messages)))
    messages = {number: all_messages[number] for number in numbers}

    def charges(number: str) -> int:
        return owner.used("number.hour", "+" + number)

    with ThreadPoolExecutor(4) as pool:
        charged = dict(zip(messages, pool.map(charges, messages), strict=True))
    assert {number: count for number, count in messages.items() if count > charged[number]} == {}
