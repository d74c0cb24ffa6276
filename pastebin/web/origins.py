"""Which site a form was sent by: what a browser does for its user, no other site may have it do."""

from urllib.parse import urlsplit

from pyramid.request import Request

from ..errors import Forbidden
from .bodies import FORM, SIMPLE_FORM, body_type

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

# Addresses that nobody knows but who may use them. Their pages tell no site where they are, and so their
# forms do not say which site they are of.
_SECRET = "/m/"  # noqa: S105


def require_own_page(request: Request) -> None:
    """Raise Forbidden for a form that a page of another site has sent. Programs say nothing of sites."""
    environ = request.environ
    site = environ.get("HTTP_SEC_FETCH_SITE", "none")
    source = environ.get("HTTP_ORIGIN") or environ.get("HTTP_REFERER")
    if site in ("cross-site", "same-site"):
        is_own = False
    elif source == "null":
        is_own = site == "same-origin" or environ["PATH_INFO"].startswith(_SECRET)
    else:
        is_own = source is None or _is_own(request, source)
    if not is_own:
        raise Forbidden("This form was sent by a page of another site.")


def is_bare_without_origin(request: Request) -> bool:
    """Tell whether this is an upload whose body is the file itself, and does not say which page sent it."""
    environ = request.environ
    if environ.get("HTTP_ORIGIN"):
        return False
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if method == "PUT":
        return bool(path.count("/") == 1)
    return method == "POST" and path in ("", "/", "/j") and not _is_form(request)


def _is_form(request: Request) -> bool:
    """Tell whether a body is a form. What the query names is a file, unless it is of several parts."""
    kind = body_type(request)
    return kind == FORM or (kind == SIMPLE_FORM and "name" not in request.GET)


def _is_own(request: Request, source: str) -> bool:
    try:
        host = urlsplit(source).netloc
    except ValueError:
        return False
    return host.lower() in (urlsplit(request.root_address).netloc.lower(), request.host.lower())
