"""Accounts and passwords by e-mail: who may, once, for a while, and without telling who has an account."""

import re
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update
from webtest import TestResponse

from pastebin.errors import NameTaken, NotFound
from pastebin.models import ACCOUNTS, SPENT_TOKENS
from pastebin.services.account_records import NewAccount
from pastebin.services.flags import Flag
from pastebin.services.mail_proofs import RESET, SIGN_UP
from tests.functional.test_accounts import PAGE, cookie_of, is_signed_in, post, sign_in
from tests.inprocess import Service
from tests.inprocess.accounts import PASSWORD, Person, session_of, sign_up, token_of
from tests.inprocess.fixtures import StartService, start_service
from tests.servers.mailbox import Mailbox

EMAIL = "ada@example.org"
NEW = "an entirely new one"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    """Give the mail server of this module."""
    with Mailbox() as server:
        yield server


@pytest.fixture(scope="module")
def one_host(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox
) -> Iterator[Service]:
    """Give the service of this module, where accounts are made by mail."""
    folder = tmp_path_factory.mktemp("mailed") / "data"
    service = start_service(sqlite_template, folder, {"signup": "open", **mail_settings(mailbox)})
    yield service
    service.close()


@pytest.fixture
def host(one_host: Service) -> Service:
    """Give it empty."""
    one_host.empty()
    return one_host


def mail_settings(mailbox: Mailbox) -> dict[str, str]:
    return {
        "mail_url": f"smtp://{mailbox.address}",
        "mail_from": "Files <files@example.org>",
        "public_url": "http://localhost",
    }


def add(service: Service, name: str = "Ada", email: str | None = EMAIL) -> None:
    service.registry.services.accounts.add(NewAccount(name, PASSWORD, email), "test")


def form(**fields: str) -> str:
    return urlencode(fields)


def asked_for_reset(service: Service, mailbox: Mailbox, name: str = EMAIL) -> str:
    assert post(service, "/reset", form(name=name)).status_int == 200
    return mailbox.next_link()


def asked_for_account(service: Service, mailbox: Mailbox, email: str = EMAIL) -> str:
    assert post(service, "/signup", form(email=email)).status_int == 200
    return mailbox.next_link()


# Sign-up


def test_an_account_is_made_by_the_address_in_a_message(host: Service, mailbox: Mailbox) -> None:
    assert post(host, "/signup", form(email=EMAIL)).status_int == 200
    recipients, message = mailbox.next()
    assert recipients == [EMAIL]
    assert message["From"] == "Files <files@example.org>"
    assert message["Subject"] == "Make your account at pastebin"
    link = re.search(r"http://localhost\S+", message.get_content())[0]
    assert EMAIL in host.ask(link, **PAGE).text
    extra = "&roles=255&id=7&email=eve@example.org&is_suspended=1"
    answer = post(host, link, form(name="Ada", password=PASSWORD) + extra)
    assert answer.status_int == 303
    assert is_signed_in(host, {"cookie": cookie_of(answer)})
    [account] = host.registry.services.accounts.all()
    assert (account.name, account.email, account.roles) == ("Ada", EMAIL, 1)
    assert sign_in(host, EMAIL).status_int == 303


def test_no_account_is_made_while_that_is_switched_off(host: Service, mailbox: Mailbox) -> None:
    link, flags = asked_for_account(host, mailbox), host.registry.services.flags
    flags.switch(Flag.NO_SIGNUP, "test", is_on=True)
    assert post(host, "/signup", form(email=EMAIL)).status_int == 503
    assert post(host, link, form(name="Ada", password=PASSWORD)).status_int == 503
    assert host.registry.services.accounts.all() == []
    flags.switch(Flag.NO_SIGNUP, "test", is_on=False)
    assert post(host, link, form(name="Ada", password=PASSWORD)).status_int == 303


def test_the_address_works_once(host: Service, mailbox: Mailbox) -> None:
    link = asked_for_account(host, mailbox)
    assert post(host, link, form(name="ada", password="short")).status_int == 422
    assert post(host, link, form(name="Ada", password=PASSWORD)).status_int == 303
    assert host.ask(link, **PAGE).status_int == 404
    with host.registry.services.engine.begin() as connection:  # also if its account has gone on without it
        connection.execute(update(ACCOUNTS).values(email=None, folded_email=None))
    answer = post(host, link, form(name="Eve", password=PASSWORD))
    assert (answer.status_int, "has been used" in answer.text) == (404, True)
    assert len(host.registry.services.accounts.all()) == 1


