"""The examples of a folder behind password and phone, edited as their first lines say and in no other way, each on its real
server."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stack import apache, caddy, gates, lighttpd, listening, nginx, pingate
from stack.examples import Surroundings, edited, install_on_shared_hosting, program_of_lighttpd, stock_nginx, write_program
from stack.pingate import REPOSITORY
from stack.workplace import Workplace

PASSWORDS = {"alice": "correct horse", "bob": "battery staple"}


@dataclass(frozen=True)
class Members:
    """A web server with a folder for members."""

    port: int
    # Of PinGate's first page.
    form: str
    # With PinGate's key and users.
    settings: Path
    # Its lines `user:number`.
    users: Path


@dataclass(frozen=True)
class Files:
    root: Path
    users: Path
    passwords: Path


def new_files(workplace: Workplace, numbers: dict[str, str], root: Path | None = None) -> Files:
    folder = workplace.new_folder("members")
    root = root or folder / "root"
    (root / "members").mkdir(parents=True)
    (root / "members/index.html").write_text("for members")
    (root / "open.html").write_text("open to all")
    write_users(folder / "users", numbers)
    (folder / "htpasswd").write_text("".join(f"{user}:{hashed(word)}\n" for user, word in PASSWORDS.items()))
    folder.chmod(0o755)
    return Files(root, folder / "users", folder / "htpasswd")


def write_users(file: Path, numbers: dict[str, str]) -> None:
    """In the place of what is there, as editors do it."""
    new = file.with_suffix(".new")
    new.write_text("".join(f"{user}:+{number}\n" for user, number in numbers.items()))
    new.chmod(0o600)
    if os.getuid() == 0:
        shutil.chown(new, "www-data")
    new.replace(file)


def hashed(password: str) -> str:
    command = ["openssl", "passwd", "-apr1", password]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def start_pingate(around: Surroundings, files: Files, **more: str) -> pingate.PinGate:
    return gates.start_pingate(around, PINGATE_USERS=str(files.users), **more)


def nginx_members(around: Surroundings, numbers: dict[str, str]) -> Members:
    """deploy/nginx-members.example in a site's server { }."""
    workplace = around.workplace
    files = new_files(workplace, numbers)
    behind = start_pingate(around, files)
    listener = listening.on_loopback()
    port = listening.port(listener)
    log = workplace.new_log("nginx-members")
    names = {"/run/pingate/pingate.sock": str(behind.socket), "/etc/nginx/htpasswd": str(files.passwords)}
    text = edited("deploy/nginx-members.example", names)
    site = f"""
        server {{
            listen 127.0.0.1:{port};
            root {files.root};
            include snippets/pingate-members.conf;
            # Of the site's own: it matches pages in the folder too, and must open none.
            location ~ \\.html$ {{
                expires 1h;
            }}
            # For its other folders: a network is enough.
            satisfy any;
            allow all;
        }}
    """
    parts = {"sites-enabled/default": site, "snippets/pingate-members.conf": text, "conf.d/.keep": ""}
    nginx.start_whole(workplace, "nginx-members", stock_nginx(workplace, log), [listener], log, files=parts)
    return Members(port, "/pin/", behind.settings, files.users)


def lighttpd_members(around: Surroundings, numbers: dict[str, str]) -> Members:
    """deploy/lighttpd-members.conf.example, behind modules in the order in which a site may have them."""
    workplace = around.workplace
    files = new_files(workplace, numbers)
    folder, settings = program_of_lighttpd(around)
    more = {**gates.GATE, "PINGATE_PREFIX": "/pin", "PINGATE_USERS": str(files.users)}
    settings.write_text(settings.read_text() + "".join(f"{name}={value}\n" for name, value in more.items()))
    listener = listening.on_loopback()
    port = listening.port(listener)
    names = {
        '$HTTP["host"] == "www.example.com"': r'$HTTP["host"] =~ "^127\.0\.0\.1(:|$)"',
        "/etc/lighttpd/htpasswd": str(files.passwords),
        "/usr/bin/pingate": f"{folder}/pingate",
        "/etc/pingate/members.conf": str(settings),
        "/run/lighttpd/": f"{folder}/",
    }
    configuration = f"""
        server.modules += ( "mod_indexfile", "mod_fastcgi", "mod_staticfile" )
        server.document-root = "{files.root}"
        server.errorlog = "{workplace.new_log("lighttpd-members")}"
        server.upload-dirs = ( "{gates.for_server(workplace.new_folder("uploads"))}" )
        server.bind = "127.0.0.1"
        server.port = {port}
        index-file.names = ( "index.html" )
        {edited("deploy/lighttpd-members.conf.example", names)}
    """
    if os.getuid() == 0:
        configuration += 'server.username = "www-data"\nserver.groupname = "www-data"\n'
    lighttpd.start(workplace, "lighttpd-members", configuration, [listener])
    return Members(port, "/pin/", settings, files.users)


