"""HTTP and nothing else: each view reads a request, asks a service, and words the answer."""

from pyramid.config import Configurator

from .read_only import while_read_only


def includeme(config: Configurator) -> None:
    """Register templates, static files and every view of this package."""
    config.include("pyramid_mako")
    config.add_settings({"mako.directories": "pastebin:templates", "mako.strict_undefined": "true"})
    config.add_view_deriver(while_read_only, "read_only")
    config.include(".uploads")
    config.scan(".")
