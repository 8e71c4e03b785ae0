"""PinGate and what it is compared with: how each is started, and how nginx speaks to it."""

import os
import sqlite3
import string
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from stack import limits, listening
from stack.confidential import Confidential
from stack.pingate import program
from stack.workplace import Part, Workplace

from bench import programs, servers
from bench.load import API_ANSWER, API_CHECKED, PIN_PAGE, VERIFIED

BRAND = "Example"


@dataclass(frozen=True)
class Situation:
    """What a peer is to be started for."""

    workplace: Workplace
    # Where programs are built.
    programs: Path
    confidential: Confidential
    # VONAGE_API_URL.
    api: str
    # The most visitors at a time, for peers that have to know.
    clients: int
    # Further settings of PinGate's.
    settings: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """What every peer is told."""
        return {
            "VONAGE_API_URL": self.api,
            "VONAGE_API_KEY": self.confidential.api_key,
            "VONAGE_API_SECRET": self.confidential.api_secret,
            "VONAGE_BRAND_NAME": BRAND,
        }


@dataclass(frozen=True)
class Peer:
    """One of those that are compared."""

    name: str
    # Starts it, to listen at a path. Nothing for nginx alone.
    start: Callable[[Situation, Path], Part] | None
    # What stands in `http { }` of the front, from the socket's path, and in `server { }`.
    upstreams: Callable[[Situation, Path], str]
    locations: Callable[[Situation], str]
    # What the right answer to /register holds.
    pin_page: str = PIN_PAGE
    # And that to /verify.
    status_page: str = VERIFIED


def settings(situation: Situation, socket: Path | None) -> dict[str, str]:
    """PinGate's, as a site would have them: all limits on, none within reach. The cooldowns are the default ones, and the
    budget is shared out as by default.
    """
    return {
        **situation.environment,
        **({"PINGATE_LISTEN": f"unix:{socket}"} if socket else {}),
        "PINGATE_KEY": situation.confidential.sealing_key,
        "PINGATE_COUNTRIES": "AT",
        **{f"PINGATE_LIMIT_{row}": "1000000" for row in limits.ROWS},
        **situation.settings,
    }


def write_settings(folder: Path, values: Mapping[str, str]) -> Path:
    """A new database beside the settings, where PinGate puts it by itself."""
    file = folder / "pingate.conf"
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return file


def start_pingate(situation: Situation, socket: Path, name: str = "pingate") -> Part:
    folder = situation.workplace.new_folder(name)
    file = write_settings(folder, settings(situation, socket))
    return situation.workplace.start(name, [program(name), "serve"], environment={"PINGATE_CONFIG": str(file)})


def start_express(situation: Situation, socket: Path) -> Part:
    environment = {
        **situation.environment,
        **{"NODE_ENV": "production", "NODE_PATH": "/usr/share/nodejs", "SOCKET": str(socket)},
    }
    app = programs.PEERS / "express" / "app.js"
    return situation.workplace.start("express", ["node", app], environment=environment)


def _counting(situation: Situation) -> dict[str, str]:
    """What a peer is told that counts and seals: a new database of its own, and a key."""
    file = situation.workplace.new_folder("counters") / "counters.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "CREATE TABLE counters (name BLOB PRIMARY KEY, since INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID"
        )
    for part in (file.parent, *file.parent.iterdir()):
        # For children that run as somebody else.
        part.chmod(0o777)
    return {"STORE": str(file), "SEALING_KEY": situation.confidential.sealing_key}


def start_php(situation: Situation, socket: Path, counts: bool = False) -> Part:
    folder = situation.workplace.new_folder("php")
    template = string.Template((programs.PEERS / "php" / "php-fpm.conf").read_text())
    file = folder / "php-fpm.conf"
    # `$pool` and the like are PHP-FPM's own.
    file.write_text(template.safe_substitute(FOLDER=folder, SOCKET=socket, USER=servers.user_for_workers()))
    command = ["php-fpm8.2", "--allow-to-run-as-root", "--fpm-config", str(file)]
    environment = {**situation.environment, **(_counting(situation) if counts else {})}
    return situation.workplace.start("php", command, environment=environment)


