"""Pictures of files that are no images, for walls and lists, and larger ones for pages."""

import io
from typing import Any, BinaryIO

from PIL import Image

from pastebin.errors import NotAnImage
from pastebin.images.encoding import encode
from pastebin.images.geometry import Size
from pastebin.images.rendering import render
from pastebin.images.thumbnails.contents import cover, readable, words
from pastebin.images.thumbnails.documents import first_page
from pastebin.images.thumbnails.drawings import drawn
from pastebin.images.thumbnails.films import frame_of
from pastebin.images.thumbnails.letters import SIZE as TEXT_SIZE
from pastebin.images.thumbnails.letters import lettered_sheet
from pastebin.images.thumbnails.sheets import suffix_sheet, text_sheet
from pastebin.images.thumbnails.specimens import specimen
from pastebin.images.transform import Transform

__all__ = ["SIZES", "TEXT_SIZE", "THUMBNAIL_VERSION", "thumbnail"]

# Count up with every change that shows in thumbnails.
THUMBNAIL_VERSION = "4"

# The boxes into which thumbnails are made, by what they are called in addresses.
SIZES: dict[str, Size] = {"small": (400, 300), "large": (1200, 900)}

# Bytes of a text that the pattern of its words is drawn from.
_TEXT = 16 * 2**10


def thumbnail(file: BinaryIO, facts: dict[str, Any], output: BinaryIO) -> None:
    """Write a WebP of a file; of one that has no better look, a sheet with its suffix.

    `facts` are "kind" (`text`, `drawing`, `pdf`, `video`, `audio`, `document`, `font` or another),
    "mimetype", "charset", "suffix" and "size", a name of SIZES.
    """
    box = SIZES[facts["size"]]
    try:
        if _has_cover(file, facts, box, output):
            return
        image = _look(file, facts, box)
    except NotAnImage:
        output.seek(0)
        output.truncate()
        image = suffix_sheet(facts["suffix"])
    image.thumbnail(box)
    encode(image, "webp", None, None, output)


def _look(file: BinaryIO, facts: dict[str, Any], box: Size) -> Image.Image:
    file.seek(0)
    match facts["kind"]:
        case "pdf":
            return first_page(file, box)
        case "video":
            return frame_of(file, facts["mimetype"], box)
        case "drawing":
            return drawn(file, facts["charset"], box)
        case "font":
            return specimen(file, box)
        case "document":
            return text_sheet(words(file, facts["mimetype"]))
        case "text":
            text = readable(file.read(_TEXT).decode(facts["charset"], "replace"))
            return lettered_sheet(text) if facts["size"] == "large" else text_sheet(text)
    raise NotAnImage("there is nothing to see of such a file")


def _has_cover(file: BinaryIO, facts: dict[str, Any], box: Size, output: BinaryIO) -> bool:
    """Write the picture that a file has of itself, if it has one."""
    data = cover(file, facts["kind"], facts["mimetype"])
    if data is None:
        return False
    try:
        transform = Transform(width=box[0], height=box[1], fit="contain", format="webp")
        render(io.BytesIO(data), transform, output)
    except NotAnImage:
        output.seek(0)
        output.truncate()
        return False
    return True
