"""What the browser's own player plays, with what it says of itself. The player needs nothing of that."""

from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Self

from ..units import clock
from .base import N_, ContentPreview, FileFacts


class Played(ContentPreview):
    """A sound or a video, whose `kind` is that of the file."""

    __slots__ = ()

    title: str
    artist: str
    milliseconds: int

    @property
    def length(self) -> int:
        """How long it lasts, in milliseconds."""
        return self.milliseconds

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it is of this kind, by its media type."""
        return file.kind == cls.kind


@dataclass(frozen=True, slots=True)
class AudioPreview(Played):
    """A sound; what is not known of it is empty or 0."""

    title: str = ""
    artist: str = ""
    album: str = ""
    milliseconds: int = 0
    has_cover: bool = False

    kind: ClassVar[str] = "audio"
    label: ClassVar[str] = N_("Sound")

    @property
    def excerpt(self) -> str:
        """Who plays what, and for how long."""
        return _joined(self.artist, self.title, self.album, clock(self.milliseconds))

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> Self:
        """Return what a sound says of itself."""
        from .sound_tags import sound_tags  # noqa: PLC0415 - for workers only

        return cls(**sound_tags(reader))


@dataclass(frozen=True, slots=True)
class VideoPreview(Played):
    """A video; what is not known of it is empty or 0."""

    title: str = ""
    artist: str = ""
    milliseconds: int = 0
    width: int = 0
    height: int = 0

    kind: ClassVar[str] = "video"
    label: ClassVar[str] = N_("Video")
    open_graph_type: ClassVar[str] = "video.other"

    @property
    def excerpt(self) -> str:
        """What it is called, its sides in pixels, and how long it lasts."""
        sides = f"{self.width} × {self.height}" if self.width else ""
        return _joined(self.artist, self.title, sides, clock(self.milliseconds))

    @property
    def sides(self) -> tuple[int, int]:
        """Its width and height in pixels."""
        return self.width, self.height

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> Self:
        """Return what a video says of itself."""
        from .film_facts import film_facts  # noqa: PLC0415 - for workers only

        return cls(**film_facts(reader, file.mimetype))


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
