"""Files: changing and ending one, or many with an outcome for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from ...errors import InvalidField, NotFound, PastebinError
from ...resources.api.files import ApiFile, ApiFiles
from ...services import Services
from ...services.account_files import MOST
from ...services.audit import Act, actor_of
from ...services.file_changes import FileChanges, Outcomes
from ...services.links import LET_GO_BY_OWNER, Ending
from ...services.rights import AccountIdentity, Right
from ...services.stored_file import StoredFile
from ...web.api.conditions import meant_version
from ...web.api.operations import Answer, operation
from ...web.api.schemas import Schema, flag, listed, number, record, text
from ...web.translations import N_
from ..errors import status_of
from .records import AUTHORIZED, FILE, TERMS, asked_changes, file_record

_IN_CHARGE = (Right.DELETE, Right.OPERATE)
_CHANGING = (*_IN_CHARGE, Right.CURATE)
_ONE = "BASE/files/ec12e434b48648f0a65ac28a28759ba5.jpg"

CHANGES: Mapping[str, Schema] = {
    **TERMS,
    "quarantined": flag("Whether nobody but operators sees it. They alone may say so, and nothing with it."),
    "off_list": flag("Whether editors keep it off the list. They alone may say so, and nothing with it."),
}
# What says nothing of the terms, and who may say it.
_ALONE = {"quarantined": Right.OPERATE, "off_list": Right.CURATE}

CHANGE = record(CHANGES, required=(), minProperties=1)
NAMES = listed(text(), minItems=1, maxItems=MOST)
OUTCOMES = record(
    {"items": listed(record({"name": text(), "status": number("As for it alone.")}))}, title="Outcomes"
)


@operation(
    ApiFile,
    "PATCH",
    N_("Change the terms of a file"),
    {200: Answer("The file as it is now.", FILE, ("ETag",))},
    rights=_CHANGING,
    body=CHANGE,
    errors=(409,),
    example=f"-X PATCH {AUTHORIZED} -H 'If-Match: *' --json '{{\"expires\": \"7d\"}}' {_ONE}",
)
def change(context: ApiFile, request: Request) -> dict[str, Any]:
    """Change terms, hide a file from all but operators, or keep it off the list."""
    account = _require(request.asked)(context)
    version = meant_version(request, context)
    outcomes = _changed(request, account, [context.file], version)
    file = _only(outcomes)
    request.response.etag = file.version
    return file_record(request, file, is_in_charge=True)


@operation(
    ApiFile,
    "DELETE",
    N_("Delete a file"),
    {204: Answer("It is gone.")},
    rights=_IN_CHARGE,
    example=f"-X DELETE {AUTHORIZED} -H 'If-Match: *' {_ONE}",
)
def delete(context: ApiFile, request: Request) -> Response:
    """End a file: one's own, or as an operator anybody's."""
    account = context.require_in_charge()
    _only(_ended(context.services, account, [context.file], meant_version(request, context)))
    return Response(status=204)


@operation(
    ApiFiles,
    "PATCH",
    N_("Change the terms of many files"),
    {207: Answer("What became of each.", OUTCOMES)},
    rights=_CHANGING,
    body=record({"names": NAMES, "set": CHANGE}),
    example=f"-X PATCH {AUTHORIZED} "
    """--json '{"names": ["ec12….jpg", "0b3a….png"], "set": {"visibility": "private"}}' BASE/files""",
)
def change_many(context: ApiFiles, request: Request) -> dict[str, Any]:
    """Change many files in one transaction; each has a status of its own."""
    account = context.require(*_CHANGING)
    names, request.asked = request.asked["names"], request.asked["set"]
    allowed, refused = _sorted_out(context, names, _require(request.asked))
    return _told(request, names, refused | _changed(request, account, allowed))


@operation(
    ApiFiles,
    "DELETE",
    N_("Delete many files"),
    {207: Answer("What became of each.", OUTCOMES)},
    rights=_IN_CHARGE,
    body=record({"names": NAMES}),
    example=f'-X DELETE {AUTHORIZED} --json \'{{"names": ["ec12….jpg", "0b3a….png"]}}\' BASE/files',
)
def delete_many(context: ApiFiles, request: Request) -> dict[str, Any]:
    """End many files; each has a status of its own."""
    account, names = context.require(*_IN_CHARGE), request.asked["names"]
    allowed, refused = _sorted_out(context, names, ApiFile.require_in_charge)
    return _told(request, names, refused | _ended(context.services, account, allowed), done=204)


def _require(asked: Mapping[str, Any]) -> Callable[[ApiFile], AccountIdentity]:
    """Return what tells whether a file may be changed so, or raises Forbidden."""
    alone = next(iter(_ALONE.keys() & asked.keys()), None)
    if alone is None:
        return ApiFile.require_owner
    if len(asked) > 1:
        raise InvalidField(alone, f"Say nothing else together with {alone}.")
    return lambda item: item.require(_ALONE[alone])


def _sorted_out(
    context: ApiFiles, names: Iterable[str], require: Callable[[ApiFile], AccountIdentity]
) -> tuple[list[StoredFile], Outcomes]:
    """Return the files that may be changed, and the errors of the others: of each as for it alone."""
    allowed: list[StoredFile] = []
    refused: Outcomes = {}
    for name in dict.fromkeys(names):
        try:
            item = context[name]
            require(item)
            allowed.append(item.file)
        except KeyError:
            refused[name] = NotFound("There is no such file.")
        except PastebinError as error:
            refused[name] = error
    return allowed, refused


def _changed(
    request: Request, account: AccountIdentity, files: Sequence[StoredFile], version: str | None = None
) -> Outcomes:
    asked, actor = request.asked, actor_of(account.id)
    service: FileChanges = request.services.file_changes
    names = [file.filehash for file in files]
    if "quarantined" in asked:
        return service.quarantine(names, actor, is_hidden=asked["quarantined"], version=version)
    if "off_list" in asked:
        return service.curate(names, actor, is_off=asked["off_list"], version=version)
    return service.change(names, asked_changes(request, asked), account.id, version)


def _ended(
    services: Services, account: AccountIdentity, files: Sequence[StoredFile], version: str | None = None
) -> Outcomes:
    own = [one.filehash for one in files if one.owner_id == account.id and not one.is_quarantined]
    others = [one.filehash for one in files if one.filehash not in own]
    ended = services.file_changes.end(own, LET_GO_BY_OWNER, account.id, version) if own else {}
    removed = Ending(Act.REMOVED, actor_of(account.id))
    return ended | (services.file_changes.end(others, removed, version=version) if others else {})


def _only(outcomes: Outcomes) -> StoredFile:
    (outcome,) = outcomes.values()
    if isinstance(outcome, PastebinError):
        raise outcome
    return outcome


def _told(request: Request, names: Iterable[str], outcomes: Outcomes, done: int = 200) -> dict[str, Any]:
    request.response.status_int = 207
    items = [
        {"name": name, "status": status_of(one) if isinstance(one, PastebinError) else done}
        for name, one in ((name, outcomes[name]) for name in dict.fromkeys(names))
    ]
    return {"items": items}
