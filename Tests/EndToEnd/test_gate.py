"""The gate on each real server with its example: who passes, who does not, and where everybody goes."""

import base64
import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

import jwt
import pytest
from playwright.sync_api import Browser

from stack import gates, owner_site
from stack.confidential import Confidential
from stack.doors import Site
from stack.examples import Surroundings
from stack.flow import typed
from stack.gates import Gated
from stack.guest import BROWSER, Answer, Guest, path_of
from stack.owner_site import OwnerSite
from stack.sandbox import Sandbox
from stack.workplace import Workplace

COOKIES = ("__Host-Http-pingate", "pingate-proof")


@pytest.fixture(scope="module")
def owner(workplace: Workplace) -> Iterator[OwnerSite]:
    with owner_site.start(workplace) as owner:
        yield owner


@pytest.fixture(scope="module", params=list(gates.GATES.values()), ids=list(gates.GATES))
def gated(
    request: pytest.FixtureRequest, site: Site, certificate: tuple[Path, Path], owner: OwnerSite
) -> Iterator[Gated]:
    around = Surroundings(site, certificate, owner)
    count = len(around.workplace.parts)
    yield request.param(around)
    for part in reversed(around.workplace.parts[count:]):
        part.stop()


def stranger(gated: Gated) -> Guest:
    return Guest(gated.port, gated.secure)


@pytest.fixture(scope="module")
def verified(gated: Gated, sandbox: Sandbox, confidential: Confidential) -> Guest:
    """Somebody who has a proof."""
    guest = stranger(gated)
    sent = guest.browse("/private/")
    assert_sent_to_form(gated, sent)
    answer = guest.verify(sent.location, sandbox, confidential.new_number())
    assert (answer.status, answer.location) == (303, "/private/"), answer.text
    assert guest.browse("/private/").text == "the guarded index"
    return guest


def assert_sent_to_form(gated: Gated, answer: Answer) -> None:
    assert answer.status == 303, (answer.status, answer.text)
    assert answer.location.startswith(f"{gated.form}?return="), answer.location
    assert "guarded" not in answer.text


def token(guest: Guest) -> tuple[str, str]:
    """The name of the proof's cookie and its value."""
    return next((name, value) for name, value in guest.cookies.items() if name in COOKIES)


# MARK: Who passes


def test_a_stranger_is_sent_to_the_form_and_comes_back(
    gated: Gated, sandbox: Sandbox, confidential: Confidential
) -> None:
    guest = stranger(gated)
    assert guest.browse("/open/").text == "open to all"
    sent = guest.browse("/private/big.txt?a=1&b=%26")
    assert_sent_to_form(gated, sent)
    answer = guest.verify(sent.location, sandbox, confidential.new_number())
    assert (answer.status, answer.location) == (303, "/private/big.txt?a=1&b=%26")
    name, value = token(guest)
    assert len(f"{name}={value}") < 400
    assert guest.browse(answer.location).text == gates.TEXT
    assert guest.ask("/private/big.txt").text == gates.TEXT


def test_a_forged_proof_does_not_pass(gated: Gated, verified: Guest) -> None:
    name, value = token(verified)
    header, claims, signature = value.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    middle = len(value) // 2
    forged = [
        "", "x", value[:-1], value + "A", value.lower(), f"{header}.{claims}.", f"{none}.{claims}.", f"{header}.{claims}",
        value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :], f"{header}..{signature}",
        f"{claims}.{header}.{signature}", "A" * 3_000,
    ]  # fmt: skip
    for proof in forged:
        for other in (name, *COOKIES):
            cookie = f"{other}={proof}"
            assert_sent_to_form(gated, stranger(gated).ask("/private/big.txt", cookie=cookie, **browser_fields()))
            assert stranger(gated).ask("/private/big.txt", cookie=cookie).status == 401
    assert stranger(gated).ask("/private/big.txt", cookie=f"{name}x={value}").status == 401
    assert stranger(gated).ask("/private/big.txt", cookie=f"a=b; {name}=x; {name}={value}; c=d").status == 200


def browser_fields() -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in BROWSER.items()}


