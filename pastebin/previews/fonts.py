"""Fonts, by a picture of their letters."""

from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from ..errors import NotAnImage
from ..media import types as media
from .base import N_, ContentPreview, FileFacts


@dataclass(frozen=True, slots=True)
class FontPreview(ContentPreview):
    """A font that FreeType can open: its family and style."""

    family: str
    style: str

    kind: ClassVar[str] = "font"
    label: ClassVar[str] = N_("Font")
    is_openable: ClassVar[bool] = False

    @property
    def excerpt(self) -> str:
        """What it is called."""
        return f"{self.family} {self.style}".strip()

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it is one, by its first bytes."""
        return media.is_font(file.mimetype)

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> "FontPreview | None":
        """Return what a font is called; None for one that is broken."""
        from ..images.thumbnails.specimens import names_of  # noqa: PLC0415 - for workers only

        try:
            return cls(*names_of(reader))
        except NotAnImage:
            return None
