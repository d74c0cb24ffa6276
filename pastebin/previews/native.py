"""What browsers show themselves, and the file that has nothing to show."""

from dataclasses import dataclass
from typing import ClassVar, Self

from ..media import types as media
from .base import N_, FileFacts, NativePreview

# Images that browsers load smaller where the page shows them smaller; what moves stays as it is.
_SCALED_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/bmp"})

# Widths in pixels that a page asks for, and the bytes from which on that is worth it.
_WIDTHS = (360, 720, 1200, 1920)
_WORTH_SCALING = 50_000


@dataclass(frozen=True, slots=True)
class ImagePreview(NativePreview):
    """An image: its sides in pixels, whether browsers show its format as it is, and smaller ones of it."""

    width: int
    height: int
    is_native: bool = True
    widths: tuple[int, ...] = ()

    kind: ClassVar[str] = "image"
    label: ClassVar[str] = N_("Image")
    has_tools: ClassVar[bool] = True
    script: ClassVar[str | None] = "image"

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it is an image that could be decoded."""
        return file.kind == "image" and file.width > 0

    @classmethod
    def of(cls, file: FileFacts) -> Self:
        """Return the preview of an image."""
        is_native = not media.is_foreign(file.mimetype)
        return cls(file.width, file.height, is_native, _widths(file) if is_native else ())


def _widths(file: FileFacts) -> tuple[int, ...]:
    """Return the widths of the smaller images, none where the file itself is small enough."""
    if file.mimetype not in _SCALED_IMAGES or file.size < _WORTH_SCALING:
        return ()
    return tuple(width for width in _WIDTHS if width < file.width)


@dataclass(frozen=True, slots=True)
class UnreadImagePreview(NativePreview):
    """An image that is not read here, as it is broken, too large or of a rare kind: maybe the browser can."""

    kind: ClassVar[str] = "unread"
    label: ClassVar[str] = N_("Image")
    script: ClassVar[str | None] = "unread"

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it is an image of a format that browsers show."""
        return file.kind == "image" and file.width == 0 and not media.is_foreign(file.mimetype)

    @classmethod
    def of(cls, file: FileFacts) -> Self:
        """Return it."""
        return cls()


@dataclass(frozen=True, slots=True)
class LimitedPreview(NativePreview):
    """Nothing is shown of a file whose downloads are counted, but a button that takes one."""

    kind: ClassVar[str] = "limited"
    label: ClassVar[str] = N_("Limited downloads")

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether its downloads are counted."""
        return file.is_limited

    @classmethod
    def of(cls, file: FileFacts) -> Self:
        """Return it."""
        return cls()


@dataclass(frozen=True, slots=True)
class PdfPreview(NativePreview):
    """A PDF, in the browser's own viewer."""

    kind: ClassVar[str] = "pdf"
    label: ClassVar[str] = N_("PDF document")
    is_long: ClassVar[bool] = True

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it is one."""
        return file.kind == "pdf"

    @classmethod
    def of(cls, file: FileFacts) -> Self:
        """Return it."""
        return cls()


@dataclass(frozen=True, slots=True)
class NoPreview(NativePreview):
    """Nothing to show: the file is empty."""

    kind: ClassVar[str] = "none"
    label: ClassVar[str] = N_("Empty file")
    is_openable: ClassVar[bool] = False

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether there is no byte in it."""
        return not file.size

    @classmethod
    def of(cls, file: FileFacts) -> Self:
        """Return it."""
        return cls()
