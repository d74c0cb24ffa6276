"""Uploading: the page, the form for people and curl, the file as it is, the address for programs."""

from collections.abc import Collection
from contextlib import suppress
from functools import partial
from typing import Any

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, InvalidField, NotFound
from ..resources import MachineUpload, NewFile, Root
from ..services.file_records import Link
from ..services.flags import Flag
from ..services.resumable import UploadState
from ..services.uploads import UploadBatch
from ..web.delivery import confirmed
from ..web.negotiation import HTML, JSON, TEXT, preferred, preferred_by_scripts
from ..web.raw_uploads import UploadBody
from ..web.response_headers import CROSS_ORIGIN, PUT_CROSS_ORIGIN
from ..web.security import account_of
from ..web.upload_forms import UploadForm
from ..web.upload_limits import count_uploads, require_uploads, tell_limits
from ..web.upload_rights import read_options, require_uploader, upload_limit
from ..web.upload_wishes import asked_fields, combined, wanted_link
from . import remote_uploads, several_uploads
from .representations import (
    address_of,
    describe,
    describe_for_machines,
    describe_removed,
    describe_terms,
    management_headers,
)


def index(request: Request) -> Any:
    """Show the upload page; where only accounts upload, lead who has none to the form for signing in."""
    if not request.services.settings.anonymous_uploads and account_of(request) is None:
        return HTTPSeeOther(location=request.address("", "login", query={"next": "/"}))
    services = request.services
    return {
        "max_upload_size": services.settings.max_upload_size,
        "is_fetching": services.settings.remote_fetch,
        "takes_uploads": not services.flags.known() & {Flag.NO_UPLOADS, Flag.READ_ONLY},
        "address": request.address(),
        "notices": request.notices(),
    }


def upload(request: Request) -> Response:
    """Take a file in, or several, and answer in the form the client prefers."""
    return _answer_in_words(request, preferred(request))


@view_config(context=NewFile, request_method="PUT")
def put(context: NewFile, request: Request) -> Response:
    """Take the body in as a file under the name of the address; scripts get a line with its link."""
    response = _answer_in_words(request, preferred_by_scripts(request), context.filename)
    response.headers.update(PUT_CROSS_ORIGIN)
    return response


def _answer_in_words(request: Request, wanted: str, filename: str | None = None) -> Response:
    link_noun = wanted_link(request)
    added = take_in(request, filename)
    if isinstance(added, UploadState):
        return remote_uploads.accepted(request, added)
    if isinstance(added, UploadBatch):
        return several_uploads.answer(request, added, wanted)
    link = added
    if wanted == HTML:
        request.session.flash("created" if link.created else "found")
        request.session.flash(link.management_key, "management_key")
        if link.removed:
            request.session.flash(",".join(link.removed), "removed")
        address = request.address("p", link.file.filehash)
        response = HTTPSeeOther(location=address, text=f"{address}\n", content_type=TEXT)
        response.headerlist += management_headers(request, link.management_key)
        response.vary = ("Accept",)
        return confirmed(request, response, partial(take_back, request, link))
    if wanted == TEXT:
        line = address_of(request, link.file, link_noun)
        response = answer_link(request, link, content_type=TEXT, text=f"{line}\n")
    else:
        terms = describe_terms(request, link.file, link.management_key)
        said = {**describe(request, link.file), **terms, **describe_removed(link)}
        response = answer_link(request, link, json_body=said)
    response.headerlist.append(("Vary", "Accept"))
    return response


@view_config(context=MachineUpload, request_method="POST")
def machine_upload(request: Request) -> Response:
    """Take a file in, or several, and answer with JSON for programs."""
    added = take_in(request)
    if isinstance(added, UploadState):
        response = remote_uploads.accepted(request, added)
    elif isinstance(added, UploadBatch):
        response = several_uploads.answer_machines(request, added)
    else:
        terms = describe_terms(request, added.file, added.management_key)
        said = {**describe_for_machines(request, added.file), **terms, **describe_removed(added)}
        response = answer_link(request, added, json_body=said)
    response.headerlist += CROSS_ORIGIN.items()
    return response


