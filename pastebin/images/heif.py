"""HEIF with HEVC inside, as phones write it (HEIC), by libheif and libde265, which only decode."""

from typing import BinaryIO

from PIL import Image

from pastebin.images import containers


def open_heif(file: BinaryIO) -> Image.Image:
    """Open a HEIF; libheif turns it as its boxes say, and its EXIF is not asked."""
    from pi_heif import HeifImageFile, options  # noqa: PLC0415 - for workers only

    options.DECODE_THREADS = 1
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    image: Image.Image = HeifImageFile(file)
    image.info["cicp"] = containers.nclx(file)
    return image
