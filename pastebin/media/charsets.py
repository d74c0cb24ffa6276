"""Encodings of texts: their names as browsers know them, and Python's codecs for them.

The names are those of the WHATWG Encoding Standard, section 4.2; where it reads an encoding as a
larger one that contains it, so do the codecs here.
"""

import codecs
from encodings.aliases import aliases

# In the order in which a visitor may choose one.
CODECS = {
    "utf-8": "utf-8-sig",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jis_2004",
    "iso-2022-jp": "iso2022_jp_ext",
    "euc-kr": "cp949",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "windows-1253": "cp1253",
    "windows-1254": "cp1254",
    "windows-1255": "cp1255",
    "windows-1256": "cp1256",
    "windows-1257": "cp1257",
    "windows-1258": "cp1258",
    "windows-874": "cp874",
    "iso-8859-2": "iso8859-2",
    "iso-8859-3": "iso8859-3",
    "iso-8859-4": "iso8859-4",
    "iso-8859-5": "iso8859-5",
    "iso-8859-6": "iso8859-6",
    "iso-8859-7": "iso8859-7",
    "iso-8859-8": "iso8859-8",
    "iso-8859-10": "iso8859-10",
    "iso-8859-13": "iso8859-13",
    "iso-8859-14": "iso8859-14",
    "iso-8859-15": "iso8859-15",
    "iso-8859-16": "iso8859-16",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "ibm866": "cp866",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
}

# What else texts come in that can be read, though browsers cannot.
_OTHER_CODECS = {"utf-32le": "utf-32-le", "utf-32be": "utf-32-be"}

# What the standard reads as another one, by what Python calls it.
_READ_AS = {
    "ascii": "windows-1252",
    "latin_1": "windows-1252",
    "iso8859_1": "windows-1252",
    "iso8859_9": "windows-1254",
    "iso8859_11": "windows-874",
    "tis_620": "windows-874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5",
    "cp950": "big5",
    "shift_jis": "shift_jis",
    "euc_kr": "euc-kr",
    "euc_jp": "euc-jp",
    "x_sjis": "shift_jis",
    "windows_31j": "shift_jis",
    "x_gbk": "gb18030",
    "iso2022_jp": "iso-2022-jp",
    "utf_8": "utf-8",
    "utf8": "utf-8",
}

# Six characters of JIS X 0208 that browsers show in the form that Windows has.
_JAPANESE = frozenset({"euc-jp", "iso-2022-jp"})
_AS_BROWSERS = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")


def _canonical(label: str) -> str:
    """Return Python's own spelling of a name, without asking for a codec: anybody may send any name."""
    plain = label.strip().lower().replace("-", "_").replace(" ", "_")
    return aliases.get(plain, plain)


_BY_CANONICAL = {
    **{_canonical(codec): name for name, codec in CODECS.items()},
    **{_canonical(name): name for name in CODECS},
    **_READ_AS,
}


def known_charset(label: str) -> str | None:
    """Return the browsers' name of an encoding by any of its aliases; None for no encoding of theirs."""
    return _BY_CANONICAL.get(_canonical(label))


def decode_exactly(data: bytes, charset: str, *, is_whole: bool = True) -> str | None:
    """Return the text that bytes are in one of CODECS; None if they are none.

    Without `is_whole` they may end within a character.
    """
    try:
        return _decoded(data, charset, "strict", is_whole)
    except UnicodeError:  # a plain one for a sequence of ISO 2022 that is cut
        return None


def decode_leniently(data: bytes, charset: str) -> str:
    """Return a text with U+FFFD for what cannot be read; a character cut in two at the end is left out."""
    try:
        return _decoded(data, charset, "replace", False)
    except UnicodeError:  # more of an escape sequence at the end than the decoder keeps
        return _decoded(data, charset, "replace", True)


def encoded_size(text: str, charset: str) -> int:
    """Return how many bytes a text takes in an encoding."""
    codec = _codec(charset)
    return len(text.encode("utf-8" if codec == "utf-8-sig" else codec, "replace"))


def _codec(charset: str) -> str:
    return CODECS.get(charset) or _OTHER_CODECS.get(charset) or "utf-8-sig"


def _decoded(data: bytes, charset: str, errors: str, final: bool) -> str:
    text = codecs.getincrementaldecoder(_codec(charset))(errors).decode(data, final)
    if charset in _JAPANESE:
        text = text.translate(_AS_BROWSERS)
    return text.removeprefix("\ufeff")
