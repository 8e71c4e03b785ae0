"""Who a visitor is, where a proxy is in front of the web server and reaches it by a Unix socket."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from stack import limits, nginx, pingate
from stack.confidential import Confidential
from stack.doors import Site
from stack.transports import over_http
from stack.visitor import Visitor
from stack.workplace import Part


@dataclass(frozen=True)
class Chain:
    """A proxy, an nginx that listens at a Unix socket, and PinGate."""

    url: str
    part: Part

    def status(self, address: str, number: str) -> int:
        """Enters a number, as the proxy's visitor with this address."""
        visitor = Visitor(over_http, self.url)
        fields = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": address}
        return visitor.transport("POST", self.url + "register", fields, f"number=%2B{number}".encode()).status


@pytest.fixture
def chain(request: pytest.FixtureRequest, site: Site) -> Iterator[Chain]:
    count = len(site.workplace.parts)
    behind = pingate.start(
        site.workplace, site.confidential, site.api, **{**limits.USUAL, "PINGATE_TRUSTED_PROXIES": request.param}
    )
    socket = behind.socket.with_name("nginx.sock")
    server = nginx.start(
        site.workplace,
        "unix-nginx",
        f"""
        location / {{
            proxy_pass http://unix:{socket}:;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $http_x_forwarded_for;
        }}
        """,
        f"""
        server {{
            listen unix:{socket};
            include /etc/nginx/fastcgi_params;
            location / {{ fastcgi_pass unix:{behind.socket}; }}
        }}
        """,
    )
    yield Chain(server.url, behind.part)
    for part in reversed(site.workplace.parts[count:]):
        part.stop()


# Each in a net of its own, and none with the others' numbers.
VISITORS = [f"198.51.{index}.7" for index in range(6)]


@pytest.mark.parametrize("chain", ["unix:"], indirect=True)
def test_a_trusted_unix_socket_says_who_visitors_are(chain: Chain, confidential: Confidential) -> None:
    assert [chain.status(visitor, confidential.new_number()) for visitor in VISITORS] == [200] * 6
    # And each is limited by itself: 3 a minute.
    again = [chain.status(VISITORS[0], confidential.new_number()) for _ in range(3)]
    assert again == [200, 200, 429]
    assert " address." not in chain.part.log_text()


@pytest.mark.parametrize("chain", [""], indirect=True)
def test_one_that_nobody_named_makes_all_one_and_the_log_says_so_once(
    chain: Chain, confidential: Confidential
) -> None:
    statuses = [chain.status(visitor, confidential.new_number()) for visitor in VISITORS]
    assert statuses == [200] * 3 + [429] * 3
    said = chain.part.log_text()
    assert said.count("address.unix_socket") == 1
    assert "add unix: to PINGATE_TRUSTED_PROXIES" in said
