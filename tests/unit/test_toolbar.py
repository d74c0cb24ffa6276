"""The debug toolbar: in development where it is installed, and never in the way of an upload."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pastebin

TOOLBAR = """
def includeme(config):
    config.registry["panels"] = config.registry.settings["debugtoolbar.panels"]
"""


@pytest.fixture
def _toolbar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install what looks like the toolbar to whoever includes it."""
    (tmp_path / "pyramid_debugtoolbar.py").write_text(TOOLBAR)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("pyramid_debugtoolbar", None)


def panels(data: Path, environment: str) -> str | None:
    """Return the panels that an application's toolbar has; None if it has no toolbar."""
    settings = {"environment": environment, "data": str(data), "secret": "only-for-this-very-test"}
    app = pastebin.main({}, **{f"pastebin.{name}": value for name, value in settings.items()})
    app.registry.services.engine.dispose()
    found: str | None = app.registry.get("panels")
    return found


@pytest.mark.usefixtures("_toolbar")
def test_it_is_there_in_development_but_does_not_read_bodies(tmp_path: Path) -> None:
    found = (panels(tmp_path / "data", "development") or "").split()
    assert "performance" in found
    assert "request_vars" not in found


@pytest.mark.usefixtures("_toolbar")
def test_it_is_never_there_in_production(tmp_path: Path) -> None:
    assert panels(tmp_path / "data", "production") is None
