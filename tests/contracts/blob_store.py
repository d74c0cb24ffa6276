"""What every store of contents promises; a store's tests inherit BlobStoreContract."""

import hashlib
import time
from functools import partial

import pytest

from pastebin.storage import Blob, BlobMissing, BlobStore, BlobWriter, DatabaseBlobStore, StagedBlob
from pastebin.storage.interface import HEAD_SIZE
from tests.contracts.together import in_threads
from tests.inprocess.contents import noise

LARGE = 6 * 2**20 + 1  # hashed in a thread of its own; within what MariaDB takes in a statement
PIECE = 256 * 2**10
UNKNOWN = hashlib.sha256(b"nobody ever puts this").hexdigest()
NO_DIGESTS = ["", "a" * 63, "a" * 65, "A" * 64, "../" + "a" * 61, "a" * 63 + "\n", "g" * 64, "٣" * 64]

# File systems take their time from a clock that ticks every few milliseconds.
TICK = 0.02


def digest(content: bytes) -> str:
    """Return the name a content has in a store."""
    return hashlib.sha256(content).hexdigest()


def put(store: BlobStore, content: bytes, piece: int = PIECE) -> Blob:
    """Put a content into a store piece by piece."""
    with store.writer() as writer:
        for start in range(0, len(content), piece):
            writer.write(content[start : start + piece])
        return keep(store, writer)


def keep(store: BlobStore, writer: BlobWriter) -> Blob:
    """Stage a content and commit it in a transaction of its own."""
    return commit(store, writer.stage()).blob


def commit(store: BlobStore, staged: StagedBlob) -> StagedBlob:
    """Commit a staged content, in a transaction where the store has a database."""
    database = getattr(store, "small", store)
    if isinstance(database, DatabaseBlobStore):
        database.transactions.run(lambda connection: store.commit(connection, [staged]))
    else:
        store.commit(None, [staged])
    return staged


def read(store: BlobStore, sha256: str) -> bytes:
    """Return a whole content."""
    with store.open(sha256) as reader:
        return reader.read()


def names(store: BlobStore) -> list[str]:
    """Return what the store lists."""
    return [stored.sha256 for stored in store]


def moment_after_now() -> float:
    """Return a moment that lies after everything done so far and before everything done next."""
    time.sleep(TICK)
    moment = time.time()
    time.sleep(TICK)
    return moment


def assert_holds(store: BlobStore, *contents: bytes) -> None:
    """Assert that a store holds these contents, whole, and nothing else, not even in part."""
    assert sorted(names(store)) == sorted(digest(content) for content in contents)
    for content in contents:
        assert read(store, digest(content)) == content
    assert store.remove_temporaries(time.time() + 3600) == 0


