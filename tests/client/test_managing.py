"""`pb list`, `pb rm`, `pb set`, `pb config`, `pb login`, `pb completion`."""

import json
import subprocess

import pytest
import requests

from tests.client.lines import answering


def test_what_was_shared_is_listed_until_it_is_deleted(home):
    home.file("one.txt", "one to list")
    home.file("two.txt", "two to list")
    first, second = home.links("one.txt", "two.txt")
    assert home.links("list") == [first, second]
    rows = [json.loads(line) for line in home.links("list", "--json")]
    assert [(row["link"], row["name"], row["size"]) for row in rows] == [
        (first, "one.txt", 11),
        (second, "two.txt", 11),
    ]
    assert home.run("rm", first).status == 0
    assert requests.get(first, timeout=30).status_code == 404
    assert home.links("list") == [second]
    assert home.run("rm", first).status == 5


def test_a_file_that_was_shared_twice_is_gone_with_one_rm(home):
    home.file("twice.txt", "shared twice")
    [link] = home.links("twice.txt")
    assert home.links("twice.txt") == [link]
    assert home.run("rm", link).status == 0
    assert requests.get(link, timeout=30).status_code == 404


def test_any_address_of_a_link_finds_it(home):
    home.file("any.txt", "any address")
    [line] = home.links("put", "any.txt", "--json")
    assert home.run("rm", json.loads(line)["url_d"]).status == 0


def test_a_collection_is_deleted_as_a_whole(home):
    home.file("album/a.txt", "a to delete")
    [link] = home.links("album")
    assert home.run("rm", link).status == 0
    assert requests.get(link, timeout=30).status_code == 404


def test_terms_are_changed_and_removed(home):
    home.file("terms.txt", "terms to change")
    [line] = home.links("put", "terms.txt", "--json", "--expires", "1d", "--title", "Old")
    said = json.loads(line)
    link = said["link"]
    assert home.links("set", link, "--expires", "never", "--downloads", "7", "--title", "New") == [link]
    state = requests.get(said["url_m"], timeout=30).json()
    assert (state["expires"], state["downloads_left"], state["title"]) == (None, 7, "New")
    home.links("set", link, "--unlimited", "--title", "", "--password=-", given="sesame\n")
    state = requests.get(said["url_m"], timeout=30).json()
    assert (state["downloads_left"], state["title"], state["password"]) == (None, None, True)
    home.links("set", link, "--no-password")
    assert requests.get(said["url_m"], timeout=30).json()["password"] is False
    assert home.run("set", link).status == 2
    assert home.run("set", link, "--expires", "soon").status == 4


def test_a_link_that_others_share_is_changed_for_oneself_alone(new_home):
    theirs, ours = new_home("theirs"), new_home("ours")
    for home in (theirs, ours):
        home.file("shared.txt", "the same of two people")
    before = theirs.links("shared.txt")
    assert ours.links("shared.txt") == before
    [link] = ours.links("set", before[0], "--title", "Ours")
    assert [link] != before
    assert ours.links("list") == [link]
    assert theirs.links("list") == before
    assert ours.run("rm", link).status == 0
    assert requests.get(before[0], timeout=30).ok


def test_an_expired_link_is_listed_no_more(home):
    home.file("short.txt", "lives a second")
    home.links("put", "short.txt", "--expires", "1d")
    text = home.history.read_text()
    year = json.loads(text)["expires"][:4]
    home.history.write_text(text.replace(f'"expires": "{year}', '"expires": "2001'))
    assert home.links("list") == []


def test_names_of_the_history_are_shown_without_controls(home):
    evil = {
        "event": "shared",
        "link": "http://x/s/a\x1b[2J",
        "manage": "m",
        "name": "\x1b]0;t\a\u202e",
        "size": 1,
    }
    home.history.parent.mkdir(parents=True)
    home.history.write_text(json.dumps({**evil, "time": "2026"}))
    for arguments in (["list"], ["list", "--json"]):
        outcome = home.run(*arguments)
        assert outcome.status == 0
        assert b"\x1b" not in outcome.out
        assert b"a" in outcome.out


