"""Settings of mail: what sends it, and whom it is from."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes messages; `security` is `none`, `starttls` or `tls` from the first byte on."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: str


_MAIL_PORTS = {"none": 25, "starttls": 587, "tls": 465}


def mail_server(text: str) -> MailServer | None:
    """Return the server of `smtp://user:password@host:port?starttls` or `smtps://…`; None for nothing."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    security = {("smtp", ""): "none", ("smtp", "starttls"): "starttls", ("smtps", ""): "tls"}.get(
        (parts.scheme, parts.query)
    )
    if not parts.hostname or not security or parts.fragment or parts.path.strip("/"):
        raise ValueError("must be such as smtp://user:password@host:587?starttls or smtps://host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or _MAIL_PORTS[security], user, password, security)


def sender(text: str) -> str:
    """Return `files@example.org` or `Files <files@example.org>` as it is, or nothing."""
    address = parseaddr(text)[1]
    is_address = re.fullmatch(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+", address) is not None
    if text and not (is_address and text.isprintable() and text in (address, f"<{address}>", _named(text))):
        raise ValueError("must be an e-mail address such as files@example.org or Files <files@example.org>")
    return text


def _named(text: str) -> str:
    """Return a text that ends in an address in brackets; nothing for any other."""
    return text if re.fullmatch(r"[^<>@,;]+ <[^<>]+>", text) else ""
