"""`pingate doctor gate` finds each way in which a web server lets strangers pass, and finds nothing where none is."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stack import apache, caddy, fcgiwrap, gates, lighttpd, listening, nginx, pingate
from stack.doors import Site
from stack.examples import edited, write_program
from stack.members import hashed
from stack.workplace import PROGRAM_PATH, Workplace

GATE = {"PINGATE_GATE": "on", "PINGATE_SITE": "www.example.com", "PINGATE_PREFIX": "/phone"}
PASSWORD = "correct horse"


def doctor(settings: Path, *arguments: str) -> tuple[int, list[str], str]:
    """Its exit status, the codes of its findings, and all that it prints."""
    done = subprocess.run(
        [pingate.program("pingate"), "doctor", "gate", *arguments],
        env={"PATH": PROGRAM_PATH, "PINGATE_CONFIG": str(settings)},
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    codes = re.findall(r"^http\S+: ([a-z_]+(?:\.[a-z_]+)?): ", said, re.MULTILINE)
    assert "eyJ" not in said and PASSWORD not in said, "nothing secret"
    return done.returncode, codes, said


@pytest.fixture(scope="module")
def root(workplace: Workplace) -> Path:
    root = workplace.new_folder("guarded")
    for name in ("private", "private/sub"):
        (root / name).mkdir()
        (root / name / "index.html").write_text(f"guarded: {name}\n")
    (root / "app").mkdir()
    return root


@dataclass(frozen=True)
class Behind:
    settings: Path
    socket: Path
    # The lines of a password file, with another file of `user:number` that PinGate has.
    passwords: Path


def started(site: Site, name: str, **more: str) -> Behind:
    folder = site.workplace.new_folder(name)
    (folder / "htpasswd").write_text(f"alice:{hashed(PASSWORD)}\n")
    behind = pingate.start(site.workplace, site.confidential, site.api, name, **GATE, **more)
    if os.getuid() == 0:
        behind.socket.parent.chmod(0o755)
        behind.socket.chmod(0o666)
    return Behind(behind.settings, behind.socket, folder / "htpasswd")


@pytest.fixture(scope="module")
def behind(site: Site) -> Iterator[Behind]:
    count = len(site.workplace.parts)
    yield started(site, "pingate-doctor")
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


@pytest.fixture(scope="module")
def behind_users(site: Site) -> Iterator[Behind]:
    count = len(site.workplace.parts)
    users = site.workplace.new_folder("users") / "users"
    users.write_text("alice:+12025550143\n")
    users.chmod(0o600)
    yield started(site, "pingate-users", PINGATE_USERS=str(users))
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


@pytest.fixture(autouse=True)
def ended(workplace: Workplace, behind: Behind, behind_users: Behind) -> Iterator[None]:
    count = len(workplace.parts)
    yield
    for part in reversed(workplace.parts[count:]):
        part.stop()


# MARK: nginx


def parameters(more: str = "", without: str = "") -> str:
    lines = {
        "SCRIPT_NAME": "/check",
        "REQUEST_METHOD": "GET",
        "SERVER_PROTOCOL": "$server_protocol",
        "HTTP_HOST": "$host",
        "HTTP_COOKIE": "$http_cookie",
        "REMOTE_ADDR": "$remote_addr",
        "PINGATE_ROLE": "check",
    }
    return "".join(f"fastcgi_param {name} {value};\n" for name, value in lines.items() if name != without) + more


def nginx_site(
    socket: Path,
    root: Path,
    private: str = "",
    check: str = "",
    internal: str = "internal;",
    enter: str = "",
    server: str = "",
    without: str = "",
    user: str = "",
    phone: str = "",
    asks: str = "auth_request /pingate-check;",
) -> str:
    """docs/gate.md's blocks in few lines, with what a test breaks in them."""
    return f"""
        root {root};
        {server}
        location = /pingate-check {{
            {internal}
            {check or f"fastcgi_pass unix:{socket};"}
            fastcgi_pass_request_body off;
            fastcgi_pass_request_headers off;
            {parameters(user, without)}
        }}
        location @enter {{
            {enter}
            fastcgi_pass unix:{socket};
            fastcgi_pass_request_body off;
            fastcgi_param PATH_INFO /phone/enter;
            fastcgi_param PINGATE_ROLE enter;
            fastcgi_param SCRIPT_NAME "";
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param SERVER_PROTOCOL $server_protocol;
            fastcgi_param REMOTE_ADDR $remote_addr;
            fastcgi_param PINGATE_RETURN $request_uri;
            {user}
        }}
        location /phone/ {{
            {phone}
            fastcgi_pass unix:{socket};
        }}
        location /private/ {{
            index index.html;
            {asks}
            error_page 401 = @enter;
            {private}
        }}
    """


