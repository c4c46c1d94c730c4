"""Circles, their weeks, votes, deeds, and what members write through allybot."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, NAME, WORD, cascading_fk, metadata, where

circle = Table(
    "circle",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("program_id", ID, cascading_fk("program.id"), nullable=False, comment="its program"),
    Column("workspace_id", ID, cascading_fk("workspace.id"), nullable=False, comment="its workspace"),
    Column("name", NAME, nullable=False, comment="as its members know it"),
    Column("channel", ID, nullable=False, comment="private Slack channel"),
    Column(
        "shared_with",
        Text,
        comment="who shared its channel when people were enrolled: ids, by spaces",
    ),
    Column(
        "state",
        WORD,
        nullable=False,
        comment="active | closed (archived, opened to others, or the bot was removed)",
    ),
    Column(
        "rests_because", WORD, comment="channel_made_public | channel_shared; NULL when it was not opened"
    ),
    Column("next_post_at", UtcDateTime, comment="due: the next scenario; this row is the schedule"),
    Column("weeks_posted", Integer, nullable=False, comment="scenarios posted so far; selects the next one"),
    Column("last_week", Integer, nullable=False, comment="total number of scenarios"),
    Column("paused_until", UtcDateTime, comment="the scenario after a pause; NULL when it was never paused"),
    Column("nightly_at", UtcDateTime, comment="due: its members are compared with the channel's"),
    Column(
        "thanked_scenarios", Integer, comment="scenarios it had when it was thanked; NULL when it never was"
    ),
    Column("merge_proposed", ID, comment="the circle its leads were told it could merge with; NULL for none"),
    UniqueConstraint("workspace_id", "channel"),
    Index(None, "state", "next_post_at", "program_id"),
    Index(None, "state", "nightly_at"),
)

circle_member = Table(
    "circle_member",
    metadata,
    Column("circle_id", ID, cascading_fk("circle.id"), primary_key=True, comment="the circle"),
    Column("trainee_id", ID, cascading_fk("trainee.id"), primary_key=True, comment="the member"),
    Column("place", Integer, nullable=False, comment="order in the rotation"),
    Column("turns", Integer, nullable=False, comment="weeks facilitated; fewest goes next"),
    Column(
        "in_channel",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="whether Slack has named them among the channel's members",
    ),
    Column("unanswered", Date, comment="Monday of the last week for which they left the question unanswered"),
    Index(None, "trainee_id"),
)

circle_leaver = Table(
    "circle_leaver",
    metadata,
    Column("circle_id", ID, cascading_fk("circle.id"), primary_key=True, comment="the circle"),
    Column(
        "trainee_id",
        ID,
        cascading_fk("trainee.id"),
        primary_key=True,
        comment="who left it by the button and may still be in its channel",
    ),
    Index(None, "trainee_id"),
)

circle_week = Table(
    "circle_week",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("circle_id", ID, cascading_fk("circle.id"), nullable=False, comment="the circle"),
    Column("monday", Date, nullable=False, comment="its week, in the program's zone"),
    Column("number", Integer, nullable=False, comment="1 for the first scenario"),
    Column("scenario_id", NAME, nullable=False, comment="id in the content"),
    Column("facilitator_id", ID, ForeignKey("trainee.id", ondelete="SET NULL"), comment="the facilitator"),
    Column("public_key", LargeBinary, nullable=False, comment="seals this week's votes"),
    Column("opens_at", UtcDateTime, nullable=False, comment="due: Thursday, when votes are opened"),
    Column("state", WORD, nullable=False, comment="open | opened | few (below the minimum, unread)"),
    Column("counts", String(100), comment="votes per option, once opened, as JSON list"),
    Column("second_id", ID, ForeignKey("trainee.id", ondelete="SET NULL"), comment="facilitates it, too"),
    Column(
        "wants_second",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="the facilitator would like somebody to join",
    ),
    Column("asked_id", ID, ForeignKey("trainee.id", ondelete="SET NULL"), comment="asked, no answer yet"),
    Column("ask_at", UtcDateTime, comment="due: remind whoever was asked, or ask the next"),
    Column(
        "names", Integer, comment="the lists' names of the story's people; 0 its own, NULL not chosen yet"
    ),
    UniqueConstraint("circle_id", "monday"),
    Index(None, "state", "opens_at"),
    Index(None, "facilitator_id"),
    Index(None, "second_id"),
    Index(None, "asked_id"),
)

vote = Table(
    "vote",
    metadata,
    Column("circle_week_id", ID, cascading_fk("circle_week.id"), primary_key=True, comment="its week"),
    Column("trainee_id", ID, cascading_fk("trainee.id"), primary_key=True, comment="who voted or answered"),
    Column("sealed", LargeBinary, nullable=False, comment="80 bytes only the week's key opens"),
    CheckConstraint("length(sealed) = 80", name="sealed_length"),
    Index(None, "trainee_id"),
    sqlite_with_rowid=False,
)

circle_text = Table(
    "circle_text",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("circle_id", ID, cascading_fk("circle.id"), nullable=False, comment="the circle it is for"),
    Column("kind", WORD, nullable=False, comment="question | answer | recap"),
    Column(
        "state",
        WORD,
        nullable=False,
        comment="waiting (to be posted) | open (a posted question) | answered (marked as such)",
    ),
    Column(
        "sealed",
        LargeBinary,
        nullable=False,
        comment="author, whether named, and the text, which the personal key locks too; of one length. "
        "An open question's holds the author only, an answered one's nobody",
    ),
    Column(
        "delete_after",
        UtcDateTime,
        nullable=False,
        comment="due: the latest deletion; normally once posted, of a question once it is no longer open",
    ),
    Index(None, "delete_after"),
    Index(None, "circle_id"),
)

role_story = Table(
    "role_story",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("workspace_id", ID, cascading_fk("workspace.id"), nullable=False, comment="where they are asked"),
    Column("program_id", ID, cascading_fk("program.id"), nullable=False, comment="for whose circles it is"),
    Column(
        "state",
        WORD,
        nullable=False,
        comment="asked | told (waits to be posted) | hidden (told, and left out by a lead)",
    ),
    Column(
        "sealed",
        LargeBinary,
        nullable=False,
        comment="who was asked, by whom, whether named, and the story, which a key of its own in the vault "
        "locks too; of one length",
    ),
    Column("delete_after", UtcDateTime, nullable=False, comment="due: the deletion"),
    Index(None, "program_id"),
    Index(None, "workspace_id"),
    Index(None, "delete_after"),
)

role_story_circle = Table(
    "role_story_circle",
    metadata,
    Column("story_id", ID, cascading_fk("role_story.id"), primary_key=True, comment="the story"),
    Column("circle_id", ID, cascading_fk("circle.id"), primary_key=True, comment="a circle that gets it"),
    Index(None, "circle_id"),
)

deed = Table(
    "deed",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("circle_id", ID, cascading_fk("circle.id"), nullable=False, comment="the circle it is told in"),
    Column("post_key", String(200), comment="outbox.key of its post; NULL while it waits for a round"),
    Column("kept_back", Boolean, nullable=False, comment="whether a round went by without it"),
    Column(
        "sealed",
        LargeBinary,
        nullable=False,
        comment="teller, whether named, and the text, which the personal key locks too; of one length",
    ),
    Column(
        "delete_after", UtcDateTime, nullable=False, comment="due: the latest deletion; normally once posted"
    ),
    Index(None, "circle_id"),
    Index(None, "post_key", **where("post_key IS NOT NULL")),
    Index(None, "delete_after"),
)
