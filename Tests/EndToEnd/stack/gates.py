"""The gate's example configurations, edited as their first lines say and in no other way, each on its real server: a folder
with files, and one with a program."""

import base64
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stack import apache, caddy, fcgiwrap, lighttpd, listening, nginx, pingate
from stack.confidential import Confidential
from stack.examples import edited, install_on_shared_hosting, nginx_phone_files, write_program
from stack.examples import Surroundings, program_of_lighttpd, stock_nginx
from stack.pingate import REPOSITORY
from stack.workplace import Part, Workplace

TEXT = "".join(f"line {number} of what is guarded\n" for number in range(200))

# A program behind the gate: what it got to know, and how long the body was.
PROGRAM = """#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
env | grep -iE '^(HTTP_X_|)PINGATE_(SUBJECT|USER|VERIFIED_AT)=' | sort
printf 'body=%s\\n' "$(wc -c | tr -d ' ')"
"""

GATE = {"PINGATE_GATE": "on", "PINGATE_SITE": "www.example.com"}


@dataclass(frozen=True)
class Gated:
    """A web server with guarded folders."""

    port: int
    # Of PinGate's first page.
    form: str
    secure: bool = False
    # The path of a program behind the gate.
    program: str = "/app/program"
    # Whether a form that is sent to that arrives there.
    takes_forms: bool = True
    # Whether an application on another port is at /app/proxied/, with the pages of /open/.
    has_proxied: bool = False
    # PinGate, where the web server does not start it.
    behind: Part | None = None


def new_root(workplace: Workplace) -> Path:
    root = workplace.new_folder("guarded")
    for name in ("private", "private/sub", "private/board", "app", "open"):
        (root / name).mkdir()
    (root / "private/big.txt").write_text(TEXT)
    (root / "private/index.html").write_text("the guarded index")
    (root / "private/sub/index.html").write_text("the guarded index below")
    (root / "private/board/index.html").write_text("the guarded board")
    (root / "open/index.html").write_text("open to all")
    write_program(root / "app/program", PROGRAM)
    return root


def for_server(folder: Path) -> Path:
    """A folder that the web server's own user may write to."""
    if os.getuid() == 0:
        shutil.chown(folder, "www-data", "www-data")
    return folder


# What the folder /private/board/ demands beside a proof, in each example's own way.
PURPOSE = "board"
MAX_AGE = 900


def block(example: str, begin: str, end: str = "}") -> str:
    """A block that an example has in its comments, to be copied."""
    text = "\n".join(re.findall(r"^ *#   (.*)$", (REPOSITORY / example).read_text(), re.MULTILINE))
    found = re.search(rf"^{re.escape(begin)}.*?^{re.escape(end)}$", text, re.MULTILINE | re.DOTALL)
    assert found, begin
    return found.group()


def line(example: str, begin: str) -> str:
    """A line that an example has in its comments, to be copied."""
    found = re.search(rf"^#   ({re.escape(begin)}.*)$", (REPOSITORY / example).read_text(), re.MULTILINE)
    assert found, begin
    return found[1]


def nginx_gate(around: Surroundings) -> Gated:
    """deploy/nginx-gate.example in a site's server { }."""
    workplace = around.workplace
    behind = start_pingate(around)
    root = new_root(workplace)
    program, _ = fcgiwrap.start(workplace, "www-data" if os.getuid() == 0 else "")
    if os.getuid() == 0:
        program.chmod(0o666)
    example = "deploy/nginx-gate.example"
    app = block(example, "location ^~ /app/ {").replace("include fastcgi_params;", "include /etc/nginx/fastcgi_params;")
    app = app.replace("/run/app.sock", str(program))
    app = app.replace("}", f"fastcgi_param SCRIPT_FILENAME {root}/app/program;\n}}")
    listener = listening.on_loopback()
    port = listening.port(listener)
    log = workplace.new_log("nginx-gate")
    site = f"""
        server {{
            listen 127.0.0.1:{port} default_server;
            server_name www.example.com;
            root {root};
            index index.html;
            fastcgi_intercept_errors on;
            fastcgi_param SCRIPT_NAME /index.php;
            error_page 404 502 /missing.html;
            include snippets/pingate.conf;
            include snippets/pingate-gate.conf;
            {block(example, "location ^~ /private/ {")}
            {app}
            # Of the site's own: it matches files in the folder too, and must open none.
            location ~ \\.txt$ {{
                expires 1h;
            }}
        }}
    """
    files = {
        "sites-enabled/default": site,
        **nginx_phone_files(around, behind.socket),
        "snippets/pingate-gate.conf": (REPOSITORY / example).read_text() + board_of_nginx(example),
    }
    # All of this run's visitors come from one address.
    files["conf.d/pingate.conf"] = files["conf.d/pingate.conf"].replace("rate=10r/m", "rate=100r/s")
    nginx.start_whole(workplace, "nginx-gate", stock_nginx(workplace, log), [listener], log, files=files)
    return Gated(port, "/phone/", behind=behind.part)


