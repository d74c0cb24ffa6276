"""Who uploads: an account within its quota, or nobody where that is allowed."""

from collections.abc import Mapping

from pyramid.request import Request

from ..errors import Forbidden
from ..services.flags import Flag
from ..services.rights import ACCOUNTS_ONLY, AccountIdentity, Right
from ..services.uploads import UploadOptions
from .security import account_of


def require_uploader(request: Request) -> AccountIdentity | None:
    """Return the account that a request uploads for, None for nobody; before the body is read.

    Forbidden if it may not, SwitchedOff while nobody may, TooLarge or QuotaExceeded if what the request
    announces is too much.
    """
    account, services = account_of(request), request.services
    services.flags.require_off(Flag.NO_UPLOADS)
    if account is None:
        require_anonymous_uploads(request)
        return None
    if not account.may(Right.UPLOAD):
        raise Forbidden("This token may not upload: it has not the scope upload.")
    services.quotas.require_room(account.id, request.content_length or 0)
    return account


def require_anonymous_uploads(request: Request) -> None:
    """Raise Forbidden where only accounts may upload."""
    if not request.services.settings.anonymous_uploads:
        raise Forbidden(ACCOUNTS_ONLY)


def token_id(account: AccountIdentity | None) -> int | None:
    """Return the id of the token that an account has shown, None for a session or for nobody."""
    return None if account is None or account.token is None else account.token.id


def upload_limit(request: Request, account: AccountIdentity | None) -> int:
    """Return how many bytes an upload may have."""
    limit: int = request.services.settings.max_upload_size
    if account is None or account.token is None or account.token.max_size is None:
        return limit
    return min(limit, account.token.max_size)


def read_options(request: Request, fields: Mapping[str, str]) -> UploadOptions:
    """Return what an upload's fields ask for, with what its token says where they say nothing."""
    account, services = account_of(request), request.services
    owner = None if account is None else account.id
    given = with_defaults(account, fields)
    return UploadOptions.from_fields(given, services.limits, services.terms_policy, owner)


def with_defaults(account: AccountIdentity | None, fields: Mapping[str, str]) -> dict[str, str]:
    """Return fields with the terms of an account's token where they say nothing."""
    defaults = account.token.terms if account is not None and account.token is not None else {}
    return {**defaults, **{name: value for name, value in fields.items() if value}}
