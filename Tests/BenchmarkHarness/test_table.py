"""The table of ratios."""

from bench import figures, table, units
from bench.figures import Figure, Goal, Line
from bench.rows.limits import redis_remark


def line(**rates: float) -> Line:
    found = {name: Figure([rate]) for name, rate in rates.items()}
    return Line("register/s", units.rate, found, [figures.at_least(found, "go", 3)])


def test_a_peer_is_shown_with_what_pingate_has_of_it() -> None:
    assert table.cell(line(pingate=3000, go=2000), "go") == "2,000/s (1.50x)"
    assert table.cell(line(pingate=3000, go=2000), "pingate") == "3,000/s"
    assert table.cell(line(pingate=3000), "go") == "-"


def test_errors_are_never_left_out() -> None:
    broken = line(pingate=3000, go=2000)
    broken.figures["go"].add(2000, 7, "7 timeout")
    assert table.cell(broken, "go") == "2,000/s (1.50x) **7 errors**"


def test_a_goal_is_met_or_not_or_could_not_be_judged() -> None:
    assert table.verdict(line(pingate=6000, go=2000)) == ("≥ 3 x go", "yes")
    assert table.verdict(line(pingate=5999, go=2000)) == ("≥ 3 x go", "**no**")
    assert table.verdict(line(pingate=5999)) == ("≥ 3 x go", "?")


def test_there_is_a_column_for_each_peer_that_was_there() -> None:
    first, rule, row = table.markdown([line(pingate=6000, go=2000)], ["pingate", "php", "go"]).splitlines()
    assert [word.strip() for word in first.split("|")[1:-1]] == ["row", "pingate", "go", "goal", "met"]
    assert len({len(first), len(rule), len(row)}) == 1


def test_pingate_is_ahead_only_of_whom_it_beats() -> None:
    found = {name: Figure([rate]) for name, rate in {"pingate": 10, "go": 9, "c": 10}.items()}
    assert figures.ahead_of_all(found, ("go",)) == Goal("ahead of every peer", True)
    assert figures.ahead_of_all(found, ("go", "c")) == Goal("ahead of every peer", False)
    assert figures.below_all(found, ("go", "c")) == Goal("below every peer", False)


def test_an_error_is_not_forgiven() -> None:
    found = {"pingate": Figure([10])}
    assert figures.no_error(found).is_met
    found["pingate"].add(10, errors=1)
    assert not figures.no_error(found).is_met


def test_a_site_plans_with_a_quarter_of_what_redis_can_do() -> None:
    text = redis_remark({"decision": 3000, "register": 2500, "visit": 1000})
    assert "250 visits a second" in text
    assert "900,000 in the" in text
