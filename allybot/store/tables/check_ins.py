"""Check-ins."""

from sqlalchemy import Column, Date, ForeignKey, Index, SmallInteger, Table, UniqueConstraint

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata

check_in = Table(
    "check_in",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("trainee_id", ID, cascading_fk("trainee.id"), nullable=False, comment="who is asked"),
    Column("step", SmallInteger, nullable=False, comment="day of the ladder: 3 ... 90"),
    Column("plan_id", ID, ForeignKey("plan.id", ondelete="SET NULL"), comment="the focus plan asked about"),
    Column("window_id", ID, ForeignKey("window.id"), comment="where the answer counts, NULL for day 90"),
    Column("due_at", UtcDateTime, nullable=False, comment="due: when it is asked"),
    Column("since", Date, nullable=False, comment="first day of the period it asks about, in his zone"),
    Column("state", WORD, nullable=False, comment="asked | answered | silent | cancelled"),
    Column("follow_up_at", UtcDateTime, comment="due: the one follow-up, NULL once queued or not wanted"),
    Column("times_put_off", SmallInteger, nullable=False, comment="how often he said not today"),
    UniqueConstraint("trainee_id", "step"),
    Index(None, "follow_up_at"),
    Index(None, "plan_id"),
)
