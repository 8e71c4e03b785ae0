"""What a row found: figures, and what they were to be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.curves import Chart
from bench.quantiles import median


@dataclass
class Figure:
    """One quantity of one peer: a value for each run, and what went wrong meanwhile."""

    values: list[float] = field(default_factory=list)
    errors: int = 0
    details: list[str] = field(default_factory=list)

    def add(self, value: float, errors: int = 0, detail: str = "") -> None:
        self.values.append(value)
        self.errors += errors
        if detail:
            self.details.append(detail)

    @property
    def median(self) -> float:
        return median(self.values)


# A quantity, by the peer's name.
Figures = dict[str, Figure]


@dataclass(frozen=True)
class Goal:
    """What was to be reached. `is_met` is None where nothing could be compared."""

    text: str
    is_met: bool | None


@dataclass
class Line:
    """A line of the table."""

    title: str
    # How a value is written, with its unit.
    show: Callable[[float], str]
    figures: Figures
    goals: list[Goal] = field(default_factory=list)
    # Whether less is better.
    is_cost: bool = False
    note: str = ""


@dataclass
class Outcome:
    """All that a row found."""

    lines: list[Line]
    # Paragraphs of Markdown to stand below the table.
    remarks: list[str] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)


def at_least(figures: Figures, peer: str, factor: float) -> Goal:
    """PinGate has at least so many times a peer's figure."""
    text = f"≥ {factor:g} x {peer}" if factor >= 1 else f"≥ {factor * 100:g} % of {peer}"
    if peer not in figures or "pingate" not in figures:
        return Goal(text, None)
    return Goal(text, figures["pingate"].median >= factor * figures[peer].median)


def ahead_of_all(figures: Figures, peers: Sequence[str]) -> Goal:
    there = [name for name in peers if name in figures]
    if not there or "pingate" not in figures:
        return Goal("ahead of every peer", None)
    best = figures["pingate"].median
    return Goal("ahead of every peer", all(best > figures[name].median for name in there))


def below_all(figures: Figures, peers: Sequence[str]) -> Goal:
    there = [name for name in peers if name in figures]
    if not there or "pingate" not in figures:
        return Goal("below every peer", None)
    least = figures["pingate"].median
    return Goal("below every peer", all(least < figures[name].median for name in there))


def at_most(figures: Figures, most: float, text: str, name: str = "pingate") -> Goal:
    return Goal(text, figures[name].median <= most if name in figures else None)


def no_error(figures: Figures) -> Goal:
    return Goal("no error", figures["pingate"].errors == 0 if "pingate" in figures else None)
