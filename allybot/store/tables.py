"""Every table, a comment per column. All datetimes are UTC; ids are random unless said otherwise.

The vault, a second database with its own backup rules, has its tables in `vault.py`.
"Due" times run on the program's clock; leases, budgets and look-ups ("real") on the machine's.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from allybot.store import parked_table, short_lived_tables, worker_tables
from allybot.store.columns import ID, NAME, WORD, gone_with, where
from allybot.store.columns import metadata as metadata  # noqa: PLC0414 - read from here by the migrations
from allybot.store.database import UtcDateTime

installation = short_lived_tables.installation
channel_budget = short_lived_tables.channel_budget
circle_question = short_lived_tables.circle_question
worker_sign = worker_tables.worker_sign
parked_row = parked_table.parked_row

workspace = Table(
    "workspace",
    metadata,
    Column("id", ID, primary_key=True, comment="Slack's team id"),
    Column("name", NAME, nullable=False, comment="as Slack shows it"),
    Column("bot_user", ID, nullable=False, comment="the bot's Slack user id"),
    Column("token_wrapped", LargeBinary, comment="bot token, wrapped with the operator's key"),
    Column("state", WORD, nullable=False, comment="active | stopped (token revoked or uninstalled)"),
    Column("stopped_reason", WORD, comment="Slack's error code that stopped it"),
    Column("next_post_at", UtcDateTime, comment="real: the shared budget allows the next call from here on"),
    Column("silent_until", UtcDateTime, comment="real: Slack said 429 and to wait until here"),
)

program = Table(
    "program",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("workspace_id", ID, gone_with("workspace.id"), nullable=False, comment="where it runs"),
    Column("name", NAME, nullable=False, comment="as leads and trainees know it"),
    Column("support_contact", NAME, nullable=False, comment="a human to turn to, named in every help text"),
    Column("zone", WORD, nullable=False, comment="IANA zone of circle posts and window ends"),
    Column("country", WORD, nullable=False, comment="ISO code for public holidays, or empty"),
    Column("minimum_respondents", Integer, nullable=False, comment="k: fixed at creation, 5 to 50"),
    Column("epsilon_milli", Integer, nullable=False, comment="privacy budget of one release, thousandths"),
    Column("key_holder", WORD, nullable=False, comment="vault | custodian: who holds the window keys"),
    Column("created_at", UtcDateTime, nullable=False, comment="when it was set up"),
    Column("frozen_at", UtcDateTime, comment="first check-in sent: no more cohorts from here on"),
    UniqueConstraint("workspace_id", "name"),
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("program_id", ID, gone_with("program.id"), nullable=False, comment="its program"),
    Column("name", NAME, nullable=False, comment="such as spring 2026"),
    Column("training_ended_on", Date, nullable=False, comment="day 0 of the ladder"),
    UniqueConstraint("program_id", "name"),
)

lead = Table(
    "lead",
    metadata,
    Column("program_id", ID, gone_with("program.id"), primary_key=True, comment="the program"),
    Column("slack_user", ID, primary_key=True, comment="who may pull its releases"),
)

trainee = Table(
    "trainee",
    metadata,
    Column("id", ID, primary_key=True, comment="random; nothing of Slack's id in it"),
    Column("workspace_id", ID, gone_with("workspace.id"), nullable=False, comment="his workspace"),
    Column("slack_user", ID, nullable=False, comment="his Slack user id"),
    Column("program_id", ID, gone_with("program.id"), nullable=False, comment="his program"),
    Column("cohort_id", ID, gone_with("cohort.id"), nullable=False, comment="sets his dates only"),
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

plan = Table(
    "plan",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("trainee_id", ID, gone_with("trainee.id"), nullable=False, comment="whose"),
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
    Column("plan_id", ID, gone_with("plan.id"), primary_key=True, comment="how this plan read before"),
    Column("number", Integer, primary_key=True, comment="1 for the first wording"),
    Column("cue_locked", LargeBinary, nullable=False, comment="the if, under its owner's key"),
    Column("response_locked", LargeBinary, nullable=False, comment="the then, under its owner's key"),
    Column("replaced_on_locked", LargeBinary, nullable=False, comment="the day he changed it, likewise"),
)

check_in = Table(
    "check_in",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("trainee_id", ID, gone_with("trainee.id"), nullable=False, comment="who is asked"),
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

outbox = Table(
    "outbox",
    metadata,
    Column("id", ID, primary_key=True, comment="random; goes into the message's metadata"),
    Column("key", String(200), nullable=False, unique=True, comment="what makes twice once: check-in:..."),
    Column("workspace_id", ID, gone_with("workspace.id"), nullable=False, comment="whose token and budget"),
    Column("kind", WORD, nullable=False, comment="which words: welcome, check_in, scenario ..."),
    Column("subject", ID, nullable=False, comment="id of what it is about, meaning given by kind"),
    Column("to_user", ID, comment="Slack user for a DM; else to_channel"),
    Column("to_channel", ID, comment="Slack channel of a circle or a DM"),
    Column("replaces_ts", WORD, comment="ts of the message it updates, NULL for a new post"),
    Column("trainee_id", ID, gone_with("trainee.id"), comment="gone with him; NULL for circles and leads"),
    Column("due_at", UtcDateTime, nullable=False, comment="due: not before"),
    Column("stale_at", UtcDateTime, comment="due: expires instead of being sent from here on"),
    Column("state", WORD, nullable=False, comment="see store.outbox.State"),
    Column("attempts", SmallInteger, nullable=False, comment="sends tried"),
    Column("not_before", UtcDateTime, comment="real: back-off or look-up time"),
    Column("lease_owner", ID, comment="worker that claimed it"),
    Column("lease_until", UtcDateTime, comment="real: from here on the claim is uncertain"),
    Column(
        "attempted_at", UtcDateTime, comment="real: begin of the latest attempt that may have got through"
    ),
    Column("look_up_from", UtcDateTime, comment="Slack's time: before its first attempt; NULL: not known"),
    Column("reason", WORD, comment="Slack's code or ours for the latest failure; never words of a message"),
    Column("sent_channel", ID, comment="where it stands"),
    Column("sent_ts", WORD, comment="Slack's ts of it"),
    Index(None, "state", "due_at"),
    Index(None, "workspace_id", "state", "due_at"),
    Index(None, "trainee_id"),
    Index(None, "subject"),
    Index(None, "to_user", **where("trainee_id IS NULL")),  # how to find what does not go with a trainee
    Index(None, "to_channel", **where("trainee_id IS NULL")),
)

window = Table(
    "window",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("program_id", ID, gone_with("program.id"), nullable=False, comment="the unit that is published"),
    Column("name", WORD, nullable=False, comment="1-6 | 7-13, weeks"),
    Column("closes_at", UtcDateTime, comment="due: 14 days after its end for the last cohort"),
    Column("public_key", LargeBinary, comment="seals its ballots; NULL until a custodian hands one in"),
    Column("state", WORD, nullable=False, comment="open | closed | published | void"),
    Column("invited", Integer, comment="trainees asked, fixed when it closes"),
    Column("published_on", Date, comment="when the figures, or the word void, came out"),
    Column("key_destroyed_on", Date, comment="when the private key was destroyed"),
    UniqueConstraint("program_id", "name"),
    Index(None, "state", "key_destroyed_on", "closes_at"),
)

ballot = Table(
    "ballot",
    metadata,
    Column("window_id", ID, gone_with("window.id"), primary_key=True, comment="its window"),
    Column("trainee_id", ID, gone_with("trainee.id"), primary_key=True, comment="whose envelope"),
    Column("slot", SmallInteger, primary_key=True, comment="step of the ladder; answering again overwrites"),
    Column("sealed", LargeBinary, nullable=False, comment="80 bytes only the window's key opens"),
    CheckConstraint("length(sealed) = 80", name="sealed_length"),
    Index(None, "trainee_id"),
    sqlite_with_rowid=False,  # a hidden rowid would keep the order of insertion
)

release = Table(
    "release",
    metadata,
    Column("window_id", ID, ForeignKey("window.id"), primary_key=True, comment="published once"),
    Column("cell", WORD, primary_key=True, comment="outcome code, or `acted`"),
    Column("noisy", Integer, nullable=False, comment="count after noise, clamped to 0..respondents"),
    Column("scale_milli", Integer, nullable=False, comment="scale of the noise, thousandths"),
    Column("tier", WORD, nullable=False, comment="S | M"),
    Column("respondents", Integer, nullable=False, comment="distinct trainees who answered"),
    Column("invited", Integer, nullable=False, comment="trainees asked"),
    Column("published_on", Date, nullable=False, comment="program's zone"),
)

circle = Table(
    "circle",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("program_id", ID, gone_with("program.id"), nullable=False, comment="its program"),
    Column("workspace_id", ID, gone_with("workspace.id"), nullable=False, comment="its workspace"),
    Column("name", NAME, nullable=False, comment="as its members know it"),
    Column("channel", ID, nullable=False, comment="private Slack channel"),
    Column("state", WORD, nullable=False, comment="active | closed (archived, or the bot was removed)"),
    Column("next_post_at", UtcDateTime, comment="due: next Monday's scenario; this row is the schedule"),
    Column("weeks_posted", Integer, nullable=False, comment="scenarios so far; picks the next one"),
    Column("last_week", Integer, nullable=False, comment="how many scenarios it gets in all"),
    UniqueConstraint("workspace_id", "channel"),
    Index(None, "state", "next_post_at", "program_id"),
)

circle_member = Table(
    "circle_member",
    metadata,
    Column("circle_id", ID, gone_with("circle.id"), primary_key=True, comment="the circle"),
    Column("trainee_id", ID, gone_with("trainee.id"), primary_key=True, comment="the member"),
    Column("place", Integer, nullable=False, comment="order in the rotation"),
    Column("turns", Integer, nullable=False, comment="weeks facilitated; fewest goes next"),
    Index(None, "trainee_id"),
)

circle_week = Table(
    "circle_week",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("circle_id", ID, gone_with("circle.id"), nullable=False, comment="the circle"),
    Column("monday", Date, nullable=False, comment="its week, in the program's zone"),
    Column("number", Integer, nullable=False, comment="1 for the first scenario"),
    Column("scenario_id", NAME, nullable=False, comment="id in the content"),
    Column("facilitator_id", ID, ForeignKey("trainee.id", ondelete="SET NULL"), comment="whose turn it is"),
    Column("public_key", LargeBinary, nullable=False, comment="seals this week's votes"),
    Column("opens_at", UtcDateTime, nullable=False, comment="due: Thursday, when votes are opened"),
    Column("state", WORD, nullable=False, comment="open | opened | few (below the minimum, unread)"),
    Column("counts", String(100), comment="votes per option, once opened, as JSON list"),
    UniqueConstraint("circle_id", "monday"),
    Index(None, "state", "opens_at"),
    Index(None, "facilitator_id"),
)

vote = Table(
    "vote",
    metadata,
    Column("circle_week_id", ID, gone_with("circle_week.id"), primary_key=True, comment="its week"),
    Column("trainee_id", ID, gone_with("trainee.id"), primary_key=True, comment="whose envelope"),
    Column("sealed", LargeBinary, nullable=False, comment="80 bytes only the week's key opens"),
    CheckConstraint("length(sealed) = 80", name="sealed_length"),
    Index(None, "trainee_id"),
    sqlite_with_rowid=False,
)