def test_a_refused_name_costs_no_message(host: Service, mailbox: Mailbox) -> None:
    sign_up(host, "ada")
    link = asked_for_account(host, mailbox)
    assert "too alike" in post(host, link, form(name="ADA", password=PASSWORD)).text
    assert post(host, link, form(name="Eve", password=PASSWORD)).status_int == 303


def test_of_64_at_once_whose_names_fold_to_the_same_one_is_made(
    each_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = each_service.registry.services
    monkeypatch.setattr(services.passwords, "hash", lambda _password: "a hash that takes no time")
    names = ["ada", "ADA", "Ａda", "aDa "]
    tokens = [services.email_sign_up.token_for(f"a{number}@example.org") for number in range(64)]

    def make(number: int) -> str:
        try:
            services.email_sign_up.sign_up(tokens[number], NewAccount(names[number % 4], PASSWORD))
        except NameTaken:
            return "taken"
        return "made"

    with ThreadPoolExecutor(64) as pool:
        outcomes = list(pool.map(make, range(64)))
    assert sorted(outcomes) == ["made"] + ["taken"] * 63
    assert len(services.accounts.all()) == 1


def test_one_token_makes_one_account_also_at_once(each_service: Service) -> None:
    services = each_service.registry.services
    token = services.email_sign_up.token_for(EMAIL)

    def make(number: int) -> bool:
        try:
            services.email_sign_up.sign_up(token, NewAccount(f"name{number}", PASSWORD))
        except (NotFound, NameTaken):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(make, range(8))) == 1


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "a@b@c",
        "a b@example.org",
        "a@example.org\nBcc: eve@example.org",
        "a@example.org,eve@example.org",
        "a(x)@example.org",
        "=?utf-8?q?x=40evil.example?=@example.org",
        "a\x00@example.org",
        "<a@example.org>",
        f"{'a' * 65}@example.org",
        "a@example..org",
    ],
)
def test_what_is_no_address_is_told_so(host: Service, mailbox: Mailbox, email: str) -> None:
    assert post(host, "/signup", form(email=email)).status_int == 422
    assert mailbox.is_empty


def test_known_and_unknown_addresses_are_told_the_same(host: Service, mailbox: Mailbox) -> None:
    add(host)
    known = post(host, "/signup", form(email="ADA@example.org"))
    link = mailbox.next_link()
    assert link == "http://localhost/login"
    unknown = post(host, "/signup", form(email="eve@example.org"))
    mailbox.next()
    pages = [re.sub(r'value="\w+"|(?i:ada|eve)@', "", answer.text) for answer in (known, unknown)]
    assert (pages[0], known.status_int) == (pages[1], unknown.status_int)


# Reset


def test_a_password_is_reset_by_the_address_in_a_message(host: Service, mailbox: Mailbox) -> None:
    person = sign_up(host)
    token = token_of(host, person, "upload")
    with host.registry.services.engine.begin() as connection:
        connection.execute(update(ACCOUNTS).values(email=EMAIL, folded_email=EMAIL))
    link = asked_for_reset(host, mailbox)
    assert "ada" in host.ask(link, **PAGE).text
    assert is_signed_in(host, person.browser)  # looking changes nothing
    assert post(host, link, form(password=NEW, again="other")).status_int == 422
    assert post(host, link, form(password="short", again="short")).status_int == 422
    answer = post(host, link, form(password=NEW, again=NEW))
    assert (answer.status_int, answer.location) == (303, "http://localhost/login")
    assert not is_signed_in(host, person.browser)
    assert host.upload(b"x", **token).status_int == 401
    assert sign_in(host).status_int == 403
    assert sign_in(host, password=NEW.replace(" ", "+")).status_int == 303


def test_a_reset_works_once_and_ends_the_others(host: Service, mailbox: Mailbox) -> None:
    add(host)
    first, second = asked_for_reset(host, mailbox), asked_for_reset(host, mailbox, "Ada")
    assert post(host, second, form(password=NEW, again=NEW)).status_int == 303
    for link in (first, second):
        assert host.ask(link, **PAGE).status_int == 404
        assert post(host, link, form(password=PASSWORD, again=PASSWORD)).status_int == 404
    assert sign_in(host, password=NEW.replace(" ", "+")).status_int == 303


def test_of_many_resets_at_once_one_counts(each_service: Service) -> None:
    services = each_service.registry.services
    add(each_service)
    token = services.password_reset.token_for(services.password_reset.find(EMAIL))

    def change(number: int) -> bool:
        try:
            services.password_reset.reset(token, f"password {number}")
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(change, range(4))) == 1


