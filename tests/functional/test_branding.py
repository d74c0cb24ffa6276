"""What the operator makes of the pages."""

from pathlib import Path

import pytest

from pastebin.errors import ConfigurationError
from pastebin.web.branding import contrast, luminance, readable, stylesheet
from tests.inprocess import Service, contents
from tests.inprocess.fixtures import StartService


def test_pages_carry_the_operators_name_and_foot(start: StartService) -> None:
    service = start(
        site_name="Käse & Co",
        footer_text="Be kind. <3",
        legal_links="Imprint https://example.org/imprint\nTerms of use /terms",
    )
    for path in ("/", f"/p/{service.filehash(b'x', 'a.txt')}", "/nothing"):
        html = service.ask(path, accept="text/html").text
        assert "Käse &amp; Co" in html
        assert "Be kind. &lt;3" in html
        assert '<a href="https://example.org/imprint"' in html
        assert '<a href="/terms"' in html
        assert ">Terms of use</a>" in html


@pytest.mark.parametrize(
    ("name", "data", "mimetype"),
    [("logo.png", contents.image(), "image/png"), ("logo.svg", contents.SVG, "image/svg+xml")],
)
def test_the_logo(start: StartService, tmp_path: Path, name: str, data: bytes, mimetype: str) -> None:
    (tmp_path / name).write_bytes(data)
    service = start(logo=str(tmp_path / name))
    answer = service.ask("/logo")
    assert (answer.status_int, answer.content_type, answer.body) == (200, mimetype, data)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert service.ask("/logo", if_none_match=answer.headers["ETag"]).status_int == 304
    assert "logo?v=" in service.ask("/", accept="text/html").text


def test_the_colour_comes_as_a_stylesheet(start: StartService) -> None:
    service = start(accent_color="#2F6F4F")
    answer = service.ask("/brand.css")
    assert (answer.content_type, "--brand-accent: #2f6f4f;" in answer.text) == ("text/css", True)
    assert "brand.css?v=2f6f4f" in service.ask("/", accept="text/html").text


def test_without_settings_there_is_neither(service: Service) -> None:
    assert service.ask("/logo").status_int == service.ask("/brand.css").status_int == 404
    html = service.ask("/", accept="text/html").text
    assert "brand.css" not in html
    assert "logo?v=" not in html


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("site_name", "\x07"),
        ("site_name", "n" * 61),
        ("accent_color", "red"),
        ("accent_color", "#12345g"),
        ("accent_color", "#123456;} body { display: none"),
        ("legal_links", "Imprint"),
        ("legal_links", "Imprint javascript:alert(1)"),
        ("legal_links", "Imprint //example.org"),
        ("legal_links", "Imprint https://"),
        ("logo", "/no/such/file.png"),
        ("logo", __file__),
    ],
)
def test_what_is_wrong_stops_the_start(start: StartService, setting: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"pastebin.{setting}"):
        start(**{setting: value})


def test_a_logo_is_small(start: StartService, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(contents.image() + bytes(600_000))
    with pytest.raises(ConfigurationError, match="512 KiB"):
        start(logo=str(tmp_path / "logo.png"))


def test_contrast_is_that_of_the_guidelines() -> None:
    white, black = (255, 255, 255), (0, 0, 0)
    assert contrast(white, black) == 21
    assert round(contrast((119, 119, 119), white), 2) == 4.48
    assert (luminance(black), luminance(white)) == (0, 1)


@pytest.mark.parametrize(
    "color", ["#000000", "#ffffff", "#ffff00", "#2f6f4f", "#808080", "#0000ff", "#ff0000"]
)
def test_text_can_be_read_whatever_the_colour(color: str) -> None:
    rules = dict(line.strip(" ;").split(": ") for line in stylesheet(color).splitlines()[1:-1])
    colors = {name.removeprefix("--brand-"): tuple(bytes.fromhex(value[1:])) for name, value in rules.items()}
    assert contrast(colors["accent"], colors["on-accent"]) >= 4.5
    assert contrast(colors["text-light"], (255, 255, 255)) >= 4.5
    assert contrast(colors["text-dark"], (38, 40, 46)) >= 4.5
    assert readable(colors["text-light"], (255, 255, 255), (0, 0, 0)) == colors["text-light"]
