"""The compiled modules are the ones in use, unless they were turned off."""

import json
import os
import subprocess
import sys
from importlib import import_module

import pytest

from pastebin import _speedups

NO_SHA = "this processor has no SHA instructions"


def expected(name: str) -> str:
    """Return which twin of a module has to be in use here."""
    if os.environ.get("PASTEBIN_NO_EXTENSIONS") == "1":
        return "python"
    try:
        import_module(f"pastebin._speedups._{name}_c")
    except ImportError as error:
        if str(error) == NO_SHA:
            return "python"
    return "compiled"


def status_with(**environ: str) -> dict[str, str]:
    """Return the status a new process tells."""
    program = "import json; from pastebin._speedups import status; print(json.dumps(status()))"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", _speedups.MODULES)
def test_the_compiled_twin_is_in_use(name):
    dispatcher = import_module(f"pastebin._speedups.{name}")
    assert ("compiled" if dispatcher.COMPILED else "python") == expected(name)


@pytest.mark.parametrize("name", _speedups.MODULES)
def test_the_dispatcher_hands_out_one_twin_whole(name):
    dispatcher = import_module(f"pastebin._speedups.{name}")
    twin = import_module(f"pastebin._speedups._{name}_{'c' if dispatcher.COMPILED else 'py'}")
    names = [public for public in dispatcher.__all__ if public != "COMPILED"]
    assert names
    assert all(getattr(dispatcher, public) is getattr(twin, public) for public in names)


def test_status_tells_all():
    assert _speedups.status() == {name: expected(name) for name in _speedups.MODULES}


def test_the_environment_turns_all_off():
    assert status_with(PASTEBIN_NO_EXTENSIONS="1") == dict.fromkeys(_speedups.MODULES, "python")


def test_only_a_one_turns_them_off():
    if os.environ.get("PASTEBIN_NO_EXTENSIONS") == "1":
        pytest.skip("turned off, and perhaps not built")
    assert status_with(PASTEBIN_NO_EXTENSIONS="0") == _speedups.status()
