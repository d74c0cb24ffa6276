"""A short text about a dish of soup in many languages, and the encodings that people still have it in."""

from pathlib import Path

_LINES = Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()

TEXTS = dict(line.split("\t") for line in _LINES)

# Language and encoding, by the browsers' names.
ENCODED = [
    *((language, "windows-1252") for language in ("de", "fr", "es", "pt", "sv")),
    *((language, charset) for language in ("pl", "cs", "hu") for charset in ("windows-1250", "iso-8859-2")),
    ("ru", "windows-1251"),
    ("ru", "koi8-r"),
    ("ru", "ibm866"),
    ("ru", "iso-8859-5"),
    ("uk", "windows-1251"),
    ("bg", "windows-1251"),
    ("el", "windows-1253"),
    ("el", "iso-8859-7"),
    ("tr", "windows-1254"),
    ("he", "windows-1255"),
    ("ar", "windows-1256"),
    ("lt", "windows-1257"),
    ("th", "windows-874"),
    ("ja", "shift_jis"),
    ("ja", "euc-jp"),
    ("ja", "iso-2022-jp"),
    ("ko", "euc-kr"),
    ("zh-Hans", "gb18030"),
    ("zh-Hant", "big5"),
]
