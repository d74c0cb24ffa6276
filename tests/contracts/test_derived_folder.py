"""The bounded folder of things that can be made again."""

import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from pastebin.errors import NotAnImage, StorageFull, Unavailable
from pastebin.storage import DerivedFolder, derived
from tests.contracts.together import files_up_to, in_processes, in_threads, killed_in

LIMIT = 100_000

MAKE_BESIDE_OTHERS = """
import os, time
from pathlib import Path
from pastebin.storage import DerivedFolder
folder = DerivedFolder(Path(sys.argv[1]), 10**6)
def make():
    with open(sys.argv[2], "a") as made:
        made.write("made\\n")
    time.sleep(0.05)
    return b"an image"
wait()
with folder.get_or_make("key", make) as reader:
    print(reader.read().decode())
"""

KILLED_WHILE_MAKING = """
import os, signal, sys
from pathlib import Path
from pastebin.storage import DerivedFolder
def make():
    os.kill(os.getpid(), signal.SIGKILL)
DerivedFolder(Path(sys.argv[1]), 10**6).get_or_make("key", make)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder's place."""
    return tmp_path / "derived"


@pytest.fixture
def images(folder: Path) -> DerivedFolder:
    """Give an empty folder of at most LIMIT bytes."""
    return DerivedFolder(folder, LIMIT)


class Maker:
    """Makes bytes, counts how often, and takes its time if told to."""

    def __init__(self, data: bytes = b"an image", seconds: float = 0) -> None:
        self.calls = 0
        self._data = data
        self._seconds = seconds
        self._lock = threading.Lock()

    def __call__(self) -> bytes:
        with self._lock:
            self.calls += 1
        time.sleep(self._seconds)
        return self._data


def read(images: DerivedFolder, key: str, make: Callable[[], bytes]) -> bytes:
    """Return what is under a key, made if need be."""
    with images.get_or_make(key, make) as reader:
        return reader.read()


def has(images: DerivedFolder, key: str) -> bool:
    """Tell whether something is kept under a key."""
    reader = images.get(key)
    if reader is not None:
        reader.close()
    return reader is not None


def kept(folder: Path) -> list[Path]:
    """Return every file of the folder but the locks, oldest first."""
    found = [path for path in folder.glob("*/*") if path.parent.name != "locks"]
    return sorted(found, key=lambda path: path.stat().st_mtime)


@contextmanager
def aged(folder: Path, seconds: float) -> Iterator[None]:
    """Make what is put meanwhile as old as that."""
    before = set(kept(folder))
    yield
    moment = time.time() - seconds
    for path in set(kept(folder)) - before:
        os.utime(path, (moment, moment))


def test_what_was_made_is_kept(images: DerivedFolder, folder: Path) -> None:
    make = Maker()
    assert images.get("key") is None
    assert [read(images, "key", make) for _ in range(3)] == [b"an image"] * 3
    assert [read(DerivedFolder(folder, LIMIT), "key", make)] == [b"an image"]
    assert has(images, "key")
    assert make.calls == 1


@pytest.mark.parametrize("key", ["", "../../escaped", "/etc/passwd", "a\0b", "é" * 5000])
def test_any_text_is_a_key_of_its_own(images: DerivedFolder, folder: Path, key: str) -> None:
    assert read(images, "key", Maker(b"one")) == b"one"
    assert read(images, key, Maker(b"other")) == b"other"
    assert read(images, "key", Maker()) == b"one"
    assert len(kept(folder)) == 2


def test_many_threads_have_it_made_once(images: DerivedFolder) -> None:
    make = Maker(seconds=0.05)
    assert set(in_threads([partial(read, images, "key", make)] * 16)) == {b"an image"}
    assert make.calls == 1


def test_many_threads_have_different_things_made(images: DerivedFolder) -> None:
    makers = [Maker(b"%d" % number) for number in range(32)]
    asked = [partial(read, images, f"key {n}", make) for n, make in enumerate(makers)] * 2
    assert in_threads(asked) == [b"%d" % number for number in range(32)] * 2
    assert {make.calls for make in makers} == {1}


def test_several_processes_have_it_made_once(images: DerivedFolder, folder: Path, tmp_path: Path) -> None:
    printed = in_processes(MAKE_BESIDE_OTHERS, folder, tmp_path / "made", count=4)
    assert {line.strip() for line in printed} == {"an image"}
    assert (tmp_path / "made").read_text() == "made\n"


def test_what_cannot_be_made_is_said_and_nothing_is_kept(images: DerivedFolder, folder: Path) -> None:
    def fail() -> bytes:
        raise NotAnImage("no image")

    for _ in range(2):
        with pytest.raises(NotAnImage, match="no image"):
            images.get_or_make("key", fail)
    assert images.get("key") is None
    assert kept(folder) == []
    assert read(images, "key", Maker()) == b"an image"


