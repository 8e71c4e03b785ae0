"""Medians, quantiles and ratios."""

import pytest

from bench.quantiles import median, quantile, ratio


def test_the_median_of_five_is_the_third() -> None:
    assert median([9, 1, 5, 3, 7]) == 5


def test_there_is_no_median_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        median([])


@pytest.mark.parametrize(("part", "value"), [(0, 1), (0.5, 50), (0.99, 99), (0.991, 100), (1, 100)])
def test_a_quantile_is_the_smallest_value_that_so_many_do_not_exceed(part: float, value: int) -> None:
    assert quantile(list(range(100, 0, -1)), part) == value


def test_nothing_is_compared_with_nothing() -> None:
    assert ratio(3, 0) is None
    assert ratio(3, -2) is None
    assert ratio(3, 2) == 1.5
