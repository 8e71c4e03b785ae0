"""A folder behind password and phone, with each example on its real server."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from stack import gates, members, owner_site, pingate
from stack.confidential import Confidential
from stack.doors import Site
from stack.examples import Surroundings
from stack.guest import Answer, Guest, path_of
from stack.members import PASSWORDS, Members
from stack.owner_site import OwnerSite
from stack.sandbox import Sandbox
from stack.waiting import until
from stack.workplace import PROGRAM_PATH, Workplace


@pytest.fixture(scope="module")
def owner(workplace: Workplace) -> Iterator[OwnerSite]:
    with owner_site.start(workplace) as owner:
        yield owner


def guest(site: Members, user: str | None = "alice", password: str | None = None, **cookies: str) -> Guest:
    login = (user, PASSWORDS.get(user, "") if password is None else password) if user else None
    return Guest(site.port, login=login, cookies=dict(cookies))


def assert_sent_to_form(site: Members, answer: Answer) -> None:
    assert answer.status == 303 and answer.location.startswith(f"{site.form}?return="), (answer.status, answer.text)


def verified(site: Members, sandbox: Sandbox, number: str) -> Guest:
    """Alice, by the way that her browser takes."""
    alice = guest(site)
    sent = alice.browse("/members/?a=%26&b")
    assert_sent_to_form(site, sent)
    first = alice.browse(path_of(sent.location))
    assert first.status == 200 and 'name="number"' not in first.text
    there, page = alice.submit(urljoin(alice.start, sent.location), first)
    assert f"ending in {number[-2:]}" in page.text, page.text
    _, done = alice.submit(there, page, pin=sandbox.pin_of(number))
    assert (done.status, done.location) == (303, "/members/?a=%26&b"), done.text
    assert alice.browse("/members/").text == "for members"
    return alice


@pytest.mark.parametrize("name", members.MEMBERS)
def test_password_and_phone(
    name: str, site: Site, certificate: tuple[Path, Path], owner: OwnerSite, sandbox: Sandbox, confidential: Confidential
) -> None:
    around = Surroundings(site, certificate, owner)
    count = len(around.workplace.parts)
    numbers = {"alice": confidential.new_number(), "bob": confidential.new_number()}
    place = members.MEMBERS[name](around, numbers)

    # No password and a wrong one: asked for by the browser, in the folder and at PinGate's own pages.
    for one in (guest(place, None), guest(place, "alice", "wrong"), guest(place, "nobody", "x")):
        # Few: lighttpd and Caddy take a second for each.
        for path in ("/members/none", place.form):
            answer = one.browse(path)
            assert answer.status == 401 and (answer.field("WWW-Authenticate") or "").startswith("Basic"), (path, answer)
    assert guest(place).ask("/open.html").text == "open to all"
    # Under another name, without a password and with the right one alone.
    for one in (guest(place, None), guest(place)):
        one.host = "other.example.com"
        for path in ("/members/", "/members/index.html"):
            answer = one.ask(path)
            # Caddy has an empty page for a name that it does not know.
            assert answer.status in (401, 403) or not answer.body, (path, answer.status, answer.text)
            assert "for members" not in answer.text
    # A pattern of the site's own opens nothing.
    assert guest(place).ask("/members/index.html").status in (401, 403)

    alice = verified(place, sandbox, numbers["alice"])
    assert all(proof.startswith(("pingate-proof-members", "__Host-Http-pingate-members")) for proof in proofs(alice))
    # The right cookie with a wrong password, with none, and with another user's.
    for one in (guest(place, None), guest(place, "alice", "wrong"), guest(place, "nobody", "x")):
        one.cookies = dict(alice.cookies)
        assert one.browse("/members/").status == 401
    assert_sent_to_form(place, guest(place, "bob", **alice.cookies).browse("/members/"))
    assert guest(place).ask("/members/").status in (401, 403), "a program with a password alone"
    assert findings(place) == []

    # The file gives her another number: what was proved with the old one is nothing any more.
    numbers["alice"] = confidential.new_number()
    members.write_users(place.users, numbers)
    until(lambda: alice.browse("/members/").status == 303, "the end of the old proof")
    assert verified(place, sandbox, numbers["alice"]).browse("/members/").status == 200
    for part in reversed(around.workplace.parts[count:]):
        part.stop()


def test_a_proof_of_another_pingate_for_any_number_opens_nothing(
    site: Site, certificate: tuple[Path, Path], owner: OwnerSite, sandbox: Sandbox, confidential: Confidential
) -> None:
    """Shared hosting with a folder for everybody with a phone as well: somebody with a password and a phone of their own."""
    around = Surroundings(site, certificate, owner)
    count = len(around.workplace.parts)
    numbers = {"alice": confidential.new_number(), "bob": confidential.new_number()}
    place = members.beside_a_gate(around, numbers)
    thief = guest(place, "alice", None, **{"pingate-proof-members": gates.proof(confidential, "members")})
    assert_sent_to_form(place, thief.browse("/members/"))
    assert thief.ask("/members/index.html").status in (401, 403)
    assert verified(place, sandbox, numbers["alice"]).browse("/members/").text == "for members"
    for part in reversed(around.workplace.parts[count:]):
        part.stop()


def test_caddy_does_not_start_with_the_example_as_it_is(workplace: Workplace) -> None:
    """Whoever forgets to put a password's hash in has no site, rather than one whose password all the world knows."""
    example = "deploy/Caddyfile-members.example"
    folder = workplace.new_folder("caddy-unedited")
    shutil.copy(pingate.REPOSITORY / example, folder / "pingate-members.caddy")
    blocks = gates.block(example, "@members path") + "\n" + gates.block(example, "@pin path")
    (folder / "Caddyfile").write_text(f"import pingate-members.caddy\nhttp://127.0.0.1:1 {{\n{blocks}\n}}\n")
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", folder / "Caddyfile"],
        env={"PATH": PROGRAM_PATH, "HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0 and "password" in done.stdout + done.stderr, done.stdout + done.stderr


def proofs(one: Guest) -> list[str]:
    found = [name for name in one.cookies if re.match("(__Host-Http-pingate|pingate-proof)", name)]
    assert found
    return found


def findings(place: Members) -> list[str]:
    """What the doctor has to say."""
    secret = place.users.parent / "password"
    secret.write_text(PASSWORDS["alice"] + "\n")
    url = f"http://127.0.0.1:{place.port}/members/"
    options = ["--purpose", "members", "--user", "alice", "--password-file", str(secret)]
    done = subprocess.run(
        [pingate.program("pingate"), "doctor", "gate", *options, url],
        env={"PATH": PROGRAM_PATH, "PINGATE_CONFIG": str(place.settings)},
        capture_output=True,
        text=True,
    )
    assert "eyJ" not in done.stdout + done.stderr and PASSWORDS["alice"] not in done.stdout + done.stderr
    return [line for line in (done.stdout + done.stderr).splitlines() if "closed to strangers and open" not in line]
