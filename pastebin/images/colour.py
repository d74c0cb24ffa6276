"""Colours: a profile is kept where the result can carry it; whatever else describes them is applied."""

from io import BytesIO

from PIL import Image, ImageCms

from pastebin.images.colour_descriptions import Colours
from pastebin.images.hdr import tone_mapped

# A longer profile would outweigh most results; it is applied instead of kept.
MAX_KEPT_PROFILE = 64 * 1024

_SPACES = {"L": b"GRAY", "LA": b"GRAY", "RGB": b"RGB ", "RGBA": b"RGB ", "CMYK": b"CMYK"}
_CARRIERS = {
    "jpeg": ("L", "RGB"),
    "png": ("L", "LA", "RGB", "RGBA"),
    "webp": ("RGB", "RGBA"),
    "avif": ("L", "RGB", "RGBA"),
}


def usable_profile(profile: object, mode: str) -> bytes | None:
    """Give an ICC profile back if it is whole and describes pixels of `mode`; else None.

    The header's layout is that of ICC.1:2022, 7.2.
    """
    if not isinstance(profile, bytes) or len(profile) < 128 or profile[36:40] != b"acsp":
        return None
    if int.from_bytes(profile[:4], "big") != len(profile) or profile[16:20] != _SPACES.get(mode):
        return None
    return profile


def matched(image: Image.Image, colours: Colours, target: str) -> tuple[Image.Image, bytes | None]:
    """Prepare an image for a format: give it with the profile to embed, or converted to sRGB."""
    profile = usable_profile(colours.profile, image.mode)
    if profile and image.mode in _CARRIERS.get(target, ()) and len(profile) <= MAX_KEPT_PROFILE:
        return image, profile
    if colours.hdr:
        image = tone_mapped(_of_three_colours(image), *colours.hdr)
    profile = profile or colours.described_profile(image.mode)
    if profile:
        image = _to_srgb(image, profile)
    return (image.convert("RGB") if image.mode == "CMYK" else image), None


def _of_three_colours(image: Image.Image) -> Image.Image:
    return image.convert({"L": "RGB", "LA": "RGBA"}.get(image.mode, image.mode))


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert to sRGB; an image whose profile does not work is given back as it is."""
    alpha = image.getchannel("A") if image.mode == "LA" else None
    opaque = image.getchannel("L") if alpha else image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        result = ImageCms.profileToProfile(
            opaque, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"),
            ImageCms.Intent.RELATIVE_COLORIMETRIC, mode, flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )  # fmt: skip
    except (ImageCms.PyCMSError, OSError):
        return image
    if result is None:
        return image
    if alpha:
        result.putalpha(alpha)
    return result
