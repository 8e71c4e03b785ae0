"""The archive for hosts where files can only be uploaded: it runs on any Linux, with nothing of the system's.

The processes that are watched here are those of a real visit: a number, a message, a wrong PIN and the right one.
"""

import os
import re
import shutil
import signal
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from stack import apache, bundle, flow, pingate, transports
from stack.clock import Clock
from stack.confidential import Confidential
from stack.page import Page
from stack.sandbox import Sandbox
from stack.trace import Trace
from stack.transports import CGI_PATH, cgi_parameters
from stack.visitor import Visitor
from stack.waiting import until
from stack.workplace import Workplace

SITE = f"http://www.example.com{CGI_PATH}/"
# Somebody who is on every machine, and owns nothing.
USER, GROUP = "nobody", "nogroup"
# When Vonage lets go of a request, and the second that PinGate adds.
EARLIEST = 31


@pytest.fixture
def as_root() -> None:
    assert os.getuid() == 0, "suEXEC, other users and a root without a system are for root: run this test as root"


# Where a bundle has what the program is run with.
RUNTIME = "/pingate/runtime"
LOADER = "ld-linux-x86-64.so.2"


def check_that_nothing_of_the_system_was_loaded(trace: Trace, runtime: str) -> None:
    """Only libraries of the bundle were opened, or looked for, by all who ran its program, and by what they started.

    :param runtime: its folder, as the program saw it.
    """
    opened = trace.opened(f"{runtime}/{LOADER}")
    libraries = {path for path in opened if ".so" in path.rpartition("/")[2]}
    assert f"{runtime}/libc.so.6" in libraries
    assert {path for path in libraries if not path.startswith(f"{runtime}/")} == set()
    # What would name others: of the loader, of OpenSSL, and of character sets.
    for word in ("ld.so.cache", "openssl.cnf", "gconv", "engines", "ossl-modules"):
        assert not [path for path in opened if word in path], word
    check_that_no_locale_data_are_asked_for(trace, runtime)


def check_that_no_locale_data_are_asked_for(trace: Trace, runtime: str) -> None:
    """ICU would look for a file as soon as somebody needs some: none is inside."""
    assert not [path for path in trace.asked_for(f"{runtime}/{LOADER}") if "icu" in path]


def test_the_archive_is_one_small_folder_for_any_linux() -> None:
    size = bundle.archive().stat().st_size
    assert size <= 15_000_000
    with tarfile.open(bundle.archive()) as files:
        members = {member.name: member for member in files.getmembers()}
    assert {name.partition("/")[0] for name in members} == {"pingate"}
    modes = {name: member.mode for name, member in members.items() if member.isfile()}
    # A loader that may be run runs whatever a visitor names, where it is taken for a CGI program.
    assert [name for name, mode in modes.items() if mode == 0o755] == ["pingate/bin/pingate"]
    assert set(modes.values()) == {0o755, 0o644}
    assert members["pingate/runtime/pingate"].size <= 38 * 1024 * 1024
    wanted = {"README.txt", "LICENSE", "NOTICE", "pingate.conf.example", "htaccess.example", "www/index.html"}
    assert {f"pingate/{name}" for name in wanted} <= members.keys()


def test_what_starts_it_needs_no_library_and_no_loader(workplace: Workplace) -> None:
    launcher = bundle.unpack(workplace.new_folder("launcher")) / "bin" / "pingate"
    said = subprocess.run(
        ["readelf", "--wide", "--segments", "--dynamic", "--relocs", launcher],
        capture_output=True, text=True, check=True,
    ).stdout
    assert "DYNAMIC" in said
    assert "INTERP" not in said
    assert "NEEDED" not in said
    assert "There are no relocations" in said


def test_the_program_looks_for_no_library_in_its_own_folder(workplace: Workplace) -> None:
    """What `make build` made, which is in the bundle as it is: others could put a library there."""
    program = bundle.unpack(workplace.new_folder("program")) / "runtime" / "pingate"
    said = subprocess.run(["readelf", "--wide", "--dynamic", program], capture_output=True, text=True, check=True).stdout
    assert "NEEDED" in said
    assert "RPATH" not in said
    assert "RUNPATH" not in said


