"""The bytes of a text as characters: trivial enough for any process."""

import codecs

from ..media import types as media


def decode(data: bytes, encoding: str) -> str:
    """Return text for bytes in an encoding libmagic named; what cannot be read becomes U+FFFD."""
    name = charset(encoding)
    decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)("replace")
    text = decoder.decode(data)  # not final: a character cut in two is left out
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def charset(encoding: str) -> str:
    """Return the codec for an encoding libmagic named."""
    return media.charset(encoding) or "utf-8"
