"""A CGI program under the limits of hosting companies: a page, or a refusal at once; never a message without a page."""

import fcntl
import os
import signal
import struct
import subprocess
import termios
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from stack import cgi, flow, pipes, redis, tls
from stack.cgi import Hosting, Run
from stack.confidential import Confidential
from stack.sandbox import Sandbox
from stack.waiting import until
from stack.workplace import Workplace

MIB = 1 << 20
# With so many MiB of address space it has to work, in a build for debugging too, which is larger.
ENOUGH = 192


@pytest.fixture(params=["SQLite", "Redis", "SQLite, TLS", "Redis, TLS"])
def hosting(
    request: pytest.FixtureRequest, workplace: Workplace, confidential: Confidential, counting: Sandbox
) -> Iterator[Hosting]:
    """With the provider, and Redis, at the end of plain connections; or of TLS, with all of the system's certificates."""
    count = len(workplace.parts)
    api, settings = counting.api, {}
    if "TLS" in request.param:
        trust = tls.new(workplace)
        api, settings["PINGATE_CA_FILE"] = tls.before(workplace, trust, api), str(trust.trusted)
        if "Redis" in request.param:
            _, settings["PINGATE_STORE"] = redis.start_with_tls(workplace, trust)
    elif request.param == "Redis":
        store = redis.start(workplace)
        store.socket.chmod(0o777)
        settings["PINGATE_STORE"] = store.store
    yield cgi.hosting(workplace, confidential, api, **settings)
    for part in reversed(workplace.parts[count:]):
        part.stop()


@pytest.fixture
def with_sqlite(workplace: Workplace, confidential: Confidential, counting: Sandbox) -> Hosting:
    return cgi.hosting(workplace, confidential, counting.api)


def ask_for_pin(hosting: Hosting, number: str, **more: object) -> Run:
    return hosting.run("POST", "register", {"number": flow.typed(number)}, **more)


def messages_to(counting: Sandbox, number: str) -> int:
    return sum(message["to"] == number for message in counting.messages())


def check_that_a_message_has_its_page(run: Run, counting: Sandbox, number: str) -> None:
    """Whatever the limits are. Without them, or with little more than it needs, it has to be sent as well."""
    page, messages = run.page, messages_to(counting, number)
    if page is None:
        # Not even the system's loader, or nothing of ours before it could look at what there is.
        assert (messages, run.status != 0) == (0, True), run
    elif page.status == 200:
        assert (messages, set(page.form.fields)) == (1, {"requestId", "pin"}), run
    else:
        assert (messages, page.status) == (0, 503), run
        assert "cgi.shortage" in run.log or "store." in run.log or "settings." in run.log, run


# MARK: Threads


def tasks_begun(hosting: Hosting, log: Path, method: str, path: str, form: dict[str, str] | None = None) -> Run:
    """Runs it and asserts that it begins no thread and no process."""
    trace = ["strace", "-f", "-qq", "-o", log, "-e", "trace=clone,clone3,fork,vfork"]
    run = hosting.run(method, path, form, after=trace)
    assert "clone" not in log.read_text() and "fork" not in log.read_text(), log.read_text()
    return run


def test_all_is_done_by_one_thread(
    hosting: Hosting, counting: Sandbox, confidential: Confidential, workplace: Workplace
) -> None:
    """A visit, with a name that has to be looked up on the way to the provider."""
    hosting.settings.write_text(hosting.settings.read_text().replace("//127.0.0.1", "//localhost"))
    log, number = workplace.new_folder("trace") / "trace", confidential.new_number()
    assert tasks_begun(hosting, log, "GET", "").page
    page = tasks_begun(hosting, log, "POST", "register", {"number": flow.typed(number)}).page
    assert page and page.status == 200
    pin = counting.pin_of(number)
    for typed, status in ((flow.another(pin), 422), (pin, 200), (pin, 410)):
        form = {"requestId": page.form.fields["requestId"], "pin": typed}
        answer = tasks_begun(hosting, log, "POST", "verify", form).page
        assert answer and answer.status == status
    assert messages_to(counting, number) == 1


@pytest.mark.parametrize("most", [1, 2, 3, 5, 10, 25, 50])
def test_it_needs_no_second_thread_however_many_are_at_it(
    with_sqlite: Hosting, counting: Sandbox, confidential: Confidential, most: int
) -> None:
    for together in (1, 8):
        numbers = [confidential.new_number() for _ in range(together)]
        started = [
            with_sqlite.start("POST", "register", {"number": flow.typed(number)}, [f"--nproc={most}"])
            for number in numbers
        ]
        for number, run in zip(numbers, map(cgi.finished, started), strict=True):
            assert run.page and run.page.status == 200, run
            check_that_a_message_has_its_page(run, counting, number)


# MARK: Memory and descriptors


def floor(hosting: Hosting) -> int:
    """With how many MiB of address space the program gives a page without a form."""
    sizes = range(16, 1_024, 8)
    return next(size for size in sizes if hosting.run("GET", "", limits=[f"--as={size * MIB}"]).status == 0)


