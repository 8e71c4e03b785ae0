"""What PinGate adds to the time of an answer at a rate that is no load: 500 registrations a second."""

from collections import defaultdict
from functools import partial

from bench import figures, pace, programs, units
from bench.figures import Figure, Line, Outcome
from bench.interleaving import interleaved
from bench.peers import PINGATE, Peer
from bench.stand import Bench, stand

RATE = 500
MOST_ADDED = {"p50": 0.0005, "p99": 0.003}


def measure(bench: Bench) -> Outcome:
    found: dict[str, defaultdict[str, Figure]] = {"p50": defaultdict(Figure), "p99": defaultdict(Figure)}
    program = programs.pace(bench.workplace.folder)

    browser: dict[str, defaultdict[str, Figure]] = {"p50": defaultdict(Figure), "p99": defaultdict(Figure)}

    def visited(peer: Peer, times: dict[str, defaultdict[str, Figure]], *, as_browser: bool) -> str:
        with stand(bench, peer, delay=0, clients=64) as standing:
            got = pace.run(
                program,
                standing.front.port,
                RATE,
                bench.options.seconds_or(3),
                first=bench.numbers.take(),
                expected=peer.pin_page,
                browser=as_browser,
            )
        times["p50"][peer.name].add(got.p50, got.errors)
        times["p99"][peer.name].add(got.p99, got.errors)
        who = f"{peer.name}, a browser:" if as_browser else peer.name
        return f"{who} p50 {units.milliseconds(got.p50)}, p99 {units.milliseconds(got.p99)}, {got.errors} errors"

    interleaved(bench.options.runs, bench.peers(), partial(visited, times=found, as_browser=False), "latency")
    ours = bench.peers(PINGATE)
    interleaved(bench.options.runs, ours, partial(visited, times=browser, as_browser=True), "latency")
    lines = []
    for part, most in MOST_ADDED.items():
        added = _above_nginx(found[part])
        goal = figures.at_most(added, most, f"≤ {most * 1e3:g} ms over nginx")
        title = f"time of an answer, {part}, at {RATE}/s"
        lines.append(Line(title, units.milliseconds, found[part], is_cost=True))
        lines.append(Line(f"… on top of nginx alone, {part}", units.milliseconds, added, [goal], is_cost=True))
    if ours:
        lines += [
            Line(f"… for a browser, which is sent on to the page, {part}", units.milliseconds, times, is_cost=True)
            for part, times in browser.items()
        ]
    return Outcome(lines)


def _above_nginx(times: dict[str, Figure]) -> dict[str, Figure]:
    """What each takes more than nginx alone, run by run: neighbors in time had the same machine."""
    if "nginx" not in times:
        return {}
    base = times["nginx"].values
    return {
        name: Figure([value - least for value, least in zip(figure.values, base, strict=True)], figure.errors)
        for name, figure in times.items()
        if name != "nginx"
    }