def board_of_nginx(example: str) -> str:
    """Copies of the two locations with the two lines, and a folder that names them."""
    text = (REPOSITORY / example).read_text()
    demands = "\n".join(re.findall(r"^  #   (fastcgi_param PINGATE_(?:PURPOSE|MAX_AGE) .*)$", text, re.MULTILINE))
    assert f"PURPOSE {PURPOSE};" in demands and f"MAX_AGE {MAX_AGE};" in demands
    copies = ""
    for name in ("= /pingate-check", "@pingate-enter"):
        found = re.search(rf"^location {name} {{.*?^}}$", text, re.MULTILINE | re.DOTALL)
        assert found
        copies += found.group().replace(name, f"{name}-board").replace("auth_request off;", f"auth_request off;{demands}")
    folder = block(example, "location ^~ /private/ {")
    for name in ("/private", "/pingate-check", "@pingate-enter"):
        folder = folder.replace(name, "/private/board" if name == "/private" else f"{name}-board")
    return copies + folder


def start_pingate(around: Surroundings, **more: str) -> pingate.PinGate:
    group = {"PINGATE_SOCKET_GROUP": "www-data"} if os.getuid() == 0 else {}
    return pingate.start(around.workplace, around.site.confidential, around.site.api, **group, **GATE, **more)


def lighttpd_gate(around: Surroundings) -> Gated:
    """deploy/lighttpd-gate.conf.example beside deploy/lighttpd-phone.conf.example."""
    workplace = around.workplace
    folder, settings = program_of_lighttpd(around)
    more = {**GATE, "PINGATE_PREFIX": "/phone"}
    settings.write_text(settings.read_text() + "".join(f"{name}={value}\n" for name, value in more.items()))
    root = new_root(workplace)
    listener = listening.on_loopback()
    port = listening.port(listener)
    sockets = {"/run/lighttpd/": f"{folder}/"}
    phone = edited(
        "deploy/lighttpd-phone.conf.example",
        {
            **sockets,
            '$HTTP["host"] == "www.example.com"': r'$HTTP["host"] =~ "^(www\.example\.com|127\.0\.0\.1)(:|$)"',
            "/usr/bin/pingate": f"{folder}/pingate",
            "/etc/pingate/pingate.conf": str(settings),
            "/usr/share/pingate/www": str(around.public_files()),
            "/var/log/lighttpd/pingate.log": str(workplace.new_log("lighttpd-gate-pingate")),
        },
    )
    example = "deploy/lighttpd-gate.conf.example"
    part = workplace.new_folder("lighttpd-gate-part") / "pingate-gate.conf"
    part.write_text(edited(example, sockets))
    modules = line(example, "server.modules ")
    guard = line(example, '$HTTP["url"] =~ "^/private(').replace("pingate-gate.conf", str(part))
    app = guard.replace("/private", "/app")
    board = block(example, '$HTTP["url"] =~ "^/private/board')
    gate = f'{modules}\n{guard}\n{board}\n{app}\n$HTTP["url"] =~ "^/app/" {{ cgi.assign = ("" => "") }}'
    configuration = f"""
        # As Debian has them.
        server.modules = ( "mod_indexfile", "mod_access", "mod_alias", "mod_redirect", "mod_cgi", "mod_proxy" )
        server.document-root = "{root}"
        server.errorlog = "{workplace.new_log("lighttpd-gate")}"
        server.upload-dirs = ( "{for_server(workplace.new_folder("uploads"))}" )
        server.bind = "127.0.0.1"
        server.port = {port}
        index-file.names = ( "index.html" )
        mimetype.assign = ( ".html" => "text/html", ".txt" => "text/plain", ".css" => "text/css" )
        # An application on another port: here the site's own, for which nobody has to have a proof.
        $HTTP["url"] =~ "^/app/proxied/" {{
            proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => {port} )) )
            proxy.header = ( "map-urlpath" => ( "/app/proxied/" => "/open/" ) )
        }}
        {phone}
        {gate}
        server.modules += ( "mod_staticfile" )
    """
    if os.getuid() == 0:
        configuration += 'server.username = "www-data"\nserver.groupname = "www-data"\n'
    lighttpd.start(workplace, "lighttpd-gate", configuration, [listener])
    return Gated(port, "/phone/", has_proxied=True)


