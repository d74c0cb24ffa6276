"""Short links as QR codes."""

import hashlib

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import QRCodeContext
from ..services.qrcodes import qr_svg
from ..web.response_headers import content_policy
from .representations import short_address

SVG = "image/svg+xml"
MAX_AGE = 2592000


@view_config(context=QRCodeContext, request_method="GET", http_cache=MAX_AGE)
def qr_code(context: QRCodeContext, request: Request) -> Response:
    """Draw a file's short link."""
    image = qr_svg(short_address(request, context.file))
    tag = hashlib.sha256(image).hexdigest()[:16]
    response = Response(image, content_type=SVG, etag=tag, conditional_response=True)
    response.headers["Content-Security-Policy"] = content_policy(SVG)
    return response
