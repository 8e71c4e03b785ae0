"""TLS on this machine: a certificate, a file of certificates that has it beside the system's, and servers that show it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from stack import listening, nginx
from stack.workplace import Workplace

SYSTEMS = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class Trust:
    certificate: Path
    key: Path
    # As large as what a site trusts, and open to every user.
    trusted: Path


def new(workplace: Workplace) -> Trust:
    """A certificate for this machine that whoever reads `trusted` believes in."""
    folder = workplace.new_folder("tls")
    command = "openssl req -x509 -newkey rsa:2048 -noenc -subj /CN=localhost -keyout key.pem -out chain.pem"
    names = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    subprocess.run([*command.split(), *names], cwd=folder, check=True, capture_output=True)
    trust = Trust(folder / "chain.pem", folder / "key.pem", folder / "trusted.pem")
    trust.trusted.write_text(SYSTEMS.read_text() + trust.certificate.read_text())
    return trust


def before(workplace: Workplace, trust: Trust, api: str) -> str:
    """nginx with TLS in front of the stand-in at `api`. Returns the address of the API there."""
    listener = listening.on_loopback()
    port = listening.port(listener)
    log = workplace.new_log("tls")
    start, path = api.rsplit("/", 1)
    configuration = f"""
        worker_processes 1;
        pid nginx.pid;
        error_log {log} info;
        events {{ worker_connections 512; }}
        http {{
            access_log off;
            client_body_temp_path temporary;
            proxy_temp_path temporary;
            fastcgi_temp_path temporary;
            uwsgi_temp_path temporary;
            scgi_temp_path temporary;
            server {{
                listen 127.0.0.1:{port} ssl;
                ssl_certificate {trust.certificate};
                ssl_certificate_key {trust.key};
                location / {{ proxy_pass {start}; }}
            }}
        }}
    """
    nginx.start_whole(workplace, "tls", configuration, [listener], log, user="root")
    return f"https://127.0.0.1:{port}/{path}"
