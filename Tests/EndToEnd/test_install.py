"""`make install`: everything is where the units and the examples say that it is."""

import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stack import pingate
from stack.pingate import REPOSITORY
from stack.workplace import PROGRAM_PATH, Workplace

# Without Swift: installing builds nothing.
TOOLS = ("make", "bash", "install", "sed", "rm", "basename", "dirname", "env")

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def make(workplace: Workplace) -> Make:
    tools = workplace.new_folder("tools")
    for tool in TOOLS:
        path = shutil.which(tool, path=PROGRAM_PATH)
        assert path
        (tools / tool).symlink_to(path)

    def run(target: str, **variables: str | Path) -> subprocess.CompletedProcess[str]:
        words = [f"{name}={value}" for name, value in variables.items()]
        return subprocess.run(
            [tools / "make", "-C", REPOSITORY, "--no-print-directory", target, *words],
            env={"PATH": str(tools)},
            capture_output=True,
            text=True,
        )

    return run


def installed(root: Path) -> dict[str, Path]:
    return {"/" + str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}


# Places of ours that a unit or an example names.
PLACE = re.compile(r"(?<![\w.])/[\w./+-]*/(?:bin/pingate|share/pingate/www)(?![\w-])")


@pytest.mark.parametrize("prefix", ["/usr", "/usr/local", "/opt/pin-gate+1"])
def test_everything_is_where_the_files_say(workplace: Workplace, make: Make, prefix: str) -> None:
    root = workplace.new_folder("root")
    # The default is what the files say as they stand.
    variables = {} if prefix == "/usr" else {"PREFIX": prefix}
    done = make("install", DESTDIR=root, PROGRAM=pingate.program("pingate"), **variables)
    assert done.returncode == 0, done.stderr
    files = installed(root)
    program = files.pop(f"{prefix}/bin/pingate")
    assert stat.S_IMODE(program.stat().st_mode) == 0o755
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o644 for file in files.values())
    assert subprocess.run([program, "--version"], capture_output=True).returncode == 0

    for folder, target in (("www", f"{prefix}/share/pingate/www"), ("deploy", f"{prefix}/share/doc/pingate/examples")):
        for source in (REPOSITORY / folder).iterdir():
            assert f"{target}/{source.name}" in files or source.suffix in (".service", ".socket"), source
    documents = f"{prefix}/share/doc/pingate"
    for page in (path for path in files if path.startswith(documents) and path.endswith(".md")):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", files[page].read_text()):
            target = (files[page].parent / link).resolve()
            # What is told of the sources is read where they are.
            is_source = link.startswith(("../Sources/", "../bundle/")) or link in ("Makefile", "docs")
            assert is_source or target.is_file(), f"{page}: {link}"
    for name in ("README.md", "SECURITY.md", *(f"docs/{path.name}" for path in (REPOSITORY / "docs").iterdir())):
        assert f"{documents}/{name}" in files
    assert f"{prefix}/share/doc/pingate/examples/nginx.conf.example" in files
    assert f"{prefix}/lib/systemd/system/pingate.socket" in files
    assert "/etc/pingate/pingate.conf" in files

    service = files[f"{prefix}/lib/systemd/system/pingate.service"].read_text()
    assert f"ExecStart={prefix}/bin/pingate serve" in service
    config = re.search(r"^Environment=PINGATE_CONFIG=(.*)$", service, re.MULTILINE)
    assert config and config[1] in files
    texts = [file.read_text() for file in files.values() if file.suffix not in (".md", ".html", ".png", ".svg")]
    named = {place for text in texts for place in PLACE.findall(text)}
    assert named <= {f"{prefix}/bin/pingate", f"{prefix}/share/pingate/www", "/home/you/pingate/bin/pingate"}
    assert f"{prefix}/share/pingate/www" in named


def test_an_owners_settings_are_never_touched(workplace: Workplace, make: Make) -> None:
    root = workplace.new_folder("root")
    variables = {"DESTDIR": root, "PROGRAM": pingate.program("pingate")}
    assert make("install", **variables).returncode == 0
    settings = root / "etc/pingate/pingate.conf"
    settings.write_text("PINGATE_HOME_COUNTRY=DE\n")
    settings.chmod(0o640)
    assert make("install", **variables).returncode == 0
    assert make("uninstall", **variables).returncode == 0
    assert installed(root) == {"/etc/pingate/pingate.conf": settings}
    assert settings.read_text() == "PINGATE_HOME_COUNTRY=DE\n"
    assert stat.S_IMODE(settings.stat().st_mode) == 0o640


@pytest.mark.parametrize("prefix", ["usr", "/usr/|e id", "/", "/usr/../x;id", "/usr/$(id)"])
def test_a_prefix_that_is_no_plain_path_is_refused(workplace: Workplace, make: Make, prefix: str) -> None:
    root = workplace.new_folder("root")
    done = make("install", DESTDIR=root, PREFIX=prefix, PROGRAM=pingate.program("pingate"))
    assert done.returncode != 0
    assert "is not an absolute path" in done.stderr or "make" in done.stderr
    assert not installed(root)


def test_without_the_program_it_says_what_to_do(workplace: Workplace, make: Make) -> None:
    root = workplace.new_folder("root")
    done = make("install", DESTDIR=root, PROGRAM=root / "none")
    assert done.returncode != 0
    assert "make build" in done.stderr
    assert not installed(root)