SPELLINGS = [
    "/private/big.txt", "/private/", "/private/index.html", "/private/sub/", "/private/sub/index.html",
    "/private/nothing-here", "//private/big.txt", "/private//big.txt", "/private/./big.txt", "/x/../private/big.txt",
    "/%70rivate/big.txt", "/private/%62ig.txt", "/private/big.txt/", "/private/index.html/foo", "/private/big.txt?",
    "/private/big.txt?/open/", "/open/../private/big.txt", "/open/%2e%2e/private/big.txt", "/private/.htaccess",
    "/./private/big.txt", "///private/big.txt", "/private/sub/../big.txt", "/app/program", "/app/proxied/",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_the_path_gets_around_it(gated: Gated, spelling: str) -> None:
    for fields in ({}, BROWSER):
        answer = stranger(gated).ask_exactly(spelling, "GET", fields)
        assert answer.status not in (200, 206, 304), answer.text
        assert "guarded" not in answer.text and "body=" not in answer.text and "open to all" not in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "TRACE", "BREW"])
def test_no_method_gets_around_it(gated: Gated, method: str) -> None:
    for path in ("/private/big.txt", "/app/program"):
        answer = stranger(gated).ask(path, method)
        # Some web servers answer these two by themselves.
        assert answer.status >= 400 or method in ("OPTIONS", "TRACE"), (answer.status, answer.text)
        assert "guarded" not in answer.text and "body=" not in answer.text


def test_no_header_gets_around_it(gated: Gated) -> None:
    for name in (
        "PINGATE_ROLE", "PINGATE-ROLE", "FCGI-ROLE", "REDIRECT_SCRIPT_NAME", "Redirect-Script-Name", "REDIRECT_URL",
        "X-Original-URL", "X-Rewrite-URL", "X-PinGate-Subject", "Variable-PINGATE_SUBJECT", "REMOTE_USER", "Remote-User",
        "Authorization", "SCRIPT_NAME", "PATH-INFO", "X-Forwarded-Uri",
    ):  # fmt: skip
        for value in ("authorizer", "/cgi-bin/pingate"):
            answer = stranger(gated).ask_exactly("/private/big.txt", "GET", {name: value})
            assert answer.status == 401, (name, value, answer.status)


def test_no_name_of_the_host_gets_around_it(gated: Gated) -> None:
    """A web server answers for a name that it does not know, too, and the files may be the same."""
    for host in ("other.example.com", "www.example.com", "127.0.0.2", f"localhost:{gated.port}"):
        for path in ("/private/big.txt", "/private/", "/private/board/", "/app/program"):
            answer = Guest(gated.port, gated.secure, host=host).ask(path)
            # Caddy has an empty page for a name that it does not know.
            assert answer.status >= 400 or not answer.body, (host, path, answer.status, answer.text)
            assert "guarded" not in answer.text and "body=" not in answer.text


def test_the_places_of_the_gate_give_nothing_away(gated: Gated) -> None:
    for path in ("check", "enter", "gate", "gate/private", "gate/private/big.txt"):
        answer = stranger(gated).ask(gated.form + path)
        # lighttpd says a status without a page in a way of its own.
        assert answer.status in (401, 404) or answer.location == gated.form, (path, answer.status)
    for path in ("/pingate-check", "/pingate-enter"):
        assert stranger(gated).ask(path).status == 404
    answer = stranger(gated).browse(f"{gated.form}enter?rd=//evil.example/")
    assert "evil" not in answer.location


# MARK: What is behind it


