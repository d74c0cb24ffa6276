"""Every `pastebin.*` setting: read, typed and checked once, before anything starts.

A setting comes from the INI file (`pastebin.max_upload_size = 2 GiB`) or from the
environment (`PASTEBIN_MAX_UPLOAD_SIZE="2 GiB"`), which wins. The fields of `Settings`
are the list of settings; each carries its own parser and its line of documentation.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .errors import ConfigurationError

Network = IPv4Network | IPv6Network

PREFIX = "pastebin."
ENVIRONMENT_PREFIX = "PASTEBIN_"

# Variables that are read before there are settings: of the build, the compiled modules, `pastebin.wsgi`.
OTHER_VARIABLES = frozenset({"PASTEBIN_NO_EXTENSIONS", "PASTEBIN_REQUIRE_EXTENSIONS", "PASTEBIN_INI"})

SHIPPED_SECRET = "change-me-before-production"  # noqa: S105 (refused in production)

_UNITS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([bkmgt]?)(?:i?b)?", re.IGNORECASE)
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
    """Return bytes for `1048576`, `512 KiB`, `1.5 GB` (powers of 1024 throughout); ValueError otherwise."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise ValueError("must be a size such as 1048576, 512 KiB or 2 GiB")
    size = int(float(match[1]) * _UNITS[match[2].lower()])
    if size < 1:
        raise ValueError("must be at least 1 byte")
    return size


def _size_up_to(maximum: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        size = 0 if text.strip() == "0" else parse_size(text)
        if size > maximum:
            raise ValueError(f"must be at most {maximum} bytes")
        return size

    return parse


def _whole(minimum: int, maximum: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", text) or not minimum <= int(text) <= maximum:
            raise ValueError(f"must be a whole number from {minimum} to {maximum}")
        return int(text)

    return parse


def _choice(*names: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return text

    return parse


def _boolean(text: str) -> bool:
    if text.lower() not in _BOOLEANS:
        raise ValueError("must be true or false")
    return _BOOLEANS[text.lower()]


def _path(text: str) -> Path:
    if not text:
        raise ValueError("must name a folder")
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise ValueError("must name a folder below a home that exists") from error


def _optional_path(text: str) -> Path | None:
    return _path(text) if text else None


def _optional_file(text: str) -> Path | None:
    path = _optional_path(text)
    if path is not None and not path.is_file():
        raise ValueError("must name a file that exists")
    return path


def _name(text: str) -> str:
    if not text or not text.isprintable() or len(text) > 60:
        raise ValueError("must be a name of 1 to 60 characters in one line")
    return text


def _colour(text: str) -> str:
    if text and not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise ValueError("must be a colour such as #2f6f4f")
    return text.lower()


def _links(text: str) -> tuple[tuple[str, str], ...]:
    links = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, address = line.rpartition(" ")
        if not name or not re.match(r"https?://[^/]|/(?![/\\])", address):
            raise ValueError("must have in each line a name and an address that begins with https:// or /")
        links.append((name.strip(), address))
    return tuple(links)


def _url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise ValueError("must be an http or https address without query, such as https://files.example.org")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    if text and not re.match(r"[a-z]+(\+[a-z]+)?://", text):
        raise ValueError("must be a database address such as mysql+pymysql://user:password@host/name")
    return text


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"[,\s]+", text.strip())) if text.strip() else ()


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(word) for word in _words(text))
    except ValueError as error:
        raise ValueError("must be addresses or networks such as 127.0.0.1 or 10.0.0.0/8") from error


def _alphabet(text: str) -> str:
    if len(text) < 2 or len(set(text)) != len(text) or not re.fullmatch(r"[A-Za-z0-9_~-]+", text):
        raise ValueError("must be at least two different letters or digits")
    return text


