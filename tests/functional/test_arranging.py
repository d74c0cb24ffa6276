"""What a page does without scripts as with them: tables sorted, archives searched, copies edited."""

import io
import re
from html import unescape
from zipfile import ZipFile

import pytest

from pastebin.previews import TablePreview
from tests.inprocess import Service, file_part, text_part

CSV = b'name,size\nfile 10,1.5\nFile 9,\nbeta,-3\nalpha,"1,200"\n'


def shown(service: Service, filehash: str, query: str = "") -> str:
    answer = service.ask(f"/p/{filehash}{query}", accept="text/html")
    assert answer.status_int == 200
    return answer.text


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["file 10", "File 9", "beta", "alpha"]),
        ("?sort=1", ["alpha", "beta", "File 9", "file 10"]),
        ("?sort=1&order=down", ["file 10", "File 9", "beta", "alpha"]),
        ("?sort=2", ["beta", "file 10", "alpha", "File 9"]),
        ("?sort=2&order=down", ["alpha", "file 10", "beta", "File 9"]),
        ("?sort=3", ["file 10", "File 9", "beta", "alpha"]),
        ("?sort=x&order=y", ["file 10", "File 9", "beta", "alpha"]),
        ("?sort=99999999999", ["file 10", "File 9", "beta", "alpha"]),
    ],
)
def test_a_table_is_sorted_by_an_address(service: Service, query: str, order: list[str]) -> None:
    page = shown(service, service.filehash(CSV, "table.csv"), query)
    assert re.findall(r"<tr><td>([^<]*)</td>", page) == order


def test_the_heads_of_a_table_lead_to_its_orders(service: Service) -> None:
    filehash = service.filehash(CSV, "table.csv")
    page = shown(service, filehash, "?sort=2")
    assert '<th scope="col" aria-sort="ascending"><a href="?sort=2&amp;order=down"' in page
    assert 'href="?sort=1"' in page


def test_sorting_looks_at_every_cell_a_bounded_time() -> None:
    rows = [["1" * 1000 + "x" * (n % 2), str(n)] for n in range(1000)]
    table = TablePreview(["a", "b"], rows, is_whole=True, size=1)
    assert len(table.sorted_by(0, is_down=True).rows) == 1000
    numbers = TablePreview(["a", "b"], [["nan", ""], ["inf", ""], ["2", ""]], is_whole=True, size=1)
    assert [row[0] for row in numbers.sorted_by(0, is_down=False).rows] == ["2", "inf", "nan"]


def test_an_archive_is_searched_by_a_form(service: Service) -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for number in range(30):
            archive.writestr(f"Folder/file {number}.txt", "text")
    filehash = service.filehash(out.getvalue(), "a.zip")
    page = shown(service, filehash, "?q=FILE+2")
    assert len(re.findall(r"file \d+\.txt</bdi>", page)) == 11
    assert 'name="q"' in page
    assert 'value="FILE 2"' in page
    [number] = re.findall(r"entry=([0-9]+)", shown(service, filehash, "?q=file+17"))
    taken = service.ask(f"/d/{filehash}?entry={number}").headers["Content-Disposition"]
    assert "file 17.txt" in taken
    assert "No entry matches." in shown(service, filehash, "?q=nothing")


def test_a_copy_of_a_text_is_edited_by_a_form(service: Service) -> None:
    text = "\n<b>über</b>\n"
    filehash = service.filehash(text.encode(), "note.html.txt")
    link = re.search(r'href="(/p/[^"]*\?edit=[^"]*)"', shown(service, filehash))
    assert link
    page = service.ask(link[1], accept="text/html")
    assert "no-store" in page.headers["Cache-Control"]
    area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    title = re.search(r'name="title"[^>]*value="([^"]*)"', page.text)
    assert area
    assert title
    assert unescape(area[1]) == text
    answer = service.send([text_part("title", title[1]), text_part("text", "changed"), file_part(b"", "")])
    assert answer.json["filename"] == "note.html.txt"


@pytest.mark.parametrize(
    ("data", "name", "query", "status"),
    [
        (b"text", "a.txt", "?edit=nonsense", 400),
        (b"text" * 2**17, "a.txt", "?edit=utf-8", 400),
        (bytes(range(256)), "a.bin", "?edit=utf-8", 400),
        ("ü".encode("utf-16"), "a.txt", "?edit=utf-16le", 200),
    ],
)
def test_what_cannot_be_edited(service: Service, data: bytes, name: str, query: str, status: int) -> None:
    filehash = service.filehash(data, name)
    assert service.ask(f"/p/{filehash}{query}", accept="text/html").status_int == status


CHINESE = {"accept": "application/json", "accept_language": "zh-CN"}


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        (CHINESE, "zh"),
        ({"accept": "application/json"}, "en"),
        ({"accept": "text/plain", "cookie": "lang=zh_CN"}, "zh"),
        ({"accept": "application/json", "accept_language": "fr"}, "en"),
    ],
)
def test_programs_are_told_errors_in_the_language_that_they_ask_for(
    service: Service, headers: dict[str, str], language: str
) -> None:
    parts = [file_part(b"text", "a.txt"), text_part("downloads", "0")]
    refused = service.send(parts, **headers)
    assert (refused.status_int, "downloads must be" in refused.text) == (400, language == "en")
    assert {"Accept-Language", "Cookie"} <= set(refused.vary)
