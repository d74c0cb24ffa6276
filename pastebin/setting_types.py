"""What a setting can be: parsers from the text of an INI file or a variable to a value.

Each takes the text without surrounding white space and raises ValueError with what the text
must be (`must be true or false`); `settings` puts the name before it and the text behind it.
"""

import os
import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

_UNITS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([bkmgt]?)(?:i?b)?", re.IGNORECASE)

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"([0-9]{1,10})\s*([smhdw]?)", re.IGNORECASE)

_BOOLEANS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def parse_size(text: str) -> int:
    """Return bytes for `1048576`, `512 KiB`, `1.5 GB` (powers of 1024 throughout)."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise ValueError("must be a size such as 1048576, 512 KiB or 2 GiB")
    size = int(float(match[1]) * _UNITS[match[2].lower()])
    if size < 1:
        raise ValueError("must be at least 1 byte")
    return size


def size_up_to(maximum: int) -> Callable[[str], int]:
    """Return a parser of sizes from 0 to `maximum` bytes."""

    def parse(text: str) -> int:
        size = 0 if text.strip() == "0" else parse_size(text)
        if size > maximum:
            raise ValueError(f"must be at most {maximum} bytes")
        return size

    return parse


def parse_duration(text: str) -> int:
    """Return seconds for `90`, `90s`, `30m`, `12h`, `7d`, `4w`."""
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError("must be a time such as 90s, 30m, 12h, 7d or 4w")
    return int(match[1]) * _SECONDS[match[2].lower()]


ROLES = ("login", "editor", "operator", "administrator")


def by_role(parse: Callable[[str], int]) -> Callable[[str], dict[str, int]]:
    """Return a parser of amounts by role, separated by commas; one without a role is for all."""

    def read(text: str) -> dict[str, int]:
        amounts = {}
        for part in filter(None, map(str.strip, text.split(","))):
            role, _, amount = part.partition(" ")
            is_named = role in ROLES
            amounts[role if is_named else ROLES[0]] = parse(amount if is_named else part)
        return amounts

    return read


def optional_duration(text: str) -> int | None:
    """Return the seconds of a time, None for none."""
    return duration(1, 2**31)(text) if text else None


def duration(minimum: int, maximum: int) -> Callable[[str], int]:
    """Return a parser of times from `minimum` to `maximum` seconds, both included."""

    def parse(text: str) -> int:
        seconds = parse_duration(text)
        if not minimum <= seconds <= maximum:
            raise ValueError(f"must be a time from {minimum} to {maximum} seconds")
        return seconds

    return parse


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `minimum` to `maximum`, both included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", text) or not minimum <= int(text) <= maximum:
            raise ValueError(f"must be a whole number from {minimum} to {maximum}")
        return int(text)

    return parse


def choice(*names: str) -> Callable[[str], str]:
    """Return a parser that takes one of some names, as it is written."""

    def parse(text: str) -> str:
        if text not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return text

    return parse


def boolean(text: str) -> bool:
    """Return True for true, yes, on, 1 and False for false, no, off, 0, in any case."""
    if text.lower() not in _BOOLEANS:
        raise ValueError("must be true or false")
    return _BOOLEANS[text.lower()]


def folder(text: str) -> Path:
    """Return an absolute path, `~` expanded; the folder need not exist."""
    if not text:
        raise ValueError("must name a folder")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise ValueError("must name a folder below a home that exists") from error


def optional_folder(text: str) -> Path | None:
    """Return None for nothing, else what `folder` does."""
    return folder(text) if text else None


def optional_file(text: str) -> Path | None:
    """Return None for nothing, else the absolute path of a file that exists."""
    path = optional_folder(text)
    if path is not None and not os.path.isfile(path):  # also for a name that no file can have
        raise ValueError("must name a file that exists")
    return path


Network = IPv4Network | IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """Return the addresses and networks of a list separated by spaces or commas."""
    try:
        return tuple(ip_network(word) for word in words(text))
    except ValueError as error:
        raise ValueError("must be addresses or networks such as 127.0.0.1 or 10.0.0.0/8") from error


def ports(text: str) -> frozenset[int]:
    """Return the port numbers of a list separated by spaces or commas."""
    try:
        return frozenset(map(whole_number(1, 65535), words(text)))
    except ValueError as error:
        raise ValueError("must be port numbers such as 80 443") from error


def words(text: str) -> tuple[str, ...]:
    """Return the words between white space and commas."""
    return tuple(filter(None, re.split(r"[,\s]+", text)))


def short_line(text: str) -> str:
    """Return a text of 1 to 60 characters that stands in one line."""
    if not text or not text.isprintable() or len(text) > 60:
        raise ValueError("must be a name of 1 to 60 characters in one line")
    return text


def colour(text: str) -> str:
    """Return `#rrggbb` in lower case, or nothing."""
    if text and not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise ValueError("must be a colour such as #2f6f4f")
    return text.lower()


def links(text: str) -> tuple[tuple[str, str], ...]:
    """Return name and address of each line `Imprint https://example.org/imprint`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, address = line.rpartition(" ")
        if not name or not re.match(r"https?://[^/]|/(?![/\\])", address):
            raise ValueError("must have in each line a name and an address that begins with https:// or /")
        found.append((name.strip(), address))
    return tuple(found)


def url(text: str) -> str:
    """Return an http or https address without its last slash, or nothing."""
    if text and not _is_web_address(text):
        raise ValueError("must be an http or https address without query, such as https://files.example.org")
    return text.rstrip("/")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_port = parts.port is None or parts.port > 0
    except ValueError:  # brackets or a port that are none
        return False
    is_alone = not (parts.query or parts.fragment)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and is_port and is_alone


def issuer(text: str) -> str:
    """Return the address of a provider of accounts as it is, or nothing."""
    if text and not is_secure_address(text):
        raise ValueError("must be an https address such as https://accounts.example.org (or http here)")
    return text


def is_secure_address(text: str) -> bool:
    """Tell whether a text is an https address; http is one too where it stays on this machine."""
    try:
        parts = urlsplit(text)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_plain = (
        is_port and "@" not in parts.netloc and not parts.fragment and text.isascii() and text.isprintable()
    )
    is_own = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    return is_plain and bool(parts.hostname) and " " not in text and (parts.scheme == "https" or is_own)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def database_url(text: str) -> str:
    """Return an address as SQLAlchemy has them, or nothing."""
    if text and not re.match(r"[a-z]+(\+[a-z]+)?://", text):
        raise ValueError("must be a database address such as mysql+pymysql://user:password@host/name")
    return text


def alphabet(text: str) -> str:
    """Return two or more different characters that an address takes as they are."""
    if len(text) < 2 or len(set(text)) != len(text) or not re.fullmatch(r"[A-Za-z0-9_~-]+", text):
        raise ValueError("must be at least two different letters or digits")
    return text
