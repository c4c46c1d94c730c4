"""Trainees."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, SmallInteger, Table, UniqueConstraint

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata, where

trainee = Table(
    "trainee",
    metadata,
    Column("id", ID, primary_key=True, comment="random; nothing of Slack's id in it"),
    Column("workspace_id", ID, cascading_fk("workspace.id"), nullable=False, comment="their workspace"),
    Column("slack_user", ID, nullable=False, comment="their Slack user id"),
    Column("program_id", ID, cascading_fk("program.id"), nullable=False, comment="their program"),
    Column("cohort_id", ID, cascading_fk("cohort.id"), nullable=False, comment="sets their dates only"),
    Column("state", WORD, nullable=False, comment="see domain.trainee.TraineeState"),
    Column("zone", WORD, nullable=False, comment="their IANA zone, refreshed from Slack"),
    Column("locale", WORD, nullable=False, comment="their Slack locale"),
    Column("dm_channel", ID, comment="their DM with the bot, once opened"),
    Column("consented_at", UtcDateTime, comment="when they consented; only the welcome is sent before"),
    Column("next_step", Integer, comment="day of the ladder that comes next, NULL after the last"),
    Column("next_check_in_at", UtcDateTime, comment="due: this row is the schedule"),
    Column(
        "moved_days", Integer, nullable=False, server_default="0", comment="days pauses moved their ladder"
    ),
    Column("paused_until", UtcDateTime, comment="due: back from a pause, NULL for an open one"),
    Column("silent_steps", Integer, nullable=False, comment="steps in a row without a tap"),
    Column("pace", WORD, nullable=False, comment="normal | slower (every other step)"),
    Column("focus_plan_id", ID, comment="the chosen focus plan, NULL lets the ladder choose"),
    Column("why_locked", LargeBinary, comment="their personal why, encrypted with their key"),
    Column(
        "quiet_days", WORD, comment="weekdays without unsolicited messages, Monday is 0: 24; NULL for none"
    ),
    Column("check_in_hour", SmallInteger, comment="chosen local hour for check-ins, NULL for the default"),
    Column(
        "asked_circle_on", Date, comment="local day of the last question to the circle; cleared on a new day"
    ),
    Column("goodbye_at", UtcDateTime, comment="due: when the goodbye goes out"),
    Column("delete_after", UtcDateTime, comment="due: from here on the row may be deleted"),
    UniqueConstraint("workspace_id", "slack_user"),
    Index(None, "state", "next_check_in_at"),  # who stopped keeps a moment that is long past
    Index(None, "program_id"),
    Index(None, "state", "paused_until", **where("paused_until IS NOT NULL")),
    Index(None, "goodbye_at", **where("goodbye_at IS NOT NULL")),
    Index(None, "delete_after", **where("delete_after IS NOT NULL")),
)
