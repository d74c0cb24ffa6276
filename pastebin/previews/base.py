"""What all kinds of previews have in common. Imports none of the libraries that read a stranger's text."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Self

from ..media import types as media
from ..names import suffix_of

# The largest number in a preview: what files say of themselves may be larger.
LARGEST_NUMBER = 2**63 - 1


def N_(message: str) -> str:
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file without reading it: size in bytes, sides of an image in pixels or 0.

    Nothing of the content of a file that `is_limited` is shown, as its downloads are counted. Of one
    that is wanted as its source nothing is formatted.
    """

    filename: str
    mimetype: str
    encoding: str
    size: int
    width: int = 0
    height: int = 0
    is_limited: bool = False
    is_source: bool = False

    @property
    def suffix(self) -> str:
        """Return `.jpg` for `photo.JPG`, or nothing."""
        return suffix_of(self.filename)

    @property
    def kind(self) -> str:
        """Return `image`, `pdf`, `video`, `audio` or `binary`."""
        return media.kind(self.mimetype)

    @property
    def is_text(self) -> bool:
        """Whether a person can read the bytes."""
        return media.is_text(self.mimetype)


class Preview(ABC):
    """What a page shows of a file. Subclasses are frozen dataclasses; see `registry` for the list of them.

    `kind` names the template, `templates/previews/<kind>.mako`, which sees the object as `preview`.
    """

    __slots__ = ()

    kind: ClassVar[str]
    # What a screen reader calls it.
    label: ClassVar[str]
    # What the Open Graph protocol calls such a page (https://ogp.me/#types).
    open_graph_type: ClassVar[str] = "website"
    # Whether it may fill several screens, so that on a phone the links come first.
    is_long: ClassVar[bool] = False
    # Whether there are tools for it, `templates/tools/<kind>.mako`, which come after the links.
    has_tools: ClassVar[bool] = False
    # Whether a browser shows the file itself, or can only save it.
    is_openable: ClassVar[bool] = True
    # The module in `static/js/` that the page needs besides its own.
    script: ClassVar[str | None] = None

    @classmethod
    @abstractmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether this is for such a file, as far as can be told without reading it."""

    @property
    def type_name(self) -> str:
        """What people call the kind of file, as `Markdown` or `Go`; empty for what has no better name."""
        return ""

    @property
    def sides(self) -> tuple[int, int]:
        """Width and height in pixels of what is played; 0 and 0 for others."""
        return 0, 0

    @property
    def length(self) -> int:
        """How long it lasts, in milliseconds; 0 for what does not, or does not say so."""
        return 0

    @property
    def excerpt(self) -> str:
        """The file's beginning as plain text in a line, for link previews; empty if it has none."""
        return ""


class NativePreview(Preview):
    """A preview that needs no look into the file: the browser does everything."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def of(cls, file: FileFacts) -> Self:
        """Return the preview of a file."""


class ContentPreview(Preview):
    """A preview that is made from the bytes of a file, by a worker process.

    Its fields, of types that `json_form` knows, are all that the web process gets.
    """

    __slots__ = ()

    @classmethod
    @abstractmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> Self | None:
        """Return the preview of a file from at most `limit` bytes of a text; None if it is none of this kind.

        Called in a worker: whatever this may raise, and however long it may take, the page is
        shown. Libraries that only this needs are imported in here, to keep them out of the web process.
        """
