"""What an image is, without decoding its pixels."""

from dataclasses import dataclass
from typing import BinaryIO

from pastebin.images.decoding import opened
from pastebin.images.limits import DEFAULT_LIMITS, ImageLimits


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """Format ("jpeg", "png", "gif", "webp", "avif", "bmp", "tiff", "ico") and displayed size in pixels."""

    format: str
    mimetype: str
    width: int
    height: int
    animated: bool


def probe(file: BinaryIO, limits: ImageLimits = DEFAULT_LIMITS) -> ImageInfo:
    """Read an image's header. Raises NotAnImage, and ImageTooLarge over `limits.max_pixels`.

    A file that probes well may still turn out broken when its pixels are decoded.
    """
    with opened(file, limits) as source:
        return ImageInfo(
            source.format.name, source.format.mimetype, *source.size, animated=source.frame_count > 1
        )
