"""Which language a page is in: what the reader chose, or else what the browser asks for."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from pyramid.config import Configurator
from pyramid.events import BeforeRender, NewResponse
from pyramid.i18n import Localizer, TranslationString
from pyramid.request import Request

from .http import HTML

DOMAIN = "pastebin"
COOKIE = "language"
DEFAULT = "en"

# Locale → its own name, in the order a switch shows them.
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

# What a browser may ask for → locale. A tag is matched by its beginning too: `en-GB` is `en`.
_TAGS = {"en": "en", "zh-cn": "zh_CN", "zh-hans": "zh_CN", "zh": "zh_CN"}


def negotiate(request: Request) -> str:
    """Return the locale for a request: the cookie's, the best of Accept-Language, or English."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    tag = request.accept_language.lookup(list(_TAGS), default=DEFAULT)
    return _TAGS.get(str(tag).lower(), DEFAULT)


def language_tag(locale: str) -> str:
    """Return `zh-CN` for the locale `zh_CN`, as HTML and HTTP write it."""
    return locale.replace("_", "-")


def translate(localizer: Localizer, text: str, mapping: Mapping[str, Any] | None = None) -> str:
    """Return a message in the reader's language, each `${name}` in it filled in from `mapping`."""
    return str(localizer.translate(TranslationString(text, domain=DOMAIN, mapping=mapping)))


def translate_count(
    localizer: Localizer, one: str, many: str, count: int, mapping: Mapping[str, Any] | None = None
) -> str:
    """Return a message in the form that `count` needs; it may say `${n}` for the count."""
    values = {"n": count, **(mapping or {})}
    return str(localizer.pluralize(one, many, count, domain=DOMAIN, mapping=values))


def _add_globals(event: Any) -> None:
    request = event.get("request")
    if request is None:
        return
    localizer = request.localizer
    event["_"] = partial(translate, localizer)
    event["ngettext"] = partial(translate_count, localizer)
    event["locale"] = request.locale_name
    event["languages"] = LANGUAGES


def _declare(event: Any) -> None:
    """Say which language a page is in, and that it depends on who asks."""
    response = event.response
    if response.content_type == HTML:
        response.content_language = (language_tag(event.request.locale_name),)
        response.vary = sorted({*(response.vary or ()), "Accept-Language", "Cookie"})


def includeme(config: Configurator) -> None:
    """Set up `request.locale_name`, `request.localizer` and what templates translate with."""
    config.set_locale_negotiator(negotiate)
    config.add_translation_dirs("pastebin:locale")
    config.add_subscriber(_add_globals, BeforeRender)
    config.add_subscriber(_declare, NewResponse)
