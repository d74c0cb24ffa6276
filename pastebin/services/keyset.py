"""Pages of a table that begin after a row, so that a page costs the same however far it is.

A cursor says where a page begins: the place of a row in the order, and its key for those in the same place.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.engine import Engine

from ..errors import BadRequest
from ..models import retry_on_disconnect

Thing = TypeVar("Thing")

# The longest list of words that is looked for.
MOST_WORDS = 10

# The place of a row in an order, and its key; None for none.
Cursor = tuple[Any, Any] | None

_NO_PAGE = "There is no such page of the list."
_MAX_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Order:
    """By which column rows are put in order, whether from the largest down, and whether it holds texts."""

    column: Any
    is_down: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page is asked for: words, an order, a cursor on one of both sides, and how many."""

    words: str = ""
    sort: str = "newest"
    after: str = ""
    before: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Thing]):
    """Some things, how many there are in all, and the cursors of the pages on both sides."""

    items: Sequence[Thing]
    total: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows, how many there are in all, and the cursors of the pages on both sides."""

    rows: Sequence[Any]
    total: int
    before: str | None
    after: str | None

    def of(self, make: Callable[[Any], Thing]) -> ListPage[Thing]:
        """Return the page with what is made of each row."""
        return ListPage(list(map(make, self.rows)), self.total, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Keyset:
    """A table, its orders by name, and the column that no two rows share: its id, or a text.

    `index` is the one that MariaDB shall use, which would rather read a table whole than a fifth of it.
    """

    table: Any
    orders: Mapping[str, Order]
    key: Any
    is_text: bool = False
    index: str = ""

    def page(
        self,
        engine: Engine,
        conditions: Sequence[Any],
        wanted: Wanted,
        words: Sequence[Any] = (),
    ) -> RowPage:
        """Return the rows right after or before a cursor, or the first ones. BadRequest for nonsense.

        `words` are conditions that no index helps with: each row is looked at, once if possible.
        """
        order, limit = known(self.orders, wanted.sort), wanted.limit
        cursor = self._read_cursor(wanted.after or wanted.before, order)
        is_back = bool(wanted.before) and not wanted.after
        is_down = order.is_down is not is_back
        condition, read = and_(true(), *conditions, *words), self._searched if words else self._listed
        rows, total = retry_on_disconnect(lambda: read(engine, condition, order, is_down, cursor, limit + 1))
        shown = rows[:limit][::-1] if is_back else rows[:limit]
        has_more = len(rows) > limit
        has_before = has_more if is_back else cursor is not None
        has_after = True if is_back else has_more
        return RowPage(
            shown,
            total,
            _cursor(shown[0].place, shown[0].key_of_row) if shown and has_before else None,
            _cursor(shown[-1].place, shown[-1].key_of_row) if shown and has_after else None,
        )

    def _listed(
        self, engine: Engine, condition: Any, order: Order, is_down: bool, cursor: Cursor, limit: int
    ) -> tuple[Sequence[Any], int]:
        """Return rows in order, and how many there are in all: an index tells both."""
        rows = self._hinted(self._rows(order).where(condition))
        query = _in_order(rows, order.column, self.key, is_down, cursor).limit(limit)
        with engine.connect() as connection:
            total = connection.scalar(self._count(condition)) or 0
            return (connection.execute(query).all() if total else []), total

    def _searched(
        self, engine: Engine, condition: Any, order: Order, is_down: bool, cursor: Cursor, limit: int
    ) -> tuple[Sequence[Any], int]:
        """Return the same where each row has to be looked at: once, to be counted and put in order."""
        places = (
            order.column.label("place"),
            self.key.label("key_of_row"),
            func.count().over().label("total"),
        )
        found = self._hinted(select(*places).where(condition)).subquery()
        query = _in_order(select(found), found.c.place, found.c.key_of_row, is_down, cursor).limit(limit)
        with engine.connect() as connection:
            chosen = connection.execute(query).all()
            if not chosen:
                return [], (connection.scalar(self._count(condition)) or 0) if cursor else 0
            numbers = [one.key_of_row for one in chosen]
            rows = connection.execute(self._rows(order).where(self.key.in_(numbers)))
            by_key = {row.key_of_row: row for row in rows}
        return [by_key[number] for number in numbers if number in by_key], chosen[0].total

    def _rows(self, order: Order) -> Any:
        """Select rows, with what the order is by as `place`, and their key as `key_of_row`."""
        return select(self.table, order.column.label("place"), self.key.label("key_of_row"))

    def _count(self, condition: Any) -> Any:
        return self._hinted(select(func.count()).select_from(self.table).where(condition))

    def _hinted(self, query: Any) -> Any:
        if not self.index:
            return query
        for dialect in ("mysql", "mariadb"):
            query = query.with_hint(self.table, f"FORCE INDEX ({self.index})", dialect)
        return query

    def _read_cursor(self, text: str, order: Order) -> Cursor:
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


def every(page_of: Callable[[Wanted], ListPage[Thing]], sort: str) -> Iterator[Thing]:
    """Yield all things of a list, page by page."""
    after: str | None = ""
    while after is not None:
        page = page_of(Wanted(sort=sort, after=after))
        yield from page.items
        after = page.after


def _in_order(query: Any, place: Any, key: Any, is_down: bool, cursor: Cursor) -> Any:
    """Order rows by place and key, from a cursor on."""
    query = query.order_by(*(column.desc() if is_down else column.asc() for column in (place, key)))
    if cursor is None:
        return query
    if is_down:
        return query.where(or_(place < cursor[0], and_(place == cursor[0], key < cursor[1])))
    return query.where(or_(place > cursor[0], and_(place == cursor[0], key > cursor[1])))


def has_words(words: str, *columns: Any) -> list[Any]:
    """Return that each of some words is in one of some columns, whatever the case; they are no patterns."""
    texts = [func.lower(func.coalesce(one, "") if one.nullable else one) for one in columns]
    return [
        or_(*(text.contains(word, autoescape=True) for text in texts))
        for word in words.lower().split()[:MOST_WORDS]
    ]


def known(choices: Mapping[str, Any], name: str) -> Any:
    """Return what a name stands for. BadRequest if it is none of those there are."""
    if name not in choices:
        raise BadRequest(f"Choose one of {', '.join(choices)}.")
    return choices[name]


def _cursor(place: Any, key: Any) -> str:
    said = json.dumps([place, key], ensure_ascii=False)
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")