def test_files_are_served_as_ever(gated: Gated, verified: Guest) -> None:
    whole = verified.ask("/private/big.txt")
    assert whole.text == gates.TEXT
    tag = whole.field("ETag")
    assert tag
    part = verified.ask("/private/big.txt", Range="bytes=5-24")
    assert (part.status, part.text) == (206, gates.TEXT[5:25])
    assert verified.ask("/private/big.txt", If_None_Match=tag).status == 304
    head = verified.ask("/private/big.txt", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert verified.ask("/private/nothing").status == 404
    for answer in (whole, part, head):
        assert answer.field("Cache-Control") is None
        names = {name.lower() for name, _ in answer.fields}
        assert not {name for name in names if name.startswith(("variable-", "x-pingate-", "set-cookie"))}, names


def test_a_proxied_application_is_open_to_a_proof(gated: Gated, verified: Guest) -> None:
    if not gated.has_proxied:
        pytest.skip("the site has none")
    answer = verified.ask("/app/proxied/")
    assert (answer.status, answer.text) == (200, "open to all")


def test_a_program_hears_whose_request_it_is_and_from_nobody_else(gated: Gated, verified: Guest) -> None:
    forged = {}
    for number, name in enumerate(("Subject", "User", "Verified-At")):
        words = ["X", "PinGate", *name.split("-")]
        for marks in itertools.product("-_", repeat=len(words) - 1):
            spelling = "".join(word + mark for word, mark in zip(words, (*marks, ""), strict=True))
            forged[spelling] = f"evil{number}{''.join(marks)}"
        forged[f"PINGATE_{name.upper().replace('-', '_')}"] = f"evil{number + 6}"
        forged[f"Variable-PINGATE_{name.upper()}"] = f"evil{number + 9}"
    answer = verified.ask_exactly(gated.program, "GET", forged)
    assert answer.status == 200, answer.text
    assert "evil" not in answer.text.replace("HTTP_PINGATE", ""), answer.text
    if gated.takes_forms:
        subject = json.loads(decoded(token(verified)[1].split(".")[1]))["sub"]
        assert f"PINGATE_SUBJECT={subject}\n" in answer.text


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.mark.parametrize("chunked", [False, True])
def test_a_form_gets_through_whole(gated: Gated, verified: Guest, chunked: bool) -> None:
    if not gated.takes_forms:
        pytest.skip("CGI has no way to hand a form on")
    for size in (7, 100_000, 1_000_000):
        answer = verified.ask(gated.program, "POST", b"x" * size, chunked=chunked)
        assert (answer.status, f"body={size}\n" in answer.text) == (200, True), answer.text


@pytest.mark.parametrize("size", [0, 7, 100_000, 1_000_000])
def test_a_strangers_form_hangs_nobody_and_is_said_to_be_lost(gated: Gated, size: int) -> None:
    guest = stranger(gated)
    sent = guest.browse(gated.program, "POST", b"x" * size)
    assert_sent_to_form(gated, sent)
    page = guest.browse(sent.location)
    assert page.status == 200 and 'name="number"' in page.text
    # Apache tells a program of an error document that it was a GET.
    if gated.form != "/cgi-bin/pingate/":
        assert "What you sent was not passed on" in page.text
    assert stranger(gated).ask(gated.program, "POST", b"x" * size).status == 401


# MARK: Programs


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"Accept": "*/*"}, {"Accept": "application/json"}, {"Accept": "image/avif,image/webp,*/*;q=0.8"},
        {"Accept": "text/html", "X-Requested-With": "XMLHttpRequest"},
        {"Accept": "text/html", "Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    ],
)  # fmt: skip
def test_a_program_is_never_sent_anywhere(gated: Gated, fields: dict[str, str]) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = stranger(gated).ask_exactly("/private/big.txt", method, fields)
        assert (answer.status, answer.location) == (401, ""), method
        assert len(answer.body) < 500 or gated.form == "/cgi-bin/pingate/"


def test_nobody_goes_around_in_a_circle(gated: Gated, verified: Guest) -> None:
    """A stranger needs one step to the form, and somebody verified none."""
    for path in ("/private/", "/private", "/private/sub", gated.form, gated.form.rstrip("/")):
        for guest in (stranger(gated), verified):
            address, steps = path, 0
            while (answer := guest.browse(address)).status in (301, 302, 303, 307, 308):
                address = path_of(urljoin(guest.start + address, answer.location))
                steps += 1
                assert steps <= 2, (path, address)
            assert answer.status == 200, (path, answer.status, answer.text)


# MARK: The way back

ADDRESSES = [
    *(f"/private/?{query}" for query in (
        "a=1&b=2", "a=%26&b=%3D%23%25", "a;b;c", "a=';--", 'a="quoted"', "a=<b>", "a=b+c%20d", "next=//evil.example/",
        "next=https://evil.example/", "a=%0d%0aX:y", "a=%00", "rd=/x&return=/y", "return=x", "a=1?b=2", "a=%E6%97%A5%E6%9C%AC",
        "a=%C3%A9%F0%9F%98%80", "%", "%zz", "a=%2", "&&", "=", "a=[b]{c}|d^e`f\\g", "a=~!$'()*,;:@/?", "a==&=b",
    )),
    *(f"/private/{path}" for path in (
        "a%20b.txt", "a%26b.txt", "a;b.txt", "a'b.txt", "a(b).txt", "a,b.txt", "a@b:c.txt", "a=b.txt", "a+b.txt", "a~b.txt",
        "%E6%97%A5%E6%9C%AC.html", "%C3%A9", "a%25b", "$&!*.txt", "sub/../big.txt", "./big.txt", "a.b/c.d/e", "a%23b",
    )),
    *(f"/private/x{number}?{chr(33 + number)}={quote(chr(33 + number), safe='')}" for number in range(94) if chr(33 + number) != "#"),
    *(f"/private/?%{byte:02x}=%{byte:02X}" for byte in range(256)),
    "/private/?" + "x" * 1_500, "/private/?" + "%26" * 1_000, "/private/" + "d/" * 700 + "?e", "/private/?" + "y=z&" * 1_020 + "end",
]  # fmt: skip


