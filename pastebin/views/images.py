"""Any size or crop of an image, by address."""

import time

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..images import Transform
from ..images.thumbnails import SIZES
from ..resources import FileContext, ResizedContext, ThumbnailContext
from ..services.files import StoredFile
from ..services.resizing import ResizedImage
from ..web.file_responses import Sendable, cache_control, send
from ..web.transform_query import read_transform


def _asked(request: Request) -> Transform | None:
    return read_transform(request.query_string, request.services.limits)


def resized_inline(context: FileContext, request: Request) -> Response:
    """Send an image in the size that the query asks for."""
    return _send(
        request, context.file, request.services.resizing.image(context.file, _asked(request) or Transform())
    )


@view_config(context=ThumbnailContext, request_method="GET")
def thumbnail(context: ThumbnailContext, request: Request) -> Response:
    """Send a small picture of any file, or a larger one."""
    size = request.GET.get("size") or "small"
    if size not in SIZES:
        raise BadRequest(f"size must be one of {', '.join(SIZES)}.")
    return _send(request, context.file, request.services.thumbnails.thumbnail(context.file, size))


def _send(request: Request, file: StoredFile, image: ResizedImage) -> Response:
    content = Sendable(
        size=image.size,
        tag=image.tag,
        modified=file.uploadtime,
        content_type=image.mimetype,
        disposition="inline",
        cache_control=cache_control(file, time.time()),
    )
    return send(request, content, image.reader)


@view_config(context=ResizedContext, request_method="GET")
def resized_file(context: ResizedContext, request: Request) -> Response:
    """Make or find the image in the size asked for, and answer with its address."""
    link = request.services.resizing.as_file(context.file, _asked(request))
    address = request.address("i", link.file.filehash)
    response = Response(address, content_type="text/plain", charset="utf-8")
    if context.file.is_restricted:
        response.headers["Cache-Control"] = "private, no-store"
    return response
