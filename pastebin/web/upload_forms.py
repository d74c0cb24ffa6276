"""Reading an upload form: the file's bytes go straight from the body into the store.

The body is parsed as it comes, in pieces; nothing of it is kept in memory but the small
fields, and nothing is copied to a file other than the one that becomes the content.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from ..errors import BadUpload, TooLarge, UnsupportedBody
from ..names import clean_filename, clean_path, suffix_of, visible_name
from ..services.uploads import SHOWN_NAME, Incoming
from ..storage import BlobStore, BlobWriter
from ..units import humanize_bytes
from .bodies import FORM
from .form_names import file_name, text_of

# How much of a body is read, hashed and written at a time. Hundreds of uploads may be under way.
PIECE = 2**18

FIELD_LIMIT = 64 * 2**10
TEXT_LIMIT = 2**20
FIELDS_LIMIT = TEXT_LIMIT + 2 * FIELD_LIMIT  # of all together: hundreds of forms may be under way
FILE_LIMIT = 100
PART_LIMIT = FILE_LIMIT + 64
HEADER_LIMIT = 32 * 2**10

# What a form may weigh beyond its files: headers, boundaries and small fields.
FORM_OVERHEAD = 2**20


def too_large(limit: int) -> TooLarge:
    """Return the error for a file of more than `limit` bytes."""
    return TooLarge(f"The file is larger than this server accepts ({humanize_bytes(limit)}).")


@dataclass
class UploadForm:
    """An upload: its files with cleaned names, and the other fields.

    There is one file at least, or else the field `url`: the address of one.
    """

    files: list[Incoming]
    fields: dict[str, str]
    _stack: ExitStack

    @property
    def url(self) -> str:
        """Return the address of what is to be fetched; nothing where the files are in the form."""
        return "" if self.files else self.fields["url"].strip()

    def writer_for(self, store: BlobStore) -> BlobWriter:
        """Return a writer for one more file, which ends with the form."""
        return self._stack.enter_context(store.writer())

    @property
    def writer(self) -> BlobWriter:
        """Return what holds the bytes of its only file."""
        return self.files[0].writer

    @property
    def filename(self) -> str:
        """Return the cleaned name of its only file."""
        return self.files[0].filename

    @property
    def is_several(self) -> bool:
        """Tell whether it has several files, or is to become a collection."""
        return len(self.files) > 1 or "collection" in self.fields

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)


def read_upload_form(
    content_type: str, read: Callable[[int], bytes], store: BlobStore, limit: int
) -> UploadForm:
    """Read a multipart/form-data body with parts `file` (or one `text`), writing those into `store`.

    `read(n)` returns up to n bytes and nothing at the end. The caller closes the form, and
    keeps its content or not. Raises UnsupportedBody for another type of body, BadUpload for
    a malformed one, TooLarge when one file, or all together, have more than `limit` bytes.
    """
    kind, options = parse_options_header(content_type)
    if kind.lower() != FORM:
        raise UnsupportedBody("Send the file as multipart/form-data, for example: curl -F file=@photo.jpg")
    with ExitStack() as stack:
        form = _FormReader(stack, store, limit)
        try:
            for event in _events(options.get("boundary", ""), read, limit):
                form.take(event)
        except ParserLimitReached as error:
            raise BadUpload(f"The form has too many or too large parts ({error}).") from error
        except MultipartError as error:
            raise BadUpload(f"The form is malformed or incomplete ({error}).") from error
        files = form.result()
        return UploadForm(files, form.fields, stack.pop_all())


def text_form(fields: dict[str, str], store: BlobStore, limit: int) -> UploadForm:
    """Return the upload of a form that has no files: a file made of `text` and `title`."""
    with ExitStack() as stack:
        form = _FormReader(stack, store, limit, fields=fields)
        form.typed = stack.enter_context(store.writer())
        form.typed.write(fields.get("text", "").encode())
        files = form.result()
        return UploadForm(files, fields, stack.pop_all())


def _events(
    boundary: str, read: Callable[[int], bytes], limit: int
) -> Iterator[MultipartSegment | bytes | bytearray | None]:
    """Yield the parser's events for a whole body, read to its end.

    Headers are read as Latin-1, which loses no byte; `form_names` makes names of them. What comes before
    the first boundary makes no event, so the whole is bounded as well: TooLarge.
    """
    left = limit + FORM_OVERHEAD
    parser = PushMultipartParser(
        boundary, max_segment_count=PART_LIMIT, max_header_size=HEADER_LIMIT, header_charset="latin-1"
    )
    with parser:
        while not parser.closed:
            data = read(PIECE)
            left -= len(data)
            if left < 0:
                raise too_large(limit)
            yield from parser.parse(data)


@dataclass
class _FormReader:
    """Sorts the parts of a form into files and small fields."""

    stack: ExitStack
    store: BlobStore
    limit: int
    files: list[tuple[BlobWriter, str]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    typed: BlobWriter | None = None  # the field `text` as it came: hundreds of forms may be under way
    _name: str = ""
    _text: bytearray = field(default_factory=bytearray)
    _fields_size: int = 0

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        """Take the start of a part, some bytes of it, or None for its end."""
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._name == "file" and self.files:
            self._add_bytes(*self.files[-1], event)
        else:
            self._add_text(event)

    def result(self) -> list[Incoming]:
        """Return the files, none where `url` says where one is; BadUpload if the form has nothing."""
        # One without name and bytes is a browser's for no choice.
        chosen = [(writer, name) for writer, name in self.files if name or writer.size]
        if not chosen:
            chosen = self._made_of_text()
        if self.fields.get("url", "").strip():
            if chosen:
                raise BadUpload("Send a file or the address of one, not both.")
            return []
        if not chosen:
            raise BadUpload("There is no file in the form: send one as the field `file`.")
        return [Incoming(writer, clean_filename(name), self._path(name)) for writer, name in chosen]

    def _path(self, name: str) -> str:
        """Return a name with its folders, which only a collection keeps."""
        return clean_path(name) if "collection" in self.fields else clean_filename(name)

    def _made_of_text(self) -> list[tuple[BlobWriter, str]]:
        """Make a file of the fields `text` and `title`: what a page without JavaScript sends."""
        if self.typed is None or not self.typed.size:
            return []
        self.typed.finish()
        with self.typed.reader() as typed:
            text = typed.read().decode("utf-8", "replace").replace("\r\n", "\n")
        self.fields["typed"] = "1"
        title = self.fields.get("title", "").strip() or "text"
        name = title if suffix_of(title) else f"{title}.txt"
        writer = self.stack.enter_context(self.store.writer())
        self._add_bytes(writer, name, text.encode())
        return [(writer, name)]

    def _begin(self, part: MultipartSegment) -> None:
        self._name, self._text = text_of(part.name), bytearray()
        if self._name == "text":
            self.typed = self.stack.enter_context(self.store.writer())
        if self._name != "file":
            return
        filename = file_name(part)
        if filename is None:
            raise BadUpload("The field `file` holds text instead of a file: use curl -F file=@photo.jpg")
        if len(self.files) == FILE_LIMIT:
            raise BadUpload(f"There are more than {FILE_LIMIT} files in the form.")
        self.files.append((self.stack.enter_context(self.store.writer()), filename))

    def _add_text(self, data: bytes | bytearray) -> None:
        typed = self.typed if self._name == "text" else None
        size, limit = (len(self._text), FIELD_LIMIT) if typed is None else (typed.size, TEXT_LIMIT)
        self._fields_size += len(data)
        if size + len(data) > limit:
            raise BadUpload(f"A field of the form has more than {limit} bytes.")
        if self._fields_size > FIELDS_LIMIT:
            raise BadUpload(f"The fields of the form have more than {FIELDS_LIMIT} bytes together.")
        if typed is None:
            self._text += data
        else:
            typed.write(bytes(data))

    def _add_bytes(self, writer: BlobWriter, name: str, data: bytes | bytearray) -> None:
        if writer.size + len(data) > self.limit:
            raise too_large(self.limit).about(visible_name(name or "file", SHOWN_NAME))
        writer.write(bytes(data))

    def _end(self) -> None:
        if self._name == "file":
            self.files[-1][0].finish()  # it is computed once in any case, and a thread of a large one ends
        elif self._name == "text" and self.typed is not None:
            self.fields[self._name] = ""
            self.typed.finish()
        else:
            self.fields[self._name] = self._text.decode("utf-8", "replace")
