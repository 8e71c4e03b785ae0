"""One peer in its place: behind the front, before the upstream, from start to stop."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from stack.confidential import Confidential
from stack.workplace import Part, Workplace

from bench import peers, servers, workbench
from bench.load import Numbers
from bench.options import Options
from bench.peers import Peer, Situation
from bench.servers import Front


@dataclass
class Bench:
    """What all rows share."""

    workplace: Workplace
    options: Options
    confidential: Confidential
    upstream: servers.Upstream
    numbers: Numbers

    def peers(self, *among: Peer) -> list[Peer]:
        """Those that the run is to have, of these or of all."""
        return [peer for peer in among or peers.ALL if self.options.wants(peer.name)]


@dataclass(frozen=True)
class Stand:
    """A peer that can be visited."""

    peer: Peer
    front: Front
    # Nothing for nginx alone.
    part: Part | None


@contextmanager
def stand(
    bench: Bench, peer: Peer, *, delay: float, clients: int, settings: Mapping[str, str] | None = None
) -> Iterator[Stand]:
    """Fresh processes for one measurement, so that none inherits another's connections, queue or counters.

    :param delay: how long the API takes, in seconds.
    :param clients: how many visitors there will be.
    :param settings: further ones, of PinGate's.
    """
    api = bench.upstream.url(delay)
    socket = bench.workplace.new_folder("socket") / "peer.sock"
    situation = Situation(bench.workplace, bench.confidential, api, clients, settings or {})
    part = peer.start(situation, socket) if peer.start else None
    try:
        if part:
            peers.until_it_listens(part, socket)
        front = servers.start_front(
            bench.workplace, peer.name, peer.upstreams(socket, api), peer.locations(socket, api)
        )
        try:
            yield Stand(peer, front, part)
        finally:
            workbench.end(front.part)
    finally:
        if part:
            workbench.end(part)
