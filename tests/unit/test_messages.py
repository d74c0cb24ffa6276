"""Every message of the templates is in every catalogue, and the catalogues are compiled."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
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
    for message in catalog:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = (message.string,) if isinstance(message.string, str) else message.string
        blanks = [
            name
            for name in ("{number}", "{size}", "{shown}", "{name}", "{reason}", "{status}")
            if name in ids[-1]
        ]
        assert all(name in text for name in blanks for text in texts[-1:])


def test_the_languages_are_those_of_the_pages():
    from pastebin.web.languages import LANGUAGES

    assert {path.parts[-3] for path in CATALOGUES} == set(LANGUAGES)
