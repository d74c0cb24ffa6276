"""The database: tables, engine, transactions."""

from .account import ACCOUNTS, INVITES, SESSIONS, TOKENS, Account, AccountSession, ApiToken, Invite
from .administration import FLAGS, JOBS, WEBHOOKS
from .collection import COLLECTIONS, ITEMS, Collection, CollectionItem
from .content import CONTENTS, Content
from .counts import ACTIVE_DAYS, DAY_COUNTS, FILE_DAYS, add_counts
from .faults import fault_of, summary_of
from .file_request import FILE_REQUESTS, FileRequest
from .meta import Base, make_engine, make_session_factory
from .ownership import AUDIT, BANS, HOLDERS, INVALIDATIONS, LEASES, REPORTS
from .pastefile import FILENAME_LENGTH, FILES, PasteFile
from .retries import retry_on_conflict, retry_on_disconnect
from .sign_in import (
    IDENTITIES,
    PASSKEYS,
    RECOVERY_CODES,
    SECOND_FACTORS,
    SPENT_TOKENS,
    ExternalIdentity,
    Passkey,
    RecoveryCode,
    SecondFactor,
    SpentToken,
)
from .standstill import Standstill
from .state import STATE, THE_ROW, ServiceState
from .upserts import insert_unless_exists, upsert
from .writing import WriteTransactions, after_commit

__all__ = [
    "ACCOUNTS",
    "ACTIVE_DAYS",
    "AUDIT",
    "BANS",
    "COLLECTIONS",
    "CONTENTS",
    "DAY_COUNTS",
    "FILENAME_LENGTH",
    "FILES",
    "FILE_DAYS",
    "FILE_REQUESTS",
    "FLAGS",
    "HOLDERS",
    "IDENTITIES",
    "INVALIDATIONS",
    "INVITES",
    "ITEMS",
    "JOBS",
    "LEASES",
    "PASSKEYS",
    "RECOVERY_CODES",
    "REPORTS",
    "SECOND_FACTORS",
    "SESSIONS",
    "SPENT_TOKENS",
    "STATE",
    "THE_ROW",
    "TOKENS",
    "WEBHOOKS",
    "Account",
    "AccountSession",
    "ApiToken",
    "Base",
    "Collection",
    "CollectionItem",
    "Content",
    "ExternalIdentity",
    "FileRequest",
    "Invite",
    "Passkey",
    "PasteFile",
    "RecoveryCode",
    "SecondFactor",
    "ServiceState",
    "SpentToken",
    "Standstill",
    "WriteTransactions",
    "add_counts",
    "after_commit",
    "fault_of",
    "insert_unless_exists",
    "make_engine",
    "make_session_factory",
    "retry_on_conflict",
    "retry_on_disconnect",
    "summary_of",
    "upsert",
]
