"""Images without HTTP, database or store: what one is, and any size or crop of it."""

from pastebin.images.encoding import ENCODER_VERSION
from pastebin.images.limits import DEFAULT_LIMITS, ImageLimits
from pastebin.images.probing import ImageInfo, probe
from pastebin.images.rendering import Rendered, render
from pastebin.images.signatures import Format as ImageFormat
from pastebin.images.transform import PARAMETERS, Transform

__all__ = [
    "DEFAULT_LIMITS",
    "ENCODER_VERSION",
    "PARAMETERS",
    "ImageFormat",
    "ImageInfo",
    "ImageLimits",
    "Rendered",
    "Transform",
    "probe",
    "render",
]