def test_a_visitor_comes_back_byte_for_byte(gated: Gated, sandbox: Sandbox, confidential: Confidential) -> None:
    """Each address is in what the visitor is sent to the form with, and comes back."""
    assert len(ADDRESSES) >= 300 and max(map(len, ADDRESSES)) > 4_000
    differing = []
    for address in ADDRESSES:
        sent = stranger(gated).browse(address)
        if sent.status == 400 or sent.status == 404 and "%00" in address:
            continue  # no web server takes a NUL in a path
        assert sent.status == 303, (address, sent.status, sent.text)
        back = gates.opened(confidential, sent.location.split("?return=", 1)[1])
        if back != address:
            differing.append((address, back))
    assert not differing, differing[:10]
    for address in (ADDRESSES[-1], "/private/big.txt?a=%26;'&b=%23%2f"):
        guest = stranger(gated)
        sent = guest.browse(address)
        answer = guest.verify(sent.location, sandbox, confidential.new_number())
        assert (answer.status, answer.location) == (303, address)
        assert guest.browse(address).status == 200


# MARK: The proof


def test_two_tabs_do_not_mix(gated: Gated, sandbox: Sandbox, confidential: Confidential) -> None:
    guest = stranger(gated)
    one, two = guest.browse("/private/?one"), guest.browse("/private/?two")
    assert guest.verify(two.location, sandbox, confidential.new_number()).location == "/private/?two"
    assert guest.verify(one.location, sandbox, confidential.new_number()).location == "/private/?one"


def test_signing_out_ends_it(gated: Gated, sandbox: Sandbox, confidential: Confidential) -> None:
    guest = stranger(gated)
    guest.verify(guest.browse("/private/").location, sandbox, confidential.new_number())
    assert guest.browse("/private/").status == 200
    foreign = guest.ask_exactly(f"{gated.form}signout", "POST", {"Sec-Fetch-Site": "cross-site"})
    assert foreign.status == 403 and guest.browse("/private/").status == 200
    done = guest.ask_exactly(f"{gated.form}signout", "POST", {"Sec-Fetch-Site": "same-origin"})
    assert done.status == 200 and "You are signed out" in done.text
    assert_sent_to_form(gated, guest.browse("/private/"))


