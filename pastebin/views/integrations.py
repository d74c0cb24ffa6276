"""Files that make other programs upload here, with this service's address in them."""

import json
import shlex
from importlib.resources import files
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import ScreenshotScript, ShareXUploader
from ..services import terms
from ..web.negotiation import JSON
from ..web.response_headers import content_disposition

SCRIPT = (files("pastebin") / "templates" / "screenshot.sh").read_text("utf-8")


@view_config(context=ShareXUploader, request_method="GET", http_cache=0)
def sharex(request: Request) -> Response:
    """Send a custom uploader for ShareX: opening the file adds it."""
    return sharex_file(request)


def sharex_file(request: Request, token: str = "") -> Response:
    """Return the uploader; with a token it uploads to its account."""
    text = json.dumps(custom_uploader(request, token), indent=2, ensure_ascii=False) + "\n"
    return _download(text, JSON, f"{request.services.settings.site_name}.sxcu")


@view_config(context=ScreenshotScript, request_method="GET", http_cache=0)
def screenshot_script(request: Request) -> Response:
    """Send a shell script that shares a screenshot by Flameshot and its like."""
    return script_file(request)


def script_file(request: Request, token: str = "") -> Response:
    """Return the script; with a token it uploads to its account."""
    text = SCRIPT.replace("@SERVER@", shlex.quote(request.address())).replace("@TOKEN@", shlex.quote(token))
    return _download(text, "text/x-shellscript", "screenshot.sh")


def custom_uploader(request: Request, token: str = "") -> dict[str, Any]:
    """Return what ShareX 14 and later need to know of `POST /j`.

    The arguments are terms, empty for whoever wants some to fill in. ShareX opens `DeletionURL` in
    a browser: the page of the link's holder.
    """
    return {
        "Version": "14.1.0",
        "Name": request.services.settings.site_name,
        "DestinationType": "ImageUploader, TextUploader, FileUploader",
        "RequestMethod": "POST",
        "RequestURL": request.address("", "j"),
        "Headers": {"Accept": JSON, **({"Authorization": f"Bearer {token}"} if token else {})},
        "Body": "MultipartFormData",
        "Arguments": dict.fromkeys(terms.NAMES, ""),
        "FileFormName": "file",
        "URL": "{json:short_url}",
        "ThumbnailURL": "{json:url}",
        "DeletionURL": "{json:url_m}",
        "ErrorMessage": "{json:error.message}",
    }


def _download(text: str, content_type: str, filename: str) -> Response:
    response = Response(text, content_type=content_type, charset="utf-8")
    name = filename.replace("/", "_").replace("\\", "_")
    response.headers["Content-Disposition"] = content_disposition("attachment", name)
    return response
