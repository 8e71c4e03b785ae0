"""PINs that are checked, a second, with 64 clients and an API that answers at once. Each is for a visit of its own."""

import secrets
from collections import defaultdict
from pathlib import Path

from bench import figures, load, units
from bench.figures import Figure, Line, Outcome
from bench.interleaving import interleaved
from bench.peers import PINGATE, Peer
from bench.rows.register import CLIENTS
from bench.stand import Bench, Stand, stand

# The peers know no visits: any id will do. More than any of them can use up.
MOST = 400_000


def measure(bench: Bench) -> Outcome:
    found: defaultdict[str, Figure] = defaultdict(Figure)
    seconds = bench.options.seconds_or(3)
    invented = bench.workplace.folder / "invented-requests"
    invented.write_text("".join(f"{secrets.token_hex(16)}\t\n" for _ in range(MOST)))

    def once(peer: Peer) -> str:
        with stand(bench, peer, delay=0, clients=CLIENTS) as standing:
            tokens = _visits(bench, standing, seconds) if peer is PINGATE else invented
            got = load.run(standing.front.url, "verify", CLIENTS, seconds, expected=peer.status_page, tokens=tokens)
        found[peer.name].add(got.rate, got.errors, got.detail)
        return f"{peer.name} {units.rate(got.rate)} {got.detail}"

    interleaved(bench.options.runs, bench.peers(), once, "verify")
    return Outcome([Line("verify/s, API at once, 64 clients", units.rate, found, [figures.no_error(found)])])


def _visits(bench: Bench, standing: Stand, seconds: float) -> Path:
    """Registers, for longer than PINs will be checked; not measured."""
    tokens = bench.workplace.new_folder("visits") / "tokens"
    load.run(
        standing.front.url,
        "collect",
        CLIENTS,
        (seconds + 2) * 1.5,
        first=bench.numbers.take(),
        warm_up=0,
        tokens=tokens,
    )
    return tokens
