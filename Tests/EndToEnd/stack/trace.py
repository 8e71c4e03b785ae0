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

    def opened(self, program: Path) -> list[str]:
        """What was opened, whether it is there or not, by those that had become this program, by what they had been just
        before that, and by all that they made."""
        return [path for name, path in self._files(program) if name in OPENING]

    def asked_for(self, program: Path) -> list[str]:
        """What was opened, and what it was asked of whether it is there."""
        return [path for _, path in self._files(program)]

    def _files(self, program: Path) -> list[tuple[str, str]]:
        logs = {int(file.suffix[1:]): file.read_text(errors="replace").splitlines() for file in self.folder.iterdir()}
        found: list[tuple[str, str]] = []
        seen: set[int] = set()
        next_ones = [(process, lines[start:]) for process, lines in logs.items() if (start := _start(lines, program)) >= 0]
        assert next_ones, f"nobody became {program}"
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


def _start(lines: list[str], program: Path) -> int:
    """The line at which the process became what then became the program; -1 when it never did."""
    became = -1
    for number, line in enumerate(lines):
        call = FILE_CALL.match(line)
        if call and call["name"] == "execve" and call["result"] == "0":
            if call["path"] == str(program):
                return became if became >= 0 else number
            became = number
    return -1
