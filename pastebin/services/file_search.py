"""Finding files of everybody: by words in their names, by owner, by all that names one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.engine import Engine

from .._speedups.shorturl import ShortCodec
from ..models import FILES, retry_on_disconnect
from ..names import may_be_filehash
from ..storage.interface import is_digest
from .files import MAX_ID
from .stored_file import FIRST_DRAWN, LAST_DRAWN, StoredFile

PAGE_SIZE = 50

# How many rows one search looks at: a word that is nowhere costs no more, and the next page goes on.
WINDOW = 200_000

# How many words are looked for, and files that a name can mean.
MOST_WORDS = 10
MOST = 200


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """Some files, the newest first, and the number before which the search goes on; None at its end."""

    files: list[StoredFile]
    before: int | None


class FileSearch:
    """Looks for files, whoever has them. Who may see them is asked elsewhere."""

    def __init__(self, engine: Engine, codec: ShortCodec) -> None:
        self._engine = engine
        self._codec = codec

    def named(self, text: str) -> list[StoredFile]:
        """Return the files with a file name, public name, short code, address or SHA-256, MOST at most."""
        return self._first([FILES.c.filename == text, *self._exact(text)])

    def exactly(self, text: str, owner_id: int | None = None) -> list[StoredFile]:
        """Return the files with a public name, short code, address or SHA-256, each by an index."""
        return self._first(self._exact(text), owner_id)

    def page(self, words: str, owner_id: int | None = None, before: int | None = None) -> FoundFiles:
        """Return the newest files below a number whose names or titles have all words; of an owner or all."""
        conditions: list[Any] = [FILES.c.source_id.is_(None), FILES.c.sha256.is_not(None)]
        for word in words.lower().split()[:MOST_WORDS]:
            said = FILES.c.filename.concat("\n").concat(func.coalesce(FILES.c.title, ""))
            conditions.append(func.lower(said).contains(word, autoescape=True))
        if owner_id is not None:
            conditions.append(FILES.c.owner_id == owner_id)
        return retry_on_disconnect(lambda: self._page(conditions, before))

    def _page(self, conditions: Sequence[Any], before: int | None) -> FoundFiles:
        with self._engine.connect() as connection:
            top = connection.scalar(select(func.max(FILES.c.id))) or 0
            below = min(before or MAX_ID, top + 1)
            window = (FILES.c.id < below, FILES.c.id >= below - WINDOW)
            query = select(FILES).where(*window, *conditions).order_by(FILES.c.id.desc()).limit(PAGE_SIZE + 1)
            files = [StoredFile.of(row) for row in connection.execute(query)]
        if len(files) > PAGE_SIZE:
            return FoundFiles(files[:PAGE_SIZE], files[PAGE_SIZE - 1].id)
        return FoundFiles(files, below - WINDOW if below - WINDOW > 0 else None)

    def _exact(self, text: str) -> list[Any]:
        word, conditions = last_word(text), []
        if is_digest(word.lower()):
            conditions.append(FILES.c.sha256 == word.lower())
        if may_be_filehash(word):
            conditions.append(FILES.c.filehash == word)
        number = self._number(word)
        if number is not None:
            column = FILES.c.short_id if FIRST_DRAWN <= number <= LAST_DRAWN else FILES.c.id
            conditions.append(column == number)
        return conditions

    def _first(self, conditions: Sequence[Any], owner_id: int | None = None) -> list[StoredFile]:
        owned = true() if owner_id is None else FILES.c.owner_id == owner_id
        found: dict[int, StoredFile] = {}
        with self._engine.connect() as connection:
            for condition in conditions:  # each by its index, where it has one
                query = select(FILES).where(condition, owned, FILES.c.sha256.is_not(None)).limit(MOST)
                found |= {row.id: StoredFile.of(row) for row in connection.execute(query)}
        return [found[number] for number in sorted(found)][:MOST]

    def _number(self, word: str) -> int | None:
        try:
            number = self._codec.decode(word)
        except ValueError:
            return None
        return number if 0 < number <= MAX_ID else None


def last_word(text: str) -> str:
    """Return the name that an address ends in, and other texts as they are."""
    return text.partition("?")[0].rstrip("/").rpartition("/")[2] if "/" in text else text
