"""What every operation of the API has in common: rights, forms of bodies and answers, conditions, pages.

An operation is described once, where its view is (`operations.operation`). The description is what
requests are checked against (`checking`), and what `/api/v1/openapi.json` says (`document`).
"""

from pyramid.config import Configurator
from pyramid.renderers import JSON


def includeme(config: Configurator) -> None:
    """Set up how views of the API are checked, and what their answers have."""
    config.add_renderer("api", JSON())
    config.include(".checking")
    config.include(".open_answers")
