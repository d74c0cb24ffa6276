"""What several views need of HTTP: bodies, negotiation, file answers, headers, sessions, addresses."""

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Set up requests, and what every answer has."""
    config.include(".ingress")
    config.include(".request")
    config.include(".security")
    config.include(".addresses")
    config.include(".response_headers")
    config.include(".sessions")
    config.include(".branding")
    config.include(".languages")
    config.include(".compression")
    config.include(".template_globals")
    config.include(".api")
