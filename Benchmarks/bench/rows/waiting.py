"""Registrations a second with thousands of clients and an API that takes 300 ms; and the memory that this takes."""

from collections import defaultdict

from bench import figures, load, units
from bench.figures import Figure, Line, Outcome
from bench.interleaving import interleaved
from bench.peers import Peer
from bench.stand import Bench, stand

DELAY = 0.3
CLIENTS = {2_000: 0.9, 4_000: 0.6}
PEERS = ("go", "c", "express", "php")


def measure(bench: Bench) -> Outcome:
    lines = []
    for clients in bench.options.clients or tuple(CLIENTS):
        lines.append(_with(bench, clients))
    return Outcome(lines)


def _with(bench: Bench, clients: int) -> Line:
    found: defaultdict[str, Figure] = defaultdict(Figure)

    def once(peer: Peer) -> str:
        with stand(bench, peer, delay=DELAY, clients=clients) as standing:
            got = load.run(
                standing.front.url,
                "register",
                clients,
                bench.options.seconds_or(3),
                first=bench.numbers.take(),
                warm_up=1.9,
                expected=peer.pin_page,
            )
        found[peer.name].add(got.rate, got.errors, got.detail)
        return f"{peer.name} {units.rate(got.rate)} {got.detail}"

    interleaved(bench.options.runs, bench.peers(), once, f"waiting {clients}")
    goals = [
        figures.at_least(found, "nginx", CLIENTS.get(clients, 0.6)),
        figures.ahead_of_all(found, PEERS),
        figures.no_error(found),
    ]
    return Line(f"register/s, API 300 ms, {clients:,} clients", units.rate, found, goals)
