"""Start-up: from the start of PinGate as a FastCGI program to the end of its first answer."""

import socket as sockets
import subprocess
import time
from collections import defaultdict
from pathlib import Path

from stack import listening, records
from stack.pingate import program

from bench import cgi, figures, peers, units
from bench.figures import Figure, Line, Outcome
from bench.interleaving import interleaved
from bench.load import PIN_PAGE
from bench.peers import Situation
from bench.quantiles import median
from bench.stand import Bench

STARTS = 20
MOST = 0.050
FIRST_PAGE = 'name="number"'


def measure(bench: Bench) -> Outcome:
    found: defaultdict[str, Figure] = defaultdict(Figure)
    situation = Situation(bench.workplace, bench.workplace.folder, bench.confidential, bench.upstream.url(0), 1, {})
    settings = peers.write_settings(bench.workplace.new_folder("startup"), peers.settings(situation, None))
    log = bench.workplace.new_log("startup")

    def once(what: str) -> str:
        times, wrong = [], 0
        for _ in range(STARTS + 1):
            body = b"number=43660%07d" % (bench.numbers.one() * 7_368_787 % 10_000_000) if what == "register" else b""
            variables = cgi.environment("POST" if body else "GET", "/register" if body else "/", "", body)
            took, page = _start(bench, settings, log, records.request(variables, body))
            times.append(took)
            wrong += (PIN_PAGE if body else FIRST_PAGE).encode() not in page
        found[what].add(median(times[1:]), wrong)
        return f"{what} {units.milliseconds(found[what].values[-1])}, {wrong} errors"

    interleaved(bench.options.runs, ("GET /", "register"), once, "startup")
    lines = []
    for what, figure in found.items():
        goal = figures.at_most({"pingate": figure}, MOST, "≤ 50 ms")
        lines.append(
            Line(f"start to first answer, {what}", units.milliseconds, {"pingate": figure}, [goal], is_cost=True)
        )
    return Outcome(lines)


def _start(bench: Bench, settings: Path, log: Path, request: bytes) -> tuple[float, bytes]:
    """One start, with the listening socket as file 0, as lighttpd and spawn-fcgi do it."""
    path = bench.workplace.new_folder("startup") / "socket"
    with listening.at(path) as listener, log.open("ab") as errors, sockets.socket(sockets.AF_UNIX) as visitor:
        visitor.settimeout(10)
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(program("pingate"))],
            stdin=listener.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={"PATH": "/usr/bin:/bin", "PINGATE_CONFIG": str(settings)},
        )
        try:
            visitor.connect(str(path))
            visitor.sendall(request)
            with visitor.makefile("rb") as answer:
                page = records.output(answer)
            took = time.perf_counter() - began
        finally:
            process.terminate()
            process.wait()
    return took, page