def test_a_message_has_its_page_however_much_address_space_there_is(
    hosting: Hosting, counting: Sandbox, confidential: Confidential
) -> None:
    """From less than the program itself takes, up to where it works."""
    least = floor(hosting)
    assert least < ENOUGH
    for size in [*range(64, least, 32), *range(least - 4, least + 56, 3), ENOUGH, ENOUGH + 64]:
        number = confidential.new_number()
        run = ask_for_pin(hosting, number, limits=[f"--as={size * MIB}"])
        check_that_a_message_has_its_page(run, counting, number)
        if size >= least:
            assert run.page, run  # what can say something says something
        if size >= ENOUGH:
            assert run.page and run.page.status == 200, run


@pytest.mark.parametrize("most", [*range(3, 17), 24, 32])
def test_a_message_has_its_page_however_few_descriptors_there_are(
    hosting: Hosting, counting: Sandbox, confidential: Confidential, most: int
) -> None:
    number = confidential.new_number()
    run = ask_for_pin(hosting, number, limits=[f"--nofile={most}"])
    check_that_a_message_has_its_page(run, counting, number)
    if most >= 16:
        assert run.page and run.page.status == 200, run


@pytest.mark.parametrize("size", [64, 96, 128, 192, 256])
@pytest.mark.parametrize("most", [8, 16, 32])
def test_limits_together(
    with_sqlite: Hosting, counting: Sandbox, confidential: Confidential, size: int, most: int
) -> None:
    limits = [f"--as={size * MIB}", f"--nofile={most}", "--nproc=1"]
    number = confidential.new_number()
    run = ask_for_pin(with_sqlite, number, limits=limits)
    check_that_a_message_has_its_page(run, counting, number)
    if size >= ENOUGH and most >= 16:
        assert run.page and run.page.status == 200, run


# MARK: Descriptors 0 to 2


def test_nothing_is_sent_when_nobody_takes_the_page(
    with_sqlite: Hosting, counting: Sandbox, confidential: Confidential
) -> None:
    """Standard output is closed, full, or not for writing."""
    reading, writing = pipes.full()
    with open(writing, "wb", buffering=0) as full:
        gone, broken = os.pipe()
        os.close(gone)
        for name, given in {
            "closed": {"before": [">&-"]},
            "full pipe": {"stdout": full},
            "broken pipe": {"stdout": broken},
            "full device": {"before": [">/dev/full"]},
            "for reading": {"before": ["1</dev/null"]},
        }.items():
            number = confidential.new_number()
            for run in (ask_for_pin(with_sqlite, number, **given), with_sqlite.run("GET", "", **given)):
                assert (run.status, "cgi.no_output" in run.log) == (74, True), (name, run)
            assert messages_to(counting, number) == 0, name
        os.close(broken)
    os.close(reading)


def waiting_in(pipe: int) -> int:
    """How many bytes are in it."""
    (count,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))
    assert isinstance(count, int)
    return count


def test_nothing_is_sent_when_the_page_has_no_room_any_more(
    with_sqlite: Hosting, counting: Sandbox, confidential: Confidential
) -> None:
    """Standard output was there at the start, and is full once the form has come."""
    number = confidential.new_number()
    form = {"number": flow.typed(number)}
    given, giving = os.pipe()
    reading, writing = os.pipe()
    process = with_sqlite.start("POST", "register", form, stdin=given, stdout=writing)
    body = urlencode(form).encode()
    os.write(giving, body[:1])
    until(lambda: not waiting_in(given), "the program to read")
    pipes.fill(writing)
    os.write(giving, body[1:])
    for pipe in (given, giving, writing):
        os.close(pipe)
    run = cgi.finished(process)
    assert (run.status, "cgi.no_output" in run.log) == (74, True), run
    with open(reading, "rb") as output:
        assert set(output.read()) == {0}  # nothing but what fills it
    assert messages_to(counting, number) == 0


def test_a_refusal_does_not_wait_for_a_form_that_never_ends(with_sqlite: Hosting) -> None:
    """Which comes byte by byte, each well before the program takes its visitor for silent."""
    given, giving = os.pipe()
    process = with_sqlite.start("POST", "register", {"number": "1"}, ["--nofile=8"], stdin=given)
    os.close(given)
    ended = threading.Event()

    def feed() -> None:
        while not ended.wait(0.2):
            try:
                os.write(giving, b"n")
            except BrokenPipeError:
                return

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        run = cgi.finished(process)
    finally:
        process.kill()
        ended.set()
        feeder.join()
        os.close(giving)
    assert run.page and run.page.status == 503, run
    assert "cgi.shortage" in run.log


