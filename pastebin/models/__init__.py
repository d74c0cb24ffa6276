"""The database: tables, engine, transactions."""

from .collection import COLLECTIONS, ITEMS, Collection, CollectionItem
from .content import CONTENTS, Content
from .faults import fault_of, summary_of
from .meta import Base, make_engine, make_session_factory
from .ownership import AUDIT, BANS, HOLDERS, INVALIDATIONS, LEASES, REPORTS
from .pastefile import FILENAME_LENGTH, FILES, PasteFile
from .retries import retry_on_conflict, retry_on_disconnect
from .state import STATE, THE_ROW, ServiceState
from .upserts import insert_unless_exists, upsert
from .writing import WriteTransactions

__all__ = [
    "AUDIT",
    "BANS",
    "COLLECTIONS",
    "CONTENTS",
    "FILENAME_LENGTH",
    "FILES",
    "HOLDERS",
    "INVALIDATIONS",
    "ITEMS",
    "LEASES",
    "REPORTS",
    "STATE",
    "THE_ROW",
    "Base",
    "Collection",
    "CollectionItem",
    "Content",
    "PasteFile",
    "ServiceState",
    "WriteTransactions",
    "fault_of",
    "insert_unless_exists",
    "make_engine",
    "make_session_factory",
    "retry_on_conflict",
    "retry_on_disconnect",
    "summary_of",
    "upsert",
]
