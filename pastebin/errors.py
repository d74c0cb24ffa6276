"""What can go wrong with a request, in the service's own words.

Every error has a `code` for programs and a message for people, which says what to do about it.
The first sentence of its docstring stands in docs/api.md. Which HTTP status it becomes is
decided in one place, `pastebin.views.errors`; nothing here knows HTTP.
"""

from typing import Self


class PastebinError(Exception):
    """Base of all errors the service raises on purpose."""

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def about(self, name: str) -> Self:
        """Return this error with a message that begins with what it is about: one of several files."""
        self.message = f"File {name}: {self.message}"
        return self


class BadRequest(PastebinError):
    """A parameter other than of an image is missing or makes no sense."""

    code = "bad_request"


class BadUpload(BadRequest):
    """The form is malformed, cut off, has no file or too many, or too long a name."""

    code = "bad_upload"


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
    """A term of an upload (how long, how often, for whom) is malformed or not allowed."""

    code = "bad_term"


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


class NameTaken(PastebinError):
    """There is an account with this name already, or with one that is too alike."""

    code = "name_taken"


class Banned(PastebinError):
    """These bytes were removed and may not be uploaded again."""

    code = "banned"


class TooManyRequests(PastebinError):
    """One address asks too often; `Retry-After` says when it may go on."""

    code = "too_many_requests"

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class UnsupportedBody(PastebinError):
    """The body is of a type that this address does not take."""

    code = "unsupported_body"


class UnsupportedEncoding(UnsupportedBody):
    """The body is compressed by `Content-Encoding`; files are taken as they are."""

    code = "unsupported_encoding"


class TooLarge(PastebinError):
    """An upload is larger than `pastebin.max_upload_size`, by `Content-Length` or by what came."""

    code = "too_large"


class NotFound(PastebinError):
    """There is no such file, short link or page."""

    code = "not_found"


class NotAnImage(PastebinError):
    """The bytes are not an image that can be decoded."""

    code = "not_an_image"


class ImageTooLarge(PastebinError):
    """An image has more pixels or frames than may be decoded."""

    code = "image_too_large"


class Incomplete(PastebinError):
    """Something that was asked for as a whole is no longer whole."""

    code = "incomplete"


class QuotaExceeded(PastebinError):
    """The account has as many files or bytes as it may; nothing was stored."""

    code = "quota_exceeded"


class Locked(PastebinError):
    """Another request is at work on the same upload."""

    code = "locked"

    seconds = 1


class GaveWay(Locked):
    """No byte came for a while, and a newer request has gone on with the upload."""

    code = "gave_way"


class Gone(NotFound):
    """An upload was here, and its time is over or it was given up."""

    code = "gone"


class BadProtocol(PastebinError):
    """The request is not of version 1.0.0 of tus."""

    code = "bad_protocol"


class WrongOffset(PastebinError):
    """The bytes do not begin where the upload ends; `Upload-Offset` says where that is."""

    code = "wrong_offset"


class WrongChecksum(PastebinError):
    """The bytes are not those whose checksum was sent; nothing of them counts."""

    code = "wrong_checksum"


class RemoteFailed(PastebinError):
    """Another server cannot be reached, or does not answer with a whole file."""

    code = "remote_failed"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or "The other server cannot be reached, or does not send a whole file.")


class RemoteTimeout(RemoteFailed):
    """Another server was silent for too long, or took too long in all."""

    code = "remote_timeout"


class StorageFull(PastebinError):
    """The disk is full; nothing was stored."""

    code = "storage_full"


class Unavailable(PastebinError):
    """The database or the store does not answer at the moment."""

    code = "unavailable"


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


class InternalError(PastebinError):
    """Something went wrong that nobody foresaw; its cause says what."""

    code = "internal_error"


class Overloaded(Unavailable):
    """All workers are busy and enough requests wait already: try again in a moment."""

    code = "overloaded"


class TaskKilled(PastebinError):
    """A file took more time or memory than it may, or crashed what read it.

    `reason` is "time", "memory" or "crash".
    """

    code = "too_costly"

    def __init__(self, reason: str) -> None:
        super().__init__(_KILLED[reason])
        self.reason = reason


_KILLED = {
    "time": "this file takes too long to process",
    "memory": "this file takes too much memory to process",
    "crash": "this file cannot be processed",
}


class TaskFailed(InternalError):
    """A worker failed because of a bug; its traceback is in the log."""


class ConfigurationError(SystemExit):
    """The service cannot start as it is configured; the message says everything that is wrong.

    Nobody can handle that but a person, so uncaught it ends the process with the message alone.
    """
