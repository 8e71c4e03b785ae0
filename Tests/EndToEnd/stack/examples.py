"""The example configurations, edited as their first lines say and in no other way, each on its real server: sites of their
own, and PinGate below /phone/ of a site that was there before."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stack import apache, caddy, lighttpd, listening, nginx, owner_site, pingate
from stack.doors import Door, Site
from stack.owner_site import OwnerSite
from stack.pingate import REPOSITORY
from stack.workplace import Part, Workplace


# A file for everybody (RFC 8615), as for certificates, and one for nobody.
WELL_KNOWN = ".well-known/acme-challenge/token"
HIDDEN = ".git/config"


@dataclass(frozen=True)
class Example:
    """A running web server with an example's configuration."""

    # PinGate's first page.
    door: Door
    # The first page of the whole site: PinGate's own, where it is the whole site.
    start: str
    # PinGate, where the web server does not start it.
    behind: Part | None = None
    # The path of the owner's program.
    upload: str = "upload"
    # The names of other sites on the same server.
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What an example is put into."""

    site: Site
    # A certificate and its key.
    certificate: tuple[Path, Path]
    owner: OwnerSite
    # False for the owner's site as it was before.
    with_pingate: bool = True

    @property
    def workplace(self) -> Workplace:
        return self.site.workplace

    def behind(self) -> pingate.PinGate:
        """PinGate as its units start it: the socket is for root and the web server's group only."""
        group = {"PINGATE_SOCKET_GROUP": "www-data"} if os.getuid() == 0 else {}
        return pingate.start(self.workplace, self.site.confidential, self.site.api, **group)

    def public_files(self) -> Path:
        """A copy of `www` that every user may read, with files of the owner's."""
        folder = self.workplace.new_folder("www")
        for file in (REPOSITORY / "www").iterdir():
            shutil.copy(file, folder)
            (folder / file.name).chmod(0o644)
        for path in (WELL_KNOWN, HIDDEN):
            (folder / path).parent.mkdir(parents=True)
            (folder / path).write_text(path)
        return folder


def edited(example: str | Path, names: dict[str, str]) -> str:
    """The text of an example, or of a file of Debian's, with names replaced; each must be there."""
    text = (REPOSITORY / example).read_text()
    for name, replacement in names.items():
        assert name in text, f"{example} has no {name}"
        text = text.replace(name, replacement)
    return text


# MARK: Sites of their own


def nginx_alone(around: Surroundings) -> Example:
    """nginx.conf.example, with ports, logs and a pid that are the test's."""
    workplace = around.workplace
    behind = around.behind()
    plain, tls = listening.on_loopback(), listening.on_loopback()
    log = workplace.new_log("nginx-example")
    configuration = edited(
        "nginx.conf.example",
        {
            "/etc/ssl/certs/example.pem": str(around.certificate[0]),
            "/etc/ssl/private/example.key": str(around.certificate[1]),
            "/run/pingate/pingate.sock": str(behind.socket),
            "/usr/share/pingate/www": str(around.public_files()),
            "listen 80;": f"listen 127.0.0.1:{listening.port(plain)};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{listening.port(tls)} ssl http2;",
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2;": "",
            "/var/log/nginx/error.log": str(log),
            "/var/log/nginx/pingate.log": str(workplace.new_log("nginx-example-access")),
            "/run/nginx.pid": "nginx.pid",
        },
    )
    start = f"https://127.0.0.1:{listening.port(tls)}/"
    nginx.start_whole(workplace, "nginx-example", configuration, [plain, tls], log)
    return Example(Door(start, behind.part.log), start, behind.part)


def lighttpd_alone(around: Surroundings) -> Example:
    """deploy/lighttpd.conf.example, which starts PinGate; with ports, logs and a pid that are the test's."""
    workplace = around.workplace
    folder, settings = program_of_lighttpd(around)
    plain, tls = listening.on_loopback(), listening.on_loopback()
    own_log = workplace.new_log("lighttpd-example-pingate")
    configuration = edited(
        "deploy/lighttpd.conf.example",
        {
            "/etc/ssl/certs/example.pem": str(around.certificate[0]),
            "/etc/ssl/private/example.key": str(around.certificate[1]),
            "/usr/bin/pingate": f"{folder}/pingate",
            "/etc/pingate/pingate.conf": str(settings),
            "/run/lighttpd/": f"{folder}/",
            "/usr/share/pingate/www": str(around.public_files()),
            "server.port = 80": f'server.bind = "127.0.0.1"\nserver.port = {listening.port(plain)}',
            '":443"': f'"127.0.0.1:{listening.port(tls)}"',
            "/var/log/lighttpd/error.log": str(workplace.new_log("lighttpd-example")),
            "/var/log/lighttpd/pingate.log": str(own_log),
            "/var/log/lighttpd/access.log": str(workplace.new_log("lighttpd-example-access")),
            "/run/lighttpd.pid": f"{folder}/pid",
        },
    )
    start = f"https://127.0.0.1:{listening.port(tls)}/"
    lighttpd.start(workplace, "lighttpd-example", configuration, [plain, tls])
    return Example(Door(start, own_log), start)


