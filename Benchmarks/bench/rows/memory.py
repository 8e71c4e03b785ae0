"""Memory: after the start, and with 4,000 requests in flight."""

import threading
from collections import defaultdict

from bench import figures, load, memory, peers, units
from bench.figures import Figure, Line, Outcome
from bench.interleaving import interleaved
from bench.peers import Peer
from bench.rows.waiting import DELAY, PEERS
from bench.stand import Bench, stand

CLIENTS = 4_000


def measure(bench: Bench) -> Outcome:
    idle: defaultdict[str, Figure] = defaultdict(Figure)
    busy: defaultdict[str, Figure] = defaultdict(Figure)
    extra: defaultdict[str, Figure] = defaultdict(Figure)
    clients = (bench.options.clients or (CLIENTS,))[0]
    seconds = bench.options.seconds_or(2)

    def once(peer: Peer) -> str:
        with stand(bench, peer, delay=DELAY, clients=clients) as standing:
            assert standing.part
            pid = standing.part.pid
            # One visitor, so that whatever is made for the first one is there.
            load.run(standing.front.url, "register", 1, 0.5, first=bench.numbers.take(), warm_up=0.3)
            at_rest = memory.held_by(memory.family(pid))
            most = [0]
            watcher = threading.Thread(target=lambda: most.append(memory.highest(pid, seconds + 2)))
            watcher.start()
            got = load.run(standing.front.url, "register", clients, seconds, first=bench.numbers.take(), warm_up=1.9)
            watcher.join()
        idle[peer.name].add(at_rest)
        busy[peer.name].add(max(most), got.errors, got.detail)
        extra[peer.name].add((max(most) - at_rest) / clients)
        return (
            f"{peer.name} idle {units.mebibytes(at_rest)}, at {clients:,} {units.mebibytes(max(most))}, "
            f"{units.kibibytes((max(most) - at_rest) / clients)} each; {units.rate(got.rate)} {got.detail}"
        )

    interleaved(bench.options.runs, bench.peers(*(peer for peer in peers.ALL if peer.start)), once, "memory")
    return Outcome(
        [
            Line(
                "memory, idle",
                units.mebibytes,
                idle,
                [figures.at_most(idle, 24 << 20, "≤ 24 MiB"), figures.below_all(idle, PEERS)],
                is_cost=True,
            ),
            Line(
                f"memory, {clients:,} clients, API 300 ms",
                units.mebibytes,
                busy,
                [figures.below_all(busy, PEERS), figures.no_error(busy)],
                is_cost=True,
            ),
            Line(
                "memory on top, for a client",
                units.kibibytes,
                extra,
                [figures.at_most(extra, 24 << 10, "≤ 24 KiB")],
                is_cost=True,
            ),
        ]
    )