CACHE = 'fastcgi_cache answers; fastcgi_cache_key "$host"; fastcgi_cache_valid any 1m; fastcgi_ignore_headers Cache-Control;'


def on_nginx(site: Site, configuration: str, beside: str = "") -> str:
    return nginx.start(site.workplace, "nginx-doctor", configuration, beside).url + "private/"


BROKEN_NGINX: dict[str, tuple[dict[str, str], str]] = {
    "a return before the check": ({"private": 'return 200 "open";'}, "open"),
    "satisfy any": ({"private": "satisfy any; allow 127.0.0.1; deny all;"}, "open"),
    "no check in the folder": ({"asks": ""}, "open"),
    "a check that says yes to everybody": ({"check": "return 204;"}, "open"),
    "a check that is not internal": ({"internal": ""}, "check.reachable"),
    "a check without the cookie": ({"without": "HTTP_COOKIE"}, "closed"),
    # PinGate itself sees that it would send visitors in circles, and answers 500.
    "the form behind the gate": ({"phone": "auth_request /pingate-check; error_page 401 = @enter;"}, "down"),
    "one way of writing it": (
        {"server": "location = /private/index.html { }"},
        "open.spelling",
    ),
    "a pattern of the site's": ({"server": r"location ~ \.html$ { }"}, "open.spelling"),
    "some methods only": (
        {"asks": "error_page 418 = @open; if ($request_method = POST) { return 418; } auth_request /pingate-check;",
         "server": "location @open { return 200 'open'; }"},
        "open.method",
    ),
    "a cookie that is there": (
        {"asks": 'if ($http_cookie !~ "pingate") { return 401; }'},
        "open.forged",
    ),
    "no way to the form": ({"asks": "auth_request /pingate-check; error_page 401 /none;"}, "no_form"),
    "nobody behind": ({"check": "fastcgi_pass unix:/nowhere;"}, "down"),
    # nginx prefers a pattern's location, and has started the program, or tried to.
    "a program that fails": ({"server": r"location ~ \.php$ { fastcgi_pass unix:/nowhere; }"}, "open.ending"),
}


def test_a_web_server_that_is_too_busy_is_not_called_open(site: Site, behind: Behind, root: Path) -> None:
    """A limit on requests, or a restart: nobody has looked for a file then."""
    busy = "if ($uri ~ pingate-doctor) { return 503; }"
    status, codes, said = doctor(behind.settings, on_nginx(site, nginx_site(behind.socket, root, server=busy)))
    assert (status, codes) == (1, ["down"]), said


DEMANDS = "fastcgi_param PINGATE_PURPOSE board; fastcgi_param PINGATE_MAX_AGE 900;"
FOR_BOARD = ("--purpose", "board", "--max-age", "900")


def test_nothing_is_found_where_nothing_is(site: Site, behind: Behind, root: Path) -> None:
    url = on_nginx(site, nginx_site(behind.socket, root))
    status, codes, said = doctor(behind.settings, url, url + "sub/")
    assert (status, codes) == (0, []), said
    assert said.count("closed to strangers and open to a proof") == 2


@pytest.mark.parametrize("name", BROKEN_NGINX)
def test_a_broken_nginx_is_found(name: str, site: Site, behind: Behind, root: Path) -> None:
    broken, expected = BROKEN_NGINX[name]
    status, codes, said = doctor(behind.settings, on_nginx(site, nginx_site(behind.socket, root, **broken)))
    assert status == 1 and expected in codes, said


def test_demands_that_are_not_asked_for_are_found(site: Site, behind: Behind, root: Path) -> None:
    configuration = nginx_site(behind.socket, root, user=DEMANDS)
    assert doctor(behind.settings, *FOR_BOARD, on_nginx(site, configuration))[:2] == (0, [])
    for missing, expected in (("PURPOSE board", ["closed", "open.purpose"]), ("MAX_AGE 900", ["open.age"])):
        configuration = nginx_site(behind.socket, root, user=DEMANDS.replace(f"fastcgi_param PINGATE_{missing};", ""))
        _, codes, said = doctor(behind.settings, *FOR_BOARD, on_nginx(site, configuration))
        assert codes == expected, said


