"""One peer in its place: behind the front, before the upstream, from start to stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stack.confidential import Confidential
from stack.workplace import Part, Workplace

from bench import peers, servers, workbench
from bench.load import Numbers
from bench.options import Options
from bench.peers import Peer, Situation
from bench.servers import Front

if TYPE_CHECKING:
    from bench.crowd import Crowd


@dataclass
class Bench:
    """What all rows share."""

    workplace: Workplace
    options: Options
    confidential: Confidential
    upstream: servers.Upstream
    numbers: Numbers
    # What was measured already, by the number of clients.
    crowds: dict[int, Crowd] = field(default_factory=dict)

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
    with workbench.part_of(bench.workplace, peer.name, keeps=bench.options.keeps) as workplace:
        socket = workplace.folder / "peer.sock"
        situation = Situation(workplace, bench.workplace.folder, bench.confidential, api, clients, settings or {})
        part = peer.start(situation, socket) if peer.start else None
        if part:
            peers.until_it_listens(part, socket)
        upstreams, locations = peer.upstreams(situation, socket), peer.locations(situation)
        front = servers.start_front(workplace, peer.name, upstreams, locations)
        yield Stand(peer, front, part)
