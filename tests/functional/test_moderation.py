"""Taking down: reports, removals and bans, at every door."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from pastebin.models import AUDIT
from pastebin.scripts import cli
from tests.functional.test_ownership import upload
from tests.inprocess import Service, contents
from tests.inprocess.database import alembic_config
from tests.inprocess.fixtures import StartService
from tests.inprocess.forms import file_part, text_part

Run = Callable[..., Result]
FORM = {"content_type": "application/x-www-form-urlencoded"}
CONTENT = b"banned"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def run(service: Service) -> Run:
    """Give a function that runs a command on the service."""
    ini = str(alembic_config(service.data).config_file_name)
    return lambda *words: CliRunner().invoke(cli.main, ["-c", ini, *words])


def acts(service: Service) -> list[tuple[str, str, str]]:
    with service.registry.services.engine.connect() as connection:
        return [(row.act, row.actor, row.reason) for row in connection.execute(select(AUDIT))]


def follow_at_once(service: Service) -> None:
    """Have the service look for news now, as it does twice a second."""
    service.registry.services.files._invalidations._next = 0.0


def test_a_ban_is_451_at_every_door_until_it_is_lifted(service: Service, run: Run) -> None:
    assert run("ban", SHA256, "--reason", "spam").output == f"Banned {SHA256}.\n"
    follow_at_once(service)
    for door in ("/", "/j"):
        refused = service.upload(CONTENT, "x.txt", to=door)
        assert (refused.status_int, refused.json["error"]["code"]) == (451, "banned")
    assert service.contents() == []
    assert SHA256 in run("bans").output
    assert run("unban", SHA256).exit_code == 0
    follow_at_once(service)
    assert service.upload(CONTENT, "x.txt").status_int == 201
    assert acts(service) == [("banned", "shell", "spam"), ("unbanned", "shell", "")]
    assert run("unban", SHA256).exit_code == 1


def test_a_ban_holds_for_every_file_of_a_form_and_names_it(service: Service) -> None:
    service.registry.services.moderation.ban(SHA256)
    for more in ([], [text_part("collection", "all")]):
        refused = service.send([file_part(b"fine", "a.txt"), file_part(CONTENT, "b.txt"), *more])
        assert (refused.status_int, refused.json["error"]["code"]) == (451, "banned")
        assert refused.json["error"]["message"].startswith("File b.txt: ")
    assert service.rows() == []
    assert service.contents() == []


def test_a_resized_copy_that_is_banned_is_not_made(service: Service) -> None:
    said = upload(service, contents.image("PNG", 60, 40), "a.png").json
    size = service.ask(f"{said['url_i']}?w=20").body
    service.registry.services.moderation.ban(hashlib.sha256(size).hexdigest())
    assert service.ask(f"/r/{said['url_p'].rpartition('/')[2]}?w=20").status_int == 451


def test_an_older_service_s_file_that_is_banned_is_not_taken_in(
    start: StartService, tmp_path: Path, run: Run
) -> None:
    legacy = tmp_path / "legacy"
    legacy.mkdir()
    (legacy / ("0" * 32)).write_bytes(CONTENT)
    service = start(legacy_folder=str(legacy))
    service.registry.services.moderation.ban(SHA256)
    assert service.ask("/i/" + "0" * 32).status_int == 404
    ini = str(alembic_config(service.data).config_file_name)
    adopted = CliRunner().invoke(cli.main, ["-c", ini, "adopt", str(legacy)])
    assert adopted.exit_code == 0
    assert "Took in 0 of 1 files" in adopted.output
    assert service.rows() == []


def test_a_file_is_found_by_all_that_names_it_and_removed(service: Service, run: Run) -> None:
    said = upload(service, CONTENT, "a name.txt").json
    upload(service, CONTENT, "a name.txt")
    filehash, code = (said[name].rpartition("/")[2] for name in ("url_p", "url_s"))
    for word in (filehash, code, SHA256, "a name.txt", said["url_d"], said["url_s"]):
        found = run("find", word)
        assert (found.exit_code, filehash in found.output) == (0, True), word
    assert run("find", "nothing").exit_code == 1
    assert run("remove", filehash).exit_code == 2
    removed = run("remove", said["url_s"], "--reason", "copyright", "--ban")
    assert (removed.exit_code, removed.output.startswith(f"Removed {filehash}.")) == (0, True)
    follow_at_once(service)
    for name in ("url_p", "url_d", "url_s", "url_m"):
        assert service.ask(said[name]).status_int == 404
    assert service.upload(CONTENT, "other.txt").status_int == 451
    assert acts(service) == [("banned", "shell", "copyright"), ("removed", "shell", "copyright")]
    assert run("remove", filehash, "--reason", "again").exit_code == 1


def test_reports_reach_the_operator(service: Service, run: Run) -> None:
    said = upload(service).json
    sent = service.ask(said["url_p"], "POST", b"report=spam%0aand+more", **FORM)
    assert sent.status_int == 204
    by_browser = service.ask(
        said["url_p"], "POST", b"report=bad", accept="text/html", origin="http://localhost", **FORM
    )
    assert (by_browser.status_int, by_browser.location) == (303, said["url_p"])
    shown = run("reports").output
    assert f"{said['url_p']}  spam and more\n" in shown
    assert shown.count("\n") == 2
    assert run("reports", "--close", said["url_p"]).output == "Closed 2 reports.\n"
    assert run("reports").output == ""


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}],
)
def test_no_other_site_reports_in_somebody_s_name(service: Service, headers: dict[str, str]) -> None:
    said = upload(service).json
    assert service.ask(said["url_p"], "POST", b"report=x", **FORM, **headers).status_int == 403


@pytest.mark.parametrize("body", [b"report=", b"report=+%0a", b"other=x"])
def test_a_report_has_a_reason(service: Service, body: bytes) -> None:
    assert service.ask(upload(service).json["url_p"], "POST", body, **FORM).status_int == 400


def test_reports_are_limited(start: StartService) -> None:
    service = start(limits="on")
    said = upload(service).json
    statuses = [service.ask(said["url_p"], "POST", b"report=x", **FORM).status_int for _ in range(11)]
    assert statuses == [204] * 10 + [429]
