"""What the API alone refuses."""

from .base import PastebinError


class NotAcceptable(PastebinError):
    """`Accept` allows none of the forms that the answer has."""

    code = "not_acceptable"


class OfCollection(PastebinError):
    """The file has the terms of its collection: change those."""

    code = "of_collection"


class Outdated(PastebinError):
    """What `If-Match` names has been changed since it was read."""

    code = "outdated"


class MatchRequired(PastebinError):
    """Who changes or deletes one thing says by `If-Match` which state of it is meant."""

    code = "match_required"
