"""Which proxies are believed, and what is made of what they say."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin.web.proxies import CHAIN_LIMIT, HEADERS, TrustedProxies, parse_address

NEAR = "127.0.0.1"
PROXIES = TrustedProxies([ip_network(NEAR), ip_network("10.0.0.0/8"), ip_network("fd00::/8")])


def told(remote: str = NEAR, **said: str) -> dict[str, Any]:
    """Return the environment of a request after it was decided whom to believe; `said` without prefix."""
    environ = {"REMOTE_ADDR": remote, "wsgi.url_scheme": "http", "HTTP_HOST": "own.example"}
    environ |= {f"HTTP_X_FORWARDED_{name}": value for name, value in said.items()}
    PROXIES.believe(environ)
    assert not set(environ) & set(HEADERS)
    return environ


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("203.0.113.9,10.1.2.3 , 10.9.9.9", "203.0.113.9"),
        ("10.1.2.3, 10.9.9.9", "10.1.2.3"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:db8::1, fd00::5", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, nonsense", NEAR),
        ("203.0.113.9, nonsense, 10.1.2.3", "10.1.2.3"),
        ("", NEAR),
        (",,,", NEAR),
        ("203.0.113.9," + "10.1.2.3," * 5000 + "10.1.2.4", "10.1.2.3"),
    ],
)
def test_the_client_is_the_nearest_address_that_is_no_proxys(chain: str, client: str) -> None:
    assert told(FOR=chain)["REMOTE_ADDR"] == client


@pytest.mark.parametrize("remote", ["192.0.2.1", "127.0.0.2", "11.0.0.1", "::1", "", "nonsense"])
def test_nobody_else_is_believed(remote: str) -> None:
    environ = told(remote, FOR="203.0.113.9", PROTO="https", HOST="evil.example", PORT="444")
    assert environ == {"REMOTE_ADDR": remote, "wsgi.url_scheme": "http", "HTTP_HOST": "own.example"}


def test_without_trusted_proxies_nobody_is_believed() -> None:
    environ = {"REMOTE_ADDR": NEAR, "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert not TrustedProxies([]).believe(environ)
    assert environ == {"REMOTE_ADDR": NEAR}


@pytest.mark.parametrize(
    ("said", "host", "scheme"),
    [
        ({"PROTO": "https"}, "own.example", "https"),
        ({"PROTO": "http, https"}, "own.example", "https"),
        ({"PROTO": "javascript"}, "own.example", "http"),
        ({"HOST": "files.example.org"}, "files.example.org", "http"),
        ({"HOST": "evil.example, files.example.org"}, "files.example.org", "http"),
        ({"HOST": "files.example.org", "PORT": "8080"}, "files.example.org:8080", "http"),
        ({"HOST": "files.example.org", "PORT": "80"}, "files.example.org", "http"),
        ({"HOST": "files.example.org", "PROTO": "https", "PORT": "443"}, "files.example.org", "https"),
        ({"HOST": "files.example.org:81", "PORT": "8080"}, "files.example.org:81", "http"),
        ({"HOST": "[::1]", "PORT": "8080"}, "[::1]:8080", "http"),
        ({"HOST": "[::1]:5", "PORT": "8080"}, "[::1]:5", "http"),
        ({"HOST": "files.example.org", "PORT": "-1"}, "files.example.org", "http"),
        ({"PORT": "8080"}, "own.example", "http"),
    ],
)
def test_host_and_scheme_are_the_proxys(said: dict[str, str], host: str, scheme: str) -> None:
    environ = told(**said)
    assert (environ["HTTP_HOST"], environ["wsgi.url_scheme"]) == (host, scheme)


@given(st.lists(st.one_of(st.ip_addresses().map(str), st.text(max_size=20)), max_size=2 * CHAIN_LIMIT))
def test_any_chain_gives_an_address(chain: list[str]) -> None:
    assert ip_address(told(FOR=",".join(chain))["REMOTE_ADDR"])


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    assert parse_address(text) is None or ip_address(str(parse_address(text)))
