"""The database: tables, engine, transactions."""

from .account import ACCOUNTS, INVITES, SESSIONS, TOKENS, Account, AccountSession, ApiToken, Invite
from .collection import COLLECTIONS, ITEMS, Collection, CollectionItem
from .content import CONTENTS, Content
from .faults import fault_of, summary_of
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
from .state import STATE, THE_ROW, ServiceState
from .upserts import insert_unless_exists, upsert
from .writing import WriteTransactions

__all__ = [
    "ACCOUNTS",
    "AUDIT",
    "BANS",
    "COLLECTIONS",
    "CONTENTS",
    "FILENAME_LENGTH",
    "FILES",
    "HOLDERS",
    "IDENTITIES",
    "INVALIDATIONS",
    "INVITES",
    "ITEMS",
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
    "Account",
    "AccountSession",
    "ApiToken",
    "Base",
    "Collection",
    "CollectionItem",
    "Content",
    "ExternalIdentity",
    "Invite",
    "Passkey",
    "PasteFile",
    "RecoveryCode",
    "SecondFactor",
    "ServiceState",
    "SpentToken",
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
