"""What pictures carry besides pixels, and the same picture without it: byte for byte the same pixels.

Orientation, colours, transparency and animation stay. Nothing is decoded.
"""

import shutil
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from pastebin.errors import NotAnImage
from pastebin.images import signatures
from pastebin.images.iso_boxes import BrokenBox
from pastebin.images.metadata.boxes import plan_heif, plan_jxl
from pastebin.images.metadata.gif import plan_gif
from pastebin.images.metadata.jpeg import plan_jpeg
from pastebin.images.metadata.kinds import KINDS
from pastebin.images.metadata.plan import Plan, Unreadable
from pastebin.images.metadata.png import plan_png
from pastebin.images.metadata.psd import plan_psd
from pastebin.images.metadata.shots import read_shot
from pastebin.images.metadata.tiff import plan_tiff
from pastebin.images.metadata.webp import plan_webp
from pastebin.images.png import has_damaged_chunks
from pastebin.images.spliced import SplicedFile

__all__ = ["KINDS", "STRIPPED", "find", "look_over", "strip"]

_PLANS: dict[str, Callable[[BinaryIO, int], Plan]] = {
    "jpeg": plan_jpeg,
    "png": plan_png,
    "webp": plan_webp,
    "gif": plan_gif,
    "heic": plan_heif,
    "avif": plan_heif,
    "jxl": plan_jxl,
    "tiff": plan_tiff,
    "psd": plan_psd,
}

# The media types of pictures that metadata can be removed from.
STRIPPED = frozenset(signatures.FORMATS[name].mimetype for name in _PLANS)


def find(file: BinaryIO) -> list[str]:
    """Return the kinds of metadata in a picture, in the order of KINDS. Raises NotAnImage."""
    return _listed(_plan(file))


def look_over(file: BinaryIO) -> tuple[bool, dict[str, Any]]:
    """Tell whether a picture lacks its end or has parts with a wrong checksum, and how it was taken."""
    try:
        plan = _plan(file)
        return not plan.is_whole or has_damaged_chunks(file), read_shot(plan.exif)
    except NotAnImage:
        return False, {}


def strip(file: BinaryIO, target: BinaryIO) -> list[str]:
    """Write a picture without its metadata; return the kinds of what was left out. Raises NotAnImage."""
    plan = _plan(file)
    if not plan.removed:
        plan = Plan([(0, file.seek(0, 2))])
    shutil.copyfileobj(cast(Any, SplicedFile(file, plan.pieces)), target, 2**20)
    return _listed(plan)


def _plan(file: BinaryIO) -> Plan:
    size = file.seek(0, 2)
    file.seek(0)
    found = signatures.sniff(file.read(signatures.HEAD_BYTES))
    if found is None or found.name not in _PLANS:
        raise NotAnImage("metadata cannot be removed from this kind of picture")
    try:
        return _PLANS[found.name](file, size)
    except (BrokenBox, Unreadable) as error:
        raise NotAnImage("this image is broken, and its metadata cannot be removed") from error


def _listed(plan: Plan) -> list[str]:
    return [kind for kind in KINDS if kind in plan.removed]
