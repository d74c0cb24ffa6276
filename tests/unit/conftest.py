"""Services in this process for the tests of this folder."""

from tests.inprocess.fixtures import no_settings_from_outside, service, sqlite_service, sqlite_template, start

__all__ = ["no_settings_from_outside", "service", "sqlite_service", "sqlite_template", "start"]
