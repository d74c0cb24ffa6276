"""What every store promises of contents that come in over several requests."""

import hashlib
import multiprocessing
import os
import random
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pastebin.errors import GaveWay, Locked, StorageFull
from pastebin.storage import Appender, Blob, BlobStore, Unfinished, UnfinishedFolder
from pastebin.storage import unfinished as module
from tests.contracts.blob_store import assert_holds, commit, digest
from tests.contracts.together import in_threads
from tests.inprocess.contents import noise

NAME, GROUP = "0123456789abcdef" * 2, "fedcba9876543210"
SIZES = [0, 1, 1000, 64 * 2**10, 64 * 2**10 + 1, 6 * 2**20 + 1]


def opened(folder: UnfinishedFolder, name: str = NAME) -> Unfinished:
    """Return a content that is there."""
    content = folder.open(name)
    assert content is not None
    return content


def append(folder: UnfinishedFolder, *pieces: bytes, sync: bool = True) -> None:
    """Append in a request of its own."""
    with opened(folder) as content:
        with content.exclusive():
            appender = Appender(content, is_checked=False)
        for piece in pieces:
            appender.write(piece)
        with appender.finishing():
            if sync:
                content.sync()


def size_of(folder: UnfinishedFolder) -> int:
    """Return how many bytes are safe."""
    with opened(folder) as content, content.exclusive():
        return content.size


def _die_while_writing(folder: UnfinishedFolder, pieces: list[bytes], is_checked: bool) -> None:
    content = opened(folder)
    with content.exclusive():
        appender = Appender(content, is_checked=is_checked)
    for piece in pieces:
        appender.write(piece)
    os._exit(9)


