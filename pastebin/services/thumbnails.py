"""Small pictures of any file: of images by resizing, of others by what can be seen of them, or drawn."""

from dataclasses import asdict, dataclass

from ..errors import ImageTooLarge, NotAnImage, StorageFull, TaskFailed, TaskKilled
from ..images import ENCODER_VERSION, Transform
from ..images.thumbnails import SIZE, THUMBNAIL_VERSION
from ..previews.decoding import charset
from ..storage import BlobStore, DerivedFile, DerivedFolder
from ..workers import TaskLimits, WorkerPool
from .resizing import ResizedImage, ResizeService
from .stored_file import StoredFile

# A page of a PDF takes up to a second, ffmpeg up to 0.8 s; both reserve far more memory than they use.
_LIMITS = TaskLimits(seconds=9.0, cpu_seconds=4.0, memory_bytes=768 * 2**20)

# Kinds of files of which something can be seen.
_SEEN = frozenset({"pdf", "video", "audio"})


@dataclass(frozen=True, slots=True)
class _Look:
    """What a worker is told: these are the fields of `images.thumbnails.thumbnail`."""

    kind: str
    mimetype: str
    charset: str
    suffix: str


class ThumbnailService:
    """Thumbnails, made when they are first asked for, and kept with the resized images."""

    def __init__(
        self, store: BlobStore, derived: DerivedFolder, pool: WorkerPool, resizing: ResizeService
    ) -> None:
        self._store = store
        self._derived = derived
        self._pool = pool
        self._resizing = resizing

    def thumbnail(self, file: StoredFile) -> ResizedImage:
        """Return a picture of a file, at most SIZE. Raises Overloaded, TaskFailed and Unavailable."""
        if file.width:
            try:
                return self._resizing.image(file, Transform(width=SIZE[0], height=SIZE[1], fit="crop"))
            except (NotAnImage, ImageTooLarge, TaskKilled):
                pass  # a sheet is drawn
        return self._drawn(file, _look_at(file))

    def _drawn(self, file: StoredFile, look: _Look) -> ResizedImage:
        tag = f"{file.sha256}-thumbnail-{look.kind}{look.suffix}-{THUMBNAIL_VERSION}-{ENCODER_VERSION}"
        found = self._derived.get(tag)
        if found is None:
            try:
                found = self._make(file, look, tag)
            except (ImageTooLarge, TaskFailed, TaskKilled):
                if look.kind == "sheet":
                    raise
                return self._drawn(file, _Look("sheet", "", "utf-8", look.suffix))
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
                f"{file.sha256}-{look.kind}",
                limits=_LIMITS,
                params=asdict(look),
                source=source,
                target=writer.file.fileno(),
            )
            return self._derived.keep(writer, "image/webp")


def _look_at(file: StoredFile) -> _Look:
    kind = "text" if file.is_text else file.kind if file.kind in _SEEN else "sheet"
    suffix = file.filehash.rpartition(".")[2] if "." in file.filehash else ""
    return _Look(kind, file.mimetype, charset(file.encoding), suffix)
