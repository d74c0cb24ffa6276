"""The terms of a link: how long it lives, how often it may be fetched, who may see it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..errors import BadTerm, Forbidden
from ..models.pastefile import TITLE_LENGTH
from ..names import visible_name
from ..setting_types import parse_duration

NAMES = ("expires", "downloads", "password", "visibility", "title")
VISIBILITIES = ("unlisted", "listed", "private")
MAX_DOWNLOADS = 1_000_000
MAX_PASSWORD = 1024


@dataclass(frozen=True, slots=True)
class TermsPolicy:
    """What the operator allows: lifetimes in seconds, None where there is no limit or default."""

    default_lifetime: int | None = None
    max_lifetime: int | None = None


NO_POLICY = TermsPolicy()


@dataclass(frozen=True, slots=True)
class Terms:
    """What an uploader asks for; None where nothing is asked for. `expires` is in UTC."""

    expires: datetime | None = None
    downloads: int | None = None
    password: str | None = None
    visibility: str | None = None
    title: str | None = None

    @classmethod
    def from_fields(
        cls, fields: Mapping[str, str], policy: TermsPolicy, now: datetime, *, is_owned: bool = False
    ) -> "Terms":
        """Read terms by their names; an empty one is not given. BadTerm, which names it, if one is wrong.

        Forbidden for what needs an account, unless the link is, or becomes, an account's (`is_owned`).
        """
        given = {name: fields[name] for name in NAMES if fields.get(name)}
        if not given and policy == NO_POLICY:
            return NO_TERMS
        if given.get("visibility") == "private" and not is_owned:
            raise Forbidden("visibility=private needs an account: sign in first, or send a token.")
        return cls(
            expires=_expires(given.get("expires"), policy, now),
            downloads=_downloads(given.get("downloads")),
            password=_password(given.get("password")),
            visibility=_visibility(given.get("visibility")),
            title=_title(given.get("title")),
        )

    @property
    def needs_own_link(self) -> bool:
        """Tell whether a link with these terms cannot be shared with other uploaders of the same bytes."""
        if self.is_private:
            return True
        return (self.expires, self.downloads, self.password, self.title) != (None, None, None, None)

    @property
    def is_private(self) -> bool:
        """Tell whether only the owner and operators may see the link."""
        return self.visibility == "private"


NO_TERMS = Terms()


def _expires(text: str | None, policy: TermsPolicy, now: datetime) -> datetime | None:
    latest = None if policy.max_lifetime is None else now + timedelta(seconds=policy.max_lifetime)
    if text is None:
        lifetime = policy.default_lifetime or policy.max_lifetime
        return None if lifetime is None else now + timedelta(seconds=lifetime)
    moment = moment_of(text, now)
    if latest is not None and moment > latest:
        raise BadTerm(f"expires must be within {policy.max_lifetime} seconds from now.", "expires")
    return moment


def moment_of(text: str, now: datetime) -> datetime:
    """Return the moment of a duration from now, or of an ISO 8601 date and time with a zone.

    BadTerm if it is none, or over.
    """
    moment = _moment(text.strip(), now)
    if moment <= now:
        raise BadTerm("expires must be in the future.", "expires")
    return moment


def _moment(text: str, now: datetime) -> datetime:
    with suppress(ValueError, OverflowError):
        return now + timedelta(seconds=parse_duration(text))
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign in a query is a space
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    raise BadTerm(
        "expires must be a duration such as 90s, 30m, 12h, 7d or 4w, or an ISO 8601 moment with a zone.",
        "expires",
    )


def _downloads(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", text, re.ASCII) or not 1 <= int(text) <= MAX_DOWNLOADS:
        raise BadTerm(f"downloads must be a whole number from 1 to {MAX_DOWNLOADS}.", "downloads")
    return int(text)


def _password(text: str | None) -> str | None:
    if text is not None and len(text) > MAX_PASSWORD:
        raise BadTerm(f"password must have 1 to {MAX_PASSWORD} characters.", "password")
    return text


def _visibility(text: str | None) -> str | None:
    if text is not None and text not in VISIBILITIES:
        raise BadTerm(f"visibility must be one of {', '.join(VISIBILITIES)}.", "visibility")
    return text


def _title(text: str | None) -> str | None:
    if text is None:
        return None
    title = visible_name(" ".join(text.split()), TITLE_LENGTH + 1)
    if not 1 <= len(title) <= TITLE_LENGTH:
        raise BadTerm(f"title must have 1 to {TITLE_LENGTH} characters.", "title")
    return title
