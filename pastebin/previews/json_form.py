"""Previews as JSON, in which they come from workers: only what their classes declare, nothing is executed.

A worker may have been taken over by the file it read, so every value is checked on the way back.
"""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from markupsafe import Markup

from .base import LARGEST_NUMBER, ContentPreview
from .registry import CONTENT_KINDS

_KINDS = {kind.kind: kind for kind in CONTENT_KINDS}


class InvalidPreview(ValueError):
    """What a worker answered is no preview."""


def to_json(preview: ContentPreview) -> dict[str, Any]:
    """Return a preview as JSON values: its `kind` and its fields."""
    return {"kind": preview.kind, **_object_to_json(preview)}


def from_json(data: dict[str, Any]) -> ContentPreview:
    """Return the preview that `to_json` was given. Raises InvalidPreview."""
    values = dict(data)
    kind = values.pop("kind", None)
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InvalidPreview("there is no such kind of preview")
    preview: ContentPreview = _object_from_json(_KINDS[kind], values)
    return preview


def _object_to_json(value: Any) -> dict[str, Any]:
    return {field.name: _to_json(getattr(value, field.name)) for field in fields(value)}


def _to_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_to_json(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return _object_to_json(value) if is_dataclass(value) else value


@cache
def _types_of(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _object_from_json(kind: Any, data: Any) -> Any:
    types = _types_of(kind)
    if not isinstance(data, dict) or data.keys() != types.keys():
        raise InvalidPreview(f"the fields are not those of {kind.__name__}")
    return kind(**{name: _from_json(types[name], value) for name, value in data.items()})


def _from_json(kind: Any, value: Any) -> Any:
    if get_origin(kind) is list and isinstance(value, list):
        (item_kind,) = get_args(kind)
        if item_kind is str:
            return _texts(value)
        return [_from_json(item_kind, item) for item in value]
    if isinstance(kind, UnionType):  # `X | None`
        (some,) = set(get_args(kind)) - {NoneType}
        return None if value is None else _from_json(some, value)
    if is_dataclass(kind):
        return _object_from_json(kind, value)
    return _scalar(kind, value)


def _scalar(kind: Any, value: Any) -> Any:
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and type(value) is int and abs(value) <= LARGEST_NUMBER:
        return value
    if isinstance(value, str):
        return _string(kind, value)
    raise InvalidPreview(f"a {type(value).__name__} in the place of {kind}")


def _texts(values: list[Any]) -> list[str]:
    """Return texts, all checked in one go: a table has very many."""
    try:
        "".join(values).encode()
    except (TypeError, UnicodeEncodeError) as error:
        raise InvalidPreview("not all are texts") from error
    return values


def _string(kind: Any, value: str) -> Any:
    try:
        value.encode()  # half of a surrogate pair cannot be sent to a browser
        if kind is datetime:
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidPreview("not a text, or not a time") from error
    if kind is str:
        return value
    if kind is Markup:
        return Markup(value)  # noqa: S704 - made by the worker's sanitizer
    raise InvalidPreview(f"a text in the place of {kind}")
