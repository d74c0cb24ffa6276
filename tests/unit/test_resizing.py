"""Resizing: once for all who ask at once, no more at a time than there are slots, always the same link."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pastebin import images
from pastebin.errors import BadTransform, ImageTooLarge, NotAnImage, PastebinError
from pastebin.images import ImageLimits, Rendered, Transform
from pastebin.services import resizing
from pastebin.services.file_records import LinkService
from pastebin.services.files import StoredFile
from pastebin.services.resizing import ResizeService
from pastebin.services.uploads import UploadService
from pastebin.storage import DerivedFolder
from tests.contracts.together import in_threads
from tests.inprocess import Service, contents

THREADS = 8
SLOTS = 2


class Renderings:
    """What was rendered, and how many were being rendered at the same time at most."""

    def __init__(self, alter: Callable[[Rendered], Rendered] = lambda image: image) -> None:
        self.transforms: list[Transform] = []
        self.most_at_once = 0
        self._alter = alter
        self._lock = threading.Lock()
        self._now = 0

    def __call__(self, source: Any, transform: Transform, limits: ImageLimits) -> Rendered:
        with self._lock:
            self.transforms.append(transform)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        time.sleep(0.02)  # so that all who may come in are in
        try:
            return self._alter(images.render(source, transform, limits))
        finally:
            with self._lock:
                self._now -= 1


@pytest.fixture
def renderings(monkeypatch: pytest.MonkeyPatch) -> Renderings:
    """Note what is rendered."""
    noted = Renderings()
    monkeypatch.setattr(resizing, "render", noted)
    return noted


@pytest.fixture
def never_the_same(monkeypatch: pytest.MonkeyPatch) -> Renderings:
    """Have every rendering give other bytes, as another version of an encoder would."""
    numbers = itertools.count()
    noted = Renderings(lambda image: replace(image, data=image.data + b"%d" % next(numbers)))
    monkeypatch.setattr(resizing, "render", noted)
    return noted


MakeSizes = Callable[..., ResizeService]


@pytest.fixture
def make_sizes(service: Service, tmp_path: Path) -> MakeSizes:
    """Give a function that makes the service's resizing, with SLOTS slots and a folder of its own."""

    def make(limits: ImageLimits = images.DEFAULT_LIMITS) -> ResizeService:
        store, links = service.registry.services.store, LinkService(service.registry.services.engine)
        derived = DerivedFolder(tmp_path / "derived", 10**7)
        slots = threading.BoundedSemaphore(SLOTS)
        return ResizeService(store, derived, links, UploadService(links, store, limits), limits, slots)

    return make


@pytest.fixture
def sizes(make_sizes: MakeSizes) -> ResizeService:
    """Give the service's resizing."""
    return make_sizes()


def stored(service: Service, data: bytes, name: str = "photo.png") -> StoredFile:
    """Upload a file and return what is known of it."""
    filehash = service.filehash(data, name)
    return StoredFile.of(next(row for row in service.rows() if row.filehash == filehash))


def wide(width: int) -> Transform:
    return Transform(width=width)


def bytes_of(sizes: ResizeService, file: StoredFile, transform: Transform) -> bytes:
    """Return a resized image's bytes."""
    with sizes.image(file, transform).reader as reader:
        return reader.read()


def at_once(call: Callable[[int], Any]) -> list[Any]:
    """Return what a call gives in each of several threads that begin at the same moment."""
    return in_threads([partial(call, number) for number in range(THREADS)])


# Images for an address


def test_an_image_tells_its_type_and_begins_at_its_bytes(service: Service, sizes: ResizeService) -> None:
    file = stored(service, contents.image("PNG", 60, 40))
    for name in ("jpeg", "png", "webp"):
        image = sizes.image(file, Transform(width=30, format=name))
        with image.reader as reader:
            decoded = contents.opened(reader.read())
        assert (image.mimetype, decoded.format, decoded.size) == (f"image/{name}", name.upper(), (30, 20))


def test_a_tag_is_of_the_bytes_and_of_what_was_asked(service: Service, sizes: ResizeService) -> None:
    file, same = (stored(service, contents.image(), name) for name in ("a.png", "b.png"))
    other = stored(service, contents.image("PNG", 61, 40))
    tags = [sizes.image(f, wide(w)) for f, w in ((file, 20), (same, 20), (file, 21), (other, 20))]
    for image in tags:
        image.reader.close()
    assert [image.tag == tags[0].tag for image in tags] == [True, True, False, False]


def test_who_asks_at_once_gets_what_was_rendered_once(
    service: Service, sizes: ResizeService, renderings: Renderings
) -> None:
    file = stored(service, contents.image())
    assert len(set(at_once(lambda _number: bytes_of(sizes, file, wide(20))))) == 1
    assert renderings.transforms == [wide(20)]


