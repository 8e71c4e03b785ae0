"""Curves, and the charts that they are drawn in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.figures import Figure


@dataclass(frozen=True)
class Curve:
    """A figure for each size of the work."""

    name: str
    points: Mapping[float, Figure]
    # From the figure's unit to the chart's.
    factor: float = 1

    @property
    def sizes(self) -> list[float]:
        return sorted(self.points)

    @property
    def values(self) -> list[float]:
        return [self.points[size].median * self.factor for size in self.sizes]

    @property
    def extremes(self) -> tuple[list[float], list[float]]:
        """The least and the most of all runs."""
        runs = [[value * self.factor for value in self.points[size].values] for size in self.sizes]
        return [min(values) for values in runs], [max(values) for values in runs]


# What is upright, with its unit, and the curves.
Panel = tuple[str, list[Curve]]


@dataclass(frozen=True)
class Chart:
    """Two panels side by side over the same sizes of the work."""

    # Of its file.
    name: str
    title: str
    along: str
    left: Panel
    right: Panel
