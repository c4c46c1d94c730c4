"""Plans and their earlier wordings."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, SmallInteger, Table, UniqueConstraint

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata

plan = Table(
    "plan",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("trainee_id", ID, cascading_fk("trainee.id"), nullable=False, comment="whose"),
    Column("kind", WORD, nullable=False, comment="fear | bystander | listening | practice"),
    Column("cue_locked", LargeBinary, nullable=False, comment="the if, encrypted with the personal key"),
    Column(
        "response_locked", LargeBinary, nullable=False, comment="the then, encrypted with the personal key"
    ),
    Column("state", WORD, nullable=False, comment="active | finished | retired"),
    Column("created_at", UtcDateTime, nullable=False, comment="when it was written"),
    Column("times_asked", Integer, nullable=False, comment="check-ins that asked about it"),
    Column("last_asked_at", UtcDateTime, comment="latest of them"),
    Column("next_moment_on", Date, comment="the expected day of the moment, in the trainee's zone"),
    Column("form_id", ID, comment="the modal that wrote it: a double submit is one plan"),
    Column("coping_locked", LargeBinary, comment="what to do if it goes badly, encrypted likewise"),
    Column(
        "remind",
        SmallInteger,
        nullable=False,
        server_default="0",
        comment="1: a reminder of its moment is wanted",
    ),
    Column("reminders_sent", SmallInteger, nullable=False, server_default="0", comment="three at most"),
    Column("remind_at", UtcDateTime, comment="due: the reminder; long past: its day must be recomputed"),
    UniqueConstraint("trainee_id", "form_id"),
    Index(None, "remind_at"),
)

plan_wording = Table(
    "plan_wording",
    metadata,
    Column("plan_id", ID, cascading_fk("plan.id"), primary_key=True, comment="the plan"),
    Column("number", Integer, primary_key=True, comment="1 for the first wording"),
    Column("cue_locked", LargeBinary, nullable=False, comment="the if, encrypted with the personal key"),
    Column(
        "response_locked", LargeBinary, nullable=False, comment="the then, encrypted with the personal key"
    ),
    Column(
        "replaced_on_locked", LargeBinary, nullable=False, comment="the day of the change, encrypted likewise"
    ),
)
