"""The store that keeps contents as files: the contract, and what its files promise beyond it."""

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pastebin.errors import StorageFull, Unavailable
from pastebin.storage import FolderBlobStore, disk
from tests.contracts.blob_store import (
    LARGE,
    BlobStoreContract,
    assert_holds,
    digest,
    moment_after_now,
    put,
    read,
)
from tests.contracts.together import files_up_to, in_processes, killed_in
from tests.inprocess.contents import noise

PUT_BESIDE_OTHERS = """
from pathlib import Path
from pastebin.storage import FolderBlobStore
store = FolderBlobStore(Path(sys.argv[1]))
wait()
with store.writer() as writer:
    writer.write(b"content" * 1000)
    print(writer.stage().blob.sha256)
"""

KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from pastebin.storage import FolderBlobStore
writer = FolderBlobStore(Path(sys.argv[1])).writer()
writer.write(b"half of it")
os.kill(os.getpid(), signal.SIGKILL)
"""

KILLED_WHILE_REMOVING = """
import os, signal, sys, time
from pathlib import Path
from pastebin.storage import FolderBlobStore
store = FolderBlobStore(Path(sys.argv[1]))
assert store.set_aside(sys.argv[2], unless_put_after=time.time() + 60)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a store that is not there yet."""
    return tmp_path / "files"


class FolderStoreContract(BlobStoreContract):
    """The contract of a folder, which tests use in turn: making its many subfolders takes long."""

    durable: bool

    @pytest.fixture(scope="class")
    @classmethod
    def used_store(cls, tmp_path_factory: pytest.TempPathFactory) -> FolderBlobStore:
        """Give the store that other tests have used."""
        return FolderBlobStore(tmp_path_factory.mktemp("files"), durable=cls.durable)

    @pytest.fixture
    def store(self, used_store: FolderBlobStore) -> FolderBlobStore:
        """Give the store, emptied."""
        for path in used_store.path("0" * 64).parents[1].glob("*/*"):
            path.unlink()
        return used_store


class TestDurableStore(FolderStoreContract):
    """A store that waits for the disk."""

    durable = True


class TestRelaxedStore(FolderStoreContract):
    """A store that leaves the disk to the operating system."""

    durable = False


@pytest.fixture
def store(folder: Path) -> FolderBlobStore:
    """Give a durable store."""
    return FolderBlobStore(folder)


@pytest.fixture
def disk_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Give the list of what is synced and renamed meanwhile, in order."""
    calls: list[tuple[str, str]] = []
    fsync, rename = os.fsync, os.rename

    def noted_fsync(descriptor: int) -> None:
        calls.append(("sync", os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    def noted_rename(source: str, target: str) -> None:
        calls.append(("rename", str(target)))
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "rename", noted_rename)
    return calls


def grown_old(path: Path, seconds: float) -> None:
    """Make a file as old as that."""
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def temporaries(folder: Path) -> list[Path]:
    """Return the files of unfinished writers and removals."""
    return [path for name in ("tmp", "trash") for path in (folder / name).iterdir()]


def test_a_durable_content_is_synced_then_named_then_its_folder_synced(
    store: FolderBlobStore, disk_calls: list[tuple[str, str]]
) -> None:
    with store.writer() as writer:
        writer.write(b"content")
        (temporary,) = temporaries(store.path(digest(b"content")).parents[1])
        writer.stage()
    place = store.path(digest(b"content"))
    assert disk_calls == [("sync", str(temporary)), ("rename", str(place)), ("sync", str(place.parent))]


def test_a_content_that_was_there_takes_as_long_as_a_new_one(
    store: FolderBlobStore, disk_calls: list[tuple[str, str]]
) -> None:
    """Nobody sees by the time what is here; and another request may not have synced the folder yet."""
    put(store, b"content")
    new = [path if kind == "rename" else kind for kind, path in disk_calls]
    disk_calls.clear()
    put(store, b"content")
    place = store.path(digest(b"content"))
    again = [path if kind == "rename" else kind for kind, path in disk_calls]
    assert again == new == ["sync", str(place), "sync"]
    assert disk_calls[-1] == ("sync", str(place.parent))


def test_a_relaxed_store_waits_for_no_disk(folder: Path, disk_calls: list[tuple[str, str]]) -> None:
    store = FolderBlobStore(folder, durable=False)
    disk_calls.clear()
    put(store, b"content")
    put(store, noise(LARGE))
    assert [kind for kind, _ in disk_calls] == ["rename", "rename"]


def test_a_store_opened_again_has_its_contents(folder: Path) -> None:
    put(FolderBlobStore(folder), b"content")
    assert_holds(FolderBlobStore(folder), b"content")


def test_several_processes_may_put_the_same_at_once(folder: Path, store: FolderBlobStore) -> None:
    printed = in_processes(PUT_BESIDE_OTHERS, folder, count=4)
    assert {line.strip() for line in printed} == {digest(b"content" * 1000)}
    assert_holds(store, b"content" * 1000)


def test_the_next_put_replaces_a_content_that_lost_bytes(store: FolderBlobStore) -> None:
    blob = put(store, b"content")
    os.truncate(store.path(blob.sha256), 3)
    put(store, b"content")
    assert_holds(store, b"content")


def test_files_that_are_no_contents_are_not_listed(store: FolderBlobStore) -> None:
    folder = store.path(digest(b"content")).parent
    (folder / "notes.txt").write_text("an operator's")
    (folder / ("0" * 63)).touch()
    assert list(store) == []


@pytest.mark.parametrize("size", [100_000, LARGE])
def test_a_full_disk_says_so_and_keeps_nothing(store: FolderBlobStore, size: int) -> None:
    with files_up_to(50_000), pytest.raises(StorageFull, match="disk is full"):
        put(store, noise(size))
    assert_holds(store)
    put(store, noise(size))
    assert_holds(store, noise(size))


def test_a_full_disk_fails_the_check(store: FolderBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pastebin.storage.folder.LEAST_FREE", 2**60)
    with pytest.raises(StorageFull):
        store.check()


def test_others_cannot_read_what_is_stored(store: FolderBlobStore) -> None:
    """Its group can, unless the umask says otherwise: nginx may send files by itself."""
    place = store.path(put(store, b"content").sha256)
    assert place.stat().st_mode & 0o007 == place.parent.stat().st_mode & 0o007 == 0


def test_a_hash_that_fails_ends_the_writing(store: FolderBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever thread it is computed, with whatever error."""

    class Broken:
        def update(self, _data: bytes) -> None:
            raise MemoryError

    monkeypatch.setattr("pastebin.storage.stream_hash.ContentHash", Broken)
    for size in (10, 3 * LARGE):
        with pytest.raises(MemoryError):
            put(store, noise(size))
    assert_holds(store)


def test_a_disk_that_went_away_is_unavailable(folder: Path, store: FolderBlobStore) -> None:
    blob = put(store, b"content")
    folder.rename(folder.with_name("elsewhere"))
    for act in (store.writer, store.check, partial(store.remove_temporaries, 0)):
        with pytest.raises(Unavailable):
            act()
    folder.with_name("elsewhere").rename(folder)
    assert read(store, blob.sha256) == b"content"


def test_an_error_of_the_disk_in_the_background_ends_the_writing(
    store: FolderBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("pastebin.storage.folder_writer.start_writeback", fail)
    with pytest.raises(Unavailable, match="Input/output error"):
        put(store, noise(3 * LARGE))
    assert_holds(store)


def test_what_a_killed_writer_left_goes_after_the_grace(folder: Path, store: FolderBlobStore) -> None:
    put(store, b"content")
    killed_in(KILLED_WHILE_WRITING, folder)
    (leftover,) = temporaries(folder)
    assert store.remove_temporaries(older_than=time.time() - 3600) == 0
    assert leftover.exists()
    grown_old(leftover, 3601)
    assert store.remove_temporaries(older_than=time.time() - 3600) == 1
    assert_holds(store, b"content")


@pytest.fixture
def killed_removal(folder: Path, store: FolderBlobStore) -> Path:
    """Give what a removal moved aside before it was killed."""
    blob = put(store, b"content")
    killed_in(KILLED_WHILE_REMOVING, folder, blob.sha256)
    assert blob.sha256 not in store
    (aside,) = temporaries(folder)
    return aside


def test_a_killed_removal_is_undone(killed_removal: Path, store: FolderBlobStore) -> None:
    store.remove_temporaries(older_than=moment_after_now())
    assert not killed_removal.exists()
    assert_holds(store, b"content")


def test_a_removal_of_now_is_not_undone(killed_removal: Path, store: FolderBlobStore) -> None:
    """However old the content is: the removal may be a running one."""
    grown_old(killed_removal, 7200)
    store.remove_temporaries(older_than=time.time() - 3600)
    assert killed_removal.exists()
    assert digest(b"content") not in store


def test_undoing_a_removal_leaves_a_content_that_was_put_since(
    killed_removal: Path, store: FolderBlobStore
) -> None:
    put(store, b"content")
    inode = store.path(digest(b"content")).stat().st_ino
    store.remove_temporaries(older_than=moment_after_now())
    assert not killed_removal.exists()
    assert store.path(digest(b"content")).stat().st_ino == inode
    assert_holds(store, b"content")


def test_early_writing_is_only_a_hint(store: FolderBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are systems without sync_file_range."""
    monkeypatch.setattr(disk, "_sync_file_range", None)
    put(store, noise(2 * LARGE))
    assert_holds(store, noise(2 * LARGE))
