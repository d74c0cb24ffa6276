"""Opening an image file: its format, size and structure, refused before pixels are decoded.

Pillow's plugins are called directly rather than through `Image.open`: the format is already
known, and neither its size check (a process-wide warning) nor its guessing is wanted.
"""

import errno
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO, cast

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from pastebin.errors import ImageTooLarge, NotAnImage
from pastebin.images import (
    bitmaps,
    containers,
    costs,
    exif,
    gif_structure,
    heif,
    icons,
    jpeg,
    jxl,
    png,
    psd,
    raw,
    signatures,
)
from pastebin.images.geometry import Size, oriented_size
from pastebin.images.limits import ImageLimits
from pastebin.media.raw_photographs import raw_type

# Sizes are checked here, against the caller's limits.
Image.MAX_IMAGE_PIXELS = None
# Pillow warns about broken metadata, which nobody here reads. `warnings.catch_warnings` changes
# the whole process and races between threads, so the filter is set once, at import.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error,
    IndexError, KeyError, TypeError, AttributeError, OverflowError, ZeroDivisionError, RuntimeError,
    AssertionError,
)  # fmt: skip


def _open_avif(file: BinaryIO) -> AvifImageFile:
    image = AvifImageFile(file)
    image.info["cicp"] = containers.nclx(file)
    return image


# Bytes by which a raw photograph is told from a TIFF.
_HEAD_BYTES = 64 * 2**10

_UNSUPPORTED = ("unsupported", "not supported", "unknown pixel mode", "unknown raw mode")

PLUGINS: dict[str, Callable[[BinaryIO], Image.Image]] = {
    "jpeg": jpeg.open_jpeg,
    "png": png.open_png,
    "gif": GifImageFile,
    "webp": WebPImageFile,
    "avif": _open_avif,
    "bmp": bitmaps.open_bitmap,
    "tiff": TiffImageFile,
    "heic": heif.open_heif,
    "jxl": jxl.open_jxl,
    "psd": psd.open_psd,
    "raw": raw.open_raw,
}


@dataclass(frozen=True, slots=True)
class Source:
    """An opened image whose pixels are not decoded yet.

    `size` is the displayed one, `frame_count` at most one more than the limit asked for,
    `first_frame` 1 in an APNG whose default image is not part of the animation.
    """

    file: BinaryIO
    image: Image.Image
    format: signatures.Format
    orientation: int
    size: Size
    frame_count: int
    first_frame: int
    file_size: int


@contextmanager
def decoding() -> Iterator[None]:
    """Turn what decoders raise on broken files into NotAnImage, and lack of memory into ImageTooLarge.

    An OSError with an error number is the disk's and passes, but for EINVAL: a broken file may say that
    something lies where no file has a place.
    """
    try:
        yield
    except MemoryError as error:
        raise costs.TooMuchMemory("decoding this image takes too much memory") from error
    except _BROKEN as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise NotAnImage(_reason(error)) from error


def _reason(error: BaseException) -> str:
    """Return what to say of a decoder's error, by the words that Pillow has for kinds it does not know."""
    words = str(error).lower()
    if any(word in words for word in _UNSUPPORTED):
        return "this kind of image is not supported, though its format is"
    return "this image is broken or incomplete and cannot be decoded"


@contextmanager
def opened(file: BinaryIO, limits: ImageLimits, max_frames: int = 1) -> Iterator[Source]:
    """Open an image file from its beginning; frames are counted up to `max_frames` + 1.

    Raises NotAnImage, and ImageTooLarge when the header states more than `limits` allow.
    The file stays open afterwards.
    """
    found, length = identify(file, limits)
    with decoding():
        frames = gif_structure.count_frames(file, max_frames, limits.max_pixels) if found.name == "gif" else 1
        if found.name == "webp":
            _check_canvas(containers.webp_canvas(file), found.name, length, limits)
        elif found.name in ("avif", "heic"):
            _check_stated(file, limits)
        elif found.name == "jxl":
            _check_canvas(jxl.stored_size(file)[0], found.name, length, limits)
        file.seek(0)
        image = icons.open_icon(file, limits) if found.name == "ico" else PLUGINS[found.name](file)
        check_pixels(image.size, limits)
        if isinstance(image, jpeg.Jpeg):
            file = cast(BinaryIO, image.fp)  # of a raw photograph a part
            jpeg.check_scans(image, file)
        _check_tiles(image, limits)
        source = _source(file, image, found, frames, length)
    with image:
        yield source


def check_pixels(size: Size, limits: ImageLimits) -> None:
    """Raise ImageTooLarge when an image of this size may not be decoded."""
    if size[0] * size[1] > limits.max_pixels:
        raise ImageTooLarge(
            f"the image has {size[0]} × {size[1]} pixels; at most {limits.max_pixels} are decoded"
        )


def identify(file: BinaryIO, limits: ImageLimits) -> tuple[signatures.Format, int]:
    """Return the format that a file begins as, and its length in bytes; raise as `opened` does."""
    length = file.seek(0, 2)
    file.seek(0)
    head = file.read(signatures.HEAD_BYTES)
    found = signatures.sniff(head)
    if found is None:
        raise NotAnImage(signatures.UNSUPPORTED)
    if found.name == "tiff" and raw_type(head + file.read(_HEAD_BYTES)):
        found = signatures.FORMATS["raw"]
    if length > limits.max_file_bytes:
        raise ImageTooLarge(f"the image takes {length} bytes; at most {limits.max_file_bytes} are decoded")
    return found, length


def _source(file: BinaryIO, image: Image.Image, found: signatures.Format, frames: int, length: int) -> Source:
    turned = _orientation(image, found.name)
    first = 1 if found.name == "png" and image.info.get("default_image") else 0
    if found.name in ("png", "webp", "avif"):
        frames = getattr(image, "n_frames", 1) - first
    return Source(file, image, found, turned, oriented_size(image.size, turned), frames, first, length)


def _check_stated(file: BinaryIO, limits: ImageLimits) -> None:
    """Refuse an AVIF or HEIC that states too large a size, which its decoder would call broken."""
    with suppress(NotAnImage):  # it does not state one
        check_pixels(containers.avif_size(file)[0], limits)


def _orientation(image: Image.Image, format_name: str) -> int:
    """Return how the pixels of an opened image are to be turned: those of TIFF and HEIF are already."""
    if format_name in ("tiff", "heic"):
        return 1
    return jxl.orientation_left(image) if format_name == "jxl" else exif.orientation(image.info.get("exif"))


def _check_canvas(canvas: Size, format_name: str, length: int, limits: ImageLimits) -> None:
    """Refuse an image before it is opened, as its decoder takes memory for all of it then."""
    check_pixels(canvas, limits)
    costs.check_memory(costs.opening_memory(canvas, format_name, length), limits.max_memory)


def _check_tiles(image: Image.Image, limits: ImageLimits) -> None:
    """Refuse a TIFF whose tiles are larger than its image may be: they are decoded one by one."""
    if isinstance(image, TiffImageFile):
        tile = image.tag_v2.get(322, 1), image.tag_v2.get(323, 1)
        if all(isinstance(side, int) for side in tile):
            check_pixels(tile, limits)
