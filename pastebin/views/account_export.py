"""An account's files to take away: a zip with a list of all that is known of them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadRequest
from ..resources import AccountExport
from ..services.account_export import ExportPart
from ..services.archive_names import archive_names
from ..services.collection_records import StoredCollection
from ..services.file_request_records import StoredRequest
from ..services.rights import Right
from ..services.stored_file import StoredFile
from ..web.response_headers import content_disposition
from ..web.security import require_account
from .links import visibility_of
from .representations import describe


@view_config(context=AccountExport, request_method="GET", permission=Right.ACCOUNT.value)
def export(context: AccountExport, request: Request) -> Response:
    """Send the files after one of them, and `export.json`. What others could only take once is here, too."""
    account = require_account(request)
    part = context.part(account.id, read_number(request.params.get("after", "0")))
    names = archive_names([item.path for item in part.items])
    said = json.dumps(_described(request, account.name, part, names), indent=1, ensure_ascii=False)
    body = request.services.zips.stream_named(part.items, names, request.client_addr or "", export=said)
    name = f"{request.services.settings.site_name}-{account.name}-{datetime.now(UTC):%Y-%m-%d}.zip"
    headers = [
        ("Content-Type", "application/zip"),
        ("Content-Length", str(body.length)),
        ("Content-Disposition", content_disposition("attachment", name.replace("/", "_"))),
        ("Cache-Control", "private, no-store"),
        ("Accept-Ranges", "none"),
    ]
    return Response(status="200 OK", headerlist=headers, app_iter=body)


def _described(request: Request, name: str, part: ExportPart, names: Sequence[str]) -> dict[str, Any]:
    """Return what `export.json` says; `path` is where a file is in the zip."""
    codes = {number: collection.code for number, collection in part.collections.items()}
    return {
        "account": name,
        "exported": _moment(datetime.now(UTC)),
        "files": [
            {"path": path, **_file(request, item.file), "collection": codes.get(item.file.collection_id or 0)}
            for path, item in zip(names, part.items, strict=True)
            if item.file
        ],
        "collections": [_collection(request, collection) for collection in part.collections.values()],
        "requests": [_request(request, one) for one in part.requests],
    }


def _file(request: Request, file: StoredFile) -> dict[str, Any]:
    return {
        **describe(request, file),
        "title": file.title,
        "bytes": file.size,
        "media_type": file.mimetype,
        "md5": file.md5,
        "sha256": file.sha256,
        "uploaded": _moment(file.uploadtime),
        **_terms(file),
    }


def _collection(request: Request, collection: StoredCollection) -> dict[str, Any]:
    return {
        "code": collection.code,
        "url_c": request.address("c", collection.code),
        "title": collection.title,
        "created": _moment(collection.created),
        **_terms(collection),
    }


def _request(request: Request, asked: StoredRequest) -> dict[str, Any]:
    """Return what is known of a file request; `collection` is what the last of it went into."""
    return {
        "code": asked.code,
        "url_u": request.address("u", asked.code),
        "title": asked.title,
        "note": asked.note,
        "created": _moment(asked.created),
        "expires": None if asked.expires is None else _moment(asked.expires),
        "most_files": asked.most_files,
        "most_bytes": asked.most_bytes,
        "types": list(asked.types),
        "blind": asked.is_blind,
        "files": asked.files,
        "bytes": asked.bytes,
        "collection": asked.collection_code,
    }


def _terms(item: StoredFile | StoredCollection) -> dict[str, Any]:
    return {
        "visibility": visibility_of(item),
        "expires": None if item.expires is None else _moment(item.expires),
        "downloads_left": item.downloads_left,
        "has_password": item.password is not None,
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def read_number(text: str) -> int:
    """Return the id that an address begins a page after. BadRequest for what is none."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise BadRequest("There is no such page of the list.")
    return int(text)
