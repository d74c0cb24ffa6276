"""An SVG becomes a picture in a process that cannot open a file; a font becomes a specimen."""

import contextlib
import io
import os
import resource
import struct

import pytest
from PIL import Image, ImageFont

from pastebin.errors import NotAnImage
from pastebin.images.thumbnails import typefaces
from pastebin.images.thumbnails.drawings import drawn
from pastebin.images.thumbnails.specimens import names_of, specimen

BOX = (400, 300)
RED, BLUE = (220, 40, 30), (50, 70, 210)


def svg(inside: str, attributes: str = 'width="80" height="60"') -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {names} {attributes}>{inside}</svg>".encode()


def draw(data: bytes) -> Image.Image:
    return drawn(io.BytesIO(data), "utf-8", BOX)


def test_a_drawing_is_as_large_as_its_box_on_white():
    image = draw(svg(f'<rect width="40" height="60" fill="rgb{RED}"/>'))
    assert image.size == (400, 300)
    assert image.getpixel((100, 150)) == RED
    assert image.getpixel((300, 150)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 50 20"', (400, 160)),
        ('width="100000" height="100000"', (300, 300)),
        ('width="10" height="100000"', (1, 300)),
        ('width="100%" height="100%" viewBox="0 0 10 10"', (300, 300)),
    ],
)
def test_whatever_its_size(attributes, size):
    assert draw(svg("<rect width='5' height='5'/>", attributes)).size == size


@pytest.mark.parametrize("family", ["Arial", "sans-serif", "serif", "monospace", "Nobody's Font", ""])
def test_words_are_drawn_in_whatever_font(family):
    named = f'font-family="{family}"' if family else ""
    image = draw(svg(f'<text x="5" y="40" font-size="20" {named}>Words</text>'))
    assert min(image.getextrema()[0]) < 100


def test_without_fonts_on_the_machine_words_are_drawn_all_the_same(monkeypatch):
    monkeypatch.setattr(typefaces, "_FOLDERS", ())
    assert len(typefaces.typefaces.__wrapped__()) == 3


def secret(tmp_path) -> str:
    path = tmp_path / "secret.png"
    Image.new("RGB", (40, 40), BLUE).save(path)
    return str(path)


WAYS = (
    '<image href="{}" width="80" height="60"/>',
    '<image xlink:href="{}" width="80" height="60"/>',
    '<image href="file://{}" width="80" height="60"/>',
    '<defs><pattern id="p" width="80" height="60"><image href="{}" width="80" height="60"/></pattern></defs>'
    '<rect width="80" height="60" fill="url(#p)"/>',
    '<filter id="f"><feImage href="{}"/></filter><rect width="80" height="60" filter="url(#f)"/>',
    '<style>@import url("{}");</style>',
)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_this_machine_is_loaded(tmp_path, way):
    image = draw(svg(way.format(secret(tmp_path))))
    assert BLUE not in [colour for _, colour in image.getcolors(10_000)]


def test_without_the_limit_it_would_be(tmp_path, monkeypatch):
    """The test above could fail: resvg reads what a drawing names."""
    from contextlib import nullcontext

    from pastebin.images.thumbnails import drawings

    monkeypatch.setattr(drawings, "_no_file_can_be_opened", nullcontext)
    image = draw(svg(WAYS[0].format(secret(tmp_path))))
    assert BLUE in [colour for _, colour in image.getcolors(10_000)]


def test_files_can_be_opened_again_afterwards():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    for data in (svg("<rect/>"), b"<svg"):
        with contextlib.suppress(NotAnImage):
            draw(data)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
        os.close(os.open("/dev/null", os.O_RDONLY))


def test_a_picture_within_a_drawing_is_shown():
    import base64

    out = io.BytesIO()
    Image.new("RGB", (8, 8), BLUE).save(out, "PNG")
    data = base64.b64encode(out.getvalue()).decode()
    image = draw(svg(f'<image href="data:image/png;base64,{data}" width="60" height="60"/>'))
    assert image.getpixel((100, 150)) == BLUE


def nested(levels: int) -> str:
    groups = "".join(
        f'<g id="a{n}">{f"<use href={chr(34)}#a{n - 1}{chr(34)}/>" * 10}</g>' for n in range(1, levels)
    )
    return '<g id="a0"><rect width="1" height="1"/></g>' + groups


BROKEN = {
    "cut": b"<svg",
    "no drawing": b"<html/>",
    "no size": svg("", 'width="0" height="0"'),
    "laughing": b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&b;&a;">]>' + svg("<text>&b;</text>"),
    "from outside": b'<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("<text>&a;</text>"),
    "of too many parts": svg(nested(9)),
    "too large": svg("<!--" + "x" * (8 * 2**20) + "-->"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_drawing_is_refused(name):
    with pytest.raises(NotAnImage):
        draw(BROKEN[name])


def font() -> bytes:
    return ImageFont.load_default(10).path.getvalue()  # type: ignore[union-attr]


def test_a_font_shows_its_letters():
    image = specimen(io.BytesIO(font()), BOX)
    assert image.size == BOX
    assert len(image.getcolors(10_000)) > 20
    assert names_of(io.BytesIO(font())) == ("Aileron", "Regular")


@pytest.mark.parametrize("data", [b"", b"\0\1\0\0" + bytes(60), font()[:400], b"wOF2" + bytes(100)])
def test_a_broken_font_is_refused(data):
    for ask in (names_of, lambda file: specimen(file, BOX)):
        with pytest.raises(NotAnImage):
            ask(io.BytesIO(data))


def test_damaged_fonts_raise_nothing_else():
    from tests.unit.images.samples import mutations

    for seed in range(60):
        try:
            specimen(io.BytesIO(mutations(font(), seed, 10)), BOX)
        except NotAnImage:
            continue


def test_the_name_that_a_font_gets_is_the_only_one_it_has():
    renamed = typefaces._renamed(font(), "Arial")
    assert ImageFont.truetype(io.BytesIO(renamed), 10).getname()[0] == "Arial"
    assert struct.unpack_from(">L", renamed) == struct.unpack_from(">L", font())
