"""What a sound says of itself, by tinytag, which reads its headers and nothing else."""

from typing import Any, BinaryIO

from tinytag import TinyTag, TinyTagException

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
    return {
        "title": shown(tag.title),
        "artist": shown(tag.artist),
        "album": shown(tag.album),
        "milliseconds": round(seconds * 1000) if 0 < seconds < LONGEST_SECONDS else 0,
        "has_cover": tag.images.any is not None,
    }


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
