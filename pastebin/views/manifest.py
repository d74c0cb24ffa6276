"""What lets a phone install the service and share files and texts to it."""

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import Manifest
from ..web.template_globals import Page


@view_config(context=Manifest, request_method="GET")
def manifest(request: Request) -> Response:
    """Send the manifest, in the reader's language; what is shared comes as the form of the upload page."""
    response = Response(json_body=_manifest(request), content_type="application/manifest+json")
    response.vary = ("Accept-Language", "Cookie")
    response.cache_control = "private, max-age=3600"
    return response


def _manifest(request: Request) -> dict[str, Any]:
    page = Page(request)
    brand = request.registry["pastebin.brand"]
    icon = {"src": page.static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    if brand.logo:
        icon = {"src": page.home + brand.logo, "sizes": "any"}
    return {
        "name": brand.site_name,
        "short_name": brand.site_name,
        "start_url": page.home,
        "scope": page.home,
        "display": "minimal-ui",
        "lang": page.tag,
        "background_color": "#f6f5f1",
        "theme_color": "#f6f5f1",
        "icons": [icon],
        "share_target": {
            "action": page.home,
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"text": "text", "files": [{"name": "file", "accept": ["*/*"]}]},
        },
    }
