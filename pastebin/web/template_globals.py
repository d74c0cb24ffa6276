"""What every page has at hand: words, numbers and times in the reader's language, addresses."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from importlib.resources import files
from itertools import count
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.events import BeforeRender
from pyramid.request import Request
from sqlalchemy.exc import SQLAlchemyError

from ..errors import PastebinError
from ..previews.type_names import type_name
from ..services.rights import AccountIdentity, Right
from ..units import clock, scaled
from . import addresses
from .browser_names import browser_name
from .compression import compress
from .cookies import form_token
from .languages import LANGUAGES, THEMES, chosen
from .security import account_of
from .translations import Sentences, catalogue

DURATION_UNITS = (("week", 7 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))

# What the pages offer; who wants another time may say it.
LIFETIMES = {"1h": 3600, "1d": 86400, "1w": 7 * 86400, "4w": 28 * 86400}

# A line of text with its number, which is drawn by the stylesheet and so never copied with the text.
_NUMBER = '<a href="#L{1}" tabindex="-1" aria-hidden="true" data-line="{1}"></a>'
_LINE = f'<span class="line" id="L{{1}}">{_NUMBER}{{0}}\n</span>'

# So many lines are laid out together, when they come near the window; the stylesheet knows how high they are.
_BLOCK = 50
_BLOCK_OF_LINES = '<span class="lines">{}</span>'


class Page:
    """A request as its page sees it; templates know it as `page`."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.locale: str = request.locale_name
        self._catalogue = catalogue(self.locale)
        self.language, self.tag = LANGUAGES[self.locale]
        theme = chosen(request, "theme")
        self.theme = theme if theme in THEMES else None
        self.is_wrapped: bool = request.cookies.get("wrap") == "on"  # long lines, as the reader left them
        self.has_latest: bool = request.services.settings.public_listing
        self.icons: set[str] = set()  # those on the page so far
        self.home: str = f"{request.script_name}/"
        self.may_sign_up: bool = request.services.settings.signup != "closed"
        self.may_sign_up_by_mail: bool = request.services.may_sign_up_by_mail
        settings = request.services.settings
        self.sign_in_provider: str = settings.oidc_name if settings.oidc_issuer else ""
        self.has_mail: bool = request.services.mail.is_possible

    @cached_property
    def account(self) -> AccountIdentity | None:
        """Return the account that is signed in here; a page is shown whatever becomes of that."""
        try:
            account = account_of(self._request)
        except (PastebinError, SQLAlchemyError):
            return None
        return None if account is None or account.token else account

    @staticmethod
    def browser(agent: str) -> str:
        """Return what people call a browser that names itself: Firefox, Linux."""
        return browser_name(agent)

    @property
    def is_operator(self) -> bool:
        """Tell whether there are pages below `/admin` for the account."""
        return self.account is not None and self.account.may(Right.OPERATOR_PAGES)

    @property
    def is_editor(self) -> bool:
        """Tell whether the account may say what is on the list of the newest."""
        return self.has_latest and self.account is not None and self.account.may(Right.EDITOR_PAGES)

    @property
    def is_administrator(self) -> bool:
        """Tell whether all of them are for the account."""
        return self.account is not None and self.account.may(Right.ADMINISTRATOR_PAGES)

    @property
    def form_token(self) -> str:
        """Return what a form of this browser sends along."""
        return form_token(self._request)

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Return name of catalogue, own name and HTML tag of every language."""
        return [(name, own, tag) for name, (own, tag) in LANGUAGES.items()]

    def say(self, message: str, **values: object) -> str:
        """Return a message in the reader's language, `{name}` in it filled in."""
        return self._catalogue.translate(message, **values)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """Return a message about `{number}` things in the reader's language."""
        return self._catalogue.pluralize(one, many, number, number=self.number(number), **values)

    def find(self, text: str, sentences: Sentences) -> str | None:
        """Return what an error says in the reader's language; None if it is none of the sentences."""
        return text if self.locale == "en" else sentences.translate(text, self._catalogue)

    def number(self, value: float) -> str:
        """Return 1,234,567."""
        return format_decimal(value, locale=self.locale)

    def type_name(self, mimetype: str) -> str:
        """Return what people call a media type: JPEG image, Go source."""
        message, values = type_name(mimetype)
        return self.say(message, **values)

    def playing_time(self, milliseconds: int) -> str:
        """Return how long something lasts: 3:05."""
        return clock(milliseconds)

    def listed(self, things: Sequence[str]) -> str:
        """Return one, two and three."""
        return format_list(things, locale=self.locale)

    def size(self, size: int) -> str:
        """Return 34.2 MB: powers of 1024, as everywhere in this service."""
        value, unit = scaled(size)
        if unit == "bytes":
            return self.count("{number} byte", "{number} bytes", size)
        return f"{format_decimal(value, '#,##0.#', locale=self.locale)} {unit}"

    def time(self, moment: datetime) -> Markup:
        """Return a `<time>` in UTC, which a script turns into the reader's own time zone.

        It is as long as what the script writes, or lines would break elsewhere and the page would jump.
        """
        day = format_date(moment, "medium", locale=self.locale)
        hour = format_time(moment, "short", locale=self.locale)
        comma = "" if self.locale == "zh_CN" else ","
        return _time(moment, Markup('{}{} {}<span class="utc"> UTC</span>').format(day, comma, hour), "time")

    def clock(self, moment: datetime) -> str:
        """Return a moment of a clock that is in no zone."""
        return str(format_datetime(moment, "medium", locale=self.locale))

    def date(self, moment: datetime) -> Markup:
        """Return a `<time>` that shows the day only."""
        return _time(moment, format_date(moment, "medium", locale=self.locale), "date")

    @property
    def lifetimes(self) -> list[tuple[str, str]]:
        """Return what links may be told to live for, as fields have it and in words."""
        longest = self.longest_lifetime
        return [
            (value, self.duration(seconds))
            for value, seconds in LIFETIMES.items()
            if longest is None or seconds <= longest
        ]

    @property
    def longest_lifetime(self) -> int | None:
        """Return the seconds that a link may live at most, None without a limit."""
        return self._request.services.terms_policy.max_lifetime

    @property
    def default_lifetime(self) -> str | None:
        """Return how long a link lives that was told nothing, in words; None for ever."""
        policy = self._request.services.terms_policy
        seconds = policy.default_lifetime or policy.max_lifetime
        return self.duration(seconds) if seconds else None

    def duration(self, seconds: int) -> str:
        """Return 4 weeks: in the largest unit of which it is a whole number."""
        unit, size = next((unit, size) for unit, size in DURATION_UNITS if seconds % size == 0)
        return format_unit(seconds // size, f"duration-{unit}", locale=self.locale)

    def path(self, noun: str, name: str) -> str:
        """Return the path here of a file's page (`p`), bytes (`i`), download (`d`), QR code (`q`)."""
        return f"{self._request.script_name}{addresses.path(noun, name)}"

    def static(self, name: str) -> str:
        """Return the address of a file of ours."""
        return self._request.static_path(f"pastebin:static/{name}")

    @staticmethod
    def lines(lines: list[str]) -> Markup:
        """Return highlighted lines (HTML already) with a number each that is a link to the line."""
        numbered = list(map(_LINE.format, lines, count(1)))
        whole = len(numbered) - len(numbered) % _BLOCK
        blocks = ("".join(numbered[start : start + _BLOCK]) for start in range(0, whole, _BLOCK))
        return Markup("".join(map(_BLOCK_OF_LINES.format, blocks)) + "".join(numbered[whole:]))  # noqa: S704

    @staticmethod
    def json(value: object) -> Markup:
        """Return JSON that may stand in a `<script>` block: nothing in it can end the block."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return Markup(text.replace("<", "\\u003c"))  # noqa: S704


def _time(moment: datetime, shown: str | Markup, form: str) -> Markup:
    element = Markup('<time datetime="{}" data-form="{}">{}</time>')
    return element.format(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), form, shown)


def _add_page(event: Any) -> None:
    if event["renderer_info"] is not None and event["renderer_info"].type == ".mako":
        event["page"] = page = Page(event["request"])
        event["_"] = page.say
        event["plural"] = page.count
        _compress_once(event["request"])


def _compress_once(request: Request) -> None:
    if compress not in request.response_callbacks:
        request.add_response_callback(compress)


def _version() -> str:
    """Return a hash of every static file: the folder's address changes when one of them does."""
    digest = hashlib.sha256()
    folders = [files("pastebin") / "static"]
    while folders:
        for item in sorted(folders.pop().iterdir(), key=lambda item: item.name):
            if item.is_dir():
                folders.append(item)
            else:
                digest.update(item.name.encode() + b"\0" + item.read_bytes())
    return digest.hexdigest()[:12]


def includeme(config: Configurator) -> None:
    """Serve the static files, for good under one address, and give every page its `page`."""
    config.add_static_view(f"static/{_version()}", "pastebin:static", cache_max_age=31536000)
    config.add_subscriber(_add_page, BeforeRender)
