"""What the lists of the API have in common: parameters, and what they answer."""

from datetime import datetime

from pyramid.request import Request

from ...services.administration_lists import Wanted
from ...web.api.operations import Answer
from ...web.api.paging import HEADERS, PAGED, limit_of
from ...web.api.schemas import Schema, choice, listed, record, text


def list_query(sorts: tuple[str, ...], words: str) -> dict[str, Schema]:
    """Return the parameters of a list: its pages, its orders, and words that something has (`words`)."""
    return {**PAGED, "sort": choice(*sorts, default=sorts[0]), "q": text(words)}


def wanted_page(request: Request, sorts: tuple[str, ...]) -> Wanted:
    """Return which page of a list a request asks for."""
    asked = request.GET
    cursors = (asked.get("after", ""), asked.get("before", ""))
    return Wanted(asked.get("q", ""), asked.get("sort", sorts[0]), *cursors, limit_of(request))


def several(schema: Schema) -> dict[int, Answer]:
    """Return what a list answers."""
    return {200: Answer("Some of them.", record({"items": listed(schema)}), HEADERS)}


def single(schema: Schema) -> dict[int, Answer]:
    """Return what one thing answers."""
    return {200: Answer("It.", schema, ("ETag",))}


def iso(moment: datetime) -> str:
    """Return a moment in ISO 8601."""
    return moment.isoformat(timespec="seconds")
