"""The bounded folder of things that can be made again."""

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from pastebin.storage import DerivedFolder, derived
from tests.contracts.together import files_up_to, in_processes, in_threads

LIMIT = 100_000

Damage = Callable[[Path], None]

READ_BESIDE_OTHERS = """
import sys
from pathlib import Path
from pastebin.storage import DerivedFolder
folder = DerivedFolder(Path(sys.argv[1]), 10**6)
wait()
for number in range(50):
    with folder.writer("key") as writer:
        writer.file.write(b"an image" * 1000)
        folder.keep(writer, "image/png").reader.close()
    with folder.get("key").reader as reader:
        assert reader.read(8000) == b"an image" * 1000
print("whole")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder's place."""
    return tmp_path / "derived"


@pytest.fixture
def images(folder: Path) -> DerivedFolder:
    """Give an empty folder of at most LIMIT bytes."""
    return DerivedFolder(folder, LIMIT)


def put(images: DerivedFolder, key: str, data: bytes = b"an image") -> bytes:
    """Keep some bytes and return what their maker reads of them."""
    with images.writer(key) as writer:
        writer.file.write(data)
        file = images.keep(writer, "image/png")
    assert file.mimetype == "image/png"
    with file.reader:
        return file.reader.read(file.size)


def read(images: DerivedFolder, key: str) -> bytes | None:
    """Return what is kept under a key, if anything is."""
    file = images.get(key)
    if file is None:
        return None
    assert file.mimetype == "image/png"
    with file.reader:
        return file.reader.read(file.size)


def kept(folder: Path) -> list[Path]:
    """Return every file of the folder."""
    return [path for path in folder.glob("*/*") if path.is_file()]


def used(folder: Path) -> int:
    """Return how many bytes the files of the folder take."""
    return sum(path.stat().st_size for path in kept(folder))


@contextmanager
def aged(folder: Path, seconds: float) -> Iterator[None]:
    """Make what is put meanwhile as old as that."""
    before = set(kept(folder))
    yield
    moment = time.time() - seconds
    for path in set(kept(folder)) - before:
        os.utime(path, (moment, moment))


# Keeping and finding


def test_what_was_put_is_kept(images: DerivedFolder, folder: Path) -> None:
    assert images.get("key") is None
    assert put(images, "key") == b"an image"
    assert read(images, "key") == b"an image"
    assert read(DerivedFolder(folder, LIMIT), "key") == b"an image"
    assert put(images, "empty", b"") == read(images, "empty") == b""


@pytest.mark.parametrize("key", ["", "../../escaped", "/etc/passwd", "a\0b", "é" * 5000])
def test_any_text_is_a_key_of_its_own(images: DerivedFolder, folder: Path, key: str) -> None:
    put(images, "key", b"one")
    put(images, key, b"other")
    assert (read(images, "key"), read(images, key)) == (b"one", b"other")
    assert len(kept(folder)) == 2


def test_what_is_not_kept_leaves_nothing(images: DerivedFolder, folder: Path) -> None:
    with images.writer("key") as writer:
        writer.file.write(b"half an")
    writer.file.close()
    with pytest.raises(RuntimeError), images.writer("key") as writer:
        raise RuntimeError
    assert writer.file.closed
    assert kept(folder) == []
    assert images.get("key") is None


def test_nothing_is_found_before_it_is_whole(images: DerivedFolder) -> None:
    with images.writer("key") as writer:
        writer.file.write(b"an image")
        assert images.get("key") is None
        images.keep(writer, "image/png").reader.close()
    assert read(images, "key") == b"an image"


def test_threads_do_not_get_in_each_others_way(images: DerivedFolder) -> None:
    def use(number: int) -> None:
        for turn in range(20):
            data = b"%d" % (turn % 3)
            assert put(images, f"key {turn % 3}", data) == data
            assert read(images, f"key {turn % 3}") == data

    in_threads([partial(use, number) for number in range(8)])


def test_several_processes_may_make_the_same(folder: Path) -> None:
    assert [line.strip() for line in in_processes(READ_BESIDE_OTHERS, folder, count=3)] == ["whole"] * 3
    assert len(kept(folder)) == 1


