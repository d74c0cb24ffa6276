"""What an account confirms with its password, although it is signed in."""

from pyramid.request import Request

from ..errors import Forbidden
from ..services.account_records import StoredAccount
from ..web.security import require_account


def is_confirmed(
    request: Request, account: StoredAccount, fields: dict[str, str], name: str = "password"
) -> bool:
    """Tell whether a form has the password of the account that sends it; TooManyRequests for who guesses.

    Who has none must have signed in a moment ago.
    """
    services = request.services
    if not account.password:
        is_new: bool = services.account_sessions.is_new(account.id, require_account(request).session_id)
        return is_new
    is_right: bool = services.sign_in.check_again(account, fields.get(name, ""), request.client_addr or "")
    return is_right


def require_confirmed(request: Request, account: StoredAccount, fields: dict[str, str]) -> None:
    """Raise Forbidden unless a form has the password of the account that sends it."""
    if not is_confirmed(request, account, fields):
        raise Forbidden(NO_PASSWORD if account.password else NOT_NEW)


NO_PASSWORD = "This is not the password you have now."  # noqa: S105
NOT_NEW = "For this you must have signed in within the last ten minutes."
