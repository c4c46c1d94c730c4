"""Workspaces, programs, cohorts and leads."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, NAME, WORD, cascading_fk, metadata, where

workspace = Table(
    "workspace",
    metadata,
    Column("id", ID, primary_key=True, comment="Slack's team id"),
    Column("name", NAME, nullable=False, comment="as Slack shows it"),
    Column("bot_user", ID, nullable=False, comment="the bot's Slack user id"),
    Column("token_wrapped", LargeBinary, comment="bot token, wrapped with the operator's key"),
    Column("refreshing_until", UtcDateTime, comment="real: a process refreshes the token until then"),
    Column("state", WORD, nullable=False, comment="active | stopped (token revoked or uninstalled)"),
    Column("stopped_reason", WORD, comment="Slack's error code that stopped it"),
    Column("next_post_at", UtcDateTime, comment="real: the shared budget allows the next call from here on"),
    Column("silent_until", UtcDateTime, comment="real: Slack answered 429, no calls before"),
)

installation = Table(
    "installation",
    metadata,
    Column(
        "digest", ID, primary_key=True, comment="SHA-256 of the OAuth state; the state itself is not stored"
    ),
    Column("expires_at", UtcDateTime, nullable=False, comment="real: expires"),
)

program = Table(
    "program",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("workspace_id", ID, cascading_fk("workspace.id"), nullable=False, comment="where it runs"),
    Column("name", NAME, nullable=False, comment="as leads and trainees know it"),
    Column("support_contact", NAME, nullable=False, comment="person to contact, named in every help text"),
    Column("zone", WORD, nullable=False, comment="IANA zone of circle posts and window ends"),
    Column("country", WORD, nullable=False, comment="ISO code for public holidays, or empty"),
    Column("minimum_respondents", Integer, nullable=False, comment="k: fixed at creation, 5 to 50"),
    Column("epsilon_milli", Integer, nullable=False, comment="privacy budget of one release, thousandths"),
    Column("key_holder", WORD, nullable=False, comment="vault | custodian: who holds the window keys"),
    Column("created_at", UtcDateTime, nullable=False, comment="when it was set up"),
    Column("frozen_at", UtcDateTime, comment="first check-in sent: no more cohorts from here on"),
    Column("pool", NAME, comment="name of the pool its windows wait in, one in a workspace; NULL: none"),
    Column("emergency_number", WORD, comment="named to people in danger; NULL: the content's"),
    Column(
        "counts_moments",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="fixed at creation: one window, and how many had a moment; else a window for each part",
    ),
    Column("closures", Text, comment="days off for everybody: 2026-12-24/2027-01-01, by spaces; NULL: none"),
    UniqueConstraint("workspace_id", "name"),
)

program_count = Table(
    "program_count",
    metadata,
    Column("program_id", ID, cascading_fk("program.id"), primary_key=True, comment="the program"),
    Column("counted_on", Date, comment="a Monday in the program's zone, NULL before the first"),
    Column("on_list", Integer, comment="most people on the list so far, in tens; NULL: fewer than 20"),
    Column("taking_part", Integer, comment="of these who took part then, in tens; NULL: fewer than 20"),
    Column("next_count_at", UtcDateTime, nullable=False, comment="due: the next Monday, 00:00 in its zone"),
    Index(None, "next_count_at"),
)

program_scenario = Table(
    "program_scenario",
    metadata,
    Column("program_id", ID, cascading_fk("program.id"), primary_key=True, comment="the program"),
    Column("scenario_id", NAME, primary_key=True, comment="id in the content"),
    Column("place", Integer, comment="order of those that come next; NULL: left out"),
)

own_scenario = Table(
    "own_scenario",
    metadata,
    Column("id", ID, primary_key=True, comment="own- and a random number, as in circle_week.scenario_id"),
    Column("program_id", ID, cascading_fk("program.id"), nullable=False, comment="whose leads wrote it"),
    Column("number", Integer, nullable=False, comment="order in which the program's were begun"),
    Column("kept_sealed", LargeBinary, comment="encrypted: its words; NULL while it is only begun"),
    Column("draft_sealed", LargeBinary, comment="encrypted: words that are not kept yet; NULL without any"),
    Index(None, "program_id"),
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("program_id", ID, cascading_fk("program.id"), nullable=False, comment="its program"),
    Column("name", NAME, nullable=False, comment="such as spring 2026"),
    Column("training_ended_on", Date, nullable=False, comment="day 0 of the ladder"),
    Column(
        "was_listed",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="whether a list ever named it: people may have left since, and nobody may see that",
    ),
    UniqueConstraint("program_id", "name"),
)

lead = Table(
    "lead",
    metadata,
    Column("program_id", ID, cascading_fk("program.id"), primary_key=True, comment="the program"),
    Column("slack_user", ID, primary_key=True, comment="a lead, who may read its releases"),
)

suggestion = Table(
    "suggestion",
    metadata,
    Column(
        "id",
        ID,
        primary_key=True,
        comment="while it waits a digest that only its sender's personal key makes, then random",
    ),
    Column("program_id", ID, cascading_fk("program.id"), nullable=False, comment="whose leads it is for"),
    Column("state", WORD, nullable=False, comment="waiting | with_leads | answered | followed_up | hidden"),
    Column(
        "sealed",
        LargeBinary,
        comment="the text, of one length: under the sender's personal key while it waits, then under the "
        "operator's secret key; NULL once hidden",
    ),
    Column("first_on", Date, comment="the Monday it was sent for; NULL once leads have it"),
    Column("goes_at", UtcDateTime, comment="due: the next Monday's noon; NULL once leads have it"),
    Column("reply", WORD, comment="changed | not_now | will_look; NULL before a lead answered"),
    Column("answer_sealed", LargeBinary, comment="the lead's words under the operator's secret key"),
    Column("settled_by", ID, comment="the lead who answered or hid it, a Slack user"),
    Column("settled_on", Date, comment="when, in the program's zone"),
    Column("tell_at", UtcDateTime, comment="due: everybody is told of the answer"),
    Column("telling", WORD, comment="who is being told of it: people | circles; NULL: nobody"),
    Column("told_up_to", ID, comment="id of the last of them who was queued a message, or empty"),
    Column("delete_after", UtcDateTime, comment="due: deleted; NULL while it waits"),
    Index(None, "program_id", "state"),
    Index(None, "goes_at", **where("goes_at IS NOT NULL")),
    Index(None, "tell_at", **where("telling IS NOT NULL")),
    Index(None, "delete_after", **where("delete_after IS NOT NULL")),
    sqlite_with_rowid=False,  # a hidden rowid would keep the order of sending
)

program_change = Table(
    "program_change",
    metadata,
    Column("program_id", ID, cascading_fk("program.id"), primary_key=True, comment="the program"),
    Column("number", Integer, primary_key=True, comment="counts from 1"),
    Column("changed_on", Date, nullable=False, comment="the day, in the program's zone"),
    Column("changed_by", ID, comment="Slack user: a lead or who set it up; NULL: the operator"),
    Column("what", WORD, nullable=False, comment="see domain.program_changes.What"),
    Column(
        "subject", NAME, nullable=False, comment="cohort, circle, scenario's id, lead's Slack user, or empty"
    ),
    Column("old", NAME, nullable=False, comment="what it was, or empty"),
    Column("new", NAME, nullable=False, comment="what it is, or empty"),
)

program_creator = Table(
    "program_creator",
    metadata,
    Column("workspace_id", ID, cascading_fk("workspace.id"), primary_key=True, comment="where"),
    Column("slack_user", ID, primary_key=True, comment="may create programs, besides the workspace's admins"),
)
