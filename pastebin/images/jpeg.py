"""JPEG as it is decoded here: at a reduced scale where that suffices, and with bounded work."""

from typing import BinaryIO

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from pastebin.errors import ImageTooLarge
from pastebin.images.geometry import Box, Size

# A JPEG can be decoded at 1/2, 1/4 or 1/8 at a fraction of the cost. At least this many decoded
# pixels must remain for each result pixel, along each side. `bench/draft_quality.py` measures what
# that costs against the full decode; docs/images.md has the figures.
DRAFT_MARGIN = 1.9

# Each scan of a progressive JPEG goes over the whole picture, and takes a few bytes of the file:
# encoders write about ten, an attack ten thousand.
MAX_SCANS = 100

_START_OF_SCAN = b"\xff\xda"
_PIECE = 1 << 20


class Jpeg(JpegImageFile):
    """Pillow's JPEG, without the resolution: parsing EXIF for it can warn, and nobody reads it."""

    def _read_dpi_from_exif(self) -> None:
        pass


def open_jpeg(file: BinaryIO) -> Jpeg:
    """Open a JPEG; raise ImageTooLarge when it has more than `MAX_SCANS` scans."""
    image = Jpeg(file)
    image.decodermaxblock = _PIECE  # Pillow's 64 KiB stop and start the decoder at every piece
    if image.info.get("progressive") and _count_scans(file) > MAX_SCANS:
        raise ImageTooLarge(f"the JPEG has more than {MAX_SCANS} scans")
    return image


def draft(image: Image.Image, box: Box, size: Size) -> int:
    """Choose the decoding scale for a `box` that becomes `size`; give the factor it divides lengths by."""
    if not isinstance(image, JpegImageFile):
        return 1
    spare = min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]) / DRAFT_MARGIN
    factor = next((step for step in (8, 4, 2) if step <= spare), 1)
    if factor > 1:
        image.draft(None, (image.width // factor, image.height // factor))
    return factor


def _count_scans(file: BinaryIO) -> int:
    """Count the scan markers; compressed data cannot contain one."""
    position = file.tell()
    file.seek(0)
    scans, last = 0, b""
    while piece := file.read(_PIECE):
        scans += (last + piece).count(_START_OF_SCAN)
        last = piece[-1:]
    file.seek(position)
    return scans
