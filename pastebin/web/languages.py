"""What the reader chose: the language and the look of the pages.

Both are links with a parameter (`?lang=zh_CN`, `?theme=dark`) that any page takes, and that a
cookie remembers. So they work without JavaScript, and a page comes in the right look at once.
"""

from collections.abc import Mapping
from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.request import Request

from .cookies import SESSION_COOKIE

# Name of the catalogue → the language's own name and its tag in HTML.
LANGUAGES = {"en": ("English", "en"), "zh_CN": ("简体中文", "zh-Hans")}
THEMES = ("light", "dark")
CHOICES: Mapping[str, tuple[str, ...]] = {"lang": tuple(LANGUAGES), "theme": (*THEMES, "system")}

_TAGS = {"en": "en", "zh-CN": "zh_CN", "zh": "zh_CN"}
_YEAR = 365 * 24 * 60 * 60


def chosen(request: Request, name: str) -> str | None:
    """Return what the address chooses or, if it does not, what the cookie remembers."""
    value = _asked(request, name) or request.cookies.get(name)
    return value if value in CHOICES[name] else None


def locale_of(request: Request) -> str:
    """Return the catalogue for a request: the reader's choice, else what the browser prefers."""
    return chosen(request, "lang") or _TAGS[request.accept_language.lookup([*_TAGS], default="en")]


def _asked(request: Request, name: str) -> str | None:
    if f"{name}=" not in request.query_string:
        return None
    try:
        return request.GET.get(name)
    except UnicodeDecodeError:
        return None


def _remember(event: Any) -> None:
    """Set a cookie for what the address chose; keep caches from mixing readers' pages up."""
    request, response = event.request, event.response
    if not dict(response.headerlist).get("Content-Type", "").startswith("text/html"):
        return
    if SESSION_COOKIE in request.environ.get("HTTP_COOKIE", "") and "Cache-Control" not in response.headers:
        response.cache_control = "private, no-store"  # it names the account
    response.vary = tuple(dict.fromkeys((*(response.vary or ()), "Accept-Language", "Cookie")))
    for name, values in CHOICES.items():
        value = _asked(request, name)
        if value in values:
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", path=request.script_name or "/")


def includeme(config: Configurator) -> None:
    """Set up the choice of a language."""
    config.set_locale_negotiator(locale_of)
    config.add_subscriber(_remember, NewResponse)
