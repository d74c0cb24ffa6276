"""What can go wrong with an upload that comes in over several requests."""

from .base import NotFound, PastebinError


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
