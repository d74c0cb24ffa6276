"""Texts in any encoding: right on the page, declared right or not at all, downloaded as they came."""

import re
from html import unescape

import pytest
from webtest import TestResponse

from pastebin.media.charsets import CODECS
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.languages import ENCODED, TEXTS


def text_on(answer: TestResponse) -> str:
    """Return the text that a page shows in lines."""
    assert answer.status_int == 200
    code = re.search(r"<pre>(.*?)</pre>", answer.text, re.DOTALL)
    assert code
    return unescape(re.sub(r"<[^>]+>", "", code[1]))


def page(service: Service, filehash: str, query: str = "") -> TestResponse:
    return service.ask(f"/p/{filehash}{query}", accept="text/html")


@pytest.mark.parametrize(("language", "charset"), ENCODED[::3])
def test_a_text_is_shown_as_it_was_written_and_stays_as_it_is(
    service: Service, language: str, charset: str
) -> None:
    data = TEXTS[language].encode(CODECS[charset]) + b"\r\n"
    filehash = service.filehash(data, "note.txt")
    assert text_on(page(service, filehash)).strip() == TEXTS[language]
    inline = service.ask(f"/i/{filehash}")
    assert (inline.body, inline.headers["Content-Type"]) == (data, "text/plain")
    assert service.ask(f"/d/{filehash}").body == data


@pytest.mark.parametrize("codec", ["utf-16", "utf-16le", "utf-16be", "utf-8", "utf-8-sig", "utf-32"])
def test_unicode_is_declared_and_shown(service: Service, codec: str) -> None:
    data = (TEXTS["ja"] + "\nand more\n").encode(codec)
    filehash = service.filehash(data, "note.txt")
    shown = text_on(page(service, filehash))
    assert shown.splitlines() == [TEXTS["ja"], "and more"]
    assert service.ask(f"/d/{filehash}").body == data
    assert service.ask(f"/p/{filehash}", user_agent="curl/8").body == data
    if codec != "utf-32":  # browsers have none
        charset = {"utf-16": "utf-16le"}.get(codec, codec.removesuffix("-sig"))
        assert service.ask(f"/i/{filehash}").headers["Content-Type"] == f"text/plain; charset={charset}"


def test_what_comes_late_in_a_text_counts_too(service: Service) -> None:
    for end, declared in (("ü".encode(), "text/plain; charset=utf-8"), (b"\xfc", "text/plain")):
        filehash = service.filehash((b"words " * 20 + b"\n") * 1000 + b"gr" + end + b"n\n", "late.txt")
        assert service.ask(f"/i/{filehash}").headers["Content-Type"] == declared
        assert "grün" in text_on(page(service, filehash))


def test_a_table_is_read_in_its_encoding(service: Service) -> None:
    data = "名称,数量,说明\r\n苹果,三箱,新鲜的红苹果\r\n面包,两个,昨天烤好的面包\r\n".encode("gb18030")
    answer = page(service, service.filehash(data, "list.csv"))
    assert 'data-kind="table"' in answer.text
    assert "新鲜的红苹果" in answer.text


def test_a_visitor_chooses_another_encoding(service: Service) -> None:
    filehash = service.filehash("Ж Я Ю\n".encode("koi8-r"), "short.txt")
    answer = page(service, filehash, "?encoding=koi8-r")
    assert text_on(answer).strip() == "Ж Я Ю"
    assert re.search(r"<option selected>koi8-r</option>", answer.text)
    assert 'data-charset="koi8-r"' in answer.text
    assert text_on(page(service, filehash, "?encoding=windows-1252")).strip() == "ö ñ à"


def test_an_unknown_encoding_is_refused(service: Service) -> None:
    filehash = service.filehash(b"words\n", "a.txt")
    for name in ("zip", "utf-7", "x" * 1000):
        answer = page(service, filehash, f"?encoding={name}")
        assert answer.status_int == 400
    assert page(service, filehash, "?encoding=").status_int == 200
    assert service.ask(f"/p/{filehash}?encoding=zip", accept="application/json").status_int == 200


def test_a_choice_means_nothing_for_what_is_no_text(service: Service) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    assert page(service, filehash, "?encoding=big5").status_int == 200


TYPED = [
    "GIF89a is how a picture begins",
    "%PDF-1.4\n1 0 obj\nendobj\n",
    "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n=abcd\n-----END PGP MESSAGE-----\n",
    "P5 320 240 were the numbers",
    "a\0b and \1 more",
    "PK\3\4",
]


@pytest.mark.parametrize("text", TYPED)
def test_what_is_typed_is_a_text(service: Service, text: str) -> None:
    for parts in ([text_part("text", text)], [text_part("typed", "1"), file_part(text.encode(), "a.txt")]):
        filehash = service.send(parts, to="/j").json["hash"]
        assert service.ask(f"/i/{filehash}").headers["Content-Type"] == "text/plain; charset=utf-8"
        assert 'data-kind="text"' in page(service, filehash).text


def test_a_binary_that_claims_to_be_typed_stays_one(service: Service) -> None:
    sent = service.send([text_part("typed", "1"), file_part(contents.image(), "a.png")], to="/j")
    assert service.ask(f"/i/{sent.json['hash']}").headers["Content-Type"] == "image/png"
