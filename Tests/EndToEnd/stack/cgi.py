"""A CGI program without a web server, under the limits of hosting companies."""

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from stack import pingate, transports
from stack.confidential import Confidential
from stack.page import Page
from stack.workplace import Workplace

START = "http://www.example.com/"
# Long after any answer: whatever takes so long hangs.
SECONDS = 60


@dataclass(frozen=True)
class Run:
    """What came of one start."""

    status: int
    output: bytes
    log: str

    @property
    def page(self) -> Page | None:
        """A whole one, or none."""
        if b"\r\n\r\n" not in self.output:
            return None
        page = transports.page_of(START, self.output)
        length = page.field("Content-Length")
        whole = len(page.body) == int(length) if length else page.text.rstrip().endswith("</html>")
        return page if whole else None


@dataclass
class Hosting:
    """A user's folder with the program and its settings; the user has nothing else that runs."""

    folder: Path
    user: int
    settings: Path
    _count: list[int] = field(default_factory=lambda: [0])

    @property
    def program(self) -> Path:
        return self.folder / "pingate"

    def command(self, limits: Sequence[str], words: Sequence[str] = ()) -> list[str | Path]:
        """The program as its user, under limits as prlimit(1) has them."""
        # The user first: whoever becomes one that has too many processes may not start a program.
        setpriv = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"]
        return [*(setpriv if os.getuid() == 0 else []), "prlimit", *limits, self.program, *words]

    def start(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        limits: Sequence[str] = (),
        stdin: int | IO[bytes] | None = None,
        stdout: int | IO[bytes] = subprocess.PIPE,
        stderr: int | IO[bytes] = subprocess.PIPE,
        before: Sequence[str] = (),
        after: Sequence[str | Path] = (),
        **variables: str,
    ) -> subprocess.Popen[bytes]:
        """Starts it for one request.

        :param before: a shell's words that redirect something before the program starts, like `>&-`.
        :param after: a command that starts the program, like strace.
        :param variables: of its environment; an empty one is left out.
        """
        body = urlencode(form).encode() if form else b""
        fields = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://www.example.com"}
        url = f"{START}{transports.CGI_PATH[1:]}/{path}"
        environment = transports.cgi_environment(self.settings, method, url, fields if form else {}, body)
        environment = {name: value for name, value in (environment | variables).items() if value}
        command = self.command(limits)
        if after:
            command = [*after, *command]
        if before:
            command = ["sh", "-c", f'exec "$@" {" ".join(before)}', "sh", *command]
        given = stdin
        if given is None:
            reading, given = os.pipe()
            os.write(given, body)  # a form fits into a pipe
            os.close(given)
            given = reading
        try:
            return subprocess.Popen(
                [str(word) for word in command], env=environment, stdin=given, stdout=stdout, stderr=stderr,
                cwd=self.folder,
            )
        finally:
            if stdin is None and isinstance(given, int):
                os.close(given)

    def run(self, method: str, path: str, form: Mapping[str, str] | None = None, **more: object) -> Run:
        """Starts it and waits for its end, as `start`."""
        return finished(self.start(method, path, form, **more))  # type: ignore[arg-type]


def finished(process: subprocess.Popen[bytes]) -> Run:
    """Waits for the end, which has to come."""
    output, errors = process.communicate(timeout=SECONDS)
    return Run(process.returncode, output or b"", (errors or b"").decode(errors="replace"))


def hosting(workplace: Workplace, confidential: Confidential, api: str, **settings: str) -> Hosting:
    """The program in a folder of a user of its own.

    :param settings: as for `pingate.write_settings`.
    """
    folder = workplace.new_folder("hosting")
    user = _new_user() if os.getuid() == 0 else os.getuid()
    shutil.copy(pingate.program("pingate"), folder / "pingate")
    (folder / "pingate").chmod(stat.S_IRWXU | stat.S_IXGRP | stat.S_IRGRP | stat.S_IXOTH | stat.S_IROTH)
    file = pingate.write_settings(folder / "pingate.conf", confidential, api, **settings)
    if os.getuid() == 0:
        for path in (folder, file):
            os.chown(path, user, user)
    return Hosting(folder, user, file)


_users = iter(range(61_184, 65_520))  # those that systemd gives to services for a while


def _new_user() -> int:
    """A number that no process has: RLIMIT_NPROC counts all of a user's."""
    busy = {path.stat().st_uid for path in Path("/proc").glob("[0-9]*") if path.exists()}
    return next(number for number in _users if number not in busy)

