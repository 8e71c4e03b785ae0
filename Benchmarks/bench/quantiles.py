"""Medians, quantiles and ratios."""

import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """:raises ValueError: for no value."""
    if not values:
        raise ValueError("no median of nothing")
    return statistics.median(values)


def quantile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part of all values does not exceed (nearest rank).

    :param part: 0 to 1, 0.99 for p99.
    :raises ValueError: for no value.
    """
    if not values:
        raise ValueError("no quantile of nothing")
    ranked = sorted(values)
    return ranked[max(0, min(len(ranked) - 1, -int(-part * len(ranked) // 1) - 1))]


def ratio(one: float, other: float) -> float | None:
    """None when there is nothing to compare with: a difference may be nothing, or less."""
    return one / other if one > 0 and other > 0 else None
