"""The operator's image and colour."""

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import BrandStyle, Logo
from ..web.branding import stylesheet
from ..web.response_headers import content_policy

# The pages' addresses of both change with what they lead to.
MAX_AGE = 31536000


@view_config(context=Logo, request_method="GET", http_cache=MAX_AGE)
def logo(request: Request) -> Response:
    """Send the logo; nothing in an SVG runs, whoever opens it by itself."""
    image = request.registry["pastebin.logo"]
    if image is None:
        raise HTTPNotFound
    response = Response(
        image.data, content_type=image.mimetype, etag=image.version, conditional_response=True
    )
    response.headers["Content-Security-Policy"] = content_policy(image.mimetype)
    return response


@view_config(context=BrandStyle, request_method="GET", http_cache=MAX_AGE)
def brand_style(request: Request) -> Response:
    """Send the rules that set the accent colour."""
    color = request.services.settings.accent_color
    if not color:
        raise HTTPNotFound
    return Response(stylesheet(color), content_type="text/css", charset="utf-8")