def apache_members(around: Surroundings, numbers: dict[str, str]) -> Members:
    """deploy/apache-members.conf.example in a site's <VirtualHost>."""
    workplace = around.workplace
    files = new_files(workplace, numbers)
    authorizer = listening.free_port()
    behind = start_pingate(
        around, files, PINGATE_PREFIX="/pin", PINGATE_AUTHORIZER_LISTEN=f"127.0.0.1:{authorizer}"
    )
    example = "deploy/apache-members.conf.example"
    names = {"/run/pingate/pingate.sock": str(behind.socket), "/etc/apache2/htpasswd": str(files.passwords)}
    part = workplace.new_folder("apache-members-part") / "pingate-members.conf"
    part.write_text(edited(example, names))
    provider = re.search(r"^#   (AuthnzFcgiDefineProvider .*)$", (REPOSITORY / example).read_text(), re.MULTILINE)
    assert provider
    configuration = f"""
        DirectoryIndex index.html
        TypesConfig /etc/mime.types
        {provider[1].replace("9001", str(authorizer))}
        <Directory {files.root}>
            Require all granted
        </Directory>
        <VirtualHost *>
            DocumentRoot {files.root}
            Include {part}
        </VirtualHost>
    """
    modules = f"{apache.BASIC} mime proxy proxy_fcgi setenvif authn_core authn_file auth_basic authz_user authnz_fcgi"
    server = apache.start_whole(workplace, "apache-members", modules, configuration)
    return Members(server.port, "/pin/", behind.settings, files.users)


def caddy_members(around: Surroundings, numbers: dict[str, str]) -> Members:
    """deploy/Caddyfile-members.example in a site's block."""
    workplace = around.workplace
    files = new_files(workplace, numbers)
    behind = start_pingate(around, files)
    example = "deploy/Caddyfile-members.example"
    text = edited(example, {"/run/pingate/pingate.sock": str(behind.socket)})
    user = re.search(r"^\t\talice \S+$", text, re.MULTILINE)
    assert user
    lines = [f"{name} {bcrypt(word)}" for name, word in PASSWORDS.items()]
    text = text.replace(user.group(), "\n".join(lines))
    blocks = gates.block(example, "@members path", "}") + "\n" + gates.block(example, "@pin path", "}")
    server = caddy.start(
        workplace, "caddy-members", f"root * {files.root}\n{blocks}\nfile_server", {"pingate-members.caddy": text},
        "import pingate-members.caddy",
    )  # fmt: skip
    return Members(server.port, "/pin/", behind.settings, files.users)


def bcrypt(password: str) -> str:
    """At the least cost: `caddy hash-password` takes as much time as it can for each check."""
    command = ["perl", "-e", "print crypt($ARGV[0], q($2b$04$abcdefghijklmnopqrstuu))", password]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def hosted_members(around: Surroundings, numbers: dict[str, str]) -> Members:
    """deploy/htaccess-members.example on Apache with CGI alone."""
    return hosted(around, numbers, "deploy/htaccess-members.example")


def fcgid_members(around: Surroundings, numbers: dict[str, str]) -> Members:
    """deploy/htaccess-fcgid-members.example on Apache with mod_fcgid."""
    sockets = gates.for_server(around.workplace.new_folder("fcgid"))
    more = f"""
        LoadModule fcgid_module {apache.MODULES}/mod_fcgid.so
        FcgidIPCDir {sockets}
        FcgidProcessTableFile {sockets}/table
    """
    return hosted(around, numbers, "deploy/htaccess-fcgid-members.example", more)


