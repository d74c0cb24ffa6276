"""Every setting is read, typed and checked once, and everything that is wrong is said at once."""

import os
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from pastebin.errors import ConfigurationError
from pastebin.settings import SHIPPED_SECRET, Settings

OWN_SECRET = "sixteen or more characters"


def load(environ: dict[str, str] | None = None, **ini: str) -> Settings:
    """Return the settings of an INI file and an environment."""
    return Settings.load({f"pastebin.{name}": text for name, text in ini.items()}, environ or {})


def faults(environ: dict[str, str] | None = None, **ini: str) -> list[str]:
    """Return what is wrong, a line each."""
    with pytest.raises(ConfigurationError) as caught:
        load(environ, **ini)
    first, *rest = str(caught.value).splitlines()
    assert first == "Wrong settings:"
    return [line.strip() for line in rest]


def test_without_any_setting_all_have_their_defaults() -> None:
    settings = load()
    assert settings.environment == "development"
    assert not settings.is_production
    assert settings.max_upload_size == 2 * 2**30
    assert settings.sqlalchemy_url == f"sqlite:///{Path('var').absolute()}/pastebin.sqlite"
    assert settings.files_path == Path("var").absolute() / "files"
    assert settings.derived_path == Path("var").absolute() / "derived"
    assert settings.legacy_folder is None


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("environment", "production", "production"),
        ("data", "/srv/files", Path("/srv/files")),
        ("data", "~", Path.home()),
        ("data", "relative", Path("relative").absolute()),
        ("files_folder", "", None),
        ("legacy_folder", "/old", Path("/old")),
        ("derived_size", "1.5k", 1536),
        ("database_url", "mysql+pymysql://a:b@h/d", "mysql+pymysql://a:b@h/d"),
        ("cache", "memcached", "memcached"),
        ("cache_entries", "1", 1),
        ("cache_seconds", "2592000", 2592000),
        ("memcached_servers", "a:1, b:2\nc:3", ("a:1", "b:2", "c:3")),
        ("public_url", "https://files.example.org/", "https://files.example.org"),
        ("public_url", "http://example.org:8080/files", "http://example.org:8080/files"),
        ("sendfile", "x-accel", "x-accel"),
        ("durability", "relaxed", "relaxed"),
        ("short_alphabet", "01", "01"),
        ("short_block_size", "0", 0),
        ("short_min_length", "64", 64),
        ("site_name", "Ünsere Dateien", "Ünsere Dateien"),
        ("accent_color", "#2F6F4f", "#2f6f4f"),
        ("accent_color", "", ""),
        (
            "legal_links",
            "Imprint https://a.org/i\n\n Our terms  /terms",
            (("Imprint", "https://a.org/i"), ("Our terms", "/terms")),
        ),
        ("public_listing", "Yes", True),
        ("robots_index", "off", False),
    ],
)
def test_a_setting_is_what_its_text_says(name: str, text: str, value: object) -> None:
    settings = load(secret=OWN_SECRET, **{name: text})
    assert getattr(settings, name) == value


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("environment", "Production", "one of development, production"),
        ("environment", "", "one of"),
        ("data", "", "name a folder"),
        ("data", "~no-such-user/files", "a home that exists"),
        ("derived_size", "much", "a size such as"),
        ("max_upload_size", "0", "at least 1 byte"),
        ("database_url", "pastebin.sqlite", "a database address"),
        ("cache", "redis", "one of memory, memcached"),
        ("cache_entries", "0", "from 1 to"),
        ("cache_entries", "1.5", "whole number"),
        ("cache_entries", "٣", "whole number"),
        ("cache_entries", "9" * 5000, "whole number"),
        ("cache_seconds", "2592001", "to 2592000"),  # memcached takes more for a date
        ("public_url", "files.example.org", "http or https address"),
        ("public_url", "ftp://files.example.org", "http or https address"),
        ("public_url", "https://files.example.org/?a=b", "http or https address"),
        ("public_url", "https://", "http or https address"),
        ("public_url", "https://[", "http or https address"),
        ("public_url", "https://a:b/", "http or https address"),
        ("sendfile", "on", "one of off, x-accel"),
        ("durability", "none", "one of full, relaxed"),
        ("max_image_pixels", "-1", "whole number"),
        ("short_alphabet", "a", "two different"),
        ("short_alphabet", "abca", "two different"),
        ("short_alphabet", "ab/", "two different"),
        ("short_block_size", "64", "from 0 to 63"),
        ("short_min_length", "0", "from 1 to 64"),
        ("site_name", "", "1 to 60 characters"),
        ("site_name", "a\nb", "in one line"),
        ("site_name", "x" * 61, "1 to 60 characters"),
        ("logo", "/no/such/file.png", "a file that exists"),
        ("logo", "/" + "a" * 5000, "a file that exists"),
        ("accent_color", "green", "a colour such as"),
        ("accent_color", "#12345", "a colour such as"),
        ("legal_links", "https://example.org", "a name and an address"),
        ("legal_links", "Imprint javascript:alert(1)", "a name and an address"),
        ("legal_links", "Imprint //example.org", "a name and an address"),
        ("public_listing", "maybe", "true or false"),
        ("robots_index", "", "true or false"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_must_be(name: str, text: str, hint: str) -> None:
    (fault,) = faults(**{name: text})
    assert fault.startswith(f"pastebin.{name} must ")
    assert hint in fault
    assert fault.endswith(f"not {text.strip()!r}")


def test_all_faults_are_in_one_message() -> None:
    found = faults(
        {"PASTEBIN_CACHE_ENTRIES": "none", "PASTEBIN_NEW": "1"}, cache="redis", colour="red", data=""
    )
    assert sorted(fault.split()[0] for fault in found) == [
        "PASTEBIN_CACHE_ENTRIES",
        "PASTEBIN_NEW",
        "pastebin.cache",
        "pastebin.colour",
        "pastebin.data",
    ]


@pytest.mark.parametrize("name", ["max_upload", "MAX_UPLOAD_SIZE", "", "pastebin.data"])
def test_an_unknown_name_in_the_file_is_a_fault(name: str) -> None:
    assert faults(**{name: "1"}) == [f"pastebin.{name} is no setting of this version"]


def test_an_unknown_name_in_the_environment_is_a_fault() -> None:
    assert faults({"PASTEBIN_MAX_UPLOAD": "1"}) == ["PASTEBIN_MAX_UPLOAD is no setting of this version"]


def test_what_is_not_for_this_service_is_left_alone() -> None:
    environ = {"PATH": "/bin", "PORT": "80", "PASTE": "x", "PASTEBIN": "x"}
    assert Settings.load({"pyramid.reload_templates": "1", "pastebinx": "2"}, environ) == load()


@pytest.mark.parametrize("name", ["PASTEBIN_NO_EXTENSIONS", "PASTEBIN_REQUIRE_EXTENSIONS"])
def test_the_switches_of_the_build_are_no_settings(name: str) -> None:
    assert load({name: "1"}) == load()


def test_the_environment_wins_over_the_file() -> None:
    settings = load({"PASTEBIN_MAX_UPLOAD_SIZE": "5 MiB"}, max_upload_size="1 MiB", cache_entries="7")
    assert (settings.max_upload_size, settings.cache_entries) == (5 * 2**20, 7)


def test_the_environment_mends_the_file() -> None:
    assert load({"PASTEBIN_CACHE": "memory"}, cache="redis").cache == "memory"


def test_a_fault_is_named_by_where_it_is() -> None:
    (fault,) = faults({"PASTEBIN_CACHE": "redis"}, cache="memory")
    assert fault.startswith("PASTEBIN_CACHE must be one of")


@pytest.mark.parametrize("item", fields(Settings), ids=lambda item: item.name)
def test_every_setting_can_come_from_the_environment(item) -> None:
    default = item.metadata["default"]
    variable = f"PASTEBIN_{item.name.upper()}"
    assert load({variable: default}) == load()


def test_production_refuses_the_shipped_secret() -> None:
    for given in ({}, {"secret": SHIPPED_SECRET}):
        (fault,) = faults(environment="production", **given)
        assert fault.startswith("pastebin.secret is the one this software ships with")
    (fault,) = faults({"PASTEBIN_SECRET": SHIPPED_SECRET}, environment="production", secret=OWN_SECRET)
    assert fault.startswith("pastebin.secret is the one this software ships with")


@pytest.mark.parametrize("secret", ["", "fifteen letters"])
def test_production_refuses_a_short_secret(secret: str) -> None:
    assert faults(environment="production", secret=secret) == [
        "pastebin.secret must have 16 characters or more"
    ]


def test_production_starts_with_a_secret_of_its_own() -> None:
    settings = load({"PASTEBIN_SECRET": OWN_SECRET}, environment="production", secret=SHIPPED_SECRET)
    assert settings.is_production


def test_development_starts_with_the_shipped_secret() -> None:
    assert load().secret == SHIPPED_SECRET


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"mail_url": "smtp://mail.example.org", "mail_from": "a@example.org"}, "pastebin.mail_from and"),
        (
            {"mail_url": "smtp://mail.example.org", "public_url": "https://a.example"},
            "pastebin.mail_from and",
        ),
        ({"oidc_issuer": "https://id.example", "oidc_client_id": "x"}, "pastebin.oidc_client_id and"),
        (
            {"oidc_issuer": "https://id.example", "public_url": "https://a.example"},
            "pastebin.oidc_client_id and",
        ),
    ],
)
def test_what_goes_out_with_our_address_needs_one_of_our_own(given: dict[str, str], named: str) -> None:
    """What a request calls its host is never in a message, nor told to a provider."""
    (fault,) = faults(**given)
    assert fault.startswith(f"{named} pastebin.public_url must be set")


def test_memcached_needs_a_server() -> None:
    (fault,) = faults(cache="memcached", memcached_servers=" ")
    assert fault.startswith("pastebin.memcached_servers must name a server")


def test_a_secret_that_is_wrong_is_not_printed() -> None:
    assert "fifteen letters" not in str(faults(environment="production", secret="fifteen letters"))


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        load().cache = "memcached"


def test_the_message_alone_ends_the_process() -> None:
    program = "import pastebin; pastebin.main({}, **{'pastebin.cache': 'redis', 'pastebin.colour': 'red'})"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "Wrong settings:",
        "  pastebin.colour is no setting of this version",
        "  pastebin.cache must be one of memory, memcached, not 'redis'",
    ]