def apache_gate(around: Surroundings) -> Gated:
    """deploy/apache-gate.conf.example beside deploy/apache-phone.conf.example."""
    workplace = around.workplace
    authorizer = listening.free_port()
    behind = start_pingate(
        around, PINGATE_PREFIX="/phone", PINGATE_AUTHORIZER_LISTEN=f"127.0.0.1:{authorizer}"
    )
    root = new_root(workplace)
    folder = workplace.new_folder("apache-gate-parts")
    phone = folder / "pingate.conf"
    phone.write_text(
        edited(
            "deploy/apache-phone.conf.example",
            {
                "/run/pingate/pingate.sock": str(behind.socket),
                "/usr/share/pingate/www": str(around.public_files()),
                "/var/log/apache2/pingate.log": str(workplace.new_log("apache-gate-pingate")),
            },
        )
    )
    example = "deploy/apache-gate.conf.example"
    gate = folder / "pingate-gate.conf"
    gate.write_text(edited(example, {}))
    provider = line(example, "AuthnzFcgiDefineProvider ")
    guard = block(example, '<LocationMatch "^/+private(', "</LocationMatch>").replace("/etc/apache2/pingate-gate.conf", str(gate))
    board = block(example, '<LocationMatch "^/+private/board', "</LocationMatch>")
    configuration = f"""
        DirectoryIndex index.html
        TypesConfig /etc/mime.types
        ScriptSock {workplace.new_folder("cgid")}/cgid.sock
        {provider.replace("9001", str(authorizer))}
        <Directory {root}>
            Require all granted
        </Directory>
        <VirtualHost *>
            ServerName www.example.com
            DocumentRoot {root}
            <Directory {root}/app>
                Options +ExecCGI
                SetHandler cgi-script
            </Directory>
            Include {phone}
            {guard}
            {guard.replace("private", "app")}
            {board}
        </VirtualHost>
    """
    modules = (
        f"{apache.BASIC} mime proxy proxy_fcgi rewrite setenvif cgid authn_core authz_user auth_basic authnz_fcgi"
    )
    log = workplace.new_log("apache-gate")
    server = apache.start_whole(workplace, "apache-gate", modules, configuration, log)
    return Gated(server.port, "/phone/", behind=behind.part)


def caddy_gate(around: Surroundings) -> Gated:
    """deploy/Caddyfile-gate.example beside deploy/Caddyfile.example."""
    workplace = around.workplace
    behind = start_pingate(around)
    root = new_root(workplace)
    program, _ = fcgiwrap.start(workplace)
    example = "deploy/Caddyfile-gate.example"
    names = {"/run/pingate/pingate.sock": str(behind.socket)}
    files = {
        "pingate.caddy": edited(
            "deploy/Caddyfile.example", {**names, "/usr/share/pingate/www": str(around.public_files())}
        ),
        "pingate-gate.caddy": edited(example, names),
    }
    text = "\n".join(re.findall(r"^#   (.*)$", (REPOSITORY / example).read_text(), re.MULTILINE))
    guard = re.search(r"^@private path .*?^\}$", text, re.MULTILINE | re.DOTALL)
    board = re.search(r"^@private \{.*?^@board .*?^\}$", text, re.MULTILINE | re.DOTALL)
    env = re.search(r"^env PINGATE_SUBJECT .*$", text, re.MULTILINE)
    assert guard and board and env
    app = guard.group().replace("private", "app").replace(
        "}",
        f"""reverse_proxy unix/{program} {{
            transport fastcgi {{
                {env.group()}
                env SCRIPT_FILENAME {root}/app/program
            }}
        }}
    }}""",
    )
    site = f"""
        root * {root}
        import pingate.caddy
        {guard.group().split(chr(10), 1)[1]}
        {board.group()}
        {app}
        file_server
    """
    server = caddy.start(workplace, "caddy-gate", site, files, "import pingate-gate.caddy")
    return Gated(server.port, "/phone/", behind=behind.part)


