"""The table of ratios, as Markdown."""

from collections.abc import Sequence

from bench import units
from bench.figures import Figure, Line
from bench.quantiles import ratio


def cell(line: Line, name: str) -> str:
    """A peer's figure, how many times of it PinGate has, and its errors if there were any."""
    figure = line.figures.get(name)
    if figure is None or not figure.values:
        return "-"
    text = line.show(figure.median)
    ours = line.figures.get("pingate")
    if name != "pingate" and ours is not None and ours.values:
        times = ratio(ours.median, figure.median)
        text += f" ({units.times(times)}x)" if times is not None else ""
    return text + errors(figure)


def errors(figure: Figure) -> str:
    if not figure.errors:
        return ""
    return f" **{figure.errors:,} errors**"


def verdict(line: Line) -> tuple[str, str]:
    """The goals, and for each whether it is met."""
    words = {True: "yes", False: "**no**", None: "?"}
    goals = "; ".join(goal.text for goal in line.goals)
    met = ", ".join(words[goal.is_met] for goal in line.goals)
    return goals or "-", met or "-"


def markdown(lines: Sequence[Line], peers: Sequence[str]) -> str:
    """All lines, with a column for each peer that has a figure in any of them."""
    there = [name for name in peers if any(name in line.figures for line in lines)]
    rows = [["row", *there, "goal", "met"]]
    for line in lines:
        rows.append([line.title, *(cell(line, name) for name in there), *verdict(line)])
    # So wide that it can be read as text too.
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    padded = [[text.ljust(width) for text, width in zip(row, widths, strict=True)] for row in rows]
    written = ["| " + " | ".join(row) + " |" for row in padded]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(written) + "\n"