class UnfinishedContract:
    """The fixtures `store` and `unfinished` of a subclass give an empty store and its unfinished contents."""

    @pytest.fixture
    def folder(self, unfinished: UnfinishedFolder) -> UnfinishedFolder:
        """Give one with an empty content."""
        unfinished.create(NAME, GROUP, {"kind": "test"})
        return unfinished

    def test_what_was_made_is_there_with_its_note(self, folder: UnfinishedFolder) -> None:
        with opened(folder) as content, content.exclusive():
            assert (content.size, content.state.note, content.head) == (0, {"kind": "test"}, b"")
            content.state.save_note({"kind": "another", "text": "é\n"})
            assert content.state.note == {"kind": "another", "text": "é\n"}
        with opened(folder) as content:
            assert content.state.note["kind"] == "another"
        assert list(folder.names()) == [NAME]
        assert folder.count(GROUP) == 1
        assert folder.open("f" * 32) is None

    @pytest.mark.parametrize("size", SIZES)
    def test_pieces_become_a_content(self, store: BlobStore, folder: UnfinishedFolder, size: int) -> None:
        whole = noise(size)
        for start in range(0, size, max(1, size // 3)):
            append(folder, whole[start : start + max(1, size // 3)])
        with opened(folder) as content, content.exclusive():
            assert content.head == whole[: len(content.head)]
            assert content.finish() == Blob(digest(whole), hashlib.md5(whole).hexdigest(), size)
            with content.reader() as reader:
                assert reader.read() == whole
            commit(store, content.stage())
            content.discard_bytes()
        assert_holds(store, whole)
        assert folder.count(GROUP) == 0

    @pytest.mark.parametrize("size", [1000, 70_000])
    def test_staging_can_be_done_again(self, store: BlobStore, folder: UnfinishedFolder, size: int) -> None:
        append(folder, noise(size))
        for _ in range(2):
            with opened(folder) as content, content.exclusive():
                staged = content.stage()
                assert content.size == size
        commit(store, staged)
        with opened(folder) as content, content.exclusive():
            content.remove()
        assert_holds(store, noise(size))
        assert list(folder.names()) == []

    def test_what_is_staged_is_fresh(self, store: BlobStore, folder: UnfinishedFolder) -> None:
        """A sweep would take a content for forgotten whose last byte came a day ago."""
        append(folder, noise(70_000))
        with opened(folder) as content, content.exclusive():
            os.utime(content._open(), (time.time() - 86400,) * 2)
            commit(store, content.stage())
        assert next(iter(store)).put_at > time.time() - 60

    @pytest.mark.parametrize("size", [1, 100_000, 5 * 2**20])
    def test_the_hash_goes_on_where_it_was(
        self, folder: UnfinishedFolder, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        append(folder, noise(size))
        read: list[int] = []
        pread = os.pread

        def counted(descriptor: int, count: int, place: int) -> bytes:
            data = pread(descriptor, count, place)
            read.append(len(data))
            return data

        monkeypatch.setattr(module.os, "pread", counted)
        append(folder, b"more")
        assert max(read) < 2000 or not module.HASH_RESUMES
        with opened(folder) as content, content.exclusive():
            assert content.finish().sha256 == digest(noise(size) + b"more")

    def test_without_states_of_hashes_all_is_hashed_in_the_end(
        self, folder: UnfinishedFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "HASH_RESUMES", False)
        append(folder, noise(1000))
        append(folder, noise(2000))
        with opened(folder) as content, content.exclusive():
            assert content.finish().sha256 == digest(noise(1000) + noise(2000))

    def test_many_random_chunks(self, folder: UnfinishedFolder) -> None:
        dice, whole = random.Random(7), b""
        for _ in range(300):
            piece = dice.randbytes(dice.choice([0, 1, 63, 64, 65, 1000, 70_000]))
            append(folder, piece, sync=dice.random() < 0.5)
            whole += piece
            if dice.random() < 0.1:
                with opened(folder) as content, content.exclusive():
                    assert content.finish().sha256 == digest(whole)
        assert size_of(folder) == len(whole)

    def test_what_is_rolled_back_never_was(self, folder: UnfinishedFolder) -> None:
        append(folder, b"0123")
        with opened(folder) as content:
            with content.exclusive():
                appender = Appender(content, is_checked=True)
            appender.write(noise(100_000))
            with appender.finishing():
                appender.rollback()
                content.sync()
        append(folder, b"4567")
        with opened(folder) as content, content.exclusive():
            assert content.finish().sha256 == digest(b"01234567")

    @pytest.mark.parametrize("is_checked", [False, True])
    def test_a_killed_writer_leaves_what_counts(
        self, folder: UnfinishedFolder, is_checked: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        append(folder, b"first")
        context = multiprocessing.get_context("fork")
        child = context.Process(target=_die_while_writing, args=(folder, [b"second", b"third"], is_checked))
        child.start()
        child.join()
        assert child.exitcode == 9
        expected = b"first" if is_checked else b"firstsecondthird"
        assert size_of(folder) == len(expected)  # waits for a second of silence
        with opened(folder) as content, content.exclusive():
            assert content.finish().sha256 == digest(expected)

    def test_what_was_confirmed_counts_after_a_kill(self, folder: UnfinishedFolder) -> None:
        content = opened(folder)
        with content.exclusive():
            appender = Appender(content, is_checked=True)
        appender.write(b"checked")
        with content.state.locked():  # and the process ends before `finishing` does
            appender.confirm()
        content.close()
        assert size_of(folder) == 7

    def test_who_is_silent_gives_way(self, folder: UnfinishedFolder) -> None:
        with opened(folder) as old:
            with old.exclusive():
                silent = Appender(old, is_checked=False)
            silent.write(b"0123")
            begun = time.monotonic()
            append(folder, b"4567")
            assert 0.5 < time.monotonic() - begun < 5
            with pytest.raises(GaveWay):
                silent.write(b"xxxx")
            with pytest.raises(GaveWay), silent.finishing():
                pass
        with opened(folder) as content, content.exclusive():
            assert content.finish().sha256 == digest(b"01234567")

    def test_who_sends_is_not_disturbed(self, folder: UnfinishedFolder) -> None:
        with opened(folder) as old:
            with old.exclusive():
                busy = Appender(old, is_checked=False)
            stopped = threading.Event()

            def send() -> None:
                while not stopped.wait(0.1):
                    busy.write(b"x")

            sender = threading.Thread(target=send)
            sender.start()
            try:
                with opened(folder) as content, pytest.raises(Locked), content.exclusive(1.5):
                    pass
                with opened(folder) as content, content.state.locked():
                    content.prefix_sha256()
            finally:
                stopped.set()
                sender.join()
            with busy.finishing():
                old.sync()
        assert size_of(folder) >= 10

    def test_one_of_many_writes(self, folder: UnfinishedFolder) -> None:
        """Eight at the same offset: each finds all that came before it, whole."""

        def one(number: int) -> int:
            with opened(folder) as content:
                with content.exclusive(30):
                    start = content.size
                    appender = Appender(content, is_checked=False)
                appender.write(bytes([number]) * 1000)
                with appender.finishing():
                    content.sync()
                return start

        starts = in_threads([partial(one, number) for number in range(8)])
        assert sorted(starts) == [1000 * number for number in range(8)]

    def test_no_room_keeps_what_is_there(self, folder: UnfinishedFolder, monkeypatch: Any) -> None:
        append(folder, b"0123")
        real = os.write

        def full(descriptor: int, data: Any) -> int:
            if len(data) == 5:  # half of it is written
                return real(descriptor, bytes(data[:2]))
            raise OSError(28, "no space left on device")

        with opened(folder) as content, content.exclusive():
            with monkeypatch.context() as patched:
                patched.setattr(module.os, "write", full)
                with pytest.raises(StorageFull):
                    content.write(b"45678")
            assert content.size == 4
            content.write(b"4567")
            content.sync()
            assert content.finish().sha256 == digest(b"01234567")

    def test_a_sync_that_fails_is_not_believed(self, folder: UnfinishedFolder, monkeypatch: Any) -> None:
        append(folder, b"0123")

        def fail(_descriptor: int) -> None:
            raise OSError(5, "input/output error")

        with opened(folder) as content, content.exclusive():
            content.write(b"4567")
            with monkeypatch.context() as patched:
                patched.setattr(module.os, "fsync", fail)
                with pytest.raises(Exception, match="file store"):
                    content.sync()
            assert content.size == 4

    def test_torn_progress_counts_for_nothing(self, folder: UnfinishedFolder, tmp_path: Path) -> None:
        append(folder, noise(1000))
        append(folder, noise(500))
        (state,) = tmp_path.rglob(f"{NAME}.state")
        for place in (0, 256):
            with state.open("r+b") as file:
                file.seek(place + 20)
                file.write(b"torn")
            with opened(folder) as content, content.exclusive():
                assert content.finish().sha256 == digest(noise(1000) + noise(500))

    def test_a_torn_note_counts_for_nothing(self, folder: UnfinishedFolder, tmp_path: Path) -> None:
        (state,) = tmp_path.rglob(f"{NAME}.state")
        with state.open("ab") as file:
            file.write(b'{"kind": "hal')
        with opened(folder) as content, content.exclusive():
            assert content.state.note == {"kind": "test"}
            content.state.save_note({"kind": "new"})
            assert content.state.note == {"kind": "new"}

    def test_a_removed_one_is_gone_for_who_waits(self, folder: UnfinishedFolder) -> None:
        from pastebin.errors import NotFound

        with opened(folder) as one, opened(folder) as other:
            with one.exclusive():
                one.remove()
            with pytest.raises(NotFound), other.exclusive():
                pass
        assert folder.open(NAME) is None
        assert folder.count(GROUP) == 0
        folder.remove_orphans(time.time() + 1)

    def test_orphans_go_after_their_time(self, folder: UnfinishedFolder, tmp_path: Path) -> None:
        append(folder, b"text")
        (state,) = tmp_path.rglob(f"{NAME}.state")
        state.unlink()
        folder.remove_orphans(time.time() - 60)
        assert folder.count(GROUP) == 1
        folder.remove_orphans(time.time() + 60)
        assert folder.count(GROUP) == 0
