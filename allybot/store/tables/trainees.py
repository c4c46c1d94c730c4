"""Trainees."""

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, Table, UniqueConstraint, false

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata, where

trainee = Table(
    "trainee",
    metadata,
    Column("id", ID, primary_key=True, comment="random; not derived from Slack's id"),
    Column(
        "workspace_id", ID, cascading_fk("workspace.id"), nullable=False, comment="the trainee's workspace"
    ),
    Column("slack_user", ID, nullable=False, comment="Slack user id"),
    Column("program_id", ID, cascading_fk("program.id"), nullable=False, comment="the trainee's program"),
    Column(
        "cohort_id", ID, cascading_fk("cohort.id"), nullable=False, comment="sets the dates of the ladder"
    ),
    Column("state", WORD, nullable=False, comment="see domain.trainee.TraineeState"),
    Column("zone", WORD, nullable=False, comment="IANA zone, refreshed from Slack"),
    Column("locale", WORD, nullable=False, comment="Slack locale"),
    Column("dm_channel", ID, comment="DM with the bot, once opened"),
    Column("consented_at", UtcDateTime, comment="time of consent; only the welcome is sent before"),
    Column("next_step", Integer, comment="the next step of the ladder (a day), NULL after the last"),
    Column("next_check_in_at", UtcDateTime, comment="due: this row is the schedule"),
    Column(
        "moved_days",
        Integer,
        nullable=False,
        server_default="0",
        comment="days by which pauses moved the ladder",
    ),
    Column("paused_until", UtcDateTime, comment="due: end of the pause, NULL for an open one"),
    Column("silent_steps", Integer, nullable=False, comment="steps in a row without a tap"),
    Column("pace", WORD, nullable=False, comment="normal | slower (every other step)"),
    Column(
        "quiet_days", WORD, comment="weekdays without unsolicited messages, Monday is 0: 24; NULL for none"
    ),
    Column("check_in_hour", SmallInteger, comment="local hour of check-ins, NULL for the usual one"),
    Column("away_until", UtcDateTime, comment="due: end of a dated away status in Slack; cleared after"),
    Column(
        "may_wait",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="their answers may wait in the program's pool: consent said so, or they agreed later",
    ),
    Column("record_due_at", UtcDateTime, comment="due: the private record is read for a reminder of the day"),
    Column("goodbye_at", UtcDateTime, comment="due: when the goodbye is sent"),
    Column("delete_after", UtcDateTime, comment="due: from here on the row may be deleted"),
    UniqueConstraint("workspace_id", "slack_user"),
    Index(None, "state", "next_check_in_at"),  # who stopped keeps a moment that is long past
    Index(None, "state", "record_due_at"),
    Index(None, "program_id", "id"),  # in pages
    Index(None, "state", "paused_until", **where("paused_until IS NOT NULL")),
    Index(None, "goodbye_at", **where("goodbye_at IS NOT NULL")),
    Index(None, "delete_after", **where("delete_after IS NOT NULL")),
)