def program_of_lighttpd(around: Surroundings) -> tuple[Path, Path]:
    """A folder with the program that lighttpd's user may write to, and the program's settings."""
    folder = around.workplace.new_folder("lighttpd-example")
    settings = pingate.write_settings(folder / "pingate.conf", around.site.confidential, around.site.api)
    shutil.copy(pingate.program("pingate"), folder)
    if os.getuid() == 0:
        for path in (folder, settings):
            shutil.chown(path, "www-data", "www-data")
    return folder, settings


# MARK: Below /phone/ of a site that was there before

# The names of further sites on the same server: one with pages, and one that leads to HTTPS, as sites at port 80 do.
OTHERS = ("other.example.com", "redirecting.example.com")


def nginx_below_phone(around: Surroundings) -> Example:
    """deploy/nginx-conf.d.example and deploy/nginx-snippet.example beside Debian's own nginx.conf."""
    workplace = around.workplace
    listener = listening.on_loopback()
    port = listening.port(listener)
    log = workplace.new_log("nginx-phone")
    files = {"conf.d/.keep": "", "sites-enabled/default": nginx_owner(around, port)}
    behind = None
    if around.with_pingate:
        behind = around.behind()
        files |= nginx_phone_files(around, behind.socket)
    nginx.start_whole(workplace, "nginx-phone", stock_nginx(workplace, log), [listener], log, files=files)
    start = f"http://127.0.0.1:{port}/"
    door = Door(start + "phone/", behind.part.log if behind else log)
    return Example(door, start, behind.part if behind else None, others=OTHERS)


def stock_nginx(workplace: Workplace, log: Path) -> str:
    """Debian's own nginx.conf, with folders, logs and a pid that are the test's."""
    return edited(
        "/etc/nginx/nginx.conf",
        {
            # Modules of other packages, whose paths are relative to nginx's own folder.
            "include /etc/nginx/modules-enabled/*.conf;": "",
            "/etc/nginx/conf.d/": "conf.d/",
            "/etc/nginx/sites-enabled/": "sites-enabled/",
            "/var/log/nginx/error.log": str(log),
            "/var/log/nginx/access.log": str(workplace.new_log("nginx-phone-access")),
            "/run/nginx.pid": "nginx.pid",
        },
    )


def nginx_phone_files(around: Surroundings, socket: Path) -> dict[str, str]:
    """Where the two parts go, below /etc/nginx."""
    snippet = {
        "/usr/share/pingate/www": str(around.public_files()),
        "/var/log/nginx/pingate.log": str(around.workplace.new_log("nginx-phone-pingate")),
    }
    return {
        "conf.d/pingate.conf": edited("deploy/nginx-conf.d.example", {"/run/pingate/pingate.sock": str(socket)}),
        "snippets/pingate.conf": edited("deploy/nginx-snippet.example", snippet),
    }


def nginx_owner(around: Surroundings, port: int) -> str:
    """A site with rules of its own, each of which could get in PinGate's way."""
    return f"""
        server {{
            listen 127.0.0.1:{port} default_server;
            server_name www.example.com;
            root {around.owner.root};
            index index.html;
            add_header {owner_site.HEADER} yes always;
            add_header Referrer-Policy no-referrer always;
            client_max_body_size 2m;
            error_page 404 502 /missing.html;
            fastcgi_index index.php;
            fastcgi_intercept_errors on;
            fastcgi_param SCRIPT_NAME /index.php;
            location ~ \\.(php|css|html)$ {{ expires 1d; }}
            location = /upload {{ proxy_pass http://127.0.0.1:{around.owner.port}; }}
            {"include snippets/pingate.conf;" if around.with_pingate else ""}
        }}
        server {{
            listen 127.0.0.1:{port};
            server_name {OTHERS[0]};
            root {around.owner.root};
        }}
        server {{
            listen 127.0.0.1:{port};
            server_name {OTHERS[1]};
            return 301 https://www.example.com$request_uri;
        }}
    """


