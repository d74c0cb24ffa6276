"""What can go wrong with a request, in the service's own words.

Every error has a `code` for programs and a message for people, which says what to do about it.
The first sentence of its docstring stands in docs/api.md. Which HTTP status it becomes is
decided in one place, `pastebin.views.errors`; nothing here knows HTTP.
"""

from .api import MatchRequired, NotAcceptable, OfCollection, Outdated
from .base import InternalError, NotFound, PastebinError, Unavailable
from .file_requests import RequestFull
from .remote import RemoteFailed, RemoteTimeout
from .resumable import BadProtocol, GaveWay, Gone, Locked, WrongChecksum, WrongOffset
from .workers import Overloaded, TaskFailed, TaskKilled

__all__ = [
    "BadAddress",
    "BadFraming",
    "BadHost",
    "BadProtocol",
    "BadRemote",
    "BadRequest",
    "BadTerm",
    "BadTransform",
    "BadUpload",
    "Banned",
    "ConfigurationError",
    "Forbidden",
    "GaveWay",
    "Gone",
    "HeadersTooLarge",
    "ImageTooLarge",
    "Incomplete",
    "InternalError",
    "InvalidField",
    "Locked",
    "MatchRequired",
    "NameTaken",
    "NoAccount",
    "NotAcceptable",
    "NotAnImage",
    "NotFound",
    "OfCollection",
    "Outdated",
    "Overloaded",
    "PartialPut",
    "PasswordNeeded",
    "PastebinError",
    "QuotaExceeded",
    "RemoteFailed",
    "RemoteOff",
    "RemoteTimeout",
    "RequestFull",
    "StorageFull",
    "SwitchedOff",
    "TaskFailed",
    "TaskKilled",
    "TooLarge",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "UnsupportedBody",
    "UnsupportedEncoding",
    "WrongChecksum",
    "WrongOffset",
]


class BadRequest(PastebinError):
    """A parameter other than of an image is missing or makes no sense."""

    code = "bad_request"


class BadUpload(BadRequest):
    """The form is malformed, cut off, has no file or too many, or too long a name."""

    code = "bad_upload"


class InvalidField(BadRequest):
    """A field of what was sent says nonsense; `field` names it."""

    code = "invalid_field"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class PartialPut(BadRequest):
    """A `PUT` with a part of a file: an upload that can be continued goes to `/tus`."""

    code = "partial_put"


class BadTransform(BadRequest):
    """A size, region, format or quality makes no sense or is too large."""

    code = "bad_transform"


class BadAddress(BadRequest):
    """The address is not UTF-8."""

    code = "bad_address"


class BadTerm(BadRequest):
    """A term of an upload (how long, how often, for whom) is malformed or not allowed; `field` names it."""

    code = "bad_term"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class BadRemote(BadRequest):
    """An address to fetch is malformed, or leads where this service does not go."""

    code = "bad_remote"


class Forbidden(PastebinError):
    """The request is understood, but nobody may do that without more rights."""

    code = "forbidden"


class RemoteOff(Forbidden):
    """Nothing is fetched from other servers here (`pastebin.remote_fetch`)."""

    code = "remote_off"


class Unauthorized(PastebinError):
    """The token that was sent is wrong, over or revoked."""

    code = "unauthorized"


class NoAccount(Unauthorized):
    """The address is for accounts, and the request is nobody's."""

    code = "no_account"


class PasswordNeeded(Unauthorized):
    """The file or the collection has a password, which HTTP Basic sends."""

    code = "password_needed"


class NameTaken(PastebinError):
    """There is an account with this name already, or with one that is too alike."""

    code = "name_taken"


class Banned(PastebinError):
    """These bytes were removed and may not be uploaded again."""

    code = "banned"


class TooManyRequests(PastebinError):
    """One address asks too often; `Retry-After` says when it may go on."""

    code = "too_many_requests"

    def __init__(self, message: str, seconds: int, limit: int | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.limit = limit  # how many there may be, where that is counted


class UnsupportedBody(PastebinError):
    """The body is of a type that this address does not take."""

    code = "unsupported_body"


class UnsupportedEncoding(UnsupportedBody):
    """The body is compressed by `Content-Encoding`; files are taken as they are."""

    code = "unsupported_encoding"


class TooLarge(PastebinError):
    """An upload is larger than `pastebin.max_upload_size`, by `Content-Length` or by what came."""

    code = "too_large"


class NotAnImage(PastebinError):
    """The bytes are not an image that can be decoded."""

    code = "not_an_image"


class ImageTooLarge(PastebinError):
    """An image has more pixels or frames than may be decoded."""

    code = "image_too_large"


class NotExtractable(PastebinError):
    """What is asked for cannot be taken out of the archive: it is encrypted, damaged or too large."""

    code = "not_extractable"


class Incomplete(PastebinError):
    """Something that was asked for as a whole is no longer whole."""

    code = "incomplete"


class QuotaExceeded(PastebinError):
    """The account has as many files or bytes as it may; nothing was stored."""

    code = "quota_exceeded"


class StorageFull(PastebinError):
    """The disk is full; nothing was stored."""

    code = "storage_full"


class SwitchedOff(Unavailable):
    """An administrator has switched off all changes, uploads or sign-up for a while."""

    code = "switched_off"

    seconds = 60


class BadHost(BadRequest):
    """The request does not say which host it is for, or says what cannot be a host."""

    code = "bad_host"


class BadFraming(BadRequest):
    """Where the request's body ends can be read in two ways, or in none."""

    code = "bad_framing"


class HeadersTooLarge(PastebinError):
    """The request's headers are longer than a request of this service needs."""

    code = "headers_too_large"


class ProviderFailed(Unavailable):
    """The provider of accounts that signs people in does not answer as it should."""

    code = "provider_failed"


class ConfigurationError(SystemExit):
    """The service cannot start as it is configured; the message says everything that is wrong.

    Nobody can handle that but a person, so uncaught it ends the process with the message alone.
    """
