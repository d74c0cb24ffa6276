"""Section 4 of what the service promises: crops and sizes of images by address and by form."""

from functools import cache
from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.inprocess import Service, contents, file_part, text_part, without_key
from tests.inprocess.fixtures import StartService

ALL = None  # the whole image

# Source and box; for `auto` and for `crop` the region taken and the size of the result.
VECTORS = [
    ((4000, 3000), (800, 600), (ALL, (800, 600)), (ALL, (800, 600))),
    ((4000, 3000), (100, 100), (ALL, (100, 75)), ((500, 0, 3500, 3000), (100, 100))),
    ((4000, 3000), (100, 300), ((1500, 0, 2500, 3000), (100, 300)), ((1500, 0, 2500, 3000), (100, 300))),
    ((1000, 10), (50, 50), ((495, 0, 505, 10), (50, 50)), ((495, 0, 505, 10), (50, 50))),
    ((1920, 1080), (640, 640), (ALL, (640, 360)), ((420, 0, 1500, 1080), (640, 640))),
    ((1920, 1080), (1000, 200), ((0, 348, 1920, 732), (1000, 200)), ((0, 348, 1920, 732), (1000, 200))),
    ((333, 777), (100, 99), ((0, 223, 333, 554), (100, 99)), ((0, 223, 333, 554), (100, 99))),
]
ROWS = [
    (source, box, fit, *expected)
    for source, box, auto, crop in VECTORS
    for fit, expected in (("auto", auto), ("crop", crop))
]


@cache
def jpeg(width: int, height: int) -> bytes:
    """Return a JPEG of a size."""
    return contents.image("JPEG", width, height)


def resized(service: Service, filehash: str, query: str) -> Image.Image:
    """Return an image as its address with a query gives it."""
    answer = service.ask(f"/i/{filehash}?{query}")
    assert answer.status_int == 200, answer.text
    return contents.opened(answer.body)


@pytest.mark.parametrize(("source", "box", "fit", "region", "size"), ROWS)
def test_the_vectors(
    service: Service,
    source: tuple[int, int],
    box: tuple[int, int],
    fit: str,
    region: tuple[int, int, int, int] | None,
    size: tuple[int, int],
) -> None:
    """A result is its region, cut out by the same address and scaled by Pillow."""
    filehash = service.filehash(jpeg(*source), "a.jpg")
    image = resized(service, filehash, f"w={box[0]}&h={box[1]}&fit={fit}&format=png")
    left, top, right, bottom = region or (0, 0, *source)
    cut = resized(service, filehash, f"x={left}&y={top}&cw={right - left}&ch={bottom - top}&format=png")
    assert image.size == size
    difference = ImageChops.difference(image, cut.resize(size, Image.Resampling.LANCZOS)).getextrema()
    assert max(high for _, high in difference) <= 5


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("w=30", (30, 20)),
        ("h=30", (45, 30)),
        ("w=120", (120, 80)),
        ("w=600&h=400", (600, 400)),
        ("w=1", (1, 1)),
        ("w=1&h=1000&fit=contain", (1, 1)),
        ("w=100&h=10&fit=contain", (15, 10)),
        ("w=50&h=50&fit=contain", (50, 33)),
        ("w=50&h=50&fit=crop", (50, 50)),
        ("w=50&h=50", (50, 33)),
        ("x=10&y=5&cw=20&ch=10", (20, 10)),
        ("x=0&y=0&cw=60&ch=40", (60, 40)),
        ("x=59&y=39&cw=1&ch=1", (1, 1)),
        ("x=10&y=5&cw=20&ch=10&w=40", (40, 20)),
        ("w=&h=&fit=&q=", (60, 40)),
        ("q=50", (60, 40)),
        ("format=jpeg", (60, 40)),
    ],
)
def test_a_box_or_a_region_gives_a_size(service: Service, query: str, size: tuple[int, int]) -> None:
    assert resized(service, service.filehash(contents.image(), "a.png"), query).size == size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO"])
def test_every_kind_of_image_can_be_resized(service: Service, kind: str) -> None:
    filehash = service.filehash(contents.image(kind), f"a.{kind.lower()}")
    for query in ("w=30&format=png", "w=30"):
        image = resized(service, filehash, query)
        assert image.width == 30


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif"])
def test_the_format_may_be_chosen(service: Service, kind: str) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    answer = service.ask(f"/i/{filehash}?w=30&format={kind}&q=40")
    assert answer.content_type == f"image/{kind}"
    assert contents.opened(answer.body).format == kind.upper()


