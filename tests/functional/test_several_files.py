"""Forms with several files: a link for each, or a collection; all or nothing."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from pastebin.models import COLLECTIONS, FILES, HOLDERS, ITEMS
from pastebin.storage import BlobMissing
from tests.inprocess import Service, contents
from tests.inprocess.fixtures import StartService
from tests.inprocess.forms import file_part, text_part

CURL = "curl/8.5.0"
NINE = {"url_p", "url_i", "url_d", "url_s", "filename", "size", "time", "type", "quoteurl"}


def collection_field(title: str = "") -> object:
    return text_part("collection", title)


def assert_nothing(service: Service) -> None:
    assert service.rows() == []
    assert service.leftovers() == []
    with service.session() as session:
        for table in (COLLECTIONS, ITEMS, HOLDERS):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_each_file_of_a_form_gets_a_link_of_its_own(each_service: Service) -> None:
    answer = each_service.send([file_part(b"one", "a.txt"), file_part(b"two", "b.txt")])
    assert answer.status_int == 201
    files = answer.json["files"]
    assert [file["filename"] for file in files] == ["a.txt", "b.txt"]
    assert all(file.keys() >= NINE | {"url_m", "expires", "downloads_left"} for file in files)
    assert answer.headers["Location"] == files[0]["url_p"]
    assert [each_service.ask(file["url_d"]).body for file in files] == [b"one", b"two"]
    for file in files:
        assert each_service.ask(file["url_m"], "DELETE").status_int == 204
        assert each_service.ask(file["url_p"]).status_int == 404


def test_a_form_of_known_files_is_no_news(each_service: Service) -> None:
    form = [file_part(b"one", "a.txt"), file_part(b"two", "b.txt")]
    first, again = each_service.send(form), each_service.send(form)
    assert (first.status_int, again.status_int) == (201, 200)
    assert [f["url_p"] for f in first.json["files"]] == [f["url_p"] for f in again.json["files"]]
    assert each_service.send([*form, file_part(b"new", "c.txt")]).status_int == 201


def test_the_same_file_twice_in_a_form_is_one_link_told_twice(each_service: Service) -> None:
    for more in ([], [collection_field()]):
        answer = each_service.send([file_part(b"same", "a.txt"), file_part(b"same", "a.txt"), *more])
        assert answer.status_int == 201
        first, second = answer.json["files"]
        assert first["url_p"] == second["url_p"]


def test_programs_get_their_own_words(service: Service) -> None:
    answer = service.send(
        [file_part(b"one", "a.txt"), file_part(b"two", "b.txt"), collection_field()], to="/j"
    )
    assert [file["origin_filename"] for file in answer.json["files"]] == ["a.txt", "b.txt"]
    assert answer.json["files"][0].keys() >= {"url", "short_url", "hash", "width", "height"}
    assert answer.json["url_c"].startswith("http://localhost/c/")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_text_is_a_line_for_each_or_one_for_a_collection(service: Service) -> None:
    form = [file_part(b"one", "a.txt"), file_part(b"two", "b.txt")]
    lines = service.send(form, accept="text/plain").text.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("http://localhost/s/") for line in lines)
    text = service.send([*form, collection_field()], accept="text/plain").text
    assert re.fullmatch(r"http://localhost/c/[2-9a-z]{16}\n", text)


def test_a_browser_is_led_to_a_page_that_lists_them(service: Service) -> None:
    form = [file_part(b"one", "a.txt"), file_part(b"two", "<b>.txt")]
    answer = service.send(form, accept="text/html")
    assert answer.status_int == 303
    assert answer.headers["Link"] == f'<{answer.headers["X-Url-Delete"]}>; rel="edit"'
    page = service.ask(answer.location)
    assert page.status_int == 200
    assert "a.txt" in page.text
    assert "&lt;b&gt;.txt" in page.text
    keys = re.findall(r"http://localhost/m/[\w-]{43}", page.text)
    assert len(set(keys)) == 2
    assert service.ask(keys[1], "DELETE").status_int == 204
    assert "/m/" not in service.ask(answer.location).text  # told once
    assert service.ask("/uploaded?files=" + ".".join(["x"] * 101)).status_int == 400


def test_terms_are_for_each_file(service: Service) -> None:
    form = [file_part(b"one", "a.txt"), file_part(b"two", "b.txt"), text_part("downloads", "1")]
    for file in service.send(form).json["files"]:
        assert file["downloads_left"] == 1
        assert service.ask(file["url_d"]).status_int == 200
        service.client.reset()
        assert service.ask(file["url_d"]).status_int == 404


@pytest.mark.parametrize("with_collection", [True, False])
def test_one_bad_file_and_none_exists(
    start: StartService, with_collection: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = start(max_upload_size="100000")
    more = [collection_field("All")] if with_collection else []
    good = file_part(b"good", "good.txt")
    large = service.send([good, file_part(b"x" * 100_001, "large.bin"), good, *more])
    assert "large.bin" in large.text, large.text
    assert large.status_int == 413
    picture = file_part(contents.image("PNG", 40, 40), "good.png")
    resized = [picture, file_part(b"no image", "text.png"), picture, text_part("w", "10"), *more]
    answer = service.send(resized)
    assert (answer.status_int, "text.png" in answer.text) == (415, True)
    assert service.send([good, good, text_part("expires", "never"), *more]).status_int == 400
    assert service.send([good, file_part(b"x", "n" * 1001), *more]).status_int == 400
    assert_nothing(service)
    assert service.contents() == []


def test_a_hundred_files_are_possible_and_one_more_is_not(each_service: Service) -> None:
    form = [file_part(b"%d" % number, f"{number}.txt") for number in range(101)]
    answer = each_service.send([*form, collection_field()])
    assert answer.status_int == 400
    assert_nothing(each_service)
    answer = each_service.send([*form[:100], collection_field()])
    assert answer.status_int == 201
    assert len(answer.json["files"]) == 100


def test_a_collection_needs_a_file(service: Service) -> None:
    assert service.send([collection_field("All")]).status_int == 400
    assert service.send([file_part(b"", ""), collection_field("All")]).status_int == 400
    answer = service.send([file_part(b"one", "a.txt"), collection_field("All")])
    assert [file["filename"] for file in answer.json["files"]] == ["a.txt"]


def test_folders_are_kept_in_a_collection_and_only_there(each_service: Service) -> None:
    form = [file_part(b"one", "a/b.txt"), file_part(b"two", "..\\c/../d.txt")]
    assert [f["filename"] for f in each_service.send(form).json["files"]] == ["b.txt", "d.txt"]
    made = each_service.send([*form, collection_field("All")]).json
    assert [f["filename"] for f in made["files"]] == ["b.txt", "d.txt"]
    files = each_service.ask(made["url_c"]).json["files"]
    assert [file["path"] for file in files] == ["a/b.txt", "c/d.txt"]


def test_a_failed_commit_leaves_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("no")

    monkeypatch.setattr("pastebin.services.committer.set_items", fail)
    answer = service.send([file_part(b"one", "a.txt"), file_part(b"two", "b.txt"), collection_field()])
    assert answer.status_int == 500
    assert_nothing(service)
    monkeypatch.undo()
    service.assert_works()


@pytest.mark.parametrize("more", [[], [collection_field()]], ids=["files", "collection"])
def test_each_content_is_looked_for_before_the_commit(
    service: Service, monkeypatch: pytest.MonkeyPatch, more: list[object]
) -> None:
    """A sweep may have set one aside that was there already."""
    store, looked_for = service.registry.services.store, []

    def require(staged: Any) -> None:
        looked_for.append(staged)
        if len(looked_for) == 3:
            raise BlobMissing("the third is gone")

    monkeypatch.setattr(store, "require", require)
    form = [file_part(b"%d" % number, f"{number}.txt") for number in range(3)]
    assert service.send([*form, *more]).status_int == 503
    assert len(looked_for) == 3
    with service.session() as session:
        for table in (FILES, COLLECTIONS, ITEMS, HOLDERS):
            assert session.scalar(select(func.count()).select_from(table)) == 0
