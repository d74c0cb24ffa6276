"""What a sound says of itself, by tinytag, which reads its headers and nothing else."""

from typing import Any, BinaryIO

from tinytag import TinyTag, TinyTagException

from ..media.charsets import decode_leniently
from .encodings import guess_other_script

# Characters of a title, and the longest that something can last.
LONGEST = 300
LONGEST_SECONDS = 10**7


def sound_tags(file: BinaryIO) -> dict[str, Any]:
    """Return `title`, `artist`, `album`, `milliseconds`, `has_cover` of a sound, as far as it says them."""
    try:
        tag = TinyTag.get(file_obj=file, image=True)
    except TinyTagException:
        return {}
    seconds = tag.duration or 0
    title, artist, album = _in_their_encoding([tag.title or "", tag.artist or "", tag.album or ""])
    return {
        "title": shown(title),
        "artist": shown(artist),
        "album": shown(album),
        "milliseconds": round(seconds * 1000) if 0 < seconds < LONGEST_SECONDS else 0,
        "has_cover": tag.images.any is not None,
    }


def _in_their_encoding(texts: list[str]) -> list[str]:
    """Read texts as they were meant: those that say Latin-1 (ID3v2, 4) may be in that of another script."""
    try:
        said = [text.encode("latin-1") for text in texts]
    except UnicodeEncodeError:
        return texts
    joined = b"\n".join(said)
    charset = None if joined.isascii() else guess_other_script(joined)
    return [decode_leniently(text, charset) for text in said] if charset else texts


def shown(text: str | None) -> str:
    """Return a text in a line, as far as it can be sent to a browser."""
    return " ".join((text or "").encode("utf-8", "replace").decode().split())[:LONGEST]


def cover_of(file: BinaryIO) -> bytes | None:
    """Return the picture in a sound, the front of the cover if there are several; None without one."""
    try:
        image = TinyTag.get(file_obj=file, duration=False, image=True).images.any
    except TinyTagException:
        return None
    return image.data if image else None
