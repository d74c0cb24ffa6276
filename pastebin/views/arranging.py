"""Tables in another order and archives searched: what scripts do on the page, for who has none."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..previews import ArchivePreview, Preview, TablePreview

# More digits name no column.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a preview was asked for: by a column, from 1 on and 0 for none, upwards or downwards; by words."""

    column: int = 0
    is_down: bool = False
    words: str = ""


def arrange(shown: Preview, asked: Mapping[str, str]) -> tuple[Preview, Arrangement]:
    """Return a preview as an address asks for it, and how that is. What makes no sense is passed over."""
    column = asked.get("sort", "")
    if isinstance(shown, TablePreview) and column.isascii() and column.isdecimal() and len(column) <= _DIGITS:
        wanted = Arrangement(column=int(column), is_down=asked.get("order") == "down")
        return shown.sorted_by(wanted.column - 1, is_down=wanted.is_down), wanted
    if isinstance(shown, ArchivePreview) and asked.get("q"):
        return shown.searched(asked["q"]), Arrangement(words=asked["q"][:200])
    return shown, Arrangement()
