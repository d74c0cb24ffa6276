"""What the lists of the API have in common: parameters, and what they answer."""

from collections.abc import Iterable
from datetime import datetime

from pyramid.request import Request

from ...services.keyset import Wanted
from ...web.api.operations import Answer
from ...web.api.paging import HEADERS, PAGED, limit_of
from ...web.api.schemas import Schema, choice, listed, record, text


def list_query(sorts: Iterable[str], words: str) -> dict[str, Schema]:
    """Return the parameters of a list: its pages, its orders, and words that something has (`words`).

    The first order is the usual one.
    """
    return {**PAGED, "sort": choice(*sorts, default=next(iter(sorts))), "q": text(words)}


def wanted_page(request: Request, sorts: Iterable[str]) -> Wanted:
    """Return which page of a list a request asks for."""
    asked = request.GET
    cursors = (asked.get("after", ""), asked.get("before", ""))
    return Wanted(asked.get("q", ""), asked.get("sort", next(iter(sorts))), *cursors, limit_of(request))


def several(schema: Schema, title: str = "") -> dict[int, Answer]:
    """Return what a list answers."""
    page = record({"items": listed(schema)})
    return {200: Answer("Some of them.", {**page, "title": title} if title else page, HEADERS)}


def single(schema: Schema) -> dict[int, Answer]:
    """Return what one thing answers."""
    return {200: Answer("It.", schema, ("ETag",))}


def iso(moment: datetime) -> str:
    """Return a moment in ISO 8601."""
    return moment.isoformat(timespec="seconds")
