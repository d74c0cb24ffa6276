"""Indexes of some rows alone, which SQLite uses only for statements that it sees to ask for no others."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Engine

from pastebin.models import FILES, Base, make_engine
from pastebin.services import collections, links, listing, quotas, sweeper
from tests.inprocess import Service

SPARSE = {
    "source_id": links._COPIES,
    "collection_id": collections._FOREIGN,
    "expires": sweeper._DUE,
    "owner_id": quotas._USED,
    "listed": listing._LISTED.order_by(FILES.c.id.desc()),
}


@pytest.mark.parametrize(("column", "statement"), SPARSE.items())
def test_a_statement_uses_its_index(service: Service, column: str, statement: Any) -> None:
    asked = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    with service.registry.services.engine.connect() as connection:
        blanks = (None,) * len(asked.positiontup)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", blanks).all()
    assert any(f"ix_PasteFile_{column} " in step.detail for step in plan), plan


def test_migrations_leave_out_the_rows_that_the_models_leave_out(service: Service, tmp_path: Path) -> None:
    fresh = make_engine(f"sqlite:///{tmp_path}/fresh.sqlite")
    Base.metadata.create_all(fresh)
    migrated = service.registry.services.engine
    assert _conditions(fresh) == _conditions(migrated)
    assert {f"ix_PasteFile_{column}" for column in SPARSE} == _conditions(migrated).keys()


def _conditions(engine: Engine) -> dict[str, str]:
    """Return which rows each index holds that does not hold all."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql LIKE '% WHERE %'")
        return {name: sql.partition(" WHERE ")[2] for name, sql in found}
