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


def _go(folder: Path, name: str, source: Path) -> Path:
    program = folder / name
    environment = {**os.environ, "GO111MODULE": "off", "GOCACHE": str(folder / "go-cache"), "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(program), str(source)], check=True, env=environment)
    return program


@cache
def go_peer(folder: Path) -> Path:
    return _go(folder, "go-peer", PEERS / "go" / "main.go")


@cache
def pace(folder: Path) -> Path:
    """Not a peer: the load at a constant rate."""
    return _go(folder, "pace", BENCHMARKS / "load" / "pace" / "main.go")
