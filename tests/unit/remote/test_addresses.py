"""Which addresses may be asked, and what an address of the web says."""

import socket
from ipaddress import ip_address
from pathlib import Path

import pytest

from pastebin.errors import BadRemote, RemoteFailed
from pastebin.remote import Deadline, RemotePolicy, Target, fetched, is_public, may_connect
from pastebin.setting_types import networks

REFUSED = (Path(__file__).parent / "refused.txt").read_text().split()
PORTS = frozenset({80, 443})


@pytest.mark.parametrize("host", REFUSED)
def test_no_spelling_of_an_address_that_is_not_public_is_connected_to(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(BadRemote, match="not one of the public internet"), _fetch(f"http://{host}/"):
        pass


def _fetch(url: str):
    return fetched(url, RemotePolicy(), Deadline(20))


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::1", True),
        ("2002:a00:1::1", False),
        ("2001:0:808:808:0:0:f5ff:fffe", False),  # Teredo, of a client at 10.0.0.1
        ("2001:0:808:808:0:0:f7f7:f7f7", True),
        ("::ffff:0:7f00:1", False),  # IPv4-translated
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("100::1", False),
        ("2606:4700::1111%eth0", False),
        ("240.0.0.1", False),
        ("239.255.255.250", False),
        ("0.0.0.1", False),
    ],
)
def test_what_is_public(address: str, is_one: bool) -> None:
    assert is_public(ip_address(address)) is is_one


def test_networks_of_the_operator_are_fine_all_the_same() -> None:
    allowed = networks("10.1.0.0/16 fd00::/8")
    fine = ("10.1.2.3", "::ffff:10.1.2.3", "fd00::1", "8.8.8.8")
    assert all(may_connect(ip_address(address), allowed) for address in fine)
    others = ("10.2.0.1", "127.0.0.1", "2002:a01:203::", "64:ff9b::a01:203")
    assert not any(may_connect(ip_address(address), allowed) for address in others)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://Example.ORG", "example.org", 80, "/"),
        ("https://example.org.:443/a/b?c=d#e", "example.org", 443, "/a/b?c=d"),
        ("HTTP://bücher.example/ä b".replace(" ", "%20"), "xn--bcher-kva.example", 80, "/%C3%A4%20b"),
        ("http://[2606:4700:0::1111]/", "2606:4700::1111", 80, "/"),
        ("https://a_b.example/%41?x=ü", "a_b.example", 443, "/%41?x=%C3%BC"),
    ],
)
def test_an_address_is_read(url: str, host: str, port: int, path: str) -> None:
    target = Target.parse(url, PORTS)
    assert (target.host, target.port, target.path) == (host, port, path)


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://example.org/", "example.org"),
        ("https://example.org:80/", "example.org:80"),
        ("http://[2606:4700::1]:443/", "[2606:4700::1]:443"),
    ],
)
def test_the_host_is_told_with_a_port_that_is_not_usual(url: str, authority: str) -> None:
    assert Target.parse(url, PORTS).authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/a",
        "//example.org/a",
        "file:///etc/passwd",
        "gopher://example.org/",
        "ftp://example.org/",
        "http:///a",
        "http://",
        "http://:80/",
        "http://example.org:22/",
        "http://example.org:0/",
        "http://example.org:99999/",
        "http://example.org:8o/",
        "http://user@example.org/",
        "http://user:password@example.org/",
        "http://@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://exam ple.org/",
        "http://example.org/a b",
        "http://example.org/\r\nHost: other",
        "\thttp://example.org/",
        "http://127%2e0%2e0%2e1/",
        "http://[::1/",
        "http://[1.2.3.4]/",
        "http://[v1.x]/",
        "http://a..b/",
        f"http://{'a' * 64}.org/",
        f"http://example.org/{'a' * 1982}",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(BadRemote):
        Target.parse(url, PORTS)


def test_the_longest_address_is_taken() -> None:
    url = f"http://example.org/{'a' * 1981}"
    assert (len(url), Target.parse(url, PORTS).url) == (2000, url)


def named(*addresses: str):
    """Return a look-up that finds these addresses of any name, and counts."""

    def look_up(host: str, port: int, **_: object) -> list[tuple]:
        look_up.names.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    look_up.names = []
    return look_up


@pytest.mark.parametrize("addresses", [("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8"), ("8.8.8.8", "::1")])
def test_a_name_of_which_one_address_is_not_public_is_refused(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", named(*addresses))
    with pytest.raises(BadRemote, match="public internet"), _fetch("http://two.example/"):
        pass


def test_a_name_that_nobody_knows_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(RemoteFailed), _fetch("http://unknown.example/"):
        pass
