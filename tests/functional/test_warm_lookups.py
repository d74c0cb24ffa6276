"""What was looked at once is found again without the database, and what changes is seen at once."""

import pytest

from tests.inprocess import Service, contents

ADDRESSES = ("url_p", "url_i", "url_d", "url_s")


@pytest.mark.parametrize(
    "content",
    [contents.image(), b"just words", contents.PDF, contents.archive()],
    ids=["image", "text", "pdf", "zip"],
)
def test_a_warm_preview_asks_the_database_nothing(each_service: Service, content: bytes) -> None:
    page = each_service.upload(content, "file").json["url_p"]
    assert each_service.ask(page, accept="text/html").status_int == 200
    with each_service.statements() as statements:
        assert each_service.ask(page, accept="text/html").status_int == 200
    assert statements == []


def test_every_warm_address_asks_the_database_nothing(each_service: Service) -> None:
    said = each_service.upload(contents.image(), "a.png").json
    addresses = [said[key] for key in ADDRESSES] + [said["url_i"] + "?w=20"]
    for address in addresses:
        each_service.ask(address)
    with each_service.statements() as statements:
        for address in addresses:
            assert each_service.ask(address).status_int in (200, 302)
    assert statements == []


def test_a_cold_look_up_is_one_query(each_service: Service) -> None:
    page = each_service.upload(b"text", "a.txt").json["url_p"]
    with each_service.statements() as statements:
        each_service.ask(page, accept="text/html")
    assert [statement.split()[0] for statement in statements if "PasteFile" in statement] == ["SELECT"]


def test_what_is_not_there_yet_is_not_remembered_as_missing(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.registry.services.uploads, "_is_drawing", False)
    assert service.ask("/s/867nv").status_int == 404
    assert service.upload(b"text", "a.txt").json["url_s"] == "http://localhost/s/867nv"
    assert service.ask("/s/867nv").status_int == 302


def test_nothing_else_asks_the_database(each_service: Service) -> None:
    each_service.ask("/")  # a new process reads once what is switched off
    with each_service.statements() as statements:
        for address in ("/", "/nothing", "/p/..", "/s/!!", "/j"):
            each_service.ask(address)
    assert statements == []
