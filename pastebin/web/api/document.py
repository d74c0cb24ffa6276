"""The API described for programs: OpenAPI 3.1, made of the operations that there are."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from pyramid.registry import Registry

from ...resources.api.base import ApiItem
from ...services.rights import OF_ALL_TOKENS, SCOPES
from ...version import __version__
from ..translations import N_
from .operations import Answer, Operation
from .schemas import Schema, flag, record, text

BASE = "/api/v1"

ERROR = record(
    {
        "error": record(
            {
                "code": text("For programs; docs/api.md has them all."),
                "message": text("For people: what is wrong, and what to do."),
                "retry": flag("The same request may succeed later."),
                "field": text("What of the body, the form or the query says nonsense."),
            },
            required=("code", "message"),
        )
    },
    title="Error",
)

# What any request may meet: it is malformed, its token is wrong, the service is busy.
_ALWAYS = (400, 401, 404, 406, 429, 431, 500, 503)
_CHANGING = (403, 507)
_WITH_BODY = (413, 415, 422)
_OF_ONE = (403, 412, 428)

_PARAMETER = re.compile(r"\{(\w+)\}", re.ASCII)


def operations(registry: Registry) -> list[Operation]:
    """Return every operation, by noun in the order of addresses."""
    views = registry.introspector.get_category("views") or ()
    found = [view["introspectable"].get("operation") for view in views]
    return sorted(
        (one for one in found if isinstance(one, Operation)), key=lambda one: (one.noun.address, one.method)
    )


def document(registry: Registry, address: str) -> dict[str, Any]:
    """Return the description of the API of the service at an address."""
    paths: dict[str, dict[str, Any]] = {}
    for one in operations(registry):
        path = paths.setdefault(f"{BASE}/{one.noun.address}", _parameters_of(one))
        path[one.method.lower()] = _described(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pastebin",
            "version": __version__,
            "summary": "A file host.",
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {
            "schemas": {"Error": ERROR},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "pb-session"},
            },
        },
    }


def statuses(one: Operation) -> list[int]:
    """Return the statuses of the errors that an operation may answer."""
    found = {*_ALWAYS, *one.errors}
    if one.rights:
        found.add(403)
    if one.method != "GET":
        found.update(_CHANGING)
    if one.body is not None or one.upload is not None:
        found.update(_WITH_BODY)
    if one.needs_match:
        found.update((*_OF_ONE, 413))
    return sorted(found)


def _parameters_of(one: Operation) -> dict[str, Any]:
    names = _PARAMETER.findall(one.noun.address)
    found = [{"name": name, "in": "path", "required": True, "schema": text()} for name in names]
    return {"parameters": found} if found else {}


def _described(one: Operation) -> dict[str, Any]:
    message, values = may_ask(one)
    said: dict[str, Any] = {
        "operationId": f"{one.method.lower()}-{_PARAMETER.sub('one', one.noun.address).replace('/', '-')}",
        "tags": [one.noun.address.partition("/")[0]],
        "summary": one.summary,
        "description": message.format(**values),
        "security": _security(one),
        "parameters": list(_query_and_headers(one)),
        "responses": _responses(one),
    }
    body = _body(one)
    return {**said, "requestBody": body} if body else said


def may_ask(one: Operation) -> tuple[str, dict[str, str]]:
    """Return who may ask for an operation: a message, and what fills its blanks."""
    if not one.rights:
        return N_("Anybody, as far as the file or the collection lets them."), {}
    if OF_ALL_TOKENS.intersection(one.rights):
        return N_("Any account, by a token or a session."), {}
    scopes = ", ".join(SCOPES[right] for right in one.rights if right in SCOPES)
    if scopes:
        return N_("A session, or a token with one of the scopes {scopes}."), {"scopes": scopes}
    if one.is_by_page:
        return N_("A session alone, with the header X-CSRF-Token."), {}
    return N_("A session alone."), {}


def _security(one: Operation) -> list[dict[str, list[str]]]:
    if not one.rights:
        return [{}, {"token": []}, {"session": []}]
    is_of_tokens = any(right in OF_ALL_TOKENS or right in SCOPES for right in one.rights)
    session: dict[str, list[str]] = {"session": []}
    return [{"token": []}, session] if is_of_tokens else [session]


def _query_and_headers(one: Operation) -> Iterator[dict[str, Any]]:
    for name, schema in one.query.items():
        yield {"name": name, "in": "query", "schema": schema}
    if one.needs_match:
        yield {"name": "If-Match", "in": "header", "required": True, "schema": text()}
    if one.is_by_page:
        yield {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": text()}


def _body(one: Operation) -> dict[str, Any] | None:
    if one.body is not None:
        return {"required": True, "content": {"application/json": {"schema": one.body}}}
    if one.upload is None:
        return None
    form = record(one.upload, required=())
    return {
        "required": True,
        "content": {"multipart/form-data": {"schema": form}, "application/octet-stream": {}},
    }


def _responses(one: Operation) -> dict[str, Any]:
    said = {str(status): _answer(answer) for status, answer in one.answers.items()}
    if one.method == "GET" and issubclass(one.noun, ApiItem):
        said["304"] = _answer(Answer("Not changed.", headers=("ETag",)))
    return said | {str(status): _error(status) for status in statuses(one)}


def _answer(answer: Answer) -> dict[str, Any]:
    said: dict[str, Any] = {"description": answer.description}
    if answer.headers:
        said["headers"] = {name: {"required": True, "schema": {"type": "string"}} for name in answer.headers}
    if answer.schema is not None:
        said["content"] = {"application/json": {"schema": answer.schema}}
    return said


def _error(status: int) -> dict[str, Any]:
    schema: Schema = {"$ref": "#/components/schemas/Error"}
    return {"description": HTTPStatus(status).phrase, "content": {"application/json": {"schema": schema}}}
