"""Writes what a whole run found: `RESULTS.md` and the drawings."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import BENCHMARKS, machine, plots, table
from bench.figures import Figure, Line, Outcome

HEADER = """\
# Results

Written by `make bench`; [README.md](README.md) tells what is measured, and how.

- {date}, in {minutes:.0f} minutes; load of the machine at the start: {load:.2f}
- {machine}
- {versions}

Each figure is the median of {runs} runs, taken in turn: first one of each, then one of each again. {noise}
What stands in brackets is PinGate's figure divided by the peer's. Everything ran on the same cores: load, nginx, the
peer, and the stand-in for the API. Only right answers are counted, each is looked at, and **errors** are all others, in
all runs together, time-outs and broken connections too.

"""


def spread(figure: Figure) -> float:
    """How far the runs lie apart, as a part of the median: the half between the quarters."""
    values = sorted(figure.values)
    quarter = len(values) // 4
    middle = values[quarter : len(values) - quarter]
    return (middle[-1] - middle[0]) / figure.median if figure.median else 0.0


def noise(lines: Sequence[Line]) -> str:
    """What the reader should know of the machine's noise."""
    spreads = sorted(spread(figure) for line in lines for figure in line.figures.values() if len(figure.values) > 1)
    if not spreads:
        return "There was one run: no noise is known."
    usual, most = spreads[len(spreads) // 2], spreads[int(len(spreads) * 0.9)]
    return (
        f"The middle runs of a figure lie within {usual * 100:.0f} % of each other for half of all figures, "
        f"and within {most * 100:.0f} % for nine tenths of them: smaller differences say nothing."
    )


def write(
    outcomes: Sequence[Outcome], peers: Sequence[str], *, runs: int, minutes: float, load: float, stores: Path
) -> Path:
    """:param stores: a folder on the file system that the stores were on."""
    lines = [line for outcome in outcomes for line in outcome.lines]
    text = HEADER.format(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        minutes=minutes,
        load=load,
        machine=machine.description(stores),
        versions=", ".join(f"{name} {version}" for name, version in machine.versions().items()),
        runs=runs,
        noise=noise(lines),
    )
    text += table.markdown(lines, peers)
    for outcome in outcomes:
        text += "".join(f"\n{remark}\n" for remark in outcome.remarks)
        for chart in outcome.charts:
            file = plots.draw(chart, BENCHMARKS)
            text += f"\n![{chart.title}]({file.name})\n"
    details = [f"- {line.title}, {name}: {words}" for line in lines for name, words in _details(line)]
    if details:
        text += "\nWhat the errors were:\n\n" + "\n".join(details) + "\n"
    path = BENCHMARKS / "RESULTS.md"
    path.write_text(text)
    return path


def _details(line: Line) -> list[tuple[str, str]]:
    return [(name, "; ".join(figure.details)) for name, figure in line.figures.items() if figure.details]
