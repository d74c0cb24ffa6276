"""Changes of an account are one: compared, locked, and counted where they are written."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from pastebin.errors import BadRequest, Forbidden, NotFound, Outdated
from pastebin.models import ACCOUNTS, AUDIT, IDENTITIES, PASSKEYS
from pastebin.services import file_requests
from pastebin.services.account_records import NewAccount, StoredAccount
from pastebin.services.api_tokens import MOST, NewToken
from pastebin.services.passkeys import Site
from pastebin.services.rights import ADMINISTER, AccountIdentity
from pastebin.services.second_factors import new_secret
from tests.functional.test_passkeys import options
from tests.functional.test_second_factors import now
from tests.inprocess import Service
from tests.inprocess.accounts import sign_up
from tests.inprocess.authenticator import Authenticator

ALL = {"roles": ADMINISTER, "quota_bytes": 1000, "quota_files": 3, "is_suspended": True}


def rows_of(service: Service, account: StoredAccount) -> int:
    """Return how many acts on an account are in the audit."""
    with service.session() as session:
        return len(
            session.scalars(select(AUDIT.c.id).where(AUDIT.c.reason.contains(f"account {account.id}"))).all()
        )


def test_everything_changes_at_once_and_says_so(each_service: Service) -> None:
    accounts, ada = each_service.registry.services.accounts, sign_up(each_service).account
    changed = accounts.change(ada.id, ALL, "test", ada.version)
    assert changed == accounts.by_id(ada.id)
    assert {name: asdict(changed)[name] for name in ALL} == ALL
    assert rows_of(each_service, ada) == 3
    assert accounts.change(ada.id, ALL, "test") == changed
    assert rows_of(each_service, ada) == 3  # nothing was changed, nothing is told


@pytest.mark.parametrize("changes", [{"roles": 256}, {"roles": -1, "is_suspended": True}])
def test_a_wrong_part_leaves_the_rest_undone(service: Service, changes: dict[str, object]) -> None:
    accounts, ada = service.registry.services.accounts, sign_up(service).account
    with pytest.raises(BadRequest):
        accounts.change(ada.id, {**ALL, **changes}, "test")
    assert accounts.by_id(ada.id) == ada


def test_another_version_changes_nothing(each_service: Service) -> None:
    accounts, ada = each_service.registry.services.accounts, sign_up(each_service).account
    accounts.set_quota(ada, 5, 5, "test")
    with pytest.raises(Outdated):
        accounts.change(ada.id, ALL, "test", ada.version)
    assert accounts.by_id(ada.id).roles == ada.roles


def test_of_many_changes_of_one_version_one_is_made(each_service: Service) -> None:
    accounts, ada = each_service.registry.services.accounts, sign_up(each_service).account

    def change(files: int) -> bool:
        try:
            accounts.change(ada.id, {"quota_files": files}, "test", ada.version)
        except Outdated:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(change, range(1, 33))) == 1


def test_an_account_that_is_being_deleted_stays_as_it_is(service: Service) -> None:
    services, ada = service.registry.services, sign_up(service).account
    with service.session() as session:
        session.execute(update(ACCOUNTS).values(is_suspended=True, ended=datetime.now(UTC)))
        session.commit()
    for change in (
        lambda: services.accounts.suspend(ada, "test", is_suspended=False),
        lambda: services.tokens.create(ada.id, NewToken("late", {"upload"})),
        lambda: services.identities.link(ada.id, "https://id.example", "1", "late"),
        lambda: services.file_requests.create(ada.id, {"title": "late"}),
    ):
        with pytest.raises(BadRequest, match="being deleted"):
            change()
    with pytest.raises(NotFound):
        services.accounts.change(ada.id + 1, {"roles": 1}, "test")


def test_what_comes_after_the_end_of_its_session_leaves_nothing_behind(each_service: Service) -> None:
    """A request that was let in with the session, and comes to its transaction when that has ended."""
    services, person = each_service.registry.services, sign_up(each_service)
    ada, [session] = person.account, services.account_sessions.of_account(person.account.id)
    identity = AccountIdentity(ada.id, ada.name, ada.roles, session_id=session.id)
    secret, asked = new_secret(), options(each_service, "/account/passkeys", **person.browser)
    made, site = (
        json.dumps(Authenticator().made(asked["options"])),
        Site("localhost", "http://localhost", "x"),
    )
    services.accounts.set_password(ada, "a new password")
    for late in (
        lambda: services.tokens.create(ada.id, NewToken("late", {"upload"}), session_id=session.id),
        lambda: services.identities.link(ada.id, "https://id.example", "1", "late", session.id),
        lambda: services.passkeys.add(identity, asked["state"], made, "late", site),
        lambda: services.second_factors.turn_on(ada, secret, now(secret), session.id),
        lambda: services.accounts.set_password(ada, "the one of who was in there", session.id),
    ):
        with pytest.raises(Forbidden):
            late()
    assert services.tokens.of_account(ada.id) == []
    assert services.identities.of_account(ada.id) == services.passkeys.of_account(ada.id) == []
    assert not services.second_factors.is_on(ada.id)
    assert services.sign_in.check("ada", "a new password", "") is not None


def test_of_many_tokens_at_once_an_account_gets_what_it_may_have(each_service: Service) -> None:
    tokens, ada = each_service.registry.services.tokens, sign_up(each_service).account
    for number in range(MOST - 4):
        tokens.create(ada.id, NewToken(f"token {number}", {"upload"}))

    def create(number: int) -> bool:
        try:
            tokens.create(ada.id, NewToken(f"late {number}", {"upload"}))
        except BadRequest:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(create, range(16))) == 4
    assert len(tokens.of_account(ada.id)) == MOST


def test_of_many_requests_at_once_an_account_gets_what_it_may_have(
    each_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_requests, "MOST", 4)
    requests, ada = each_service.registry.services.file_requests, sign_up(each_service).account

    def create(number: int) -> bool:
        try:
            requests.create(ada.id, {"title": f"request {number}"})
        except BadRequest:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(create, range(16))) == 4


@pytest.mark.parametrize("left", ["identity", "passkey"])
def test_what_alone_signs_in_stays(service: Service, left: str) -> None:
    services = service.registry.services
    account = services.accounts.add(NewAccount("ada", None), "test")
    now = datetime.now(UTC)
    with service.session() as session:
        session.execute(
            insert(IDENTITIES).values(account_id=account.id, issuer="i", subject="s", label="", created=now)
        )
        session.execute(
            insert(PASSKEYS).values(
                account_id=account.id, credential_id="c", public_key="k", sign_count=0, name="", created=now
            )
        )
        session.commit()
    [identity], [passkey] = (
        services.identities.of_account(account.id),
        services.passkeys.of_account(account.id),
    )
    acts = {
        "identity": lambda: services.identities.unlink(account.id, identity.id),
        "passkey": lambda: services.passkeys.remove(account.id, passkey.id),
    }
    end_last = acts.pop(left)
    acts.popitem()[1]()
    with pytest.raises(BadRequest, match="Choose a password first"):
        end_last()
    kept = {"identity": services.identities.of_account, "passkey": services.passkeys.of_account}[left]
    assert len(kept(account.id)) == 1
    services.accounts.set_password(account, "a password that is long")
    end_last()
    assert kept(account.id) == []
