"""The table of ratios."""

from pathlib import Path

from bench import figures, heart, table, units
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


def test_the_readme_gets_a_new_table_in_the_place_of_the_old(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"Before.\n{heart.BEGIN}old\n{heart.END}After.\n")
    heart.put([line(pingate=6000, go=2000), Line("binary", units.mebibytes, {})], readme)
    text = readme.read_text()
    assert text.startswith("Before.\n")
    assert text.endswith("After.\n")
    assert "old" not in text
    assert "| register/s | 6,000/s |  | 2,000/s |  |  |  |" in text
    assert "binary" not in text
    heart.put([], readme)
    assert "2,000/s" not in readme.read_text()


def test_a_site_plans_with_a_quarter_of_what_redis_can_do() -> None:
    text = redis_remark({"decision": 3000, "register": 2500, "visit": 1000})
    assert "250 visits a second" in text
    assert "900,000 in the" in text
