"""JPEG as it is decoded here: at a reduced scale where that suffices, and with bounded work."""

from typing import BinaryIO, cast

from PIL import Image, ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from pastebin.errors import ImageTooLarge
from pastebin.images.geometry import Box, Size
from pastebin.images.spliced import SplicedFile

# A JPEG can be decoded at 1/2, 1/4 or 1/8 at a fraction of the cost. At least this many decoded
# pixels must remain for each result pixel, along each side. `bench/draft_quality.py` measures what
# that costs against the full decode; docs/images.md has the figures.
DRAFT_MARGIN = 1.9

# Each scan of a JPEG, progressive or not, goes over the whole picture, and may take a few bytes of the
# file: encoders write about ten, an attack ten thousand. An empty scan takes 0.08 s a gigapixel.
MAX_SCANS = 100
MAX_SCANNED_PIXELS = 2_000_000_000

_END = b"\xff\xd9"
# Bytes that decode to many different coefficients.
_FILLING = bytes(range(1, 255)) * 16

_START_OF_SCAN = b"\xff\xda"
_SCAN_HEADER = 16  # bytes of the longest one, its marker included
_PIECE = 1 << 20


class Jpeg(JpegImageFile):
    """Pillow's JPEG, without the resolution: parsing EXIF for it can warn, and nobody reads it."""

    def _read_dpi_from_exif(self) -> None:
        pass


def open_jpeg(file: BinaryIO) -> Jpeg:
    """Open a JPEG; its scans are not looked at."""
    image = Jpeg(file)
    image.decodermaxblock = _PIECE  # Pillow's 64 KiB stop and start the decoder at every piece
    return image


def check_scans(image: Jpeg, file: BinaryIO) -> None:
    """Raise ImageTooLarge when a JPEG has too many scans, as they are or for its size.

    `file` stands where opening has left it, behind the header of the first scan, and does so again
    afterwards. Notes in `image.info["is_buffered"]` whether libjpeg has to keep all coefficients:
    where a scan holds only a part of the components or of their precision.
    """
    position = file.tell()
    image.info["is_buffered"] = bool(image.info.get("progressive")) or not _is_complete(image, file)
    file.seek(position)
    scans = 1 + _count_scans(file)
    file.seek(position)
    if scans > MAX_SCANS:
        raise ImageTooLarge(f"the JPEG has more than {MAX_SCANS} scans")
    if scans * image.width * image.height > MAX_SCANNED_PIXELS:
        raise ImageTooLarge(
            f"the JPEG has {scans} scans of {image.width} × {image.height} pixels, over "
            f"{MAX_SCANNED_PIXELS} in all"
        )


def draft_factor(image: Image.Image, box: Box, size: Size) -> int:
    """Return by how much lengths can be divided when a `box` that becomes `size` is decoded."""
    if not isinstance(image, JpegImageFile):
        return 1
    spare = min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1]) / DRAFT_MARGIN
    return next((step for step in (8, 4, 2) if step <= spare), 1)


def draft(image: Image.Image, box: Box, size: Size) -> int:
    """Choose the decoding scale for a `box` that becomes `size`; give the factor it divides lengths by."""
    factor = draft_factor(image, box, size)
    if factor > 1:
        image.draft(None, (image.width // factor, image.height // factor))
    return factor


def load_jpeg(image: Jpeg, file: BinaryIO, factor: int) -> Image.Image:
    """Decode a JPEG as it was drafted, at 1/`factor`; one without an end is decoded if no pixel is lacking.

    Raises OSError for one that is broken.
    """
    try:
        image.load()
    except OSError as error:
        if error.errno is not None:
            raise
        return _load_without_end(file, factor, error)
    return image


def _load_without_end(file: BinaryIO, factor: int, error: OSError) -> Image.Image:
    """Decode a JPEG with an end that it lacks: whatever stands before that end, the picture is the same.

    Where pixels are lacking, they come from there, and the two pictures differ: then `error` is raised.
    """
    found = _load_with(file, factor, _END)
    other = _load_with(file, factor, _FILLING + _END)
    if ImageChops.difference(found, other).getbbox():
        raise error
    return found


def _load_with(file: BinaryIO, factor: int, end: bytes) -> Jpeg:
    length = file.seek(-1, 2) + 1
    if file.read(1) == b"\xff":  # half of an end
        length -= 1
    image = open_jpeg(cast(BinaryIO, SplicedFile(file, [(0, length), end])))
    if factor > 1:
        image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    return image


def _is_complete(image: Jpeg, file: BinaryIO) -> bool:
    """Whether the scan whose header ends here is of all components. Layout: ITU-T T.81, B.2.3."""
    file.seek(-_SCAN_HEADER, 1)
    _, marker, header = file.read(_SCAN_HEADER).rpartition(_START_OF_SCAN)
    return bool(marker) and header[2:3] == bytes([image.layers])


def _count_scans(file: BinaryIO) -> int:
    """Count the scan markers from here on; compressed data cannot contain one."""
    scans, last = 0, b""
    while scans <= MAX_SCANS and (piece := file.read(_PIECE)):
        scans += (last + piece).count(_START_OF_SCAN)
        last = piece[-1:]
    return scans
