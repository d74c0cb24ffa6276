"""How large an image, an animation and a result may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Bounds on the work one image may cause; each is checked before pixels are decoded.

    Pixels are those of the whole canvas (width × height), whatever the mode; a decoded
    pixel takes four bytes of memory, so 100 million of them take 400 MB.
    """

    max_pixels: int = 100_000_000
    """Pixels of one source image, or of one frame of an animation."""

    max_file_bytes: int = 256 * 1024 * 1024
    """Bytes of an encoded source; WebP and AVIF are held in memory as a whole while they are decoded."""

    max_side: int = 10_000
    """Pixels along one side of a result."""

    max_result_pixels: int = 40_000_000
    """Pixels of a result; of an animation over all its frames, if `encoding.ANIMATED` does not say less."""

    max_frames: int = 1_000
    """Frames of an animation that is to stay animated."""

    max_animation_pixels: int = 100_000_000
    """Frames × canvas pixels of an animation that is to stay animated."""

    max_memory: int = 576 * 2**20
    """Bytes of memory that rendering may take, as `pastebin.images.costs` estimates it."""


DEFAULT_LIMITS = ImageLimits()