def test_a_changed_password_ends_what_a_message_said(host: Service, mailbox: Mailbox) -> None:
    add(host)
    link = asked_for_reset(host, mailbox)
    accounts = host.registry.services.accounts
    accounts.set_password(accounts.named("ada"), NEW)
    assert host.ask(link, **PAGE).status_int == 404


@pytest.mark.parametrize("act", ["suspend", "demote"])
def test_who_may_not_sign_in_gets_no_message_and_uses_none(host: Service, mailbox: Mailbox, act: str) -> None:
    add(host)
    link = asked_for_reset(host, mailbox)
    accounts = host.registry.services.accounts
    if act == "suspend":
        accounts.suspend(accounts.named("ada"), "test")
    else:
        accounts.set_roles(accounts.named("ada"), 0, "test")
    assert host.ask(link, **PAGE).status_int == 404
    assert post(host, link, form(password=NEW, again=NEW)).status_int == 404
    assert post(host, "/reset", form(name=EMAIL)).status_int == 200
    host.registry.services.mail.close()  # waits for what was to be sent
    assert mailbox.is_empty


def test_nobody_is_told_whose_address_it_is(host: Service, mailbox: Mailbox) -> None:
    add(host)
    add(host, "Grace", None)
    answers = [post(host, "/reset", form(name=name)) for name in (EMAIL, "grace", "nobody@example.org")]
    pages = {re.sub(r'value="\w+"', "", answer.text) for answer in answers}
    assert len(pages) == 1
    assert {answer.status_int for answer in answers} == {200}
    assert mailbox.next()[0] == [EMAIL]
    host.registry.services.mail.close()
    assert mailbox.is_empty


def test_the_message_goes_to_the_address_that_is_kept(host: Service, mailbox: Mailbox) -> None:
    add(host, "Ada", "mike@example.org")
    post(host, "/reset", form(name="ＭＩＫＥ@example.org"))
    assert mailbox.next()[0] == ["mike@example.org"]


def test_unknown_addresses_take_as_long_as_known_ones(host: Service, mailbox: Mailbox) -> None:
    add(host)
    taken: dict[str, list[float]] = {EMAIL: [], "nobody@example.org": []}
    for _ in range(25):
        for name, times in taken.items():
            begun = time.perf_counter()
            post(host, "/reset", form(name=name))
            times.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(times) for times in taken.values())
    assert abs(known - unknown) < max(0.01, known / 2)
    for _ in range(25):
        mailbox.next()


# Tokens


@pytest.mark.parametrize("kind", [SIGN_UP, RESET])
def test_what_is_no_token_of_ours_leads_nowhere(host: Service, kind: str) -> None:
    add(host)
    services = host.registry.services
    path = "/confirm/" if kind == SIGN_UP else "/reset/"
    good = (
        services.email_sign_up.token_for("eve@example.org")
        if kind == SIGN_UP
        else services.password_reset.token_for(services.accounts.named("ada"))
    )
    assert host.ask(path + good, **PAGE).status_int == 200
    other = services.signed_tokens.make(RESET if kind == SIGN_UP else SIGN_UP, [1, "x"], 60)
    over = services.signed_tokens.make(kind, services.signed_tokens.read(kind, good), -1)
    body, until, seal = good.split(".")
    later = f"{body}.{int(until) + 1}.{seal}"
    nobody = services.password_reset.token_for(None)
    for token in (other, over, later, nobody, f"{body}.{until}", "x", "a.b.c", good[:-1], "é", "x" * 5000):
        answer = host.ask(path + token, **PAGE)
        assert answer.status_int == 404, token


def test_used_tokens_are_forgotten_when_they_are_over(host: Service) -> None:
    tokens = host.registry.services.signed_tokens
    tokens.spend_alone(tokens.make(RESET, [1], 60))
    tokens.spend_alone(tokens.make(RESET, [2], -7200))
    tokens.remove_old()
    with host.session() as session:
        assert len(session.execute(select(SPENT_TOKENS)).all()) == 1


# Where there is no mail


def test_there_are_no_forms_without_mail_in_production(start: StartService) -> None:
    service = start(signup="open")
    token = service.registry.services.email_sign_up.token_for(EMAIL)
    for path in ("/reset", "/reset/x", f"/confirm/{token}", "/confirm"):
        assert service.ask(path, **PAGE).status_int == 404
    page = service.ask("/signup", **PAGE)
    assert (page.status_int, 'name="email"' in page.text) == (200, False)
    assert post(service, "/signup", form(email=EMAIL)).status_int == 404
    assert "/reset" not in service.ask("/login", **PAGE).text


