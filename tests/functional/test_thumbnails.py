"""A small picture of every file: what can be seen of it, or a sheet with its suffix."""

import io
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from pastebin.images import ffmpeg
from pastebin.images.thumbnails import films
from tests.inprocess import Service, contents, documents, file_part, text_part
from tests.inprocess.fixtures import StartService


def thumbnail(service: Service, data: bytes, name: str) -> Image.Image:
    answer = service.ask(f"/t/{service.filehash(data, name)}")
    assert answer.status_int == 200
    assert answer.headers["Content-Type"].startswith("image/")
    image = Image.open(io.BytesIO(answer.body))
    assert image.width <= 400
    assert image.height <= 300
    return image.convert("RGB")


def cover() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (500, 500), (220, 40, 30)).save(out, "JPEG")
    return out.getvalue()


def id3(version: int) -> bytes:
    """Return an MP3's tag with a cover behind another frame."""
    picture = b"\0image/jpeg\0\3about it\0" + cover()
    title = b"\3A title"

    def frame(name: bytes, data: bytes) -> bytes:
        size = len(data)
        if version == 4:
            size = sum((size >> 7 * place & 0x7F) << 8 * place for place in range(4))
        return name + struct.pack(">LH", size, 0) + data

    tag = frame(b"TIT2", title) + frame(b"APIC", picture) + bytes(100)
    size = bytes(len(tag) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes((version, 0, 0)) + size + tag + contents.MP3


def flac() -> bytes:
    picture = struct.pack(">LL", 3, 10) + b"image/jpeg" + struct.pack(">L", 0) + bytes(16)
    picture += struct.pack(">L", len(cover())) + cover()
    information = bytes(34)
    head = b"fLaC" + b"\0" + len(information).to_bytes(3, "big") + information
    return head + b"\x86" + len(picture).to_bytes(3, "big") + picture


def is_red(image: Image.Image) -> bool:
    red, green, blue = image.getpixel((image.width // 2, image.height // 2))  # type: ignore[misc]
    return red > 190 and green < 80 and blue < 80


@pytest.mark.parametrize("name", ["three.mp3", "four.mp3", "sound.flac"])
def test_a_sound_shows_its_cover(service: Service, name: str) -> None:
    data = {"three.mp3": id3(3), "four.mp3": id3(4), "sound.flac": flac()}[name]
    image = thumbnail(service, data, name)
    assert image.size == (300, 300)
    assert is_red(image)


def test_an_image_is_shown_itself(service: Service) -> None:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (220, 40, 30)).save(out, "PNG")
    assert is_red(thumbnail(service, out.getvalue(), "a.png"))


def test_a_text_shows_the_pattern_of_its_words(service: Service) -> None:
    image = thumbnail(service, b"some words here\n" * 40, "a.txt")
    colours = image.getcolors(10_000) or []
    assert image.size == (400, 300)
    assert len(colours) > 1
    short = thumbnail(service, b"a few words", "short.txt")
    assert short.getpixel((10, 10)) == short.getpixel((390, 290)) != short.getpixel((180, 150))
    blank = thumbnail(service, b"\n" * 40, "blank.txt")
    assert len(blank.getcolors(10_000) or []) < len(colours)


def test_a_pdf_shows_its_first_page(service: Service) -> None:
    red = b"0.86 0.16 0.12 rg 0 0 300 150 re f"
    data = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    data += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    data += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 150]/Contents 4 0 R>>endobj\n"
    data += b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (len(red), red)
    image = thumbnail(service, data + b"trailer<</Root 1 0 R>>\n%%EOF\n", "a.pdf")
    assert image.size == (400, 200)
    assert is_red(image)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (contents.archive(), "a.zip"),
        (contents.PDF, "without pages.pdf"),
        (contents.noise(1000), "a.bin"),
        (contents.EXECUTABLE, "program"),
        (b"", "empty"),
        (contents.MP3, "without.mp3"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "broken.jpg"),
        (contents.MP4, "broken.mp4"),
        (b"ID3\3\0\0\x7f\x7f\x7f\x7fAPIC\xff\xff\xff\xff" + bytes(300), "hostile.mp3"),
        (b"fLaC\x86\xff\xff\xff" + bytes(100), "hostile.flac"),
        (b"%PDF-1.7\n\xff\0" + b"1 0 obj<<" * 5000, "hostile.pdf"),
    ],
)
def test_everything_else_is_a_sheet(service: Service, data: bytes, name: str) -> None:
    image = thumbnail(service, data, name)
    assert image.size == (400, 300)
    assert thumbnail(service, data, name).tobytes() == image.tobytes()


def test_without_ffmpeg_a_video_is_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    from pastebin.errors import NotAnImage

    monkeypatch.setattr(ffmpeg, "found", lambda _: None)
    with pytest.raises(NotAnImage):
        films.frame_of(io.BytesIO(contents.MP4), "video/mp4", (400, 300))


@pytest.mark.parametrize("seconds", ["0.2", "3"])
def test_a_video_shows_a_frame(service: Service, tmp_path: Path, seconds: str) -> None:
    path = tmp_path / "film.mp4"
    source = f"color=c=0xdc281e:s=320x240:d={seconds}"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, check=True, timeout=60)
    image = thumbnail(service, path.read_bytes(), "film.mp4")
    assert is_red(image)