def _setting(default: str, parse: Callable[[str], Any], doc: str) -> Any:
    """Declare a setting: its default as written in an INI file, its parser, its documentation."""
    return field(metadata={"default": default, "parse": parse, "doc": doc})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The service's settings, parsed. `Settings.load` is the way to make one."""

    environment: str = _setting(
        "development",
        _choice("development", "production"),
        "`production` refuses the shipped secret; `development` shows the debug toolbar if installed",
    )
    data: Path = _setting("var", _path, "folder of the embedded database, the files and the cached images")
    files_folder: Path | None = _setting(
        "", _optional_path, "folder of the stored files, if not `<data>/files`"
    )
    inline_size: int = _setting(
        "64 KiB",
        _size_up_to(64 * 2**10),
        "contents up to this size are kept in the database, larger ones as files; `0` keeps all as files",
    )
    derived_folder: Path | None = _setting(
        "", _optional_path, "folder of cached images, if not `<data>/derived`"
    )
    derived_size: int = _setting("1 GiB", parse_size, "how large the folder of cached images may grow")
    legacy_folder: Path | None = _setting(
        "", _optional_path, "folder of an older service's files, taken in when first asked for"
    )
    database_url: str = _setting("", _database_url, "the database, if not SQLite at `<data>/pastebin.sqlite`")
    cache: str = _setting("memory", _choice("memory", "memcached"), "where look-ups are cached")
    cache_entries: int = _setting("10000", _whole(1, 10_000_000), "how many look-ups the memory cache keeps")
    cache_seconds: int = _setting("86400", _whole(1, 2_592_000), "how long a look-up stays cached")
    memcached_servers: tuple[str, ...] = _setting(
        "127.0.0.1:11211", _words, "memcached servers, `host:port`, separated by spaces or commas"
    )
    public_url: str = _setting(
        "", _url, "scheme and host of all addresses in answers, if not those the client used"
    )
    trusted_proxies: tuple[Network, ...] = _setting(
        "",
        _networks,
        "addresses or networks of the proxies whose `X-Forwarded-*` are believed; nobody else's are",
    )
    secret: str = _setting(SHIPPED_SECRET, str, "key that signs cookies; 16 characters or more in production")
    max_upload_size: int = _setting("2 GiB", parse_size, "largest file that is accepted")
    max_image_pixels: int = _setting(
        "100000000", _whole(1, 2_000_000_000), "an image with more pixels is not cropped or resized"
    )
    max_result_pixels: int = _setting(
        "40000000", _whole(1, 1_000_000_000), "a crop or resize may not have more pixels than this"
    )
    sendfile: str = _setting(
        "off",
        _choice("off", "x-accel"),
        "`x-accel` lets nginx send files of 1 MiB and more itself, from the internal location `/_store/`",
    )
    durability: str = _setting(
        "full",
        _choice("full", "relaxed"),
        "`relaxed` answers before the disk has confirmed (no fsync): a power cut may lose the last seconds",
    )
    text_preview_size: int = _setting(
        "256 KiB", parse_size, "how much of a text is highlighted on its preview page"
    )
    short_alphabet: str = _setting(
        "mn6j2c4rv8bpygw95z7hsdaetxuk3fq", _alphabet, "alphabet of short links; changing it breaks old links"
    )
    short_block_size: int = _setting(
        "24", _whole(0, 63), "how many bits short links shuffle; changing it breaks old links"
    )
    short_min_length: int = _setting("5", _whole(1, 64), "shortest code of a short link")

    site_name: str = _setting("pastebin", _name, "the name on every page and in link previews")
    logo: Path | None = _setting(
        "", _optional_file, "an image file (SVG, PNG, WebP, …, at most 512 KiB) shown beside the name"
    )
    accent_color: str = _setting(
        "",
        _colour,
        "`#rrggbb`, the colour of buttons and links; the text on it is black or white by contrast",
    )
    footer_text: str = _setting("", str, "a sentence at the foot of every page")
    legal_links: tuple[tuple[str, str], ...] = _setting(
        "", _links, "links at the foot of every page, a line each: `Imprint https://example.org/imprint`"
    )
    public_listing: bool = _setting(
        "false",
        _boolean,
        "`/latest` shows what is uploaded while this is on; nothing from before gets public",
    )
    robots_index: bool = _setting("false", _boolean, "search engines may list pages and files")

    @property
    def files_path(self) -> Path:
        """Return the folder of the stored files."""
        return self.files_folder or self.data / "files"

    @property
    def derived_path(self) -> Path:
        """Return the folder of the cached images."""
        return self.derived_folder or self.data / "derived"

    @property
    def quarantine_path(self) -> Path:
        """Return the folder that remembers which contents workers must not try again for a while."""
        return self.data / "quarantine"

    @property
    def sqlalchemy_url(self) -> str:
        """Return the database's address, SQLite in the data folder by default."""
        return self.database_url or f"sqlite:///{self.data / 'pastebin.sqlite'}"

    @property
    def is_production(self) -> bool:
        """Tell whether this is a production service."""
        return self.environment == "production"

    @classmethod
    def load(cls, ini: Mapping[str, Any], environ: Mapping[str, str]) -> "Settings":
        """Return the settings of `ini` overridden by `environ`; ConfigurationError names every fault."""
        given, faults = _gather(cls, ini, environ)
        values = {}
        for item in fields(cls):
            source, text = given.get(item.name, (PREFIX + item.name, item.metadata["default"]))
            try:
                values[item.name] = item.metadata["parse"](text)
            except ValueError as error:
                faults.append(f"{source} {error}, not {text!r}")
        if not faults:
            settings = cls(**values)
            faults = list(settings._conflicts())
        if faults:
            raise ConfigurationError("Wrong settings:\n" + "\n".join(f"  {fault}" for fault in faults))
        return settings

    def _conflicts(self) -> list[str]:
        faults = []
        if self.is_production and self.secret == SHIPPED_SECRET:
            faults.append(
                "pastebin.secret is the one this software ships with: set one of your own, "
                "for example from `python3 -c 'import secrets; print(secrets.token_hex())'`"
            )
        elif self.is_production and len(self.secret) < 16:
            faults.append("pastebin.secret must have 16 characters or more")
        if self.cache == "memcached" and not self.memcached_servers:
            faults.append("pastebin.memcached_servers must name a server when pastebin.cache is memcached")
        return faults


def _gather(
    cls: type[Settings], ini: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Return name → (where it was set, text), and a fault for every name nobody knows."""
    known = {item.name for item in fields(cls)}
    given, faults = {}, []
    named = [(key, key.removeprefix(PREFIX), value) for key, value in ini.items() if key.startswith(PREFIX)]
    named += [
        (key, key.removeprefix(ENVIRONMENT_PREFIX).lower(), value)
        for key, value in sorted(environ.items())
        if key.startswith(ENVIRONMENT_PREFIX) and key not in OTHER_VARIABLES
    ]
    for source, name, value in named:
        if name in known:
            given[name] = (source, str(value).strip())
        else:
            faults.append(f"{source} is no setting of this version")
    return given, faults
