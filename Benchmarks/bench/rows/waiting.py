"""Registrations a second with thousands of clients and an API that takes 300 ms."""

from bench import crowd, figures, units
from bench.figures import Line, Outcome
from bench.stand import Bench

# And the part of what nginx alone does that is to be reached.
CLIENTS = {2_000: 0.9, 4_000: 0.6}
PEERS = ("go", "c", "express", "php")


def measure(bench: Bench) -> Outcome:
    return Outcome([_with(bench, clients) for clients in bench.options.clients or tuple(CLIENTS)])


def _with(bench: Bench, clients: int) -> Line:
    found = crowd.gather(bench, clients).rate
    goals = [
        figures.at_least(found, "nginx", CLIENTS.get(clients, 0.6)),
        figures.ahead_of_all(found, PEERS),
        figures.no_error(found),
    ]
    return Line(f"register/s, API 300 ms, {clients:,} clients", units.rate, found, goals)
