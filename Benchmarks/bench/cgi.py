"""A CGI program without a web server: started, fed, and read to the end of its output (RFC 3875)."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One start. In seconds, from just before the process is made to the last byte of its page.

    Not to the end of its output: a browser shows the page that has all its bytes, and what the program closes
    after that keeps no visitor waiting.
    """

    page_after: float
    is_right: bool
    # Pages of memory that the kernel had to find for it.
    page_faults: int


def environment(method: str, script: str, path_info: str, body: bytes) -> dict[str, str]:
    """What a web server tells of a request; the same for all."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": script,
        "PATH_INFO": path_info,
        "QUERY_STRING": "",
        "SERVER_NAME": "www.example.com",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTPS": "on",
        "REMOTE_ADDR": "203.0.113.7",
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "HTTP_HOST": "www.example.com",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    }


def run(command: Sequence[str | Path], variables: Mapping[str, str], body: bytes, expected: str, log: Path) -> Run:
    """:param log: where its standard error goes."""
    with tempfile.TemporaryFile() as given, log.open("ab") as errors:
        given.write(body)
        given.seek(0)
        reading, writing = os.pipe()
        files = [
            (os.POSIX_SPAWN_DUP2, given.fileno(), 0),
            (os.POSIX_SPAWN_DUP2, writing, 1),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
        ]
        words = [str(word) for word in command]
        began = time.perf_counter()
        pid = os.posix_spawn(words[0], words, dict(variables), file_actions=files)
        os.close(writing)
        output = b""
        ended = began
        while part := os.read(reading, 65_536):
            ended = time.perf_counter()
            output += part
        os.close(reading)
        _, status, used = os.wait4(pid, 0)
    head, _, page = output.partition(b"\r\n\r\n")
    is_success = not any(
        line.startswith(b"Status:") and not line.startswith(b"Status: 200") for line in head.split(b"\r\n")
    )
    return Run(ended - began, status == 0 and is_success and expected.encode() in page, used.ru_minflt + used.ru_majflt)


@dataclass(frozen=True)
class Footprint:
    """What a host's limits (RLIMIT_NPROC, RLIMIT_AS) are about: threads and bytes, at most."""

    threads: int
    address_space: int


# Long enough to look at a program that has written its page.
_HELD_AT_END = "inject=exit_group:delay_enter=300000"


def footprint(command: Sequence[str | Path], variables: Mapping[str, str], body: bytes, log: Path) -> Footprint:
    """A start under strace, which counts its threads and holds it at its end, so that it can be looked at."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as given, log.open("ab") as errors:
        given.write(body)
        given.seek(0)
        calls = Path(folder) / "calls"
        strace = ["strace", "-f", "-qq", "-o", str(calls), "-e", "trace=clone,clone3,exit_group", "-e", _HELD_AT_END]
        with subprocess.Popen(
            [*strace, *(str(word) for word in command)],
            env=dict(variables),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as tracer:
            assert tracer.stdout
            page = b""
            while b"</html>" not in page and (part := os.read(tracer.stdout.fileno(), 65_536)):
                page += part
            traced = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()[0]
            status = Path(f"/proc/{traced}/status").read_text()
            tracer.stdout.read()
        threads = 1 + len(re.findall(r"CLONE_THREAD", calls.read_text()))
    peak = re.search(r"^VmPeak:\s+(\d+) kB", status, re.MULTILINE)
    if not peak:
        raise RuntimeError(f"{command[0]} was gone before it was looked at")
    return Footprint(threads, int(peak[1]) * 1024)
