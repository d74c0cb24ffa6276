"""Previews are kept within bounds of weight and time."""

from datetime import UTC, datetime

from markupsafe import Markup

from pastebin.previews import ArchivePreview, HexPreview, MarkdownPreview, TablePreview, TextPreview
from pastebin.previews.archive_entries import ArchiveEntry
from pastebin.services.preview_cache import MEMORY_SIZE, PreviewCache, weigh


def text(length: int = 100) -> TextPreview:
    return TextPreview(Markup("x" * length), "Text only", length, length)


def test_the_one_used_last_stays() -> None:
    cache = PreviewCache(size=5000)
    for number in range(50):
        cache.put(number, text(900))
        assert cache.get(0) is not None
    assert cache.get(1) is None
    assert 0 < cache.weight <= 5000


def test_what_weighs_too_much_is_not_kept() -> None:
    cache = PreviewCache(size=3000)
    cache.put(1, text(100))
    cache.put(2, text(9000))
    assert cache.get(1) is not None
    assert cache.get(2) is None
    assert MEMORY_SIZE < 2**26


def test_some_are_kept_for_a_while_only() -> None:
    cache = PreviewCache()
    cache.put(1, text(), seconds=0.0)
    cache.put(2, text(), seconds=60.0)
    assert (cache.get(1), cache.get(2)) == (None, text())


def test_everything_in_a_preview_weighs() -> None:
    source = text(10_000)
    entries = [ArchiveEntry("n" * 1000, 1, False, datetime.now(UTC)) for _ in range(10)]
    assert weigh(source) > 10_000
    assert weigh(MarkdownPreview(Markup("y" * 5000), source)) > 15_000
    assert weigh(TablePreview(["a" * 1000], [["b" * 1000]], True, 1)) > 2000
    assert weigh(ArchivePreview("zip", entries, True, 10)) > 10_000
    assert weigh(HexPreview(["z" * 80] * 100, 1600, 1600)) > 8000