def shared_hosting_gate(around: Surroundings) -> Gated:
    """deploy/htaccess-gate.example on Apache with CGI alone."""
    return hosted(around, ["deploy/htaccess-gate.example"], takes_forms=False)


def fcgid_gate(around: Surroundings) -> Gated:
    """deploy/htaccess-fcgid-gate.example on Apache with mod_fcgid."""
    return hosted(around, ["deploy/htaccess-fcgid-gate.example"], takes_forms=True)


def hosted(around: Surroundings, files: list[str], takes_forms: bool) -> Gated:
    workplace = around.workplace
    home = workplace.new_folder("home")
    root = home / "public_html"
    shutil.copytree(new_root(workplace), root)
    (root / "cgi-bin").mkdir()
    install_on_shared_hosting(around, home)
    settings = home / "pingate/pingate.conf"
    settings.write_text(settings.read_text() + "".join(f"{name}={value}\n" for name, value in GATE.items()))
    text = "".join((REPOSITORY / file).read_text() for file in files).replace("/home/you", str(home))
    (root / "private/.htaccess").write_text(text)
    demands = re.findall(r"^#   (SetEnvIf .*|ErrorDocument .*/board/.*)$", text, re.MULTILINE)
    line = re.search(r"^SetEnvIf .*=/gate$", text, re.MULTILINE)
    (root / "private/board/.htaccess").write_text(
        text + "\n".join(demands) + "\n" if not line else f"{line.group()}/{PURPOSE}/{MAX_AGE}\n"
    )
    (root / "app/.htaccess").write_text(text + "\nOptions +ExecCGI\n<Files program>\nSetHandler cgi-script\n</Files>\n")
    log, access_log = workplace.new_log("apache"), workplace.new_log("apache-access")
    sockets = for_server(workplace.new_folder("fcgid"))
    more = f"""
        LoadModule fcgid_module {apache.MODULES}/mod_fcgid.so
        FcgidIPCDir {sockets}
        FcgidProcessTableFile {sockets}/table
    """
    _, port = apache.start(
        workplace, root, root / "cgi-bin", *around.certificate, log, access_log, more=more if takes_forms else ""
    )
    return Gated(port, "/cgi-bin/pingate/", secure=True, takes_forms=takes_forms)


def opened(confidential: Confidential, ticket: str) -> str:
    """Where a ticket leads back to: opened with the site's key, as docs/gate.md describes it."""
    sealed = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
    info = b"pingate.entry.v1\0" + GATE["PINGATE_SITE"].encode()
    key = HKDF(SHA256(), 32, None, info).derive(base64.b64decode(confidential.sealing_key))
    rest = AESGCM(key).decrypt(sealed[1:13], sealed[13:], sealed[:1])
    while rest:
        tag, length, start = rest[0], rest[1], 2
        if length & 0x80:
            length, start = length & 0x7F | rest[2] << 7, 3
        if tag == 1:
            return rest[start : start + length].decode()
        rest = rest[start + length :]
    return ""


def proof(confidential: Confidential, purpose: str = "", age: int = 0) -> str:
    """A proof as it is handed out, signed with the site's key: of a number that was verified so many seconds ago."""
    info = b"pingate.proof.es256.v1\0" + GATE["PINGATE_SITE"].encode()
    secret = HKDF(SHA256(), 32, None, info).derive(base64.b64decode(confidential.sealing_key))
    key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    public = numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    now = int(time.time())
    header = {"alg": "ES256", "kid": base64url(hashlib.sha256(public).digest()[:6])[:6]}
    claims = {"iss": "pingate", "aud": GATE["PINGATE_SITE"], "sub": "AbCdEfGhIjKlMnOp", "iat": now, "exp": now + 600}
    claims |= {"auth_time": now - age, "jti": "0123abcd", "amr": ["sms"]} | ({"purpose": purpose} if purpose else {})
    signed = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    s = min(s, order - s)
    return f"{signed}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


Build = Callable[[Surroundings], Gated]

GATES: dict[str, Build] = {
    "nginx": nginx_gate,
    "lighttpd": lighttpd_gate,
    "Apache": apache_gate,
    "Caddy": caddy_gate,
    "Apache, CGI": shared_hosting_gate,
    "Apache, mod_fcgid": fcgid_gate,
}
