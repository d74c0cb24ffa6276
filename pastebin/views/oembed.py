"""How another site may show a file of this one (oEmbed 1.0)."""

import re
import time
from typing import Any
from urllib.parse import unquote, urlsplit

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotImplemented
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, NotFound
from ..images import Transform
from ..media import types as media
from ..resources import OEmbed
from ..services.files import StoredFile
from ..web.negotiation import JSON

# Nouns whose addresses are shown elsewhere.
_NOUNS = ("p", "i", "d", "s")

# A player's sides unless the asker has less room; the sides of videos are not known here.
_VIDEO = (640, 360)
_AUDIO = (480, 54)

_LARGEST_SIDE = 100_000


@view_config(context=OEmbed, request_method="GET")
def oembed(request: Request) -> Response:
    """Answer in JSON how to show the file that `url` leads to, in `maxwidth` × `maxheight` pixels."""
    if request.GET.get("format", "json") != "json":
        raise HTTPNotImplemented
    room = (_side(request, "maxwidth"), _side(request, "maxheight"))
    file = file_at(request, request.GET.get("url", ""))
    settings = request.services.settings
    answer = {
        "version": "1.0",
        "title": file.heading,
        "provider_name": settings.site_name,
        "provider_url": request.address(),
        "cache_age": _cache_age(file),
        **_shown(request, file, room),
    }
    response = Response(json_body=answer, content_type=JSON)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def file_at(request: Request, url: str) -> StoredFile:
    """Return the file that an address of this service leads to. Raises BadRequest and NotFound."""
    if not url:
        raise BadRequest("Say which address: ?url=…")
    home = urlsplit(request.address())
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadRequest("The parameter url is no address.") from error
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != home.netloc.lower():
        raise NotFound("That address is not of this service.")
    noun, _, name = parts.path.removeprefix(home.path).partition("/")
    try:
        if noun in _NOUNS:
            return request.root[noun].for_card(unquote(name))
    except KeyError:
        pass
    raise NotFound("There is no file at that address.")


def _cache_age(file: StoredFile) -> int:
    """Return for how many seconds the answer holds: a day, or less where the file ends before."""
    if file.expires_at is None:
        return 86400
    return max(0, min(86400, int(file.expires_at - time.time())))


def _side(request: Request, name: str) -> int:
    """Return a parameter that limits a side, or more than any side if it is not given."""
    text = request.GET.get(name)
    if text is None:
        return _LARGEST_SIDE
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise BadRequest(f"The parameter {name} must be a whole number from 1.")
    return min(int(text), _LARGEST_SIDE)


def _shown(request: Request, file: StoredFile, room: tuple[int, int]) -> dict[str, Any]:
    if file.downloads_left is not None:  # whoever showed it would use it up
        return {"type": "link"}
    if file.kind == "image" and file.width:
        return _photo(request, file, room)
    url = request.address("i", file.filehash)
    if file.kind == "video":
        width, height = _fitted(_VIDEO, room)
        html = Markup('<video src="{}" width="{}" height="{}" controls></video>').format(url, width, height)
        return {"type": "video", "html": html, "width": width, "height": height}
    if file.kind == "audio":
        width, height = min(_AUDIO[0], room[0]), min(_AUDIO[1], room[1])
        html = Markup('<audio src="{}" controls></audio>').format(url)
        return {"type": "rich", "html": html, "width": width, "height": height}
    return {"type": "link"}


def _photo(request: Request, file: StoredFile, room: tuple[int, int]) -> dict[str, Any]:
    """Describe an image: itself where it fits and browsers show it, else a smaller one."""
    source, query = (file.width, file.height), {}
    width, height = min(source[0], room[0]), min(source[1], room[1])
    if (width, height) != source:
        query = {"w": str(width), "h": str(height), "fit": "contain"}
        width, height = Transform(width=width, height=height, fit="contain").plan(source).size
    if media.is_foreign(file.mimetype):
        query["format"] = "jpeg"
    url = request.address("i", file.filehash, query or None)
    return {"type": "photo", "url": url, "width": width, "height": height}


def _fitted(size: tuple[int, int], room: tuple[int, int]) -> tuple[int, int]:
    """Return `size` scaled down to fit into `room`."""
    factor = min(1, room[0] / size[0], room[1] / size[1])
    return max(1, int(size[0] * factor)), max(1, int(size[1] * factor))