@view_config(context=NewFile, request_method="OPTIONS")
def preflight_of_put(context: NewFile, _request: Request) -> Response:
    """Say what an address takes, and that pages of other origins may put files."""
    response = Response(status=204, allow=context.allowed)
    response.headers.update(PUT_CROSS_ORIGIN)
    response.headers["Access-Control-Allow-Methods"] = "PUT, OPTIONS"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


@view_config(context=MachineUpload, request_method="OPTIONS")
def preflight(_request: Request) -> Response:
    """Tell a browser that pages of other origins may upload."""
    response = Response(status=204, allow=("OPTIONS", "POST", "PUT"))
    response.headers.update(CROSS_ORIGIN)
    response.headers["Access-Control-Allow-Methods"] = "POST, PUT, OPTIONS"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def receive(request: Request) -> list[Link]:
    """Take in the files of a form, each with a link of its own, whatever else the form says."""
    services = request.services
    body, asked = _body(request)
    with body.read(services.store) as form:
        form.fields.pop("collection", None)
        fields = combined(form.fields, asked)
        if form.url:
            remote_uploads.fetch(request, form, fields)
        added = _add_files(request, form, fields)
    return list(added.links) if isinstance(added, UploadBatch) else [added]


def take_in(
    request: Request, filename: str | None = None, *, known: Collection[str] | None = None
) -> Link | UploadBatch | UploadState:
    """Take in what the body holds, or names; or begin to.

    With `known` a form has one file, and no fields but those, and everything is waited for.
    """
    services = request.services
    body, asked = _body(request, filename)
    with body.read(services.store) as form:
        if known is not None:
            _require_plain(form, known)
        fields = combined(form.fields, asked)
        if form.url:
            if known is None and remote_uploads.may_come_later(request) and not form.is_several:
                return remote_uploads.begin(request, form, fields)
            remote_uploads.fetch(request, form, fields)
        return _add_files(request, form, fields)


def _body(request: Request, filename: str | None = None) -> tuple[UploadBody, dict[str, str]]:
    """Return the body to be read, and what query and headers say, which is looked at before."""
    account = require_uploader(request)
    asked = asked_fields(request)
    if asked:
        read_options(request, asked)
    body = UploadBody(request, filename, upload_limit(request, account))
    if request.services.rate_limits.is_on:
        tell_limits(request)
        require_uploads(request)
    return body, asked


def _add_files(request: Request, form: UploadForm, fields: dict[str, str]) -> Link | UploadBatch:
    services, sizes = request.services, [file.writer.size for file in form.files]
    if services.rate_limits.is_on and form.is_several:
        require_uploads(request, len(sizes))
    added: Link | UploadBatch = (
        several_uploads.add(request, form, fields)
        if form.is_several
        else services.uploads.add(form.writer, form.filename, read_options(request, fields))
    )
    if services.rate_limits.is_on:
        count_uploads(request, sizes)
    return added


def _require_plain(form: UploadForm, known: Collection[str]) -> None:
    if unknown := sorted(form.fields.keys() - set(known)):
        raise BadRequest(f"There is no such field as {unknown[0][:40]!r}; there are {', '.join(known)}.")
    if len(form.files) > 1:
        raise InvalidField("file", "Send one file at a time here.")


def answer_link(request: Request, link: Link, location: str = "", **body: Any) -> Response:
    """Return an answer that says where the file's page is and whether the link is new."""
    body.setdefault("content_type", JSON)
    response = Response(status="201 Created" if link.created else "200 OK", **body)
    response.headerlist += (
        ("Location", location or request.address("p", link.file.filehash)),
        *management_headers(request, link.management_key),
    )
    return confirmed(request, response, partial(take_back, request, link))


def take_back(request: Request, *links: Link) -> None:
    """Let links go whose keys nobody has heard of; of an account's those that are new."""
    for link in links:
        with suppress(NotFound):
            request.services.links.release(link.management_key, is_unheard=link.created)


def includeme(config: Configurator) -> None:
    """Register the views of `/`, uploading first: for each view that it passes Pyramid makes an exception."""
    config.add_view(upload, context=Root, request_method="POST")
    config.add_view(index, context=Root, request_method="GET", renderer="index.mako")