@pytest.mark.parametrize("demand", ["PINGATE_MAX_AGE soon", "PINGATE_MAX_AGE -1", "PINGATE_PURPOSE Board"])
def test_a_demand_that_cannot_be_closes_the_folder(demand: str, site: Site, behind: Behind, root: Path) -> None:
    configuration = nginx_site(behind.socket, root, user=f"fastcgi_param {demand};")
    status, codes, said = doctor(behind.settings, on_nginx(site, configuration))
    assert status == 1 and "closed" in codes and not [code for code in codes if code.startswith("open")], said


def test_a_cache_keyed_on_the_host_is_found(site: Site, behind: Behind, root: Path) -> None:
    folder = site.workplace.new_folder("cache")
    configuration = nginx_site(behind.socket, root, check=f"fastcgi_pass unix:{behind.socket}; {CACHE}")
    url = on_nginx(site, configuration, f"fastcgi_cache_path {folder} keys_zone=answers:1m;")
    status, codes, said = doctor(behind.settings, url)
    assert status == 1 and {"open.cache", "closed.cache", "closed"} & set(codes), said


def test_identity_that_a_visitor_can_write_is_found(site: Site, behind: Behind, root: Path) -> None:
    configuration = nginx_site(
        behind.socket,
        root,
        server="underscores_in_headers on;",
        private="default_type text/plain; try_files /none @application;",
    )
    configuration += 'location @application { default_type text/plain; return 200 "who=$http_x_pingate_subject\\n"; }'
    status, codes, said = doctor(behind.settings, on_nginx(site, configuration))
    assert status == 1 and codes == ["open.identity"], said


# MARK: Two factors


def two_factors(behind: Behind, root: Path, enter: bool = True, phone: bool = True, private: str = "") -> str:
    basic = f'auth_basic "Members"; auth_basic_user_file {behind.passwords};'
    return nginx_site(
        behind.socket,
        root,
        private=basic + private,
        enter=basic if enter else "",
        phone=basic + "include /etc/nginx/fastcgi_params;\nfastcgi_param REMOTE_USER $remote_user;" if phone else
        "include /etc/nginx/fastcgi_params; fastcgi_param REMOTE_USER $remote_user;",
        user="fastcgi_param REMOTE_USER $remote_user;",
    )


def users_doctor(behind: Behind, url: str) -> tuple[int, list[str], str]:
    secret = behind.passwords.parent / "password"
    secret.write_text(PASSWORD + "\n")
    return doctor(behind.settings, "--user", "alice", "--password-file", str(secret), url)


def test_two_factors_that_hold_are_found_in_order(site: Site, behind_users: Behind, root: Path) -> None:
    url = on_nginx(site, two_factors(behind_users, root))
    assert users_doctor(behind_users, url)[:2] == (0, [])


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ({"enter": False}, "open.wrong_password"),
        ({"enter": False}, "no_challenge"),
        ({"phone": False}, "open.form"),
        ({"private": "satisfy any;"}, "open"),
    ],
)
def test_two_factors_that_do_not_hold_are_found(
    broken: dict[str, bool], expected: str, site: Site, behind_users: Behind, root: Path
) -> None:
    status, codes, said = users_doctor(behind_users, on_nginx(site, two_factors(behind_users, root, **broken)))
    assert status == 1 and expected in codes, said


# MARK: lighttpd


@pytest.mark.parametrize(
    ("folder", "expected"), [("/private/", []), ("/privat/", ["open"]), ("/private/sub/", ["open"])]
)
def test_an_authorizer_for_another_prefix_is_found(
    folder: str, expected: list[str], site: Site, behind: Behind, root: Path
) -> None:
    listener = listening.on_loopback()
    port = listening.port(listener)
    configuration = f"""
        server.modules += ( "mod_indexfile", "mod_fastcgi", "mod_staticfile" )
        server.document-root = "{root}"
        server.bind = "127.0.0.1"
        server.port = {port}
        index-file.names = ( "index.html" )
        fastcgi.server = (
          "{folder}" => (( "socket" => "{behind.socket}", "mode" => "authorizer", "docroot" => "{root}",
            "check-local" => "disable" )),
          "/phone/" => (( "socket" => "{behind.socket}", "check-local" => "disable" ))
        )
    """
    lighttpd.start(site.workplace, "lighttpd-doctor", configuration, [listener])
    _, codes, said = doctor(behind.settings, f"http://127.0.0.1:{port}/private/")
    assert codes == expected, said


PHP = '".php" => (( "socket" => "{php}"{local} ))'
BELOW = f'$HTTP["url"] =~ "\\.php$" {{{{ fastcgi.server = ( {PHP} ) }}}}'


