"""What programs ask of the kernel, by strace."""

import re
from dataclasses import dataclass
from pathlib import Path

OPENING = ("open", "openat", "openat2")
FILES = ",".join(["execve", *OPENING, "access", "faccessat", "faccessat2", "stat", "lstat", "newfstatat", "statx"])
PROCESSES = "fork,vfork,clone,clone3"
FILE_CALL = re.compile(rf'(?P<name>{FILES.replace(",", "|")})\((?:AT_FDCWD, )?"(?P<path>[^"]*)".* = (?P<result>-?\d+)')
NEW_PROCESS = re.compile(r"(?:v?fork|clone3?)\(.* = (?P<child>\d+)$")


@dataclass(frozen=True)
class Trace:
    """A file for each process and thread, named by its number."""

    folder: Path

    def command(self, *words: str | Path) -> list[str | Path]:
        """The words as a command that is watched, with all that it starts."""
        return [
            *("strace", "--follow-forks", "--output-separately", "--quiet=all", "--string-limit=4096"),
            *(f"--trace={FILES},{PROCESSES}", f"--output={self.folder}/of"),
            *words,
        ]

    def opened(self, mark: str) -> list[str]:
        """What was opened, whether it is there or not, by those programs that opened a file, and by all that they started."""
        return [path for name, path in self._files(mark) if name in OPENING]

    def asked_for(self, mark: str) -> list[str]:
        """What was opened by them, and what was asked of whether it is there."""
        return [path for _, path in self._files(mark)]

    def _files(self, mark: str) -> list[tuple[str, str]]:
        logs = {int(file.suffix[1:]): file.read_text(errors="replace").splitlines() for file in self.folder.iterdir()}
        found: list[tuple[str, str]] = []
        seen: set[int] = set()
        next_ones = [(process, lines[start:]) for process, lines in logs.items() if (start := _start(lines, mark)) >= 0]
        assert next_ones, f"nobody opened {mark}"
        while next_ones:
            process, lines = next_ones.pop()
            if process in seen:
                continue
            seen.add(process)
            for line in lines:
                if call := FILE_CALL.match(line):
                    if call["name"] != "execve":
                        found.append((call["name"], call["path"]))
                elif new := NEW_PROCESS.match(line):
                    child = int(new["child"])
                    next_ones.append((child, logs.get(child, [])))
        return found


def _start(lines: list[str], mark: str) -> int:
    """The line at which the process became the program that then opened the file; -1 when none did."""
    became = -1
    for number, line in enumerate(lines):
        call = FILE_CALL.match(line)
        if call and call["name"] == "execve" and call["result"] == "0":
            became = number
        elif call and call["name"] in OPENING and call["path"] == mark:
            return became
    return -1
