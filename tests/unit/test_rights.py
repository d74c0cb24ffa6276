"""What a session, a token and a role may: the whole table; names and settings of accounts."""

from itertools import product

import pytest

from pastebin.services.account_names import fold
from pastebin.services.rights import ADMINISTER, EDITOR, LOGIN, OPERATOR, AccountIdentity, Right, TokenGrant
from pastebin.setting_types import by_role, parse_size

SCOPES = ("upload", "read", "delete", "admin")
GIVEN = {
    Right.UPLOAD: "upload",
    Right.READ: "read",
    Right.DELETE: "delete",
    Right.OPERATE: "admin",
    Right.CURATE: "admin",
    Right.ADMINISTER: "admin",
}
OF_EDITORS = {Right.CURATE, Right.EDITOR_PAGES}
OF_OPERATORS = {Right.OPERATE, Right.OPERATOR_PAGES}
OF_ADMINISTRATORS = {Right.ADMINISTER, Right.ADMINISTRATOR_PAGES}


@pytest.mark.parametrize(
    ("roles", "right", "may"),
    [
        *((0, right, False) for right in Right),
        *((LOGIN, right, right not in OF_EDITORS | OF_OPERATORS | OF_ADMINISTRATORS) for right in Right),
        *((OPERATOR, right, False) for right in Right),
        *((LOGIN | EDITOR, right, right not in OF_OPERATORS | OF_ADMINISTRATORS) for right in Right),
        *((LOGIN | OPERATOR, right, right not in OF_EDITORS | OF_ADMINISTRATORS) for right in Right),
        *((ADMINISTER, right, True) for right in Right),
    ],
)
def test_what_a_session_may(roles: int, right: Right, may: bool) -> None:
    assert AccountIdentity(1, "a", roles, session_id=1).may(right) is may


@pytest.mark.parametrize(("scope", "right"), list(product(SCOPES, Right)))
def test_a_token_may_what_its_scope_says_and_its_account_may(scope: str, right: Right) -> None:
    grant = TokenGrant(1, frozenset({scope}))
    assert AccountIdentity(1, "a", ADMINISTER, token=grant).may(right) is (
        right is Right.SELF or GIVEN.get(right) == scope
    )
    assert not AccountIdentity(1, "a", 0, token=grant).may(right)
    all_scopes = TokenGrant(1, frozenset(SCOPES))
    assert not AccountIdentity(1, "a", ADMINISTER, token=all_scopes).may(Right.ACCOUNT)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ADA"), ("straße", "STRASSE"), ("ﬁle", "FILE"), ("Å", "A\u030a"), ("a  b", " A B ")],
)
def test_names_that_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("", {}),
        ("10 GiB", {"login": 10 * 2**30}),
        ("login 1 KiB, operator 2 KiB", {"login": 1024, "operator": 2048}),
        ("1 KiB, administrator 5", {"login": 1024, "administrator": 5}),
    ],
)
def test_amounts_by_role(text: str, amounts: dict[str, int]) -> None:
    assert by_role(parse_size)(text) == amounts


@pytest.mark.parametrize("text", ["much", "boss 1 KiB", "login"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        by_role(parse_size)(text)
