"""Every message of the templates is in every catalogue, and the catalogues are compiled."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = runpy.run_path(str(ROOT / "bin" / "lib" / "messages.py"))
CATALOGUES = sorted((ROOT / "pastebin" / "locale").glob("*/LC_MESSAGES/pastebin.po"))


def test_no_message_is_untranslated_or_unused():
    command = [sys.executable, ROOT / "bin" / "lib" / "messages.py", "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_have_the_same_blanks_to_fill(path):
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parts[-3])
    assert [error for message in catalog for error in message.check(catalog)] == []
    assert MESSAGES["misfits"](catalog) == []


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("a {size}", "{siez}"),
        ("a {size}", "none"),
        ("none", "{size}"),
        ("a {size}", "{size} {size"),
        ("a {size}", "size}"),
        ("a {size}", "{}"),
        ("a {size}", "{size!r}"),
        ("a {size}", "{size:>9}"),
        ("{a} of {b}", "{a}"),
        (("{number} a", "{number} as"), ("none",)),
        (("{number} a", "{number} as"), ("{number}", "{count}")),
        (("{number} a", "{number} as"), ("{count}", "{number}")),
    ],
)
def test_other_blanks_are_found(message, translation):
    catalog = Catalog(locale="zh_CN")
    catalog.add(message, translation)
    assert MESSAGES["misfits"](catalog) == [str(message)]


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("a {size}", ""),
        ("{a} of {b}", "{b}, {a}, {a}"),
        ("none", "{{none}}"),
        (("one", "{number} as"), ("{number}",)),
        (("{number} a", "{number} as"), ("one", "{number}")),
        (("{number} a", "{number} as"), ("", "")),
    ],
)
def test_the_same_blanks_in_another_order_are_fine(message, translation):
    catalog = Catalog(locale="zh_CN")
    catalog.add(message, translation)
    assert MESSAGES["misfits"](catalog) == []


def test_the_compiled_catalogues_are_no_part_of_the_repository():
    listed = subprocess.run(
        ["git", "ls-files", "*.mo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert listed.stdout == ""


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_the_catalogues_are_compiled_from_their_sources(path):
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parts[-3], domain="pastebin")
    assert path.with_suffix(".mo").read_bytes() == MESSAGES["compiled"](catalog)


def test_the_languages_are_those_of_the_pages():
    from pastebin.web.languages import LANGUAGES

    assert {path.parts[-3] for path in CATALOGUES} == set(LANGUAGES)
