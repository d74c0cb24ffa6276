"""Let jobs of webhooks say which file they tell of, so that its name goes with it.

What was written before does not say it; it is forgotten within a day anyway.
"""

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("Job", sa.Column("file_id", sa.BigInteger, nullable=True))
    op.create_index("ix_Job_file_id", "Job", ["file_id"])


def downgrade() -> None:
    op.drop_index("ix_Job_file_id", "Job")
    op.drop_column("Job", "file_id")
