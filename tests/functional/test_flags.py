"""Flags: what is refused while one is on, at every way in, and what goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from webtest import TestResponse

from pastebin.models import AUDIT
from pastebin.scripts import cli
from pastebin.services.flags import Flag
from tests.functional.test_ways_in import OCTETS, WAYS, Send, _begun, _where
from tests.inprocess import Service, contents
from tests.inprocess.accounts import OWN, PASSWORD, sign_up
from tests.inprocess.database import alembic_config
from tests.inprocess.fixtures import StartService

FORM = {"content_type": "application/x-www-form-urlencoded"}
TUS = {"tus_resumable": "1.0.0", "content_type": OCTETS, "accept": "application/json"}
Ask = Callable[[Service, dict[str, Any]], TestResponse]


def switch(service: Service, *flags: Flag, is_on: bool = True) -> None:
    for flag in flags:
        service.registry.services.flags.switch(flag, "test", is_on=is_on)


def is_refused(answer: TestResponse) -> bool:
    return (answer.status_int, answer.headers.get("Retry-After")) == (503, "60")


@pytest.mark.parametrize("flag", [Flag.READ_ONLY, Flag.NO_UPLOADS])
@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_uploaded_by_any_way(service: Service, way: str, flag: Flag) -> None:
    send = WAYS[way]
    switch(service, flag)
    answer = send(service, b"some bytes", "a.txt", {})
    assert is_refused(answer), answer
    assert answer.json["error"] == {
        **answer.json["error"],
        "code": "switched_off",
        "retry": True,
    }
    service.assert_untouched()
    switch(service, flag, is_on=False)
    assert send(service, b"some bytes", "a.txt", {}).status_int < 300


@pytest.mark.parametrize("flag", [Flag.READ_ONLY, Flag.NO_UPLOADS])
def test_a_resumable_upload_waits_and_goes_on(service: Service, flag: Flag) -> None:
    address = _where(_begun(service, 10, "a.txt", {}, b"some "))
    switch(service, flag)
    assert is_refused(service.ask(address, "PATCH", b"bytes", upload_offset="5", **TUS))
    assert service.ask(address, "HEAD", **TUS).headers["Upload-Offset"] == "5"
    switch(service, flag, is_on=False)
    done = service.ask(address, "PATCH", b"bytes", upload_offset="5", **TUS)
    assert (done.status_int, done.headers["Upload-Offset"]) == (204, "10")


def _key(said: dict[str, Any]) -> str:
    return str(said["url_m"])


CHANGES: dict[str, Ask] = {
    "change by a key": lambda service, said: service.ask(
        _key(said), "PATCH", b'{"title": "x"}', content_type="application/json"
    ),
    "delete by a key": lambda service, said: service.ask(_key(said), "DELETE"),
    "the form of a key": lambda service, said: service.ask(_key(said), "POST", b"action=delete", **FORM),
    "a report": lambda service, said: service.ask(said["url_p"], "POST", b"report=x", **FORM),
    "a collection": lambda service, said: service.ask(
        "/c",
        "POST",
        json.dumps({"files": [{"key": _key(said).rpartition("/")[2]}]}).encode(),
        content_type="application/json",
    ),
    "a copy of another size": lambda service, said: service.ask(
        f"/r/{said['url_p'].rpartition('/')[2]}?w=10"
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_is_changed_while_read_only(service: Service, what: str) -> None:
    said = service.upload(contents.image(), "a.png").json
    before = [row.title for row in service.rows()]
    switch(service, Flag.READ_ONLY)
    assert is_refused(CHANGES[what](service, said))
    assert [row.title for row in service.rows()] == before
    for name in ("url_p", "url_m"):
        assert service.ask(said[name]).status_int == 200
    switch(service, Flag.READ_ONLY, is_on=False)
    assert CHANGES[what](service, said).status_int < 400


def test_no_download_is_counted_while_read_only(service: Service) -> None:
    said = service.ask("/a.txt?downloads=2", "PUT", b"counted", accept="application/json").json
    switch(service, Flag.READ_ONLY)
    assert is_refused(service.ask(said["url_d"], user_agent="curl/8"))
    assert service.rows()[0].downloads_left == 2


def test_an_account_signs_in_but_changes_nothing_while_read_only(service: Service) -> None:
    person = sign_up(service, "ada")
    switch(service, Flag.READ_ONLY)
    body = f"name=ada&password={PASSWORD}".encode()
    assert service.ask("/login", "POST", body, **FORM, **OWN).status_int == 303
    making = b"action=create&name=x&scope=upload"
    assert is_refused(service.ask("/account/tokens", "POST", making, **FORM, **OWN, **person.browser))
    assert service.ask("/account", **person.browser).status_int == 200
    assert service.ask("/logout", "POST", b"x=1", **FORM, **OWN, **person.browser).status_int == 303


def test_every_way_to_sign_in_stays_open_while_read_only(service: Service) -> None:
    switch(service, Flag.READ_ONLY)
    for path in ("/login", "/login/code", "/login/passkey"):
        assert service.ask(path, "POST", b"name=ada", **FORM, **OWN).status_int != 503


def test_nobody_signs_up(start: StartService) -> None:
    service = start(signup="invite")
    from datetime import timedelta

    code = service.registry.services.invites.create(1, timedelta(days=1))
    assert service.ask(f"/signup/{code}").status_int == 200
    switch(service, Flag.NO_SIGNUP)
    new = b"name=eve&password=long+enough+password"
    for answer in (
        service.ask("/signup"),
        service.ask(f"/signup/{code}"),
        service.ask(f"/signup/{code}", "POST", new, **FORM, **OWN),
    ):
        assert is_refused(answer)
    assert service.registry.services.accounts.find("eve") is None
    switch(service, Flag.NO_SIGNUP, is_on=False)
    assert service.ask(f"/signup/{code}", "POST", new, **FORM, **OWN).status_int == 303


def test_every_process_obeys_and_pages_say_so(start: StartService) -> None:
    """The other process looks for news twice a second; here it is told to look now."""
    one, other = start(), start()
    send: Send = WAYS["a form"]
    assert send(other, b"before", "a.txt", {}).status_int == 201
    switch(one, Flag.NO_UPLOADS)
    other.registry.services.files._invalidations._next = 0.0
    assert is_refused(send(other, b"after", "a.txt", {}))
    page = other.ask("/", accept="text/html")
    assert "Nothing can be uploaded here at the moment." in page.text
    refused = send(other, b"after", "b.txt", {})
    assert "Retry-After" in refused.headers
    html = other.ask("/x.txt", "PUT", b"after", accept="text/html").text
    assert "Not at the moment" in html


def test_a_look_at_a_flag_costs_no_statement(service: Service) -> None:
    service.upload(b"warm", "a.txt")
    with service.statements() as seen:
        service.registry.services.flags.require_off(*Flag)
    assert seen == []


def test_the_command_switches_with_one_row_in_the_audit(service: Service, tmp_path: Path) -> None:
    ini = str(alembic_config(service.data).config_file_name)

    def run(*words: str) -> str:
        return CliRunner().invoke(cli.main, ["-c", ini, "flag", *words]).output

    assert run() == "read-only  off\nno-uploads  off\nno-signup  off\n"
    assert run("no-uploads", "on") == "no-uploads  on\n"
    assert run("no-uploads", "on") == "no-uploads  on\n"
    assert run("no-uploads") == "no-uploads  on\n"
    assert run("no-uploads", "off") == "no-uploads  off\n"
    assert CliRunner().invoke(cli.main, ["-c", ini, "flag", "other", "on"]).exit_code == 2
    with service.registry.services.engine.connect() as connection:
        acts = [(row.act, row.actor, row.reason) for row in connection.execute(select(AUDIT))]
    assert acts == [("flag-on", "shell", "no-uploads"), ("flag-off", "shell", "no-uploads")]
