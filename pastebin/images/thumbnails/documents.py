"""The first page of a PDF, by PDFium."""

from typing import BinaryIO

from PIL import Image

from pastebin.errors import NotAnImage
from pastebin.images.geometry import Size


def first_page(file: BinaryIO, box: Size) -> Image.Image:
    """Draw the first page of a PDF, larger than the box. Raises NotAnImage for one that cannot be opened."""
    import pypdfium2  # noqa: PLC0415 - for workers only

    try:
        document = pypdfium2.PdfDocument(file)
        page = document[0]
        width, height = page.get_size()
        scale = 1.5 * max(box) / max(width, height, 1.0)
        image: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise NotAnImage("this PDF cannot be opened") from error
    return image.convert("RGB")
