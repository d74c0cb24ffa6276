"""Uploading: the page, the form for people and curl, the address for programs."""

from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import MachineUpload, Root
from ..services.file_records import Link
from ..services.uploads import UploadBatch
from ..web.bodies import body_reader
from ..web.negotiation import HTML, JSON, TEXT, preferred
from ..web.response_headers import CROSS_ORIGIN
from ..web.security import account_of
from ..web.upload_forms import FORM_OVERHEAD, UploadForm, read_upload_form, too_large
from ..web.upload_limits import count_uploads, require_uploads, tell_limits
from ..web.upload_rights import read_options, require_uploader, upload_limit
from . import several_uploads
from .representations import describe, describe_for_machines, describe_terms, short_address


def index(request: Request) -> Any:
    """Show the upload page; where only accounts upload, lead who has none to the form for signing in."""
    if not request.services.settings.anonymous_uploads and account_of(request) is None:
        return HTTPSeeOther(location=request.address("", "login", query={"next": "/"}))
    limit = request.services.settings.max_upload_size
    return {"max_upload_size": limit, "address": request.address(), "notices": request.notices()}


def upload(request: Request) -> Response:
    """Take a file in, or several, and answer in the form the client prefers."""
    wanted = preferred(request)
    added = _add(request)
    if isinstance(added, UploadBatch):
        return several_uploads.answer(request, added, wanted)
    link = added
    if wanted == HTML:
        request.session.flash("created" if link.created else "found")
        request.session.flash(link.management_key, "management_key")
        response = HTTPSeeOther(location=request.address("p", link.file.filehash))
        response.vary = ("Accept",)
        return response
    if wanted == TEXT:
        response = _answer(request, link, content_type=TEXT, text=f"{short_address(request, link.file)}\n")
    else:
        said = {**describe(request, link.file), **describe_terms(request, link.file, link.management_key)}
        response = _answer(request, link, json_body=said)
    response.headerlist.append(("Vary", "Accept"))
    return response


@view_config(context=MachineUpload, request_method="POST")
def machine_upload(request: Request) -> Response:
    """Take a file in, or several, and answer with JSON for programs."""
    added = _add(request)
    if isinstance(added, UploadBatch):
        response = several_uploads.answer_machines(request, added)
    else:
        terms = describe_terms(request, added.file, added.management_key)
        response = _answer(request, added, json_body={**describe_for_machines(request, added.file), **terms})
    response.headerlist += CROSS_ORIGIN.items()
    return response


@view_config(context=MachineUpload, request_method="OPTIONS")
def preflight(_request: Request) -> Response:
    """Tell a browser that pages of other origins may upload."""
    response = Response(status=204)
    response.headers.update(CROSS_ORIGIN)
    response.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _add(request: Request) -> Link | UploadBatch:
    services, account = request.services, require_uploader(request)
    limit = upload_limit(request, account)
    if (request.content_length or 0) > limit + FORM_OVERHEAD:
        raise too_large(limit)
    if services.rate_limits.is_on:
        tell_limits(request)
        require_uploads(request)
    content_type = request.headers.get("Content-Type", "")
    with read_upload_form(content_type, body_reader(request), services.store, limit) as form:
        sizes = [file.writer.size for file in form.files]
        if services.rate_limits.is_on and form.is_several:
            require_uploads(request, len(sizes))
        added = several_uploads.add(request, form) if form.is_several else _add_one(request, form)
    if services.rate_limits.is_on:
        count_uploads(request, sizes)
    return added


def _add_one(request: Request, form: UploadForm) -> Link:
    services = request.services
    return services.uploads.add(form.writer, form.filename, read_options(request, form.fields))


def _answer(request: Request, link: Link, **body: Any) -> Response:
    """Return an answer that says where the file's page is and whether the link is new."""
    body.setdefault("content_type", JSON)
    response = Response(status="201 Created" if link.created else "200 OK", **body)
    management = request.address("m", link.management_key)
    response.headerlist += (
        ("Location", request.address("p", link.file.filehash)),
        ("Link", f'<{management}>; rel="edit"'),
        ("X-Url-Delete", management),
    )
    return response


def includeme(config: Configurator) -> None:
    """Register the views of `/`, uploading first: for each view that it passes Pyramid makes an exception."""
    config.add_view(upload, context=Root, request_method="POST")
    config.add_view(index, context=Root, request_method="GET", renderer="index.mako")
