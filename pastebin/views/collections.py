"""Collections: the page, the zip, and making one of files that are here."""

from collections.abc import Mapping
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest, Incomplete
from ..resources import CollectionContext, Collections, LimitedZipContext, ZipContext
from ..services import terms
from ..services.collection_records import Item, NewCollection, StoredCollection, new_code
from ..services.file_records import new_management_key
from ..services.flags import Flag
from ..web.bodies import read_object
from ..web.collection_json import read_wishes
from ..web.negotiation import HTML, JSON, TEXT, preferred
from ..web.response_headers import content_disposition
from ..web.security import set_ticket
from ..web.upload_rights import require_uploader
from .errors import wrong_method
from .limited import close_body, is_for_a_button
from .links import changes_of, text_of
from .representations import describe_collection, short_address

VIEWS = ("grid", "list")


@view_config(context=Collections, request_method="POST")
def create(_context: Collections, request: Request) -> Response:
    """Make a collection of files, each given by a key that holds it."""
    services, account = request.services, require_uploader(request)
    asked = read_object(request, {"files", *terms.NAMES})
    wishes = read_wishes(asked.pop("files", None))
    given = {name: text_of(value, name) for name, value in asked.items() if value is not None}
    new = new_collection(request, given, None if account is None else account.id)
    collection = services.collections.create(new, wishes)
    said = describe_collection(
        request, collection, services.collections.items(collection), new.management_key
    )
    response = Response(status=201, json_body=said)
    response.headers["Cache-Control"] = "no-store"
    response.location = said["url_c"]
    response.headerlist.append(("Link", f'<{said["url_m"]}>; rel="edit"'))
    return response


def new_collection(request: Request, given: Mapping[str, str], owner_id: int | None) -> NewCollection:
    """Return a collection to make with some terms. BadTerm if one is wrong."""
    asked_terms = {"expires": None, "visibility": None, **given}
    changes = changes_of(asked_terms, request, is_owned=owner_id is not None)
    return NewCollection(
        new_code(),
        new_management_key(),
        title=changes.get("title"),
        expires=changes["expires"],
        downloads=changes.get("downloads_left"),
        password_hash=changes.get("password"),
        is_listed=changes["listed"],
        owner_id=owner_id,
        is_private=changes["is_private"],
    )


@view_config(context=CollectionContext, request_method="GET")
def show(context: CollectionContext, request: Request) -> Response:
    """Show a collection: a page, JSON for programs, a short link for each file as text."""
    collection, wanted = context.collection, preferred(request)
    if wanted == HTML:
        response = Response(render("collection.mako", _page(context, request), request))
    elif wanted == TEXT:
        response = Response(_lines(request, context.items), content_type=TEXT)
    else:
        said = describe_collection(request, collection, context.items)
        response = Response(json_body=said, content_type=JSON)
    response.headers["Cache-Control"] = (
        "private, no-store" if collection.is_restricted else "private, no-cache"
    )
    response.vary = ("Accept", "User-Agent", "Accept-Language", "Cookie")
    return response


@view_config(context=ZipContext, request_method="GET")
def download_zip(context: ZipContext, request: Request) -> Response:
    """Send the files in one, or those that `name` gives by path or public name."""
    names = request.params.getall("name") if request.query_string else []
    return _send_and_count(request, context.collection, _chosen(context.items, names))


@view_config(context=ZipContext, request_method="POST")
def claimed_zip(context: ZipContext, request: Request) -> Response:
    """Send again what the visitor has taken already."""
    if context.collection.downloads_left is None:
        return wrong_method(context, request)
    return _send_and_count(request, context.collection, _chosen(context.items, []))


@view_config(context=LimitedZipContext, request_method="GET")
def limited_zip(context: LimitedZipContext, request: Request) -> Response:
    """Take a download for a program; lead a browser to the page, whose button takes one."""
    items = _chosen(context.items, request.params.getall("name") if request.query_string else [])
    if request.environ["REQUEST_METHOD"] == "HEAD":
        return _send(request, context.collection, items)
    if is_for_a_button(request):
        response = HTTPSeeOther(location=request.address("c", context.collection.code))
        response.cache_control = "no-store"
        return response
    return _claim_and_send(request, context.collection, items)


@view_config(context=LimitedZipContext, request_method="POST")
def claim_zip(context: LimitedZipContext, request: Request) -> Response:
    """Take a download: the page's button."""
    return _claim_and_send(request, context.collection, _chosen(context.items, []))


def _claim_and_send(request: Request, collection: StoredCollection, items: list[Item]) -> Response:
    request.services.flags.require_off(Flag.READ_ONLY)
    response = _send(request, collection, items)  # before: where it fails it costs no download
    if not request.services.collections.claim(collection):
        close_body(response)
        raise HTTPNotFound
    set_ticket(request, response, "claim", collection)
    _count(request, items)
    return response


def _chosen(items: list[Item], names: list[str]) -> list[Item]:
    """Return the files to send; Incomplete if one is gone: what was asked for is never silently less."""
    wanted = set(names)
    chosen = [
        item for item in items if not wanted or (item.file and {item.path, item.file.filehash} & wanted)
    ]
    found = {name for item in chosen if item.file for name in (item.path, item.file.filehash)}
    if wanted - found or not all(item.file for item in chosen):
        raise Incomplete("Some of these files are no longer here. Ask for the others by `name`.")
    return chosen


def _send_and_count(request: Request, collection: StoredCollection, items: list[Item]) -> Response:
    response = _send(request, collection, items)
    _count(request, items)
    return response


def _count(request: Request, items: list[Item]) -> None:
    """Count a download of each file, unless only the headers are wanted."""
    if request.environ["REQUEST_METHOD"] != "HEAD":
        for item in items:
            if item.file:
                request.services.counting.count_download(item.file.id)


def _send(request: Request, collection: StoredCollection, items: list[Item]) -> Response:
    body = request.services.zips.stream(items, request.client_addr or "")
    name = f"{collection.title or collection.code}.zip"
    headers = [
        ("Content-Type", "application/zip"),
        ("Content-Length", str(body.length)),
        ("Content-Disposition", content_disposition("attachment", name)),
        ("Cache-Control", "private, no-store"),
        ("Accept-Ranges", "none"),
    ]
    return Response(status="200 OK", headerlist=headers, app_iter=body)


def _lines(request: Request, items: list[Item]) -> str:
    return "".join(f"{short_address(request, item.file)}\n" for item in items if item.file)


def _page(context: CollectionContext, request: Request) -> dict[str, Any]:
    keys = request.notices("management_key")
    view = request.params.get("view", VIEWS[0])
    if view not in VIEWS:
        raise BadRequest("There is no such view of a collection.")
    return {
        "collection": context.collection,
        "items": context.items,
        "there": [item.file for item in context.items if item.file],
        "view": view,
        "url_c": request.address("c", context.collection.code),
        "url_m": request.address("m", keys[0]) if keys else None,
    }