def test_an_answer_that_is_not_taken_in_whole_is_told(with_sqlite: Hosting) -> None:
    """Its reader goes after the first byte."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4_096)
    process = with_sqlite.start("GET", "style.css", stdout=writing)
    os.close(writing)
    assert os.read(reading, 1)
    os.close(reading)
    run = cgi.finished(process)
    assert (run.status, "cgi.not_taken" in run.log) == (74, True), run


def test_an_answer_goes_through_a_pipe_that_is_smaller(with_sqlite: Hosting) -> None:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4_096)
    process = with_sqlite.start("GET", "style.css", stdout=writing)
    os.close(writing)
    with open(reading, "rb") as output:
        run = Run(0, output.read(), "")
    assert run.page and run.page.status == 200
    assert cgi.finished(process).status == 0


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "2>/dev/null"])
def test_a_message_has_its_page_wherever_the_log_goes(
    with_sqlite: Hosting, counting: Sandbox, confidential: Confidential, redirection: str
) -> None:
    number = confidential.new_number()
    run = ask_for_pin(with_sqlite, number, before=[redirection])
    assert run.page and run.page.status == 200
    check_that_a_message_has_its_page(run, counting, number)


def test_a_message_has_its_page_while_nobody_reads_the_log(
    with_sqlite: Hosting, counting: Sandbox, confidential: Confidential
) -> None:
    reading, writing = pipes.full()
    with open(writing, "wb", buffering=0) as full:
        number = confidential.new_number()
        run = ask_for_pin(with_sqlite, number, stderr=full)
    os.close(reading)
    assert run.page and run.page.status == 200
    check_that_a_message_has_its_page(run, counting, number)


def test_a_form_that_is_not_handed_over_is_refused(with_sqlite: Hosting, confidential: Confidential) -> None:
    run = ask_for_pin(with_sqlite, confidential.new_number(), before=["<&-"])
    assert run.page and run.page.status == 400, run


@pytest.mark.skipif(os.getuid() != 0, reason="only root takes /proc away")
def test_it_works_without_proc(hosting: Hosting, counting: Sandbox, confidential: Confidential) -> None:
    """As in many a hoster's jail: all but ending the request of a number that is given up."""
    without = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]
    number = confidential.new_number()
    run = ask_for_pin(hosting, number, after=without)
    assert run.page and run.page.status == 200, run
    check_that_a_message_has_its_page(run, counting, number)
    fields = {"requestId": run.page.form.fields["requestId"]}
    given_up = hosting.run("POST", "cancel", fields, after=without)
    assert given_up.page and given_up.page.status == 200, given_up
    assert "cancel.left" in given_up.log
    verified = hosting.run("POST", "verify", {**fields, "pin": counting.pin_of(number)}, after=without)
    assert verified.page and verified.page.status in (200, 410), verified


# MARK: What only looks like CGI


def test_a_web_server_that_keeps_back_what_cgi_is_told_by_is_named(
    with_sqlite: Hosting, counting: Sandbox, confidential: Confidential
) -> None:
    """And the words on the command line, which are a visitor's there, are no command."""
    number = confidential.new_number()
    run = ask_for_pin(with_sqlite, number, GATEWAY_INTERFACE="")
    assert run.page and run.page.status == 503
    assert "GATEWAY_INTERFACE" in run.log
    assert messages_to(counting, number) == 0


# MARK: A service


@pytest.mark.parametrize(
    "limit", ["--nproc=1", "--nproc=2", "--nproc=4", "--nofile=4", "--nofile=8", f"--as={64 * MIB}"]
)
def test_a_service_that_cannot_serve_ends_and_says_why(with_sqlite: Hosting, limit: str) -> None:
    """It does not wait for what does not come, and no signal ends it."""
    settings = with_sqlite.settings
    settings.write_text(settings.read_text() + f"PINGATE_LISTEN=unix:{with_sqlite.folder}/socket\n")
    run = subprocess.run(
        [str(word) for word in with_sqlite.command([limit], ["serve"])],
        env={"PINGATE_CONFIG": str(settings)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=cgi.SECONDS,
        check=False,
    )
    assert run.returncode > 0, run
    assert run.stderr, run


def test_a_service_needs_threads_for_the_processors_that_it_may_run_on(with_sqlite: Hosting) -> None:
    """As in a container: with one of many, and no more threads than the many would want."""
    settings, path = with_sqlite.settings, with_sqlite.folder / "socket"
    settings.write_text(settings.read_text() + f"PINGATE_LISTEN=unix:{path}\n")
    most = (os.cpu_count() or 1) + 8
    command = ["taskset", "--cpu-list", str(min(os.sched_getaffinity(0))), *with_sqlite.command([f"--nproc={most}"], ["serve"])]
    process = subprocess.Popen(
        [str(word) for word in command],
        env={"PINGATE_CONFIG": str(settings)}, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )
    until(lambda: path.exists() or process.poll() is not None, "the service")
    process.send_signal(signal.SIGTERM)
    assert (cgi.finished(process).status, path.exists()) == (0, False)


def test_a_program_that_is_ended_while_it_waits_for_the_provider_ends(
    with_sqlite: Hosting, counting: Sandbox, confidential: Confidential
) -> None:
    counting.change(delay_ms=30_000)
    process = with_sqlite.start("POST", "register", {"number": flow.typed(confidential.new_number())})
    until(lambda: counting.statistics()["starts"] == 1, "the request to reach the provider")
    process.send_signal(signal.SIGTERM)
    assert cgi.finished(process).status == 143
    assert not list(with_sqlite.folder.glob("pingate.sqlite-*"))
