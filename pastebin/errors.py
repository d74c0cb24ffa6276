"""What can go wrong with a request, in the service's own words.

Every error has a `code` for programs and a message for people; a message says
what to do about it. Which HTTP status an error becomes is decided in one place,
`pastebin.views.errors`; nothing here knows HTTP.
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
    """The request cannot be understood."""

    code = "bad_request"


class BadUpload(BadRequest):
    """The form is malformed, lacks its file, or carries what does not belong in it."""

    code = "bad_upload"


class BadTransform(BadRequest):
    """A crop or resize parameter is malformed or out of range."""

    code = "bad_transform"


class BadTerm(BadRequest):
    """A term of an upload (how long, how often, for whom) is malformed or not allowed."""

    code = "bad_term"


class Forbidden(PastebinError):
    """The request is understood, but nobody may do that without more rights."""

    code = "forbidden"


class Banned(PastebinError):
    """These bytes were removed and may not be uploaded again."""

    code = "banned"


class TooManyRequests(PastebinError):
    """One address asks too often; `seconds` is when to try again."""

    code = "too_many_requests"

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class UnsupportedBody(PastebinError):
    """The body of an upload is not multipart/form-data."""

    code = "unsupported_body"


class TooLarge(PastebinError):
    """An upload is larger than `pastebin.max_upload_size`."""

    code = "too_large"


class NotFound(PastebinError):
    """There is no such file."""

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


class StorageFull(PastebinError):
    """The disk has no room left."""

    code = "storage_full"


class Unavailable(PastebinError):
    """The database or the store does not answer at the moment."""

    code = "unavailable"


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
