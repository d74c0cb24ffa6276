"""How much memory an image takes, told before it is decoded.

The bytes a pixel were measured on pictures of 40 and 100 megapixels with Pillow 13.0, libwebp 1.6,
libavif 1.4 (one thread) and libtiff. A kernel limit stands behind the estimates: they decide what
an image is refused with, and whether it may be rendered beside others.
"""

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from pastebin.errors import ImageTooLarge
from pastebin.images.geometry import Size

# Bytes for each pixel of the source while it is decoded, the picture in memory included.
_DECODING = {"webp": 16, "avif": 10, "gif": 9, "heic": 11, "jxl": 20}

# The same while a result is encoded, above what the result itself takes.
_ENCODING = {"jpeg": 4, "png": 1, "gif": 4, "webp": 8, "avif": 28}

# Bytes that everything takes: tables of the codecs, buffers, Python.
_OVERHEAD = 8 * 2**20

# Bytes a pixel takes in Pillow's memory; other modes take four.
_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}

# Modes that are scaled as they are; others are converted first.
_AS_IT_IS = ("L", "LA", "RGB", "RGBA")


class TooMuchMemory(ImageTooLarge):
    """Rendering an image would take more memory than it may."""


def check_memory(needed: int, allowed: int) -> None:
    """Raise TooMuchMemory if `needed` bytes are more than `allowed`."""
    if needed > allowed:
        raise TooMuchMemory(
            f"rendering this image would take {needed >> 20} MiB of memory; at most {allowed >> 20} are "
            "used: ask for a smaller size or another format"
        )


def decoding_memory(image: Image.Image, format_name: str, file_size: int, factor: int = 1) -> int:
    """Return the bytes an opened image takes, decoded at 1/`factor` of its lengths and converted."""
    pixels = image.width * image.height
    if format_name in _DECODING:
        return pixels * _DECODING[format_name] + file_size
    decoded = pixels // factor**2
    needed = decoded * _PIXEL.get(image.mode, 4)
    if image.mode not in _AS_IT_IS or image.info.get("transparency") is not None:
        needed += decoded * (1 if image.mode[0] in "IF1" else 4)
    if isinstance(image, JpegImageFile):
        needed += _coefficients(image)
    return needed + (file_size if format_name == "tiff" else 0)


def opening_memory(canvas: Size, format_name: str, file_size: int) -> int:
    """Return the bytes that opening and decoding an image of a format with this canvas takes."""
    return canvas[0] * canvas[1] * _DECODING[format_name] + file_size


def encoding_memory(size: Size, target: str, frames: int = 1) -> int:
    """Return the bytes that a result and its encoding take, all frames together."""
    return size[0] * size[1] * frames * (4 + _ENCODING[target])


def total_memory(decoding: int, result: Size, target: str) -> int:
    """Return the most bytes a still image takes: the source is forgotten before the result is encoded."""
    pixels = result[0] * result[1]
    return max(decoding + 4 * pixels, 8 * pixels, encoding_memory(result, target)) + _OVERHEAD


def animation_memory(decoding: int, result: Size, target: str, frames: int) -> int:
    """Return the most bytes an animation takes: all its results are kept until they are encoded."""
    return decoding + encoding_memory(result, target, frames) + _OVERHEAD


def _coefficients(image: JpegImageFile) -> int:
    """Return the bytes libjpeg keeps of a JPEG of several scans: all coefficients, two bytes each."""
    if not image.info.get("is_buffered"):
        return 0
    widest = max((layer[1] for layer in image.layer), default=1) or 1
    highest = max((layer[2] for layer in image.layer), default=1) or 1
    share = sum(layer[1] * layer[2] for layer in image.layer) / (widest * highest)
    return int(2 * image.width * image.height * share)