def test_who_asks_later_gets_the_same_though_rendering_would_differ(
    service: Service, sizes: ResizeService, never_the_same: Renderings
) -> None:
    file = stored(service, contents.image())
    assert len({bytes_of(sizes, file, wide(20)) for _ in range(3)}) == 1
    assert len(never_the_same.transforms) == 1


def test_no_more_are_rendered_at_a_time_than_there_are_slots(
    service: Service, sizes: ResizeService, renderings: Renderings
) -> None:
    file = stored(service, contents.image())
    at_once(lambda number: bytes_of(sizes, file, wide(10 + number)))
    assert len(renderings.transforms) == THREADS
    assert renderings.most_at_once == SLOTS


def test_files_of_their_own_take_slots_too(
    service: Service, sizes: ResizeService, renderings: Renderings
) -> None:
    file = stored(service, contents.image())
    at_once(lambda number: sizes.as_file(file, wide(10 + number)))
    assert renderings.most_at_once == SLOTS


# Files of their own


def test_a_file_of_its_own_is_named_after_its_size(service: Service, sizes: ResizeService) -> None:
    link = sizes.as_file(stored(service, contents.image("PNG", 60, 40)), Transform(width=30, format="jpeg"))
    assert link.created
    assert link.file.filename == "photo-30x20.jpg"
    assert (link.file.mimetype, link.file.width, link.file.height) == ("image/jpeg", 30, 20)


def test_the_same_request_gives_the_same_file_though_rendering_would_differ(
    service: Service, sizes: ResizeService, never_the_same: Renderings
) -> None:
    file = stored(service, contents.image())
    first, again = (sizes.as_file(file, wide(20)) for _ in range(2))
    assert (first.created, again.created) == (True, False)
    assert first.file == again.file
    assert len(never_the_same.transforms) == 1


def test_the_same_request_at_once_gives_the_same_file_though_each_rendering_differs(
    service: Service, sizes: ResizeService, never_the_same: Renderings
) -> None:
    file = stored(service, contents.image())
    links = at_once(lambda _number: sizes.as_file(file, wide(20)))
    assert [link.created for link in links].count(True) == 1
    assert len({link.file for link in links}) == 1
    [copy] = [row for row in service.rows() if row.filehash != file.filehash]
    assert (copy.filehash, copy.sha256) == (links[0].file.filehash, links[0].file.sha256)
    assert copy.sha256 in service.registry.services.store
    assert service.leftovers() == []


def test_each_uploader_has_a_copy_of_their_own(service: Service, sizes: ResizeService) -> None:
    one, other = (stored(service, contents.image(), name) for name in ("secret.png", "other.png"))
    links = [sizes.as_file(file, wide(20)) for file in (one, other)]
    assert [link.file.filename for link in links] == ["secret-20x13.png", "other-20x13.png"]
    assert links[0].file.filehash != links[1].file.filehash
    assert links[0].file.sha256 == links[1].file.sha256


# Refusals


@pytest.mark.parametrize(
    "data",
    [b"text", contents.SVG, contents.PDF, b""],
    ids=["text", "svg", "pdf", "empty"],
)
def test_what_is_no_raster_image_is_refused_without_looking(
    service: Service, sizes: ResizeService, renderings: Renderings, data: bytes
) -> None:
    file = stored(service, data)
    for ask in (sizes.image, sizes.as_file):
        with pytest.raises(NotAnImage):
            ask(file, wide(20))
    assert renderings.transforms == []


def test_a_file_of_its_own_needs_a_size(service: Service, sizes: ResizeService) -> None:
    with pytest.raises(BadTransform):
        sizes.as_file(stored(service, contents.image()), None)


@pytest.mark.parametrize(
    ("data", "transform", "limits", "error"),
    [
        (contents.image()[:80], wide(20), ImageLimits(), NotAnImage),
        (contents.image(), Transform(region=(0, 0, 100, 100)), ImageLimits(), BadTransform),
        (contents.image(), wide(20), ImageLimits(max_pixels=100), ImageTooLarge),
    ],
    ids=["broken", "outside", "too large"],
)
def test_what_cannot_be_rendered_leaves_nothing_and_frees_its_slot(
    service: Service,
    make_sizes: MakeSizes,
    tmp_path: Path,
    data: bytes,
    transform: Transform,
    limits: ImageLimits,
    error: type[PastebinError],
) -> None:
    file, sizes = stored(service, data), make_sizes(limits)
    for _ in range(SLOTS + 1):
        for ask in (sizes.image, sizes.as_file):
            with pytest.raises(error):
                ask(file, transform)
    assert len(service.rows()) == len(service.contents()) == 1
    assert service.leftovers() == []
    assert [path for path in (tmp_path / "derived").glob("??/*") if path.is_file()] == []