def test_nobody_makes_an_account_by_mail_unless_sign_up_is_open(
    start: StartService, mailbox: Mailbox
) -> None:
    service = start(signup="invite", **mail_settings(mailbox))
    token = service.registry.services.email_sign_up.token_for(EMAIL)
    assert service.ask(f"/confirm/{token}", **PAGE).status_int == 404
    assert post(service, "/signup", form(email=EMAIL)).status_int == 404
    assert service.ask("/reset", **PAGE).status_int == 200


def test_the_message_is_in_the_log_in_development(
    start: StartService, caplog: pytest.LogCaptureFixture
) -> None:
    service = start(signup="open", environment="development")
    caplog.set_level("INFO", "pastebin")
    post(service, "/signup", form(email=EMAIL))
    link = re.search(r"http://localhost/confirm/\S+", caplog.text)[0]
    assert service.ask(link, **PAGE).status_int == 200


# Limits


@pytest.mark.parametrize(
    ("path", "field", "address"),
    [("/signup", "email", True), ("/reset", "name", True), ("/reset", "name", False)],
)
def test_messages_are_limited(
    start: StartService, mailbox: Mailbox, path: str, field: str, address: bool
) -> None:
    service = start(signup="open", limits="on", **mail_settings(mailbox))
    limits = service.registry.services.rate_limits.mails
    for number in range(10):
        limits.count("203.0.113.9" if address else f"203.0.113.{number}", f"a{number}" if address else EMAIL)
    remote = {"REMOTE_ADDR": "203.0.113.9"}
    service.client.extra_environ.update(remote)
    answer = service.client.post(
        path, {field: EMAIL}, headers={"Origin": "http://localhost"}, extra_environ=remote, expect_errors=True
    )
    assert answer.status_int == 429
    assert mailbox.is_empty


def test_wrong_tokens_are_limited(start: StartService, mailbox: Mailbox) -> None:
    service = start(signup="open", limits="on", **mail_settings(mailbox))
    answers = [service.ask("/reset/x", **PAGE).status_int for _ in range(61)]
    assert (answers[0], answers[-1]) == (404, 429)


# Forms of others


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {}])
def test_a_form_of_another_site_does_nothing(
    host: Service, mailbox: Mailbox, headers: dict[str, str]
) -> None:
    add(host)
    services = host.registry.services
    reset = services.password_reset.token_for(services.accounts.named("ada"))
    confirm = services.email_sign_up.token_for("eve@example.org")
    for path, fields in (
        ("/reset", form(name=EMAIL)),
        ("/signup", form(email=EMAIL)),
        (f"/reset/{reset}", form(password=NEW, again=NEW)),
        (f"/confirm/{confirm}", form(name="Eve", password=PASSWORD)),
    ):
        host.client.reset()
        kind = {"content_type": "application/x-www-form-urlencoded"}
        assert host.ask(path, "POST", fields.encode(), **kind, **headers).status_int == 403
    assert sign_in(host).status_int == 303
    assert mailbox.is_empty


def test_changing_the_password_ends_tokens_and_other_sessions(service: Service) -> None:
    person = sign_up(service)
    other, token = session_of(service, person.account), token_of(service, person, "upload")
    fields = form(old_password=PASSWORD, new_password=NEW, again=NEW)
    assert post(service, "/account/password", fields, **person.browser).status_int == 303
    assert is_signed_in(service, person.browser)
    assert not is_signed_in(service, other)
    assert service.upload(b"x", **token).status_int == 401


# Another address


@pytest.fixture
def ada(host: Service) -> Person:
    """Give an account with an address, signed in."""
    add(host)
    account = host.registry.services.accounts.named("ada")
    return Person(account, session_of(host, account))


OTHER = "lovelace@example.org"


def ask_for(service: Service, person: Person, email: str = OTHER, password: str = PASSWORD) -> TestResponse:
    return post(service, "/account/email", form(email=email, password=password), **person.browser)


def email_of(service: Service, name: str = "ada") -> str | None:
    found: str | None = service.registry.services.accounts.named(name).email
    return found