# Damage


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _zero_the_middle(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\0\0" + data[4:])


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _cut_the_start(path: Path) -> None:
    path.write_bytes(path.read_bytes()[1:])


def _older_format(path: Path) -> None:
    path.write_bytes(b"\x09image/png" + b"an image" * 100)


DAMAGES = [_empty, _zero, _zero_the_middle, _cut, _cut_the_start, _older_format]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("is_same_process", [True, False])
def test_a_damaged_one_counts_as_none(
    images: DerivedFolder, folder: Path, damage: Damage, is_same_process: bool
) -> None:
    put(images, "key")
    assert read(images, "key") == b"an image"
    damage(kept(folder)[0])
    if not is_same_process:
        images = DerivedFolder(folder, LIMIT)
    assert read(images, "key") is None
    assert put(images, "key") == read(images, "key") == b"an image"


def test_a_folder_in_the_place_of_one_counts_as_none(images: DerivedFolder, folder: Path) -> None:
    put(images, "key")
    (path,) = kept(folder)
    path.unlink()
    path.mkdir()
    assert read(images, "key") is None
    assert put(images, "key") == b"an image"


# The limit


def test_the_folder_stays_within_its_limit_and_keeps_the_newest(images: DerivedFolder, folder: Path) -> None:
    for number in range(50):
        with aged(folder, 1000 - number):
            put(images, f"key {number}", bytes(5000))
        assert used(folder) <= LIMIT
    held = [number for number in range(50) if read(images, f"key {number}")]
    assert held == list(range(50 - len(held), 50))
    assert len(held) * 5064 >= LIMIT * derived.KEEP_SHARE - 5064


def test_a_folder_opened_again_counts_what_is_there(images: DerivedFolder, folder: Path) -> None:
    for number in range(19):
        put(images, f"key {number}", bytes(5000))
    put(DerivedFolder(folder, LIMIT // 2), "another", bytes(5000))
    assert used(folder) <= LIMIT // 2


def test_what_is_read_all_the_time_stays(tmp_path: Path) -> None:
    """50 small ones that are read between 60 large ones, which fill the folder three times."""
    images = DerivedFolder(tmp_path, 20 * 10_000)
    for number in range(50):
        put(images, f"loved {number}", b"loved")
    for number in range(60):
        time.sleep(0.01)
        put(images, f"large {number}", bytes(10_000))
        assert {read(images, f"loved {loved}") for loved in range(50)} == {b"loved"}
    assert read(images, "large 0") is None


def test_who_reads_can_finish_after_the_removal(images: DerivedFolder, folder: Path) -> None:
    with aged(folder, 1000):
        put(images, "key", b"the first")
    file = images.get("key")
    moment = time.time() - 1000
    os.utime(kept(folder)[0], (moment, moment))
    with file.reader:
        for number in range(40):
            put(images, f"key {number}", bytes(5000))
        assert images.get("key") is None
        assert file.reader.read(file.size) == b"the first"


def test_larger_than_the_limit_is_made_and_not_kept_for_long(images: DerivedFolder, folder: Path) -> None:
    assert put(images, "key", bytes(2 * LIMIT)) == bytes(2 * LIMIT)
    put(images, "next", bytes(5000))
    assert used(folder) <= LIMIT


def test_what_a_killed_process_left_counts_and_goes_in_its_turn(images: DerivedFolder, folder: Path) -> None:
    partial_file = folder / "00" / f"{'0' * 64}.12345678"
    partial_file.parent.mkdir(parents=True)
    with aged(folder, 1000):
        partial_file.write_bytes(bytes(LIMIT))
    put(images, "key")
    assert not partial_file.exists()
    assert read(images, "key") == b"an image"


def test_threads_that_fill_it_leave_it_within_its_limit(images: DerivedFolder, folder: Path) -> None:
    def fill(first: int) -> None:
        for number in range(first, first + 10):
            assert put(images, f"key {number}", bytes(5000)) == bytes(5000)

    in_threads([partial(fill, first) for first in range(0, 80, 10)])
    put(images, "last", bytes(LIMIT // derived.RECOUNT_SHARE))
    assert used(folder) <= LIMIT


# Without the folder


def test_a_folder_that_was_removed_is_made_again(images: DerivedFolder, folder: Path) -> None:
    put(images, "key")
    shutil.rmtree(folder)
    assert images.get("key") is None
    assert put(images, "key") == read(images, "key") == b"an image"


def test_a_shard_that_was_removed_while_writing_costs_only_the_entry(
    images: DerivedFolder, folder: Path
) -> None:
    with images.writer("key") as writer:
        writer.file.write(b"an image")
        shutil.rmtree(folder)
        file = images.keep(writer, "image/png")
    with file.reader:
        assert file.reader.read(file.size) == b"an image"
    assert images.get("key") is None


def test_a_place_that_cannot_be_a_folder_is_done_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "derived").write_text("a file")
    images = DerivedFolder(tmp_path / "derived", LIMIT)
    with caplog.at_level(logging.ERROR):
        for number in range(5):
            assert put(images, f"key {number}") == b"an image"
    assert images.get("key 0") is None
    assert len(caplog.records) == 1


def test_a_folder_that_works_again_is_used_again(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("a file")
    images = DerivedFolder(folder, LIMIT)
    put(images, "key")
    folder.unlink()
    monkeypatch.setattr(images, "_paused_until", 0.0)
    put(images, "key")
    assert read(images, "key") == b"an image"


def test_a_trailer_that_finds_no_room_costs_only_the_entry(images: DerivedFolder, folder: Path) -> None:
    with images.writer("key") as writer:
        writer.file.write(bytes(1000))
        with files_up_to(1010):
            file = images.keep(writer, "image/png")
    with file.reader:
        assert file.reader.read(file.size) == bytes(1000)
    assert kept(folder) == []


def test_without_room_for_temporary_files_memory_is_used(
    images: DerivedFolder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(folder / "missing"))
    images.pause(OSError("no room"))
    assert put(images, "key") == b"an image"
    assert images.get("key") is None
