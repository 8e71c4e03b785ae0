"""What the gate touches of the machine when it runs as plain CGI: its settings, and nothing that only a form needs."""

import fcntl
import os
import re
import socket
import struct
import termios
from collections.abc import Mapping
from pathlib import Path

import pytest

from stack import cgi, flow, gates
from stack.cgi import Hosting, Run
from stack.confidential import Confidential
from stack.sandbox import Sandbox
from stack.waiting import until
from stack.workplace import Workplace

CALLS = "execve,open,openat,openat2,creat,%network"
OPENED = re.compile(r'\b(?:open|openat|openat2|creat)\((?:AT_FDCWD, )?"([^"]*)"')
# What the loader opens, what says how names of hosts are looked up, and what the kernel says of the process and the machine.
OF_ANY_PROGRAM = re.compile(
    r"\S+\.so(\.\d+)*|/etc/ld\.so\.\w+|/etc/nsswitch\.conf|/proc/(self|thread-self)/\S+|/sys/devices/\S+|/dev/null"
)


def guarded_file(cookie: str = "", **more: str) -> dict[str, str]:
    """What Apache tells the program about a guarded file, as deploy/htaccess-gate.example has it ask."""
    asked = {"REDIRECT_URL": "/private/big.txt", "REDIRECT_STATUS": "200", "REQUEST_URI": "/private/big.txt"}
    return {"HTTPS": "on", "HTTP_COOKIE": cookie, **asked, **more}


@pytest.fixture(scope="module")
def proof(confidential: Confidential) -> str:
    return f"__Host-Http-pingate={gates.proof(confidential)}"


def traced(hosting: Hosting, log: Path, method: str, path: str, form: dict[str, str] | None = None, **more: str) -> tuple[Run, str]:
    """What came of it, and the calls that the program itself made."""
    command = ["strace", "-f", "-qq", "-s", "4096", "-o", log, "-e", f"trace={CALLS}"]
    run = hosting.run(method, path, form, after=command, **more)
    calls = log.read_text()
    # strace, setpriv and prlimit came before it.
    start = calls.rindex("execve(")
    assert str(hosting.program) in calls[start:].split("\n", 1)[0], calls
    return run, calls[start:].split("\n", 1)[1]


def files(calls: str) -> list[str]:
    """What was opened, or would have been had it been there."""
    return [path for path in OPENED.findall(calls) if not OF_ANY_PROGRAM.fullmatch(path)]


NAVIGATION = {"HTTP_ACCEPT": "text/html", "HTTP_SEC_FETCH_MODE": "navigate"}


def test_a_guarded_file_touches_neither_store_nor_certificate_nor_network(
    workplace: Workplace, confidential: Confidential, counting: Sandbox, proof: str
) -> None:
    """A form of the same program, traced alike, does."""
    folder = workplace.new_folder("trace")
    folder.chmod(0o777)
    certificates = folder / "certificates.pem"
    certificates.write_text(Path("/etc/ssl/certs/ca-certificates.crt").read_text())
    certificates.chmod(0o644)
    # Over TLS, which the form does not get as far as: the stand-in speaks none.
    hosting = cgi.hosting(
        workplace, confidential, counting.api.replace("http:", "https:"), **gates.GATE,
        PINGATE_CA_FILE=str(certificates),
    )  # fmt: skip
    log, number = folder / "calls", confidential.new_number()
    run, calls = traced(hosting, log, "POST", "register", {"number": flow.typed(number)})
    assert run.page and run.page.status >= 500, run
    store = hosting.folder / "pingate.sqlite"
    assert str(store) in files(calls) and str(certificates) in files(calls) and "socket(" in calls, calls

    for more, status, field in (
        (guarded_file(proof), 200, ("Location", "/private/big.txt")),
        (guarded_file(), 401, ("WWW-Authenticate", "Bearer")),
        (guarded_file("__Host-Http-pingate=x.y.z"), 401, ("WWW-Authenticate", "Bearer")),
        (guarded_file(**NAVIGATION), 303, ("Cache-Control", "no-store")),
    ):
        run, calls = traced(hosting, log, "GET", "gate", **more)
        assert run.status == 0 and answer(run)[0] == status, run
        assert answer(run)[1].get(field[0]) == field[1], run
        # So no data of ICU's either.
        assert files(calls) == [str(hosting.settings)], calls
        assert not re.search(r"\b(socket|socketpair|connect|bind|sendto)\(", calls), calls

    # With a file of users that is read, too.
    users = hosting.folder / "users"
    users.write_text("alice:+12025550143\n")
    if os.getuid() == 0:
        os.chown(users, hosting.user, hosting.user)
    hosting.settings.write_text(hosting.settings.read_text() + f"PINGATE_USERS={users}\n")
    run, calls = traced(hosting, log, "GET", "gate", **guarded_file(proof, REMOTE_USER="alice"))
    assert run.status == 0 and answer(run)[0] == 401, run
    # Each of them once.
    assert files(calls) == [str(hosting.settings), str(users)], calls


def answer(run: Run) -> tuple[int, Mapping[str, str]]:
    """A status and header fields; a local redirect has no status of its own, which means 200 (RFC 3875, section 6.2.2)."""
    lines = [line.split(": ", 1) for line in run.output.split(b"\r\n\r\n")[0].decode().split("\r\n")]
    fields = {name: value for name, value in lines}
    return int(fields.pop("Status", "200").split()[0]), fields


# MARK: The numbering plan, which is in the program's own file


def memory(process: int) -> int:
    """What the process has written to, in KiB (proc(5)): all that a library makes of its data, and none of what is in files."""
    found = re.search(r"^RssAnon:\s+(\d+) kB$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def test_a_guarded_file_makes_nothing_of_the_numbering_plan(
    workplace: Workplace, confidential: Confidential, proof: str
) -> None:
    """What libphonenumber makes of the plan is most of what a form's program has in its memory. Looked at while the program waits:
    for the rest of a body, with its answer made; and a form's, for the provider."""
    with socket.create_server(("127.0.0.1", 0)) as provider:
        hosting = cgi.hosting(
            workplace, confidential, f"http://127.0.0.1:{provider.getsockname()[1]}", **gates.GATE
        )
        reading, writing = os.pipe()
        os.write(writing, b"x")
        process = hosting.start("GET", "gate", stdin=reading, CONTENT_LENGTH="2", **guarded_file(proof))
        until(lambda: waiting_bytes(reading) == 0, "the program to read what there is of the body")
        guarded = memory(process.pid)
        os.write(writing, b"x")
        assert answer(cgi.finished(process))[1]["Location"] == "/private/big.txt"
        os.close(reading)
        os.close(writing)

        number = flow.typed(confidential.new_number())
        process = hosting.start("POST", "register", {"number": number})
        provider.settimeout(60)
        connection, _ = provider.accept()
        form = memory(process.pid)
        connection.close()
        page = cgi.finished(process).page
        assert page and page.status >= 500
    # 2,812 and 3,424 where this was written: the form's program makes only the regions that its number needs.
    assert guarded * 10 < form * 9


def waiting_bytes(descriptor: int) -> int:
    return struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4))[0]
