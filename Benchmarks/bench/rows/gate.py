"""What it costs that a page is guarded: nginx asks for each request (`auth_request`), and a static file is behind it."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from stack.pingate import program

from bench import figures, guards, hosting, load, pace, programs, units
from bench.figures import Figure, Figures, Line, Outcome
from bench.guards import ALL, CLIENTS, CONSTANTS, GO, PINGATE, Guard
from bench.interleaving import interleaved
from bench.stand import Bench

RATE = 2_000
# A shop's worth of visitors at a time.
MANY = 10_000
WAITING = 4_000
MOST_AT_RATE = 0.005


def measure(bench: Bench) -> Outcome:
    guards_here = [guard for guard in ALL if bench.options.wants(guard.name.partition(",")[0])]
    many = {guard: guards.cookies(bench, guard, MANY) for guard in guards_here if guard in (PINGATE, GO)}
    ours = many.get(PINGATE) or many.get(GO) or guards.cookies(bench, PINGATE, MANY)
    lines: list[Line] = []
    remarks: list[str] = []
    for what, count in (("one proof", 1), (f"{MANY:,} proofs", MANY)):
        files = {guard: _first(many.get(guard, ours), count) for guard in guards_here}
        rates, p50, p99 = _checks(bench, guards_here, files, what)
        lines += [
            Line(f"guarded pages/s, {what}, {CLIENTS} clients", units.rate, _columns(rates), _goals(rates)),
            Line(f"guarded page, {what}, p50, at {RATE:,}/s", units.milliseconds, _columns(p50, least=True), is_cost=True),
            Line(
                f"guarded page, {what}, p99, at {RATE:,}/s",
                units.milliseconds,
                _columns(p99, least=True),
                [figures.at_most(p99, MOST_AT_RATE, "≤ 5 ms")],
                is_cost=True,
            ),
        ]
        remarks.append(_remark(what, rates, p50, p99))
    if PINGATE in guards_here:
        lines.append(_while_others_wait(bench, ours))
        lines += _on_shared_hosting(bench, ours)
        lines += _told_apart(bench)
    return Outcome(lines, remarks)


def _first(file: Path, count: int) -> Path:
    """The file with its first cookies alone."""
    part = file.with_name(f"{file.name}-{count}")
    part.write_text("".join(file.read_text().splitlines(keepends=True)[:count]))
    return part


def _checks(
    bench: Bench, among: Sequence[Guard], files: dict[Guard, Path], what: str
) -> tuple[defaultdict[str, Figure], defaultdict[str, Figure], defaultdict[str, Figure]]:
    rates: defaultdict[str, Figure] = defaultdict(Figure)
    p50: defaultdict[str, Figure] = defaultdict(Figure)
    p99: defaultdict[str, Figure] = defaultdict(Figure)
    seconds = bench.options.seconds_or(3)
    pacing = programs.pace(bench.workplace.folder)

    def once(guard: Guard) -> str:
        with guards.standing(bench, guard) as front:
            got = load.run(
                front.url, "guarded", CLIENTS, seconds, tokens=files[guard], path=guards.PATH, expected=guards.CONTENT
            )
            rates[guard.name].add(got.rate, got.errors, got.detail)
            paced = pace.ask(
                pacing, front.port, RATE, seconds, path=guards.PATH, cookies=files[guard], expected=guards.CONTENT
            )
        p50[guard.name].add(paced.p50, paced.errors)
        p99[guard.name].add(paced.p99, paced.errors)
        times = f"p50 {units.milliseconds(paced.p50)}, p99 {units.milliseconds(paced.p99)}"
        return f"{guard.name} {units.rate(got.rate)} {got.detail}; {times}, {paced.errors} errors"

    interleaved(bench.options.runs, among, once, f"gate, {what}")
    return rates, p50, p99


def _columns(found: Figures, *, least: bool = False) -> Figures:
    """With the best of the constants as the C program's figure."""
    columns = {name: figure for name, figure in found.items() if not name.startswith("c,")}
    constants = [found[guard.name] for guard in CONSTANTS if guard.name in found]
    if constants:
        columns["c"] = (min if least else max)(constants, key=lambda figure: figure.median)
    return columns


