"""A file host: preview pages, short links, downloads, and any size or crop of an image."""

from typing import Any

from .version import __version__

__all__ = ["__version__", "main"]


def main(global_config: dict[str, Any] | None, **ini: Any) -> Any:
    """Return the WSGI application (`paste.app_factory`); ConfigurationError if a setting is wrong."""
    # Here, because worker processes import this package without a web framework.
    from .application import make_application  # noqa: PLC0415

    return make_application(ini)
