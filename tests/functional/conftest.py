"""Services in this process for the tests of this folder."""

from tests.inprocess.fixtures import (
    each_service,
    emptied,
    mariadb_service,
    no_settings_from_outside,
    service,
    shared_template,
    sqlite_service,
    sqlite_template,
    start,
)
from tests.inprocess.passwords import quick_passwords

__all__ = [
    "each_service",
    "emptied",
    "mariadb_service",
    "no_settings_from_outside",
    "quick_passwords",
    "service",
    "shared_template",
    "sqlite_service",
    "sqlite_template",
    "start",
]
