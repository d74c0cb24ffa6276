"""Cropping and resizing of stored or just received images, by worker processes."""

import threading
import time
from dataclasses import asdict, replace
from typing import BinaryIO

from ..errors import Overloaded, TaskFailed
from ..images import ImageFormat, ImageLimits, Rendered, Transform
from ..names import suffix_of, with_suffix
from ..storage import BlobStore, BlobWriter
from ..workers import Answer, TaskLimits, WorkerPool
from .files import StoredFile

# An answer takes at most so long, waiting for a worker included; pools wait WAIT_SECONDS at most,
# twice for a heavy image.
ANSWER_SECONDS = 11.0
WAIT_SECONDS = 2.0

# Honest images take up to 4 s of processor time: a PNG of 100 megapixels.
CPU_SECONDS = 7.0

# What an image may take beside others, by the estimate of `images.costs`; one that needs more is
# heavy, and heavy ones take turns. All processes together stay below 1 GiB so: one heavy, three others.
LIGHT_MEMORY = 64 * 2**20

# How far beyond its estimate a task may go before the kernel stops it.
MARGIN = 32 * 2**20

# Suffixes that fit a result as well as the one it would get.
_SUFFIXES = {"image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif")}

# From this side on, in pixels, a result takes much work of its own.
LARGE_SIDE = 1600


class ImageRenderer:
    """Has images rendered; at most `most_requests` requests at a time are at it or wait."""

    def __init__(self, store: BlobStore, pool: WorkerPool, limits: ImageLimits, most_requests: int) -> None:
        self._store = store
        self._pool = pool
        self._limits = limits
        self._places = threading.BoundedSemaphore(most_requests)

    def render_file(self, file: StoredFile, transform: Transform, target: BinaryIO) -> Rendered:
        """Write a stored image, resized, into an empty file that is open for reading and writing.

        Raises NotAnImage, ImageTooLarge, BadTransform if that does not fit, TaskKilled, Overloaded.
        """
        with self._store.open(file.sha256) as source:
            return self._render(source, file.sha256, transform, target)

    def render_upload(self, writer: BlobWriter, transform: Transform, target: BinaryIO) -> Rendered:
        """Write a received image, resized, into a file; raises as `render_file` does."""
        sha256 = writer.finish().sha256
        with writer.reader() as source:
            return self._render(source, sha256, transform, target)

    def _render(self, source: BinaryIO, sha256: str, transform: Transform, target: BinaryIO) -> Rendered:
        if not self._places.acquire(blocking=False):
            raise Overloaded("the service is busy with other images; try again in a moment")
        try:
            deadline = time.monotonic() + ANSWER_SECONDS
            key = f"{sha256}-{_effort(transform)}"
            answer = self._ask(source, key, transform, target, deadline, is_heavy=False)
            if answer.header.get("is_heavy") is True:
                answer = self._ask(source, key, transform, target, deadline, is_heavy=True)
        finally:
            self._places.release()
        try:
            return Rendered.from_json(answer.header)
        except ValueError as error:
            raise TaskFailed("something went wrong on the server") from error

    def _ask(
        self,
        source: BinaryIO,
        key: str,
        transform: Transform,
        target: BinaryIO,
        deadline: float,
        *,
        is_heavy: bool,
    ) -> Answer:
        limits = self._limits
        if not is_heavy:
            limits = replace(limits, max_memory=min(LIGHT_MEMORY, limits.max_memory))
        return self._pool.run(
            "render",
            key,
            limits=TaskLimits(
                seconds=max(deadline - time.monotonic() - WAIT_SECONDS, 1.0),
                cpu_seconds=CPU_SECONDS,
                memory_bytes=limits.max_memory + MARGIN,
            ),
            params={"transform": asdict(transform), "limits": asdict(limits), "is_heavy": is_heavy},
            source=source,
            target=target.fileno(),
            heavy=is_heavy,
        )


def _effort(transform: Transform) -> str:
    """Return a name for transforms of about the same work.

    What is too costly is not tried again for an hour, and somebody who asks for the costliest size of
    a good image must not keep others from the usual ones.
    """
    side = max(transform.width or 0, transform.height or 0)
    size = "small" if 0 < side <= LARGE_SIDE else "large"
    return f"{size}-{transform.format or 'same'}"


def named_as(found: ImageFormat, filename: str) -> str:
    """Return a filename with the suffix of an image's format, unless it has a fitting one."""
    if suffix_of(filename) in _SUFFIXES.get(found.mimetype, (f".{found.suffix}",)):
        return filename
    return with_suffix(filename, "", f".{found.suffix}")