def _goals(rates: Figures) -> list[figures.Goal]:
    columns = _columns(rates)
    return [figures.at_least(columns, "c", 1.3), figures.at_least(columns, "go", 1.25), figures.no_error(columns)]


def _remark(what: str, rates: Figures, p50: Figures, p99: Figures) -> str:
    told = [
        f"{guard.name} {units.rate(rates[guard.name].median)} (p50 {units.milliseconds(p50[guard.name].median)}, "
        f"p99 {units.milliseconds(p99[guard.name].median)})"
        for guard in CONSTANTS
        if guard.name in rates
    ]
    return f"A constant from C, {what}: {', '.join(told)}." if told else ""


def _while_others_wait(bench: Bench, cookies: Path) -> Line:
    """The same while thousands of visitors wait for the provider: they hold no thread, and should be in nobody's way."""
    found: defaultdict[str, Figure] = defaultdict(Figure)
    pacing = programs.pace(bench.workplace.folder)
    seconds = bench.options.seconds_or(3)

    def ask(front: guards.Front) -> pace.Pace:
        return pace.ask(
            pacing, front.port, RATE, seconds, path=guards.PATH, cookies=cookies, expected=guards.CONTENT
        )

    def once(_: Guard) -> str:
        with guards.standing(bench, PINGATE, delay=guards.HELD, settings=guards.PATIENCE) as front:
            alone = ask(front)
            with guards.waiting(bench, front, WAITING):
                crowded = ask(front)
        found["pingate"].add(crowded.p99 / alone.p99, alone.errors + crowded.errors)
        return f"p99 {units.milliseconds(alone.p99)} alone, {units.milliseconds(crowded.p99)} with {WAITING:,} waiting"

    interleaved(bench.options.runs, [PINGATE], once, "gate, others wait")
    goals = [figures.at_most(found, 2, "≤ 2 x"), figures.no_error(found)]
    title = f"guarded page, p99 at {RATE:,}/s: with {WAITING:,} who wait for the provider, by alone"
    return Line(title, units.times, found, goals, is_cost=True)


def _on_shared_hosting(bench: Bench, cookies: Path) -> list[Line]:
    """A process for each request (CGI), and the file from Apache itself."""
    cookie = cookies.read_text().partition("\n")[0]
    found: defaultdict[str, Figure] = defaultdict(Figure)
    added: defaultdict[str, Figure] = defaultdict(Figure)
    server = hosting.start(bench)

    def once(_: Guard) -> str:
        alone, wrong = hosting.time_of(server, hosting.OPEN, cookie)
        guarded, wrong_too = hosting.time_of(server, guards.PATH, cookie)
        found["pingate"].add(guarded, wrong_too)
        added["pingate"].add(guarded - alone, wrong + wrong_too)
        return f"Apache {units.milliseconds(alone)}, guarded {units.milliseconds(guarded)}, {wrong + wrong_too} errors"

    interleaved(bench.options.runs, [PINGATE], once, "gate, CGI")
    goals = [figures.at_most(added, 0.010, "≤ 10 ms"), figures.no_error(added)]
    return [
        Line("CGI: page of a guarded folder on Apache", units.milliseconds, found, is_cost=True),
        Line("CGI: … on top of Apache's own", units.milliseconds, added, goals, is_cost=True),
    ]


# Above it two populations differ (Welch's t-test), with a probability of an error of some 1 in 100,000.
MOST_T = 4.5
SAMPLES = 100_000


def _told_apart(bench: Bench) -> list[Line]:
    """Right proofs and wrong ones, in turns of chance, in process."""
    found: dict[str, dict[str, Figure]] = {}

    def once(_: Guard) -> str:
        command = [program("gate-timing"), str(SAMPLES)]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        for algorithm, times in told.items():
            found.setdefault(algorithm, {"pingate": Figure()})["pingate"].add(max(times["t"], times["t90"]))
        return ", ".join(f"{name} t {times['t']}, {times['t90']} without pauses" for name, times in told.items())

    interleaved(bench.options.runs, [PINGATE], once, "gate, time")
    return [
        Line(
            f"right and wrong proofs by time, {algorithm}, Welch's t of {SAMPLES:,}",
            units.times,
            figure,
            [figures.at_most(figure, MOST_T, "≤ 4.5")],
            is_cost=True,
        )
        for algorithm, figure in found.items()
    ]
