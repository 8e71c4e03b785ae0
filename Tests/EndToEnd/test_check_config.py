"""`check-config` means what it says: what keeps a visitor's form from working is named, and what it calls ready works."""

import grp
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import flow, listening, pingate, redis
from stack.confidential import Confidential
from stack.pingate import program
from stack.sandbox import Sandbox
from stack.transports import through_cgi_fcgi
from stack.visitor import Visitor
from stack.workplace import PROGRAM_PATH, Workplace

CONFIGURATION = 78
READY = "PinGate is ready as far as root can tell" if os.geteuid() == 0 else "PinGate is ready."
# The program's own group is one that it may give a socket to.
GROUP = grp.getgrgid(os.getegid()).gr_name


def checked(settings: Path, *flags: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `check-config` with a file of settings."""
    return subprocess.run(
        [program("pingate"), "check-config", *flags],
        env={"PATH": PROGRAM_PATH, "PINGATE_CONFIG": str(settings), **environment},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def folder(workplace: Workplace) -> Path:
    return workplace.new_folder("checked")


def written(folder: Path, confidential: Confidential, api: str, **more: str) -> Path:
    settings = pingate.write_settings(folder / "pingate.conf", confidential, api, **more)
    settings.chmod(0o600)
    return settings


def problem(settings: Path, name: str, *flags: str, **environment: str) -> str:
    """The one problem that there is, which names this setting."""
    done = checked(settings, *flags, **environment)
    assert done.returncode == CONFIGURATION, done.stdout + done.stderr
    assert "ready" not in done.stdout
    lines = [line for line in done.stderr.splitlines() if ": warning: " not in line]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith(f"{name}: "), lines[0]
    return lines[0]


def test_it_tells_whose_the_keys_and_counters_are(folder: Path, sandbox: Sandbox, confidential: Confidential) -> None:
    done = checked(written(folder, confidential, sandbox.api, PINGATE_BRAND="Sons of Example"), "--offline")
    assert "belong to the only site of its key and store" in done.stdout
    done = checked(written(folder, confidential, sandbox.api, PINGATE_SITE="shop"), "--offline")
    assert "belong to shop, whatever its brand is called" in done.stdout


def test_what_is_called_ready_works(
    workplace: Workplace, folder: Path, sandbox: Sandbox, confidential: Confidential
) -> None:
    """And leaves nothing behind: no database, no other file."""
    socket = folder / "pingate.sock"
    settings = written(
        folder, confidential, sandbox.api, PINGATE_LISTEN=f"unix:{socket}", PINGATE_SOCKET_GROUP=GROUP
    )
    messages = len(sandbox.messages())
    done = checked(settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert READY in done.stdout and "balance is 10.28 EUR" in done.stdout
    assert [file.name for file in folder.iterdir()] == ["pingate.conf"]
    assert len(sandbox.messages()) == messages

    part = workplace.start("ready", pingate.serve(), environment={"PINGATE_CONFIG": str(settings)})
    part.until_ready(lambda: listening.accepts(socket))
    # Beside a program at work, too.
    done = checked(settings)
    assert (done.returncode, done.stderr) == (0, "")
    flow.verify(Visitor(through_cgi_fcgi(socket), "http://www.example.com/"), sandbox, confidential.new_number())
    assert part.stop() == 0


NOBODY = "http://127.0.0.1:9"

WRONG = {
    "a store in a folder that is not there": ("PINGATE_STORE", {"PINGATE_STORE": "sqlite:/nowhere/x"}, "does not exist"),
    "a store in /proc": ("PINGATE_STORE", {"PINGATE_STORE": "sqlite:/proc/x"}, "cannot"),
    "a store that is a folder": ("PINGATE_STORE", {"PINGATE_STORE": "sqlite:/etc"}, "not a file"),
    "a Redis that is down": ("PINGATE_STORE", {"PINGATE_STORE": "redis://127.0.0.1:9"}, "store.unavailable"),
    "a Redis' socket that is not there": ("PINGATE_STORE", {"PINGATE_STORE": "redis+unix:///nowhere"}, "store."),
    "an API that nobody answers at": ("VONAGE_API_URL", {"VONAGE_API_URL": NOBODY}, "cannot be reached"),
    "an API whose name nobody knows": (
        "VONAGE_API_URL",
        {"VONAGE_API_URL": "https://provider.invalid"},
        "cannot be reached",
    ),
    "a proxy that nobody answers at": (
        "PINGATE_PROXY",
        {"VONAGE_API_URL": "https://provider.invalid", "PINGATE_PROXY": "http://127.0.0.1:9"},
        "cannot be reached",
    ),
    "a wrong secret": ("VONAGE_API_SECRET", {"VONAGE_API_SECRET": "another"}, "does not know"),
    "a wrong key": ("VONAGE_API_SECRET", {"VONAGE_API_KEY": "another"}, "does not know"),
    "a socket's folder that is not there": ("PINGATE_LISTEN", {"PINGATE_LISTEN": "unix:/nowhere/x.sock"}, "make it"),
    "a socket in what is no folder": ("PINGATE_LISTEN", {"PINGATE_LISTEN": "unix:/etc/passwd/x.sock"}, "not a folder"),
    "a socket in the place of a file": ("PINGATE_LISTEN", {"PINGATE_LISTEN": "unix:/etc/passwd"}, "not a socket"),
    "a group that is not there": (
        "PINGATE_SOCKET_GROUP",
        {"PINGATE_LISTEN": "unix:/tmp/pingate-check.sock", "PINGATE_SOCKET_GROUP": "nobody-has-this"},
        "no group",
    ),
    "an alert command that is not there": ("PINGATE_ALERT_COMMAND", {"PINGATE_ALERT_COMMAND": "/nowhere/x"}, "started"),
    "an alert command that is not executable": (
        "PINGATE_ALERT_COMMAND",
        {"PINGATE_ALERT_COMMAND": "/etc/passwd"},
        "chmod +x",
    ),
    "an alert command that is a folder": ("PINGATE_ALERT_COMMAND", {"PINGATE_ALERT_COMMAND": "/etc"}, "not a file"),
    "certificates that are none": ("PINGATE_CA_FILE", {"PINGATE_CA_FILE": "/etc/passwd"}, "no certificate"),
    "an origin that never matches": ("PINGATE_ORIGINS", {"PINGATE_ORIGINS": "https://*.example.com"}, "origins"),
    "a folder for files that is not there": ("PINGATE_WWW", {"PINGATE_WWW": "/nowhere"}, "No such file"),
    "an alert URL without TLS": (
        "PINGATE_ALERT_URL",
        {"PINGATE_ALERT_URL": "http://hooks.example.com", "PINGATE_ALERT_SECRET": "an-alert-secret-1"},
        "https",
    ),
    "a comment behind a secret": ("PINGATE_KEY", {}, "#"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_keeps_it_from_working_is_named(
    folder: Path, sandbox: Sandbox, confidential: Confidential, name: str
) -> None:
    setting, more, words = WRONG[name]
    if name == "a comment behind a secret":
        settings = written(folder, confidential, sandbox.api)
        done = checked(settings, PINGATE_KEY=f"{confidential.sealing_key} # new")
        assert done.returncode == CONFIGURATION
        assert f"{setting}: " in done.stderr and words in done.stderr
        assert confidential.sealing_key not in done.stderr
        return
    said = problem(written(folder, confidential, sandbox.api, **more), setting)
    assert words in said
    assert confidential.api_secret not in said


@pytest.mark.parametrize("name", ["a store in a folder that is not there", "a group that is not there"])
def test_without_the_network_the_machine_is_still_looked_at(
    folder: Path, sandbox: Sandbox, confidential: Confidential, name: str
) -> None:
    setting, more, words = WRONG[name]
    settings = written(folder, confidential, sandbox.api, **{**more, "VONAGE_API_URL": NOBODY})
    assert words in problem(settings, setting, "--offline")


def test_without_the_network_nobody_is_asked(folder: Path, confidential: Confidential) -> None:
    settings = written(folder, confidential, NOBODY)
    assert checked(settings).returncode == CONFIGURATION
    done = checked(settings, "--offline")
    assert (done.returncode, done.stderr) == (0, "")
    assert "network was left out" in done.stdout


def test_all_that_is_wrong_is_told_at_once(folder: Path, sandbox: Sandbox, confidential: Confidential) -> None:
    more = {
        "PINGATE_STORE": "sqlite:/nowhere/x",
        "PINGATE_LISTEN": "unix:/nowhere/x.sock",
        "PINGATE_SOCKET_GROUP": "nobody-has-this",
        "PINGATE_ALERT_COMMAND": "/nowhere/x",
        "VONAGE_API_SECRET": "another",
    }
    settings = written(folder, confidential, sandbox.api, **more)
    settings.chmod(0o644)
    done = checked(settings)
    assert done.returncode == CONFIGURATION
    for name in (*more, str(settings)):
        assert re.search(rf"^{re.escape(name)}: .", done.stderr, re.MULTILINE), name


@pytest.mark.parametrize("mode", [0o644, 0o604])
def test_secrets_that_others_can_read_are_a_problem(
    folder: Path, sandbox: Sandbox, confidential: Confidential, mode: int
) -> None:
    settings = written(folder, confidential, sandbox.api)
    settings.chmod(mode)
    assert "chmod o-rwx" in problem(settings, str(settings))
    settings.chmod(0o600)
    secret = folder / "secret"
    secret.write_text(confidential.api_secret + "\r\n")
    secret.chmod(mode)
    with settings.open("a") as file:
        file.write(f"VONAGE_API_SECRET_FILE={secret}\n")
    settings.write_text(settings.read_text().replace(f"VONAGE_API_SECRET={confidential.api_secret}\n", ""))
    assert "chmod o-rwx" in problem(settings, str(secret))
    # Others cannot get there.
    folder.chmod(0o700)
    assert checked(settings).returncode == 0


@pytest.mark.parametrize("root", ["public_html", "httpdocs", "www", "htdocs"])
def test_settings_that_look_as_if_they_were_on_the_web_are_told(
    folder: Path, sandbox: Sandbox, confidential: Confidential, root: str
) -> None:
    (folder / root).mkdir()
    settings = written(folder / root, confidential, sandbox.api)
    done = checked(settings)
    assert str(folder / root) in done.stderr and "hands out to everybody" in done.stderr
    assert (done.returncode == CONFIGURATION) == (root in ("public_html", "httpdocs"))
    assert "ready" not in done.stdout
    # The web server says for sure.
    assert checked(settings, DOCUMENT_ROOT=str(folder / root)).returncode == CONFIGURATION


LINE_ENDS = {"CRLF": "\r\n", "CR": "\r", "LF": "\n"}


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
def test_settings_of_any_editor_are_read(
    folder: Path, sandbox: Sandbox, confidential: Confidential, end: str, mark: str
) -> None:
    settings = written(folder, confidential, sandbox.api)
    lines = ["# a comment", *settings.read_text().splitlines()]
    lines = [line.replace("=", " = ", 1) + " \t" if index % 2 else f"export {line}" for index, line in enumerate(lines)]
    lines[0] = "# a comment"
    settings.write_bytes((mark + LINE_ENDS[end].join(lines) + LINE_ENDS[end]).encode())
    done = checked(settings)
    assert (done.returncode, done.stderr) == (0, "")


def test_settings_in_another_encoding_are_named(
    folder: Path, sandbox: Sandbox, confidential: Confidential
) -> None:
    settings = written(folder, confidential, sandbox.api)
    settings.write_bytes(settings.read_text().encode("utf-16"))
    done = checked(settings)
    assert done.returncode == CONFIGURATION
    assert f"{settings}: cannot be read (it is UTF-16" in done.stderr


@pytest.fixture
def network_disk(workplace: Workplace) -> Iterator[Path]:
    library = workplace.new_folder("network-disk") / "network_disk.so"
    source = Path(__file__).parent / "stack" / "network_disk.c"
    subprocess.run(["clang", "-shared", "-fPIC", "-o", library, source], check=True)
    yield library


@pytest.mark.parametrize("kind", ["no-locks", "no-shared-memory"])
def test_a_disk_that_cannot_hold_the_store_is_our_fault_and_named(
    workplace: Workplace, folder: Path, sandbox: Sandbox, confidential: Confidential, network_disk: Path, kind: str
) -> None:
    """As homes on a network file system are: the visitor is told that it is our fault, the owner what to do."""
    settings = written(folder, confidential, sandbox.api)
    disk = {"LD_PRELOAD": str(network_disk), "NETWORK_DISK": kind}
    said = problem(settings, "PINGATE_STORE", **disk)
    assert "store.unsuitable" in said and "local disk" in said
    assert [file.name for file in folder.iterdir()] == ["pingate.conf"]

    socket = folder / "pingate.sock"
    part = workplace.start(
        kind, pingate.serve(), environment={"PINGATE_CONFIG": str(settings), "PINGATE_LISTEN": f"unix:{socket}", **disk}
    )
    part.until_ready(lambda: listening.accepts(socket))
    visitor = Visitor(through_cgi_fcgi(socket), "http://www.example.com/")
    page = visitor.submit(visitor.open(), number=flow.typed(confidential.new_number()))
    assert (page.status, page.heading) == (503, "Not available right now")
    assert "our fault" in page.text
    assert "local disk" in part.log_text() and "store.busy" not in part.log_text()
    part.stop()


def test_as_root_it_says_that_root_proves_nothing(
    folder: Path, sandbox: Sandbox, confidential: Confidential
) -> None:
    done = checked(written(folder, confidential, sandbox.api))
    assert done.returncode == 0, done.stderr
    assert ("it was root who tried" in done.stdout) == (os.geteuid() == 0)
    assert READY in done.stdout


def test_a_socket_that_the_web_server_may_not_get_to_is_not_called_ready(
    folder: Path, sandbox: Sandbox, confidential: Confidential
) -> None:
    """Whichever folder above it is closed, and when its group is nobody's choice."""
    inner = folder / "closed" / "open"
    inner.mkdir(parents=True)
    listen = {"PINGATE_LISTEN": f"unix:{inner}/pingate.sock"}
    settings = written(folder, confidential, sandbox.api, **listen, PINGATE_SOCKET_GROUP=GROUP)
    done = checked(settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert READY in done.stdout
    inner.parent.chmod(0o700)
    done = checked(settings)
    assert done.returncode == 0
    assert f"PINGATE_LISTEN: warning: the web server cannot enter the folder {inner.parent}," in done.stderr
    assert "ready" not in done.stdout
    # The socket's group may pass.
    inner.parent.chmod(0o710)
    assert READY in checked(settings).stdout

    done = checked(written(folder, confidential, sandbox.api, **listen))
    assert done.returncode == 0
    assert f"PINGATE_SOCKET_GROUP: warning: is not set: the socket is for PinGate's own group ({GROUP})" in done.stderr
    assert "ready" not in done.stdout


def test_a_redis_counts_or_is_told_what_it_lacks(
    workplace: Workplace, folder: Path, sandbox: Sandbox, confidential: Confidential
) -> None:
    server = redis.start(workplace)
    settings = written(folder, confidential, sandbox.api, PINGATE_STORE=server.store)
    done = checked(settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"the store unix:{server.socket}" in done.stdout
    command = ["redis-cli", "-s", str(server.socket)]
    left = subprocess.run([*command, "keys", "*"], capture_output=True, text=True, check=True).stdout.split()
    # Nothing of the trial; what the store knows of itself and its clock (01) are nobody's count.
    assert {key.partition(":")[2] for key in left} <= {"head", "row:01"}, left
    subprocess.run([*command, "config", "set", "maxmemory-policy", "allkeys-lru"], capture_output=True, check=True)
    subprocess.run([*command, "config", "set", "maxmemory", "100mb"], capture_output=True, check=True)
    assert "maxmemory-policy noeviction" in problem(settings, "PINGATE_STORE")
    server.part.stop()
