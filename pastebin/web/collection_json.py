"""What programs send of collections: JSON objects, read strictly."""

from typing import Any

from ..errors import BadRequest
from ..services.collection_contents import Wish
from ..services.collections import MAX_FILES
from ..services.file_records import is_management_key

_KEYS = {"file", "key", "path"}


def read_wishes(files: Any) -> list[Wish]:
    """Return what a list of files says; BadRequest, which names the place, if one says nonsense."""
    if not isinstance(files, list) or not 1 <= len(files) <= MAX_FILES:
        raise BadRequest(f"`files` must be a list of 1 to {MAX_FILES} files.")
    return [_wish(one, number) for number, one in enumerate(files, 1)]


def _wish(one: Any, number: int) -> Wish:
    is_plain = isinstance(one, dict) and not one.keys() - _KEYS
    if not is_plain or not all(isinstance(value, str) for value in one.values()):
        raise BadRequest(
            f"File {number} must be an object with some of {', '.join(sorted(_KEYS))}, all texts."
        )
    wish = Wish(one.get("file", ""), one.get("key", ""), one.get("path", ""))
    if not wish.filehash and not wish.key:
        raise BadRequest(f"File {number} has neither `file` nor `key`.")
    if wish.key and not is_management_key(wish.key):
        raise BadRequest(f"File {number}: its management key holds nothing.")
    return wish
