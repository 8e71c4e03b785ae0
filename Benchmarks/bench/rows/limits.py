"""What the limits cost: decisions of the stores by themselves, and registrations with limits and without."""

from collections import defaultdict
from contextlib import ExitStack

from bench import load, peers, store, units, workbench
from bench.figures import Figure, Goal, Line, Outcome
from bench.interleaving import interleaved
from bench.peers import PINGATE, Peer
from bench.rows.register import CLIENTS
from bench.stand import Bench, stand

LEAST_LEFT = 0.9
# The part of what a store can do at most that a site should plan with.
WITH_EASE = 0.25
TASKS = ("decision", "register", "visit")

UNLIMITED = Peer(
    "unlimited",
    lambda situation, socket: peers.start_pingate(situation, socket, "unlimited"),
    PINGATE.upstreams,
    PINGATE.locations,
)


def measure(bench: Bench) -> Outcome:
    lines, remarks = _decisions(bench)
    kept, remark = _with_and_without(bench)
    return Outcome(lines + kept, [remark, *remarks])


def _decisions(bench: Bench) -> tuple[list[Line], list[str]]:
    """The stores by themselves: each measurement with a new one."""
    rates: defaultdict[str, Figure] = defaultdict(Figure)
    slowest: defaultdict[str, Figure] = defaultdict(Figure)
    seconds = bench.options.seconds_or(2)
    cases = [("SQLite", 1, "decision"), ("SQLite", 4, "decision")]
    cases += [("Redis", 1, task) for task in TASKS] + [("Redis", 4, "decision")]

    def once(case: tuple[str, int, str]) -> str:
        kind, processes, task = case
        with workbench.part_of(bench.workplace, kind) as place:
            address = store.start_redis(place).store if kind == "Redis" else str(store.new_sqlite(place))
            got = store.run(address, task, seconds, processes)
        name = _name(*case)
        rates[name].add(got.rate, got.failures)
        slowest[name].add(got.p99)
        return f"{name} {units.rate(got.rate)}, p99 {units.milliseconds(got.p99)}, {got.failures} errors"

    interleaved(bench.options.runs, cases, once, "limits")
    lines = []
    for kind, processes, task in cases:
        if task != "decision":
            continue
        name = _name(kind, processes, task)
        lines.append(Line(f"limits: {name}/s", units.rate, {"pingate": rates[name]}))
        lines.append(Line(f"limits: {name}, p99", units.milliseconds, {"pingate": slowest[name]}, is_cost=True))
    alone = {task: rates[_name("Redis", 1, task)].median for task in TASKS}
    return lines, [redis_remark(alone)]


def _name(kind: str, processes: int, task: str) -> str:
    return f"{kind}, {processes} process{'es' if processes > 1 else ''}, {task}s"


def redis_remark(rates: dict[str, float]) -> str:
    """What size of site one Redis carries.

    :param rates: decisions, registrations and whole visits a second.
    """
    ease = rates["visit"] * WITH_EASE
    return (
        f"One Redis, which shared this machine's cores with the load, makes {units.rate(rates['decision'])} decisions. "
        "A registration is a decision and the note of its answer; a whole visit, with one right PIN, is two decisions, "
        f"the note and the success. That is {units.rate(rates['register'])} registrations, or "
        f"{units.rate(rates['visit'])} visits. At a quarter of that, so that nobody waits and a peak has room, it "
        f"carries {ease:,.0f} visits a second: {ease * 3600:,.0f} in the busiest hour of a day."
    )


def _with_and_without(bench: Bench) -> tuple[list[Line], str]:
    found: defaultdict[str, Figure] = defaultdict(Figure)

    def once(name: str) -> str:
        with ExitStack() as stack:
            settings = {}
            if name == "Redis":
                place = stack.enter_context(workbench.part_of(bench.workplace, "redis"))
                settings["PINGATE_STORE"] = store.start_redis(place).store
            peer = UNLIMITED if name == "none" else PINGATE
            standing = stack.enter_context(stand(bench, peer, delay=0, clients=CLIENTS, settings=settings))
            seconds = bench.options.seconds_or(3)
            got = load.run(standing.front.url, "register", CLIENTS, seconds, first=bench.numbers.take())
        found[name].add(got.rate, got.errors, got.detail)
        return f"{name} {units.rate(got.rate)} {got.detail}"

    interleaved(bench.options.runs, ("none", "SQLite", "Redis"), once, "limits, register")
    without = found["none"]
    lines = []
    for name in ("SQLite", "Redis"):
        parts = [rate / most for rate, most in zip(found[name].values, without.values, strict=True)]
        figure = Figure(parts, found[name].errors + without.errors)
        goals = [Goal("≥ 90 %", figure.median >= LEAST_LEFT)] if name == "SQLite" else []
        title = f"limits: register/s with {name}, of those without limits"
        lines.append(Line(title, lambda part: f"{part * 100:.0f} %", {"pingate": figure}, goals))
    rates = ", ".join(f"{name} {units.rate(figure.median)}" for name, figure in found.items())
    return lines, f'Registrations by store, where "none" is the program built without limits: {rates}.'
