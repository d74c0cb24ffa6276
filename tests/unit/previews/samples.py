"""A file for each kind of preview; a new kind gets one here, too."""

from PIL import ImageFont

from tests.inprocess import contents, documents

SAMPLES = {
    "image": ("a.png", contents.image()),
    "unread": ("broken.jpg", b"\xff\xd8\xff\xe0" + bytes(60)),
    "pdf": ("a.pdf", contents.PDF),
    "video": ("a.mp4", contents.MP4),
    "audio": ("a.flac", contents.FLAC),
    "none": ("empty", b""),
    "text": ("a.py", b"import os\n# <b>\n"),
    "markdown": ("a.md", b"# hi\n\n```python\nx = 1\n```\n"),
    "table": ("a.csv", b"a,b\n1,<i>\n3,4\n"),
    "document": ("a.docx", documents.docx("first", "second")),
    "font": ("a.ttf", ImageFont.load_default(10).path.getvalue()),  # type: ignore[union-attr]
    "archive": ("a.zip", contents.archive()),
    "hex": ("a.bin", bytes(range(256))),
    "limited": ("limited.txt", b"nothing of this is shown\n"),
}

# The fields of the form that a sample is uploaded with, where a kind depends on the terms of a link.
TERMS = {"limited": {"downloads": "3"}}
