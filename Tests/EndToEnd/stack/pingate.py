"""PinGate itself."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stack import limits, listening
from stack.confidential import Confidential
from stack.workplace import Part, Workplace

REPOSITORY = Path(__file__).resolve().parents[3]


@cache
def program(name: str) -> Path:
    """A program of this package: in the folder that `PINGATE_BIN` names, or where SwiftPM put it."""
    folder = os.environ.get("PINGATE_BIN")
    if not folder:
        command = ["swift", "build", "--show-bin-path", "--package-path", str(REPOSITORY)]
        folder = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    path = Path(folder).resolve() / name
    assert path.is_file(), f"{path} is missing: build it first"
    return path


def serve() -> list[str | Path]:
    """The command that serves."""
    return [program("pingate"), "serve"]


def as_nobody_special(workplace: Workplace, *words: str) -> list[str | Path]:
    """The command as a user who may not do everything: root may write where nobody may."""
    if os.getuid() != 0:
        return [program("pingate"), *words]
    # The folder of the build may be closed to others.
    copy = workplace.folder / "pingate"
    if not copy.exists():
        shutil.copy(program("pingate"), copy)
    return ["setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", copy, *words]


def write_settings(file: Path, confidential: Confidential, api: str, **more: str) -> Path:
    """A complete configuration file.

    :param api: the address of Vonage's API.
    :param more: further settings, by name.
    """
    settings = {
        "VONAGE_API_KEY": confidential.api_key,
        "VONAGE_API_SECRET": confidential.api_secret,
        "VONAGE_BRAND_NAME": "Example",
        "VONAGE_API_URL": api,
        "PINGATE_KEY": confidential.sealing_key,
        # The United States for the stand-in's magic numbers.
        "PINGATE_HOME_COUNTRY": "DE",
        "PINGATE_COUNTRIES": "DE US",
        **limits.OUT_OF_REACH,
        # Tests type faster than hands.
        "PINGATE_FASTEST_FORM": "0",
        # The most that there is, so that the search for secrets sees all that can be logged.
        "PINGATE_LOG_LEVEL": "trace",
        **more,
    }
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    return file


@dataclass(frozen=True)
class PinGate:
    """A PinGate that listens at a Unix socket."""

    part: Part
    socket: Path
    settings: Path

    @property
    def threads(self) -> int:
        status = Path(f"/proc/{self.part.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Threads:"))

    @property
    def open_files(self) -> int:
        """It lets none but root look."""
        command = [*([] if os.getuid() == 0 else ["sudo", "-n"]), "ls", f"/proc/{self.part.pid}/fd"]
        return len(subprocess.run(command, check=True, capture_output=True).stdout.split())


def start_on_loopback(
    workplace: Workplace, confidential: Confidential, api: str, name: str = "pingate-tcp", **more: str
) -> tuple[Part, int]:
    """`pingate serve` on a TCP socket that it is handed as by systemd. Returns also the port."""
    settings = write_settings(workplace.new_folder(name) / "pingate.conf", confidential, api, **more)
    listener = listening.on_loopback()
    with listening.Inheritance([listener]) as sockets:
        part = workplace.start(
            name,
            listening.as_systemd(serve()),
            environment={"PINGATE_CONFIG": str(settings), "SOURCES": " ".join(sockets.numbers)},
            descriptors=sockets.descriptors,
        )
    port = listening.port(listener)
    listener.close()
    return part, port


def start(
    workplace: Workplace,
    confidential: Confidential,
    api: str,
    name: str = "pingate",
    command: Sequence[str | Path] = (),
    clock: Mapping[str, str] | None = None,
    **more: str,
) -> PinGate:
    """`pingate serve` at a Unix socket of its own.

    :param command: what starts it.
    :param clock: the environment in which it has a clock of its own (`stack.clock`).
    """
    folder = workplace.new_folder(name)
    if command:
        folder.chmod(0o777)  # for another user's socket
    socket = folder / "pingate.sock"
    settings = write_settings(
        folder / "pingate.conf", confidential, api, **{"PINGATE_LISTEN": f"unix:{socket}", **more}
    )
    environment = {"PINGATE_CONFIG": str(settings), **(clock or {})}
    part = workplace.start(name, command or serve(), environment=environment)
    part.until_ready(lambda: listening.accepts(socket))
    return PinGate(part, socket, settings)
