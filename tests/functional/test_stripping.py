"""What pictures say of people: told to who uploads them, and removed on request."""

import io
import re
from functools import cache

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from webtest import TestResponse

from tests.contracts.together import in_threads
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.accounts import OWN, sign_up
from tests.inprocess.fixtures import StartService


@cache
def photo(orientation: int = 6) -> bytes:
    block = Image.Exif()
    block[0x010F] = "Camera of somebody"
    block[0x0112] = orientation
    block[0x8825] = {1: "N", 2: (48.0, 51.0, 30.24), 3: "E", 4: (2.0, 17.0, 40.0)}
    out = io.BytesIO()
    Image.effect_noise((60, 40), 40).convert("RGB").save(out, "JPEG", exif=block.tobytes())
    return out.getvalue()


def sent(
    service: Service, data: bytes, name: str = "photo.jpg", to: str = "/j", **fields: str
) -> TestResponse:
    return service.send([*[text_part(*field) for field in fields.items()], file_part(data, name)], to=to)


def bytes_of(service: Service, filehash: str) -> bytes:
    return service.ask(f"/i/{filehash}").body


def test_a_picture_is_stored_without_its_metadata_if_that_is_asked_for(service: Service) -> None:
    answer = sent(service, photo(), strip="1")
    assert answer.json["removed"] == ["position", "camera"]
    stored = bytes_of(service, answer.json["hash"])
    assert b"somebody" not in stored
    image = Image.open(io.BytesIO(stored))
    assert dict(image.getexif()) == {0x0112: 6}
    assert image.tobytes() == Image.open(io.BytesIO(photo())).tobytes()


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_without_the_field_bytes_stay(service: Service, value: str) -> None:
    answer = sent(service, photo(), strip=value)
    assert "removed" not in answer.json
    assert bytes_of(service, answer.json["hash"]) == photo()


def test_other_files_stay_as_they_are(service: Service) -> None:
    for data, name in ((b"text\n", "a.txt"), (contents.image(), "a.png"), (contents.PDF, "a.pdf")):
        answer = sent(service, data, name, strip="1")
        assert answer.json["removed"] == []
        assert bytes_of(service, answer.json["hash"]) == data


def test_a_broken_picture_is_refused_rather_than_stored_with_what_it_says(service: Service) -> None:
    answer = sent(service, photo()[:300], strip="1")
    assert (answer.status_int, answer.json["error"]["code"]) == (415, "not_an_image")


def test_a_raw_photograph_is_refused_or_left_alone(service: Service, start: StartService) -> None:
    """It is read by its metadata: who wants that removed is told so, and nothing claims that it was."""
    from tests.unit.images.test_raw import nef

    answer = sent(service, nef(), "photo.nef", strip="1")
    assert (answer.status_int, answer.json["error"]["code"]) == (415, "not_an_image")
    assert "raw photograph" in answer.json["error"]["message"]
    answer = sent(start(strip_metadata="true"), nef(), "photo.nef")
    assert answer.status_int == 201
    assert "removed" not in answer.json


def test_a_tiff_loses_what_it_says_of_people(service: Service) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (220, 40, 30)).save(out, "TIFF", tiffinfo={315: "somebody", 271: "a camera"})
    answer = sent(service, out.getvalue(), "scan.tif", strip="1")
    assert answer.json["removed"] == ["camera", "author"]
    stored = bytes_of(service, answer.json["hash"])
    assert b"somebody" not in stored
    assert Image.open(io.BytesIO(stored)).tobytes() == Image.open(io.BytesIO(out.getvalue())).tobytes()


def test_each_of_several_files_is_stripped(service: Service) -> None:
    parts = [text_part("strip", "1"), file_part(photo(), "a.jpg"), file_part(b"text\n", "b.txt")]
    for fields in ([], [text_part("collection", "")]):
        said = service.send([*fields, *parts], to="/").json["files"]
        assert [one["removed"] for one in said] == [["position", "camera"], []]


