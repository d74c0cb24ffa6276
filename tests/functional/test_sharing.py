"""Cards, oEmbed, QR codes, and what the preview address says to whom."""

import io
import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from html import unescape
from urllib.parse import quote

import pytest
import segno
from PIL import Image

from tests.inprocess import Service, contents
from tests.inprocess.fixtures import StartService
from tests.inprocess.forms import file_part, text_part

CURL = "curl/8.5.0"


def page(service: Service, filehash: str) -> str:
    answer = service.ask(f"/p/{filehash}", accept="text/html")
    assert answer.status_int == 200
    return answer.text


def meta(html: str) -> dict[str, str]:
    """Return the page's meta elements by name or property."""
    found = re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"', html)
    return {name: unescape(content) for name, content in found}


# Cards


@pytest.mark.parametrize(
    ("size", "card"),
    [
        ((1500, 1000), (945, 630)),
        ((300, 200), (300, 200)),
        ((500, 2000), (500, 630)),
        ((2600, 400), (1200, 400)),
    ],
)
def test_an_image_has_a_card_of_the_right_size(
    service: Service, size: tuple[int, int], card: tuple[int, int]
) -> None:
    filehash = service.filehash(contents.image("PNG", *size), "photo.png")
    said = meta(page(service, filehash))
    assert said["og:title"] == said["og:image:alt"] == "photo.png"
    assert said["og:url"] == f"http://localhost/p/{filehash}"
    assert said["twitter:card"] == "summary_large_image"
    assert (int(said["og:image:width"]), int(said["og:image:height"])) == card
    image = service.ask(said["og:image"])
    assert image.content_type == said["og:image:type"] == "image/jpeg"
    assert contents.opened(image.body).size == card


def test_a_text_has_a_card_with_its_beginning(service: Service) -> None:
    said = meta(page(service, service.filehash(b'import os  # <b> & "quotes"\n' * 50, "a.py")))
    assert said["og:description"].startswith('import os # <b> & "quotes" import os')
    assert len(said["og:description"]) == 200
    assert (said["og:type"], said["twitter:card"]) == ("article", "summary_large_image")
    with Image.open(io.BytesIO(service.ask(said["og:image"]).body)) as image:
        assert image.size == (int(said["og:image:width"]), int(said["og:image:height"])) == (1200, 630)


def test_the_picture_of_a_text_has_its_letters(service: Service) -> None:
    def drawn(text: str) -> Image.Image:
        address = f"/t/{service.filehash(text.encode(), 'a.txt')}?size=large"
        with Image.open(io.BytesIO(service.ask(address).body)) as image:
            return image.convert("RGB")

    darkest = {
        text: min(sum(colour) for _, colour in drawn(text).getcolors(2**20) or [])  # type: ignore[misc, arg-type]
        for text in ("some words", "كتاب", "\x1b[0m", " ")
    }
    # Letters are drawn in ink; what joins, or is none, as bars, which are pale.
    assert darkest["some words"] < 400 < min(darkest["كتاب"], darkest["\x1b[0m"]) < darkest[" "]
    assert drawn("WWWWWW iiiiii") != drawn("iiiiii WWWWWW")


def test_a_video_and_a_sound_can_be_played_from_their_cards(service: Service) -> None:
    for data, name, kind in ((contents.MP4, "a.mp4", "video"), (contents.sound(), "a.wav", "audio")):
        filehash = service.filehash(data, name)
        said = meta(page(service, filehash))
        assert said[f"og:{kind}"] == f"http://localhost/i/{filehash}"
        assert said[f"og:{kind}:type"].startswith(kind)


def test_a_hostile_name_stays_a_name(service: Service) -> None:
    name = "'\"><img src=x onerror=alert(1)>.txt"
    html = page(service, service.filehash(b"</script><script>alert(1)</script>", name))
    assert "<img src=x" not in html
    assert "<script>alert" not in html
    assert meta(html)["og:title"] == name


# The preview address


