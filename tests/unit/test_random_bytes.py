"""Random bytes: as many as asked for, never the same twice, whoever asks."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from pastebin.random_bytes import FETCHED, SIZE, random_bytes


def test_nobody_gets_what_another_has() -> None:
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda _: random_bytes(), range(10 * FETCHED)))
    assert {len(one) for one in drawn} == {SIZE}
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize("size", [1, 5, 16, SIZE])
def test_as_many_as_asked_for(size: int) -> None:
    assert len(random_bytes(size)) == size


def test_more_than_are_kept_together_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 32"):
        random_bytes(SIZE + 1)


def test_a_child_draws_others_than_its_parent() -> None:
    random_bytes()  # so that some are ready
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, random_bytes())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        said = answer.read()
    assert len(said) == SIZE
    assert said not in [random_bytes() for _ in range(FETCHED)]
