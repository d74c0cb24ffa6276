"""Upload forms: however the body arrives and whatever is in it."""

import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pastebin.errors import BadUpload, PastebinError, StorageFull, TooLarge, UnsupportedBody
from pastebin.storage import FolderBlobStore
from pastebin.web import upload_forms
from pastebin.web.upload_forms import (
    FIELD_LIMIT,
    FIELDS_LIMIT,
    HEADER_LIMIT,
    PART_LIMIT,
    TEXT_LIMIT,
    read_upload_form,
)
from tests.inprocess import BOUNDARY, Part, body_of, content_type, file_part, text_part

LIMIT = 300
relaxed = settings(deadline=None, max_examples=150)


class Folder:
    """A store, and whether anything is left in it."""

    def __init__(self, folder: Path) -> None:
        self.store = FolderBlobStore(folder, durable=False)
        self._folder = folder

    def is_empty(self) -> bool:
        """Tell whether there is neither a content nor a temporary file."""
        return not self.unfinished() and not any(self.store)

    def unfinished(self) -> list[Path]:
        """Return the temporary files."""
        return list((self._folder / "tmp").iterdir())


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Give the folder that the forms of this module are read into, as making one takes long."""
    return Folder(tmp_path_factory.mktemp("store"))


@pytest.fixture
def folder(shared_folder: Folder) -> Iterator[Folder]:
    """Give a folder that is empty before the test, and must be after it."""
    assert shared_folder.is_empty()
    yield shared_folder
    assert shared_folder.is_empty()


def in_pieces(body: bytes, cuts: list[int]) -> Callable[[int], bytes]:
    """Return `read(n)` over a body that arrives cut at these places."""
    places = sorted({min(cut, len(body)) for cut in cuts} | {0, len(body)})
    pieces = iter([body[a:b] for a, b in pairwise(places)])
    return lambda _size: next(pieces, b"")


Read = tuple[str, dict[str, str], bytes]


def read(
    folder: Folder, body: bytes | Callable[[int], bytes], kind: str = content_type(), limit: int = LIMIT
) -> Read:
    """Return the file name, the fields and the bytes of a form; raises what reading it raises."""
    source = in_pieces(body, []) if isinstance(body, bytes) else body
    with read_upload_form(kind, source, folder.store, limit) as form:
        form.writer.finish()
        with form.writer.reader() as reader:
            return form.filename, form.fields, reader.read()


def outcome(folder: Folder, body: bytes | Callable[[int], bytes], kind: str = content_type()) -> object:
    """Return what a form holds, or the kind of error it is; other errors than ours are raised."""
    try:
        return read(folder, body, kind)
    except PastebinError as error:
        return type(error)
    finally:
        assert folder.unfinished() == []


# Bytes among which boundaries, line ends and beginnings of both are frequent.
tricky = st.lists(
    st.one_of(
        st.sampled_from([b"\r\n", b"\r", b"\n", b"--", f"--{BOUNDARY[:5]}".encode(), b"\r\n--front", b"\0"]),
        st.binary(max_size=20),
    ),
    max_size=15,
).map(b"".join)
names = st.text(st.characters(exclude_characters='\0\r\n\\"%', exclude_categories=["Cs"]), max_size=30)
file_parts = st.builds(file_part, tricky, names)
text_parts = st.builds(text_part, st.sampled_from(["w", "h", "unlisted", "ä"]), names)
cuts = st.lists(st.integers(0, 1200), max_size=40)


@given(text_parts, st.lists(text_parts, max_size=3), file_parts, st.booleans(), cuts)
@relaxed
def test_a_form_is_the_same_in_whatever_pieces_it_arrives(
    shared_folder: Folder, field: Part, more: list[Part], file: Part, first: bool, cuts: list[int]
) -> None:
    body = body_of([file, field, *more] if first else [field, *more, file])
    whole = outcome(shared_folder, body)
    assert outcome(shared_folder, in_pieces(body, cuts)) == whole
    assert outcome(shared_folder, in_pieces(body, list(range(len(body))))) == whole


@given(tricky.filter(bool), names, cuts)
@relaxed
def test_the_bytes_of_a_file_come_out_as_they_went_in(
    shared_folder: Folder, content: bytes, name: str, cuts: list[int]
) -> None:
    _, _, found = read(shared_folder, in_pieces(body_of([file_part(content, name)]), cuts))
    assert found == content


@given(st.lists(st.one_of(file_parts, text_parts), max_size=4), st.data())
@relaxed
def test_a_damaged_form_is_an_error_of_ours_or_a_form(
    shared_folder: Folder, parts: list[Part], data: st.DataObject
) -> None:
    body = bytearray(body_of(parts))
    start = data.draw(st.integers(0, len(body)))
    body[start : start + data.draw(st.integers(0, 40))] = data.draw(tricky)
    outcome(shared_folder, in_pieces(bytes(body), data.draw(cuts)))


@given(st.binary(max_size=300), cuts, st.text(st.characters(max_codepoint=255), max_size=40))
@example(b"--x--", [], "multipart/form-data; boundary=x")
@example(b"", [], "multipart/form-data")
@example(b"", [], 'multipart/form-data; boundary="')
@example(b"", [], 'multipart/form-data; boundary="\n"')
@relaxed
def test_garbage_is_an_error_of_ours(shared_folder: Folder, body: bytes, cuts: list[int], kind: str) -> None:
    for claimed in (kind, content_type(), f"multipart/form-data; {kind}"):
        error = outcome(shared_folder, in_pieces(body, cuts), claimed)
        assert error in (BadUpload, UnsupportedBody)


# Limits


@pytest.mark.parametrize("size", [0, 1, LIMIT - 1, LIMIT])
def test_a_file_may_have_as_many_bytes_as_the_limit(folder: Folder, size: int) -> None:
    assert read(folder, body_of([file_part(bytes(size))]))[2] == bytes(size)


@pytest.mark.parametrize("extra", [1, 2, 5000])
def test_one_byte_more_is_too_large_in_whatever_pieces(folder: Folder, extra: int) -> None:
    body = body_of([file_part(bytes(LIMIT + extra))])
    for places in ([], list(range(len(body))), [len(body) // 2]):
        with pytest.raises(TooLarge, match=r"300\.00 bytes"):
            read(folder, in_pieces(body, places))


def test_nothing_is_read_after_the_file_turned_out_too_large(folder: Folder) -> None:
    asked = 0

    def endless(size: int) -> bytes:
        nonlocal asked
        asked += 1
        head = body_of([file_part(b"", "a")])[: -len(f"\r\n--{BOUNDARY}--\r\n")]
        return head if asked == 1 else bytes(size)

    with pytest.raises(TooLarge):
        read(folder, endless, limit=upload_forms.PIECE)
    assert asked == 3


def test_what_comes_before_the_first_boundary_has_a_bound(folder: Folder) -> None:
    with pytest.raises(TooLarge):
        read(folder, bytes)


@pytest.mark.parametrize(("size", "fits"), [(FIELD_LIMIT, True), (FIELD_LIMIT + 1, False)])
def test_a_field_has_a_limit_of_its_own(folder: Folder, size: int, fits: bool) -> None:
    body = body_of([text_part("w", "1" * size), file_part(b"text")])
    assert (outcome(folder, body) is not BadUpload) == fits


@pytest.mark.parametrize(("field", "size"), [("a", FIELD_LIMIT), ("text", TEXT_LIMIT)])
def test_all_fields_together_have_a_limit(folder: Folder, field: str, size: int) -> None:
    """Whatever they are called: hundreds of forms may be under way, each as slow as its client likes."""
    parts = [text_part(field, "1" * size)] * (FIELDS_LIMIT // size)
    assert read(folder, body_of([*parts, file_part(b"data")]), limit=2**23)[2] == b"data"
    with pytest.raises(BadUpload, match="together"):
        read(folder, body_of([*parts, *parts[:3], file_part(b"data")]), limit=2**23)


def test_a_text_goes_to_the_store_while_it_comes_in(folder: Folder) -> None:
    """Nor has a form many files open: a hundred forms of a hundred files may be under way."""
    body = body_of([file_part(b"data")] * 3 + [text_part("text", "1" * TEXT_LIMIT)])
    pieces, written, opened = iter([body[:-100], body[-100:]]), [], len(os.listdir("/proc/self/fd"))

    def reading(_size: int) -> bytes:
        if folder.unfinished():
            written.append(max(file.stat().st_size for file in folder.unfinished()))
            assert len(os.listdir("/proc/self/fd")) <= opened + 1
        return next(pieces, b"")

    assert read(folder, reading, limit=2**23)[2] == b"data"
    assert written[0] > TEXT_LIMIT / 2


@pytest.mark.parametrize(("others", "fits"), [(PART_LIMIT - 1, True), (PART_LIMIT, False)])
def test_a_form_has_so_many_parts_and_no_more(folder: Folder, others: int, fits: bool) -> None:
    body = body_of([*[text_part("x", "y")] * others, file_part(b"text")])
    assert (outcome(folder, body) is not BadUpload) == fits


def test_a_header_that_never_ends_is_refused_soon(folder: Folder) -> None:
    taken = 0

    def endless(_size: int) -> bytes:
        nonlocal taken
        taken += 1000
        return f"--{BOUNDARY}\r\nX: ".encode() if taken == 1000 else b"x" * 1000

    with pytest.raises(BadUpload):
        read(folder, endless)
    assert taken < HEADER_LIMIT + 5000


# Names and fields


def named(parameters: bytes) -> bytes:
    """Return a form whose file has these parameters of Content-Disposition after its field name."""
    disposition = b'Content-Disposition: form-data; name="file"; ' + parameters
    return body_of([Part((disposition,), b"text")])


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (b'filename="a.txt"', "a.txt"),
        (b"filename=a.txt", "a.txt"),
        ('filename="日本語.txt"'.encode(), "日本語.txt"),
        (b'filename="caf\xe9.txt"', "café.txt"),
        (b'filename="\xed\xa0\x80.txt"', "í\xa0€.txt"),
        (b'filename="\xff"', "ÿ"),
        (b'filename="a%22b%0D%0Ac.txt"', 'a"bc.txt'),
        (b"filename*=UTF-8''caf%C3%A9.txt", "café.txt"),
        (b"filename*=utf-8'de'stra%C3%9Fe.txt", "straße.txt"),
        (b"filename*=UTF-8''%ED%A0%80.txt", "\ufffd\ufffd\ufffd.txt"),
        (b"filename*=UTF-8''%00%0D%0Aa%2F..%2Fb.txt", "b.txt"),
        (b"filename*=UTF-8''%", "%"),
        (b"filename*=UTF-8''%E2%80%AEgpj.exe", "gpj.exe"),
        (b"filename=old.txt; filename*=UTF-8''new.txt", "new.txt"),
    ],
)
def test_a_name_may_come_in_any_of_these_ways(folder: Folder, parameters: bytes, name: str) -> None:
    assert read(folder, named(parameters))[0] == name


@pytest.mark.parametrize("parameters", [b"filename*=", b"filename*=''", b"filename=", b"x=y"])
def test_a_part_without_a_name_is_no_file(folder: Folder, parameters: bytes) -> None:
    with pytest.raises(BadUpload, match="text instead of a file"):
        read(folder, named(parameters))


def test_a_file_with_an_empty_name_is_called_file(folder: Folder) -> None:
    for parameters in (b'filename=""', b"filename*=UTF-8''"):
        assert read(folder, named(parameters)) == ("file", {}, b"text")


@given(st.binary(max_size=40).filter(lambda name: not set(name) & set(b'\r\n"\\%')))
@relaxed
def test_a_name_of_any_bytes_becomes_text_that_can_be_stored(shared_folder: Folder, name: bytes) -> None:
    found = outcome(shared_folder, named(b'filename="' + name + b'"'))
    if isinstance(found, tuple):
        assert found[0].encode("utf-8")
    else:
        assert b"\0" in name


def test_fields_are_text_and_the_last_of_a_name_counts(folder: Folder) -> None:
    body = body_of([text_part("w", "1"), text_part("ü", "ß"), text_part("w", "2"), file_part(b"text")])
    assert read(folder, body)[1] == {"w": "2", "ü": "ß"}


def test_a_field_that_is_no_utf_8_is_no_error(folder: Folder) -> None:
    field = Part((b'Content-Disposition: form-data; name="w"',), b"\xff1")
    assert read(folder, body_of([field, file_part(b"text")]))[1] == {"w": "\ufffd1"}


def test_more_than_a_hundred_files_are_refused_wherever_they_are(folder: Folder) -> None:
    parts = [*[file_part(b"one", "a")] * 100, text_part("w", "1"), file_part(b"two", "b")]
    with pytest.raises(BadUpload, match="more than 100 files"):
        read(folder, body_of(parts))


# Failures from outside


@pytest.mark.parametrize("failure", [StorageFull("full"), BadUpload("gone"), ConnectionResetError("reset")])
def test_nothing_is_left_when_the_body_breaks_off(folder: Folder, failure: Exception) -> None:
    body = body_of([file_part(b"text")])

    def breaking(_size: int) -> bytes:
        pieces, breaking.pieces = breaking.pieces[:1], breaking.pieces[1:]
        if not pieces:
            raise failure
        return pieces[0]

    breaking.pieces = [body[:120], body[120:150]]
    with pytest.raises(type(failure)):
        read(folder, breaking)


def test_nothing_is_left_when_the_store_fails(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise StorageFull("full")

    monkeypatch.setattr("pastebin.storage.folder_writer.FolderBlobWriter.write", fail)
    with pytest.raises(StorageFull):
        read(folder, body_of([text_part("w", "1"), file_part(b"text")]))


def test_nothing_is_left_of_a_form_whose_file_nobody_keeps(folder: Folder) -> None:
    with read_upload_form(content_type(), in_pieces(body_of([file_part(b"text")]), []), folder.store, LIMIT):
        assert not folder.is_empty()
