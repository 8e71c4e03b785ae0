"""On what was measured: the machine, and the versions of everything."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from stack.pingate import program

from bench import REPOSITORY

PACKAGES = {
    "nginx": ("nginx-light", "nginx"),
    "nginx echo module": ("libnginx-mod-http-echo",),
    "Go": ("golang-1.19-go", "golang-go"),
    "go-sqlite3": ("golang-github-mattn-go-sqlite3-dev",),
    "Express": ("node-express",),
    "EJS": ("node-ejs",),
    "PHP": ("php8.2-fpm", "php-fpm"),
    "libcurl": ("libcurl4",),
    "libfcgi": ("libfcgi0ldbl",),
    "libphonenumber": ("libphonenumber-dev",),
    "SQLite": ("libsqlite3-0",),
    "hiredis": ("libhiredis0.14",),
    "Redis": ("redis-server",),
    "GCC": ("gcc-12", "gcc"),
    "wrk": ("wrk",),
}


def _said(*command: str | Path) -> str:
    """What a program says of itself; nothing when it is not there."""
    try:
        run = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, cwd=REPOSITORY, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return (run.stdout or run.stderr).strip()


def processor(cpuinfo: str) -> str:
    """The processor's name."""
    match = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return match[1].strip() if match else platform.machine()


def memory(meminfo: str) -> float:
    """All memory, in bytes."""
    match = re.search(r"^MemTotal:\s*(\d+) kB", meminfo, re.MULTILINE)
    return int(match[1]) * 1024 if match else 0


def file_system(mounts: str, folder: Path) -> str:
    """The kind of file system that a folder is on."""
    lines = [line.split() for line in mounts.splitlines()]
    above = [words for words in lines if folder.is_relative_to(words[1])]
    return max(above, key=lambda words: len(words[1]))[2] if above else "?"


def description(folder: Path) -> str:
    """The machine, in a line.

    :param folder: where the stores were.
    """
    kind = processor(Path("/proc/cpuinfo").read_text())
    gibibytes = memory(Path("/proc/meminfo").read_text()) / (1 << 30)
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    disk = file_system(Path("/proc/mounts").read_text(), folder)
    return (
        f"{os.cpu_count()} cores of {kind}, {gibibytes:.0f} GiB; {system}, Linux {platform.release()}; stores on {disk}"
    )


def versions() -> dict[str, str]:
    """By name; what is not there is left out."""
    swift = re.search(r"Swift version (\S+)", _said("swift", "--version"))
    found = {
        "PinGate": _said(program("pingate"), "--version") + " at " + _said("git", "describe", "--always", "--dirty"),
        "Swift": swift[1] if swift else "",
        "Node.js": _said("node", "--version").removeprefix("v"),
        **{name: _first(packages) for name, packages in PACKAGES.items()},
    }
    return {name: version for name, version in found.items() if version}


def _first(packages: Sequence[str]) -> str:
    for package in packages:
        if version := _said("dpkg-query", "--show", "--showformat=${Version}", package):
            # Without Debian's epoch.
            return version.rpartition(":")[2]
    return ""
