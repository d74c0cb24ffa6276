"""What all tests of images need."""

import pathlib

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Pillow warn about broken metadata, as `pastebin.images.decoding` does in the service.

    pytest sets the filters anew for each test, after that module has set its own.
    """
    here = pathlib.Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(r"ignore::UserWarning:PIL\."))
