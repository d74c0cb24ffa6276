"""What an account may do: roles as bits, what a token may at most, and the account of a request."""

from dataclasses import dataclass, field
from enum import StrEnum

from ..errors import Forbidden, NoAccount

LOGIN = 1
EDITOR = 2
OPERATOR = 4
ADMINISTER = 0xFF

# Every sum of bits an account can have.
ALL_ROLES = range(ADMINISTER + 1)

NAMED_ROLES = {"login": LOGIN, "editor": EDITOR, "operator": OPERATOR, "administrator": ADMINISTER}


class Right(StrEnum):
    """What a request may want of an account."""

    UPLOAD = "upload files that belong to the account"
    READ = "see the account's files"
    DELETE = "change and delete the account's files"
    OPERATE = "see what operators see"
    CURATE = "take files off the list of the newest, and put them back"
    ADMINISTER = "accounts and flags"
    EDITOR_PAGES = "the pages of what is listed"
    OPERATOR_PAGES = "the pages against files"
    ADMINISTRATOR_PAGES = "the pages of accounts, invites, flags and statistics"
    ACCOUNT = "the account's pages, sessions and tokens"
    SELF = "know whose token it is"


# Which scope of a token grants a right. A session grants all; what is not in here, only a session does.
SCOPES = {
    Right.UPLOAD: "upload",
    Right.READ: "read",
    Right.DELETE: "delete",
    Right.OPERATE: "admin",
    Right.CURATE: "admin",
    Right.ADMINISTER: "admin",
}

# Said where nobody else may upload.
ACCOUNTS_ONLY = "Only accounts may upload here: sign in first, or send a token."

# What every token grants.
OF_ALL_TOKENS = frozenset({Right.SELF})

# What an account must be besides being allowed to sign in.
ROLES = {
    Right.OPERATE: OPERATOR,
    Right.CURATE: EDITOR,
    Right.EDITOR_PAGES: EDITOR,
    Right.ADMINISTER: ADMINISTER,
    Right.OPERATOR_PAGES: OPERATOR,
    Right.ADMINISTRATOR_PAGES: ADMINISTER,
}


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """What a token may at most, its largest upload in bytes, and the terms that it gives uploads."""

    id: int
    scopes: frozenset[str]
    max_size: int | None = None
    terms: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountIdentity:
    """The account that a request comes from, by a session or by a token."""

    id: int
    name: str
    roles: int
    session_id: int | None = None
    token: TokenGrant | None = None

    def may(self, right: Right) -> bool:
        """Tell whether the account has a right, and the token too where there is one."""
        needed = LOGIN | ROLES.get(right, 0)
        if self.roles & needed != needed:
            return False
        is_granted = right in OF_ALL_TOKENS or self.token is None
        return is_granted or (self.token is not None and SCOPES.get(right) in self.token.scopes)


def require(account: AccountIdentity | None, *rights: Right) -> AccountIdentity:
    """Return the account of a request if it has one of some rights; NoAccount for nobody, else Forbidden."""
    if account is None:
        raise NoAccount("This is for accounts: send a token, or sign in.")
    if not any(map(account.may, rights)):
        whose = "account" if account.token is None else "token"
        raise Forbidden(f"Your {whose} has not the right to: {', '.join(rights)}.")
    return account


def has_role(roles: int, role: int) -> bool:
    """Tell whether roles have all bits of a role."""
    return roles & role == role
