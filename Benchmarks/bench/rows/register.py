"""Registrations a second with 64 clients and an API that answers at once: how much work a request is."""

from collections import defaultdict

from bench import figures, load, units
from bench.figures import Figure, Line, Outcome
from bench.interleaving import interleaved
from bench.peers import Peer
from bench.stand import Bench, stand

CLIENTS = 64


def measure(bench: Bench) -> Outcome:
    found: defaultdict[str, Figure] = defaultdict(Figure)

    def once(peer: Peer) -> str:
        with stand(bench, peer, delay=0, clients=CLIENTS) as standing:
            got = load.run(
                standing.front.url,
                "register",
                CLIENTS,
                bench.options.seconds_or(3),
                first=bench.numbers.take(),
                expected=peer.pin_page,
            )
        found[peer.name].add(got.rate, got.errors, got.detail)
        return f"{peer.name} {units.rate(got.rate)} {got.detail}"

    interleaved(bench.options.runs, bench.peers(), once, "register")
    goals = [
        figures.at_least(found, "go", 0.8),
        figures.at_least(found, "php", 4),
        figures.at_least(found, "express", 5),
        figures.at_least(found, "c", 1),
        figures.no_error(found),
    ]
    return Outcome([Line("register/s, API at once, 64 clients", units.rate, found, goals)])
