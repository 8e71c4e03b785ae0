"""Wrong settings: the owner learns everything, and at once; the visitor learns nothing."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stack import listening, pingate
from stack.confidential import Confidential
from stack.page import Page
from stack.pingate import program
from stack.sandbox import Sandbox
from stack.transports import cgi_environment, page_of, through_cgi_fcgi
from stack.workplace import PROGRAM_PATH, Workplace

WRONG = {
    "VONAGE_API_SECRET": "",
    "VONAGE_API_URL": "http://api.example.com",
    "PINGATE_KEY": "c2hvcnQ=",
    "PINGATE_PIN_EXPIRY": "soon",
    "PINGATE_COLOR": "red",
}


def as_fastcgi(workplace: Workplace, settings: Path) -> tuple[Page, str]:
    """Serves one visit; returns the page, and what the program said."""
    folder = workplace.new_folder("wrong")
    socket = folder / "pingate.sock"
    log = workplace.new_log("wrong")
    with listening.at(socket) as listener, listening.Inheritance([listener]) as sockets:
        part = workplace.start(
            "wrong",
            listening.as_systemd(pingate.serve()),
            environment={"PINGATE_CONFIG": str(settings), "SOURCES": " ".join(sockets.numbers)},
            descriptors=sockets.descriptors,
            log=log,
        )
        page = through_cgi_fcgi(socket)("GET", "http://www.example.com/", {}, b"")
        part.stop()
    return page, log.read_text()


def as_cgi(workplace: Workplace, settings: Path) -> tuple[Page, str]:
    url = "http://www.example.com/"
    environment = cgi_environment(settings, "GET", url, {}, b"")
    done = subprocess.run([program("pingate")], env=environment, capture_output=True, stdin=subprocess.DEVNULL)
    return page_of(url, done.stdout), done.stderr.decode()


Visit = Callable[[Workplace, Path], tuple[Page, str]]


@pytest.mark.parametrize("visit", [as_fastcgi, as_cgi], ids=["FastCGI", "CGI"])
def test_wrong_settings_close_the_site_and_are_all_named(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential, visit: Visit
) -> None:
    folder = workplace.new_folder("settings")
    settings = pingate.write_settings(folder / "pingate.conf", confidential, sandbox.api, **WRONG)
    page, said = visit(workplace, settings)
    assert (page.status, page.heading) == (503, "Not available right now")
    assert page.field("Retry-After")
    # What of the settings is right is used, and the reference that a visitor can tell is in the log.
    assert page.title.endswith(" – Example")
    reference = re.search("<code>(.+)</code>", page.text)
    assert reference and f"exchange={reference[1]} " in said
    for name, value in WRONG.items():
        assert name in said, f"{name} is not named"
        assert name not in page.text
        assert not value or value not in page.text
    assert WRONG["PINGATE_KEY"] not in said


@pytest.mark.parametrize("visit", [as_fastcgi, as_cgi], ids=["FastCGI", "CGI"])
def test_a_configuration_that_is_not_there_closes_the_site(workplace: Workplace, visit: Visit) -> None:
    page, said = visit(workplace, workplace.folder / "nowhere.conf")
    assert page.status == 503
    assert "nowhere.conf" in said and "nowhere.conf" not in page.text


def test_check_config_says_all_that_is_wrong(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    folder = workplace.new_folder("settings")
    settings = pingate.write_settings(folder / "pingate.conf", confidential, sandbox.api, **WRONG)
    done = check_config(settings)
    assert done.returncode != 0
    assert all(name in done.stdout + done.stderr for name in WRONG)


def test_check_config_is_content_with_what_works(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    folder = workplace.new_folder("settings")
    done = check_config(pingate.write_settings(folder / "pingate.conf", confidential, sandbox.api))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr


@pytest.mark.parametrize(("workflow", "messages"), [(1, 3), (4, 2), (6, 1), (7, 1)])
def test_check_config_warns_of_a_workflow_that_sends_more_than_is_charged(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential, workflow: int, messages: int
) -> None:
    folder = workplace.new_folder("settings")
    more = {"PINGATE_WORKFLOW_ID": str(workflow)}
    done = check_config(pingate.write_settings(folder / "pingate.conf", confidential, sandbox.api, **more))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (f"up to {messages} messages and calls" in done.stderr) == (messages > 1)


def check_config(settings: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    settings.chmod(0o600)
    environment = {"PATH": PROGRAM_PATH, "PINGATE_CONFIG": str(settings)}
    return subprocess.run([program("pingate"), "check-config", *flags], env=environment, capture_output=True, text=True)


def test_the_example_of_settings_is_complete(workplace: Workplace, confidential: Confidential) -> None:
    """deploy/pingate.conf.example, with the account and the key filled in, is accepted."""
    text = (pingate.REPOSITORY / "deploy/pingate.conf.example").read_text()
    for name, value in (
        ("VONAGE_API_KEY", confidential.api_key),
        ("VONAGE_API_SECRET", confidential.api_secret),
        ("PINGATE_KEY", confidential.sealing_key),
    ):
        assert f"\n{name}=\n" in text
        text = text.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    settings = workplace.new_folder("settings") / "pingate.conf"
    settings.write_text(text)
    # Vonage itself is beyond the test's machine.
    done = check_config(settings, "--offline")
    assert done.returncode == 0, done.stdout + done.stderr