def test_who_waited_for_one_that_failed_makes_it(images: DerivedFolder) -> None:
    attempts = iter([NotAnImage("the first fails"), *[None] * 7])

    def make() -> bytes:
        error = next(attempts)
        time.sleep(0.05)
        if error:
            raise error
        return b"an image"

    def ask() -> bytes:
        try:
            return read(images, "key", make)
        except NotAnImage as error:
            return error.message.encode()

    assert sorted(in_threads([ask] * 8)) == [b"an image"] * 7 + [b"the first fails"]
    assert next(attempts, "all used") is None  # one failed, one made it, six were never asked


def test_who_waits_for_a_killed_maker_makes_it(images: DerivedFolder, folder: Path) -> None:
    killed_in(KILLED_WHILE_MAKING, folder)
    assert kept(folder) == []
    assert read(images, "key", Maker()) == b"an image"


def test_the_folder_stays_within_its_limit_and_keeps_the_newest(images: DerivedFolder, folder: Path) -> None:
    for number in range(50):
        with aged(folder, 1000 - number):
            read(images, f"key {number}", Maker(bytes(5000)))
        assert sum(path.stat().st_size for path in kept(folder)) <= LIMIT
    held = [number for number in range(50) if has(images, f"key {number}")]
    assert held == list(range(50 - len(held), 50))
    assert len(held) * 5000 >= LIMIT * derived.KEEP_SHARE - 5000


def test_a_folder_opened_again_counts_what_is_there(images: DerivedFolder, folder: Path) -> None:
    for number in range(19):
        read(images, f"key {number}", Maker(bytes(5000)))
    read(DerivedFolder(folder, LIMIT // 2), "another", Maker(bytes(5000)))
    assert sum(path.stat().st_size for path in kept(folder)) <= LIMIT // 2


def test_what_is_asked_for_stays_longest(images: DerivedFolder, folder: Path) -> None:
    with aged(folder, 3 * derived.REFRESH_SECONDS):
        read(images, "loved", Maker(bytes(5000)))
    with aged(folder, 2 * derived.REFRESH_SECONDS):
        for number in range(18):
            read(images, f"key {number}", Maker(bytes(5000)))
    assert has(images, "loved")
    for number in range(18, 30):
        read(images, f"key {number}", Maker(bytes(5000)))
    assert has(images, "loved")
    assert not has(images, "key 0")


def test_who_reads_can_finish_after_the_removal(images: DerivedFolder, folder: Path) -> None:
    with aged(folder, 1000):
        reader = images.get_or_make("key", Maker(b"the first"))
    with reader:
        for number in range(40):
            read(images, f"key {number}", Maker(bytes(5000)))
        assert not has(images, "key")
        assert reader.read() == b"the first"


def test_larger_than_the_limit_is_made_and_not_kept_for_long(images: DerivedFolder, folder: Path) -> None:
    assert read(images, "key", Maker(bytes(2 * LIMIT))) == bytes(2 * LIMIT)
    read(images, "next", Maker(bytes(5000)))
    assert sum(path.stat().st_size for path in kept(folder)) <= LIMIT


def test_what_a_killed_process_left_counts_and_goes_in_its_turn(images: DerivedFolder, folder: Path) -> None:
    partial_file = folder / "00" / f"{'0' * 64}.12345678"
    with aged(folder, 1000):
        partial_file.write_bytes(bytes(LIMIT))
    read(images, "key", Maker())
    assert kept(folder) == [path for path in kept(folder) if path != partial_file]
    assert has(images, "key")


def test_threads_that_fill_it_leave_it_within_its_limit(images: DerivedFolder, folder: Path) -> None:
    def fill(first: int) -> None:
        for number in range(first, first + 10):
            assert read(images, f"key {number}", Maker(bytes(5000))) == bytes(5000)

    in_threads([partial(fill, first) for first in range(0, 80, 10)])
    read(images, "last", Maker(bytes(LIMIT // derived.RECOUNT_SHARE)))
    assert sum(path.stat().st_size for path in kept(folder)) <= LIMIT


def test_a_full_disk_says_so_and_keeps_nothing(images: DerivedFolder, folder: Path) -> None:
    with files_up_to(100), pytest.raises(StorageFull):
        images.get_or_make("key", Maker(bytes(5000)))
    assert kept(folder) == []
    assert read(images, "key", Maker()) == b"an image"


def test_a_folder_that_went_away_is_unavailable(images: DerivedFolder, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    make = Maker()
    with pytest.raises(Unavailable):
        images.get_or_make("key", make)
    assert make.calls == 0


def test_only_files_that_are_whole_are_found(images: DerivedFolder, folder: Path) -> None:
    """A file gets its name when all of it is written."""
    seen: list[list[Path]] = []

    def make() -> bytes:
        seen.append(kept(folder))
        return b"an image"

    read(images, "key", make)
    assert seen == [[]]
    (path,) = kept(folder)
    assert stat.S_ISREG(path.stat().st_mode)
    assert path.read_bytes() == b"an image"
