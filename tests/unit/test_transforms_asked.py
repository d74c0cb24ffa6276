"""What queries ask for, remembered or not."""

import pytest

from pastebin.errors import BadTransform
from pastebin.images import ImageLimits
from pastebin.web import transform_query as transforms
from pastebin.web.transform_query import REMEMBERED_LENGTH, asks_for_transform, read_transform

LIMITS = ImageLimits()
PADDING = "&padding=" + "x" * REMEMBERED_LENGTH


@pytest.mark.parametrize("more", ["", PADDING], ids=["remembered", "too long"])
@pytest.mark.parametrize(
    ("query", "asks"),
    [("w=1", True), ("lang=en", False), ("lang=en&h=2", True), ("%77=3", True), ("w", True), ("ww=1", False)],
)
def test_only_the_parameters_of_a_transform_ask_for_one(query: str, asks: bool, more: str) -> None:
    assert [asks_for_transform(query + more) for _ in range(2)] == [asks, asks]


def test_no_query_asks_for_nothing() -> None:
    assert not asks_for_transform("")


@pytest.mark.parametrize("more", ["", PADDING], ids=["remembered", "too long"])
def test_the_same_query_means_the_same_each_time(more: str) -> None:
    first, second = (read_transform(f"w=10&h=20{more}", LIMITS) for _ in range(2))
    assert first == second
    assert (first.width, first.height) == (10, 20)
    small = ImageLimits(max_side=9)
    with pytest.raises(BadTransform):
        read_transform(f"w=10&h=20{more}", small)


@pytest.mark.parametrize("query", ["w=1&w=1", "w=1&h=2&w=3", "w=no"])
def test_a_wrong_query_is_wrong_each_time(query: str) -> None:
    for _ in range(2):
        with pytest.raises(BadTransform):
            read_transform(query, LIMITS)


def test_long_queries_are_not_kept() -> None:
    before = transforms._remembered_transform.cache_info().currsize
    for number in range(10):
        read_transform(f"w={number + 1}{PADDING}", LIMITS)
    assert transforms._remembered_transform.cache_info().currsize == before
