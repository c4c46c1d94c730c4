"""Trainees."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, SmallInteger, Table, UniqueConstraint

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata, where

trainee = Table(
    "trainee",
    metadata,
    Column("id", ID, primary_key=True, comment="random; nothing of Slack's id in it"),
    Column("workspace_id", ID, cascading_fk("workspace.id"), nullable=False, comment="his workspace"),
    Column("slack_user", ID, nullable=False, comment="his Slack user id"),
    Column("program_id", ID, cascading_fk("program.id"), nullable=False, comment="his program"),
    Column("cohort_id", ID, cascading_fk("cohort.id"), nullable=False, comment="sets his dates only"),
    Column("state", WORD, nullable=False, comment="see domain.trainee.TraineeState"),
    Column("zone", WORD, nullable=False, comment="his IANA zone, refreshed from Slack"),
    Column("locale", WORD, nullable=False, comment="his Slack locale"),
    Column("dm_channel", ID, comment="his DM with the bot, once opened"),
    Column("consented_at", UtcDateTime, comment="when he said yes; nothing is sent before but the welcome"),
    Column("next_step", Integer, comment="day of the ladder that comes next, NULL after the last"),
    Column("next_check_in_at", UtcDateTime, comment="due: this row is the schedule"),
    Column("moved_days", Integer, nullable=False, server_default="0", comment="days pauses moved his ladder"),
    Column("paused_until", UtcDateTime, comment="due: back from a pause, NULL for an open one"),
    Column("silent_steps", Integer, nullable=False, comment="steps in a row without a tap"),
    Column("pace", WORD, nullable=False, comment="normal | slower (every other step)"),
    Column("focus_plan_id", ID, comment="his choice of focus, NULL lets the ladder choose"),
    Column("why_locked", LargeBinary, comment="his personal why, under his own key"),
    Column(
        "quiet_days", WORD, comment="weekdays without anything unprompted, Monday is 0: 24; NULL for none"
    ),
    Column("check_in_hour", SmallInteger, comment="his own local hour for check-ins, NULL for the usual one"),
    Column("asked_circle_on", Date, comment="his day when he last asked his circle; a new day clears it"),
    Column("goodbye_at", UtcDateTime, comment="due: when the goodbye goes out"),
    Column("delete_after", UtcDateTime, comment="due: from here on the row may be deleted"),
    UniqueConstraint("workspace_id", "slack_user"),
    Index(None, "state", "next_check_in_at"),  # who stopped keeps a moment that is long past
    Index(None, "program_id"),
    Index(None, "state", "paused_until", **where("paused_until IS NOT NULL")),
    Index(None, "goodbye_at", **where("goodbye_at IS NOT NULL")),
    Index(None, "delete_after", **where("delete_after IS NOT NULL")),
)
