"""`pb put`: files, pipes and folders become links."""

import json
import os
import re
import stat

import pytest
import requests


def described(link: str, **options) -> dict:
    """Return what the server says of a link to a file."""
    answer = requests.get(link, headers={"Accept": "application/json"}, timeout=30, **options)
    assert answer.ok, answer.text
    return answer.json()


def content(link: str, **options) -> bytes:
    """Return the bytes behind a short link."""
    return requests.get(described(link, **options)["url_d"], timeout=30, **options).content


def test_standard_output_holds_the_links_alone_in_the_order_asked(home):
    for number in range(3):
        home.file(f"f {number}.txt", f"file {number}")
    outcome = home.run("f 2.txt", "f 0.txt", "f 1.txt")
    assert (outcome.status, outcome.words) == (0, "")
    links = outcome.out.decode().splitlines()
    assert all(re.fullmatch(r"http://127\.0\.0\.1:\d+/s/\w+", link) for link in links)
    assert [content(link) for link in links] == [b"file 2", b"file 0", b"file 1"]


@pytest.mark.parametrize(
    "name", ['it\'s "so" %22.txt', "a;b=c.txt", "zażółć 文件 🦆.txt", "back\\slash.txt", "-x.txt"]
)
def test_names_arrive_as_they_are(home, name):
    home.file(name, name)
    [link] = home.links("put", "--", name)
    assert described(link)["filename"] == re.split(r"\\", name)[-1]
    assert content(link) == name.encode()


def test_a_name_that_is_no_unicode_can_be_shared(home):
    path = os.path.join(os.fsencode(home.work), b"caf\xe9.txt")
    with open(path, "wb") as file:
        file.write(b"latin")
    [link] = home.links("put", "--json", os.fsdecode(path))
    assert json.loads(link)["filename"] == "caf?.txt"


@pytest.mark.parametrize(
    ("data", "filename"),
    [(b"text \xc3\xa4", "stdin.txt"), (b"\x89PNG\r\n\x1a\n\xff", "stdin"), (b"", "stdin.txt")],
)
def test_standard_input_gets_a_name_by_what_it_is(home, data, filename):
    [link] = home.links("-", given=data)
    assert described(link)["filename"] == filename
    assert content(link) == data


def test_terms_and_names_are_asked_for(home):
    [line] = home.links(
        *(
            "put",
            "-",
            "--name",
            "own.md",
            "--expires",
            "7d",
            "--downloads",
            "3",
            "--title",
            "A title",
            "--json",
        ),
        given="text",
    )
    said = json.loads(line)
    assert said["filename"] == "own.md"
    assert said["downloads_left"] == 3
    assert said["expires"] is not None
    assert requests.get(said["url_m"], timeout=30).json()["title"] == "A title"


def test_a_password_is_read_and_nowhere_kept(home):
    secret = "correct horse battery"
    home.file("secret.txt", "locked")
    [link] = home.links("put", "secret.txt", "--password=-", given=f"{secret}\n")
    assert requests.get(link, timeout=30, headers={"Accept": "*/*"}).status_code == 401
    assert content(link, auth=("", secret)) == b"locked"
    assert secret not in home.history.read_text()


def test_a_folder_becomes_a_collection_with_its_folders(home):
    home.file("album/b.txt", "b")
    home.file("album/inner/a.txt", "a")
    home.file("album/.hidden", "h")
    home.file("secret.txt", "not to be shared")
    (home.work / "album" / "link").symlink_to(home.work / "secret.txt")
    outcome = home.run("album")
    assert outcome.status == 0
    assert "link is no file and is left out" in outcome.words
    said = described(outcome.out.decode().strip())
    assert said["title"] == "album"
    assert [file["path"] for file in said["files"]] == [".hidden", "b.txt", "inner/a.txt"]


def test_a_folder_with_each_becomes_a_link_for_each_file(home):
    home.file("album/b.txt", "b each")
    home.file("album/inner/a.txt", "a each")
    links = home.links("put", "--each", "album")
    assert [content(link) for link in links] == [b"b each", b"a each"]


def test_a_folder_of_more_files_than_a_form_holds_is_one_collection(home):
    for number in range(103):
        home.file(f"many/{number:03}.txt", f"one of many {number}")
    [link] = home.links("put", "many", "--title", "Many", "--downloads", "5")
    said = described(link)
    assert (said["title"], len(said["files"]), said["downloads_left"]) == ("Many", 103, 5)
    assert said["files"][7]["path"] == "007.txt"


def test_what_is_kept_is_for_the_owner_alone_from_the_first_moment(home, monkeypatch):
    home.file("f.txt", "kept")
    old = os.umask(0)
    try:
        home.links("f.txt")
        home.links("config", "server", home.server)
    finally:
        os.umask(old)
    for path in (home.history, home.config):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_several_at_once_keep_one_history(home):
    for number in range(8):
        home.file(f"{number}.txt", f"at once {number}")
    running = [home.start("put", f"{number}.txt") for number in range(8)]
    printed = {process.communicate()[0].decode().strip() for process in running}
    assert [process.returncode for process in running] == [0] * 8
    rows = [json.loads(line) for line in home.history.read_text().splitlines()]
    assert {row["link"] for row in rows} == printed
    assert len(printed) == 8


def test_a_broken_line_of_the_history_costs_that_line(home):
    home.file("f.txt", "before the break")
    [first] = home.links("f.txt")
    nonsense = [
        '{"event": "shared", "link": 5}',
        '{"event": "shared"}',
        "[1]",
        '{"event": "unfinished", "terms": 1}',
    ]
    with home.history.open("a") as file:
        file.write("\n".join([*nonsense, '{"event": "sha']))
    home.file("g.txt", "after the break")
    [second] = home.links("g.txt")
    assert home.links("list") == [first, second]


def test_the_token_goes_to_its_server_alone(home):
    from tests.client.lines import answering

    home.file("f.txt", "with a token")
    home.variables["PB_TOKEN"] = "pb_id_secret"
    with answering(404) as theirs, answering(403) as ours:
        home.variables["PB_SERVER"] = ours.url
        refused = home.run("f.txt")
        home.run("get", f"{theirs.url}d/{'0' * 32}", "--retries", "0")
    assert refused.status == 4
    assert "secret" not in refused.words
    assert ours.requests[0][2]["Authorization"] == "Bearer pb_id_secret"
    assert theirs.requests
    assert all("Authorization" not in headers for _, _, headers in theirs.requests)
