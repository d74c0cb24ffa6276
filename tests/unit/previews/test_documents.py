"""The words of documents, books and workbooks, within bounds."""

import io
import time
from collections.abc import Callable
from functools import partial

import pytest

from pastebin.media.sniffing import sniff
from pastebin.previews import FileFacts, read_preview
from pastebin.previews.documents import DocumentPreview, picture_in
from pastebin.previews.tables import TablePreview
from tests.inprocess import contents, documents


def read(data: bytes, name: str):
    found = sniff(data[: 64 * 2**10], name)
    return read_preview(io.BytesIO(data), FileFacts(name, found.mimetype, found.encoding, len(data)), 2**18)


SENTENCES = ("Grüße aus Köln", "第二段 &amp; more")
READ = ["Grüße aus Köln", "第二段 & more"]

DOCUMENTS = {
    "a.docx": documents.docx(*SENTENCES),
    "a.pptx": documents.pptx(*SENTENCES),
    "a.odt": documents.odt(*SENTENCES),
    "a.odp": documents.odt(*SENTENCES, kind="presentation"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_words_of_a_document_are_shown(name):
    shown = read(DOCUMENTS[name], name)
    assert isinstance(shown, DocumentPreview)
    assert (shown.paragraphs, shown.is_whole) == (READ, True)
    assert shown.excerpt.startswith("Grüße aus Köln 第二段")


def test_what_stands_twice_or_was_deleted_is_not_shown():
    body = (
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
        "<x:AlternateContent xmlns:x='x'><x:Choice><w:p><w:t>new</w:t></w:p></x:Choice>"
        "<x:Fallback><w:p><w:t>old</w:t></w:p></x:Fallback></x:AlternateContent>"
    )
    assert read(documents.docx(body=body), "a.docx").paragraphs == ["one\ttwo\nthree", "new"]


def test_slides_are_in_the_order_of_their_numbers():
    words = [f"slide {number}" for number in range(1, 13)]
    assert read(documents.pptx(*words), "a.pptx").paragraphs == words


@pytest.mark.parametrize("is_old", [False, True])
def test_a_book_says_its_title_and_has_a_cover(is_old):
    cover = contents.image("JPEG")
    data = documents.epub("Moby Dick", "Herman Melville", cover, is_old=is_old)
    shown = read(data, "a.epub")
    assert (shown.title, shown.author, shown.paragraphs) == (
        "Moby Dick",
        "Herman Melville",
        ["About a whale."],
    )
    assert shown.has_picture
    assert picture_in(io.BytesIO(data), "application/epub+zip") == cover
    assert not read(documents.epub("Moby Dick", "Herman Melville"), "b.epub").has_picture


def test_a_picture_that_a_document_has_of_itself_is_found():
    picture = contents.image("PNG")
    data = documents.odt("words", **{"Thumbnails/thumbnail.png": picture})
    assert read(data, "a.odt").has_picture
    assert picture_in(io.BytesIO(data), "application/vnd.oasis.opendocument.text") == picture


def test_a_workbook_is_a_table():
    shown = read(documents.xlsx([["what", "costs"], ["tea", 3.5], ["cups", 12.0]]), "a.xlsx")
    assert isinstance(shown, TablePreview)
    assert (shown.header, shown.rows) == (["what", "costs"], [["tea", "3.5"], ["cups", "12"]])
    assert (shown.sheet, shown.sheets, shown.encoding, shown.is_whole) == ("Costs", 1, "", True)


def bomb(pattern: str) -> bytes:
    return documents.docx(body=pattern * (120 * 2**20 // len(pattern)))


def word(text: str) -> bytes:
    return documents.package({**_PARTS, "word/document.xml": text})


LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "' + "ha" * 1000 + '"><!ENTITY b "' + "&a;" * 1000 + '">]>'
    "<d><p><t>" + "&b;" * 1000 + "</t></p></d>"
)
_PARTS = {"[Content_Types].xml": "<Types/>", "_rels/.rels": "<R/>"}

# Each made by the test, as some take long.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb.docx": lambda: bomb("<w:p><w:t>x</w:t></w:p> "),
    "a bomb of one word.docx": lambda: documents.docx(
        body="<w:p><w:t>" + "x" * (120 * 2**20) + "</w:t></w:p>"
    ),
    "a bomb of nothing.docx": lambda: documents.docx(body="<w:p>" + " " * (120 * 2**20) + "</w:p>"),
    "laughs.docx": lambda: word(LAUGHS),
    "laughs.epub": lambda: documents.package({"META-INF/container.xml": LAUGHS}, "application/epub+zip"),
    "outside.docx": lambda: word('<!DOCTYPE d SYSTEM "file:///etc/passwd"><d><t>a</t></d>'),
    "deep.docx": lambda: documents.docx(body="<w:p>" * 200_000),
    "no words.docx": lambda: documents.package({**_PARTS, "word/other.xml": "<d/>"}),
    "many.docx": lambda: documents.package(_PARTS | {f"word/{number}.xml": "" for number in range(12_000)}),
    **{
        f"in {encoding}.docx": partial(word, f'<?xml version="1.0" encoding="{encoding}"?><d><t>a</t></d>')
        for encoding in ("foo", "shift_jis", "utf-7", "base64")
    },
    "cut.docx": lambda: documents.docx(*SENTENCES)[:-30],
    "circle.epub": lambda: documents.package(
        {"META-INF/container.xml": '<c><rootfile full-path="META-INF/container.xml"/></c>'},
        "application/epub+zip",
    ),
    "empty.xlsx": lambda: documents.xlsx([]),
    "broken.xlsx": lambda: documents.package({**_PARTS, "xl/workbook.xml": "<workbook"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_document_takes_long_or_raises(name):
    data = HOSTILE[name]()
    began = time.process_time()
    shown = read(data, name)
    assert time.process_time() - began < 4
    is_cut = name in ("bomb.docx", "a bomb of one word.docx", "a bomb of nothing.docx", "deep.docx")
    assert isinstance(shown, DocumentPreview) is (is_cut or name == "circle.epub")
    if is_cut:
        assert not shown.is_whole
        assert sum(map(len, shown.paragraphs)) < 300_000


@pytest.mark.parametrize("name", [*DOCUMENTS, "a.xlsx", "a.epub"])
def test_damaged_documents_raise_nothing(name):
    from tests.unit.images.samples import mutations

    more = {"a.xlsx": documents.xlsx([["a", "b"], ["c", 1.0]]), "a.epub": documents.epub("A", "B", b"cover")}
    data = {**DOCUMENTS, **more}[name]
    for seed in range(40):
        read(mutations(data, seed, 8), name)
