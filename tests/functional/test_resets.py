"""A forgotten password: what else signed in to the account ends with it, but what its owner keeps."""

import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from pastebin.models import ACCOUNTS
from pastebin.services.account_records import NewAccount
from pastebin.services.mail import Message
from tests.functional.test_accounts import PAGE, cookie_of, is_signed_in, post, sign_in
from tests.functional.test_passkeys import options, registered, show
from tests.functional.test_second_factors import with_factor
from tests.inprocess import Service
from tests.inprocess.accounts import Person, session_of, sign_up
from tests.inprocess.authenticator import Authenticator
from tests.inprocess.fixtures import StartService

NEW = "an entirely new one"
RIGHT = {"password": NEW, "again": NEW}
ISSUER = "https://id.example"


@pytest.fixture
def host(start: StartService) -> Service:
    """Give a service that sends mail, to nobody."""
    mail = {"mail_url": "smtp://127.0.0.1:1", "mail_from": "files@example.org"}
    return start(**mail, public_url="http://localhost", signup="open")


def with_email(service: Service, name: str = "ada") -> Person:
    person, email = sign_up(service, name), f"{name}@example.org"
    with service.registry.services.engine.begin() as connection:
        which = ACCOUNTS.c.id == person.account.id
        connection.execute(update(ACCOUNTS).where(which).values(email=email, folded_email=email))
    return person


def link_of(service: Service, name: str = "ada") -> str:
    """Return the path in the message to an account."""
    resets = service.registry.services.password_reset
    return f"/reset/{resets.token_for(resets.find(name))}"


def ids(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="(\d+)"', page)


def ticked(page: str) -> list[str]:
    return re.findall(r'value="(\d+)" checked', page)


def signs_in(service: Service, device: Authenticator) -> bool:
    asked = options(service, "/login/passkey")
    return show(service, asked["state"], device.shown(asked["options"])).status_int == 303


def test_passkeys_and_linked_sign_ins_end_but_those_that_are_kept(host: Service) -> None:
    ada, eve = with_email(host), with_email(host, "eve")
    services = host.registry.services
    lost, kept, hers = (registered(host, person) for person in (ada, ada, eve))
    for subject in ("1", "2"):
        services.identities.link(ada.account.id, ISSUER, subject, f"Ada {subject}")
    link = link_of(host)
    page = host.ask(link, **PAGE).text
    assert ticked(page) == []
    passkeys, identities = ids(page, "passkeys"), ids(page, "identities")
    assert (len(passkeys), len(identities)) == (2, 2)
    assert all(map(signs_in, [host] * 3, (lost, kept, hers)))  # looking ends nothing
    [of_eve] = services.passkeys.of_account(eve.account.id)
    chosen = [("passkeys", passkeys[1]), ("identities", identities[0])]
    fault = post(host, link, urlencode([*chosen, ("password", "short"), ("again", "short")]))
    assert (fault.status_int, sorted(ticked(fault.text))) == (422, sorted(number for _, number in chosen))
    nonsense = [("passkeys", text) for text in (str(of_eve.id), "x", "-1", "9" * 30, "²")]
    answer = post(host, link, urlencode([*chosen, *nonsense, *RIGHT.items()]))
    assert answer.status_int == 303, answer.text
    assert [str(one.id) for one in services.passkeys.of_account(ada.account.id)] == passkeys[1:]
    assert [one.label for one in services.identities.of_account(ada.account.id)] == ["Ada 1"]
    assert services.passkeys.of_account(eve.account.id) == [of_eve]
    assert [signs_in(host, device) for device in (lost, kept, hers)] == [False, True, True]
    assert services.identities.find(ISSUER, "2") is None


def test_what_came_after_the_page_was_shown_ends_too(host: Service) -> None:
    ada = with_email(host)
    link = link_of(host)
    host.ask(link, **PAGE)
    device = registered(host, ada)
    host.registry.services.identities.link(ada.account.id, ISSUER, "1", "Eve")
    assert post(host, link, urlencode(RIGHT)).status_int == 303
    assert not signs_in(host, device)
    assert host.registry.services.identities.find(ISSUER, "1") is None


@pytest.mark.parametrize("is_kept", [True, False])
def test_an_account_that_only_a_passkey_signs_in_to_stays_usable(host: Service, is_kept: bool) -> None:
    account = host.registry.services.accounts.add(NewAccount("ada", None, "ada@example.org"), "test")
    device = registered(host, Person(account, session_of(host, account)))
    link = link_of(host)
    kept = [("passkeys", number) for number in ids(host.ask(link, **PAGE).text, "passkeys") if is_kept]
    assert post(host, link, urlencode([*kept, *RIGHT.items()])).status_int == 303
    assert signs_in(host, device) is is_kept
    assert sign_in(host, password=NEW).status_int == 303


def test_the_second_factor_stays_and_the_page_says_what_that_takes(host: Service) -> None:
    ada = with_email(host)
    link, warning = link_of(host), "With the password a code of your app is asked for"
    assert warning not in host.ask(link, **PAGE).text
    registered(host, ada)
    with_factor(host, ada)
    assert warning in host.ask(link, **PAGE).text
    assert post(host, link, urlencode(RIGHT)).status_int == 303
    assert "/login/code" in sign_in(host, password=NEW).location


@pytest.mark.parametrize("header", ["host", "x_forwarded_host"])
def test_a_forged_host_is_in_no_message(host: Service, monkeypatch: pytest.MonkeyPatch, header: str) -> None:
    sent: list[Message] = []
    with_email(host)
    monkeypatch.setattr(host.registry.services.mail, "send", sent.append)
    for path, fields in (("/reset", {"name": "ada"}), ("/signup", {"email": "new@example.org"})):
        headers = {header: "evil.example"}
        host.client.reset()
        page = host.ask(path, **PAGE, **headers)
        form = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1], **fields}
        cookie = {"cookie": cookie_of(page, "pb-form")}
        kind = {"content_type": "application/x-www-form-urlencoded"}
        answer = host.ask(path, "POST", urlencode(form).encode(), **kind, **PAGE, **headers, **cookie)
        assert answer.status_int == 200, answer.text
    assert len(sent) == 2
    for message in sent:
        assert "http://localhost/" in message.text
        assert "evil" not in f"{message.subject}{message.text}"


def test_of_what_signed_in_before_nothing_is_left_on_either_database(each_service: Service) -> None:
    ada, services = with_email(each_service), each_service.registry.services
    device = registered(each_service, ada)
    services.identities.link(ada.account.id, ISSUER, "1", "Ada")
    services.password_reset.reset(services.password_reset.token_for(services.password_reset.find("ada")), NEW)
    assert not is_signed_in(each_service, ada.browser)
    assert not signs_in(each_service, device)
    assert services.identities.of_account(ada.account.id) == []
