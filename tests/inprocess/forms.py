"""Upload forms, byte by byte, well-formed or not."""

from collections.abc import Iterable
from dataclasses import dataclass

BOUNDARY = "frontier-9b1e5a"


@dataclass(frozen=True)
class Part:
    """A part of a form: its header lines as they are sent, without the line ends, and its bytes."""

    headers: tuple[bytes, ...]
    content: bytes

    def encoded(self) -> bytes:
        """Return the part with its boundary line."""
        head = b"".join(line + b"\r\n" for line in self.headers)
        return f"--{BOUNDARY}\r\n".encode() + head + b"\r\n" + self.content + b"\r\n"


def file_part(
    content: bytes,
    filename: str | bytes = "file.bin",
    *,
    field: str = "file",
    media: str = "application/octet-stream",
) -> Part:
    """Return a file as browsers send it; a name in bytes is sent as it is."""
    name = filename if isinstance(filename, bytes) else _as_browsers_do(filename)
    disposition = b'Content-Disposition: form-data; name="' + field.encode() + b'"; filename="' + name + b'"'
    return Part((disposition, f"Content-Type: {media}".encode()), content)


def text_part(field: str, text: str) -> Part:
    """Return a field that is no file."""
    return Part((f'Content-Disposition: form-data; name="{field}"'.encode(),), text.encode())


def body_of(parts: Iterable[Part]) -> bytes:
    """Return the body of a whole form."""
    return b"".join(part.encoded() for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def content_type(boundary: str = BOUNDARY) -> str:
    """Return the Content-Type of a form."""
    return f"multipart/form-data; boundary={boundary}"


def _as_browsers_do(filename: str) -> bytes:
    """Return a name in UTF-8 with the three characters escaped that HTML says to escape in forms."""
    for character in '\r\n"':
        filename = filename.replace(character, f"%{ord(character):02X}")
    return filename.encode()
