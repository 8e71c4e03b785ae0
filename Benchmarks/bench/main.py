"""The program: sets up what all rows share, measures, prints the table."""

import os
import sys
import time
from collections.abc import Callable, Sequence

from stack.confidential import Confidential

from bench import REPOSITORY, options, peers, servers, table, workbench
from bench.figures import Outcome
from bench.load import Numbers
from bench.rows import binary, cgi, gate, growth, latency, limits, memory, register, same_work, startup, verify, waiting
from bench.stand import Bench

ROWS: dict[str, Callable[[Bench], Outcome]] = {
    "register": register.measure,
    "same-work": same_work.measure,
    "verify": verify.measure,
    "waiting": waiting.measure,
    "memory": memory.measure,
    "latency": latency.measure,
    "cgi": cgi.measure,
    "startup": startup.measure,
    "binary": binary.measure,
    "gate": gate.measure,
    "limits": limits.measure,
    "growth": growth.measure,
}


def main(arguments: Sequence[str]) -> int:
    """:return: the program's exit status: 1 when a measurement had errors of PinGate's."""
    names = [peer.name for peer in peers.ALL]
    asked = options.read(arguments, list(ROWS), names)
    os.environ.setdefault("PINGATE_BIN", str(REPOSITORY / ".build" / "release"))
    workbench.raise_open_files()
    began, load = time.monotonic(), os.getloadavg()[0]
    if load > 1:
        print(f"The machine is busy (load {load:.1f}): the figures will be others' too.", file=sys.stderr)
    with workbench.workplace(keeps=asked.keeps) as workplace:
        upstream = servers.start_upstream(workplace)
        bench = Bench(workplace, asked, Confidential(), upstream, Numbers())
        outcomes = [ROWS[name](bench) for name in asked.rows]
        minutes = (time.monotonic() - began) / 60
        lines = [line for outcome in outcomes for line in outcome.lines]
        print(table.markdown(lines, names))
        for outcome in outcomes:
            for remark in outcome.remarks:
                print(remark + "\n")
        print(f"{minutes:.1f} minutes", file=sys.stderr)
        if asked.is_whole(list(ROWS)):
            # Needs matplotlib, which a single row does not.
            from bench import heart, report

            file = report.write(outcomes, names, runs=asked.runs, minutes=minutes, load=load, stores=workplace.folder)
            heart.put(lines, REPOSITORY / "README.md")
            print(f"written: {file}, and the table in README.md", file=sys.stderr)
    return int(any(line.figures["pingate"].errors for line in lines if "pingate" in line.figures))