def test_the_address_changes_once_the_new_one_is_proved(host: Service, mailbox: Mailbox, ada: Person) -> None:
    answer = ask_for(host, ada)
    assert (answer.status_int, answer.location) == (303, "http://localhost/account")
    recipients, message = mailbox.next()
    assert recipients == [OTHER]
    link = re.search(r"http://localhost/account/email/\S+", message.get_content())[0]
    page = host.ask(link, **PAGE, **ada.browser)
    assert (page.status_int, OTHER in page.text, page.headers["Cache-Control"]) == (200, True, "no-store")
    assert email_of(host) == EMAIL  # looking changes nothing
    assert post(host, link, "", **ada.browser).location == "http://localhost/account"
    assert email_of(host) == OTHER
    recipients, message = mailbox.next()
    assert (recipients, OTHER in message.get_content()) == ([EMAIL], True)
    assert OTHER in host.ask("/account", **PAGE, **ada.browser).text
    assert (sign_in(host, OTHER).status_int, sign_in(host, EMAIL).status_int) == (303, 403)
    assert post(host, link, "", **ada.browser).status_int == 404
    assert mailbox.is_empty


@pytest.mark.parametrize(
    ("email", "password", "status"),
    [(OTHER, "wrong", 403), (OTHER, "", 403), ("nonsense", PASSWORD, 422), (EMAIL, PASSWORD, 422)],
)
def test_nothing_is_sent_without_the_password_or_to_no_address(
    host: Service, mailbox: Mailbox, ada: Person, email: str, password: str, status: int
) -> None:
    answer = ask_for(host, ada, email, password)
    assert (answer.status_int, 'role="alert"' in answer.text) == (status, True)
    assert email_of(host) == EMAIL
    assert mailbox.is_empty


def test_nobody_learns_whose_an_address_is(host: Service, mailbox: Mailbox, ada: Person) -> None:
    add(host, "Eve", OTHER)
    known, unknown = ask_for(host, ada), ask_for(host, ada, "nobody@example.org")
    assert (known.status_int, known.location) == (unknown.status_int, unknown.location)
    told = {recipients[0]: message.get_content() for recipients, message in (mailbox.next(), mailbox.next())}
    assert "/account/email/" not in told[OTHER]
    assert "another account" in told[OTHER]
    assert "/account/email/" in told["nobody@example.org"]


def test_the_address_in_the_message_is_for_one_account_as_it_was(
    host: Service, mailbox: Mailbox, ada: Person
) -> None:
    add(host, "Eve", "eve@example.org")
    services = host.registry.services
    eve = services.accounts.named("eve")
    link = asked_link(host, mailbox, ada)
    other = session_of(host, eve)
    assert host.ask(link, **PAGE, **other).status_int == 404
    assert post(host, link, "", **other).status_int == 404
    assert post(host, link, "").status_int == 403
    services.accounts.set_password(ada.account, NEW)
    again = session_of(host, services.accounts.named("ada"))
    assert post(host, link, "", **again).status_int == 404
    kept = Person(services.accounts.named("ada"), again)
    first, second = (asked_link(host, mailbox, kept, email, NEW) for email in ("a@b.example", "c@d.example"))
    assert post(host, second, "", **again).status_int == 303
    assert post(host, first, "", **again).status_int == 404
    assert email_of(host) == "c@d.example"
    mailbox.next()
    link = asked_link(host, mailbox, kept, OTHER, NEW)
    add(host, "Mallory", OTHER)  # who was quicker
    answer = post(host, link, "", **again)
    assert (answer.status_int, email_of(host)) == (409, "c@d.example")


def asked_link(
    service: Service, mailbox: Mailbox, person: Person, email: str = OTHER, password: str = PASSWORD
) -> str:
    assert ask_for(service, person, email, password).status_int == 303
    return mailbox.next_link()


def test_a_message_to_the_old_address_resets_nothing_any_more(
    host: Service, mailbox: Mailbox, ada: Person
) -> None:
    reset = asked_for_reset(host, mailbox)
    assert post(host, asked_link(host, mailbox, ada), "", **ada.browser).status_int == 303
    mailbox.next()
    assert host.ask(reset, **PAGE).status_int == 404
    assert post(host, reset, form(password=NEW, again=NEW)).status_int == 404


def test_there_is_no_such_form_without_mail(service: Service) -> None:
    person = sign_up(service)
    assert "/account/email" not in service.ask("/account", **PAGE, **person.browser).text
    assert ask_for(service, person).status_int == 404


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {}])
def test_another_site_changes_no_address(
    host: Service, mailbox: Mailbox, ada: Person, headers: dict[str, str]
) -> None:
    token = host.registry.services.email_changes.token_for(ada.account, OTHER)
    kind = {"content_type": "application/x-www-form-urlencoded", **ada.browser}
    for path in ("/account/email", f"/account/email/{token}"):
        host.client.reset()
        fields = form(email=OTHER, password=PASSWORD).encode()
        assert host.ask(path, "POST", fields, **kind, **headers).status_int == 403
    assert email_of(host) == EMAIL
    assert mailbox.is_empty
