"""Pages of a table that begin after a row, so that a page costs the same however far it is.

A cursor says where a page begins: the place of a row in the order, and its key for those in the same place.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.engine import Engine

from ..errors import BadRequest
from ..models import retry_on_disconnect

# The longest list of words that is looked for.
MOST_WORDS = 10

_NO_PAGE = "There is no such page of the list."
_MAX_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Order:
    """By which column rows are put in order, whether from the largest down, and whether it holds texts."""

    column: Any
    is_down: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows, how many there are in all, and the cursors of the pages on both sides."""

    rows: Sequence[Any]
    total: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Keyset:
    """A table, its orders by name, and the column that no two rows share: its id, or a text."""

    table: Any
    orders: Mapping[str, Order]
    key: Any
    is_text: bool = False

    def page(
        self, engine: Engine, conditions: Sequence[Any], sort: str, after: str, before: str, limit: int
    ) -> RowPage:
        """Return the rows right after or before a cursor, or the first ones. BadRequest for nonsense."""
        order = known(self.orders, sort)
        cursor = self._read_cursor(after or before, order)
        is_back = bool(before) and not after
        condition = and_(true(), *conditions)
        query = self._query(condition, order, order.is_down is not is_back, cursor).limit(limit + 1)

        def read() -> tuple[Sequence[Any], int]:
            with engine.connect() as connection:
                total = connection.scalar(select(func.count()).select_from(self.table).where(condition)) or 0
                return connection.execute(query).all(), total

        rows, total = retry_on_disconnect(read)
        shown = rows[:limit][::-1] if is_back else rows[:limit]
        has_more = len(rows) > limit
        has_before = has_more if is_back else cursor is not None
        has_after = True if is_back else has_more
        return RowPage(
            shown,
            total,
            _cursor(shown[0]) if shown and has_before else None,
            _cursor(shown[-1]) if shown and has_after else None,
        )

    def _query(self, condition: Any, order: Order, is_down: bool, cursor: tuple[Any, Any] | None) -> Any:
        """Select rows with what the order is by as `place`, and their key as `key_of_row`."""
        column, key = order.column, self.key
        chosen = select(self.table, column.label("place"), key.label("key_of_row")).where(condition)
        by = (column.desc(), key.desc()) if is_down else (column.asc(), key.asc())
        query = chosen.order_by(*by)
        if cursor is None:
            return query
        place, number = cursor
        if is_down:
            return query.where(or_(column < place, and_(column == place, key < number)))
        return query.where(or_(column > place, and_(column == place, key > number)))

    def _read_cursor(self, text: str, order: Order) -> tuple[Any, Any] | None:
        """Return what a cursor says: the place in the order, and the key. BadRequest if it is none."""
        if not text:
            return None
        try:
            place, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            str(place).encode()  # JSON can hold half a character, which no database takes
            str(number).encode()
        except (ValueError, TypeError, RecursionError) as error:
            raise BadRequest(_NO_PAGE) from error
        kinds = (str if order.is_text else int, str if self.is_text else int)
        if (type(place), type(number)) != kinds:
            raise BadRequest(_NO_PAGE)
        if any(isinstance(value, int) and abs(value) > _MAX_NUMBER for value in (place, number)):
            raise BadRequest(_NO_PAGE)
        return place, number


def has_words(words: str, *columns: Any) -> list[Any]:
    """Return that each of some words is in one of some columns, whatever the case; they are no patterns."""
    return [
        or_(*(func.lower(func.coalesce(column, "")).contains(word, autoescape=True) for column in columns))
        for word in words.lower().split()[:MOST_WORDS]
    ]


def known(choices: Mapping[str, Any], name: str) -> Any:
    """Return what a name stands for. BadRequest if it is none of those there are."""
    if name not in choices:
        raise BadRequest(f"Choose one of {', '.join(choices)}.")
    return choices[name]


def _cursor(row: Any) -> str:
    said = json.dumps([row.place, row.key_of_row], ensure_ascii=False)
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")
