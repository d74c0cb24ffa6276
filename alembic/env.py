"""Run migrations on the database that the same INI file gives the service.

alembic -c development.ini upgrade head
"""

import os
from pathlib import Path

from pyramid.paster import get_appsettings, setup_logging
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from alembic import context
from pastebin.errors import ConfigurationError
from pastebin.models import Base, make_engine, summary_of
from pastebin.settings import Settings
from pastebin.startup import make_private

config = context.config
setup_logging(config.config_file_name)
settings = Settings.load(get_appsettings(config.config_file_name), os.environ)


def run_offline() -> None:
    """Print the SQL of the migrations."""
    context.configure(url=settings.sqlalchemy_url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Change the database."""
    engine = make_engine(settings.sqlalchemy_url)
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and not path.startswith((":memory:", "file:")):
        make_private(Path(path))
    with _connected(engine) as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _connected(engine: Engine) -> Connection:
    """Return a connection; ConfigurationError, which is a line, for a database that does not answer."""
    try:
        return engine.connect()
    except OperationalError as error:
        raise ConfigurationError(
            f"pastebin.database_url names a database that does not answer: {summary_of(error)}"
        ) from None


if context.is_offline_mode():
    run_offline()
else:
    run_online()
