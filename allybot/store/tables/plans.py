"""Plans and how they read before."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, SmallInteger, Table, UniqueConstraint

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata

plan = Table(
    "plan",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("trainee_id", ID, cascading_fk("trainee.id"), nullable=False, comment="whose"),
    Column("kind", WORD, nullable=False, comment="fear | bystander | listening | practice"),
    Column("cue_locked", LargeBinary, nullable=False, comment="the if, under his own key"),
    Column("response_locked", LargeBinary, nullable=False, comment="the then, under his own key"),
    Column("state", WORD, nullable=False, comment="active | finished | retired"),
    Column("created_at", UtcDateTime, nullable=False, comment="when he wrote it"),
    Column("times_asked", Integer, nullable=False, comment="check-ins that asked about it"),
    Column("last_asked_at", UtcDateTime, comment="latest of them"),
    Column("next_moment_on", Date, comment="the day he expects the moment, in his zone"),
    Column("form_id", ID, comment="the modal that wrote it: a double submit is one plan"),
    Column("coping_locked", LargeBinary, comment="what he does if it goes badly, under his own key"),
    Column("remind", SmallInteger, nullable=False, server_default="0", comment="1: remind him of its moment"),
    Column("reminders_sent", SmallInteger, nullable=False, server_default="0", comment="three at most"),
    Column("remind_at", UtcDateTime, comment="due: the reminder; long past: its day is to be found anew"),
    UniqueConstraint("trainee_id", "form_id"),
    Index(None, "remind_at"),
)

plan_wording = Table(
    "plan_wording",
    metadata,
    Column("plan_id", ID, cascading_fk("plan.id"), primary_key=True, comment="how this plan read before"),
    Column("number", Integer, primary_key=True, comment="1 for the first wording"),
    Column("cue_locked", LargeBinary, nullable=False, comment="the if, under its owner's key"),
    Column("response_locked", LargeBinary, nullable=False, comment="the then, under its owner's key"),
    Column("replaced_on_locked", LargeBinary, nullable=False, comment="the day he changed it, likewise"),
)