def test_it_runs_from_wherever_it_is_started(workplace: Workplace) -> None:
    """By its path, absolute or relative, through a link to it and through one to its folder, by PATH, and as the first line
    of a script."""
    folder = workplace.new_folder("anywhere")
    root = bundle.unpack(folder)
    (folder / "link").symlink_to(root / "bin" / "pingate")
    (folder / "folder").symlink_to("pingate/bin")
    version = subprocess.run([root / "bin" / "pingate", "--version"], capture_output=True, check=True).stdout
    assert re.match(rb"[0-9]+\.[0-9]+\.[0-9]+\b", version)

    def run(*command: str | Path, cwd: Path = folder, **environment: str) -> bytes:
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=True).stdout

    assert run("pingate/bin/pingate", "--version") == version
    assert run("./pingate", "--version", cwd=root / "bin") == version
    assert run("./link", "--version") == version
    assert run(folder / "folder" / "pingate", "--version") == version
    assert run("sh", "-c", "pingate --version", PATH=f"{root}/bin:/bin") == version
    (folder / "script").write_text(f"#!{root}/bin/pingate --version\n")
    (folder / "script").chmod(0o755)
    assert run("./script") == version


def test_it_looks_for_its_settings_beside_its_folders(
    workplace: Workplace, confidential: Confidential, sandbox: Sandbox
) -> None:
    root = bundle.unpack(workplace.new_folder("settings"))
    page = transports.page_of(SITE, run_as_cgi([root / "bin" / "pingate"], "GET", SITE).stdout)
    assert page.status == 503
    pingate.write_settings(root / "pingate.conf", confidential, sandbox.api)
    page = transports.page_of(SITE, run_as_cgi([root / "bin" / "pingate"], "GET", SITE).stdout)
    assert page.status == 200
    # Not where whoever starts it says that it is.
    renamed = ["bash", "-c", f"exec -a /elsewhere/bin/pingate {root}/bin/pingate"]
    assert transports.page_of(SITE, run_as_cgi(renamed, "GET", SITE).stdout).status == 200


def run_as_cgi(command: Sequence[str | Path], method: str, url: str) -> subprocess.CompletedProcess[bytes]:
    parameters = cgi_parameters(method, url, {}, b"")
    parameters |= {"SCRIPT_NAME": CGI_PATH, "PATH_INFO": parameters["SCRIPT_NAME"].removeprefix(CGI_PATH)}
    return subprocess.run(command, env=parameters, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def test_no_command_needs_locale_data(workplace: Workplace, confidential: Confidential, sandbox: Sandbox) -> None:
    """Whatever the language, calendar and time zone of the owner: the program has none inside."""
    folder = workplace.new_folder("locale")
    root = bundle.set_up(folder, confidential, sandbox.api)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "tr_TR.UTF-8", "LANG": "ar_EG.UTF-8", "TZ": "Asia/Tokyo"}
    number = "+" + confidential.new_number()
    for words in (
        ["--help"],
        ["--version"],
        ["check-config"],
        ["generate-key"],
        ["limits", "show"],
        ["limits", "show", number],
        ["limits", "clear", number],
        ["forget", number],
        ["pages", "export", str(folder / "pages")],
        ["no-such-command"],
    ):
        trace = Trace(workplace.new_folder("locale-trace"))
        command = trace.command(root / "bin" / "pingate", *words)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.stdout or done.stderr or done.returncode == 0, words
        check_that_no_locale_data_are_asked_for(trace, f"{root}/runtime")


@pytest.mark.parametrize("words", ["--list", "--help", "--preload+/etc/passwd", "--library-path+/", "/bin/sh"])
def test_a_visitors_words_are_nothing_to_the_loader(
    words: str, workplace: Workplace, confidential: Confidential, sandbox: Sandbox
) -> None:
    """A query without "=" becomes the arguments of a CGI program (RFC 3875, section 4.4)."""
    root = bundle.set_up(workplace.new_folder("words"), confidential, sandbox.api)
    answer = run_as_cgi([root / "bin" / "pingate", *words.split("+")], "GET", SITE + "?" + words)
    assert transports.page_of(SITE, answer.stdout).heading == "Verify your phone number"


