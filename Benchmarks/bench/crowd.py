"""Thousands of visitors who all wait for an API that takes 300 ms: what is answered, and what memory that takes."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field

from bench import load, memory, units
from bench.figures import Figure
from bench.interleaving import interleaved
from bench.peers import Peer
from bench.stand import Bench, Stand, stand

DELAY = 0.3
WARM_UP = 1.9


def _figures() -> defaultdict[str, Figure]:
    return defaultdict(Figure)


@dataclass
class Crowd:
    """What was found with so many clients, by the peer's name. Memory in bytes."""

    clients: int
    rate: defaultdict[str, Figure] = field(default_factory=_figures)
    idle: defaultdict[str, Figure] = field(default_factory=_figures)
    busy: defaultdict[str, Figure] = field(default_factory=_figures)

    @property
    def on_top(self) -> dict[str, Figure]:
        """Memory for each client."""
        return {
            name: Figure(
                [(most - least) / self.clients for most, least in zip(busy.values, self.idle[name].values, strict=True)]
            )
            for name, busy in self.busy.items()
        }


def gather(bench: Bench, clients: int) -> Crowd:
    """Measures, or tells what was measured before: two rows look at the same."""
    if clients in bench.crowds:
        return bench.crowds[clients]
    crowd = bench.crowds[clients] = Crowd(clients)

    def once(peer: Peer) -> str:
        with stand(bench, peer, delay=DELAY, clients=clients) as standing:
            words = _measure(bench, standing, crowd)
        return f"{peer.name} {words}"

    interleaved(bench.options.runs, bench.peers(), once, f"{clients:,} waiting")
    return crowd


def _measure(bench: Bench, standing: Stand, crowd: Crowd) -> str:
    name, url, expected = standing.peer.name, standing.front.url, standing.peer.pin_page
    seconds = bench.options.seconds_or(3)
    pid = standing.part.pid if standing.part else None
    most: list[int] = []
    watcher = None
    if pid:
        # After a few visitors, so that whatever is made for the first one is there.
        load.run(url, "register", 1, 0.7, first=bench.numbers.take(), warm_up=0.1)
        crowd.idle[name].add(memory.held_by(memory.family(pid)))
        watcher = threading.Thread(target=lambda: most.append(memory.highest(pid, WARM_UP + seconds)))
        watcher.start()
    first = bench.numbers.take()
    got = load.run(url, "register", crowd.clients, seconds, first=first, warm_up=WARM_UP, expected=expected)
    crowd.rate[name].add(got.rate, got.errors, got.detail)
    words = f"{units.rate(got.rate)} {got.detail}"
    if watcher:
        watcher.join()
        crowd.busy[name].add(most[0], got.errors, got.detail)
        words += f", {units.mebibytes(crowd.idle[name].values[-1])} idle, {units.mebibytes(most[0])} then"
    return words