def test_a_lower_quality_takes_fewer_bytes(service: Service) -> None:
    noisy = Image.frombytes("RGB", (100, 100), contents.noise(30_000))
    filehash = service.filehash(contents.encoded(noisy, "PNG"), "a.png")
    sizes = [
        len(service.ask(f"/i/{filehash}?w=90&format=jpeg&q={quality}").body) for quality in (1, 30, 70, 100)
    ]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4


BAD = [
    "w=0",
    "w=-1",
    "w=ten",
    "w=1.5",
    "w=1e3",
    "w=+5",
    "w=%205",
    "w=0x10",
    "w=99999",
    "h=99999999999999999999",
    "w=%D9%A1",
    "w=10&w=20",
    "fit=cover",
    "format=gif",
    "format=JPEG",
    "q=0",
    "q=101",
    "x=1",
    "x=1&y=1&cw=1",
    "x=-1&y=0&cw=1&ch=1",
    "x=0&y=0&cw=0&ch=1",
    "x=0&y=0&cw=61&ch=1",
    "x=60&y=0&cw=1&ch=1",
    "x=0&y=40&cw=1&ch=1",
    "w=9999&h=9999&fit=crop",
]


@pytest.mark.parametrize("noun", ["i", "r"])
@pytest.mark.parametrize("query", BAD)
def test_a_bad_or_outsized_parameter_is_400_and_says_why(service: Service, noun: str, query: str) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    answer = service.ask(f"/{noun}/{filehash}?{query}")
    assert (answer.status_int, answer.json["error"]["code"]) == (400, "bad_transform")
    assert len(answer.json["error"]["message"]) > 10
    assert len(service.rows()) == 1


@pytest.mark.parametrize("noun", ["i", "r"])
@pytest.mark.parametrize(
    "content",
    [
        b"text",
        b"",
        contents.PDF,
        contents.SVG,
        contents.HTML,
        contents.MP4,
        contents.noise(100),
        contents.MP3,
    ],
)
def test_what_is_no_image_is_415(service: Service, noun: str, content: bytes) -> None:
    answer = service.ask(f"/{noun}/{service.filehash(content, 'a.png')}?w=10")
    assert (answer.status_int, answer.json["error"]["code"]) == (415, "not_an_image")


@pytest.mark.parametrize("noun", ["i", "r"])
def test_half_an_image_is_415_and_can_still_be_fetched(service: Service, noun: str) -> None:
    content = contents.image("PNG", 400, 300)[:-200]
    filehash = service.filehash(content, "a.png")
    assert service.ask(f"/{noun}/{filehash}?w=10").status_int == 415
    assert service.ask(f"/i/{filehash}").body == content
    assert service.ask(f"/p/{filehash}", accept="text/html").status_int == 200


@pytest.mark.parametrize("noun", ["i", "r"])
def test_an_image_with_too_many_pixels_is_422_before_they_are_decoded(start: StartService, noun: str) -> None:
    service = start(max_image_pixels="2399")
    filehash = service.filehash(contents.image("PNG", 60, 40), "a.png")
    fits = service.filehash(contents.image("PNG", 60, 39), "b.png")
    assert service.ask(f"/{noun}/{fits}?w=10").status_int == 200
    answer = service.ask(f"/{noun}/{filehash}?w=10")
    assert (answer.status_int, answer.json["error"]["code"]) == (422, "image_too_large")
    assert "2399" in answer.json["error"]["message"] or "2,399" in answer.json["error"]["message"]


def test_a_result_has_no_more_pixels_than_the_setting_says(start: StartService) -> None:
    service = start(max_result_pixels="10000")
    filehash = service.filehash(contents.image(), "a.png")
    assert service.ask(f"/i/{filehash}?w=100&h=100&fit=crop").status_int == 200
    assert service.ask(f"/i/{filehash}?w=101&h=100&fit=crop").status_int == 400


def test_metadata_does_not_come_along(service: Service) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif[0x0112] = 6
    content = contents.image("JPEG", 60, 40, exif=exif)
    filehash = service.filehash(content, "a.jpg")
    answer = service.ask(f"/i/{filehash}?w=20")
    assert b"SECRETCAMERA" in content
    assert b"SECRETCAMERA" not in answer.body
    image = contents.opened(answer.body)
    assert image.size == (20, 30)
    assert not image.getexif()


