"""Files whose downloads are counted: one is taken before any byte goes out."""

import re

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import DownloadContext, FileContext, LimitedContext
from ..services.flags import Flag
from ..web.negotiation import is_navigation
from ..web.security import set_ticket
from ..web.transform_query import asks_for_transform
from .errors import wrong_method
from .files import WITH_BYTES, count_download, download, saved, shown
from .images import resized_inline

# Messengers and search engines fetch what somebody was sent; they shall not use it up.
_BOT = re.compile(
    r"bot|crawl|spider|preview|facebookexternalhit|slack|whatsapp|telegram|embed|skypeuri|vkshare|pinterest",
    re.I,
)


@view_config(context=LimitedContext, request_method="GET")
def limited(context: LimitedContext, request: Request) -> Response:
    """Take a download for a program; lead a browser to the page, whose button takes one.

    One file out of an archive is only for who has the archive: its name and size are content, too.
    """
    is_for_button = is_for_a_button(request)
    if "entry" in request.GET and not is_for_button:
        raise HTTPNotFound
    if request.environ["REQUEST_METHOD"] == "HEAD":
        return _untagged(_send(context, request))
    if is_for_button:
        response = HTTPSeeOther(location=request.address("p", context.file.filehash))
        response.cache_control = "no-store"
        return response
    return _claim_and_send(context, request)


@view_config(context=LimitedContext, request_method="POST")
def claim(context: LimitedContext, request: Request) -> Response:
    """Take a download: the page's button."""
    if context.child is not DownloadContext:
        return wrong_method(context, request)
    return _claim_and_send(context, request)


@view_config(context=DownloadContext, request_method="POST")
def claimed(context: DownloadContext, request: Request) -> Response:
    """Send again what the visitor has taken already."""
    if context.file.downloads_left is None:
        return wrong_method(context, request)
    return download(context, request)


def is_for_a_button(request: Request) -> bool:
    """Tell whether a request must not take a download: a browser asks first, and bots get none."""
    return is_navigation(request) or _BOT.search(request.user_agent or "") is not None


def close_body(response: Response) -> None:
    """Let go of what an answer that is not sent would have sent."""
    close = getattr(response.app_iter, "close", None)
    if close is not None:
        close()


def _claim_and_send(context: LimitedContext, request: Request) -> Response:
    request.services.flags.require_off(Flag.READ_ONLY)
    response = _send(context, request)
    if response.status not in WITH_BYTES:  # an error, 304 and 416 have none of the bytes
        return _untagged(response)
    if not request.services.links.claim(context.file):
        close_body(response)
        raise HTTPNotFound
    set_ticket(request, response, "claim", context.file)
    return response if _is_resized(context, request) else count_download(request, context.file, response)


def _untagged(response: Response) -> Response:
    """Take the entity tag out: it would tell the digest of what has not been taken."""
    response.headers.pop("ETag", None)
    return response


def _send(context: LimitedContext, request: Request) -> Response:
    """Return what is sent of a file that is not limited, but compare no entity tags, which may be guesses."""
    if request.environ.get("HTTP_IF_NONE_MATCH", "").strip() != "*":
        request.environ.pop("HTTP_IF_NONE_MATCH", None)
    seen: FileContext = context.child(context.__name__, context.__parent__, context.file)
    if _is_resized(context, request):
        return resized_inline(seen, request)
    return saved(seen, request) if context.child is DownloadContext else shown(seen, request)


def _is_resized(context: LimitedContext, request: Request) -> bool:
    return context.child is not DownloadContext and asks_for_transform(request.query_string)
