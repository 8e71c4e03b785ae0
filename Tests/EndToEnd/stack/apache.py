"""Apache, with whole configurations."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stack import listening
from stack.workplace import EndedEarly, Part, Workplace

MODULES = Path("/usr/lib/apache2/modules")
# What a configuration of any use is written with, and Debian's usual way to have many requests at a time.
BASIC = "mpm_event authz_core dir alias env headers"
TRIES = 5


@dataclass(frozen=True)
class Apache:
    part: Part
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def start_whole(
    workplace: Workplace,
    name: str,
    modules: str,
    configuration: str,
    log: Path | None = None,
    within: Sequence[str | Path] = (),
) -> Apache:
    """Apache on a port that is free; it cannot be handed a socket.

    :param modules: all that are loaded, by their names; one of them is an `mpm_...`.
    :param configuration: the rest, without `Listen`, `ErrorLog` and what it runs as.
    :param log: where it, and the programs that it starts, write their errors.
    :param within: the command that starts it.
    """
    log = log or workplace.new_log(name)
    for _ in range(TRIES):
        port = listening.free_port()
        folder = workplace.new_folder(name)
        file = folder / "apache.conf"
        file.write_text(
            "\n".join(f"LoadModule {module}_module {MODULES}/mod_{module}.so" for module in modules.split())
            + f"""
            ServerRoot {folder}
            ServerName www.example.com
            PidFile {folder}/pid
            ErrorLog {log}
            {"User www-data" if os.getuid() == 0 else ""}
            {"Group www-data" if os.getuid() == 0 else ""}
            Listen 127.0.0.1:{port}
            {configuration}
            """
        )
        # In a group of its own: when it ends, its prefork kind ends the whole group, and this process is no part of it.
        part = workplace.start(name, ["setsid", *within, "apache2", "-D", "FOREGROUND", "-f", file], log=log)
        try:
            part.until_ready(lambda: listening.accepts(port))  # noqa: B023 (called at once)
        except EndedEarly:
            continue
        return Apache(part, port)
    raise AssertionError(f"Apache does not start:\n{log.read_text()}")


def start(
    workplace: Workplace,
    root: Path,
    programs: Path,
    certificate: Path,
    key: Path,
    log: Path,
    access_log: Path,
    mpm: str = "event",
    more: str = "",
) -> tuple[Part, int]:
    """Apache with TLS as a hosting company would run it: the user has `.htaccess` and a folder for CGI programs.

    :param root: the web site's folder.
    :param programs: what `/cgi-bin/` means.
    :param mpm: how it has many requests at a time; programs are started by mod_cgi with "prefork", else by mod_cgid.
    :param more: further lines of the configuration.
    :return: also the port.
    """
    is_prefork = mpm == "prefork"
    configuration = f"""
        {"" if is_prefork else f"ScriptSock {workplace.new_folder('cgid')}/cgid.sock"}
        # Without queries; on shared hosting that is in the company's hands.
        CustomLog {access_log} "%h %t %m %U %H %>s %b"
        SSLEngine on
        SSLCertificateFile {certificate}
        SSLCertificateKeyFile {key}
        TypesConfig /dev/null
        AddType text/html .html
        AddType text/css .css
        DocumentRoot {root}
        ScriptAlias /cgi-bin/ {programs}/
        <Directory {root}>
            AllowOverride All
        </Directory>
        {more}
    """
    modules = BASIC.replace("mpm_event", f"mpm_{mpm}") + (" cgi" if is_prefork else " cgid")
    server = start_whole(workplace, "apache", f"{modules} mime rewrite setenvif ssl socache_shmcb", configuration, log)
    return server.part, server.port