def test_the_operator_may_have_every_picture_stripped(start: StartService) -> None:
    service = start(strip_metadata="true")
    answer = sent(service, photo())
    assert answer.json["removed"] == ["position", "camera"]
    assert b"somebody" not in bytes_of(service, answer.json["hash"])


def test_who_uploads_is_told_and_takes_it_back_with_one_click(service: Service) -> None:
    sent_by_browser = service.send([file_part(photo(), "photo.jpg")], accept="text/html")
    address = sent_by_browser.headers["Location"]
    shown = service.client.get(address, headers={"Accept": "text/html"}).text
    assert "the position" in shown
    assert "the camera" in shown
    again = service.client.get(address, headers={"Accept": "text/html"}).text
    assert "the position" not in again  # others see the same page
    form = re.search(r'action="([^"]*/m/[^"]+)"', shown)
    assert form
    answer = service.client.post(form[1], {"action": "strip"})
    assert answer.status_int == 303
    manage = service.client.get(answer.headers["Location"], headers={"Accept": "text/html"}).text
    assert "Removed from the file: the position and the camera." in manage
    link = re.search(r'/p/([0-9a-f]{32}\.jpg)"', manage)
    assert link
    assert b"somebody" not in bytes_of(service, link[1])
    old = address.rpartition("/")[2]
    assert service.ask(f"/i/{old}").status_int == 404


def test_terms_are_kept_when_a_link_is_exchanged(service: Service) -> None:
    said = sent(service, photo(), to="/", title="Tower", password="secret", expires="7d", downloads="3").json
    before = service.ask(said["url_m"], accept="application/json").json
    answer = service.ask(
        said["url_m"], "POST", b"action=strip", content_type="application/x-www-form-urlencoded"
    )
    after = service.ask(answer.headers["Location"], accept="application/json").json
    for term in ("title", "expires", "downloads_left", "password", "filename"):
        assert after[term] == before[term]
    assert after["url_p"] != before["url_p"]


def test_with_nothing_to_remove_the_link_stays(service: Service) -> None:
    said = sent(service, contents.image(), "a.png", to="/").json
    answer = service.ask(
        said["url_m"], "POST", b"action=strip", content_type="application/x-www-form-urlencoded"
    )
    assert answer.headers["Location"] == said["url_m"]
    assert service.ask(said["url_i"]).status_int == 200


def _strip(service: Service, address: str) -> TestResponse:
    return service.ask(address, "POST", b"action=strip", content_type="application/x-www-form-urlencoded")


