"""A page never fails for its words: what a catalogue lacks or has wrong is English, and is reported once."""

import logging
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from pastebin.web.translations import Catalogue


def catalogue_of(folder: Path, **messages: str) -> Catalogue:
    """Return the catalogue of a language that has these messages only (spaces for underscores)."""
    catalog = Catalog(locale="zh_CN")
    for message, translation in messages.items():
        catalog.add(message.replace("_", " "), translation)
    catalog.add(("{number} thing", "{number} things"), ("{count} 个",))
    path = folder / "zh_CN" / "LC_MESSAGES" / "pastebin.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
    return Catalogue("zh_CN", str(folder))


def test_a_message_is_translated_and_filled_in(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    catalogue = catalogue_of(tmp_path, Copy="复制", the_first="前 {size}")
    assert catalogue.translate("Copy") == "复制"
    assert catalogue.translate("the first", size="1 kB") == "前 1 kB"
    assert caplog.records == []


def test_a_missing_message_is_english_and_reported_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = catalogue_of(tmp_path)
    for _ in range(3):
        assert catalogue.translate("the first {size}", size="1 kB") == "the first 1 kB"
        assert catalogue.pluralize("{number} file", "{number} files", 1, number="1") == "1 file"
        assert catalogue.pluralize("{number} file", "{number} files", 2, number="2") == "2 files"
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


@pytest.mark.parametrize(
    "wrong", ["{siez}", "{size", "size}", "{}", "{0}", "{size.x}", "{size:q}", "{size[a]}"]
)
def test_a_translation_that_cannot_be_filled_in_is_english(
    wrong: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue = catalogue_of(tmp_path, **{"the_first_{size}": wrong})
    for _ in range(2):
        assert catalogue.translate("the first {size}", size="1 kB") == "the first 1 kB"
    assert len(caplog.records) == 1


def test_a_plural_that_cannot_be_filled_in_is_english(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path)
    assert catalogue.pluralize("{number} thing", "{number} things", 1, number="1") == "1 thing"
    assert catalogue.pluralize("{number} thing", "{number} things", 5, number="5") == "5 things"


def test_no_catalogue_at_all_is_english(tmp_path: Path) -> None:
    assert Catalogue("zh_CN", str(tmp_path)).translate("the {size}", size=1) == "the 1"


def test_a_mistake_in_the_message_itself_is_one(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Catalogue("en", str(tmp_path)).translate("the {siez}", size=1)
