"""The encoding of a text that does not say it, guessed from its bytes (chardet). For workers only."""

import io
import re

import chardet

from ..media.charsets import decode_exactly, decode_leniently, known_charset
from .decoding import FALLBACK

# Bytes that a guess is made from: lines that are not ASCII, as nothing else says anything.
_SAMPLE = 16 * 2**10

# How many of the library's guesses are tried.
_GUESSES = 5

# The code pages in which programs of Windows write names into archives, besides that of MS-DOS.
_CODE_PAGES = {
    "shift_jis": "cp932",
    "gb18030": "gb18030",
    "big5": "cp950",
    "euc-kr": "cp949",
    "ibm866": "cp866",
}

# How much more usual than it looks windows-1252 is, in a text with few signs that tell and in any other, and
# how much less usual the rare ones are. `bench/encodings.py` shows what changes here do.
_FEW = 4
_USUAL_OF_FEW, _USUAL = 1.5, 1.05
_RARE = dict.fromkeys(
    ("iso-8859-3", "iso-8859-4", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-16", "macintosh"), 0.5
)

# Where kana have two bytes each; half-width ones of Shift JIS have one, as letters of other encodings.
_JAPANESE = ("euc-jp", "shift_jis")
_KANA = re.compile("[\u3041-\u30fe]")

_HANGUL, _IDEOGRAPHS = re.compile("[\uac00-\ud7a3]"), re.compile("[\u4e00-\u9fff\uf900-\ufaff]")

# Characters beyond ASCII for each that is damaged, in what is UTF-8 all the same.
_SOUND = 4

_OF_SEVERAL_BYTES = frozenset({"gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp"})
_LATIN_CHARSETS = frozenset(
    {"utf-8", "windows-1250", "windows-1252", "windows-1254", "windows-1257", "windows-1258", "iso-8859-2"}
    | {"iso-8859-15", *_RARE}
)

# Words, letters of Latin ones, and other signs within those.
_WORDS, _LATIN = re.compile(r"\w+"), re.compile("[A-Za-z]")
_WITHIN_LATIN = re.compile(r"[A-Za-z][^\x00-\x7f]{1,2}[A-Za-z]")


def guess(data: bytes, *, is_whole: bool = True) -> str:
    """Return the name in CODECS of the encoding that bytes are most probably text in.

    The bytes are valid in it, unless they are in none: then it is FALLBACK, or UTF-8 if they nearly are that.
    """
    if decode_exactly(data, "utf-8", is_whole=is_whole) is not None or _is_damaged_utf8(data):
        return "utf-8"
    sample = _telling_part(data)
    for charset in (*_in_kana(data, is_whole), *_guesses(sample)):
        if decode_exactly(data, charset, is_whole=is_whole) is not None and not _mixes_scripts(
            sample, charset
        ):
            return charset
    return FALLBACK


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether bytes are UTF-8 but for a few: cut within a character, or with others among them."""
    text = decode_leniently(data, "utf-8")
    signs = len(text) - len(text.encode("ascii", "ignore"))
    damage = text.count("\ufffd")
    return signs - damage >= max(1, _SOUND * damage)


def _in_kana(data: bytes, is_whole: bool) -> list[str]:
    """Return the encodings in which most letters are kana, which chardet does not know in lists of words."""
    found = []
    for charset in _JAPANESE:
        text = decode_exactly(data, charset, is_whole=is_whole) or ""
        if 2 * len(_KANA.findall(text)) > len(text) - len(text.encode("ascii", "ignore")):
            found.append(charset)
    return found


def _mixes_scripts(sample: bytes, charset: str) -> bool:
    """Tell whether most letters would be in words of two scripts, as those of Latin words in disguise are.

    So are those of Chinese in the disguise of Korean: Hangul among ideographs.
    """
    if charset in _LATIN_CHARSETS:
        return False
    text = decode_leniently(sample, charset)
    if charset == "euc-kr" and 3 * len(_IDEOGRAPHS.findall(text)) > len(_HANGUL.findall(text)):
        return True
    words = [word for word in _WORDS.findall(text) if not word.isascii()]
    mixed = _WITHIN_LATIN if charset in _OF_SEVERAL_BYTES else _LATIN
    letters = {word: sum(not sign.isascii() for sign in word) for word in words}
    return 2 * sum(letters[word] for word in words if mixed.search(word)) > sum(
        letters[word] for word in words
    )


def guess_other_script(data: bytes) -> str | None:
    """Return the name of the encoding that bytes are in if their letters are not Latin; else None."""
    charset = guess(data)
    return None if charset in _LATIN_CHARSETS else charset


def guess_code_page(names: bytes) -> str:
    """Return the codec of names in an archive, one a line: cp437, unless they are clearly in another one."""
    charset = known_charset(chardet.detect(names)["encoding"] or "")
    return _CODE_PAGES.get(charset or "", "cp437")


def _telling_part(data: bytes) -> bytes:
    """Return the first lines that are not all ASCII."""
    lines, size = [], 0
    for line in io.BytesIO(data):
        if line.isascii():
            continue
        lines.append(line)
        size += len(line)
        if size >= _SAMPLE:
            break
    return b"".join(lines)[:_SAMPLE]


def _guesses(sample: bytes) -> list[str]:
    """Return names in CODECS, the most probable first: what the library found, weighed by how usual it is."""
    weights: dict[str, float] = {}
    usual = _USUAL_OF_FEW if sum(byte >= 0x80 for byte in sample[:1000]) < _FEW else _USUAL
    for found in chardet.detect_all(sample, ignore_threshold=True):
        charset = known_charset(found["encoding"] or "")
        if charset:
            weight = found["confidence"] * (usual if charset == FALLBACK else _RARE.get(charset, 1.0))
            weights[charset] = max(weight, weights.get(charset, 0.0))
    return sorted(weights, key=lambda charset: -weights[charset])[:_GUESSES]
