"""What is looked at before anything parses a request: its headers' size, its host, where its body ends.

Servers differ in what they let through, and WebOb reads cookies in quadratic time and stumbles
over odd dates. Each check works on a WSGI environment, and mends it before it raises, so that
the error can be answered like any other.
"""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Any

from ..errors import BadFraming, BadHost, BadRequest, HeadersTooLarge

Environ = dict[str, Any]

HEADERS_LIMIT = 16 * 2**10
COOKIES_LIMIT = 4 * 2**10

# A list of addresses, a thousand at most, which may be longer than all other headers.
_ADDRESSES = "HTTP_UPLOAD_CONCAT"
ADDRESSES_LIMIT = 96 * 2**10

# Names and IPv4 addresses, or an IPv6 address in brackets; then perhaps a port.
_HOST = re.compile(
    r"(?:(?P<name>[A-Za-z0-9._-]{1,255})|\[(?P<v6>[0-9A-Fa-f:.]{2,45})\])(?::(?P<port>[0-9]{1,5}))?"
)

# One cookie as RFC 6265 has it. WebOb reads a header of these alone in linear time.
_COOKIE = re.compile(r"[\w!#$%&'*+.^`|~-]+=(\"?)[\w!#$%&'()*+./:<=>?@\[\]^`{|}~-]*\1", re.ASCII)

_DATES = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_DATE")
_DATE_LIMIT = 64


def check_request(environ: Environ) -> None:
    """Mend what may be ignored; raise HeadersTooLarge, BadHost, BadFraming or BadRequest for the rest."""
    _ignore_odd_dates(environ)
    is_long = _headers_size(environ) > HEADERS_LIMIT
    is_long |= len(environ.get(_ADDRESSES, "")) > ADDRESSES_LIMIT
    if is_long:
        environ.pop("HTTP_COOKIE", None)
    elif "HTTP_COOKIE" in environ:
        _keep_plain_cookies(environ)
    _check_host(environ)
    if is_long:
        raise HeadersTooLarge(f"The request's headers have more than {HEADERS_LIMIT} bytes.")
    _check_target(environ)
    _check_framing(environ)


def _headers_size(environ: Environ) -> int:
    """Return how many characters the headers have, but for the addresses."""
    size = len(environ.get("CONTENT_TYPE", ""))
    for name, value in environ.items():
        if name[:5] == "HTTP_" and name != _ADDRESSES:
            size += len(name) + len(value)
    return size


def _keep_plain_cookies(environ: Environ) -> None:
    """Leave the cookies that are as cookies should be, of 4 KiB at most together."""
    kept, length = [], 0
    for text in environ["HTTP_COOKIE"].split(";"):
        cookie = text.strip()
        if length + len(cookie) <= COOKIES_LIMIT and _COOKIE.fullmatch(cookie):
            kept.append(cookie)
            length += len(cookie)
    environ["HTTP_COOKIE"] = "; ".join(kept)


def _check_host(environ: Environ) -> None:
    host = environ.get("HTTP_HOST", "")
    if host and is_host(host):
        return
    environ.pop("HTTP_HOST", None)  # addresses are then made of the server's own name
    is_old = environ.get("SERVER_PROTOCOL", "") in ("HTTP/1.0", "HTTP/1", "HTTP/0.9")
    if host or not is_old:
        raise BadHost("The request must say which host it is for, once and as a name or an address.")


@lru_cache(256)
def is_host(text: str) -> bool:
    """Tell whether a text is a host, with a port or without."""
    match = _HOST.fullmatch(text)
    if not match or not 0 < int(match["port"] or 1) < 65536:
        return False
    try:
        return match["v6"] is None or bool(IPv6Address(match["v6"]))
    except ValueError:
        return False


def _check_target(environ: Environ) -> None:
    if environ.get("PATH_INFO", "")[:1] not in ("/", ""):
        environ["PATH_INFO"] = "/"
        raise BadRequest("The request's target is not an address of this service.")


def _check_framing(environ: Environ) -> None:
    """Refuse a body that another server on the way may have ended elsewhere (RFC 9112, 6.1)."""
    told = environ.get("HTTP_TRANSFER_ENCODING", "").strip()
    if not told:
        return
    codings = [coding.strip().lower() for coding in told.split(",")]
    if set(codings) != {"chunked"}:
        raise BadFraming("The only transfer coding that this service reads is chunked.")
    if len(codings) > 1 or environ.get("CONTENT_LENGTH"):
        raise BadFraming("Where the request's body ends must be said once: by its length or by chunks.")


def _ignore_odd_dates(environ: Environ) -> None:
    """Take out dates that cannot be read or represented: such a header is ignored (RFC 9110, 13.1.3)."""
    for name in _DATES:
        if name in environ and not is_date(environ[name]):
            del environ[name]
    condition = environ.get("HTTP_IF_RANGE", '"')
    if not condition.startswith(('"', "W/")) and not is_date(condition):
        del environ["HTTP_IF_RANGE"]
        environ.pop("HTTP_RANGE", None)  # a condition that cannot be met: the whole file


def is_date(text: str) -> bool:
    """Tell whether a text is a date that Python can represent, in UTC too."""
    if len(text) > _DATE_LIMIT:
        return False
    try:
        parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return False
    return True