def beside_a_gate(around: Surroundings, numbers: dict[str, str]) -> Members:
    """deploy/htaccess-fcgid-members.example with a program of its own, beside a PinGate for everybody with a phone."""
    example = "deploy/htaccess-fcgid-members.example"
    text = (REPOSITORY / example).read_text()
    sockets = gates.for_server(around.workplace.new_folder("fcgid"))
    more = f"""
        LoadModule fcgid_module {apache.MODULES}/mod_fcgid.so
        FcgidIPCDir {sockets}
        FcgidProcessTableFile {sockets}/table
    """
    return hosted(around, numbers, example, more, second=re.findall(r"^#   ((?:#!|exec |PINGATE_CONFIG=).*)$", text, re.MULTILINE))


def hosted(
    around: Surroundings, numbers: dict[str, str], example: str, more: str = "", second: list[str] | None = None
) -> Members:
    workplace = around.workplace
    home = workplace.new_folder("home")
    files = new_files(workplace, numbers, home / "public_html")
    (files.root / "cgi-bin").mkdir()
    install_on_shared_hosting(around, home)
    settings = home / "pingate/pingate.conf"
    own = {**gates.GATE, "PINGATE_USERS": str(files.users)}
    general = settings.read_text()
    settings.write_text(general + "".join(f"{name}={value}\n" for name, value in own.items()))
    text = (REPOSITORY / example).read_text().replace("/home/you/htpasswd", str(files.passwords))
    below = gates.block(example, '<Files "pingate">', "</Files>")
    if second:
        settings = settings.rename(home / "pingate/members.conf")
        apart = {"PINGATE_SITE": "members", "PINGATE_STORE": f"sqlite:{home}/pingate/members.sqlite"}
        kept = [line for line in settings.read_text().splitlines() if line.split("=")[0] not in apart]
        settings.write_text("\n".join(kept + [f"{name}={value}" for name, value in apart.items()]) + "\n")
        pingate_conf = home / "pingate/pingate.conf"
        pingate_conf.write_text(general + "".join(f"{name}={value}\n" for name, value in gates.GATE.items()))
        pingate_conf.chmod(0o600)
        if os.getuid() == 0:
            shutil.chown(pingate_conf, "www-data")
        script = files.root / "cgi-bin/pingate-members"
        write_program(script, "\n".join(second).replace("/home/you", str(home)) + "\n")
        text = text.replace("FcgidAuthorizer /home/you/pingate/bin/pingate", f"FcgidAuthorizer {script}")
        text = text.replace("/cgi-bin/pingate/", "/cgi-bin/pingate-members/")
        below = below.replace('"pingate"', '"pingate-members"')
    (files.root / "members/.htaccess").write_text(text.replace("/home/you", str(home)))
    (files.root / "cgi-bin/.htaccess").write_text(below.replace("/home/you/htpasswd", str(files.passwords)) + "\n")
    configuration = f"""
        DirectoryIndex index.html
        TypesConfig /etc/mime.types
        ScriptSock {workplace.new_folder("cgid")}/cgid.sock
        DocumentRoot {files.root}
        ScriptAlias /cgi-bin/ {files.root}/cgi-bin/
        <Directory {files.root}>
            AllowOverride All
        </Directory>
        {more}
    """
    modules = f"{apache.BASIC} mime cgid rewrite setenvif authn_core authn_file auth_basic authz_user"
    server = apache.start_whole(workplace, "apache-members", modules, configuration)
    return Members(server.port, f"/cgi-bin/{'pingate-members' if second else 'pingate'}/", settings, files.users)


Build = Callable[[Surroundings, dict[str, str]], Members]

MEMBERS: dict[str, Build] = {
    "nginx": nginx_members,
    "lighttpd": lighttpd_members,
    "Apache": apache_members,
    "Caddy": caddy_members,
    "Apache, CGI": hosted_members,
    "Apache, mod_fcgid": fcgid_members,
}
