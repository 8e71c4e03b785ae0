"""How large the program is, and what it is made of."""

import subprocess

from stack.pingate import program

from bench import REPOSITORY, linker_map, units
from bench.figures import Figure, Line, Outcome
from bench.stand import Bench

# `make bench` has the linker write it.
MAP = REPOSITORY / ".build" / "pingate.map"
MOST_PARTS = 10


def measure(bench: Bench) -> Outcome:
    # One that was built for finding faults has its symbols.
    stripped = bench.workplace.new_folder("binary") / "pingate"
    subprocess.run(["strip", "-o", str(stripped), str(program("pingate"))], check=True)
    size = stripped.stat().st_size
    line = Line("program, stripped, Swift runtime inside", units.mebibytes, {"pingate": Figure([size])}, is_cost=True)
    if not MAP.is_file():
        return Outcome(
            [line], [f"What the program is made of is told by `make bench ROW=binary`: there is no {MAP.name}."]
        )
    with MAP.open(errors="replace") as lines:
        parts = linker_map.sizes(lines)
    return Outcome([line], [remark(size, parts)])


def remark(size: int, parts: dict[str, int]) -> str:
    """What the largest parts are, as a table."""
    told = list(parts.items())[:MOST_PARTS]
    told.append(("tables of the linker, and the rest", size - sum(part for _, part in told)))
    rows = "\n".join(f"| {name} | {units.mebibytes(part)} |" for name, part in told)
    return f"What the program's {units.mebibytes(size)} are:\n\n| part | size |\n|---|---|\n{rows}"
