"""The database: tables, engine, transactions."""

from .content import CONTENTS, Content
from .meta import Base, make_engine, make_session_factory
from .pastefile import FILENAME_LENGTH, FILES, PasteFile
from .retries import retry_on_conflict, retry_on_disconnect
from .upserts import insert_unless_exists, upsert
from .writing import WriteTransactions

__all__ = [
    "CONTENTS",
    "FILENAME_LENGTH",
    "FILES",
    "Base",
    "Content",
    "PasteFile",
    "WriteTransactions",
    "insert_unless_exists",
    "make_engine",
    "make_session_factory",
    "retry_on_conflict",
    "retry_on_disconnect",
    "upsert",
]
