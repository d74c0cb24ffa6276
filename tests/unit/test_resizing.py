"""Resizing: what is asked of the pool of workers, what is kept of it, and always the same link."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from pastebin import images
from pastebin.errors import BadTransform, ImageTooLarge, NotAnImage, Overloaded, PastebinError
from pastebin.images import ImageLimits, Transform
from pastebin.images.tasks import TASKS
from pastebin.services.committer import Committer
from pastebin.services.file_records import FileRecords
from pastebin.services.files import StoredFile
from pastebin.services.rendering import LIGHT_MEMORY, ImageRenderer
from pastebin.services.resizing import ResizeService
from pastebin.services.uploads import UploadService
from pastebin.storage import DerivedFolder
from pastebin.workers import Answer, TaskLimits, WorkerPool
from tests.contracts.together import in_threads
from tests.inprocess import Service, contents

THREADS = 8


class FakePool:
    """Does its tasks at once and in this process, and notes them."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.after: Callable[[BinaryIO], None] = lambda _target: None

    @property
    def transforms(self) -> list[Transform]:
        """Return what was asked for."""
        return [Transform.from_json(given["params"]["transform"]) for given in self.asked]

    def run(self, task: str, key: str, **given: Any) -> Answer:
        """Do a task as a worker would."""
        self.asked.append({"task": task, "key": key, **given})
        with open(os.dup(given["target"]), "w+b") as target:
            target.truncate(0)
            given["source"].seek(0)
            header, body = TASKS[task](given["source"], given["params"], target)
            self.after(target)
        return Answer(header, body)


@pytest.fixture
def pool() -> FakePool:
    """Give a pool that notes what it is asked."""
    return FakePool()


@pytest.fixture
def never_the_same(pool: FakePool) -> FakePool:
    """Have every rendering give other bytes, as another version of an encoder would."""
    pool.after = lambda target: cast(None, target.write(b"%d" % len(pool.asked)))
    return pool


MakeSizes = Callable[..., ResizeService]


@pytest.fixture
def make_sizes(service: Service, tmp_path: Path, pool: FakePool) -> MakeSizes:
    """Give a function that makes the service's resizing, with a pool and a folder of its own."""

    def make(limits: ImageLimits = images.DEFAULT_LIMITS, requests: int = THREADS) -> ResizeService:
        services = service.registry.services
        renderer = ImageRenderer(services.store, cast(WorkerPool, pool), limits, requests)
        committer = Committer(
            services.engine, services.store, services.generation, services.quotas, services.flags
        )
        uploads = UploadService(
            committer,
            services.store,
            limits,
            renderer,
            services.passwords,
            services.bans,
            services.metadata,
            services.counting,
        )
        derived = DerivedFolder(tmp_path / "derived", 10**7)
        return ResizeService(derived, FileRecords(services.engine), uploads, renderer)

    return make


@pytest.fixture
def sizes(make_sizes: MakeSizes) -> ResizeService:
    """Give the service's resizing."""
    return make_sizes()


def stored(service: Service, data: bytes, name: str = "photo.png") -> StoredFile:
    """Upload a file and return what is known of it."""
    return service.registry.services.files.by_hash(service.filehash(data, name))


def wide(width: int) -> Transform:
    return Transform(width=width)


def bytes_of(sizes: ResizeService, file: StoredFile, transform: Transform) -> bytes:
    """Return a resized image's bytes."""
    image = sizes.image(file, transform)
    with image.reader as reader:
        return reader.read(image.size)


def at_once(call: Callable[[int], Any]) -> list[Any]:
    """Return what a call gives in each of several threads that begin at the same moment."""
    return in_threads([partial(call, number) for number in range(THREADS)])


# What workers are asked


def test_a_worker_gets_the_transform_and_bounds(
    service: Service, sizes: ResizeService, pool: FakePool
) -> None:
    transform = Transform(width=20, region=(1, 2, 30, 20), format="webp", quality=50)
    bytes_of(sizes, stored(service, contents.image()), transform)
    assert pool.transforms == [transform]
    (asked,) = pool.asked
    limits: TaskLimits = asked["limits"]
    assert (asked["task"], asked["heavy"], asked["params"]["is_heavy"]) == ("render", False, False)
    assert asked["params"]["limits"]["max_memory"] == LIGHT_MEMORY
    assert limits.cpu_seconds < limits.seconds < 12


def test_what_needs_much_memory_is_asked_for_as_such(
    service: Service, sizes: ResizeService, pool: FakePool
) -> None:
    file = stored(service, contents.image("PNG", 5000, 4000))
    assert contents.opened(bytes_of(sizes, file, wide(20))).width == 20
    assert [asked["heavy"] for asked in pool.asked] == [False, True]
    memory = [asked["limits"].memory_bytes for asked in pool.asked]
    assert memory[0] < 128 * 2**20 < memory[1] < 700 * 2**20


def test_what_needs_more_memory_than_there_is_is_refused(service: Service, make_sizes: MakeSizes) -> None:
    file = stored(service, contents.image("PNG", 1000, 1000))
    with pytest.raises(ImageTooLarge, match="memory"):
        make_sizes(ImageLimits(max_memory=10**6)).image(file, wide(20))