def drawing() -> bytes:
    inside = '<rect width="80" height="60" fill="rgb(220,40,30)"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60">{inside}</svg>'.encode()


def specimen() -> bytes:
    return ImageFont.load_default(10).path.getvalue()  # type: ignore[union-attr]


def test_a_drawing_is_drawn(service: Service) -> None:
    image = thumbnail(service, drawing(), "a.svg")
    assert image.size == (400, 300)
    assert is_red(image)
    filehash = service.filehash(drawing(), "a.svg")
    page = service.ask(f"/p/{filehash}", accept="text/html").text
    assert f'src="/t/{filehash}?size=large"' in page
    assert f'<meta property="og:image" content="http://localhost/t/{filehash}?size=large">' in page
    assert service.ask(f"/i/{filehash}").headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("name", ["a.epub", "a.odt", "a.pptx"])
def test_a_document_shows_the_picture_that_it_has_of_itself(service: Service, name: str) -> None:
    data = {
        "a.epub": documents.epub("Moby Dick", "Herman Melville", cover()),
        "a.odt": documents.odt("words", **{"Thumbnails/thumbnail.png": cover()}),
        "a.pptx": documents.package(
            {
                "[Content_Types].xml": "<T/>",
                "_rels/.rels": "<R/>",
                "ppt/presentation.xml": "<p/>",
                "docProps/thumbnail.jpeg": cover(),
            }
        ),
    }[name]
    assert is_red(thumbnail(service, data, name))


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.ttf"])
def test_what_has_words_shows_them(service: Service, name: str) -> None:
    data = {
        "a.docx": documents.docx(*["some words here"] * 20),
        "a.xlsx": documents.xlsx([["a", "b"], *[["some", 1.5]] * 20]),
        "a.ttf": specimen(),
    }[name]
    image = thumbnail(service, data, name)
    assert image.size == (400, 300)
    assert image.tobytes() != thumbnail(service, b"\0" + contents.noise(100), "x" + name[1:]).tobytes()


def test_a_larger_one_is_never_larger_than_an_image(service: Service) -> None:
    for (width, height), wanted in {(60, 40): (60, 40), (2400, 1200): (1200, 600)}.items():
        filehash = service.filehash(contents.image(width=width, height=height), "a.png")
        answer = service.ask(f"/t/{filehash}?size=large")
        assert Image.open(io.BytesIO(answer.body)).size == wanted
    assert service.ask(f"/t/{filehash}?size=huge").status_int == 400


# Each made by the test, as some take long.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "deep.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 200_000,
    "blurred.svg": lambda: (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="9000"><filter id="f">'
        + b'<feTurbulence numOctaves="99" baseFrequency="0.9"/><feGaussianBlur stdDeviation="900"/>' * 40
        + b'</filter><rect filter="url(#f)" width="9000" height="9000"/></svg>'
    ),
    "many.svg": lambda: (
        b'<svg xmlns="http://www.w3.org/2000/svg">' + b'<circle r="9"/>' * 500_000 + b"</svg>"
    ),
    "bomb.epub": lambda: documents.package(
        {"META-INF/container.xml": "x" * (60 * 2**20)}, "application/epub+zip"
    ),
    "bomb.xlsx": lambda: documents.xlsx([["x" * 30_000] * 40] * 60),
    "wide.xlsx": lambda: documents.xlsx([["a"]]).replace(b"Costs", b"C\xff\xff\xff\xff"),
    "broken.ttf": lambda: specimen()[:60] + b"\xff" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_sheet_or_less_in_time(service: Service, name: str) -> None:
    filehash = service.filehash(HOSTILE[name](), name)
    began = time.monotonic()
    for address in (f"/t/{filehash}", f"/p/{filehash}"):
        assert service.ask(address, accept="text/html").status_int == 200
    assert time.monotonic() - began < 60  # a task ends after 9 s, on a machine that does nothing else
    assert is_red(thumbnail(service, drawing(), "a.svg"))  # others are served


def test_nothing_is_shown_of_what_is_counted_or_locked(service: Service) -> None:
    for field, status in (("downloads", 404), ("password", 401)):
        sent = service.send([text_part(field, "3"), file_part(b"some words\n", "a.txt")], to="/j")
        answer = service.ask(f"/t/{sent.json['hash']}", user_agent="curl/8", accept="*/*")
        assert answer.status_int == status


def test_a_link_preview_shows_the_thumbnail(service: Service) -> None:
    filehash = service.filehash(contents.PDF, "a.pdf")
    page = service.ask(f"/p/{filehash}", accept="text/html").text
    assert f'<meta property="og:image" content="http://localhost/t/{filehash}?size=large">' in page
    assert '<meta property="og:image:type" content="image/webp">' in page
    sent = service.send([text_part("downloads", "3"), file_part(contents.PDF, "b.pdf")], to="/j")
    assert "og:image" not in service.ask(f"/p/{sent.json['hash']}", accept="text/html").text


def test_latest_shows_thumbnails(start: StartService) -> None:
    service = start(public_listing="true")
    sent = service.send([text_part("visibility", "listed"), file_part(contents.PDF, "a.pdf")], to="/j")
    assert f'src="/t/{sent.json["hash"]}"' in service.ask("/latest", accept="text/html").text
