"""Documents, books and workbooks, as small as they can be."""

import io
import zipfile

OFFICE = "http://schemas.openxmlformats.org"
WORDS = f"{OFFICE}/wordprocessingml/2006/main"
CELLS = f"{OFFICE}/spreadsheetml/2006/main"
RELATIONS = f"{OFFICE}/officeDocument/2006/relationships"


def package(parts: dict[str, str | bytes], mimetype: str = "") -> bytes:
    """Return a zip of parts, behind a media type where there is one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        if mimetype:
            opened.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name, data in parts.items():
            opened.writestr(name, data)
    return out.getvalue()


def docx(*paragraphs: str, body: str = "", **parts: bytes) -> bytes:
    """Return a Word document; `body` is XML in the place of paragraphs."""
    inner = body or "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs)
    document = f'<w:document xmlns:w="{WORDS}"><w:body>{inner}</w:body></w:document>'
    types = {"[Content_Types].xml": "<Types/>", "_rels/.rels": "<Relationships/>"}
    return package({**types, "word/document.xml": document, **parts})


def pptx(*slides: str) -> bytes:
    """Return a presentation, a sentence on each slide."""
    text = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sld>'
    parts = {f"ppt/slides/slide{number}.xml": text.format(one) for number, one in enumerate(slides, 1)}
    return package({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>", **parts})


def odt(*paragraphs: str, kind: str = "text", **parts: bytes) -> bytes:
    """Return a text or a presentation of OpenDocument."""
    inner = "".join(f"<text:p>{one}</text:p>" for one in paragraphs)
    content = f'<office:document-content xmlns:office="o" xmlns:text="t">{inner}</office:document-content>'
    return package({"content.xml": content, **parts}, f"application/vnd.oasis.opendocument.{kind}")


def xlsx(rows: list[list[str | float]]) -> bytes:
    """Return a workbook of one sheet, `Costs`."""
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    workbook = (
        f'<workbook xmlns="{CELLS}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Costs" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": workbook,
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<sheet xmlns="{CELLS}"><sheetData>{cells}</sheetData></sheet>',
        }
    )


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{relation}</Relationships>'


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def epub(title: str, author: str, cover: bytes | None = None, *, is_old: bool = False) -> bytes:
    """Return a book, of EPUB 2 if it `is_old`."""
    marked = '<meta name="cover" content="c"/>' if is_old else ""
    item = '<item id="c" href="images/cover%201.jpg" media-type="image/jpeg" properties="{}"/>'
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="d"><metadata>'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<dc:description>&lt;p&gt;About a whale.&lt;/p&gt;</dc:description>{marked}</metadata>"
        f"<manifest>{item.format('' if is_old else 'cover-image')}</manifest></package>"
    )
    container = '<container><rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
    parts: dict[str, str | bytes] = {"META-INF/container.xml": container, "OEBPS/content.opf": opf}
    if cover:
        parts["OEBPS/images/cover 1.jpg"] = cover
    return package(parts, "application/epub+zip")
