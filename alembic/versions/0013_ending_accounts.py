"""Note which accounts are being deleted: their files end a few at a time."""

import sqlalchemy as sa

from alembic import op
from pastebin.models.losses import refuse_to_lose
from pastebin.models.types import UTCDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("Account", sa.Column("ended", UTCDateTime, nullable=True))


def downgrade() -> None:
    account = sa.table("Account", sa.column("id"), sa.column("ended"))
    refuse_to_lose(
        op.get_bind(),
        sa.select(account.c.id).where(account.c.ended.is_not(None)),
        "that these accounts are being deleted",
        "Let the service run until they are gone.",
    )
    op.drop_column("Account", "ended")