def test_a_command_line_gets_the_text(service: Service) -> None:
    filehash = service.filehash(contents.HTML, "a.html")
    for headers in (
        {"user_agent": CURL, "accept": "*/*"},
        {"user_agent": "Wget/1.21"},
        {"accept": "text/plain"},
    ):
        answer = service.ask(f"/p/{filehash}", **headers)
        assert (answer.content_type, answer.body) == ("text/plain", contents.HTML)
        assert {"Accept", "User-Agent"} <= set(answer.vary)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_command_line_gets_the_essentials_of_other_files(service: Service) -> None:
    uploaded = service.upload(contents.image(), "photo.png", accept="application/json").json
    answer = service.ask(uploaded["url_p"], user_agent=CURL)
    assert answer.content_type == "text/plain"
    lines = answer.text.splitlines()
    assert lines[0] == "photo.png"
    assert "60 × 40 pixels" in lines[1]
    assert all(uploaded[key] in answer.text for key in ("url_p", "url_i", "url_d", "url_s"))


def test_a_program_gets_what_the_upload_said(service: Service) -> None:
    uploaded = service.upload(b"hello", "a.txt", accept="application/json").json
    answer = service.ask(uploaded["url_p"], accept="application/json")
    told_once = {"url_m", "expires", "downloads_left"}
    said = {name: value for name, value in uploaded.items() if name not in told_once}
    assert (answer.content_type, answer.json) == ("application/json", said)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept": "*/*"},
        {"accept": "image/*"},
        {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
        {"accept": "text/html", "user_agent": CURL},
        {"accept": "nonsense;;"},
    ],
)
def test_everybody_else_gets_the_page(service: Service, headers: dict[str, str]) -> None:
    answer = service.ask(f"/p/{service.filehash(b'hello', 'a.txt')}", **headers)
    assert answer.content_type == "text/html"
    assert {"Accept", "User-Agent"} <= set(answer.vary)


@pytest.mark.parametrize("name", ["a.py", "a.md", "a.csv", "a.json", "a.zip", "a.bin"])
def test_a_warm_page_asks_the_database_nothing(service: Service, name: str) -> None:
    data = {"a.zip": contents.archive(), "a.bin": contents.noise(99)}.get(name, b'["a,b",\n"c,d"]\n')
    filehash = service.filehash(data, name)
    page(service, filehash)
    with service.statements() as seen:
        page(service, filehash)
    assert seen == []


# oEmbed


def oembed(service: Service, url: str, **parameters: str) -> dict:
    query = "&".join(f"{name}={quote(value)}" for name, value in {"url": url, **parameters}.items())
    answer = service.ask(f"/oembed?{query}")
    assert answer.status_int == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (answer.json["version"], answer.json["provider_url"]) == ("1.0", "http://localhost/")
    return answer.json


def test_the_page_leads_to_its_embedding(service: Service) -> None:
    html = page(service, service.filehash(contents.image("PNG", 60, 40), "photo.png"))
    link = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]*)"', html)
    assert link
    said = service.ask(unescape(link[1])).json
    assert (said["type"], said["title"], said["width"], said["height"]) == ("photo", "photo.png", 60, 40)
    assert contents.opened(service.ask(said["url"]).body).size == (60, 40)


def test_every_address_of_a_photo_can_be_embedded_in_any_room(service: Service) -> None:
    uploaded = service.upload(contents.image("PNG", 600, 400), "a.png", accept="application/json").json
    for key in ("url_p", "url_i", "url_d", "url_s"):
        said = oembed(service, uploaded[key], maxwidth="200", maxheight="1000")
        assert (said["width"], said["height"]) == (200, 133)
        assert contents.opened(service.ask(said["url"]).body).size == (200, 133)


def test_a_tiff_is_embedded_as_something_browsers_show(service: Service) -> None:
    uploaded = service.upload(contents.image("TIFF"), "a.tiff", accept="application/json").json
    assert service.ask(oembed(service, uploaded["url_p"])["url"]).content_type == "image/jpeg"


def test_other_kinds(service: Service) -> None:
    def said(data: bytes, name: str, **parameters: str) -> dict:
        return oembed(service, f"https://localhost/p/{service.filehash(data, name)}", **parameters)

    video = said(contents.MP4, "a.mp4", maxwidth="320")
    assert (video["type"], video["width"], video["height"]) == ("video", 320, 180)
    assert video["html"].startswith('<video src="http://localhost/i/')
    assert said(contents.sound(), "a.wav")["type"] == "rich"
    assert said(b"text", "a.txt")["type"] == said(contents.noise(50), "a.bin")["type"] == "link"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=", 400),
        ("url=http://[", 400),
        ("url={p}&maxwidth=0", 400),
        ("url={p}&maxheight=ten", 400),
        ("url={p}&format=xml", 501),
        ("url=http://localhost/", 404),
        ("url=http://localhost/p/", 404),
        ("url=http://localhost/p/00000000000000000000000000000000", 404),
        ("url=http://localhost/j/x", 404),
        ("url=http://localhost/health", 404),
        ("url=http://localhost.example.org/p/{h}", 404),
        ("url=http://localhost@example.org/p/{h}", 404),
        ("url=javascript://localhost/p/{h}", 404),
        ("url=/p/{h}", 404),
        ("url=http://localhost/p/../p/{h}", 404),
        ("url=http://localhost/p/%2525ff", 404),
    ],
)
def test_what_cannot_be_embedded(service: Service, query: str, status: int) -> None:
    filehash = service.filehash(b"x", "a.txt")
    filled = query.format(h=filehash, p=f"http://localhost/p/{filehash}")
    assert service.ask(f"/oembed?{filled}").status_int == status


# QR codes


def test_the_qr_code_holds_the_short_link(service: Service) -> None:
    uploaded = service.upload(b"hello", "a.txt", accept="application/json").json
    answer = service.ask(uploaded["url_p"].replace("/p/", "/q/"))
    assert (answer.status_int, answer.content_type) == (200, "image/svg+xml")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    root = ET.fromstring(answer.body)
    assert root.attrib["viewBox"]
    assert {child.tag.rpartition("}")[2] for child in root.iter()} == {"svg", "path"}
    expected = segno.make(uploaded["url_s"], error="m", micro=False)
    side = expected.symbol_size(border=4)[0]
    assert root.attrib["viewBox"] == f"0 0 {side} {side}"
    assert root.findall("*")[-1].attrib["d"] in expected.svg_inline(omitsize=True)


@pytest.mark.parametrize(
    ("terms", "kept"),
    [
        ({}, "public, max-age=2592000, s-maxage=60"),
        ({"expires": "20s"}, r"public, max-age=(1\d|20), s-maxage=(1\d|20)"),
        ({"downloads": "3"}, "private, no-store"),
        ({"password": "sesame"}, "private, no-store"),
    ],
)
def test_a_qr_code_is_kept_no_longer_than_its_file(
    service: Service, terms: dict[str, str], kept: str
) -> None:
    parts = [file_part(b"hello", "a.txt"), *(text_part(*term) for term in terms.items())]
    uploaded = service.send(parts, accept="application/json").json
    answer = service.ask(
        uploaded["url_p"].replace("/p/", "/q/"), authorization="Basic " + b64encode(b"x:sesame").decode()
    )
    assert answer.status_int == 200
    assert re.fullmatch(kept, answer.headers["Cache-Control"])
    assert "Expires" not in answer.headers


def test_a_qr_code_is_asked_for_once(service: Service) -> None:
    path = f"/q/{service.filehash(b'hello', 'a.txt')}"
    tag = service.ask(path).headers["ETag"]
    assert service.ask(path, if_none_match=tag).status_int == 304
    assert service.ask(path, "POST").status_int == 405
    assert service.ask("/q/00000000000000000000000000000000").status_int == 404
    assert service.ask(path, host="h" * 4000).status_int == 400


# Addresses


@pytest.mark.parametrize(
    "address",
    ["/oembed?url=http://localhost/p/{h}", "/q/{h}", "/robots.txt", "/sharex.sxcu", "/screenshot.sh"],
)
def test_each_address_is_one_resource(service: Service, address: str) -> None:
    path = address.format(h=service.filehash(b"hello", "a.txt"))
    whole, head = service.ask(path), service.ask(path, "HEAD")
    assert (head.status_int, head.content_length, head.body) == (200, whole.content_length, b"")
    refused = service.ask(path, "POST")
    assert (refused.status_int, refused.headers["Allow"]) == (405, "GET, HEAD")
    assert service.ask(path.partition("?")[0] + "/x").status_int == 404


# Search engines


def test_search_engines_are_kept_out_unless_asked_in(service: Service, start: StartService) -> None:
    open_service = start(robots_index="true")
    for address in ("/", "/p/{h}", "/i/{h}", "/d/{h}", "/nothing"):
        for host, expected in ((service, "noindex"), (open_service, None)):
            path = address.format(h=host.filehash(b"hello", "a.txt"))
            assert host.ask(path).headers.get("X-Robots-Tag") == expected
    rules = service.ask("/robots.txt")
    assert (rules.content_type, rules.text.splitlines()[0]) == ("text/plain", "User-agent: *")
