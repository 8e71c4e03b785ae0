"""A wall clock that tests set."""

from pathlib import Path


class Clock:
    """The wall clock of processes that `libfaketime` (Debian's `faketime`) is loaded into; the others are true."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(0)
        (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds: int) -> None:
        """So many seconds from the truth. In one step, so that nobody reads half of it."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+}\n")
        new.rename(self.file)
