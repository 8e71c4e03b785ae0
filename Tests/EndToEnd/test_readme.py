"""What stands in the README and the other pages works when it is copied."""

import re
import textwrap
from pathlib import Path

import pytest

from stack import flow, gates, limits, listening, pingate
from stack.confidential import Confidential
from stack.pingate import REPOSITORY
from stack.sandbox import Sandbox
from stack.transports import through_cgi_fcgi
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Workplace
from test_check_config import GROUP, READY, checked

# A setting with its value, as a line of its own, commented out or not.
SETTING = re.compile(r"^ *#?((?:PINGATE|VONAGE)_[A-Z_0-9]+)=(.*)$", re.MULTILINE)


def blocks(page: Path) -> list[str]:
    """The indented blocks of a page that have settings in them, as a reader would copy them."""
    text = "\n" + page.read_text()
    found = re.findall(r"(?:\n(?: {4}.*)?)+", text)
    return [block for block in found if SETTING.search(block)]


def documents() -> list[Path]:
    examples = [path for path in (REPOSITORY / "deploy").iterdir() if path.is_file()]
    return [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md")), *sorted(examples)]


def test_the_settings_of_the_readme_are_complete(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    """Its own block, copied letter by letter and filled in where it has "…", is checked, and serves a visit."""
    block = next(block for block in blocks(REPOSITORY / "README.md") if "VONAGE_API_SECRET=…" in block)
    folder = workplace.new_folder("readme")
    for old, new in {
        "VONAGE_API_KEY=abcd1234": f"VONAGE_API_KEY={confidential.api_key}",
        "VONAGE_API_SECRET=…": f"VONAGE_API_SECRET={confidential.api_secret}",
        "PINGATE_KEY=…": f"PINGATE_KEY={confidential.sealing_key}",
        "/run/pingate/": f"{folder}/",
        "PINGATE_SOCKET_GROUP=www-data": f"PINGATE_SOCKET_GROUP={GROUP}",
    }.items():
        assert block.count(old) == 1, old
        block = block.replace(old, new)
    assert "…" not in block
    settings = folder / "pingate.conf"
    settings.write_text(f"{block}\nVONAGE_API_URL={sandbox.api}\n")
    settings.chmod(0o600)
    done = checked(settings)
    assert done.returncode == 0, done.stderr
    assert READY in done.stdout

    part = workplace.start("readme", pingate.serve(), environment={"PINGATE_CONFIG": str(settings)})
    socket = folder / "pingate.sock"
    part.until_ready(lambda: listening.accepts(socket))
    until(lambda: f"server.listening address=unix:{socket}" in part.log_text(), "the log to say where it listens")
    visitor = Visitor(through_cgi_fcgi(socket), "http://www.example.com/")
    flow.verify(visitor, sandbox, confidential.used("12025557391"))
    assert part.stop() == 0


def test_the_blocks_that_guard_a_folder_are_those_of_the_examples() -> None:
    """Those are tried on their servers (test_gate.py)."""
    readme = (REPOSITORY / "README.md").read_text()
    for block in (
        gates.block("deploy/nginx-gate.example", "location ^~ /private/ {"),
        gates.line("deploy/lighttpd-gate.conf.example", "server.modules ")
        + "\n"
        + gates.line("deploy/lighttpd-gate.conf.example", '$HTTP["url"] =~ "^/private('),
        gates.block("deploy/apache-gate.conf.example", '<LocationMatch "^/+private(', "</LocationMatch>"),
        gates.block("deploy/Caddyfile-gate.example", "@private path"),
    ):
        assert f"\n{textwrap.indent(block, '    ')}\n" in readme, block


@pytest.mark.parametrize("page", documents(), ids=lambda page: page.name)
def test_no_value_has_a_comment_behind_it(page: Path) -> None:
    """systemd, containers and other programs take it for a part of the value."""
    table = "docs/settings.md" in str(page)
    for name, value in SETTING.findall(page.read_text()):
        assert table or " #" not in value, f"{page.name}: {name}={value}"


def test_each_setting_of_an_example_is_taken_as_it_stands(
    workplace: Workplace, sandbox: Sandbox, confidential: Confidential
) -> None:
    """Each line of settings in the pages, copied into a file that is complete without it."""
    folder = workplace.new_folder("lines")
    seen = 0
    for page in documents():
        for name, value in SETTING.findall(page.read_text()):
            if not value or "…" in value or "NAME" in value or value.startswith(("\"", "'", "/path/")):
                continue
            seen += 1
            more = {name: value}
            if name == "PINGATE_ALERT_URL":
                more["PINGATE_ALERT_SECRET"] = "an-alert-secret-1"
            elif name in ("PINGATE_PAGES", "PINGATE_WWW", "PINGATE_CONFIG", "PINGATE_STORE", "VONAGE_API_URL"):
                continue  # Places that a test has none of.
            elif name.endswith("_FILE") or name in limits.OUT_OF_REACH:
                continue
            settings = pingate.write_settings(folder / "pingate.conf", confidential, sandbox.api)
            text = "".join(f"{key}={text}\n" for key, text in more.items())
            kept = [line for line in settings.read_text().splitlines(True) if line.split("=")[0] not in more]
            settings.write_text("".join(kept) + text)
            settings.chmod(0o600)
            said = checked(settings, "--offline").stderr
            wrong = [line for line in said.splitlines() if line.startswith(name) and "must" in line]
            assert not wrong, f"{page.name}: {wrong}"
    assert seen > 20
