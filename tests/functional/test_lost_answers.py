"""What `test_failures` leaves: a commit nobody heard of, a lone line for curl, bugs on the way to a file."""

from typing import Any

import pytest

from tests.inprocess import Service

CURL = {"accept": "*/*", "user_agent": "curl/8.5.0"}
SECRET = "a secret detail"


def refuse(service: Service, patch: pytest.MonkeyPatch, *, after: bool) -> None:
    """Have every commit fail, before it is done or after."""
    dialect = service.registry.services.engine.dialect
    commit = dialect.do_commit

    def fail(connection: Any) -> None:
        if after:
            commit(connection)
        raise dialect.dbapi.OperationalError(2013, "Lost connection during query")

    patch.setattr(dialect, "do_commit", fail)


def test_an_upload_whose_commit_nobody_heard_of_is_the_same_link_when_it_is_tried_again(
    each_service: Service,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        refuse(each_service, patch, after=True)
        assert each_service.upload(b"text", "a.txt").status_int == 503
    again = each_service.upload(b"text", "a.txt")
    assert again.status_int == 200
    assert each_service.ask(again.json["url_d"]).body == b"text"
    assert len(each_service.rows()) == len(each_service.contents()) == 1


def test_curl_is_told_in_one_line_that_the_database_failed(service: Service) -> None:
    with pytest.MonkeyPatch.context() as patch:
        refuse(service, patch, after=False)
        answer = service.upload(b"text", "a.txt", **CURL)
    assert (answer.status_int, answer.content_type) == (503, "text/plain")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.text.count("\n") == 1
    assert service.rows() == []


@pytest.mark.parametrize("noun", ["p", "i", "d", "s"])
@pytest.mark.parametrize("bug", [TypeError, KeyError, AttributeError])
def test_a_bug_on_the_way_to_a_file_is_500_and_logged_and_no_404(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    noun: str,
    bug: type[Exception],
) -> None:
    def broken(*_arguments: object) -> None:
        raise bug(SECRET)

    monkeypatch.setattr("pastebin.services.files.FileService._row", broken)
    answer = service.ask(f"/{noun}/{'867nv' if noun == 's' else 'a' * 32}")
    assert answer.status_int == 500
    assert SECRET in caplog.text
    assert SECRET not in answer.text