def test_the_environment_is_passed_on_as_it_is(workplace: Workplace) -> None:
    """The loader can print what it was given, up to the program's name; the program is one that prints the rest."""
    root = bundle.unpack(workplace.new_folder("environment"))
    shutil.copy("/usr/bin/env", root / "runtime" / "pingate")
    names = {"EMPTY": "", "ODD": "=; $x:é", "HTTP_COOKIE": "a" * 100_000, "ODD_": "\n", "PATH": "/nonexistent"}
    for more in range(4):
        given = names | {f"N{number}": "" for number in range(more)}
        command = [root / "bin" / "pingate", "--null"]
        done = subprocess.run(command, env=given, capture_output=True, text=True, check=True)
        assert dict(line.split("=", 1) for line in done.stdout.split("\0")[:-1]) == given


def test_the_words_are_passed_on_as_they_are(workplace: Workplace) -> None:
    root = bundle.unpack(workplace.new_folder("words"))
    shutil.copy("/usr/bin/printf", root / "runtime" / "pingate")
    for words in ([], [""], ["a"], ["--list", "b"], ["é", "", "x" * 100_000]):
        command = [root / "bin" / "pingate", "[%s]", *words]
        done = subprocess.run(command, env={}, capture_output=True, text=True, check=True)
        assert done.stdout == ("".join(f"[{word}]" for word in words) or "[]")


