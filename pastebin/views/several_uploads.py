"""Several files in one form: what they become, and what is answered."""

from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import Uploaded
from ..services.file_records import Link, derived_management_key
from ..services.uploads import UploadBatch
from ..web.negotiation import HTML, JSON, TEXT
from ..web.upload_forms import FILE_LIMIT, UploadForm
from ..web.upload_rights import read_options
from .representations import (
    describe,
    describe_for_machines,
    describe_removed,
    describe_terms,
    management_headers,
    short_address,
)

Describe = Callable[[Request, Any], dict[str, Any]]


def add(request: Request, form: UploadForm, fields: dict[str, str]) -> UploadBatch:
    """Take in the files of a form, as a collection if it has a field of that name."""
    services = request.services
    if fields.get("collection"):
        fields["title"] = fields["collection"]
    options = read_options(request, fields)
    if "collection" in fields:
        return services.uploads.add_collection(form.files, options)
    return services.uploads.add_all(form.files, options)


def answer(request: Request, batch: UploadBatch, wanted: str) -> Response:
    """Say what the files became, in the form the client prefers."""
    if wanted == HTML:
        response = _lead_on(request, batch)
    elif wanted == TEXT:
        response = _answer(request, batch, content_type=TEXT, text=_lines(request, batch))
    else:
        response = _answer(request, batch, json_body=_said(request, batch, describe))
    response.headerlist.append(("Vary", "Accept"))
    return response


def answer_machines(request: Request, batch: UploadBatch) -> Response:
    """Say what the files became, in the words of `/j`."""
    return _answer(request, batch, json_body=_said(request, batch, describe_for_machines))


@view_config(context=Uploaded, request_method="GET", renderer="uploaded.mako")
def uploaded(context: Uploaded, request: Request) -> dict[str, Any]:
    """List the files that one form has brought; their management addresses once, to who sent them."""
    codes = request.params.get("files", "").split(".")
    if len(codes) > FILE_LIMIT:
        raise BadRequest(f"There are at most {FILE_LIMIT} files in a list.")
    roots = request.notices("management_key")
    request.response.headers["Cache-Control"] = "no-store"
    request.response.headers["Referrer-Policy"] = "no-referrer"
    return {"files": [_listed(context, request, code, number, roots) for number, code in enumerate(codes)]}


def _listed(context: Uploaded, request: Request, code: str, number: int, roots: list[str]) -> dict[str, Any]:
    key = derived_management_key(roots[0], number) if roots else None
    return {
        "file": context.look_up(code),
        "url_s": request.address("s", code),
        "url_m": request.address("m", key) if key else None,
    }


def _lead_on(request: Request, batch: UploadBatch) -> Response:
    request.session.flash(batch.root_key, "management_key")
    if batch.code:
        address = request.address("c", batch.code)
    else:
        codes = ".".join(request.services.files.short_code(link.file) for link in batch.links)
        address = request.address("", "uploaded", query={"files": codes})
    response = HTTPSeeOther(location=address)
    response.headerlist += management_headers(request, _told_key(batch))
    return response


def _told_key(batch: UploadBatch) -> str:
    """Return the key of the collection, else of the first file: the headers have room for one."""
    return batch.root_key if batch.code else batch.links[0].management_key


def _lines(request: Request, batch: UploadBatch) -> str:
    if batch.code:
        return f"{request.address('c', batch.code)}\n"
    return "".join(f"{short_address(request, link.file)}\n" for link in batch.links)


def _said(request: Request, batch: UploadBatch, describe_file: Describe) -> dict[str, Any]:
    files = [_said_of(request, link, describe_file) for link in batch.links]
    if not batch.code:
        return {"files": files}
    return {
        "files": files,
        "url_c": request.address("c", batch.code),
        "url_m": request.address("m", batch.root_key),
    }


def _said_of(request: Request, link: Link, describe_file: Describe) -> dict[str, Any]:
    return {
        **describe_file(request, link.file),
        **describe_terms(request, link.file, link.management_key),
        **describe_removed(link),
    }


def _answer(request: Request, batch: UploadBatch, **body: Any) -> Response:
    """Return an answer that says where the first file's page is, and whether any link is new."""
    body.setdefault("content_type", JSON)
    is_new = any(link.created for link in batch.links)
    response = Response(status="201 Created" if is_new else "200 OK", **body)
    response.headerlist += (
        ("Location", request.address("p", batch.links[0].file.filehash)),
        *management_headers(request, _told_key(batch)),
    )
    return response