def test_others_can_check_the_proof(gated: Gated, verified: Guest, workplace: Workplace) -> None:
    """PyJWT and Node's own crypto, with the keys that are published."""
    _, value = token(verified)
    published = verified.ask(f"{gated.form}jwks.json")
    assert published.status == 200 and published.field("Cache-Control") == "public, max-age=3600"
    keys = jwt.PyJWKSet.from_json(published.text)
    key = keys[jwt.get_unverified_header(value)["kid"]]
    claims = jwt.decode(value, key, algorithms=["ES256"], audience="www.example.com", issuer="pingate")
    assert claims["amr"] == ["sms"] and claims["auth_time"] <= time.time() < claims["exp"]
    assert set(claims) == {"iss", "aud", "sub", "iat", "exp", "auth_time", "jti", "amr"}
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(value[:-4] + "AAAA", key, algorithms=["ES256"], audience="www.example.com")
    with pytest.raises(jwt.InvalidAudienceError):
        jwt.decode(value, key, algorithms=["ES256"], audience="other.example.com")

    script = workplace.new_folder("node") / "check.js"
    script.write_text(
        """
        const crypto = require("crypto");
        const [keys, token] = [JSON.parse(process.argv[2]).keys, process.argv[3]];
        const [header, claims, signature] = token.split(".");
        const read = (part) => JSON.parse(Buffer.from(part, "base64url"));
        const jwk = keys.find((key) => key.kid === read(header).kid);
        const key = crypto.createPublicKey({ key: jwk, format: "jwk" });
        const good = crypto.verify("sha256", `${header}.${claims}`, { key, dsaEncoding: "ieee-p1363" },
          Buffer.from(signature, "base64url"));
        console.log(good, read(claims).aud);
        """
    )
    for proof, expected in ((value, "true www.example.com"), (value[:-4] + "AAAA", "false www.example.com")):
        done = subprocess.run(["node", script, published.text, proof], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected


def test_a_folder_has_demands_of_its_own(gated: Gated, confidential: Confidential) -> None:
    """A purpose, and a fresh verification: no proof for something else opens it, in whichever cookie it is sent."""
    plain, old, board, stale = (
        gates.proof(confidential, purpose, age)
        for purpose, age in (("", 0), ("", 3_600), ("board", 0), ("board", gates.MAX_AGE + 60))
    )
    usual = COOKIES[0 if gated.secure else 1]

    def status(path: str, *pairs: tuple[str, str]) -> int:
        cookie = "; ".join(f"{usual}{ending}={value}" for ending, value in pairs)
        return stranger(gated).ask(path, cookie=cookie).status

    for path in ("/private/board/", "/private/board/index.html"):
        assert status(path, ("-board", board)) == 200
        assert status(path, ("", plain), ("-board", board)) == 200
        for pairs in (
            [("", plain)], [("-board", plain)], [("", plain), ("-board", plain)], [("", board)], [("-board", stale)],
            [("", plain), ("-board", stale)], [("-board", "x")], [],
        ):  # fmt: skip
            assert status(path, *pairs) == 401, (path, [ending for ending, _ in pairs])
    # A program hears what is asked for (RFC 9470), through whatever the web server does with the answer.
    program = stranger(gated).ask("/private/board/index.html", cookie=f"{usual}-board={stale}")
    challenge = f'Bearer error="insufficient_user_authentication", max_age={gates.MAX_AGE}'
    assert program.all("WWW-Authenticate") == [challenge]
    assert stranger(gated).ask("/private/board/index.html", cookie=f"{usual}-board={plain}").all("WWW-Authenticate") == ["Bearer"]
    for path in ("/private/big.txt", "/private/sub/"):
        assert status(path, ("", old)) == status(path, ("", plain), ("-board", stale)) == 200
        assert status(path, ("-board", board)) == status(path, ("", board)) == 401


def test_verifying_for_one_folder_ends_no_others_proof(
    gated: Gated, verified: Guest, sandbox: Sandbox, confidential: Confidential
) -> None:
    guest = Guest(gated.port, gated.secure, cookies=dict(verified.cookies))
    sent = guest.browse("/private/board/")
    assert_sent_to_form(gated, sent)
    answer = guest.verify(sent.location, sandbox, confidential.new_number())
    assert (answer.status, answer.location) == (303, "/private/board/"), answer.text
    assert guest.browse("/private/board/").text == "the guarded board"
    assert guest.browse("/private/").text == "the guarded index"
    proofs = {name: value for name, value in guest.cookies.items() if name.startswith(COOKIES)}
    assert sorted(proofs) == sorted([token(verified)[0], f"{token(verified)[0]}-board"])
    assert all(len(f"{name}={value}") < 400 for name, value in proofs.items())
    assert guest.ask_exactly(f"{gated.form}signout", "POST", {"Sec-Fetch-Site": "same-origin"}).status == 200
    for path in ("/private/", "/private/board/"):
        assert_sent_to_form(gated, guest.browse(path))


# MARK: A browser


def test_a_browser_over_tls_is_let_in_and_keeps_its_proof_to_itself(
    chromium: Browser, site: Site, certificate: tuple[Path, Path], owner: OwnerSite, sandbox: Sandbox,
    confidential: Confidential,
) -> None:  # fmt: skip
    """Chromium, over TLS with a certificate of the tests' own, through Apache with CGI."""
    around = Surroundings(site, certificate, owner)
    count = len(around.workplace.parts)
    gated = gates.shared_hosting_gate(around)
    context = chromium.new_context(ignore_https_errors=True)
    tab = context.new_page()
    wanted = f"https://127.0.0.1:{gated.port}/private/?a=%26&b=c;d"
    tab.goto(wanted)
    assert "/cgi-bin/pingate/?return=" in tab.url
    number = confidential.new_number()
    tab.get_by_label("Mobile number").fill(typed(number))
    tab.get_by_role("button", name="Send me a PIN").click()
    tab.get_by_label("PIN", exact=True).fill(sandbox.pin_of(number))
    tab.get_by_label("Remember this browser for 30 days").check()
    tab.get_by_role("button", name="Verify").click()
    tab.wait_for_url(wanted)
    assert tab.content().count("the guarded index") == 1
    proof = next(cookie for cookie in context.cookies() if cookie["name"] == "__Host-Http-pingate")
    assert (proof["secure"], proof["httpOnly"], proof["sameSite"], proof["path"]) == (True, True, "Lax", "/")
    assert proof["domain"] == "127.0.0.1" and proof["expires"] > time.time() + 29 * 86_400
    assert not [cookie for cookie in context.cookies() if cookie["name"] == "__Host-pingate-begin"]
    assert "pingate" not in tab.evaluate("document.cookie")
    # "Back" to the forms sends nothing and shows no guarded page to others.
    other = chromium.new_context(ignore_https_errors=True).new_page()
    other.goto(wanted)
    assert "return=" in other.url
    context.close()
    other.context.close()
    for part in reversed(around.workplace.parts[count:]):
        part.stop()
