"""Builds what a peer is made of: once a run, in the run's own folder."""

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


@cache
def go_peer(folder: Path) -> Path:
    program = folder / "go-peer"
    environment = {**os.environ, "GO111MODULE": "off", "GOCACHE": str(folder / "go-cache"), "GOFLAGS": ""}
    command = ["go", "build", "-o", str(program), str(PEERS / "go" / "main.go")]
    subprocess.run(command, check=True, env=environment)
    return program