def lighttpd_below_phone(around: Surroundings) -> Example:
    """deploy/lighttpd-phone.conf.example beside Debian's own lighttpd.conf."""
    workplace = around.workplace
    listener = listening.on_loopback()
    log = workplace.new_log("lighttpd-phone")
    enabled = workplace.new_folder("conf-enabled")
    (enabled / "10-owner.conf").write_text(
        f"""
        server.modules += ( "mod_setenv", "mod_redirect", "mod_rewrite", "mod_proxy", "mod_accesslog" )
        url.rewrite-if-not-file = ( "^/(?!missing|upload)" => "/index.html" )
        accesslog.filename = "{workplace.new_log("lighttpd-phone-access")}"
        setenv.add-response-header = ( "{owner_site.HEADER}" => "yes" )
        server.error-handler-404 = "/missing.html"
        $HTTP["host"] == "{OTHERS[1]}" {{
            url.redirect = ( "" => "https://www.example.com${{url.path}}" )
        }}
        $HTTP["url"] =~ "upload|x" {{
            proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => {around.owner.port} )) )
        }}
        """
    )
    if around.with_pingate:
        folder, settings = program_of_lighttpd(around)
        names = {
            # Both of the names that the tests ask for.
            '$HTTP["host"] == "www.example.com"': r'$HTTP["host"] =~ "^(www\.example\.com|127\.0\.0\.1)(:|$)"',
            "/usr/bin/pingate": f"{folder}/pingate",
            "/etc/pingate/pingate.conf": str(settings),
            "/run/lighttpd/": f"{folder}/",
            "/usr/share/pingate/www": str(around.public_files()),
            "/var/log/lighttpd/pingate.log": str(workplace.new_log("lighttpd-phone-pingate")),
        }
        (enabled / "90-pingate.conf").write_text(edited("deploy/lighttpd-phone.conf.example", names))
    configuration = edited(
        "/etc/lighttpd/lighttpd.conf",
        {
            "/var/www/html": str(around.owner.root),
            "/var/log/lighttpd/error.log": str(log),
            "/run/lighttpd.pid": f"{enabled}/pid",
            "server.port                 = 80": f'server.bind = "127.0.0.1"\nserver.port = {listening.port(listener)}',
            'include_shell "/usr/share/lighttpd/use-ipv6.pl " + server.port': "",
            "/etc/lighttpd/conf-enabled/": f"{enabled}/",
        },
    )
    start = f"http://127.0.0.1:{listening.port(listener)}/"
    part = lighttpd.start(workplace, "lighttpd-phone", configuration, [listener])
    assert "WARNING" not in part.log_text()
    return Example(Door(start + "phone/", log), start, others=OTHERS)


# What WordPress and others have in an .htaccess: what is no file is theirs. Here all but one name.
FRONT_CONTROLLER = """
    RewriteEngine On
    RewriteCond %{REQUEST_FILENAME} !-f
    RewriteCond %{REQUEST_FILENAME} !-d
    RewriteRule !^missing$ /index.html [L]
"""


def apache_below_phone(around: Surroundings) -> Example:
    """deploy/apache-phone.conf.example on one of Apache's sites."""
    workplace = around.workplace
    log = workplace.new_log("apache-phone")
    site = f"""
        ServerName www.example.com
        DocumentRoot {around.owner.root}
        <Directory {around.owner.root}>
            {FRONT_CONTROLLER}
        </Directory>
        Header always set {owner_site.HEADER} yes
        ErrorDocument 404 /missing.html
        ErrorDocument 503 /missing.html
        LimitRequestBody 2000000
        ProxyPass /upload http://127.0.0.1:{around.owner.port}/upload
        ProxyPassMatch "^/.*x.*$" http://127.0.0.1:{around.owner.port}
        CustomLog {workplace.new_log("apache-phone-access")} "%r" env=!pingate
    """
    behind = None
    if around.with_pingate:
        behind = around.behind()
        names = {
            "/run/pingate/pingate.sock": str(behind.socket),
            "/usr/share/pingate/www": str(around.public_files()),
            "/var/log/apache2/pingate.log": str(workplace.new_log("apache-phone-pingate")),
        }
        file = workplace.new_folder("apache-phone-part") / "pingate.conf"
        file.write_text(edited("deploy/apache-phone.conf.example", names))
        site += f"Include {file}\n"
    configuration = f"""
        DirectoryIndex index.html
        TypesConfig /etc/mime.types
        <Directory {around.owner.root}>
            Require all granted
        </Directory>
        <VirtualHost *>
            {site}
        </VirtualHost>
        <VirtualHost *>
            ServerName {OTHERS[0]}
            DocumentRoot {around.owner.root}
        </VirtualHost>
        <VirtualHost *>
            ServerName {OTHERS[1]}
            Redirect permanent "/" "https://www.example.com/"
        </VirtualHost>
    """
    modules = f"{apache.BASIC} mime proxy proxy_fcgi proxy_http rewrite setenvif"
    start = apache.start_whole(workplace, "apache-phone", modules, configuration, log).url
    door = Door(start + "phone/", behind.part.log if behind else log)
    return Example(door, start, behind.part if behind else None, others=OTHERS)