def test_an_animation_stays_one(service: Service) -> None:
    filehash = service.filehash(contents.animation("GIF", frames=3), "a.gif")
    image = resized(service, filehash, "w=20")
    assert (image.n_frames, image.size) == (3, (20, 15))


def test_transparency_stays(service: Service) -> None:
    glass = contents.encoded(Image.new("RGBA", (40, 40), (255, 0, 0, 0)), "PNG")
    image = resized(service, service.filehash(glass, "a.png"), "w=20")
    assert image.convert("RGBA").getpixel((10, 10))[3] == 0


# Caching


@pytest.fixture
def renderings(service: Service, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note what the pool of workers is asked for."""
    asked: list[Any] = []
    pool = service.registry.services.image_pool
    run = pool.run

    def note(task: str, key: str, **given: Any) -> Any:
        asked.append((task, key))
        return run(task, key, **given)

    monkeypatch.setattr(pool, "run", note)
    return asked


def test_a_derived_image_is_computed_once(service: Service, renderings: list[Any]) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    other_name = service.filehash(contents.image(), "b.png")
    answers = [
        service.ask(f"/i/{name}?{query}")
        for name in (filehash, other_name)
        for query in ("w=30&h=20", "h=20&w=30", "w=30&h=20&fit=auto", "w=30&h=20&fit=")
    ]
    assert len({answer.body for answer in answers}) == 1
    assert len(renderings) == 1


def test_a_resized_image_is_cached_by_clients_too(service: Service) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    first = service.ask(f"/i/{filehash}?w=30")
    assert first.headers["Cache-Control"] == "public, max-age=2592000, s-maxage=60"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    again = service.ask(f"/i/{filehash}?w=30", if_none_match=first.headers["ETag"])
    assert (again.status_int, again.body) == (304, b"")
    other = service.ask(f"/i/{filehash}?w=31", if_none_match=first.headers["ETag"])
    assert other.status_int == 200
    part = service.ask(f"/i/{filehash}?w=30", range="bytes=5-9")
    assert (part.status_int, part.body) == (206, first.body[5:10])


# /r/ and the form


def test_r_makes_a_file_of_its_own_and_the_same_one_again(each_service: Service) -> None:
    filehash = each_service.filehash(contents.image(), "photo.png")
    first, again = (each_service.ask(f"/r/{filehash}?w=30&h=20") for _ in range(2))
    assert (first.status_int, first.content_type) == (200, "text/plain")
    assert first.text == again.text
    assert first.text.startswith("http://localhost/i/")
    assert filehash not in first.text
    image = contents.opened(each_service.ask(first.text).body)
    assert image.size == (30, 20)
    assert len(each_service.rows()) == 2
    assert each_service.ask(first.text.replace("/i/", "/p/"), accept="text/html").status_int == 200
    assert each_service.ask(f"/r/{filehash}?w=31").text != first.text


def test_r_without_a_size_is_400(service: Service) -> None:
    filehash = service.filehash(contents.image(), "photo.png")
    assert service.ask(f"/r/{filehash}").status_int == 400


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"w": "30", "h": "20"}, (30, 20)),
        ({"w": "30"}, (30, 20)),
        ({"h": "80"}, (120, 80)),
        ({"w": "20", "h": "20"}, (20, 13)),
    ],
)
def test_the_form_resizes_before_storing(
    each_service: Service, fields: dict[str, str], size: tuple[int, int]
) -> None:
    parts = [*(text_part(name, text) for name, text in fields.items())]
    answer = each_service.send([*parts, file_part(contents.image(), "photo.png")])
    assert (answer.status_int, answer.json["type"]) == (201, "image")
    assert contents.opened(each_service.ask(answer.json["url_i"]).body).size == size
    [row] = each_service.rows()
    assert (row.width, row.height) == size
    assert each_service.contents() == [row.sha256]
    again = each_service.send([*parts, file_part(contents.image(), "photo.png")])
    assert (again.status_int, without_key(again.json)) == (200, without_key(answer.json))


def test_whoever_decodes_an_image_asks_a_worker(service: Service, renderings: list[Any]) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    assert renderings == []
    service.ask(f"/i/{filehash}?w=20")
    service.ask(f"/r/{filehash}?w=20")
    service.send([text_part("w", "20"), file_part(contents.image(), "a.png")])
    assert [task for task, _ in renderings] == ["render"] * 3
