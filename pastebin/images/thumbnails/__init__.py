"""Small pictures of files that are no images, for walls and lists."""

from typing import Any, BinaryIO

from PIL import Image

from pastebin.errors import NotAnImage
from pastebin.images.encoding import encode
from pastebin.images.rendering import render
from pastebin.images.thumbnails.covers import find_cover
from pastebin.images.thumbnails.documents import first_page
from pastebin.images.thumbnails.films import frame_of
from pastebin.images.thumbnails.sheets import SIZE, suffix_sheet, text_sheet
from pastebin.images.transform import Transform

__all__ = ["SIZE", "THUMBNAIL_VERSION", "thumbnail"]

# Count up with every change that shows in thumbnails.
THUMBNAIL_VERSION = "1"

# Bytes of a text that the pattern of its words is drawn from.
_TEXT = 16 * 2**10


def thumbnail(file: BinaryIO, facts: dict[str, Any], output: BinaryIO) -> None:
    """Write a WebP of at most SIZE of a file; of one that has no better look, a sheet with its suffix.

    `facts` are "kind" (`text`, `pdf`, `video`, `audio` or another), "mimetype", "charset" and "suffix".
    """
    try:
        if facts["kind"] == "audio":
            _write_cover(file, output)
            return
        image = _look(file, facts)
    except NotAnImage:
        output.seek(0)
        output.truncate()
        image = suffix_sheet(facts["suffix"])
    image.thumbnail(SIZE)
    encode(image, "webp", None, None, output)


def _look(file: BinaryIO, facts: dict[str, Any]) -> Image.Image:
    if facts["kind"] == "pdf":
        return first_page(file)
    if facts["kind"] == "video":
        return frame_of(file, facts["mimetype"])
    if facts["kind"] == "text":
        return text_sheet(file.read(_TEXT).decode(facts["charset"], "replace"))
    raise NotAnImage("there is nothing to see of such a file")


def _write_cover(file: BinaryIO, output: BinaryIO) -> None:
    cover = find_cover(file)
    if cover is None:
        raise NotAnImage("this sound has no cover")
    render(cover, Transform(width=SIZE[0], height=SIZE[1], fit="contain", format="webp"), output)