def test_costly_sizes_have_keys_of_their_own(service: Service, sizes: ResizeService, pool: FakePool) -> None:
    """What fails is not tried again, and that must not hit the sizes that others ask for."""
    file = stored(service, contents.image())
    wanted = [wide(20), wide(30), wide(1601), Transform(width=20, format="webp"), Transform(format="webp")]
    for transform in wanted:
        bytes_of(sizes, file, transform)
    keys = [asked["key"] for asked in pool.asked]
    assert keys[0] == keys[1]
    assert len(set(keys)) == len(wanted) - 1
    assert all(key.startswith(file.sha256) for key in keys)


def test_no_more_than_so_many_requests_are_at_it(
    service: Service, make_sizes: MakeSizes, pool: FakePool
) -> None:
    sizes, file = make_sizes(requests=1), stored(service, contents.image())
    seen: list[type[Exception]] = []

    def ask_again(_target: BinaryIO) -> None:
        pool.after = lambda _target: None
        with pytest.raises(Overloaded) as refused:
            sizes.image(file, wide(21))
        seen.append(refused.type)

    pool.after = ask_again
    bytes_of(sizes, file, wide(20))
    bytes_of(sizes, file, wide(22))  # the place is free again
    assert seen == [Overloaded]


# Images for an address


def test_an_image_tells_its_type_and_begins_at_its_bytes(service: Service, sizes: ResizeService) -> None:
    file = stored(service, contents.image("PNG", 60, 40))
    for name in ("jpeg", "png", "webp"):
        for _ in range(2):
            image = sizes.image(file, Transform(width=30, format=name))
            with image.reader as reader:
                decoded = contents.opened(reader.read(image.size))
            assert (image.mimetype, decoded.format, decoded.size) == (f"image/{name}", name.upper(), (30, 20))


def test_a_tag_is_of_the_bytes_and_of_what_was_asked(service: Service, sizes: ResizeService) -> None:
    file, same = (stored(service, contents.image(), name) for name in ("a.png", "b.png"))
    other = stored(service, contents.image("PNG", 61, 40))
    tags = [sizes.image(f, wide(w)) for f, w in ((file, 20), (same, 20), (file, 21), (other, 20))]
    for image in tags:
        image.reader.close()
    assert [image.tag == tags[0].tag for image in tags] == [True, True, False, False]


def test_another_version_of_the_encoder_makes_it_anew(
    service: Service, sizes: ResizeService, pool: FakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stored(service, contents.image())
    bytes_of(sizes, file, wide(20))
    monkeypatch.setattr("pastebin.services.resizing.ENCODER_VERSION", "another")
    bytes_of(sizes, file, wide(20))
    assert len(pool.asked) == 2


def test_who_asks_later_gets_the_same_though_rendering_would_differ(
    service: Service, sizes: ResizeService, never_the_same: FakePool
) -> None:
    file = stored(service, contents.image())
    assert len({bytes_of(sizes, file, wide(20)) for _ in range(3)}) == 1
    assert len(never_the_same.asked) == 1


# Files of their own


def test_a_file_of_its_own_is_named_after_its_size(service: Service, sizes: ResizeService) -> None:
    link = sizes.as_file(stored(service, contents.image("PNG", 60, 40)), Transform(width=30, format="jpeg"))
    assert link.created
    assert link.file.filename == "photo-30x20.jpg"
    assert (link.file.mimetype, link.file.width, link.file.height) == ("image/jpeg", 30, 20)


def test_the_same_request_gives_the_same_file_though_rendering_would_differ(
    service: Service, sizes: ResizeService, never_the_same: FakePool
) -> None:
    file = stored(service, contents.image())
    first, again = (sizes.as_file(file, wide(20)) for _ in range(2))
    assert (first.created, again.created) == (True, False)
    assert first.file == again.file
    assert len(never_the_same.asked) == 1


def test_the_same_request_at_once_gives_the_same_file_though_each_rendering_differs(
    service: Service, sizes: ResizeService, never_the_same: FakePool
) -> None:
    file = stored(service, contents.image())
    links = at_once(lambda _number: sizes.as_file(file, wide(20)))
    assert [link.created for link in links].count(True) == 1
    assert len({link.file.filehash for link in links}) == 1
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
    "data", [b"text", contents.SVG, contents.PDF, b""], ids=["text", "svg", "pdf", "empty"]
)
def test_what_is_no_raster_image_is_refused_without_looking(
    service: Service, sizes: ResizeService, pool: FakePool, data: bytes
) -> None:
    file = stored(service, data)
    for ask in (sizes.image, sizes.as_file):
        with pytest.raises(NotAnImage):
            ask(file, wide(20))
    assert pool.asked == []


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
def test_what_cannot_be_rendered_leaves_nothing_and_frees_its_place(
    service: Service,
    make_sizes: MakeSizes,
    tmp_path: Path,
    data: bytes,
    transform: Transform,
    limits: ImageLimits,
    error: type[PastebinError],
) -> None:
    file, sizes = stored(service, data), make_sizes(limits, requests=1)
    for _ in range(2):
        for ask in (sizes.image, sizes.as_file):
            with pytest.raises(error):
                ask(file, transform)
    assert len(service.rows()) == 1
    assert service.leftovers() == []
    assert [path for path in (tmp_path / "derived").glob("??/*") if path.is_file()] == []
