"""Small pictures of any file: of images by resizing, of others by what can be seen of them, or drawn."""

from dataclasses import asdict, dataclass, replace

from ..errors import ImageTooLarge, NotAnImage, StorageFull, TaskFailed, TaskKilled
from ..images import ENCODER_VERSION, Transform
from ..images.geometry import Size
from ..images.thumbnails import SIZES, TEXT_SIZE, THUMBNAIL_VERSION
from ..media import types as media
from ..previews import is_document
from ..previews.decoding import charset
from ..storage import BlobStore, DerivedFile, DerivedFolder
from ..workers import TaskLimits, WorkerPool
from .resizing import ResizedImage, ResizeService
from .stored_file import StoredFile

# A page of a PDF takes up to a second, ffmpeg up to 0.8 s; both reserve far more memory than they use.
_LIMITS = TaskLimits(seconds=9.0, cpu_seconds=4.0, memory_bytes=768 * 2**20)

# Kinds of files of which something can be seen.
_SEEN = frozenset({"pdf", "video", "audio"})

_SVG = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class _Look:
    """What a worker is told: these are the fields of `images.thumbnails.thumbnail`."""

    kind: str
    mimetype: str
    charset: str
    suffix: str
    size: str


class ThumbnailService:
    """Thumbnails, made when they are first asked for, and kept with the resized images."""

    def __init__(
        self, store: BlobStore, derived: DerivedFolder, pool: WorkerPool, resizing: ResizeService
    ) -> None:
        self._store = store
        self._derived = derived
        self._pool = pool
        self._resizing = resizing

    def thumbnail(self, file: StoredFile, size: str = "small") -> ResizedImage:
        """Return a picture of a file in a size of SIZES. Raises Overloaded, TaskFailed and Unavailable."""
        if file.width:
            try:
                return self._resizing.image(file, _scaled(file, size))
            except (NotAnImage, ImageTooLarge, TaskKilled):
                pass  # a sheet is drawn
        return self._drawn(file, _look_at(file, size))

    def _drawn(self, file: StoredFile, look: _Look) -> ResizedImage:
        look_tag = f"{look.kind}{look.suffix}-{look.size}"
        tag = f"{file.sha256}-thumbnail-{look_tag}-{THUMBNAIL_VERSION}-{ENCODER_VERSION}"
        found = self._derived.get(tag)
        if found is None:
            try:
                found = self._make(file, look, tag)
            except (ImageTooLarge, TaskFailed, TaskKilled):
                if look.kind == "sheet":
                    raise
                return self._drawn(file, replace(look, kind="sheet"))
        return ResizedImage(found.reader, found.size, found.mimetype, tag)

    def _make(self, file: StoredFile, look: _Look, tag: str) -> DerivedFile:
        try:
            return self._render(file, look, tag)
        except StorageFull as error:
            self._derived.pause(error)
        return self._render(file, look, tag)  # without the folder

    def _render(self, file: StoredFile, look: _Look, tag: str) -> DerivedFile:
        with self._store.open(file.sha256) as source, self._derived.writer(tag) as writer:
            self._pool.run(
                "thumbnail",
                f"{file.sha256}-{look.kind}-{look.size}",
                limits=_LIMITS,
                params=asdict(look),
                source=source,
                target=writer.file.fileno(),
            )
            return self._derived.keep(writer, "image/webp")


def _scaled(file: StoredFile, size: str) -> Transform:
    """Return how an image becomes a thumbnail: a small one is cut to its box, a large one never enlarged.

    Pages show the small ones, many at once: as WebP a screenshot takes a fraction of its PNG. What moves
    stays a GIF, which is made quicker. The large ones are for others, who may know older formats only.
    """
    width, height = SIZES[size]
    if size == "small":
        still = None if file.mimetype == "image/gif" else "webp"
        return Transform(width=width, height=height, fit="crop", format=still)
    return Transform(width=min(width, file.width), height=min(height, file.height), fit="contain")


def _look_at(file: StoredFile, size: str) -> _Look:
    suffix = file.filehash.rpartition(".")[2] if "." in file.filehash else ""
    return _Look(_kind(file), file.mimetype, charset(file.encoding), suffix, size)


def is_seen(file: StoredFile) -> bool:
    """Tell whether a large thumbnail shows more of a file that is no image than a suffix, mostly."""
    return _kind(file) != "sheet"


def sides_of(file: StoredFile) -> Size:
    """Return the sides of the large thumbnail of a file that is no image; zeros where they depend on it."""
    return TEXT_SIZE if _kind(file) == "text" else (0, 0)


def _kind(file: StoredFile) -> str:
    if file.mimetype == _SVG:
        return "drawing"
    if file.is_text:
        return "text"
    if is_document(file.mimetype):
        return "document"
    if media.is_font(file.mimetype):
        return "font"
    return file.kind if file.kind in _SEEN else "sheet"
