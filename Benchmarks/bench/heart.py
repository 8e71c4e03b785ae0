"""The heart of the table, which the project's README shows."""

from collections.abc import Sequence
from pathlib import Path

from bench.figures import Line

BEGIN, END = "<!-- written by make bench -->\n", "<!-- end of what make bench wrote -->\n"
CALLED = {
    "pingate": "PinGate",
    "nginx": "nginx alone",
    "go": "Go",
    "c": "C, threads",
    "express": "Express",
    "php": "PHP-FPM",
}
# The beginnings of the lines' titles.
SHOWN = (
    "register/s",
    "the same work: register/s",
    "verify/s",
    "memory, ",
    "… on top of nginx alone",
    "CGI: process start",
)


def table(lines: Sequence[Line]) -> str:
    """Without ratios and goals; a cell with errors is marked."""
    rows = [["", *CALLED.values()], ["---", *("---:" for _ in CALLED)]]
    for line in lines:
        if line.title.startswith(SHOWN):
            rows.append([line.title.replace("… on top of nginx alone", "added by it at 500/s"), *_cells(line)])
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def _cells(line: Line) -> list[str]:
    return [
        line.show(figure.median) + ("*" if figure.errors else "") if (figure := line.figures.get(name)) else ""
        for name in CALLED
    ]


def put(lines: Sequence[Line], readme: Path) -> None:
    """Between the two marks in the README, in the place of what stood there."""
    text = readme.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if begin and end:
        readme.write_text(before + begin + "\n" + table(lines) + "\n" + end + after)
