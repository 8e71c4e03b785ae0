"""Builds what has to be built, once a run, in the run's own folder."""

import os
import subprocess
from functools import cache
from pathlib import Path

from bench import BENCHMARKS

PEERS = BENCHMARKS / "peers"


@cache
def c_peer(folder: Path) -> Path:
    program = folder / "c-peer"
    command = ["cc", "-O2", "-o", str(program), str(PEERS / "c" / "main.c"), "-lfcgi", "-lcurl", "-lpthread"]
    subprocess.run(command, check=True)
    return program


def _go(folder: Path, name: str, source: Path, tags: str = "") -> Path:
    """:param source: the folder of a program's files. Packages are Debian's."""
    program = folder / name
    packages = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}
    environment = {**os.environ, **packages, "GOCACHE": str(folder / "go-cache")}
    command = ["go", "build", "-tags", tags, "-o", str(program), "."]
    subprocess.run(command, check=True, cwd=source, env=environment)
    return program


@cache
def go_peer(folder: Path) -> Path:
    return _go(folder, "go-peer", PEERS / "go")


@cache
def counting_go_peer(folder: Path) -> Path:
    # SQLite is Debian's library, as it is PinGate's.
    return _go(folder, "counting-go-peer", PEERS / "go", "counting,libsqlite3")


@cache
def constant_gate(folder: Path) -> Path:
    program = folder / "constant-gate"
    command = ["cc", "-O2", "-o", str(program), str(PEERS / "gate" / "c" / "main.c"), "-lfcgi", "-lpthread"]
    subprocess.run(command, check=True)
    return program


@cache
def go_gate(folder: Path) -> Path:
    return _go(folder, "go-gate", PEERS / "gate" / "go")


@cache
def pace(folder: Path) -> Path:
    """Not a peer: the load at a constant rate."""
    return _go(folder, "pace", BENCHMARKS / "load" / "pace")