def test_what_is_no_such_picture_is_not_even_read(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.images.test_raw import nef

    text = sent(service, b"text\n", "a.txt", to="/").json
    raw = sent(service, nef(), "photo.nef", to="/").json
    monkeypatch.setattr(service.registry.services.store, "open", None)
    assert _strip(service, text["url_m"]).headers["Location"] == text["url_m"]
    refused = _strip(service, raw["url_m"])
    assert (refused.status_int, refused.json["error"]["code"]) == (415, "not_an_image")


def test_of_many_who_take_it_back_at_once_one_makes_a_link(each_service: Service) -> None:
    address = sent(each_service, photo(), to="/").json["url_m"]
    first, *others = sorted(
        answer.status_int for answer in in_threads([lambda: _strip(each_service, address)] * 4)
    )
    assert first == 303
    assert set(others) <= {404, 503}
    assert len(each_service.rows()) == 1


def test_a_slightly_damaged_picture_says_so(service: Service) -> None:
    whole = photo()
    for data, is_damaged in ((whole, False), (whole[:-2], True)):
        filehash = service.filehash(data, f"{is_damaged}.jpg")
        page = service.ask(f"/p/{filehash}", accept="text/html").text
        assert ("slightly damaged" in page) == is_damaged
        assert 'data-kind="image"' in page
        assert service.ask(f"/i/{filehash}?w=20").status_int == 200


@cache
def shot(make: bytes = b"Canon", text: bytes = b"Canon EOS R5") -> bytes:
    block = Image.Exif()
    block[0x010F], block[0x0110] = make.decode("latin-1"), text.decode("latin-1")
    details = block.get_ifd(0x8769)
    details[0x829A], details[0x829D], details[0x8827] = IFDRational(1, 250), IFDRational(28, 10), 400
    details[0x920A], details[0xA434], details[0x9003] = (
        IFDRational(50, 1),
        "RF50mm F1.8 STM",
        "2026:05:04 13:14:15",
    )
    block[0x8825] = {1: "N", 2: (48.0, 51.0, 30.24), 3: "E", 4: (2.0, 17.0, 40.0)}
    image = Image.new("RGB", (60, 40), "teal")
    out = io.BytesIO()
    image.save(out, "JPEG", exif=block.tobytes())
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_page_says_how_a_picture_was_taken_and_not_where(service: Service, kind: str) -> None:
    image, out = Image.open(io.BytesIO(shot())), io.BytesIO()
    image.save(out, kind, exif=image.getexif().tobytes())
    page = service.ask(f"/p/{service.filehash(out.getvalue(), f'a.{kind.lower()}')}", accept="text/html").text
    for said in ("Canon EOS R5", "RF50mm F1.8 STM", "1/250 s · f/2.8 · ISO 400 · 50 mm", "May 4, 2026"):
        assert said in page
    assert not re.search(r"\b48\b|N 48|Position", page.partition('id="about"')[2])


@pytest.mark.parametrize("text", [b"<script>alert(1)</script>", b"\x1b[31m", b"x" * 5000, b"\xff\xfe"])
def test_what_a_camera_calls_itself_is_text(service: Service, text: bytes) -> None:
    page = service.ask(f"/p/{service.filehash(shot(b'', text), 'a.jpg')}", accept="text/html")
    assert page.status_int == 200
    assert "<script>alert" not in page.text
    assert "\x1b" not in page.text
    assert "x" * 101 not in page.text


def test_of_a_limited_picture_nothing_is_said(service: Service) -> None:
    said = sent(service, shot(), to="/", downloads="2").json
    assert "EOS" not in service.ask(said["url_p"], accept="text/html").text


def test_programs_are_told_and_take_it_back(service: Service) -> None:
    said = sent(service, photo(), to="/").json
    as_json = {"accept": "application/json"}
    assert service.ask(said["url_m"], **as_json).json["personal"] == ["position", "camera"]
    form = {"content_type": "application/x-www-form-urlencoded"}
    answer = service.ask(said["url_m"], "POST", b"action=strip", **as_json, **form).json
    assert answer["removed"] == ["position", "camera"]
    assert "personal" not in service.ask(answer["url_m"], **as_json).json
    assert service.ask(said["url_i"]).status_int == 404


def test_an_account_takes_it_back_on_the_page_of_its_file(service: Service) -> None:
    ada, grace = sign_up(service, "ada"), sign_up(service, "grace")
    said = service.send([file_part(photo(), "photo.jpg")], **ada.browser).json
    address = f"/account/files/{said['url_p'].rpartition('/')[2]}"
    assert "the position" in service.ask(address, accept="text/html", **ada.browser).text
    form = {"content_type": "application/x-www-form-urlencoded", "accept": "text/html", **OWN}
    assert service.ask(address, "POST", b"action=strip", **form, **grace.browser).status_int == 404
    answer = service.ask(address, "POST", b"action=strip", **form, **ada.browser)
    assert answer.status_int == 303
    path = answer.headers["Location"]
    page = service.ask(path, accept="text/html", **ada.browser).text
    assert "the position" not in page.partition("<main")[2].replace("Removed from the file: the position", "")
    assert b"somebody" not in bytes_of(service, path.rpartition("/")[2])
    assert service.ask(said["url_i"]).status_int == 404
