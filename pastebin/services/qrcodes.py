"""QR codes as SVG (ISO/IEC 18004)."""

import io

from ..errors import BadRequest


def qr_svg(text: str) -> bytes:
    """Return a QR code of `text`, dark on light, of any size; BadRequest if it is too long."""
    import segno  # noqa: PLC0415 - for who asks for one

    try:
        code = segno.make(text, error="m", micro=False)
    except segno.DataOverflowError as error:
        raise BadRequest("The address is too long for a QR code.") from error
    out = io.BytesIO()
    code.save(out, kind="svg", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return out.getvalue()