def test_a_token_lists_changes_and_deletes_what_its_account_has(new_home, server):
    made = server.run("user", "add", "ada", given="correct horse battery\n")
    assert made.returncode == 0, made.stderr
    homes = {}
    for name, scopes in (("all", ("upload", "read", "delete")), ("uploads", ("upload",))):
        arguments = [part for scope in scopes for part in ("--scope", scope)]
        said = server.run("token", "add", "ada", *arguments).stdout.split()
        homes[name] = new_home(name)
        homes[name].variables["PB_TOKEN"] = next(word for word in said if word.startswith("pb_"))
    elsewhere, home = homes["uploads"], homes["all"]
    elsewhere.file("from.txt", "shared from elsewhere")
    elsewhere.file("album/a.txt", "an album from elsewhere")
    [file] = elsewhere.links("put", "from.txt", "--private")
    [album] = elsewhere.links("put", "album")
    listed = elsewhere.run("list")
    assert (listed.status, listed.out.decode().split()) == (0, [file, album])
    assert "is not listed" in listed.words
    assert home.links("list") == [file, album]
    assert home.links("set", file, "--title", "Mine") == [file]
    assert home.links("set", album, "--title", "Ours") == [album]
    assert [json.loads(line)["name"] for line in home.links("list", "--json")] == ["from.txt", "Ours"]
    assert home.run("rm", file, album).status == 0
    assert home.links("list") == []
    assert home.run("rm", file).status == 5


def test_settings_are_set_shown_and_removed(home):
    del home.variables, home.server
    home.variables, home.server = {}, ""
    assert home.run("list").status == 0
    assert home.run("put", "x").status == 2
    home.config.parent.mkdir(parents=True)
    home.config.write_text("# mine\nserver = 'http://old.example'\n")
    assert home.links("config", "server", "https://new.example/files") == []
    assert home.links("config", "server") == ["https://new.example/files/"]
    assert "# mine" in home.config.read_text()
    home.variables["PB_SERVER"] = "https://other.example"
    assert home.links("config", "server") == ["https://other.example/"]
    assert home.links("config", "server", "--server", "https://third.example") == ["https://third.example/"]
    home.variables = {"PB_CONFIG": str(home.folder / "another.toml")}
    assert home.run("config", "server").status == 2
    home.variables = {}
    assert home.links("config", "server", "--unset") == []
    assert home.run("config", "server").status == 2
    assert home.run("config", "colour", "red").status == 2


def test_a_token_is_kept_for_its_server_and_never_shown(home):
    with answering(200) as ours, answering(200) as other:
        home.server = ours.url
        assert home.run("login", given="pb_id_secret\n").status == 0
        assert ours.requests[0][1:2] == ("/",)
        assert ours.requests[0][2]["Authorization"] == "Bearer pb_id_secret"
        assert 'token = "pb_id_secret"' in home.config.read_text()
        shown = home.run("config")
        assert b"token = set" in shown.out
        assert b"secret" not in shown.out
        home.server = other.url
        assert b"token = \n" in home.run("config").out
        home.run("config", "server", other.url)
        assert "token" not in home.config.read_text()


def test_a_token_that_the_server_refuses_is_not_kept(home):
    with answering(401) as server:
        home.server = server.url
        outcome = home.run("login", given="pb_id_secret\n")
    assert outcome.status == 4
    assert "secret" not in outcome.words
    assert not home.config.exists()


COMPLETE = """
source <(python3 -m pb completion bash)
COMP_WORDS=({words}) COMP_CWORD={place}
_pb
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("words", "place", "expected"),
    [("pb l", 1, {"list", "login"}), ("pb get --o", 2, {"--output"}), ("pb --exp", 1, {"--expires"})],
)
def test_bash_completes(home, words, place, expected):
    script = COMPLETE.format(words=words, place=place).replace("python3", home.command()[0])
    ended = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=home.environment,
        cwd=home.work,
    )
    assert set(ended.stdout.split()) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_and_option_is_in_each_completion(home, shell):
    script = home.run("completion", shell).out.decode()
    for word in (
        "put",
        "get",
        "list",
        "rm",
        "set",
        "login",
        "config",
        "completion",
        "expires",
        "no-resume",
        "unset",
    ):
        assert word in script
    subprocess.run([shell, "-n"], input=script, text=True, check=True, timeout=30)
    assert home.run("completion", "tcsh").status == 2