def caddy_below_phone(around: Surroundings) -> Example:
    """deploy/Caddyfile.example on a site of Caddy's."""
    workplace = around.workplace
    behind = None
    files = {}
    if around.with_pingate:
        behind = around.behind()
        names = {"/run/pingate/pingate.sock": str(behind.socket), "/usr/share/pingate/www": str(around.public_files())}
        files["pingate.caddy"] = edited("deploy/Caddyfile.example", names)
    block = f"""
        root * {around.owner.root}
        header {owner_site.HEADER} yes
        log {{
            output file {workplace.new_log("caddy-access")}
        }}
        @application {{
            not file
            not path /upload /missing
        }}
        rewrite @application /index.html
        reverse_proxy /upload 127.0.0.1:{around.owner.port}
        {"import pingate.caddy" if around.with_pingate else ""}
        file_server
    """
    server = caddy.start(workplace, "caddy-phone", block, files)
    log = behind.part.log if behind else server.part.log
    return Example(Door(server.url + "phone/", log), server.url, behind.part if behind else None)


def shared_hosting_with_prefork(around: Surroundings) -> Example:
    """The same, where mod_cgi starts the programs."""
    return shared_hosting(around, mpm="prefork")


def shared_hosting(around: Surroundings, mpm: str = "event") -> Example:
    """deploy/htaccess.example with its recipe: the files lie where it says."""
    home = around.workplace.new_folder("home")
    root = home / "public_html"
    shutil.copytree(around.owner.root, root)
    rules = [f"Header set {owner_site.HEADER} yes", "ErrorDocument 404 /missing.html", FRONT_CONTROLLER]
    (root / ".htaccess").write_text("\n".join(rules) + "\n")
    (root / "cgi-bin").mkdir()
    write_program(root / "cgi-bin" / "upload", UPLOAD)
    if around.with_pingate:
        install_on_shared_hosting(around, home)
    log, access_log = around.workplace.new_log("apache"), around.workplace.new_log("apache-access")
    _, port = apache.start(around.workplace, root, root / "cgi-bin", *around.certificate, log, access_log, mpm)
    start = f"https://127.0.0.1:{port}/"
    return Example(Door(start + "phone/", log), start, upload="cgi-bin/upload")


def install_on_shared_hosting(around: Surroundings, home: Path) -> None:
    """Puts each file where deploy/htaccess.example says."""
    (home / "pingate" / "bin").mkdir(parents=True)
    shutil.copy(pingate.program("pingate"), home / "pingate" / "bin")
    pingate.write_settings(home / "pingate" / "pingate.conf", around.site.confidential, around.site.api)
    if os.getuid() == 0:
        # On shared hosting programs run as whoever owns them, and can write beside themselves.
        shutil.chown(home / "pingate", "www-data")
        shutil.chown(home / "pingate" / "pingate.conf", "www-data")
    text = (REPOSITORY / "deploy/htaccess.example").read_text()
    for path in re.findall(r"^#   /home/you/public_html/(\S+)", text, re.MULTILINE):
        (home / "public_html" / path).parent.mkdir(exist_ok=True)
        name = Path(path).name
        if name == "pingate":
            lines = re.findall(r"^#       (.*)$", text, re.MULTILINE)
            assert len(lines) == 2
            write_program(home / "public_html" / path, "\n".join(lines).replace("/home/you", str(home)) + "\n")
        else:
            source = "deploy/htaccess.example" if name == ".htaccess" else f"www/{name}"
            shutil.copy(REPOSITORY / source, home / "public_html" / path)


# The owner's program as CGI.
UPLOAD = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\nexec wc -c\n"


def write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


Build = Callable[[Surroundings], Example]

ALONE: dict[str, Build] = {"nginx": nginx_alone, "lighttpd": lighttpd_alone}
BELOW_PHONE: dict[str, Build] = {
    "nginx below /phone/": nginx_below_phone,
    "lighttpd below /phone/": lighttpd_below_phone,
    "Apache below /phone/": apache_below_phone,
    "Caddy below /phone/": caddy_below_phone,
    "Apache on shared hosting": shared_hosting,
    "Apache on shared hosting, prefork": shared_hosting_with_prefork,
}
