"""A redis-server of the test's own, at a Unix socket; or several, with a sentinel that watches over them."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from stack import listening
from stack.tls import Trust
from stack.waiting import until
from stack.workplace import EndedEarly, Part, Workplace


@dataclass
class Redis:
    workplace: Workplace
    part: Part
    folder: Path
    socket: Path

    @property
    def store(self) -> str:
        """What `PINGATE_STORE` is set to."""
        return f"redis+unix://{self.socket}"

    def restart(self) -> None:
        self.part = _run(self.workplace, self.folder, self.socket)


def start(workplace: Workplace) -> Redis:
    folder = workplace.new_folder("redis")
    socket = folder / "redis.sock"
    return Redis(workplace, _run(workplace, folder, socket), folder, socket)


def _run(workplace: Workplace, folder: Path, socket: Path) -> Part:
    command: list[str | Path] = ["redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder]
    part = workplace.start("redis", [*command, "--appendonly", "yes", "--appendfsync", "always", "--save", ""])
    part.until_ready(lambda: listening.accepts(socket))
    return part


@dataclass
class Server:
    """A redis-server, or a sentinel, at a port."""

    part: Part
    port: int

    def confirmed_by(self) -> int:
        """How many replicas have what is written now."""
        command = ["redis-cli", "-p", str(self.port)]
        lines = "SET ready 1\nDEL ready\nWAIT 9 200\n"
        done = subprocess.run(command, input=lines, check=True, capture_output=True, text=True)
        return int(done.stdout.split()[-1])

    def say(self, *words: str) -> list[str]:
        command = ["redis-cli", "-p", str(self.port), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


@dataclass
class Watched:
    """A primary and its replicas, and the sentinel that puts one of them in its place."""

    primary: Server
    replicas: list[Server]
    sentinel: Server

    @property
    def store(self) -> str:
        """What `PINGATE_STORE` is set to."""
        return f"redis+sentinel://127.0.0.1:{self.sentinel.port}/main"

    @property
    def primarys_port(self) -> int:
        """The port of the primary as the sentinel has it now."""
        return int(self.sentinel.say("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main")[1])

    def stop(self) -> None:
        for server in (self.sentinel, *self.replicas, self.primary):
            server.part.stop()


def start_watched(workplace: Workplace, replicas: int) -> Watched:
    primary = _at_a_port(workplace)
    others = [_at_a_port(workplace, f"replicaof 127.0.0.1 {primary.port}") for _ in range(replicas)]
    # A replica whose link is up may not have confirmed anything yet.
    until(lambda: primary.confirmed_by() == replicas, "the replicas")
    sentinel = _at_a_port(
        workplace,
        f"sentinel monitor main 127.0.0.1 {primary.port} 1",
        "sentinel down-after-milliseconds main 500",
        "sentinel failover-timeout main 3000",
        options=["--sentinel"],
    )
    watched = Watched(primary, others, sentinel)
    until(lambda: _value(sentinel.say("SENTINEL", "MASTER", "main"), "num-slaves") == str(replicas), "the sentinel")
    return watched


def _value(words: list[str], name: str) -> str:
    return words[words.index(name) + 1]


def start_with_tls(workplace: Workplace, trust: Trust) -> tuple[Part, str]:
    """Returns also what `PINGATE_STORE` is set to."""
    server = _at_a_port(
        workplace,
        "appendfsync always",
        f"tls-cert-file {trust.certificate}",
        f"tls-key-file {trust.key}",
        f"tls-ca-cert-file {trust.certificate}",
        "tls-auth-clients no",
        scheme="tls-port",
    )
    return server.part, f"rediss://127.0.0.1:{server.port}/0?ca={trust.trusted}"


def _at_a_port(
    workplace: Workplace, *lines: str, options: list[str] = [], scheme: str = "port"  # noqa: B006 (not changed)
) -> Server:
    """A server cannot be handed a socket: another port is tried where somebody was faster."""
    for _ in range(5):
        port = listening.free_port()
        folder = workplace.new_folder("redis")
        file = folder / "redis.conf"
        usual = ["port 0", f"{scheme} {port}", "bind 127.0.0.1", f"dir {folder}"]
        if not options:
            usual += ["appendonly yes", "save ''", "repl-diskless-sync-delay 0"]
        file.write_text("\n".join([*usual, *lines]) + "\n")
        part = workplace.start("redis", ["redis-server", file, *options])
        try:
            part.until_ready(lambda: listening.accepts(port))  # noqa: B023 (called at once)
        except EndedEarly:
            continue
        return Server(part, port)
    raise AssertionError("no redis-server starts")
