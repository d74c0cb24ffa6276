"""The stores that keep contents in a database: the contract, on SQLite and MariaDB, alone and tiered."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.engine import Engine

from pastebin.models import CONTENTS, make_engine
from pastebin.storage import DatabaseBlobStore, FolderBlobStore, TieredBlobStore
from pastebin.storage.incoming_memory import IncomingMemory
from tests.contracts.blob_store import BlobStoreContract, assert_holds, digest, keep, put, read
from tests.inprocess import make_sqlite_template, migrate
from tests.inprocess.contents import noise
from tests.servers import MariaDB

INLINE = 64 * 2**10


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give an engine of each kind in turn."""
    folder = tmp_path_factory.mktemp("database")
    if request.param == "sqlite":
        url = f"sqlite:///{make_sqlite_template(folder)}"
    else:
        mariadb: MariaDB = request.getfixturevalue("mariadb")
        migrate(folder, url := mariadb.create_database())
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> FolderBlobStore:
    """Give a folder that tests use in turn: making its many subfolders takes long."""
    return FolderBlobStore(tmp_path_factory.mktemp("files"))


@pytest.fixture
def database(engine: Engine) -> DatabaseBlobStore:
    """Give an empty store in a database."""
    with engine.begin() as connection:
        connection.execute(delete(CONTENTS))
    return DatabaseBlobStore(engine)


@pytest.fixture
def tiered(database: DatabaseBlobStore, folder: FolderBlobStore) -> TieredBlobStore:
    """Give an empty store of two tiers."""
    for path in folder.path("0" * 64).parents[1].glob("*/*"):
        path.unlink()
    return TieredBlobStore(database, folder, INLINE)


def in_database(store: TieredBlobStore) -> int:
    """Return how many contents are in the database."""
    with store.small.transactions.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(CONTENTS)).scalar_one()


class TestDatabaseStore(BlobStoreContract):
    """A database alone."""

    @pytest.fixture
    def store(self, database: DatabaseBlobStore) -> DatabaseBlobStore:
        """Give the store."""
        return database


class TestTieredStore(BlobStoreContract):
    """A database for small contents, a folder for large ones."""

    @pytest.fixture
    def store(self, tiered: TieredBlobStore) -> TieredBlobStore:
        """Give the store."""
        return tiered


class TestTieredStoreWithoutRoomInMemory(BlobStoreContract):
    """The same while other uploads have gathered all that may be gathered."""

    @pytest.fixture
    def store(self, tiered: TieredBlobStore) -> TieredBlobStore:
        """Give the store."""
        tiered.memory = IncomingMemory(0)
        return tiered


def test_small_contents_together_take_no_more_memory_than_they_may(tiered: TieredBlobStore) -> None:
    tiered.memory = IncomingMemory(3 * INLINE)
    contents = [bytes([number]) + noise(INLINE - 1) for number in range(6)]
    writers = [tiered.writer() for _ in contents]
    for writer, content in zip(writers, contents, strict=True):
        for start in range(0, INLINE, 999):
            writer.write(content[start : start + 999])
        writer.finish()
    assert not tiered.memory.take(1)
    blobs = [keep(tiered, writer) for writer in writers]
    assert [read(tiered, blob.sha256) for blob in blobs] == contents
    assert in_database(tiered) == 6
    for writer in writers:
        writer.__exit__(None, None, None)
    assert tiered.memory.take(3 * INLINE)
    assert tiered.large.remove_temporaries(2**40) == 0


@pytest.mark.parametrize(("size", "rows"), [(0, 1), (INLINE, 1), (INLINE + 1, 0)])
@pytest.mark.parametrize("piece", [1000, INLINE, 10 * INLINE])
def test_the_size_decides_where_a_content_goes(
    tiered: TieredBlobStore, size: int, rows: int, piece: int
) -> None:
    blob = put(tiered, noise(size), piece)
    assert in_database(tiered) == rows
    assert (blob.sha256 in tiered.large) is not bool(rows)
    assert (tiered.path(blob.sha256) is None) is bool(rows)


def test_with_a_size_of_nothing_all_are_files(database: DatabaseBlobStore, folder: FolderBlobStore) -> None:
    store = TieredBlobStore(database, folder, 0)
    for size in (0, 1):
        assert put(store, noise(size)).sha256 in folder
    assert in_database(store) == 0


def test_another_size_loses_nothing(tiered: TieredBlobStore) -> None:
    small, large = noise(100), noise(INLINE + 100)
    put(tiered, small)
    put(tiered, large)
    for inline_size in (0, 10, INLINE * 2):
        again = TieredBlobStore(
            DatabaseBlobStore(tiered.small.transactions.engine), tiered.large, inline_size
        )
        assert_holds(again, small, large)


def test_what_is_in_both_is_whole_and_goes_from_both(tiered: TieredBlobStore) -> None:
    content = noise(100)
    blob = put(tiered, content)
    put(tiered.large, content)
    assert read(tiered, blob.sha256) == content
    os.truncate(tiered.large.path(blob.sha256), 100)
    assert tiered.remove(blob.sha256, unless_put_after=2**40)
    assert blob.sha256 not in tiered


def test_a_transaction_that_is_rolled_back_leaves_nothing(tiered: TieredBlobStore, engine: Engine) -> None:
    with tiered.writer() as writer:
        writer.write(b"content")
        staged = writer.stage()
    with engine.connect() as connection:
        tiered.commit(connection, [staged])
        connection.rollback()
    assert digest(b"content") not in tiered


def test_many_contents_are_listed_in_parts(
    database: DatabaseBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pastebin.storage.database.BATCH", 3)
    contents = [b"%d" % number for number in range(7)]
    for content in contents:
        put(database, content)
    assert_holds(database, *contents)


def test_what_was_read_before_is_not_asked_for_again(database: DatabaseBlobStore) -> None:
    blob = put(database, b"content")
    assert read(database, blob.sha256) == b"content"
    with database.transactions.engine.begin() as connection:
        connection.execute(delete(CONTENTS))
    assert read(database, blob.sha256) == b"content"


def test_a_writer_that_kept_nothing_leaves_no_file(tiered: TieredBlobStore) -> None:
    with tiered.writer() as writer:
        writer.write(noise(INLINE))
        writer.write(noise(INLINE))
    assert_holds(tiered)
    with tiered.writer() as writer:
        writer.write(noise(INLINE))
        writer.write(noise(INLINE))
        keep(tiered, writer)
    assert_holds(tiered, noise(INLINE) * 2)


def test_only_small_contents_of_a_path_wait_in_memory(tiered: TieredBlobStore, tmp_path: Path) -> None:
    with tiered.writer() as writer:
        writer.write(noise(INLINE))
        assert list((tiered.large.path("0" * 64).parents[1] / "tmp").iterdir()) == []
        writer.write(b"x")
        assert len(list((tiered.large.path("0" * 64).parents[1] / "tmp").iterdir())) == 1
