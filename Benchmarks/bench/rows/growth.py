"""How cost grows with the work: with requests in flight, and with counters in the store. No cliff is to be seen."""

from collections import defaultdict
from dataclasses import dataclass, field

from bench import load, store, units, workbench
from bench.curves import Chart, Curve
from bench.figures import Figure, Outcome
from bench.interleaving import interleaved
from bench.peers import NGINX, PINGATE, Peer
from bench.shelves import RedisShelf, SQLiteShelf
from bench.stand import Bench, stand

IN_FLIGHT = (1, 10, 100, 1_000, 10_000)
SPEEDS = {"at once": 0.0, "300 ms": 0.3}
COUNTERS = (10**3, 10**4, 10**5, 10**6, 10**7)
Points = defaultdict[float, Figure]


@dataclass
class Series:
    """What one case found at each size of the work."""

    rate: Points = field(default_factory=lambda: defaultdict(Figure))
    p50: Points = field(default_factory=lambda: defaultdict(Figure))
    p99: Points = field(default_factory=lambda: defaultdict(Figure))


def measure(bench: Bench) -> Outcome:
    flight, flight_charts = _in_flight(bench)
    counters, counter_charts = _counters(bench)
    return Outcome([], [flight, counters], [*flight_charts, *counter_charts])


def _in_flight(bench: Bench) -> tuple[str, list[Chart]]:
    found: defaultdict[tuple[str, str], Series] = defaultdict(Series)
    # Where files are few, the highest level is what they allow.
    levels = bench.options.clients or [min(level, workbench.most_in_flight()) for level in IN_FLIGHT]
    cases = [(peer, speed, clients) for clients in levels for speed in SPEEDS for peer in bench.peers(PINGATE, NGINX)]

    def once(case: tuple[Peer, str, int]) -> str:
        peer, speed, clients = case
        with stand(bench, peer, delay=SPEEDS[speed], clients=clients) as standing:
            got = load.run(
                standing.front.url,
                "register",
                clients,
                bench.options.seconds_or(1.4 if clients < 1_000 else 2.4),
                first=bench.numbers.take(),
                # Ten thousand connections take a while to be made, and to be there again after the first rush.
                warm_up=0.5 if clients < 1_000 else 1.5 if clients < 5_000 else 3.5,
                expected=peer.pin_page,
            )
        series = found[peer.name, speed]
        series.rate[clients].add(got.rate, got.errors, got.detail)
        series.p50[clients].add(got.p50)
        series.p99[clients].add(got.p99)
        return (
            f"{peer.name}, {speed}, {clients:,} in flight: {units.rate(got.rate)}, p50 {units.milliseconds(got.p50)}, "
            f"p99 {units.milliseconds(got.p99)} {got.detail}"
        )

    interleaved(bench.options.runs, cases, once, "growth")
    called = {"pingate": "PinGate", "nginx": "nginx alone"}
    names = {(peer, speed): f"{called[peer]}, API {speed}" for peer, speed in found}
    chart = Chart(
        "in-flight",
        "Registrations, by requests in flight",
        "requests in flight",
        ("registrations a second", [Curve(names[each], series.rate) for each, series in found.items()]),
        ("time of an answer, p99, in ms", [Curve(names[each], series.p99, 1e3) for each, series in found.items()]),
    )
    table = _table("in flight", {names[each]: series for each, series in found.items()})
    return f"Registrations by requests in flight (closed loop, p50 / p99 with the warm-up):\n\n{table}", [chart]


def _counters(bench: Bench) -> tuple[str, list[Chart]]:
    found: defaultdict[str, Series] = defaultdict(Series)
    seconds = bench.options.seconds_or(1)
    redis = RedisShelf(bench.workplace)
    shelves: dict[str, SQLiteShelf | RedisShelf] = {"SQLite": SQLiteShelf(bench.workplace), "Redis": redis}
    cases = [(kind, count) for kind in shelves for count in COUNTERS]

    def once(case: tuple[str, int]) -> str:
        kind, count = case
        with shelves[kind].holding(count) as place:
            got = store.run(place, "decision", seconds)
        series = found[kind]
        series.rate[count].add(got.rate, got.failures)
        series.p50[count].add(got.p50)
        series.p99[count].add(got.p99)
        return f"{kind}, {count:,} counters: {units.rate(got.rate)}, p99 {units.milliseconds(got.p99)}"

    interleaved(bench.options.runs, cases, once, "growth")
    redis.close()
    chart = Chart(
        "counters",
        "Decisions of a store, by what it holds",
        "counters in the store when the measurement begins",
        ("decisions a second", [Curve(kind, series.rate) for kind, series in found.items()]),
        ("time of a decision, p99, in ms", [Curve(kind, series.p99, 1e3) for kind, series in found.items()]),
    )
    return f"Decisions by counters in the store ({store.WORKERS} at a time):\n\n{_table('counters', found)}", [chart]


def _table(what: str, found: dict[str, Series]) -> str:
    sizes = sorted({size for series in found.values() for size in series.rate})
    rows = [[what, *found]]
    rows += [[f"{size:,.0f}", *(_cell(series, size) for series in found.values())] for size in sizes]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(series: Series, size: float) -> str:
    if size not in series.rate:
        return "-"
    rate = series.rate[size]
    p50, p99 = (units.milliseconds(points[size].median) for points in (series.p50, series.p99))
    errors = f", **{rate.errors:,} errors**" if rate.errors else ""
    return f"{units.rate(rate.median)}, {p50} / {p99}{errors}"
