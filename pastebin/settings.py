"""Every `pastebin.*` setting: read, typed and checked once, before anything starts.

A setting comes from the INI file (`pastebin.max_upload_size = 2 GiB`) or from the
environment (`PASTEBIN_MAX_UPLOAD_SIZE="2 GiB"`), which wins. The fields of `Settings`
are the list of settings; each carries its own parser and its line of documentation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from . import setting_mail as mail
from . import setting_types as types
from .errors import ConfigurationError
from .setting_sources import PREFIX, gather

SHIPPED_SECRET = "change-me-before-production"  # noqa: S105 (refused in production)


def _setting(default: str, parse: Callable[[str], Any], doc: str) -> Any:
    """Declare a setting: its default as written in an INI file, its parser, its documentation."""
    return field(metadata={"default": default, "parse": parse, "doc": doc})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The service's settings, parsed. `Settings.load` is the way to make one."""

    environment: str = _setting(
        "development",
        types.choice("development", "production"),
        "`production` refuses the shipped secret; `development` shows the debug toolbar if installed",
    )
    data: Path = _setting(
        "var", types.folder, "folder of the embedded database, the files and the cached images"
    )
    files_folder: Path | None = _setting(
        "", types.optional_folder, "folder of the stored files, if not `<data>/files`"
    )
    inline_size: int = _setting(
        "64 KiB",
        types.size_up_to(64 * 2**10),
        "contents up to this size are kept in the database, larger ones as files; `0` keeps all as files",
    )
    derived_folder: Path | None = _setting(
        "", types.optional_folder, "folder of cached images, if not `<data>/derived`"
    )
    derived_size: int = _setting("1 GiB", types.parse_size, "how large the folder of cached images may grow")
    legacy_folder: Path | None = _setting(
        "", types.optional_folder, "folder of an older service's files, taken in when first asked for"
    )
    database_url: str = _setting(
        "", types.database_url, "the database, if not SQLite at `<data>/pastebin.sqlite`"
    )
    cache: str = _setting("memory", types.choice("memory", "memcached"), "where look-ups are cached")
    cache_entries: int = _setting(
        "10000", types.whole_number(1, 10_000_000), "how many look-ups the memory cache keeps"
    )
    cache_seconds: int = _setting(
        "86400", types.whole_number(1, 2_592_000), "how long a look-up stays cached"
    )
    memcached_servers: tuple[str, ...] = _setting(
        "127.0.0.1:11211", types.words, "memcached servers, `host:port`, separated by spaces or commas"
    )
    public_url: str = _setting(
        "", types.url, "scheme and host of all addresses in answers, if not those the client used"
    )
    trusted_proxies: tuple[types.Network, ...] = _setting(
        "",
        types.networks,
        "addresses or networks of the proxies whose `X-Forwarded-*` are believed; nobody else's are",
    )
    secret: str = _setting(SHIPPED_SECRET, str, "key that signs cookies; 16 characters or more in production")
    max_upload_size: int = _setting("2 GiB", types.parse_size, "largest file that is accepted")
    resumable_lifetime: int = _setting(
        "30h",
        types.duration(60, 365 * 86400),
        "how long after its last byte an unfinished upload can be gone on with",
    )
    resumable_per_address: int = _setting(
        "100", types.whole_number(1, 1_000_000), "unfinished uploads that one address may have at a time"
    )
    max_image_pixels: int = _setting(
        "100000000",
        types.whole_number(1, 2_000_000_000),
        "an image with more pixels is not cropped or resized",
    )
    max_result_pixels: int = _setting(
        "40000000",
        types.whole_number(1, 1_000_000_000),
        "a crop or resize may not have more pixels than this",
    )
    sendfile: str = _setting(
        "off",
        types.choice("off", "x-accel"),
        "`x-accel` lets nginx send files of 1 MiB and more itself, from the internal location `/_store/`",
    )
    durability: str = _setting(
        "full",
        types.choice("full", "relaxed"),
        "`relaxed` answers before the disk has confirmed (no fsync): a power cut may lose the last seconds",
    )
    stop_seconds: int = _setting(
        "30",
        types.whole_number(1, 3600),
        "how long requests under way may take when the service is told to stop; read by `bin/serve`",
    )
    text_preview_size: int = _setting(
        "256 KiB", types.parse_size, "how much of a text is highlighted on its preview page"
    )
    short_links: str = _setting(
        "random",
        types.choice("random", "sequential"),
        "`random` draws the codes of short links; `sequential` ones are shorter, and anybody can count them",
    )
    default_lifetime: int | None = _setting(
        "", types.optional_duration, "how long an upload lives that does not say, such as `7d`"
    )
    max_lifetime: int | None = _setting(
        "", types.optional_duration, "how long an upload may live at most, such as `4w`"
    )
    sweep_every: int = _setting(
        "10m",
        types.duration(3, 7 * 86400),
        "within this time the bytes of what was deleted, expired or used up leave the disk",
    )
    limits: str = _setting(
        "off", types.choice("on", "off"), "`on` limits what one address may do, as the next settings say"
    )
    uploads_per_hour: int = _setting(
        "600", types.whole_number(1, 10_000_000), "uploads from one address, of one account or by one token"
    )
    upload_bytes_per_hour: int = _setting("20 GiB", types.parse_size, "bytes of uploads, counted alike")
    passwords_per_minute: int = _setting(
        "20",
        types.whole_number(1, 30),
        "wrong passwords of files from one address; wrong sign-ins, of one account too",
    )
    remote_fetch: bool = _setting(
        "false", types.boolean, "an upload may be an address (field `url`), which the service fetches"
    )
    remote_ports: frozenset[int] = _setting("80 443", types.ports, "ports of other servers to fetch from")
    remote_allow: tuple[types.Network, ...] = _setting(
        "", types.networks, "addresses or networks to fetch from although they are not public"
    )
    remote_timeout: int = _setting(
        "10m", types.duration(1, 86400), "how long a fetch may take in all; 30 seconds of silence end it too"
    )
    fetches_per_hour: int = _setting(
        "60", types.whole_number(1, 10_000_000), "fetches that one address may ask for, where `limits` is on"
    )
    signup: str = _setting(
        "closed",
        types.choice("closed", "invite", "open"),
        "`invite` lets who has an invite make an account, `open` also who has an e-mail address; "
        "otherwise only `pastebin user add` does",
    )
    mail_url: mail.MailServer | None = _setting(
        "", mail.mail_server, "what sends mail: `smtp://user:password@host:587?starttls`, `smtps://host`"
    )
    mail_from: str = _setting("", mail.sender, "whom mail is from: `Files <files@example.org>`")
    oidc_issuer: str = _setting(
        "", types.issuer, "a provider of accounts (OpenID Connect) that signs people in, by its address"
    )
    oidc_client_id: str = _setting("", str, "what the provider knows this service by")
    oidc_client_secret: str = _setting("", str, "what this service proves that with")
    oidc_name: str = _setting("OpenID", types.short_line, "what pages call the provider")
    oidc_signup: bool = _setting(
        "false", types.boolean, "who comes from the provider may make an account, whatever `signup` says"
    )
    anonymous_uploads: bool = _setting("true", types.boolean, "who has no account may upload too")
    quota_bytes: Mapping[str, int] = _setting(
        "",
        types.by_role(types.parse_size),
        "what an account may have in all, or by role: `10 GiB`, or `login 10 GiB, operator 100 GiB`",
    )
    quota_files: Mapping[str, int] = _setting(
        "", types.by_role(types.whole_number(1, 10_000_000)), "how many files an account may have, or by role"
    )
    webhook_allow: tuple[types.Network, ...] = _setting(
        "", types.networks, "addresses or networks that webhooks may reach although they are not public"
    )
    short_alphabet: str = _setting(
        "mn6j2c4rv8bpygw95z7hsdaetxuk3fq",
        types.alphabet,
        "alphabet of short links; changing it breaks old links",
    )
    short_block_size: int = _setting(
        "24", types.whole_number(0, 63), "how many bits short links shuffle; changing it breaks old links"
    )
    short_min_length: int = _setting("5", types.whole_number(1, 64), "shortest code of a short link")

    site_name: str = _setting("pastebin", types.short_line, "the name on every page and in link previews")
    logo: Path | None = _setting(
        "", types.optional_file, "an image file (SVG, PNG, WebP, …, at most 512 KiB) shown beside the name"
    )
    accent_color: str = _setting(
        "",
        types.colour,
        "`#rrggbb`, the colour of buttons and links; the text on it is black or white by contrast",
    )
    footer_text: str = _setting("", str, "a sentence at the foot of every page")
    legal_links: tuple[tuple[str, str], ...] = _setting(
        "", types.links, "links at the foot of every page, a line each: `Imprint https://example.org/imprint`"
    )
    public_listing: bool = _setting(
        "false",
        types.boolean,
        "`/latest` shows what is uploaded while this is on; nothing from before gets public",
    )
    strip_metadata: bool = _setting(
        "false",
        types.boolean,
        "every picture is stored without position, camera and other metadata, as with the field `strip`",
    )
    robots_index: bool = _setting("false", types.boolean, "search engines may list pages and files")

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
        given, faults = gather({item.name for item in fields(cls)}, ini, environ)
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
        if self.mail_url and not (self.mail_from and self.public_url):
            faults.append(
                "pastebin.mail_from and pastebin.public_url must be set when pastebin.mail_url is: "
                "messages name both"
            )
        if self.oidc_issuer and not (self.oidc_client_id and self.public_url):
            faults.append(
                "pastebin.oidc_client_id and pastebin.public_url must be set when pastebin.oidc_issuer is: "
                "the provider knows this service by both"
            )
        if self.cache == "memcached" and not self.memcached_servers:
            faults.append("pastebin.memcached_servers must name a server when pastebin.cache is memcached")
        return faults
