"""What the API says of a file, and the terms that it takes."""

from collections.abc import Mapping
from typing import Any

from pyramid.request import Request

from ...services.stored_file import StoredFile
from ...services.terms import MAX_DOWNLOADS, VISIBILITIES
from ...web.api.document import BASE
from ...web.api.schemas import Schema, choice, flag, listed, nullable, number, record, text
from ..links import changes_of, text_of, visibility_of
from ..representations import describe, describe_terms

# How an example for curl says who asks.
AUTHORIZED = "-H 'Authorization: Bearer pb_…'"

MOMENT = text("A moment in ISO 8601.")
ADDRESS = text("An address.")

FILE_FIELDS: dict[str, Schema] = {
    "name": text("The public name, by which the API knows the file."),
    "filename": text(),
    "title": nullable(text()),
    "size": number("In bytes."),
    "type": choice("image", "pdf", "video", "audio", "binary"),
    "mimetype": text(),
    "uploaded": MOMENT,
    "width": number("In pixels, 0 for what is no image."),
    "height": number("In pixels, 0 for what is no image."),
    "sha256": nullable(text("Null where the downloads are counted, but for the owner.")),
    "visibility": choice(*VISIBILITIES),
    "expires": nullable(MOMENT),
    "downloads_left": nullable(number()),
    "password": flag("Whether there is one."),
    "quarantined": flag(),
    "off_list": flag("Whether editors keep it off the list of the newest, if it is listed."),
    "in_collection": flag("Whether it has the terms of a collection."),
    "url": ADDRESS,
    "url_p": ADDRESS,
    "url_i": ADDRESS,
    "url_d": ADDRESS,
    "url_s": ADDRESS,
}
FILE = record(FILE_FIELDS, title="File")
UPLOADED = record(
    {
        **FILE_FIELDS,
        "url_m": text("The management address, told once."),
        "removed": listed(text(), description="The kinds of metadata that were left out."),
    },
    required=(*FILE_FIELDS, "url_m"),
    title="UploadedFile",
)

_TERM: Schema = {"type": ["string", "integer", "null"]}
TERMS: dict[str, Schema] = {
    "expires": {**_TERM, "description": "A duration such as 7d, or a moment; null for never."},
    "downloads": {**_TERM, "description": f"How many are left: 1 to {MAX_DOWNLOADS}; null: not counted."},
    "password": {"type": ["string", "null"], "description": "1 to 1,024 characters; null removes it."},
    "visibility": choice(*VISIBILITIES),
    "title": {"type": ["string", "null"], "description": "1 to 200 characters; null removes it."},
}


def file_record(request: Request, file: StoredFile, *, is_in_charge: bool) -> dict[str, Any]:
    """Return what the API says of a file; nothing of the content where downloads are counted."""
    said, terms = describe(request, file), describe_terms(request, file, "")
    tells_content = is_in_charge or file.downloads_left is None
    return {
        "name": file.filehash,
        "filename": file.filename,
        "title": file.title,
        "size": file.size,
        "type": file.kind,
        "mimetype": file.mimetype,
        "uploaded": file.uploadtime.isoformat(timespec="seconds"),
        "width": file.width,
        "height": file.height,
        "sha256": file.sha256 if tells_content else None,
        "visibility": visibility_of(file),
        "expires": terms["expires"],
        "downloads_left": file.downloads_left,
        "password": file.password is not None,
        "quarantined": file.is_quarantined,
        "off_list": file.is_off_list,
        "in_collection": file.collection_id is not None,
        "url": file_address(request, file),
        **{name: said[name] for name in ("url_p", "url_i", "url_d", "url_s")},
    }


def file_address(request: Request, file: StoredFile) -> str:
    """Return the address of a file in the API."""
    return f"{request.root_address}{BASE}/files/{file.filehash}"


def asked_changes(request: Request, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns to set for terms of an account's file or collection. BadTerm if one is wrong."""
    given = {name: None if value is None else text_of(value, name) for name, value in asked.items()}
    return changes_of(given, request, is_owned=True)
