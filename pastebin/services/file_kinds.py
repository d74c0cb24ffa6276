"""Kinds of files that lists are filtered by, as conditions on rows."""

from sqlalchemy import ColumnElement, or_

from ..models import FILES

_TEXTS = ("application/json", "application/xml", "application/javascript")
_IS_TEXT = or_(FILES.c.mimetype.startswith("text/"), FILES.c.mimetype.in_(_TEXTS))
_IS_KNOWN = [FILES.c.mimetype.startswith(f"{kind}/") for kind in ("image", "video", "audio")]
_IS_PDF = FILES.c.mimetype == "application/pdf"
KINDS: dict[str, ColumnElement[bool]] = {
    "image": _IS_KNOWN[0],
    "video": _IS_KNOWN[1],
    "audio": _IS_KNOWN[2],
    "text": _IS_TEXT,
    "pdf": _IS_PDF,
    "other": ~or_(*_IS_KNOWN, _IS_TEXT, _IS_PDF),
}
