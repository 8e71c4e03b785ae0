"""Apache, as a hosting company would run it: the user has `.htaccess` and a folder for CGI programs."""

import os
from pathlib import Path

from stack import listening
from stack.workplace import EndedEarly, Part, Workplace

MODULES = Path("/usr/lib/apache2/modules")
NEEDED = "mpm_event authz_core dir mime alias env headers rewrite cgid ssl socache_shmcb"
TRIES = 5


def start(
    workplace: Workplace, root: Path, programs: Path, certificate: Path, key: Path, log: Path, access_log: Path
) -> tuple[Part, int]:
    """Apache with TLS on a port that is free; it cannot be handed a socket.

    :param root: the web site's folder.
    :param programs: what `/cgi-bin/` means.
    :return: also the port.
    """
    for _ in range(TRIES):
        port = listening.free_port()
        folder = workplace.new_folder("apache")
        (folder / "apache.conf").write_text(
            "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in NEEDED.split())
            + f"""
            ServerRoot {folder}
            ServerName www.example.com
            PidFile {folder}/pid
            ScriptSock {folder}/cgid.sock
            ErrorLog {log}
            # Without queries; on shared hosting that is in the company's hands.
            CustomLog {access_log} "%h %t %m %U %H %>s %b"
            {"User www-data" if os.getuid() == 0 else ""}
            {"Group www-data" if os.getuid() == 0 else ""}
            Listen 127.0.0.1:{port}
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
            """
        )
        part = workplace.start("apache", ["apache2", "-D", "FOREGROUND", "-f", folder / "apache.conf"], log=log)
        try:
            part.until_ready(lambda: listening.accepts(port))  # noqa: B023 (called at once)
        except EndedEarly:
            continue
        return part, port
    raise AssertionError(f"Apache does not start:\n{log.read_text()}")
