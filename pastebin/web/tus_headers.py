"""What the headers of tus 1.0.0 say (https://tus.io/protocols/resumable-upload)."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from pyramid.request import Request

from ..errors import BadProtocol, BadRequest, BadTerm, BadUpload, HeadersTooLarge, UnsupportedBody
from ..names import clean_filename
from ..services import terms
from ..services.collection_records import Joining
from ..services.file_records import key_hash
from ..services.resumable import Chunk, NewUpload
from ..services.upload_options import SWITCHES
from .bodies import body_type, require_plain_body

VERSION = "1.0.0"
OCTETS = "application/offset+octet-stream"
ALGORITHMS = {"sha1": 20, "sha256": 32, "md5": 16}
EXTENSIONS = (
    "creation",
    "creation-with-upload",
    "creation-defer-length",
    "expiration",
    "checksum",
    "termination",
    "concatenation",
)

METADATA_LIMIT = 8 * 2**10
PARTS_LIMIT = 1000
LARGEST = 2**63 - 1

# In an address of a part; two addresses with one of these between them would look like the second one.
_NO_SEPARATORS = frozenset("\\;,")

# What is never told back.
_SECRETS = frozenset({"password", "collection_key"})

_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
_KEY = re.compile(r"[!-+\--~]+", re.ASCII)
NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)


def require_version(request: Request) -> None:
    """Raise BadProtocol for a request of another version, or of none."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise BadProtocol(f"This address speaks tus {VERSION}: send the header Tus-Resumable: {VERSION}.")


def require_octets(request: Request) -> None:
    """Raise UnsupportedBody for a body of another type than tus has, or that is compressed."""
    require_plain_body(request)
    if body_type(request) != OCTETS:
        raise UnsupportedBody(f"The bytes of an upload come as {OCTETS}.")


def new_upload(request: Request) -> tuple[NewUpload, str]:
    """Return the upload that a request asks for, and its `Upload-Concat`; BadRequest if it is wrong."""
    concat = request.headers.get("Upload-Concat", "").strip()
    is_final = concat.startswith("final")
    if concat not in ("", "partial") and not is_final:
        raise BadRequest("Upload-Concat must be partial or final;…")
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    return (
        NewUpload(
            None if is_final else _told_length(request),
            _filename(metadata),
            {} if concat == "partial" else _terms(metadata),
            ",".join(pair for name, (_, pair) in metadata.items() if name not in _SECRETS),
            concat == "partial",
            joining=_joining(metadata) if concat != "partial" else None,
        ),
        concat,
    )


def parts_of(request: Request, concat: str) -> list[str]:
    """Return the uploads that a final one names; only the paths of their addresses count."""
    if "Upload-Length" in request.headers or "Upload-Defer-Length" in request.headers:
        raise BadRequest("An upload that is made of others has their length.")
    kind, _, listed = concat.partition(";")
    addresses = listed.split()
    if kind != "final" or not 1 <= len(addresses) <= PARTS_LIMIT:
        raise BadRequest(f"Upload-Concat must be final; and the addresses of 1 to {PARTS_LIMIT} parts.")
    return [_name_in(address) for address in addresses]


def chunk_of(request: Request) -> Chunk:
    """Return what a `PATCH` says of its bytes."""
    offset = _number(request, "Upload-Offset")
    if offset is None:
        raise BadRequest("Upload-Offset must say where the bytes begin.")
    return Chunk(offset, request.content_length, _number(request, "Upload-Length"), checksum_of(request))


def checksum_of(request: Request) -> tuple[str, bytes] | None:
    """Return algorithm and digest of `Upload-Checksum`, None without it."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadRequest(f"Upload-Checksum must be of one of {', '.join(ALGORITHMS)}.")
    digest = _decoded(encoded.strip(), "Upload-Checksum")
    if len(digest) != ALGORITHMS[algorithm]:
        raise BadRequest(f"Upload-Checksum must have the length of a {algorithm}.")
    return algorithm, digest


def _told_length(request: Request) -> int | None:
    """Return the length of a new upload, None if it is told later; exactly one of both must be said."""
    deferred = request.headers.get("Upload-Defer-Length")
    length = _number(request, "Upload-Length")
    if deferred not in (None, "1") or (deferred is None) is (length is None):
        raise BadRequest("Say either Upload-Length in bytes, or Upload-Defer-Length: 1.")
    return length


def _number(request: Request, header: str) -> int | None:
    text = request.headers.get(header)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST:
        raise BadRequest(f"{header} must be a whole number of bytes.")
    return int(text)


def _metadata(header: str) -> dict[str, tuple[bytes, str]]:
    """Return value and pair, as it was sent, of each key; an empty header and empty values are valid."""
    if len(header) > METADATA_LIMIT:
        raise HeadersTooLarge(f"Upload-Metadata may have at most {METADATA_LIMIT} bytes.")
    found: dict[str, tuple[bytes, str]] = {}
    for pair in _pairs(header):
        key, _, value = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise BadRequest("Upload-Metadata must have keys without spaces, each once.")
        found[key] = _decoded(value.strip(" "), "Upload-Metadata"), pair
    return found


def _pairs(header: str) -> Iterator[str]:
    if header.strip(" "):
        yield from header.split(",")


def _decoded(text: str, header: str) -> bytes:
    try:
        return b64decode(text.encode("latin-1"), validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise BadRequest(f"{header} has a value that is no Base64.") from error


def _filename(metadata: Mapping[str, tuple[bytes, str]]) -> str:
    """Return the cleaned name of the file, nothing if there is none."""
    value = metadata.get("filename", (b"", ""))[0] or metadata.get("name", (b"", ""))[0]
    try:
        return clean_filename(value.decode()) if value else ""
    except UnicodeDecodeError as error:
        raise BadUpload("The file name is not UTF-8.") from error


def _terms(metadata: Mapping[str, tuple[bytes, str]]) -> dict[str, str]:
    try:
        names = (*terms.NAMES, *SWITCHES)
        return {name: metadata[name][0].decode() for name in names if metadata.get(name, (b"",))[0]}
    except UnicodeDecodeError as error:
        raise BadTerm("A term is not UTF-8.") from error


def _joining(metadata: Mapping[str, tuple[bytes, str]]) -> Joining | None:
    """Return the collection that an upload is to join, None for none; BadTerm for terms of its own."""
    code, key = (metadata.get(name, (b"",))[0].decode("latin-1") for name in ("collection", "collection_key"))
    if not code:
        return None
    own = [name for name in terms.NAMES if name != "title" and metadata.get(name, (b"",))[0]]
    if own:
        raise BadTerm(f"{own[0]} is the collection's: what joins one has its terms.")
    return Joining(code, key_hash(key))


def _name_in(address: str) -> str:
    try:
        path = "" if _NO_SEPARATORS.intersection(address) else urlsplit(address).path
    except ValueError:  # brackets that are no IPv6 address
        path = ""
    folder, _, name = path.rpartition("/")
    if not folder.endswith("/tus") or not NAME.fullmatch(name):
        raise BadRequest("A part of this upload is not there.")
    return name
