"""Text in UTF-16 that does not begin with a byte order mark, as some programs of Windows write it.

Random bytes are valid UTF-16 more often than not, so the characters have to be those of texts.
"""

import codecs
import re

# Most binary contents show in so many bytes that they are no text.
_FIRST_LOOK = 512

_NAMES = {"utf-16le": codecs.utf_16_le_decode, "utf-16be": codecs.utf_16_be_decode}

# Controls, halves of pairs, private characters and those that are none.
_NEVER = re.compile(
    "[\0-\x06\x0e-\x1a\x1c-\x1f\x7f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff]"
)

# What makes up texts in the languages that are written on computers.
_COMMON = re.compile(
    "[\a-\r\x1b -~\u00a0-\u058f\u0590-\u06ff\u0900-\u0eff\u10a0-\u11ff\u1e00-\u206f\u20a0-\u22ff\u2500-\u27bf"
    "\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef\U0001f300-\U0001faff]"
)
_LEAST_COMMON = 0.97

# What stands between words and sentences, wide or not, and the letters of ASCII.
_PLAIN = re.compile("[\t\n\r -~\u3001\u3002\uff0c]")


def utf16_encoding(head: bytes, is_whole: bool) -> str | None:
    """Return `utf-16le` or `utf-16be` if a content that begins like this is text in it."""
    if is_whole and len(head) % 2:
        return None
    found = {name: _plainness(head, name) for name in _NAMES}
    best = max(found, key=lambda name: found[name])
    return best if found[best] else None


def _plainness(head: bytes, name: str) -> int:
    """Return how many plain characters there are in a text, 0 if it is none."""
    if not _is_text(_decoded(head[:_FIRST_LOOK], name)):
        return 0
    text = _decoded(head, name)
    return len(_PLAIN.findall(text)) if _is_text(text) else 0


def _decoded(data: bytes, name: str) -> str:
    """Return the text, with halves of pairs where it is none."""
    return _NAMES[name](data[: len(data) // 2 * 2], "surrogatepass", False)[0]


def _is_text(text: str) -> bool:
    if not text or _NEVER.search(text):
        return False
    return len(_COMMON.findall(text)) >= _LEAST_COMMON * len(text)
