"""Memory: after the start, and with 4,000 requests in flight."""

from bench import crowd, figures, units
from bench.figures import Goal, Line, Outcome
from bench.rows.waiting import PEERS
from bench.stand import Bench

CLIENTS = 4_000
# PHP's 64 children hold 64 requests; the others wait outside.
THAT_HOLD_ALL = tuple(name for name in PEERS if name != "php")


def measure(bench: Bench) -> Outcome:
    found = crowd.gather(bench, (bench.options.clients or (CLIENTS,))[-1])
    below = figures.below_all(found.busy, THAT_HOLD_ALL)
    at_rest = [figures.at_most(found.idle, 24 << 20, "≤ 24 MiB")]
    busy = [Goal("below every peer that holds them all", below.is_met), figures.no_error(found.busy)]
    on_top = [figures.at_most(found.on_top, 24 << 10, "≤ 24 KiB")]
    title = f"memory, {found.clients:,} clients, API 300 ms"
    return Outcome(
        [
            Line("memory, idle", units.mebibytes, found.idle, at_rest, is_cost=True),
            Line(title, units.mebibytes, found.busy, busy, is_cost=True),
            Line("memory on top, for a client", units.kibibytes, found.on_top, on_top, is_cost=True),
        ]
    )
