"""What only its owner knows is in no log, and what is kept of it in no answer but the one that tells it."""

import io
import logging
import re
import zipfile
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from webtest import TestResponse

from pastebin.logs import LineFormatter
from pastebin.models import Base
from pastebin.services.rights import ADMINISTER
from pastebin.web.api.document import operations
from tests.functional.rights_pages import PAGES, SETTINGS, Things
from tests.functional.test_accounts import cookie_of, post, sign_in
from tests.functional.test_passkeys import registered
from tests.functional.test_second_factors import half, now, say, with_factor
from tests.inprocess import Service
from tests.inprocess.accounts import PASSWORD, session_of, sign_up, token_of
from tests.inprocess.fixtures import StartService
from tests.inprocess.forms import file_part, text_part

SESAME = "sesame-of-a-link"
WRONG = "a-wrong-guess-of-somebody"

# Columns that hold a secret, or what would help to find one.
_KEPT = re.compile(r"password|secret|digest|.*_hash|.*_key")


def kept(service: Service) -> dict[str, set[str]]:
    """Return what is in the database of secrets, by column."""
    found: dict[str, set[str]] = {}
    with service.session() as session:
        for table in Base.metadata.tables.values():
            for column in table.columns:
                if _KEPT.fullmatch(column.name):
                    values = {str(value) for value in session.scalars(select(column)) if value}
                    found[f"{table.name}.{column.name}"] = values
    return found


def assert_without(answer: TestResponse, secrets: dict[str, set[str]], where: str) -> None:
    """Assert that an answer, unpacked where it is an archive, tells none of some secrets."""
    said = f"{answer.headers}".encode() + answer.body
    if answer.content_type == "application/zip" or answer.body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            said += b"".join(archive.read(name) for name in archive.namelist())
    for column, values in secrets.items():
        assert not [value for value in values if value.encode() in said], (where, column)
    assert b"$argon2" not in said, where


def test_no_answer_has_what_is_kept_of_a_secret(start: StartService) -> None:
    service = start(**SETTINGS)
    anna = sign_up(service, "anna", ADMINISTER)
    things = Things(service, anna, sign_up(service, "uwe"))
    token_of(service, anna, "upload")
    registered(service, anna)
    with_factor(service, anna)
    services = service.registry.services
    services.webhooks.add("https://hooks.example/x", "json", [], "", "test")
    for parts in (
        [text_part("password", SESAME)],
        [text_part("collection", ""), text_part("password", SESAME)],
    ):
        service.send([file_part(b"locked", "a.txt"), *parts], **anna.browser)
    services.signed_tokens.spend_alone(services.signed_tokens.make("test", [], 60))
    secrets = kept(service)
    assert len([column for column, values in secrets.items() if values]) >= 11, secrets
    paths = [page.path(things) for page in PAGES if page.method == "GET"]
    paths += ["/admin/statistics.xlsx"]
    paths += [
        f"/api/v1/{one.noun.address}"
        for one in operations(service.registry)
        if one.method == "GET" and "{" not in one.noun.address
    ]
    paths += [f"/api/v1/users/{name}" for name in ("anna", "uwe")]
    for path in paths:
        for accept in ("text/html", "application/json"):
            for visitor in ({}, anna.browser):
                service.client.reset()
                assert_without(service.ask(path, accept=accept, **visitor), secrets, path)


def test_no_secret_is_in_the_log(start: StartService, caplog: pytest.LogCaptureFixture) -> None:
    mail = {"mail_url": "smtp://127.0.0.1:1", "mail_from": "files@example.org", "signup": "open"}
    service = start(**mail, public_url="http://localhost", limits="on", passwords_per_minute="5")
    caplog.handler.setFormatter(LineFormatter("%(message)s"))
    caplog.set_level(logging.DEBUG, "pastebin")
    logging.getLogger("pastebin.test").debug("the log is read")
    ada, services = sign_up(service), service.registry.services
    session = session_of(service, ada.account)["cookie"].partition("=")[2]
    secret, codes = with_factor(service, ada)
    token = token_of(service, ada, "upload", "read")["authorization"].removeprefix("Bearer ")
    reset = services.password_reset.token_for(ada.account)
    sign_up_token = services.email_sign_up.token_for("new@example.org")
    sign_in(service, password=WRONG)
    half_cookie = half(service)
    say(service, now(secret), half_cookie)
    new_session = cookie_of(say(service, codes[0], half(service))).partition("=")[2]
    say(service, codes[1].upper(), half_cookie)
    post(service, "/account/password", f"old_password={WRONG}&new_password={WRONG}", **ada.browser)
    post(service, f"/reset/{reset}", urlencode({"password": WRONG, "again": SESAME}))
    post(service, f"/confirm/{sign_up_token}", urlencode({"name": "", "password": WRONG}))
    service.ask("/api/v1/me", authorization=f"Bearer {token}x")
    service.ask(f"/api/v1/files?token={token}", authorization=f"Bearer {token}")
    service.ask(
        "/api/v1/tokens", "POST", f'{{"password": "{WRONG}"'.encode(), content_type="application/json"
    )
    said = service.send([file_part(b"x", "a.txt"), text_part("password", SESAME)]).json
    key = said["url_m"].rpartition("/")[2]
    post(service, said["url_p"], f"password={WRONG}")
    for path in (said["url_m"], f"/m/{key[:-1]}x", f"/login?password={WRONG}", f"/reset/{reset}x"):
        service.ask(path, accept="text/html")
    service.ask(said["url_m"], "PATCH", f'{{"password": "{WRONG}", "x": 1}}'.encode())
    told = [PASSWORD, WRONG, SESAME, session, new_session, secret, *codes, token, reset, sign_up_token, key]
    assert "the log is read" in caplog.text
    assert [one for one in told if one in caplog.text or one.replace("-", "") in caplog.text] == []