def test_one_mode_is_enough_for_an_upload_that_lost_them(workplace: Workplace, as_root: None) -> None:
    """The user gives the program its mode, as README.txt says, and no other file."""
    folder = workplace.new_folder("modes")
    root = bundle.unpack(folder)
    for path in [root, *root.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    (root / "bin" / "pingate").chmod(0o755)
    command = ["setpriv", f"--reuid={USER}", f"--regid={GROUP}", "--clear-groups", root / "bin" / "pingate", "--version"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_bundle_that_is_not_whole_says_so_and_answers_503(workplace: Workplace) -> None:
    root = bundle.unpack(workplace.new_folder("parts"))
    loader = root / "runtime" / LOADER

    def check(problem: str) -> None:
        alone = subprocess.run([root / "bin" / "pingate", "--version"], capture_output=True, check=False)
        assert (alone.returncode, alone.stdout) == (127, b"")
        assert f"{problem}: {loader}".encode() in alone.stderr
        answer = run_as_cgi([root / "bin" / "pingate"], "GET", SITE)
        assert transports.page_of(SITE, answer.stdout).status == 503
        assert str(root).encode() not in answer.stdout
        assert f"{problem}: {loader}".encode() in answer.stderr

    whole = loader.read_bytes()
    # Cut off, as by an upload that failed, where the header says more than there is; another machine's; text.
    for damaged in (b"", whole[:10], whole[:70], whole[:18] + b"\xb7" + whole[19:], b"\r\n" * 4096):
        loader.write_bytes(damaged)
        check("is no loader for this machine")
    loader.unlink()
    check("is not there")
    loader.mkdir()
    check("is no loader for this machine")


def test_a_form_is_read_before_a_bundle_that_is_not_whole_answers_it(workplace: Workplace) -> None:
    """More than a pipe takes: whoever hands it over waits until it is read."""
    root = bundle.unpack(workplace.new_folder("unread"))
    (root / "runtime" / LOADER).unlink()
    body = b"n" * 300_000
    parameters = cgi_parameters("POST", SITE, {}, body)
    process = subprocess.Popen(
        [root / "bin" / "pingate"], env=parameters, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin
    process.stdin.write(body)  # raises when it is not read
    process.stdin.flush()
    assert transports.page_of(SITE, process.communicate(timeout=60)[0]).status == 503


@pytest.mark.parametrize(("error", "reason"), [("ENOMEM", "ulimit -v"), ("EPERM", "noexec"), ("EACCES", "noexec")])
def test_a_loader_that_cannot_be_mapped_is_told_with_the_reason(error: str, reason: str, workplace: Workplace) -> None:
    root = bundle.unpack(workplace.new_folder("room"))
    trace = ["strace", "-qq", "-o", "/dev/null", "-e", f"inject=mmap:error={error}"]
    command = [*trace, root / "bin" / "pingate", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "cannot be mapped: " in done.stderr, reason in done.stderr) == (127, True, True), done


def test_a_path_that_the_loader_would_misread_is_refused(workplace: Workplace) -> None:
    for name in ("a:b", "a;b", "$ORIGIN"):
        root = bundle.unpack(workplace.new_folder(name))
        done = subprocess.run([root / "bin" / "pingate", "--version"], capture_output=True, check=False)
        assert (done.returncode, b"colon" in done.stderr) == (127, True)


def test_in_a_folder_for_cgi_programs_it_runs_no_other_program(workplace: Workplace, as_root: None) -> None:
    """Where somebody unpacked it against the advice: words of a visitor's reach whatever file may be run there."""
    programs = workplace.new_folder("programs")
    bundle.unpack(programs)
    traces = workplace.new_folder("touched")
    traces.chmod(0o777)
    configuration = f"""
        ScriptSock {workplace.new_folder("programs-cgid")}/cgid.sock
        ScriptAlias /cgi-bin/ {programs}/
    """
    server = apache.start_whole(workplace, "programs", f"{apache.BASIC} cgid", configuration)
    for file in sorted(path for path in programs.rglob("*") if path.is_file()):
        words = f"/usr/bin/touch+{traces}/{file.name}"
        page = transports.over_http("GET", f"{server.url}cgi-bin/{file.relative_to(programs)}?{words}", {}, b"")
        assert page.status != 200, file
    server.part.stop()
    assert list(traces.iterdir()) == []


@pytest.fixture
def empty_root(workplace: Workplace, as_root: None) -> Path:
    """A folder with nothing in it: no /usr, no /lib, no /etc, no /dev; and a place for /proc."""
    folder = workplace.new_folder("root")
    (folder / "proc").mkdir()
    return folder


# In a view of the file system of its own, which ends with it.
WITH_PROC = 'mount -t proc proc "$1/proc" && exec chroot "$1" /pingate/bin/pingate'


def visitor_in(root: Path, trace: Trace, log: Path) -> Visitor:
    """Somebody who visits a PinGate for each request, for which the folder is all that there is."""

    def carry(method: str, url: str, fields: Mapping[str, str], body: bytes) -> Page:
        environment = cgi_parameters(method, url, fields, body)
        environment |= {"SCRIPT_NAME": CGI_PATH, "PATH_INFO": environment["SCRIPT_NAME"].removeprefix(CGI_PATH)}
        command = trace.command("unshare", "--mount", "sh", "-c", WITH_PROC, "sh", root)
        with log.open("ab") as errors:
            done = subprocess.run(
                command, env={"PATH": os.environ["PATH"], **environment}, input=body, stdout=subprocess.PIPE,
                stderr=errors, check=True,
            )
        return transports.page_of(url, done.stdout)

    return Visitor(carry, SITE)


def test_it_runs_where_there_is_no_system_at_all(
    empty_root: Path, workplace: Workplace, confidential: Confidential, sandbox: Sandbox
) -> None:
    bundle.set_up(empty_root, confidential, sandbox.api)
    command = ["chroot", empty_root, "/pingate/bin/pingate", "--version"]
    version = subprocess.run(command, capture_output=True, check=True).stdout
    outside = [empty_root / "pingate/bin/pingate", "--version"]
    assert version == subprocess.run(outside, capture_output=True, check=True).stdout
    trace = Trace(workplace.new_folder("root-trace"))
    visitor = visitor_in(empty_root, trace, workplace.new_log("root"))
    flow.verify(visitor, sandbox, confidential.new_number())
    check_that_nothing_of_the_system_was_loaded(trace, RUNTIME)


def with_other_name_services(root: Path) -> Path:
    """A system that asks a module of its own first, for all names: a library. Returns its folder of settings."""
    etc = root / "etc"
    etc.mkdir()
    databases = "hosts passwd group initgroups services networks".split()
    (etc / "nsswitch.conf").write_text("".join(f"{name}: other files dns\n" for name in databases))
    return etc


@pytest.mark.parametrize("host", ["api.example", "elsewhere.example"])
def test_names_are_looked_up_in_files_and_the_dns_whatever_the_system_says(
    host: str, empty_root: Path, workplace: Workplace, confidential: Confidential
) -> None:
    """Nobody answers at the one host, and in the DNS."""
    etc = with_other_name_services(empty_root)
    (etc / "hosts").write_text("127.0.0.1 api.example\n")
    (etc / "resolv.conf").write_text("nameserver 127.0.0.1\noptions attempts:1 timeout:1\n")
    bundle.set_up(empty_root, confidential, f"https://{host}:9/")
    trace, log = Trace(workplace.new_folder("names-trace")), workplace.new_log("names")
    visitor = visitor_in(empty_root, trace, log)
    page = visitor.submit(visitor.open(), number=flow.typed(confidential.new_number()))
    assert page.status == 502
    assert ("could_not_resolve" in log.read_text()) == (host == "elsewhere.example")
    opened = trace.opened(f"{RUNTIME}/{LOADER}")
    assert "/etc/hosts" in opened
    assert "/etc/resolv.conf" in opened
    check_that_nothing_of_the_system_was_loaded(trace, RUNTIME)


def test_the_group_of_the_socket_is_looked_up_in_its_file(
    empty_root: Path, workplace: Workplace, confidential: Confidential, sandbox: Sandbox
) -> None:
    (with_other_name_services(empty_root) / "group").write_text("www:x:1000:\n")
    more = {"PINGATE_LISTEN": "unix:/pingate.sock", "PINGATE_SOCKET_GROUP": "web"}
    bundle.set_up(empty_root, confidential, sandbox.api, **more)
    trace = Trace(workplace.new_folder("group-trace"))
    command = trace.command("unshare", "--mount", "sh", "-c", WITH_PROC, "sh", empty_root)
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode != 0, "there is no group web in /etc/group" in done.stderr) == (True, True), done.stderr
    opened = trace.opened(f"{RUNTIME}/{LOADER}")
    assert "/etc/group" in opened
    check_that_nothing_of_the_system_was_loaded(trace, RUNTIME)


def test_it_brings_certificates_for_a_system_that_has_none(
    empty_root: Path, workplace: Workplace, confidential: Confidential
) -> None:
    """An API over TLS cannot be asked without."""
    bundle.set_up(empty_root, confidential, "https://127.0.0.1:9/")
    trace = Trace(workplace.new_folder("certificates-trace"))
    assert visitor_in(empty_root, trace, workplace.new_log("certificates")).open().status == 200
    assert f"{RUNTIME}/ca-certificates.crt" in trace.opened(f"{RUNTIME}/{LOADER}")


# What Linux has learned since the version that glibc takes.
NEWER_CALLS = (
    "renameat2,seccomp,getrandom,memfd_create,execveat,membarrier,copy_file_range,preadv2,pwritev2,statx,rseq,clone3,"
    "openat2,faccessat2,close_range,epoll_pwait2"
)


def test_it_runs_on_an_old_kernel(workplace: Workplace, confidential: Confidential, sandbox: Sandbox) -> None:
    """The oldest one that glibc takes lacks these calls."""
    root = bundle.set_up(workplace.new_folder("old"), confidential, sandbox.api)
    note = subprocess.run(["readelf", "--notes", root / "runtime" / "libc.so.6"], capture_output=True, text=True, check=True).stdout
    assert "OS: Linux, ABI: 3.2.0" in note
    refused = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={NEWER_CALLS}:error=ENOSYS"]
    carry = transports.as_a_cgi_program(
        root / "pingate.conf", workplace.new_log("old"), [*refused, root / "bin" / "pingate"]
    )
    flow.verify(Visitor(carry, SITE), sandbox, confidential.new_number())


# suEXEC takes its settings from here, and logs there; in a view of the file system of its own these are the test's.
IN_OWN_VIEW = """
mount --make-rprivate /
mount --bind "$1" /etc/apache2/suexec
mount --bind "$2" /var/log
shift 2
exec "$@"
"""


def test_it_runs_under_suexec_with_nothing_of_the_systems(
    as_root: None, workplace: Workplace, confidential: Confidential, sandbox: Sandbox
) -> None:
    """As README.txt says: the folder lies in the user's own, and one line in the folder for CGI programs starts it."""
    home = workplace.new_folder("suexec-home")
    root = bundle.set_up(home, confidential, sandbox.api, f"{USER}:{GROUP}")
    programs = home / "public_html" / "cgi-bin"
    programs.mkdir(parents=True)
    script = programs / "pingate"
    line = next(line.strip() for line in (root / "README.txt").read_text().splitlines() if line.strip()[:2] == "#!")
    script.write_text(line.replace("/home/you", str(home)) + "\n")
    script.chmod(0o755)
    for path in (home, programs.parent, programs, script):
        shutil.chown(path, USER, GROUP)

    settings, logs = workplace.new_folder("suexec-settings"), workplace.new_folder("suexec-logs")
    (settings / "www-data").write_text(f"{home}\npublic_html/cgi-bin\n")
    (logs / "apache2").mkdir()
    trace = Trace(workplace.new_folder("suexec-trace"))
    log = workplace.new_log("suexec")
    configuration = f"""
        ScriptSock {workplace.new_folder("suexec-cgid")}/cgid.sock
        SuexecUserGroup {USER} {GROUP}
        DocumentRoot {home}/public_html
        ScriptAlias /cgi-bin/ {programs}/
    """
    within = ["unshare", "--mount", "bash", "-euc", IN_OWN_VIEW, "bash", settings, logs, *trace.command()]
    server = apache.start_whole(
        workplace, "suexec", f"{apache.BASIC} cgid suexec", configuration, log, within=within
    )
    visitor = Visitor(transports.over_http, f"{server.url}cgi-bin/pingate/")
    try:
        assert visitor.open().status == 200, (logs / "apache2" / "suexec.log").read_text()
        flow.verify(visitor, sandbox, confidential.new_number())
        cancelled = flow.ask_for_pin(visitor, confidential.new_number())
        form = {"requestId": cancelled.form.fields["requestId"]}
        assert visitor.post(f"{visitor.start}cancel", form).status == 200
        until(lambda: left(root), "the process that ends the request")
    finally:
        for process in left(root):
            os.kill(int(process.name), signal.SIGKILL)
        # strace ends with what it watches.
        os.kill(int(next(workplace.folder.glob("*-suexec/pid")).read_text()), signal.SIGTERM)
        server.part.wait()
    assert (root / "pingate.sqlite").owner() == USER
    check_that_nothing_of_the_system_was_loaded(trace, f"{root}/runtime")


def test_a_program_that_it_leaves_behind_ends_the_request(
    workplace: Workplace, confidential: Confidential, counting: Sandbox
) -> None:
    """It starts itself once more, through the launcher."""
    root = bundle.set_up(workplace.new_folder("left"), confidential, counting.api)
    clock = Clock(workplace.new_folder("left-clock") / "time")
    command = ["env", *(f"{name}={value}" for name, value in clock.environment.items()), root / "bin" / "pingate"]
    carry = transports.as_a_cgi_program(root / "pingate.conf", workplace.new_log("left"), command)
    visitor = Visitor(carry, SITE)
    page = flow.ask_for_pin(visitor, confidential.new_number())
    form = {"requestId": page.form.fields["requestId"]}
    assert visitor.post(f"{SITE}cancel", form).status == 200
    until(lambda: left(root), "a process that was left")
    assert counting.statistics()["running"] == 1
    counting.advance(EARLIEST)
    clock.set(EARLIEST)
    until(lambda: counting.statistics()["running"] == 0, "the end of the request")
    until(lambda: not left(root), "the end of the process")


def left(root: Path) -> list[Path]:
    """The processes that a CGI program has left to end a request."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(process / "exe")) == root / "bin" / "pingate":
                found.append(process)
        except OSError:
            continue
    return [process for process in found if b"end-request" in process.joinpath("cmdline").read_bytes().split(b"\0")]
