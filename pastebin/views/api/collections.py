"""Collections: making one of files that are here, listing, reading, changing and ending them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ...errors import BadRequest, BadTerm, Forbidden, InvalidField
from ...resources.api.collections import ApiCollection, ApiCollections
from ...services.account_collections import SORTS
from ...services.audit import Act, actor_of
from ...services.collection_contents import Wish
from ...services.collection_records import MAX_FILES, Item, StoredCollection
from ...services.collections import Owned
from ...services.gate import Purpose
from ...services.links import LET_GO, Ending
from ...services.rights import AccountIdentity, Right
from ...services.terms import VISIBILITIES
from ...web.api.conditions import meant_version
from ...web.api.document import BASE
from ...web.api.operations import Answer, operation
from ...web.api.paging import tell_page
from ...web.api.schemas import Schema, choice, flag, listed, nullable, number, record, text
from ...web.collection_json import read_wishes
from ...web.translations import N_
from ..collections import new_collection
from ..links import text_of, visibility_of
from .lists import list_query, several, wanted_page
from .records import ADDRESS, AUTHORIZED, FILE, MOMENT, TERMS, asked_changes, file_record

_FIELDS: dict[str, Schema] = {
    "code": text("The code, by which the API knows the collection."),
    "title": nullable(text()),
    "created": MOMENT,
    "visibility": choice(*VISIBILITIES),
    "expires": nullable(MOMENT),
    "downloads_left": nullable(number()),
    "password": flag("Whether there is one."),
    "url": ADDRESS,
    "url_c": ADDRESS,
    "url_zip": ADDRESS,
}
SUMMARY = record(_FIELDS, title="CollectionSummary")
_ITEM = record({"path": nullable(text()), "file": nullable({**FILE})}, title="CollectionItem")
_WITH_FILES: dict[str, Schema] = {
    **_FIELDS,
    "files": listed(_ITEM, description="In order; both are null for one that is gone."),
}
COLLECTION = record(_WITH_FILES, title="Collection")
MADE = record({**_WITH_FILES, "url_m": text("The management address, told once.")}, title="MadeCollection")
WISHES = listed(
    record(
        {
            "file": text("The public name of a file of yours, or of one that is in the collection."),
            "key": text("The management key of a file, in place of that."),
            "path": text("Its name in the collection, with folders."),
        },
        required=(),
        minProperties=1,
    ),
    minItems=1,
    maxItems=MAX_FILES,
)
_ONE = "BASE/collections/2m8hz6wq4kdx9c7r"


@operation(
    ApiCollections,
    "POST",
    N_("Make a collection of files that are here"),
    {201: Answer("The collection.", MADE, ("Location", "ETag"))},
    rights=(Right.UPLOAD,),
    body=record({"files": WISHES, **TERMS}, required=("files",)),
    example=f"{AUTHORIZED} "
    """--json '{"title": "Holidays", "files": [{"file": "ec12….jpg"}]}' BASE/collections""",
)
def create(context: ApiCollections, request: Request) -> dict[str, Any]:
    """Make a collection of files of the account, or of files that keys hold."""
    account, asked = context.require(Right.UPLOAD), dict(request.asked)
    wishes = _wishes(account, asked.pop("files"))
    given = {name: text_of(value, name) for name, value in asked.items() if value is not None}
    new = new_collection(request, given, account.id)
    with _about("files"):
        made = context.services.collections.create(new, wishes, account.id)
    items = context.services.collections.items(made)
    request.response.status_int = 201
    request.response.location = _address(request, made)
    request.response.etag = made.version(items)
    said = _said(request, made, items, is_in_charge=True)
    return {**said, "url_m": request.address("m", new.management_key)}


@operation(
    ApiCollections,
    "GET",
    N_("List your collections"),
    several(SUMMARY, "Collections"),
    rights=(Right.READ,),
    query=list_query(SORTS, "Words that the title has."),
    example=f"{AUTHORIZED} BASE/collections",
)
def index(context: ApiCollections, request: Request) -> dict[str, Any]:
    """List the collections of the account that asks."""
    account = context.require(Right.READ)
    page = context.services.account_collections.page(account.id, wanted_page(request, SORTS))
    tell_page(request, page)
    return {"items": [_summary(request, entry.collection) for entry in page.items]}


@operation(
    ApiCollection,
    "GET",
    N_("Read what there is to know about a collection and its files"),
    {200: Answer("The collection.", COLLECTION, ("ETag",))},
    example=_ONE,
)
def show(context: ApiCollection, request: Request) -> dict[str, Any]:
    """Tell what there is to know about a collection."""
    is_in_charge = context.visitor.identity.is_in_charge(context.collection, Purpose.RECORD)
    return _said(request, context.collection, context.items, is_in_charge=is_in_charge)


@operation(
    ApiCollection,
    "PATCH",
    N_("Change the terms, the title or the files of a collection"),
    {200: Answer("The collection as it is now.", COLLECTION, ("ETag",))},
    rights=(Right.DELETE,),
    body=record({"files": WISHES, **TERMS}, required=(), minProperties=1),
    example=f"""-X PATCH {AUTHORIZED} -H 'If-Match: *' --json '{{"title": "Holidays"}}' {_ONE}""",
)
def change(context: ApiCollection, request: Request) -> dict[str, Any]:
    """Change terms, and the whole list of files where there is one."""
    account, asked = context.require_owner(), dict(request.asked)
    files = asked.pop("files", None)
    wishes = None if files is None else _wishes(account, files)
    changes = asked_changes(request, asked)
    owned = Owned(context.collection.code, account.id, meant_version(request, context))
    with _about("visibility" if files is None else "files"):
        changed = context.services.collections.change(owned, changes, wishes)
    items = context.services.collections.items(changed)
    request.response.etag = changed.version(items)
    return _said(request, changed, items, is_in_charge=True)


@operation(
    ApiCollection,
    "DELETE",
    N_("Delete a collection"),
    {204: Answer("It is gone, and so are its files that nothing else holds.")},
    rights=(Right.DELETE, Right.OPERATE),
    example=f"-X DELETE {AUTHORIZED} -H 'If-Match: *' {_ONE}",
)
def delete(context: ApiCollection, request: Request) -> Response:
    """End a collection: one's own, or as an operator anybody's."""
    account, collection = context.require_in_charge(), context.collection
    is_own = collection.owner_id == account.id
    owned = Owned(collection.code, account.id if is_own else None, meant_version(request, context))
    ending = LET_GO if is_own else Ending(Act.REMOVED, actor_of(account.id))
    context.services.collections.release(owned, ending)
    return Response(status=204)


def _wishes(account: AccountIdentity, files: Any) -> list[Wish]:
    """Return the files that are asked for. Forbidden for a token that may not change one without a key."""
    with _about("files"):
        wishes = read_wishes(files)
    if not account.may(Right.DELETE) and not all(wish.key for wish in wishes):
        raise Forbidden("Your token may not change your files: give the management key of each.")
    return wishes


@contextmanager
def _about(field: str) -> Iterator[None]:
    """Say of what is refused which field it is about."""
    try:
        yield
    except (BadTerm, InvalidField):
        raise
    except BadRequest as error:
        raise InvalidField(field, error.message) from error


def _said(
    request: Request, collection: StoredCollection, items: Sequence[Item], *, is_in_charge: bool
) -> dict[str, Any]:
    files = [
        {"path": item.path, "file": file_record(request, item.file, is_in_charge=is_in_charge)}
        if item.file
        else {"path": None, "file": None}
        for item in items
    ]
    return {**_summary(request, collection), "files": files}


def _summary(request: Request, collection: StoredCollection) -> Mapping[str, Any]:
    expires = collection.expires
    return {
        "code": collection.code,
        "title": collection.title,
        "created": collection.created.isoformat(timespec="seconds"),
        "visibility": visibility_of(collection),
        "expires": None if expires is None else expires.isoformat(timespec="seconds"),
        "downloads_left": collection.downloads_left,
        "password": collection.password is not None,
        "url": _address(request, collection),
        "url_c": request.address("c", collection.code),
        "url_zip": request.address("c", f"{collection.code}.zip"),
    }


def _address(request: Request, collection: StoredCollection) -> str:
    return f"{request.root_address}{BASE}/collections/{collection.code}"
