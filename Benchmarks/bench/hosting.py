"""A guarded folder on shared hosting: Apache asks PinGate, a process for each request, and serves the file itself."""

import http.client
import os
import shutil
import time
from pathlib import Path

from stack import apache
from stack.pingate import program

from bench import guards, peers
from bench.peers import Situation
from bench.quantiles import median
from bench.stand import Bench

# As docs/gate.md has it.
RULES = """\
RewriteEngine On
RewriteOptions InheritDownBefore
RewriteCond %{ENV:REDIRECT_SCRIPT_NAME} !=/cgi-bin/pingate
RewriteRule ^ /cgi-bin/pingate/gate [L]
"""
OPEN = "/open/page.html"
# In a run, after some that are not counted.
REQUESTS = 100
FIRST = 5


def start(bench: Bench) -> apache.Apache:
    """Apache as a hosting company runs it, with a customer's two folders: one is open, one is guarded."""
    home = bench.workplace.new_folder("hosting")
    for path, rules in ((OPEN, ""), (guards.PATH, RULES)):
        page = home / "public_html" / path.removeprefix("/")
        page.parent.mkdir(parents=True)
        page.write_text(guards.PAGE)
        (page.parent / ".htaccess").write_text(rules)
    (home / "cgi-bin").mkdir()
    shutil.copy(program("pingate"), home / "cgi-bin")
    situation = Situation(bench.workplace, bench.workplace.folder, bench.confidential, bench.upstream.url(0), 1, guards.GATE)
    settings = peers.write_settings(home, peers.settings(situation, None))
    settings.chmod(0o600)
    if os.getuid() == 0:
        # Programs run as whoever owns them, with most hosters.
        shutil.chown(settings, "www-data", "www-data")
    _open_to_all(bench.workplace.folder)
    _open_to_all(home)
    configuration = f"""
        ScriptSock {bench.workplace.new_folder("cgid")}/cgid.sock
        CustomLog {bench.workplace.new_log("hosting-access")} "%h %t %m %U %H %>s %b"
        TypesConfig /dev/null
        AddType text/html .html
        DocumentRoot {home}/public_html
        ScriptAlias /cgi-bin/ {home}/cgi-bin/
        <Directory {home}/public_html>
            AllowOverride All
        </Directory>
    """
    return apache.start_whole(bench.workplace, "hosting", f"{apache.BASIC} cgid mime rewrite", configuration)


def _open_to_all(folder: Path) -> None:
    folder.chmod(folder.stat().st_mode | 0o111)


def time_of(server: apache.Apache, path: str, cookie: str) -> tuple[float, int]:
    """The median time of a page, in seconds, and how many of its answers were wrong; over a connection that is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    times: list[float] = []
    wrong = 0
    for _ in range(FIRST + REQUESTS):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        page = answer.read()
        times.append(time.perf_counter() - began)
        wrong += answer.status != 200 or guards.CONTENT.encode() not in page
    connection.close()
    return median(times[FIRST:]), wrong