def start_go(situation: Situation, socket: Path) -> Part:
    environment = {**situation.environment, "SOCKET": str(socket)}
    return situation.workplace.start("go", [programs.go_peer(situation.programs)], environment=environment)


def start_counting_go(situation: Situation, socket: Path) -> Part:
    environment = {**situation.environment, **_counting(situation), "SOCKET": str(socket)}
    return situation.workplace.start("go", [programs.counting_go_peer(situation.programs)], environment=environment)


# Up to so many visitors, nginx keeps its connections to the C program.
FEW = 64


def threads_for(clients: int) -> int:
    """So many that no visitor ever waits for one: a thread belongs to a connection, and each of nginx' processes may
    keep one for each visitor. With thousands of visitors none is kept, and there is a thread for each of them.
    """
    return clients if clients > FEW else clients * (os.cpu_count() or 1)


def start_c(situation: Situation, socket: Path) -> Part:
    threads = str(threads_for(situation.clients))
    environment = {**situation.environment, "SOCKET": str(socket), "THREADS": threads}
    return situation.workplace.start("c", [programs.c_peer(situation.programs)], environment=environment)


def _keeping(connections: int) -> str:
    """:param connections: how many nginx keeps, in each of its processes."""
    return f"keepalive {connections}; keepalive_requests 1000000000;"


# More than there are visitors.
ALL_KEPT = _keeping(16_384)


def _at_socket(kept: str) -> Callable[[Situation, Path], str]:
    return lambda _, socket: f"upstream peer {{ server unix:{socket}; {kept} }}"


def _fastcgi(keeps: str, script: str = "") -> Callable[[Situation], str]:
    return lambda _: (
        f"fastcgi_keep_conn {keeps}; {script}"
        "location = /register { fastcgi_pass peer; } location = /verify { fastcgi_pass peer; }"
    )


def _proxied(_: Situation) -> str:
    return "location / { proxy_pass http://peer; }"


def _the_api(situation: Situation, _: Path) -> str:
    return f"upstream peer {{ server {urlsplit(situation.api).netloc}; {ALL_KEPT} }}"


def _straight_to_the_api(situation: Situation) -> str:
    path = urlsplit(situation.api).path
    return (
        f"location = /register {{ proxy_pass http://peer{path}/verify/json; }}"
        f"location = /verify {{ proxy_pass http://peer{path}/verify/check/json; }}"
    )


def _c_upstreams(situation: Situation, socket: Path) -> str:
    return _at_socket(_keeping(FEW) if situation.clients <= FEW else "")(situation, socket)


def _c_locations(situation: Situation) -> str:
    return _fastcgi("on" if situation.clients <= FEW else "off")(situation)


PINGATE = Peer("pingate", start_pingate, _at_socket(ALL_KEPT), _fastcgi("on"))
NGINX = Peer("nginx", None, _the_api, _straight_to_the_api, API_ANSWER, API_CHECKED)
GO = Peer("go", start_go, _at_socket(ALL_KEPT), _fastcgi("on"))
C = Peer("c", start_c, _c_upstreams, _c_locations)
EXPRESS = Peer("express", start_express, _at_socket(ALL_KEPT), _proxied)
# A child belongs to a connection for as long as nginx keeps it: kept ones would leave visitors without a child.
_SCRIPT = f"fastcgi_param SCRIPT_FILENAME {programs.PEERS}/php/index.php;"
PHP = Peer("php", start_php, _at_socket(""), _fastcgi("off", _SCRIPT))

# The same work as PinGate's. They stand in the columns of those that do less, in rows of their own.
COUNTING_GO = Peer("go", start_counting_go, GO.upstreams, GO.locations)
COUNTING_PHP = Peer("php", partial(start_php, counts=True), PHP.upstreams, PHP.locations)

ALL = (PINGATE, NGINX, GO, C, EXPRESS, PHP)


def until_it_listens(part: Part, socket: Path) -> None:
    part.until_ready(lambda: listening.accepts(socket))
