"""What an account confirms with its password, although it is signed in."""

from pyramid.request import Request

from ..services.accounts import StoredAccount


def is_confirmed(request: Request, account: StoredAccount, fields: dict[str, str]) -> bool:
    """Tell whether a form has the password of the account that sends it; TooManyRequests for who guesses."""
    address, password = request.client_addr or "", fields.get("password", "")
    right: bool = request.services.sign_in.check_again(account, password, address)
    return right
