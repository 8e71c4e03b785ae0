"""The recipes of docs/proof.md, each as it stands there and on the real thing: they take a good proof and nothing else."""

import base64
import http.client
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from stack import apache, lighttpd, listening, nginx
from stack.pingate import REPOSITORY
from stack.workplace import Workplace

KID = "k1"
COOKIE = "__Host-Http-pingate"


def recipes(heading: str) -> list[str]:
    """The blocks of code below a heading."""
    text = (REPOSITORY / "docs/proof.md").read_text()
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```\w*\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Signer:
    """A site that hands proofs out, and those who would like to."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = bytes(range(32))

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def jwks(self) -> str:
        numbers = self.key.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KID}
        jwk |= {"x": base64url(numbers.x.to_bytes(32, "big")), "y": base64url(numbers.y.to_bytes(32, "big"))}
        return json.dumps({"keys": [jwk]})

    def token(self, algorithm: str, key: Any = None, kid: str = KID, **other: Any) -> str:  # noqa: ANN401
        now = int(time.time())
        claims = {"iss": "pingate", "aud": "www.example.com", "sub": "~0123456789", "iat": now, "exp": now + 600}
        claims |= {"auth_time": now, "jti": "AAAAAAAA", "amr": ["sms"], **other}
        key = key or (self.key if algorithm == "ES256" else self.secret)
        token = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid, "typ": None})
        assert ".eyJpc3MiOiJwaW5nYXRlIi" in token or "iss" in other
        return token


def with_head(token: str, **head: str) -> str:
    _, body, signature = token.split(".")
    return ".".join([base64url(json.dumps(head, separators=(",", ":")).encode()), body, signature])


def other_by_hmac(secret: bytes, token: str) -> str:
    """The claims of a token signed as HS256 with any bytes, such as a public key: PyJWT refuses to."""
    import hashlib
    import hmac

    head = base64url(json.dumps({"alg": "HS256", "kid": KID}, separators=(",", ":")).encode())
    signed = f"{head}.{token.split('.')[1]}"
    return f"{signed}.{base64url(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def bad(algorithm: str) -> dict[str, str]:
    """What is no proof, by what is wrong with it."""
    signer, stranger = SIGNER, Signer(secret=bytes(32))
    good = signer.token(algorithm)
    head, body, signature = good.split(".")
    now = int(time.time())
    flipped = base64.urlsafe_b64decode(signature + "==")
    flipped = bytes([flipped[0] ^ 1]) + flipped[1:]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    richer = base64url(json.dumps(claims | {"sub": "admin"}, separators=(",", ":")).encode())
    other = "HS256" if algorithm == "ES256" else "ES256"
    return {
        "a flipped bit": f"{head}.{body}.{base64url(flipped)}",
        "other claims": f"{head}.{richer}.{signature}",
        "another's key": stranger.token(algorithm),
        "another's key under an unknown name": stranger.token(algorithm, kid="other"),
        "expired": signer.token(algorithm, exp=now - 1),
        "another site's": signer.token(algorithm, aud="www.example.org"),
        "for another purpose": signer.token(algorithm, purpose="board"),
        "another issuer's": signer.token(algorithm, iss="other"),
        "another algorithm": signer.token(other),
        "the public key as the secret": other_by_hmac(signer.public_key, good),
        "none": with_head(good, alg="none", kid=KID).rsplit(".", 1)[0] + ".",
        "none with the signature": with_head(good, alg="none", kid=KID),
        "an algorithm that is not its own": with_head(good, alg=other, kid=KID),
        "truncated": good[:-4],
        "without a signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "four parts": good + ".x",
        "empty": "",
        "no token": "x",
        "a number of zeros": f"{head}.{body}." + base64url(bytes(64 if algorithm == "ES256" else 32)),
    }


SIGNER = Signer()
NAMES = list(bad("ES256"))


@pytest.fixture(scope="module")
def keys(workplace: Workplace) -> Path:
    file = workplace.new_folder("keys") / "jwks.json"
    file.write_text(SIGNER.jwks)
    return file


# MARK: Programs

Verify = Callable[[str], str | None]


def python(keys: Path) -> Verify:
    scope: dict[str, Any] = {}
    exec(recipes("Python (PyJWT)")[0].replace("/etc/site/jwks.json", str(keys)), scope)  # noqa: S102

    def verify(token: str) -> str | None:
        claims = scope["verified"](token)
        return claims and claims["sub"]

    return verify


def run(command: list[str | Path], token: str) -> str | None:
    done = subprocess.run(command, input=token, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return None if done.stdout == "null" else done.stdout


def node(keys: Path) -> Verify:
    file = keys.parent / "verify.mjs"
    code = recipes("Node")[0].replace("/etc/site/jwks.json", str(keys))
    file.write_text(code + 'process.stdout.write(String(verified(readFileSync(0, "utf8"))?.sub ?? null));\n')
    return lambda token: run(["node", file], token)


def php(keys: Path) -> Verify:
    file = keys.parent / "verify.php"
    code = recipes("PHP")[0].replace("/etc/site/jwks.json", str(keys))
    file.write_text(f"<?php\n{code}\necho verified(file_get_contents('php://stdin'))['sub'] ?? 'null';\n")
    return lambda token: run(["php", file], token)


PROGRAMS = {"Python": python, "Node": node, "PHP": php}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_takes_a_good_proof(name: str, keys: Path) -> None:
    verify = PROGRAMS[name](keys)
    for _ in range(8):  # signatures whose numbers begin with zeros or large bytes, too
        assert verify(SIGNER.token("ES256")) == "~0123456789"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_takes_nothing_else(name: str, keys: Path) -> None:
    verify = PROGRAMS[name](keys)
    taken = [what for what, token in bad("ES256").items() if verify(token) is not None]
    assert taken == []


# MARK: Web servers

PAGE = "the guarded page\n"


@pytest.fixture(scope="module")
def root(workplace: Workplace) -> Path:
    root = workplace.new_folder("guarded")
    (root / "private").mkdir()
    (root / "private" / "page.html").write_text(PAGE)
    return root


def filled(code: str) -> str:
    secret = base64.b64encode(SIGNER.secret).decode()
    return code.replace("PROOF_KEY", secret).replace("PROOF_KID", KID)


def on_nginx(workplace: Workplace, root: Path) -> int:
    script, block = recipes("nginx without asking PinGate (njs)")
    folder = workplace.new_folder("njs")
    (folder / "proof.js").write_text(filled(script))
    listener = listening.on_loopback()
    port = listening.port(listener)
    block = block.replace("/etc/nginx/proof.js", str(folder / "proof.js"))
    block = block.replace("server {", f"server {{ listen 127.0.0.1:{port}; root {root};")
    log = workplace.new_log("nginx-njs")
    temporary = "".join(
        f"{kind}_temp_path temporary; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    nginx.start_whole(
        workplace,
        "nginx-njs",
        f"""
        load_module /usr/lib/nginx/modules/ngx_http_js_module.so;
        pid nginx.pid;
        events {{ }}
        http {{ access_log off; {temporary} {block} }}
        """,
        [listener],
        log,
        user="root",
    )
    return port


def on_lighttpd(workplace: Workplace, root: Path) -> int:
    script, block = recipes("lighttpd without asking PinGate (Lua)")
    file = workplace.new_folder("lua") / "proof.lua"
    file.write_text(filled(script))
    listener = listening.on_loopback()
    port = listening.port(listener)
    configuration = f"""
        server.document-root = "{root}"
        server.bind = "127.0.0.1"
        server.port = {port}
        {block.replace("/etc/lighttpd/proof.lua", str(file))}
    """
    lighttpd.start(workplace, "lighttpd-lua", configuration, [listener])
    return port


def on_apache(workplace: Workplace, root: Path) -> int:
    block = filled(recipes("Apache without asking PinGate (mod_auth_openidc)")[0])
    configuration = f"""
        DocumentRoot {root}
        <Directory {root}>
          Require all granted
        </Directory>
        {block}
    """
    modules = f"{apache.BASIC} authn_core authz_user auth_openidc"
    return apache.start_whole(workplace, "apache-openidc", modules, configuration).port


SERVERS = {"nginx": on_nginx, "lighttpd": on_lighttpd, "Apache": on_apache}


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, workplace: Workplace, root: Path) -> Iterator[int]:
    count = len(workplace.parts)
    yield SERVERS[request.param](workplace, root)
    for part in reversed(workplace.parts[count:]):
        part.stop()


def get(port: int, cookie: str | None, path: str = "/private/page.html") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    with connection.getresponse() as answer:
        result = answer.status, answer.read().decode()
    connection.close()
    return result


def test_a_web_server_takes_a_good_proof(server: int) -> None:
    assert get(server, f"{COOKIE}={SIGNER.token('HS256')}") == (200, PAGE)
    assert get(server, f"a=b; {COOKIE}={SIGNER.token('HS256')}; c=d") == (200, PAGE)


def test_a_web_server_takes_nothing_else(server: int) -> None:
    cookies = {what: f"{COOKIE}={token}" for what, token in bad("HS256").items()}
    cookies["no cookie"] = None
    cookies["another cookie's name"] = f"x{COOKIE}={SIGNER.token('HS256')}"
    answers = {what: get(server, cookie)[0] for what, cookie in cookies.items()}
    assert {what: status for what, status in answers.items() if status != 401} == {}
    for path in ("//private/page.html", "/./private/page.html", "/x/../private/page.html", "/%70rivate/page.html"):
        status, body = get(server, None, path)
        assert status in (401, 404) and PAGE not in body, path
