"""Check-ins."""

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, UniqueConstraint

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata

check_in = Table(
    "check_in",
    metadata,
    Column("id", ID, primary_key=True, comment="made of trainee and step; in the message's buttons"),
    Column("trainee_id", ID, cascading_fk("trainee.id"), nullable=False, comment="who is asked"),
    Column("step", SmallInteger, nullable=False, comment="day of the ladder: 3 ... 90"),
    Column("window_id", ID, ForeignKey("window.id"), comment="where the answer counts, NULL for day 90"),
    Column("due_at", UtcDateTime, nullable=False, comment="due: when it is asked"),
    Column("state", WORD, nullable=False, comment="asked | answered | silent | cancelled"),
    Column("follow_up_at", UtcDateTime, comment="due: the one follow-up, NULL once queued or not wanted"),
    Column("times_put_off", SmallInteger, nullable=False, comment='how often "not today" was pressed'),
    UniqueConstraint("trainee_id", "step"),
    Index(None, "follow_up_at"),
)
