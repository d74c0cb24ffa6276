"""What a trusted proxy says about the client: `X-Forwarded-*`, believed or removed.

Servers do this each in their own way, or not at all. Here it is one setting of the application,
`pastebin.trusted_proxies`, under every server: afterwards REMOTE_ADDR, the scheme and the host
of the request are the client's, and no such header is left.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from ..setting_types import Network

Address = IPv4Address | IPv6Address
Environ = dict[str, Any]

HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
)

# No chain of proxies is longer; what a client put in front of it is not looked at.
CHAIN_LIMIT = 20

DEFAULT_PORTS = {"http": "80", "https": "443"}


class TrustedProxies:
    """The proxies of some networks."""

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = tuple(networks)
        self._is_trusted = lru_cache(1024)(self._look_up)

    def believe(self, environ: Environ) -> bool:
        """Put into a WSGI environment what a trusted proxy says, and take the headers out of it.

        Return whether one said it.
        """
        chain, scheme, host, port = [environ.pop(name, "") for name in HEADERS]
        if not self._networks or not self._is_trusted(environ.get("REMOTE_ADDR", "")):
            return False
        self._apply(environ, chain, _last(scheme), _last(host), _last(port))
        return True

    def _apply(self, environ: Environ, chain: str, scheme: str, host: str, port: str) -> None:
        client = self._client(chain)
        if client:
            environ["REMOTE_ADDR"] = environ["REMOTE_HOST"] = client
        if scheme in DEFAULT_PORTS:
            environ["wsgi.url_scheme"] = scheme
        if host:
            environ["HTTP_HOST"] = _with_port(host, port, environ["wsgi.url_scheme"])

    def _client(self, chain: str) -> str:
        """Return the nearest address that is no trusted proxy's, else the farthest; or an empty text."""
        client = ""
        for text in reversed(chain.rsplit(",", CHAIN_LIMIT)[-CHAIN_LIMIT:]):
            address = parse_address(text)
            if address is None:
                break
            client = str(address)
            if not self._is_trusted(client):
                break
        return client

    def _look_up(self, text: str) -> bool:
        address = parse_address(text)
        return address is not None and any(address in network for network in self._networks)


def parse_address(text: str) -> Address | None:
    """Return the address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`, else None."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _last(value: str) -> str:
    """Return what the nearest proxy said, where several said something."""
    return value.rpartition(",")[2].strip()


def _with_port(host: str, port: str, scheme: str) -> str:
    """Return the host with a port that is not its scheme's own, unless it names one."""
    names_one = host.rpartition("]")[2].count(":") > 0
    if names_one or not port.isdecimal() or port == DEFAULT_PORTS.get(scheme):
        return host
    return f"{host}:{port}"