class BlobStoreContract:
    """The fixture `store` of a subclass gives an empty store."""

    @pytest.mark.parametrize("size", [0, 1, 1000, HEAD_SIZE, HEAD_SIZE + 1, LARGE])
    def test_a_content_comes_back_whole(self, store: BlobStore, size: int) -> None:
        content = noise(size)
        blob = put(store, content)
        assert blob == Blob(digest(content), hashlib.md5(content).hexdigest(), size)
        assert blob.sha256 in store
        assert_holds(store, content)

    @pytest.mark.parametrize("size", [0, 1, HEAD_SIZE - 1, HEAD_SIZE, HEAD_SIZE + 1, 3 * HEAD_SIZE])
    @pytest.mark.parametrize("piece", [1000, HEAD_SIZE, 10 * HEAD_SIZE])
    def test_the_head_is_the_beginning(self, store: BlobStore, size: int, piece: int) -> None:
        content = noise(size)
        with store.writer() as writer:
            for start in range(0, size, piece):
                writer.write(content[start : start + piece])
            assert writer.head == content[:HEAD_SIZE]

    def test_the_size_grows_with_what_is_written(self, store: BlobStore) -> None:
        with store.writer() as writer:
            assert writer.size == 0
            writer.write(b"abc")
            writer.write(b"")
            assert writer.size == 3
            writer.write(b"de")
            assert writer.size == 5

    @pytest.mark.parametrize("size", [1000, LARGE])
    def test_nobody_sees_a_content_before_it_is_kept(self, store: BlobStore, size: int) -> None:
        content = noise(size)
        with store.writer() as writer:
            for start in range(0, size, PIECE):
                writer.write(content[start : start + PIECE])
            blob = writer.finish()
            assert blob.sha256 not in store
            assert names(store) == []
            keep(store, writer)
            assert_holds(store, content)

    @pytest.mark.parametrize("size", [1000, LARGE])
    def test_what_was_written_can_be_read_before_it_is_kept(self, store: BlobStore, size: int) -> None:
        content = noise(size)
        with store.writer() as writer:
            writer.write(content)
            writer.finish()
            with writer.reader() as one, writer.reader() as other:
                one.seek(500)
                assert one.read() == content[500:]
                assert other.read() == content

    def test_finishing_twice_gives_the_same(self, store: BlobStore) -> None:
        with store.writer() as writer:
            writer.write(b"content")
            assert writer.finish() == writer.finish() == keep(store, writer)

    @pytest.mark.parametrize("size", [0, 1000, LARGE])
    @pytest.mark.parametrize("finish", [False, True])
    def test_what_is_not_kept_is_forgotten(self, store: BlobStore, size: int, finish: bool) -> None:
        with store.writer() as writer:
            writer.write(noise(size))
            if finish:
                writer.finish()
        assert_holds(store)

    def test_what_an_error_ends_is_forgotten(self, store: BlobStore) -> None:
        def go_away() -> None:
            with store.writer() as writer:
                writer.write(noise(LARGE))
                raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            go_away()
        assert_holds(store)

    def test_the_same_content_twice_is_one(self, store: BlobStore) -> None:
        assert put(store, b"content") == put(store, b"content", piece=2)
        assert_holds(store, b"content")

    def test_a_content_may_be_committed_twice(self, store: BlobStore) -> None:
        with store.writer() as writer:
            writer.write(b"content")
            staged = writer.stage()
            assert commit(store, staged) == commit(store, staged)
        assert_holds(store, b"content")

    def test_what_was_staged_can_be_committed_after_its_writer(self, store: BlobStore) -> None:
        with store.writer() as writer:
            writer.write(b"content")
            staged = writer.stage()
        commit(store, staged)
        assert_holds(store, b"content")

    def test_contents_are_listed_with_size_and_moment(self, store: BlobStore) -> None:
        before = time.time() - TICK
        sizes = {put(store, noise(size)).sha256: size for size in (0, 10, 2000)}
        listed = list(store)
        assert {stored.sha256: stored.size for stored in listed} == sizes
        assert len(listed) == len(sizes)
        assert all(before <= stored.put_at <= time.time() + TICK for stored in listed)

    def test_putting_again_refreshes_the_moment(self, store: BlobStore) -> None:
        put(store, b"content")
        later = moment_after_now()
        put(store, b"content")
        (stored,) = store
        assert stored.put_at > later

    def test_a_missing_content_is_an_error_of_its_own(self, store: BlobStore) -> None:
        assert UNKNOWN not in store
        with pytest.raises(BlobMissing):
            store.open(UNKNOWN)

    @pytest.mark.parametrize("name", NO_DIGESTS)
    def test_a_name_that_is_no_digest_is_refused(self, store: BlobStore, name: str) -> None:
        for method in (
            store.open,
            store.__contains__,
            partial(store.remove, unless_put_after=0),
        ):
            with pytest.raises(ValueError, match="64 lower-case hex digits"):
                method(name)

    def test_readers_seek_and_do_not_disturb_each_other(self, store: BlobStore) -> None:
        blob = put(store, b"0123456789")
        with store.open(blob.sha256) as one, store.open(blob.sha256) as other:
            assert one.seekable()
            one.seek(7)
            assert (one.read(), other.read(3), one.tell(), other.tell()) == (b"789", b"012", 10, 3)

    def test_a_removed_content_is_gone(self, store: BlobStore) -> None:
        blob = put(store, b"content")
        put(store, b"another")
        assert store.remove(blob.sha256, unless_put_after=moment_after_now())
        assert blob.sha256 not in store
        with pytest.raises(BlobMissing):
            store.open(blob.sha256)
        assert_holds(store, b"another")

    def test_a_content_put_after_the_moment_stays(self, store: BlobStore) -> None:
        moment = moment_after_now()
        blob = put(store, b"content")
        assert not store.remove(blob.sha256, unless_put_after=moment)
        assert_holds(store, b"content")

    def test_a_content_put_again_after_the_moment_stays(self, store: BlobStore) -> None:
        put(store, b"content")
        moment = moment_after_now()
        blob = put(store, b"content")
        assert not store.remove(blob.sha256, unless_put_after=moment)
        assert_holds(store, b"content")

    def test_removing_what_is_not_there_removes_nothing(self, store: BlobStore) -> None:
        assert not store.remove(UNKNOWN, unless_put_after=time.time())

    def test_a_removed_content_can_be_put_again(self, store: BlobStore) -> None:
        blob = put(store, b"content")
        assert store.remove(blob.sha256, unless_put_after=moment_after_now())
        put(store, b"content")
        assert_holds(store, b"content")

    def test_who_reads_a_content_can_finish_after_its_removal(self, store: BlobStore) -> None:
        content = noise(100_000)
        blob = put(store, content)
        with store.open(blob.sha256) as reader:
            begun = reader.read(10)
            assert store.remove(blob.sha256, unless_put_after=moment_after_now())
            assert begun + reader.read() == content

    @pytest.mark.parametrize("size", [100, LARGE])
    def test_many_may_put_the_same_at_once(self, store: BlobStore, size: int) -> None:
        content = noise(size)
        blobs = in_threads([partial(put, store, content)] * 8)
        assert set(blobs) == {Blob(digest(content), hashlib.md5(content).hexdigest(), size)}
        assert_holds(store, content)

    def test_many_may_put_different_contents_at_once(self, store: BlobStore) -> None:
        contents = [noise(5000, seed) for seed in range(32)]
        in_threads([partial(put, store, content) for content in contents])
        assert_holds(store, *contents)

    def test_a_content_put_during_its_removal_stays(self, store: BlobStore) -> None:
        sha256 = digest(b"content")
        for _ in range(20):
            put(store, b"content")
            moment = moment_after_now()
            remove = partial(store.remove, sha256, unless_put_after=moment)
            in_threads([remove, partial(put, store, b"content"), remove, partial(put, store, b"content")])
            assert_holds(store, b"content")

    def test_of_many_removals_at_once_one_removes(self, store: BlobStore) -> None:
        blob = put(store, b"content")
        remove = partial(store.remove, blob.sha256, unless_put_after=moment_after_now())
        assert sum(in_threads([remove] * 8)) == 1
        assert_holds(store)

    def test_the_writers_of_now_are_no_leftovers(self, store: BlobStore) -> None:
        with store.writer() as writer:
            writer.write(b"content")
            assert store.remove_temporaries(time.time() - 3600) == 0
            keep(store, writer)
        assert_holds(store, b"content")

    def test_a_store_that_works_passes_its_check(self, store: BlobStore) -> None:
        store.check()
        assert_holds(store)
