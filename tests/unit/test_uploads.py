"""Taking files in: what an uploader may ask for."""

import pytest

from pastebin.errors import BadTransform
from pastebin.images import ImageLimits, Transform
from pastebin.services.terms import Terms
from pastebin.services.uploads import UploadOptions

LIMITS = ImageLimits()


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({}, UploadOptions()),
        ({"w": "", "h": "", "unlisted": ""}, UploadOptions()),
        ({"w": "80"}, UploadOptions(Transform(width=80))),
        (
            {"w": "80", "h": "60", "unlisted": "1"},
            UploadOptions(Transform(width=80, height=60), Terms(visibility="unlisted")),
        ),
        ({"fit": "crop", "q": "1", "x": "5"}, UploadOptions()),
    ],
)
def test_options_are_read_from_the_fields_of_a_form(fields: dict[str, str], options: UploadOptions) -> None:
    assert UploadOptions.from_fields(fields, LIMITS) == options


@pytest.mark.parametrize("fields", [{"w": "0"}, {"h": "x"}, {"w": "99999"}])
def test_a_wrong_size_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(BadTransform):
        UploadOptions.from_fields(fields, LIMITS)
