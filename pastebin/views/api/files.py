"""Files: taking one in, listing an account's, reading one."""

from collections.abc import Mapping
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ...errors import InternalError
from ...resources.api.files import ApiFile, ApiFiles
from ...services import terms
from ...services.account_files import SORTS, STATES, Query
from ...services.file_kinds import KINDS
from ...services.file_records import Link
from ...services.gate import Purpose
from ...services.rights import Right
from ...web.api.operations import Answer, operation
from ...web.api.paging import HEADERS, PAGED, limit_of, tell_page
from ...web.api.schemas import Schema, choice, listed, record, text
from ...web.translations import N_
from ..representations import describe_removed
from ..uploads import answer_link, take_in
from .records import AUTHORIZED, FILE, UPLOADED, file_address, file_record

# What a form or the query of an upload may say besides the file.
WISHES: Mapping[str, Schema] = {
    **{name: text() for name in terms.NAMES},
    "w": text("The width to resize a picture to, before it is stored."),
    "h": text("The height."),
    "strip": choice("1", description="Whether a picture is stored without its metadata."),
    "typed": choice("1", description="Whether the bytes are text, whatever they look like."),
}
FORM: Mapping[str, Schema] = {
    "file": text(contentMediaType="application/octet-stream"),
    "text": text("A text instead of a file."),
    "url": text("The address of a file on another server instead of a file, where that is switched on."),
    **WISHES,
}
_OF_QUERY = {name: schema for name, schema in WISHES.items() if name not in ("strip", "typed")}
_OF_UPLOADS = ("Location", "ETag", "Link")


@operation(
    ApiFiles,
    "POST",
    N_("Upload a file: as a form, or as the body itself"),
    {
        201: Answer("The file.", UPLOADED, _OF_UPLOADS),
        200: Answer("The file, which was here already.", UPLOADED, _OF_UPLOADS),
    },
    query={"name": text("The name of the file, where the body is the file itself."), **_OF_QUERY},
    upload=FORM,
    errors=(423, 451, 502, 504),
    example=f"{AUTHORIZED} -F file=@photo.jpg -F expires=7d BASE/files",
)
def upload(_context: ApiFiles, request: Request) -> Response:
    """Take one file in."""
    link = take_in(request, known=FORM)
    if not isinstance(link, Link):
        raise InternalError("One file became several.")
    said = {
        **file_record(request, link.file, is_in_charge=True),
        "url_m": request.address("m", link.management_key),
        **describe_removed(link),
    }
    response = answer_link(request, link, file_address(request, link.file), json_body=said)
    response.etag = link.file.version
    return response


@operation(
    ApiFiles,
    "GET",
    N_("List your files"),
    {200: Answer("Some of them.", record({"items": listed(FILE)}, title="Files"), HEADERS)},
    rights=(Right.READ,),
    query={
        **PAGED,
        "sort": choice(*SORTS, default="newest"),
        "q": text("Words that the file name or the title has."),
        "type": choice(*KINDS),
        "state": choice(*STATES),
    },
    example=f"{AUTHORIZED} 'BASE/files?q=holiday&type=image&sort=largest'",
)
def index(context: ApiFiles, request: Request) -> dict[str, Any]:
    """List the files of the account that asks."""
    asked = request.GET
    query = Query(
        asked.get("q", ""), asked.get("type", ""), asked.get("state", ""), asked.get("sort", "newest")
    )
    page = context.services.account_files.page(
        context.require(Right.READ).id,
        query,
        asked.get("after", ""),
        asked.get("before", ""),
        limit_of(request),
    )
    tell_page(request, page)
    return {"items": [file_record(request, file, is_in_charge=True) for file in page.items]}


@operation(
    ApiFile,
    "GET",
    N_("Read what there is to know about a file"),
    {200: Answer("The file.", FILE, ("ETag",))},
    example="BASE/files/ec12e434b48648f0a65ac28a28759ba5.jpg",
)
def show(context: ApiFile, request: Request) -> dict[str, Any]:
    """Tell what there is to know about a file."""
    is_in_charge = context.visitor.identity.is_in_charge(context.file, Purpose.RECORD)
    return file_record(request, context.file, is_in_charge=is_in_charge)
