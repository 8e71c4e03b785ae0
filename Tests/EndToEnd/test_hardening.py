"""What other processes of the same user learn of PinGate's secrets: nothing."""

import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stack import pingate
from stack.confidential import Confidential
from stack.sandbox import Sandbox
from stack.transports import cgi_environment_of_a_form
from stack.waiting import until
from stack.workplace import Part, Workplace

# What a process may read of another one of its user's, if that lets it: ptrace(2), "Ptrace access mode checking".
READ = """
import os, sys
for name in ("environ", "maps", "mem", "fd", "exe"):
    path = f"/proc/{sys.argv[1]}/{name}"
    try:
        if name == "fd": os.listdir(path)
        elif name == "exe": os.readlink(path)
        elif name == "mem": open(path, "rb")
        else: open(path, "rb").read()
        print(name)
    except PermissionError:
        pass
"""


def as_nobody_special(*words: str | Path) -> list[str | Path]:
    """The user that `pingate.as_nobody_special` has, too."""
    if os.getuid() != 0:
        return list(words)
    return ["setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", *words]


def what_others_read_of(process: int) -> set[str]:
    command = as_nobody_special("/usr/bin/python3", "-c", READ, str(process))
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def serving(workplace: Workplace, confidential: Confidential, api: str) -> Part:
    folder = workplace.new_folder("hidden-store")
    folder.chmod(0o700)
    if os.getuid() == 0:
        os.chown(folder, *owner())
    return pingate.start(
        workplace,
        confidential,
        api,
        "hidden",
        command=pingate.as_nobody_special(workplace, "serve"),
        PINGATE_STORE=f"sqlite:{folder}/pingate.sqlite",
    ).part


def owner() -> tuple[int, int]:
    import pwd

    user = pwd.getpwnam("www-data")
    return user.pw_uid, user.pw_gid


def answering_one_request(workplace: Workplace, confidential: Confidential, api: str) -> Part:
    """A CGI program that waits for a body that does not come."""
    folder = workplace.new_folder("hidden-cgi")
    settings = pingate.write_settings(folder / "pingate.conf", confidential, api)
    environment = cgi_environment_of_a_form(settings)
    return waiting_for_input(workplace, [], environment)


def ending_a_request(workplace: Workplace, confidential: Confidential, api: str) -> Part:
    """What a CGI program leaves behind, waiting for what it is to do."""
    folder = workplace.new_folder("hidden-command")
    settings = pingate.write_settings(folder / "pingate.conf", confidential, api)
    return waiting_for_input(workplace, ["end-request"], {"PINGATE_CONFIG": str(settings)})


def waiting_for_input(workplace: Workplace, words: list[str], environment: dict[str, str]) -> Part:
    log = workplace.new_log("hidden")
    with log.open("ab") as errors:
        process = subprocess.Popen(
            pingate.as_nobody_special(workplace, *words),
            env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    part = Part("hidden", process, log)
    workplace.parts.append(part)
    # It is hidden from its first line on, and is read from then on only.
    until(lambda: name_of(process.pid) == "pingate", "the program to be started")
    return part


def name_of(process: int) -> str:
    return Path(f"/proc/{process}/comm").read_text().strip()


WAYS = [serving, answering_one_request, ending_a_request]


@pytest.mark.parametrize("way", WAYS)
def test_other_processes_of_its_user_cannot_look_into_it(
    workplace: Workplace,
    confidential: Confidential,
    sandbox: Sandbox,
    way: Callable[[Workplace, Confidential, str], Part],
) -> None:
    with subprocess.Popen(as_nobody_special("sleep", "infinity")) as sleeper:
        until(lambda: name_of(sleeper.pid) == "sleep", "the sleeper")
        try:
            # So it is not the kernel that forbids it for all.
            assert {"environ", "maps", "fd", "exe"} <= what_others_read_of(sleeper.pid)
        finally:
            sleeper.kill()
    hidden = way(workplace, confidential, sandbox.api)
    until(lambda: what_others_read_of(hidden.pid) == set(), "it to be hidden")
    hidden.process.kill()
    hidden.wait()


@pytest.mark.parametrize("way", WAYS)
def test_it_leaves_no_core(
    workplace: Workplace,
    confidential: Confidential,
    sandbox: Sandbox,
    way: Callable[[Workplace, Confidential, str], Part],
) -> None:
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        part = way(workplace, confidential, sandbox.api)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)
    assert before[1] != 0, "whoever runs the tests must be able to have cores"

    def core_limit() -> list[str]:
        lines = Path(f"/proc/{part.pid}/limits").read_text().splitlines()
        return next(line.split()[4:6] for line in lines if line.startswith("Max core file size"))

    until(lambda: core_limit() == ["0", "0"], "no core to be left")
    part.process.kill()
    part.wait()
