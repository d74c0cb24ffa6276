"""Short links as QR codes."""

import hashlib
import time

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import QRCodeContext
from ..services.qrcodes import qr_svg
from ..web.file_responses import cache_control
from ..web.response_headers import content_policy
from .representations import short_address

SVG = "image/svg+xml"


@view_config(context=QRCodeContext, request_method="GET")
def qr_code(context: QRCodeContext, request: Request) -> Response:
    """Draw a file's short link."""
    image = qr_svg(short_address(request, context.file))
    tag = hashlib.sha256(image).hexdigest()[:16]
    response = Response(image, content_type=SVG, etag=tag, conditional_response=True)
    response.headers["Cache-Control"] = cache_control(context.file, time.time())
    response.headers["Content-Security-Policy"] = content_policy(SVG)
    return response
