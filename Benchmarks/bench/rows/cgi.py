"""CGI, as on shared hosting: from the start of a process to the end of the PIN page it makes."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from stack.pingate import program

from bench import cgi, figures, peers, programs, units
from bench.figures import Figure, Line, Outcome
from bench.interleaving import interleaved
from bench.load import PIN_PAGE
from bench.peers import PHP, PINGATE, Peer, Situation
from bench.quantiles import median
from bench.stand import Bench

# In a run, after one that is not counted.
STARTS = 30
PHP_CGI = Path("/usr/bin/php-cgi8.2")


def measure(bench: Bench) -> Outcome:
    found: defaultdict[str, Figure] = defaultdict(Figure)
    threads: defaultdict[str, Figure] = defaultdict(Figure)
    space: defaultdict[str, Figure] = defaultdict(Figure)
    faults: defaultdict[str, Figure] = defaultdict(Figure)
    situation = Situation(bench.workplace, bench.workplace.folder, bench.confidential, bench.upstream.url(0), 1, {})
    folder = bench.workplace.new_folder("cgi")
    settings = peers.write_settings(folder, peers.settings(situation, None))
    log = bench.workplace.new_log("cgi")

    def visit(peer: Peer) -> tuple[list[str | Path], Mapping[str, str], bytes]:
        body = b"number=43660%07d" % (bench.numbers.one() * 7_368_787 % 10_000_000)
        return *(_pingate(settings, body) if peer is PINGATE else _php(situation, body)), body

    def start(peer: Peer) -> cgi.Run:
        command, variables, body = visit(peer)
        return cgi.run(command, variables, body, PIN_PAGE, log)

    def once(peer: Peer) -> str:
        runs = [start(peer) for _ in range(STARTS + 1)]
        wrong = sum(not run.is_right for run in runs)
        found[peer.name].add(median([run.page_after for run in runs[1:]]), wrong)
        faults[peer.name].add(median([run.page_faults for run in runs[1:]]))
        command, variables, body = visit(peer)
        taken = cgi.footprint(command, variables, body, log)
        threads[peer.name].add(taken.threads)
        space[peer.name].add(taken.address_space)
        return f"{peer.name} {units.milliseconds(found[peer.name].values[-1])}, {wrong} errors"

    interleaved(bench.options.runs, bench.peers(PINGATE, PHP), once, "cgi")
    goal = figures.at_most(found, found["php"].median / 2, "≤ half of php-cgi") if "php" in found else None
    return Outcome(
        [
            Line("CGI: process start to PIN page", units.milliseconds, found, [goal] if goal else [], is_cost=True),
            Line("CGI: threads", units.number, threads, is_cost=True),
            Line("CGI: address space", units.mebibytes, space, is_cost=True),
            Line("CGI: page faults", units.number, faults, is_cost=True),
        ]
    )


def _pingate(settings: Path, body: bytes) -> tuple[list[str | Path], Mapping[str, str]]:
    variables = cgi.environment("POST", "/cgi-bin/pingate", "/register", body)
    return [program("pingate")], {**variables, "PINGATE_CONFIG": str(settings)}


def _php(situation: Situation, body: bytes) -> tuple[list[str | Path], Mapping[str, str]]:
    script = programs.PEERS / "php" / "index.php"
    variables = cgi.environment("POST", "/register", "", body)
    # What php-cgi wants of a web server, so that nobody calls it by itself.
    variables |= {"SCRIPT_FILENAME": str(script), "REDIRECT_STATUS": "200"}
    return [PHP_CGI], {**variables, **situation.environment}
