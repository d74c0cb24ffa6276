"""Both twins that bring files to their places: what they do, how they fail, and that they agree."""

import errno
import os
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

LONG_AGO = 1_000_000_000


@pytest.fixture(params=["_placing_py", "_placing_c"])
def twin(request: pytest.FixtureRequest) -> ModuleType:
    """Give each twin in turn."""
    return import_module(f"pastebin._speedups.{request.param}")


Write = Callable[[str, bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give a function that writes a file below the test's folder, an old one, and returns its path."""

    def write(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (LONG_AGO, LONG_AGO))
        return str(path)

    return write


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with what is in it."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("count", [0, 1, 5, 100])
def test_files_come_to_their_places(
    twin: ModuleType, write: Write, tmp_path: Path, durable: bool, count: int
) -> None:
    moves = []
    for n in range(count):
        folder = tmp_path / f"place {n % 3}"
        folder.mkdir(exist_ok=True)
        moves.append((write(f"tmp/{n}", b"x" * n), str(folder / str(n)), n))
    assert twin.place_all(moves, durable) == [None] * count
    assert tree(tmp_path) == {f"place {n % 3}/{n}": b"x" * n for n in range(count)}


def test_a_whole_file_that_is_there_stays_and_looks_new(
    twin: ModuleType, write: Write, tmp_path: Path
) -> None:
    there = write("place/file", b"here")
    before = time.time()
    assert twin.place_all([(write("tmp/file", b"same"), there, 4)], True) == [None]
    assert tree(tmp_path) == {"place/file": b"here"}
    assert abs(os.stat(there).st_mtime - before) < 5


def test_a_file_of_another_size_is_replaced(twin: ModuleType, write: Write, tmp_path: Path) -> None:
    there = write("place/file", b"half")
    assert twin.place_all([(write("tmp/file", b"the whole"), there, 9)], True) == [None]
    assert tree(tmp_path) == {"place/file": b"the whole"}


def test_the_same_place_twice_is_one_file(twin: ModuleType, write: Write, tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    place = str(tmp_path / "place" / "file")
    moves = [(write(f"tmp/{n}", b"same"), place, 4) for n in range(3)]
    assert twin.place_all(moves, True) == [None] * 3
    assert tree(tmp_path) == {"place/file": b"same"}


def test_placing_again_changes_nothing(twin: ModuleType, write: Write, tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    move = (write("tmp/file", b"once"), str(tmp_path / "place" / "file"), 4)
    assert twin.place_all([move], True) == twin.place_all([move], True) == [None]
    assert tree(tmp_path) == {"place/file": b"once"}


def test_names_may_hold_anything(twin: ModuleType, write: Write, tmp_path: Path) -> None:
    (tmp_path / "pläce").mkdir()
    place = str(tmp_path / "pläce" / "\udcff☃ file")
    assert twin.place_all([(write("tmp/\udcfe", b"x"), place, 1)], True) == [None]
    assert Path(place).read_bytes() == b"x"


@pytest.mark.parametrize("durable", [True, False])
def test_what_fails_says_why_and_others_do_not(
    twin: ModuleType, write: Write, tmp_path: Path, durable: bool
) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "taken").mkdir()
    moves = [
        (write("tmp/first", b"1"), str(tmp_path / "place" / "first"), 1),
        (str(tmp_path / "tmp" / "missing"), str(tmp_path / "place" / "missing"), 1),
        (write("tmp/nowhere", b"2"), str(tmp_path / "nowhere" / "file"), 1),
        (write("tmp/taken", b"3"), str(tmp_path / "place" / "taken"), 1),
        (write("tmp/below", b"4"), str(tmp_path / "place" / "first" / "below"), 1),
        (write("tmp/long", b"5"), str(tmp_path / "place" / ("n" * 300)), 1),
        (write("tmp/last", b"6"), str(tmp_path / "place" / "last"), 1),
    ]
    errors = twin.place_all(moves, durable)
    numbers = [error and error.errno for error in errors]
    assert numbers[:4] == [None, errno.ENOENT, errno.ENOENT, errno.EISDIR]
    assert numbers[4] in (errno.ENOTDIR, None)  # the first one is there by then, or not yet
    assert numbers[5:] == [errno.ENAMETOOLONG, None]
    assert all(error.strerror == os.strerror(error.errno) for error in errors if error)
    assert tree(tmp_path / "place") == {"first": b"1", "last": b"6"}


@pytest.mark.parametrize("moves", [[("path", "place")], [(1, "place", 1)], None])
def test_misuse_is_a_type_error_or_a_value_error(twin: ModuleType, moves: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        twin.place_all(moves, True)


names = st.sampled_from(["a", "b", "c/d", "c/missing/d", "c"])


@settings(deadline=None, max_examples=60)
@given(
    there=st.dictionaries(st.sampled_from(["a", "b", "c/d"]), st.binary(max_size=3), max_size=3),
    wanted=st.lists(
        st.tuples(names, st.binary(max_size=3), st.booleans()), max_size=4, unique_by=lambda w: w[0]
    ),
    durable=st.booleans(),
)
def test_twins_leave_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    there: dict[str, bytes],
    wanted: list[tuple[str, bytes, bool]],
    durable: bool,
) -> None:
    outcomes = []
    for name in ("_placing_py", "_placing_c"):
        folder = tmp_path_factory.mktemp("twin")
        (folder / "tmp").mkdir()
        (folder / "c").mkdir()
        for path, data in there.items():
            (folder / path).write_bytes(data)
        moves = []
        for number, (place, data, exists) in enumerate(wanted):
            if exists:
                (folder / "tmp" / str(number)).write_bytes(data)
            moves.append((f"{folder}/tmp/{number}", f"{folder}/{place}", len(data)))
        errors = import_module(f"pastebin._speedups.{name}").place_all(moves, durable)
        outcomes.append(([error and (error.errno, error.strerror) for error in errors], tree(folder)))
    assert outcomes[0] == outcomes[1]