@pytest.mark.parametrize(
    ("page", "inside", "below", "expected", "other"),
    [
        ("private/page.php", "", BELOW, ["open"], ""),
        ("private/page.php", f", {PHP}", "", [], ""),
        # Its owner asks for the folder, and has not thought of programs.
        ("private/", "", BELOW, ["open.ending"], ""),
        ("private/", f", {PHP}", "", [], ""),
        # An application for all addresses, and outside of all conditions.
        ("private/page.php", "", "", [], 'fastcgi.server = ( "/" => (( "socket" => "{php}" )) )'),
    ],
    ids=["a page further down", "a page in the same list", "further down", "in the same list", "an application"],
)
def test_what_takes_the_place_of_an_authorizer_is_found(
    page: str, inside: str, below: str, expected: list[str], other: str, site: Site, behind: Behind, root: Path
) -> None:
    """Of the conditions that hold the last one's fastcgi.server counts, and none of another's."""
    write_program(root / "private" / "page.php", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nguarded\\n'\n")
    php, _ = fcgiwrap.start(site.workplace)
    listener = listening.on_loopback()
    port = listening.port(listener)
    # As Debian's fastcgi-php has it, lighttpd itself looks whether there is such a file.
    local = ', "check-local" => "disable"' if page.endswith(".php") else ""
    configuration = f"""
        server.modules = ( "mod_staticfile" )
        server.document-root = "{root}"
        server.bind = "127.0.0.1"
        server.port = {port}
        index-file.names = ( "index.html" )
        {other.format(php=php)}
        $HTTP["url"] =~ "^/phone/" {{ fastcgi.server = ( "/phone" => (( "socket" => "{behind.socket}",
          "check-local" => "disable" )) ) }}
        {lighttpd_gate(site.workplace, behind, inside.format(php=php, local=local))}
        {below.format(php=php, local=local)}
    """
    lighttpd.start(site.workplace, "lighttpd-doctor", configuration, [listener])
    _, codes, said = doctor(behind.settings, f"http://127.0.0.1:{port}/{page}")
    assert codes == expected, said
    if expected == ["open.ending"]:
        assert ".php" in said and 'fastcgi.server += ( "" => …, ".php" => … )' in said


def lighttpd_gate(workplace: Workplace, behind: Behind, inside: str = "", with_modules: bool = True) -> str:
    """The lines of deploy/lighttpd-gate.conf.example, with an entry of the owner's in its list."""
    example = "deploy/lighttpd-gate.conf.example"
    text = edited(example, {"/run/lighttpd/pingate.sock-0": str(behind.socket)})
    assert text.endswith(")) )\n")
    part = workplace.new_folder("lighttpd-gate-part") / "pingate-gate.conf"
    part.write_text(f"{text[:-3]}{inside} )\n")
    guard = gates.line(example, '$HTTP["url"] =~ "^/private(').replace("pingate-gate.conf", str(part))
    return (gates.line(example, "server.modules ") + "\n" if with_modules else "") + guard


@pytest.mark.parametrize(("with_modules", "expected"), [(True, []), (False, ["open"])])
def test_a_block_without_its_modules_is_found(
    with_modules: bool, expected: list[str], site: Site, behind: Behind, root: Path
) -> None:
    """lighttpd warns of what none of its modules knows, and starts."""
    listener = listening.on_loopback()
    port = listening.port(listener)
    configuration = f"""
        server.modules = ( "mod_indexfile", "mod_staticfile" )
        server.document-root = "{root}"
        server.bind = "127.0.0.1"
        server.port = {port}
        index-file.names = ( "index.html" )
        $HTTP["url"] =~ "^/phone/" {{ fastcgi.server = ( "/phone" => (( "socket" => "{behind.socket}",
          "check-local" => "disable" )) ) }}
        {lighttpd_gate(site.workplace, behind, with_modules=with_modules)}
    """
    lighttpd.start(site.workplace, "lighttpd-doctor", configuration, [listener])
    _, codes, said = doctor(behind.settings, f"http://127.0.0.1:{port}/private/")
    assert codes == expected, said
    assert not expected or "mod_setenv and mod_fastcgi" in said


@pytest.mark.parametrize(
    ("modules", "expected"), [('"mod_proxy", "mod_fastcgi"', ["open"]), ('"mod_fastcgi", "mod_proxy"', [])]
)
def test_a_module_that_takes_requests_before_the_authorizer_is_found(
    modules: str, expected: list[str], site: Site, behind: Behind, root: Path
) -> None:
    """Of two modules that hand a request on, the first one in server.modules gets it."""
    (root / "open").mkdir(exist_ok=True)
    (root / "open" / "index.html").write_text("of an application on another port\n")
    listener = listening.on_loopback()
    port = listening.port(listener)
    configuration = f"""
        server.modules += ( "mod_indexfile", {modules}, "mod_staticfile" )
        server.document-root = "{root}"
        server.bind = "127.0.0.1"
        server.port = {port}
        index-file.names = ( "index.html" )
        fastcgi.server = (
          "/private" => (( "socket" => "{behind.socket}", "mode" => "authorizer", "check-local" => "disable" )),
          "/phone/" => (( "socket" => "{behind.socket}", "check-local" => "disable" ))
        )
        $HTTP["url"] =~ "^/private/app/" {{
          proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => {port} )) )
          proxy.header = ( "map-urlpath" => ( "/private/app/" => "/open/" ) )
        }}
    """
    lighttpd.start(site.workplace, "lighttpd-doctor", configuration, [listener])
    _, codes, said = doctor(behind.settings, f"http://127.0.0.1:{port}/private/app/")
    assert codes == expected, said
    assert not expected or "mod_fastcgi comes before mod_proxy" in said


# MARK: Caddy


@pytest.mark.parametrize("is_inside", [False, True])
def test_a_block_of_caddys_beside_the_gate_is_found(
    is_inside: bool, site: Site, behind: Behind, root: Path
) -> None:
    gate = f"""forward_auth unix/{behind.socket} {{
        uri /phone/enter
        transport fastcgi {{
            env PINGATE_ROLE authorizer
            env PINGATE_RETURN {{http.request.orig_uri}}
            env SCRIPT_NAME /phone
            env PATH_INFO /enter
        }}
    }}"""
    block = f"""
        root * {root}
        route /private/* {{
            {gate}
        }}
        handle /private/* {{
            {gate if is_inside else ""}
            file_server
        }}
        handle /phone/* {{
            reverse_proxy unix/{behind.socket} {{
                transport fastcgi
            }}
        }}
        handle {{
            respond 404
        }}
    """
    url = caddy.start(site.workplace, "caddy-doctor", block, {}).url + "private/"
    _, codes, said = doctor(behind.settings, url)
    assert codes == ([] if is_inside else ["open"]), said


# MARK: Apache, CGI

RULES = r"""SetEnvIf Request_URI ^ pingate_gate=/gate
RewriteEngine On
RewriteOptions InheritDownBefore
RewriteCond "%{ENV:REDIRECT_SCRIPT_NAME}%{ENV:REDIRECT_PATH_INFO} /cgi-bin/pingate%{ENV:pingate_gate}" "!^([^ ]+) \1$"
RewriteRule ^ /cgi-bin/pingate%{ENV:pingate_gate} [L]
"""
BOARD_RULES = RULES.replace("=/gate", "=/gate/board/900")
# As they were once: any yes counted for the folder below, too.
UNBOUND = r"""RewriteEngine On
RewriteOptions InheritDownBefore
RewriteCond %{ENV:REDIRECT_SCRIPT_NAME} !=/cgi-bin/pingate
RewriteRule ^ /cgi-bin/pingate/gate [L]
"""
OWN_RULES = "RewriteEngine On\nRewriteRule ^nothing$ index.html\n"


def on_apache(site: Site, settings: Path, rules: str, below: str = "", override: str = "All", more: str = "") -> str:
    workplace = site.workplace
    home = workplace.new_folder("apache-doctor-home")
    home.chmod(0o755)
    for name in ("web", "web/private", "web/private/sub", "cgi-bin"):
        (home / name).mkdir()
    for name in ("private", "private/sub"):
        (home / "web" / name / "index.html").write_text("guarded\n")
    (home / "web/private/.htaccess").write_text(rules.replace("/PROGRAM", f"{home}/cgi-bin/pingate"))
    if below:
        (home / "web/private/sub/.htaccess").write_text(below)
    shutil.copy(pingate.program("pingate"), home / "program")
    # Of the program that is there already it has all but the path and the socket.
    text = re.sub(r"^PINGATE_(PREFIX|LISTEN)=.*\n", "", settings.read_text(), flags=re.MULTILINE)
    (home / "pingate.conf").write_text(text)
    if os.getuid() == 0:
        shutil.chown(home / "pingate.conf", "www-data")
    script = home / "cgi-bin/pingate"
    script.write_text(f"#!/bin/sh\nexport PINGATE_CONFIG={home}/pingate.conf\nexec {home}/program\n")
    script.chmod(0o755)
    configuration = f"""
        DirectoryIndex index.html
        ScriptSock {workplace.new_folder("cgid")}/cgid.sock
        DocumentRoot {home}/web
        ScriptAlias /cgi-bin/ {home}/cgi-bin/
        <Directory {home}>
            Require all granted
            AllowOverride {override}
        </Directory>
        {more}
    """
    return apache.start_whole(
        workplace, "apache-doctor", f"{apache.BASIC} cgid rewrite setenvif authn_core authz_user", configuration
    ).url


def test_nothing_is_found_on_apache_where_nothing_is(site: Site, behind: Behind) -> None:
    url = on_apache(site, behind.settings, RULES, OWN_RULES)
    settings = behind.settings
    status, codes, said = doctor(settings, url + "private/", url + "private/sub/")
    assert (status, codes) == (0, []), said


@pytest.mark.parametrize(
    ("rules", "below", "override"),
    [
        (RULES, "", "None"),
        (f"<IfModule mod_no_rewrite.c>\n{RULES}</IfModule>\n", "", "All"),
        (RULES.replace("RewriteOptions InheritDownBefore\n", ""), OWN_RULES, "All"),
        (RULES, "RewriteEngine Off\n", "All"),
        (RULES, "RewriteEngine On\nRewriteOptions IgnoreInherit\n", "All"),
        (RULES.replace("RewriteRule ^ ", "RewriteRule ^$ "), "", "All"),
    ],
    ids=["AllowOverride None", "IfModule", "no InheritDownBefore", "RewriteEngine Off", "IgnoreInherit", "a pattern"],
)
def test_a_broken_apache_is_found(rules: str, below: str, override: str, site: Site, behind: Behind) -> None:
    url = on_apache(site, behind.settings, rules, below, override)
    status, codes, said = doctor(behind.settings, url + "private/sub/")
    assert status == 1 and codes[0] == "open", said
    assert "AllowOverride" in said and "InheritDownBefore" in said


@pytest.mark.parametrize(
    ("rules", "below", "expected"),
    [
        (RULES, BOARD_RULES, []),
        (RULES, BOARD_RULES.split("\n", 1)[0] + "\n" + OWN_RULES, []),
        (UNBOUND, UNBOUND.replace("/gate [L]", "/gate/board/900 [L]"), ["closed", "open.purpose"]),
    ],
    ids=["whole", "one line", "not bound to what was asked"],
)
def test_a_yes_of_the_folder_above_opens_no_folder_below(
    rules: str, below: str, expected: list[str], site: Site, behind: Behind
) -> None:
    """Folders with a gate each, one in the other."""
    url = on_apache(site, behind.settings, rules, below)
    _, codes, said = doctor(behind.settings, *FOR_BOARD, url + "private/sub/")
    assert codes == expected, said
    assert doctor(behind.settings, url + "private/")[:2] == (0, [])


def test_a_demand_that_cannot_be_closes_a_folder_of_shared_hosting(site: Site, behind: Behind) -> None:
    url = on_apache(site, behind.settings, RULES.replace("=/gate", "=/gate/Board"), OWN_RULES)
    for folder in ("private/", "private/sub/"):
        assert doctor(behind.settings, url + folder)[1] == ["down"]
    said = max(site.workplace.folder.glob("logs/*apache-doctor.log")).read_text()
    assert "gate.demand_unusable" in said


def test_an_authorizer_that_apache_never_asks_is_found(site: Site, behind: Behind) -> None:
    """FcgidAuthorizer without a password; FcgidAccessChecker in its place is asked."""
    sockets = site.workplace.new_folder("fcgid")
    if os.getuid() == 0:
        shutil.chown(sockets, "www-data", "www-data")
    more = f"""
        LoadModule fcgid_module {apache.MODULES}/mod_fcgid.so
        FcgidIPCDir {sockets}
        FcgidProcessTableFile {sockets}/table
    """
    for word, expected in (("Authorizer", ["open"]), ("AccessChecker", [])):
        rules = f"Fcgid{word} /PROGRAM\nFcgid{word}Authoritative On\nErrorDocument 401 /cgi-bin/pingate/enter\n"
        url = on_apache(site, behind.settings, rules, more=more)
        _, codes, said = doctor(behind.settings, url + "private/")
        assert codes == expected, said
