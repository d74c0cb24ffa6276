"""Finding files: what asks the database, what does not, and codes that lead nowhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin._speedups.shorturl import ShortCodec
from pastebin.cache import LookupCache
from pastebin.errors import NotFound
from pastebin.services.files import MAX_ID, ContentPending, FileService, StoredFile
from tests.inprocess import Service

CODEC = ShortCodec("mn6j2c4rv8bpygw95z7hsdaetxuk3fq", 24, 5)
HASH = "ec12e434b48648f0a65ac28a28759ba5.txt"
MOMENT = datetime(2026, 11, 21, 2, 53, 19, 123456, UTC)

Find = Callable[[FileService], StoredFile]


def add(
    service: Service, filehash: str = HASH, number: int | None = None, sha256: str | None = "a" * 64
) -> None:
    """Write a row."""
    service.add_row(
        id=number,
        filename="a.txt",
        filehash=filehash,
        filemd5="b" * 32,
        uploadtime=MOMENT,
        mimetype="text/plain",
        size=4,
        sha256=sha256,
    )


@pytest.fixture
def cache(service: Service) -> LookupCache:
    """Give the service's cache, which is empty."""
    return service.registry.services.cache


@pytest.fixture
def files(service: Service, cache: LookupCache) -> FileService:
    """Give look-ups on the service's database."""
    services = service.registry.services
    return FileService(services.engine, cache, services.generation, CODEC, services.files._invalidations)


WAYS: dict[str, Find] = {
    "by hash": lambda files: files.by_hash(HASH),
    "by short code": lambda files: files.by_short("867nv"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_second_look_up_asks_nothing_and_finds_the_same(
    service: Service, files: FileService, way: str
) -> None:
    add(service)
    with service.statements() as asked:
        first = WAYS[way](files)
        once = len(asked)
        second = WAYS[way](files)
    assert once == len(asked)
    assert sum(statement.startswith("SELECT") for statement in asked) == 1
    assert first == second
    assert (first.id, first.filehash, first.uploadtime) == (1, HASH, MOMENT)


@pytest.mark.parametrize("way", WAYS)
def test_what_was_not_found_is_asked_for_again(service: Service, files: FileService, way: str) -> None:
    with pytest.raises(NotFound):
        WAYS[way](files)
    add(service)
    assert WAYS[way](files).filehash == HASH


@pytest.mark.parametrize("way", WAYS)
def test_a_row_without_content_is_pending_until_it_has_one(
    service: Service, files: FileService, way: str
) -> None:
    add(service, sha256=None)
    for _ in range(2):
        with pytest.raises(ContentPending) as pending:
            WAYS[way](files)
        assert pending.value.filehash == HASH
    row = service.rows()[0]
    with service.session() as session, session.begin():
        session.merge(row).sha256 = "a" * 64
    assert WAYS[way](files).sha256 == "a" * 64


@pytest.mark.parametrize("way", WAYS)
def test_without_a_cache_everything_is_found(
    service: Service, files: FileService, cache: LookupCache, way: str
) -> None:
    add(service)
    first = WAYS[way](files)
    for key in (f"file:{HASH}", "id:1"):
        cache.delete(key)
    assert WAYS[way](files) == first


def test_a_name_that_cannot_be_is_not_asked_for(service: Service, files: FileService) -> None:
    with service.statements() as asked:
        for name in ("", "..", "../x", "a\0", "a b", "x" * 200, "id:1", "\u0661"):
            with pytest.raises(NotFound):
                files.by_hash(name)
    assert asked == []


def test_names_are_found_letter_by_letter(service: Service, files: FileService) -> None:
    add(service, "abc.txt")
    for name in ("ABC.txt", "abc.TXT", "abc", "abc.tx", "abc.txt."):
        with pytest.raises(NotFound):
            files.by_hash(name)


# Short codes


@pytest.mark.parametrize(
    ("number", "code"), [(1, "867nv"), (12, "jy7yj"), (1337, "pjz2p"), (2147483647, "6gm8qyn")]
)
def test_old_codes_lead_to_their_rows(service: Service, files: FileService, number: int, code: str) -> None:
    add(service, number=number)
    file = files.by_short(code)
    assert file.id == number
    assert files.short_code(file) == code


def test_the_last_id_a_database_can_give_has_a_code(service: Service, files: FileService) -> None:
    add(service, number=MAX_ID)
    assert files.by_short(CODEC.encode(MAX_ID)).id == MAX_ID


@pytest.mark.parametrize(
    "code",
    [
        "",
        "mmmmm",  # 0, which no row has
        "m",
        "867n!",
        "867NV",
        " 867nv",
        "867nv ",
        "867n\0",
        "..",
        "lllll",
        "\u0661",
        "\ud800",
        "867nv" * 100,
        CODEC.encode(MAX_ID + 1),
        CODEC.encode(2**64 - 1),
        "q" * 64,
    ],
)
def test_a_code_that_leads_nowhere_is_not_found_and_not_asked_for(
    service: Service, files: FileService, code: str
) -> None:
    add(service)
    with service.statements() as asked, pytest.raises(NotFound):
        files.by_short(code)
    assert asked == []


@given(st.text(st.characters(exclude_categories=()), max_size=70))
def test_any_text_is_a_number_or_not_found(code: str) -> None:
    asked: list[int] = []

    class NothingRemembered:
        def filehash_of(self, _number: int) -> None:
            return None

    class Asked(FileService):
        def _read(self, _query: object, value: object) -> StoredFile:
            assert isinstance(value, int)
            asked.append(value)
            raise NotFound("There is no such file.")

    with pytest.raises(NotFound):
        Asked(None, None, NothingRemembered(), CODEC, None).by_short(code)  # type: ignore[arg-type]
    assert all(0 < number <= MAX_ID for number in asked)


# What is known of a file


def test_a_moment_stays_the_same_through_the_cache(service: Service, files: FileService) -> None:
    add(service)
    assert files.by_hash(HASH).uploadtime == files.by_hash(HASH).uploadtime == MOMENT
    assert files.by_hash(HASH).uploadtime.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("mimetype", "kind", "is_text", "inline_type"),
    [
        ("image/png", "image", False, "image/png"),
        ("application/pdf", "pdf", False, "application/pdf"),
        ("text/html", "binary", True, "text/plain; charset=utf-8"),
        ("image/svg+xml", "binary", True, "text/plain; charset=utf-8"),
        ("application/zip", "binary", False, None),
    ],
)
def test_a_file_knows_what_it_is(mimetype: str, kind: str, is_text: bool, inline_type: str | None) -> None:
    file = StoredFile(1, "a", HASH, "", "", 0.0, mimetype, "utf-8", 0, 0, 0)
    assert (file.kind, file.is_text, file.inline_type) == (kind, is_text, inline_type)
