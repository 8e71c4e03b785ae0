"""A wall clock that tests set."""

import datetime
from pathlib import Path


class _Faked:
    """The clock of processes that `libfaketime` (Debian's `faketime`) is loaded into; the others are true."""

    def __init__(self, file: Path) -> None:
        self.file = file
        (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
        }

    def _write(self, text: str) -> None:
        """In one step, so that nobody reads half of it."""
        new = self.file.with_suffix(".new")
        new.write_text(text + "\n")
        new.rename(self.file)


class Clock(_Faked):
    """A wall clock that goes, as far from the truth as a test says. The clocks that nobody sets are true."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
        self.set(0)

    def set(self, seconds: int) -> None:
        """So many seconds from the truth."""
        self.offset = seconds
        self._write(f"{seconds:+}")

    def advance(self, seconds: int) -> None:
        self.set(self.offset + seconds)


class StoppedClock(_Faked):
    """All clocks stand still until a test moves them: so that a second is exactly one, however slow the machine is."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.environment["TZ"] = "UTC"
        self.now = datetime.datetime.now(datetime.UTC)
        self.advance(0)

    def advance(self, seconds: int) -> None:
        self.now += datetime.timedelta(seconds=seconds)
        self._write(f"{self.now:%Y-%m-%d %H:%M:%S}")
