"""Uploading: the page, the form for people and curl, the address for programs."""

from concurrent.futures import Future
from typing import Any
from urllib.parse import quote

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..http import HTML, JSON, TEXT, body_reader, preferred
from ..pace import before_long
from ..resources import MachineUpload, Root
from ..services.files import StoredFile
from ..services.forms import FORM_OVERHEAD, read_upload_form, too_large
from ..services.links import Link
from ..services.units import humanize_bytes
from .later import Later

# `/j` is open to pages of other origins; nothing it does depends on who asks.
CROSS_ORIGIN = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type"}


def index(request: Request) -> dict[str, Any]:
    """Show the upload page."""
    limit = request.registry["pastebin.settings"].max_upload_size
    return {"max_upload_size": limit, "address": request.address()}


def upload(request: Request) -> Response:
    """Take a file in, and answer in the form the client prefers."""
    wanted = preferred(request)
    arriving = _take_in(request)
    if wanted == HTML:
        before_long()
        link = arriving.result()
        request.session.flash("created" if link.created else "found")
        answer = HTTPSeeOther(location=request.address("p", link.file.filehash))
        answer.vary = ("Accept",)
        return answer

    def fill(answer: Response, link: Link) -> None:
        _tell_location(answer, request, link)
        if wanted == TEXT:
            answer.text = short_address(request, link.file) + "\n"
        else:
            answer.json = describe(request, link.file)

    answer = Later(request, arriving, fill, content_type=wanted)
    answer.headerlist.append(("Vary", "Accept"))
    return answer


@view_config(context=MachineUpload, request_method="POST")
def machine_upload(request: Request) -> Response:
    """Take a file in, and answer with JSON for programs."""

    def fill(answer: Response, link: Link) -> None:
        file = link.file
        _tell_location(answer, request, link)
        answer.json = {
            "url": request.address("i", file.filehash),
            "short_url": short_address(request, file),
            "origin_filename": file.filename,
            "hash": file.filehash,
            "width": file.width,
            "height": file.height,
        }

    answer = Later(request, _take_in(request), fill, content_type=JSON)
    answer.headers.update(CROSS_ORIGIN)
    return answer


@view_config(context=MachineUpload, request_method="OPTIONS")
def preflight(_request: Request) -> Response:
    """Tell a browser that pages of other origins may upload."""
    answer = Response(status=204)
    answer.headers.update(CROSS_ORIGIN)
    answer.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
    answer.headers["Access-Control-Max-Age"] = "86400"
    return answer


def _take_in(request: Request) -> "Future[Link]":
    limit = request.registry["pastebin.settings"].max_upload_size
    if (request.content_length or 0) > limit + FORM_OVERHEAD:
        raise too_large(limit)
    store = request.registry["pastebin.store"]
    content_type = request.headers.get("Content-Type", "")
    with read_upload_form(content_type, body_reader(request), store, limit) as form:
        return request.services.uploads.add(form)


def _tell_location(answer: Response, request: Request, link: Link) -> None:
    """Say where the file's page is and whether the link is new, without the cost of WebOb's properties."""
    answer.status = "201 Created" if link.created else "200 OK"
    answer.headerlist.append(("Location", request.address("p", link.file.filehash)))


def short_address(request: Request, file: StoredFile) -> str:
    """Return the address of a file's short link."""
    return request.address("s", request.services.files.short_code(file))


def describe(request: Request, file: StoredFile) -> dict[str, str]:
    """Return what `POST /` says of a file."""
    inline = request.address("i", file.filehash)
    return {
        "url_p": request.address("p", file.filehash),
        "url_i": inline,
        "url_d": request.address("d", file.filehash),
        "url_s": short_address(request, file),
        "filename": file.filename,
        "size": humanize_bytes(file.size),
        "time": file.uploadtime.strftime("%Y-%m-%d %H:%M:%S"),
        "type": file.kind,
        "quoteurl": quote(inline),
    }


def includeme(config: Configurator) -> None:
    """Register the views of `/`, uploading first: for each view that it passes Pyramid makes an exception."""
    config.add_view(upload, context=Root, request_method="POST")
    config.add_view(index, context=Root, request_method="GET", renderer="index.mako")
