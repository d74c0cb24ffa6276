"""`pb get`: links become files, whole and safe."""

import hashlib
import io
import json
import os
import zipfile

import pytest
import requests

from tests.client.lines import answering, cutting

BIG = bytes(range(256)) * 2**12


def share(home, name: str, data: bytes, **fields: str) -> dict:
    """Share a file without `pb`."""
    answer = requests.post(home.server, files={"file": (name, data)}, data=fields, timeout=30)
    assert answer.ok, answer.text
    return answer.json()


@pytest.mark.parametrize("address", ["url_p", "url_i", "url_d", "url_s", "url_m"])
def test_any_address_gives_the_file_under_its_name(home, address):
    said = share(home, "ein Bild ä.bin", BIG)
    assert home.run("get", said[address]).status == 0
    assert (home.work / "ein Bild ä.bin").read_bytes() == BIG
    assert [path.name for path in home.work.iterdir()] == ["ein Bild ä.bin"]


def test_short_codes_and_public_names_are_links_too(home):
    said = share(home, "code.txt", b"by code")
    assert home.run("get", said["url_s"].rpartition("/")[2], "-o", "1").status == 0
    assert home.run("get", said["url_p"].rpartition("/")[2], "-o", "2").status == 0
    assert (home.work / "1").read_bytes() == (home.work / "2").read_bytes() == b"by code"


def test_a_collection_comes_as_a_zip(home):
    home.file("album/a.txt", "a in a zip")
    [link] = home.links("album")
    assert home.run("get", link).status == 0
    with zipfile.ZipFile(home.work / "album.zip") as archive:
        assert archive.read("a.txt") == b"a in a zip"


def test_an_image_comes_in_the_size_that_is_asked_for(home):
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(file, "PNG")
    said = share(home, "teal.png", file.getvalue())
    assert home.run("get", f"{said['url_i']}?w=40", "-o", "small.png").status == 0
    with Image.open(home.work / "small.png") as small:
        assert small.size == (40, 30)


def test_a_file_that_is_there_is_replaced_with_f_alone(home):
    said = share(home, "there.txt", b"new")
    home.file("there.txt", "old")
    refused = home.run("get", said["url_s"])
    assert refused.status == 1
    assert "there.txt is there already" in refused.words
    assert (home.work / "there.txt").read_bytes() == b"old"
    assert home.run("get", "-f", said["url_s"]).status == 0
    assert (home.work / "there.txt").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("said", "saved"),
    [
        ("..%2F..%2Fevil.txt", "evil.txt"),
        ("..%5C..%5Cevil.txt", "evil.txt"),
        ("%2Fetc%2Fpasswd", "passwd"),
        ("..", "_."),
        (".bashrc", "_bashrc"),
        ("a%0Ab%1B%5B31m.txt", "a�b�[31m.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_no_name_of_a_server_leaves_the_folder_or_hides(home, said, saved):
    headers = {"Content_Disposition": f"attachment; filename*=UTF-8''{said}"}
    with answering(200, b"evil", **headers) as server:
        outcome = home.run("get", f"{server.url}d/{'0' * 32}")
    assert outcome.status == 0, outcome.words
    assert [path.name for path in home.work.iterdir()] == [saved]
    assert "\x1b" not in outcome.words
    assert sorted(path.name for path in home.folder.iterdir()) == ["work"]


def test_a_link_in_the_way_is_not_followed(home):
    said = share(home, "way.txt", b"new")
    (home.work / "way.txt").symlink_to(home.folder / "elsewhere")
    assert home.run("get", said["url_s"]).status == 1
    assert home.run("get", "-f", said["url_s"]).status == 0
    assert (home.work / "way.txt").read_bytes() == b"new"
    assert not (home.folder / "elsewhere").exists()


def test_cut_off_it_goes_on_where_it_was(home, server):
    said = share(home, "cut.bin", BIG)
    with cutting(server.port) as proxy:
        proxy.cuts = [("", 0), ("down", 300_000), ("down", 300_000)]
        address = said["url_d"].replace(home.server, f"{proxy.url}/")
        assert home.run("get", address).status == 0
        assert proxy.connections == 4
    assert (home.work / "cut.bin").read_bytes() == BIG


def test_another_run_goes_on_with_what_is_there(home, server):
    said = share(home, "run.bin", BIG)
    with cutting(server.port) as proxy:
        proxy.cuts = [("", 0), ("down", 300_000)]
        address = said["url_d"].replace(home.server, f"{proxy.url}/")
        assert home.run("get", address, "--retries", "0").status == 3
        [part] = home.work.iterdir()
        assert 200_000 < part.stat().st_size < 300_000
        proxy.cuts = [("", 0), ("down", len(BIG) - 100_000)]
        assert home.run("get", address, "--retries", "0").status == 0
    assert [path.name for path in home.work.iterdir()] == ["run.bin"]
    assert (home.work / "run.bin").read_bytes() == BIG


def test_bytes_that_are_not_the_servers_are_not_kept(home):
    etag = f'"{hashlib.sha256(b"right").hexdigest()}"'
    with answering(200, b"wrong", ETag=etag) as server:
        outcome = home.run("get", f"{server.url}d/{'0' * 32}", "--retries", "0")
    assert outcome.status == 3
    assert "what came is not what the server has" in outcome.words
    assert [path.stat().st_size for path in home.work.iterdir()] == [0]


def test_a_download_can_go_to_standard_output(home):
    said = share(home, "out.bin", BIG)
    outcome = home.run("get", "-o", "-", said["url_s"])
    assert (outcome.status, outcome.out) == (0, BIG)


def test_several_go_into_a_folder(home):
    links = [share(home, f"{n}.txt", f"folder {n}".encode())["url_s"] for n in range(2)]
    (home.work / "folder").mkdir()
    assert home.run("get", *links, "-o", "folder").status == 0
    assert sorted(os.listdir(home.work / "folder")) == ["0.txt", "1.txt"]
    assert home.run("get", *links, "-o", "one file").status == 2


def test_a_password_is_asked_for_where_one_is_needed(home):
    said = share(home, "locked.txt", b"locked away", password="sesame")
    assert home.run("get", said["url_s"]).status == 4
    assert home.run("get", said["url_s"], "--password=-", given="wrong\n").status == 4
    assert home.run("get", said["url_s"], "--password=-", given="sesame\n").status == 0
    assert (home.work / "locked.txt").read_bytes() == b"locked away"


def test_a_counted_file_counts_once_however_often_it_is_cut(home, server):
    said = share(home, "counted.bin", BIG, downloads="2")
    with cutting(server.port) as proxy:
        proxy.cuts = [("", 0), ("down", 300_000), ("down", 300_000)]
        [line] = home.links("get", "--json", said["url_d"].replace(home.server, f"{proxy.url}/"))
    assert json.loads(line)["sha256"] == hashlib.sha256(BIG).hexdigest()
    assert requests.get(said["url_m"], timeout=30).json()["downloads_left"] == 1
