"""PinGate beside peers that do all of its work: they count in a durable transaction before they ask, and seal the form."""

from collections import defaultdict

from bench import figures, load, pace, programs, units
from bench.figures import Figure, Figures, Goal, Line, Outcome
from bench.interleaving import interleaved
from bench.peers import COUNTING_GO, COUNTING_PHP, PINGATE, Peer
from bench.rows.latency import RATE
from bench.rows.register import CLIENTS
from bench.stand import Bench, stand

PEERS = (PINGATE, COUNTING_GO, COUNTING_PHP)


def measure(bench: Bench) -> Outcome:
    rates: defaultdict[str, Figure] = defaultdict(Figure)
    times: dict[str, defaultdict[str, Figure]] = {"p50": defaultdict(Figure), "p99": defaultdict(Figure)}
    program = programs.pace(bench.workplace.folder)

    def once(peer: Peer) -> str:
        seconds = bench.options.seconds_or(3)
        with stand(bench, peer, delay=0, clients=CLIENTS) as standing:
            first = bench.numbers.take()
            got = load.run(standing.front.url, "register", CLIENTS, seconds, first=first, expected=peer.pin_page)
        rates[peer.name].add(got.rate, got.errors, got.detail)
        with stand(bench, peer, delay=0, clients=CLIENTS) as standing:
            first = bench.numbers.take()
            taken = pace.run(program, standing.front.port, RATE, seconds, first=first, expected=peer.pin_page)
        times["p50"][peer.name].add(taken.p50, taken.errors)
        times["p99"][peer.name].add(taken.p99, taken.errors)
        return (
            f"{peer.name} {units.rate(got.rate)}, p50 {units.milliseconds(taken.p50)}, "
            f"p99 {units.milliseconds(taken.p99)}, {got.errors + taken.errors} errors"
        )

    interleaved(bench.options.runs, bench.peers(*PEERS), once, "same work")
    goals = [figures.at_least(rates, "go", 4), figures.at_least(rates, "php", 6), figures.no_error(rates)]
    lines = [Line("the same work: register/s, 64 clients", units.rate, rates, goals)]
    lines += [
        Line(f"the same work: {part} at {RATE}/s", units.milliseconds, found, [_ahead(found)], is_cost=True)
        for part, found in times.items()
    ]
    return Outcome(lines)


def _ahead(found: Figures) -> Goal:
    goal = figures.below_all(found, [peer.name for peer in PEERS if peer is not PINGATE])
    return Goal("ahead of both", goal.is_met)
