"""The bytes of a text as characters: trivial enough for any process."""

from ..media import charsets
from ..media import types as media

# As which a text is read whose encoding nobody has looked for: every byte means something in it.
FALLBACK = "windows-1252"


def decode(data: bytes, encoding: str) -> str:
    """Return text for bytes in an encoding; what cannot be read becomes U+FFFD."""
    text = charsets.decode_leniently(data, charset(encoding))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def charset(encoding: str) -> str:
    """Return the name under which `media.charsets` knows the encoding of a file."""
    if encoding.startswith("utf-32"):
        return encoding
    return media.charset(encoding) or (encoding if encoding in charsets.CODECS else FALLBACK)


def is_doubtful(encoding: str) -> bool:
    """Whether the encoding of a file has to be guessed from its bytes."""
    return encoding == "us-ascii" or (encoding not in charsets.CODECS and not encoding.startswith("utf-32"))
