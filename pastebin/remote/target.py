"""What an address of the web says: whom to ask, and for what."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urlsplit

from ..errors import BadRemote

LENGTH_LIMIT = 2000

_PORTS = {"http": 80, "https": 443}

# The same words for every address that is not asked, so that nobody learns more of it.
NOT_PUBLIC = "Nothing is fetched from this address: it is not one of the public internet."

# What programs read in different ways: controls, spaces, the backslash.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")
_FUTURE = re.compile(r"\[v", re.IGNORECASE)  # an address of a version that there is not yet
_HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)

# What stays as it is in a path or a query, a percent sign included.
_PLAIN = "/?%:@!$&'()*+,;=~[]|"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL, understood: `host` in ASCII and without brackets, `path` with the query, ready to be sent."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str, ports: Collection[int]) -> "Target":
        """Read a URL; BadRemote unless it is of the web, of one of these ports, and without a user."""
        if len(url) > LENGTH_LIMIT or _AMBIGUOUS.search(url):
            raise BadRemote(f"An address has at most {LENGTH_LIMIT} characters, and no spaces.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise BadRemote("This is no address of the web.") from error
        if parts.scheme not in _PORTS or "@" in parts.netloc or _FUTURE.match(parts.netloc):
            raise BadRemote("An address begins with http:// or https://, and has no user and no password.")
        port = _PORTS[parts.scheme] if port is None else port
        if port not in ports:
            raise BadRemote(f"Nothing is fetched from port {port}.")
        path = quote(parts.path or "/", _PLAIN, errors="replace")
        query = f"?{quote(parts.query, _PLAIN, errors='replace')}" if parts.query else ""
        return cls(parts.scheme, _host_of(parts.hostname or ""), port, path + query)

    @property
    def authority(self) -> str:
        """Return what the header `Host` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the URL as it is asked for."""
        return f"{self.scheme}://{self.authority}{self.path}"


def _host_of(name: str) -> str:
    """Return a host in the letters that are looked up: an IPv6 address, or a name without its last dot."""
    if "%" in name and ":" in name:  # an interface of this machine
        raise BadRemote(NOT_PUBLIC)
    try:
        if ":" in name:
            return str(IPv6Address(name))
        host = name.encode("idna").decode().lower().removesuffix(".")
    except ValueError as error:  # UnicodeError too
        raise BadRemote("This address names no host.") from error
    if not _HOST.fullmatch(host):
        raise BadRemote("This address names no host.")
    return host
