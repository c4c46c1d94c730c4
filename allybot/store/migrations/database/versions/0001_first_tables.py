"""Every table, and triggers that keep a release as it was published."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE = (
    (
        "CREATE TRIGGER release_no_update BEFORE UPDATE ON release "
        "BEGIN SELECT RAISE(ABORT, 'a release never changes'); END"
    ),
    (
        "CREATE TRIGGER release_no_delete BEFORE DELETE ON release "
        "BEGIN SELECT RAISE(ABORT, 'a release never changes'); END"
    ),
    # INSERT OR REPLACE deletes without asking the trigger above.
    (
        "CREATE TRIGGER release_no_replace BEFORE INSERT ON release "
        "WHEN EXISTS (SELECT 1 FROM release WHERE window_id = NEW.window_id AND cell = NEW.cell) "
        "BEGIN SELECT RAISE(ABORT, 'a release is drawn once'); END"
    ),
)
_POSTGRESQL = (
    (
        "CREATE FUNCTION release_never_changes() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a release never changes'; END $$"
    ),
    (
        "CREATE TRIGGER release_no_change BEFORE UPDATE OR DELETE ON release "
        "FOR EACH ROW EXECUTE FUNCTION release_never_changes()"
    ),
    (
        "CREATE TRIGGER release_no_truncate BEFORE TRUNCATE ON release "
        "FOR EACH STATEMENT EXECUTE FUNCTION release_never_changes()"
    ),
)


_TABLES = (
    "vote",
    "check_in",
    "private_record",
    "parked_row",
    "outbox",
    "deed",
    "role_story_circle",
    "role_story",
    "circle_week",
    "circle_text",
    "circle_member",
    "circle_leaver",
    "ballot",
    "pooled_ballot",
    "trainee",
    "release",
    "window",
    "lead",
    "program_scenario",
    "own_scenario",
    "program_creator",
    "program_count",
    "program_change",
    "suggestion",
    "cohort",
    "circle",
    "program",
    "channel_budget",
    "workspace",
    "worker_sign",
    "signature_check",
    "restored",
    "installation",
)
"""In an order in which each can be dropped."""


def upgrade() -> None:  # noqa: PLR0915 - a statement for each table and index
    """Apply."""
    op.create_table(
        "installation",
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the OAuth state; the state itself is not stored",
        ),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="real: expires",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_installation")),
    )
    op.create_table(
        "restored",
        sa.Column("id", sa.SmallInteger(), nullable=False, comment="always 1: the table has one row"),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="real: when the restored backup was made",
        ),
        sa.Column(
            "look_up_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="real: an hour before, as Slack may have it",
        ),
        sa.Column(
            "restored_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="due: when it was restored",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restored")),
    )
    op.create_table(
        "signature_check",
        sa.Column("id", sa.SmallInteger(), nullable=False, comment="always 1: the table has one row"),
        sa.Column(
            "refused",
            sa.Integer(),
            nullable=False,
            comment="requests with a wrong signature since a right one",
        ),
        sa.Column("refused_on", sa.Date(), nullable=True, comment="UTC day of the latest wrong signature"),
        sa.Column("accepted_on", sa.Date(), nullable=True, comment="UTC day of a right signature"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature_check")),
    )
    op.create_table(
        "worker_sign",
        sa.Column("worker", sa.String(length=64), nullable=False, comment="as in outbox.lease_owner"),
        sa.Column(
            "began_at", sa.DateTime(timezone=True), nullable=False, comment="real: its first heartbeat"
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), nullable=False, comment="real: its latest heartbeat"
        ),
        sa.Column(
            "host_ahead_s",
            sa.BigInteger(),
            nullable=False,
            comment="seconds its host's clock is ahead of the database's",
        ),
        sa.Column(
            "offset_s",
            sa.BigInteger(),
            nullable=False,
            comment="seconds its program's clock is ahead of its host's",
        ),
        sa.Column(
            "refuses",
            sa.String(length=40),
            nullable=True,
            comment="why it is inactive, NULL while it is active",
        ),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_sign")),
    )
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(length=64), nullable=False, comment="Slack's team id"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="as Slack shows it"),
        sa.Column("bot_user", sa.String(length=64), nullable=False, comment="the bot's Slack user id"),
        sa.Column(
            "token_wrapped",
            sa.LargeBinary(),
            nullable=True,
            comment="bot token, wrapped with the operator's key",
        ),
        sa.Column(
            "refreshing_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: a process refreshes the token until then",
        ),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="active | stopped (token revoked or uninstalled)",
        ),
        sa.Column(
            "stopped_reason",
            sa.String(length=40),
            nullable=True,
            comment="Slack's error code that stopped it",
        ),
        sa.Column(
            "next_post_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: the shared budget allows the next call from here on",
        ),
        sa.Column(
            "silent_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: Slack answered 429, no calls before",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
    )
    op.create_table(
        "channel_budget",
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="its workspace"),
        sa.Column(
            "channel", sa.String(length=64), nullable=False, comment="Slack channel or user written to"
        ),
        sa.Column(
            "next_post_at", sa.DateTime(timezone=True), nullable=False, comment="real: one message a second"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_channel_budget_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel", name=op.f("pk_channel_budget")),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="where it runs"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="as leads and trainees know it"),
        sa.Column(
            "support_contact",
            sa.String(length=200),
            nullable=False,
            comment="person to contact, named in every help text",
        ),
        sa.Column(
            "zone", sa.String(length=40), nullable=False, comment="IANA zone of circle posts and window ends"
        ),
        sa.Column(
            "country", sa.String(length=40), nullable=False, comment="ISO code for public holidays, or empty"
        ),
        sa.Column(
            "minimum_respondents", sa.Integer(), nullable=False, comment="k: fixed at creation, 5 to 50"
        ),
        sa.Column(
            "epsilon_milli",
            sa.Integer(),
            nullable=False,
            comment="privacy budget of one release, thousandths",
        ),
        sa.Column(
            "key_holder",
            sa.String(length=40),
            nullable=False,
            comment="vault | custodian: who holds the window keys",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="when it was set up"),
        sa.Column(
            "frozen_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="first check-in sent: no more cohorts from here on",
        ),
        sa.Column(
            "pool",
            sa.String(length=200),
            nullable=True,
            comment="name of the pool its windows wait in, one in a workspace; NULL: none",
        ),
        sa.Column(
            "emergency_number",
            sa.String(length=40),
            nullable=True,
            comment="named to people in danger; NULL: the content's",
        ),
        sa.Column(
            "counts_moments",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="fixed at creation: one window, and how many had a moment; else a window for each part",
        ),
        sa.Column(
            "closures",
            sa.Text(),
            nullable=True,
            comment="days off for everybody: 2026-12-24/2027-01-01, by spaces; NULL: none",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_program_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_program_workspace_id_name")),
    )
    op.create_table(
        "circle",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="its program"),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="its workspace"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="as its members know it"),
        sa.Column("channel", sa.String(length=64), nullable=False, comment="private Slack channel"),
        sa.Column(
            "shared_with",
            sa.Text(),
            nullable=True,
            comment="who shared its channel when people were enrolled: ids, by spaces",
        ),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="active | closed (archived, opened to others, or the bot was removed)",
        ),
        sa.Column(
            "rests_because",
            sa.String(length=40),
            nullable=True,
            comment="channel_made_public | channel_shared; NULL when it was not opened",
        ),
        sa.Column(
            "next_post_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: the next scenario; this row is the schedule",
        ),
        sa.Column(
            "weeks_posted",
            sa.Integer(),
            nullable=False,
            comment="scenarios posted so far; selects the next one",
        ),
        sa.Column("last_week", sa.Integer(), nullable=False, comment="total number of scenarios"),
        sa.Column(
            "paused_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the scenario after a pause; NULL when it was never paused",
        ),
        sa.Column(
            "nightly_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: its members are compared with the channel's",
        ),
        sa.Column(
            "thanked_scenarios",
            sa.Integer(),
            nullable=True,
            comment="scenarios it had when it was thanked; NULL when it never was",
        ),
        sa.Column(
            "merge_proposed",
            sa.String(length=64),
            nullable=True,
            comment="the circle its leads were told it could merge with; NULL for none",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_circle_program_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_circle_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle")),
        sa.UniqueConstraint("workspace_id", "channel", name=op.f("uq_circle_workspace_id_channel")),
    )
    op.create_index(
        op.f("ix_circle_state_circle_next_post_at_circle_program_id"),
        "circle",
        ["state", "next_post_at", "program_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_circle_state_circle_nightly_at"), "circle", ["state", "nightly_at"], unique=False
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="its program"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="such as spring 2026"),
        sa.Column("training_ended_on", sa.Date(), nullable=False, comment="day 0 of the ladder"),
        sa.Column(
            "was_listed",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="whether a list ever named it: people may have left since, and nobody may see that",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_cohort_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("program_id", "name", name=op.f("uq_cohort_program_id_name")),
    )
    op.create_table(
        "program_change",
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="the program"),
        sa.Column("number", sa.Integer(), nullable=False, comment="counts from 1"),
        sa.Column("changed_on", sa.Date(), nullable=False, comment="the day, in the program's zone"),
        sa.Column(
            "changed_by",
            sa.String(length=64),
            nullable=True,
            comment="Slack user: a lead or who set it up; NULL: the operator",
        ),
        sa.Column("what", sa.String(length=40), nullable=False, comment="see domain.program_changes.What"),
        sa.Column(
            "subject",
            sa.String(length=200),
            nullable=False,
            comment="cohort, circle, scenario's id, lead's Slack user, or empty",
        ),
        sa.Column("old", sa.String(length=200), nullable=False, comment="what it was, or empty"),
        sa.Column("new", sa.String(length=200), nullable=False, comment="what it is, or empty"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_change_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("program_id", "number", name=op.f("pk_program_change")),
    )
    op.create_table(
        "program_creator",
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="where"),
        sa.Column(
            "slack_user",
            sa.String(length=64),
            nullable=False,
            comment="may create programs, besides the workspace's admins",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_program_creator_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "slack_user", name=op.f("pk_program_creator")),
    )
    op.create_table(
        "program_count",
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="the program"),
        sa.Column(
            "counted_on",
            sa.Date(),
            nullable=True,
            comment="a Monday in the program's zone, NULL before the first",
        ),
        sa.Column(
            "on_list",
            sa.Integer(),
            nullable=True,
            comment="most people on the list so far, in tens; NULL: fewer than 20",
        ),
        sa.Column(
            "taking_part",
            sa.Integer(),
            nullable=True,
            comment="of these who took part then, in tens; NULL: fewer than 20",
        ),
        sa.Column(
            "next_count_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="due: the next Monday, 00:00 in its zone",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_count_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_program_count")),
    )
    op.create_index(op.f("ix_program_count_next_count_at"), "program_count", ["next_count_at"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column(
            "id",
            sa.String(length=64),
            nullable=False,
            comment="while it waits a digest that only its sender's personal key makes, then random",
        ),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="whose leads it is for"),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="waiting | with_leads | answered | followed_up | hidden",
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="the text, of one length: under the sender's personal key while it waits, then "
            "under the operator's secret key; NULL once hidden",
        ),
        sa.Column(
            "first_on",
            sa.Date(),
            nullable=True,
            comment="the Monday it was sent for; NULL once leads have it",
        ),
        sa.Column(
            "goes_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: the next Monday's noon; NULL once leads have it",
        ),
        sa.Column(
            "reply",
            sa.String(length=40),
            nullable=True,
            comment="changed | not_now | will_look; NULL before a lead answered",
        ),
        sa.Column(
            "answer_sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="the lead's words under the operator's secret key",
        ),
        sa.Column(
            "settled_by",
            sa.String(length=64),
            nullable=True,
            comment="the lead who answered or hid it, a Slack user",
        ),
        sa.Column("settled_on", sa.Date(), nullable=True, comment="when, in the program's zone"),
        sa.Column(
            "tell_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: everybody is told of the answer",
        ),
        sa.Column(
            "telling",
            sa.String(length=40),
            nullable=True,
            comment="who is being told of it: people | circles; NULL: nobody",
        ),
        sa.Column(
            "told_up_to",
            sa.String(length=64),
            nullable=True,
            comment="id of the last of them who was queued a message, or empty",
        ),
        sa.Column(
            "delete_after",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: deleted; NULL while it waits",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_suggestion_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_suggestion_program_id_suggestion_state"), "suggestion", ["program_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_suggestion_goes_at"),
        "suggestion",
        ["goes_at"],
        unique=False,
        sqlite_where=sa.text("goes_at IS NOT NULL"),
        postgresql_where=sa.text("goes_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_suggestion_tell_at"),
        "suggestion",
        ["tell_at"],
        unique=False,
        sqlite_where=sa.text("telling IS NOT NULL"),
        postgresql_where=sa.text("telling IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_suggestion_delete_after"),
        "suggestion",
        ["delete_after"],
        unique=False,
        sqlite_where=sa.text("delete_after IS NOT NULL"),
        postgresql_where=sa.text("delete_after IS NOT NULL"),
    )
    op.create_table(
        "program_scenario",
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="the program"),
        sa.Column("scenario_id", sa.String(length=200), nullable=False, comment="id in the content"),
        sa.Column(
            "place", sa.Integer(), nullable=True, comment="order of those that come next; NULL: left out"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_scenario_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("program_id", "scenario_id", name=op.f("pk_program_scenario")),
    )
    op.create_table(
        "own_scenario",
        sa.Column(
            "id",
            sa.String(length=64),
            nullable=False,
            comment="own- and a random number, as in circle_week.scenario_id",
        ),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="whose leads wrote it"),
        sa.Column("number", sa.Integer(), nullable=False, comment="order in which the program's were begun"),
        sa.Column(
            "kept_sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="encrypted: its words; NULL while it is only begun",
        ),
        sa.Column(
            "draft_sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="encrypted: words that are not kept yet; NULL without any",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_own_scenario_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_scenario")),
    )
    op.create_index(op.f("ix_own_scenario_program_id"), "own_scenario", ["program_id"], unique=False)
    op.create_table(
        "lead",
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="the program"),
        sa.Column(
            "slack_user", sa.String(length=64), nullable=False, comment="a lead, who may read its releases"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_lead_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("program_id", "slack_user", name=op.f("pk_lead")),
    )
    op.create_table(
        "window",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column(
            "program_id",
            sa.String(length=64),
            nullable=False,
            comment="the program whose outcomes are published",
        ),
        sa.Column("name", sa.String(length=40), nullable=False, comment="weeks: 1-6 | 7-13, or 1-13"),
        sa.Column(
            "closes_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: 14 days after its end for the last cohort",
        ),
        sa.Column(
            "public_key",
            sa.LargeBinary(),
            nullable=True,
            comment="seals its ballots; NULL until a custodian provides it",
        ),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="open | closed | waiting | published | void",
        ),
        sa.Column("invited", sa.Integer(), nullable=True, comment="trainees asked, fixed when it closes"),
        sa.Column(
            "published_on",
            sa.Date(),
            nullable=True,
            comment="when it was published, declared void, or began to wait",
        ),
        sa.Column(
            "waits_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: its pool had to count it by then; NULL: never waited",
        ),
        sa.Column(
            "counted_with",
            sa.String(length=64),
            nullable=True,
            comment="id of the window whose release counts it too; NULL: its own",
        ),
        sa.Column("key_destroyed_on", sa.Date(), nullable=True, comment="when the private key was destroyed"),
        sa.Column(
            "telling",
            sa.String(length=40),
            nullable=True,
            comment="who is being told of it: people | circles; NULL: nobody",
        ),
        sa.Column(
            "told_up_to",
            sa.String(length=64),
            nullable=True,
            comment="id of the last of them who was queued a message, or empty",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_window_program_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window")),
        sa.UniqueConstraint("program_id", "name", name=op.f("uq_window_program_id_name")),
    )
    op.create_index(
        op.f("ix_window_state_window_key_destroyed_on_window_closes_at"),
        "window",
        ["state", "key_destroyed_on", "closes_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_window_telling"),
        "window",
        ["telling"],
        unique=False,
        sqlite_where=sa.text("telling IS NOT NULL"),
        postgresql_where=sa.text("telling IS NOT NULL"),
    )
    op.create_table(
        "pooled_ballot",
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="the window that waits"),
        sa.Column(
            "owner_id",
            sa.String(length=64),
            nullable=False,
            comment="random; only the vault knows whose, by a keyed digest",
        ),
        sa.Column("slot", sa.SmallInteger(), nullable=False, comment="step of the ladder"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="80 bytes only the window's key opens"),
        sa.CheckConstraint("length(sealed) = 80", name=op.f("ck_pooled_ballot_sealed_length")),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_pooled_ballot_window_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("window_id", "owner_id", "slot", name=op.f("pk_pooled_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pooled_ballot_owner_id"), "pooled_ballot", ["owner_id"], unique=False)
    op.create_table(
        "release",
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="published once"),
        sa.Column("cell", sa.String(length=40), nullable=False, comment="outcome code, or had_a_moment"),
        sa.Column(
            "noisy", sa.Integer(), nullable=False, comment="count after noise, clamped to 0..respondents"
        ),
        sa.Column("scale_milli", sa.Integer(), nullable=False, comment="scale of the noise, thousandths"),
        sa.Column("tier", sa.String(length=40), nullable=False, comment="S | M | moments"),
        sa.Column("respondents", sa.Integer(), nullable=False, comment="distinct trainees who answered"),
        sa.Column("invited", sa.Integer(), nullable=False, comment="trainees asked"),
        sa.Column("published_on", sa.Date(), nullable=False, comment="program's zone"),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_release_window_id")),
        sa.PrimaryKeyConstraint("window_id", "cell", name=op.f("pk_release")),
    )
    op.create_table(
        "trainee",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random; not derived from Slack's id"),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="the trainee's workspace"),
        sa.Column("slack_user", sa.String(length=64), nullable=False, comment="Slack user id"),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="the trainee's program"),
        sa.Column("cohort_id", sa.String(length=64), nullable=False, comment="sets the dates of the ladder"),
        sa.Column("state", sa.String(length=40), nullable=False, comment="see domain.trainee.TraineeState"),
        sa.Column("zone", sa.String(length=40), nullable=False, comment="IANA zone, refreshed from Slack"),
        sa.Column("locale", sa.String(length=40), nullable=False, comment="Slack locale"),
        sa.Column("dm_channel", sa.String(length=64), nullable=True, comment="DM with the bot, once opened"),
        sa.Column(
            "consented_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="time of consent; only the welcome is sent before",
        ),
        sa.Column(
            "next_step",
            sa.Integer(),
            nullable=True,
            comment="the next step of the ladder (a day), NULL after the last",
        ),
        sa.Column(
            "next_check_in_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: this row is the schedule",
        ),
        sa.Column(
            "moved_days",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="days by which pauses moved the ladder",
        ),
        sa.Column(
            "paused_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: end of the pause, NULL for an open one",
        ),
        sa.Column("silent_steps", sa.Integer(), nullable=False, comment="steps in a row without a tap"),
        sa.Column("pace", sa.String(length=40), nullable=False, comment="normal | slower (every other step)"),
        sa.Column(
            "quiet_days",
            sa.String(length=40),
            nullable=True,
            comment="weekdays without unsolicited messages, Monday is 0: 24; NULL for none",
        ),
        sa.Column(
            "check_in_hour",
            sa.SmallInteger(),
            nullable=True,
            comment="local hour of check-ins, NULL for the usual one",
        ),
        sa.Column(
            "away_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: end of a dated away status in Slack; cleared after",
        ),
        sa.Column(
            "may_wait",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="their answers may wait in the program's pool: consent said so, or they agreed later",
        ),
        sa.Column(
            "record_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: the private record is read for a reminder of the day",
        ),
        sa.Column(
            "goodbye_at", sa.DateTime(timezone=True), nullable=True, comment="due: when the goodbye is sent"
        ),
        sa.Column(
            "delete_after",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: from here on the row may be deleted",
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_trainee_cohort_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_trainee_program_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_trainee_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainee")),
        sa.UniqueConstraint("workspace_id", "slack_user", name=op.f("uq_trainee_workspace_id_slack_user")),
    )
    op.create_index(
        op.f("ix_trainee_delete_after"),
        "trainee",
        ["delete_after"],
        unique=False,
        sqlite_where=sa.text("delete_after IS NOT NULL"),
        postgresql_where=sa.text("delete_after IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_trainee_goodbye_at"),
        "trainee",
        ["goodbye_at"],
        unique=False,
        sqlite_where=sa.text("goodbye_at IS NOT NULL"),
        postgresql_where=sa.text("goodbye_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_trainee_program_id_trainee_id"), "trainee", ["program_id", "id"], unique=False)
    op.create_index(
        op.f("ix_trainee_state_trainee_next_check_in_at"),
        "trainee",
        ["state", "next_check_in_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_trainee_state_trainee_record_due_at"), "trainee", ["state", "record_due_at"], unique=False
    )
    op.create_index(
        op.f("ix_trainee_state_trainee_paused_until"),
        "trainee",
        ["state", "paused_until"],
        unique=False,
        sqlite_where=sa.text("paused_until IS NOT NULL"),
        postgresql_where=sa.text("paused_until IS NOT NULL"),
    )
    op.create_table(
        "ballot",
        sa.Column("window_id", sa.String(length=64), nullable=False, comment="its window"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="who voted or answered"),
        sa.Column(
            "slot",
            sa.SmallInteger(),
            nullable=False,
            comment="step of the ladder; answering again overwrites",
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="80 bytes only the window's key opens"),
        sa.CheckConstraint("length(sealed) = 80", name=op.f("ck_ballot_sealed_length")),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_ballot_trainee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_ballot_window_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("window_id", "trainee_id", "slot", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ballot_trainee_id"), "ballot", ["trainee_id"], unique=False)
    op.create_table(
        "circle_leaver",
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="the circle"),
        sa.Column(
            "trainee_id",
            sa.String(length=64),
            nullable=False,
            comment="who left it by the button and may still be in its channel",
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_leaver_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_circle_leaver_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "trainee_id", name=op.f("pk_circle_leaver")),
    )
    op.create_index(op.f("ix_circle_leaver_trainee_id"), "circle_leaver", ["trainee_id"], unique=False)
    op.create_table(
        "circle_member",
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="the circle"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="the member"),
        sa.Column("place", sa.Integer(), nullable=False, comment="order in the rotation"),
        sa.Column("turns", sa.Integer(), nullable=False, comment="weeks facilitated; fewest goes next"),
        sa.Column(
            "in_channel",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="whether Slack has named them among the channel's members",
        ),
        sa.Column(
            "unanswered",
            sa.Date(),
            nullable=True,
            comment="Monday of the last week for which they left the question unanswered",
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_member_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_circle_member_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "trainee_id", name=op.f("pk_circle_member")),
    )
    op.create_index(op.f("ix_circle_member_trainee_id"), "circle_member", ["trainee_id"], unique=False)
    op.create_table(
        "circle_text",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="the circle it is for"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="question | answer | recap"),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="waiting (to be posted) | open (a posted question) | answered (marked as such)",
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="author, whether named, and the text, which the personal key locks too; of one length. "
            "An open question's holds the author only, an answered one's nobody",
        ),
        sa.Column(
            "delete_after",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="due: the latest deletion; normally once posted, of a question once it is no longer open",
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_text_circle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_text")),
    )
    op.create_index(op.f("ix_circle_text_circle_id"), "circle_text", ["circle_id"], unique=False)
    op.create_index(op.f("ix_circle_text_delete_after"), "circle_text", ["delete_after"], unique=False)
    op.create_table(
        "circle_week",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="the circle"),
        sa.Column("monday", sa.Date(), nullable=False, comment="its week, in the program's zone"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first scenario"),
        sa.Column("scenario_id", sa.String(length=200), nullable=False, comment="id in the content"),
        sa.Column("facilitator_id", sa.String(length=64), nullable=True, comment="the facilitator"),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="seals this week's votes"),
        sa.Column(
            "opens_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="due: Thursday, when votes are opened",
        ),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="open | opened | few (below the minimum, unread)",
        ),
        sa.Column(
            "counts",
            sa.String(length=100),
            nullable=True,
            comment="votes per option, once opened, as JSON list",
        ),
        sa.Column("second_id", sa.String(length=64), nullable=True, comment="facilitates it, too"),
        sa.Column(
            "wants_second",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="the facilitator would like somebody to join",
        ),
        sa.Column("asked_id", sa.String(length=64), nullable=True, comment="asked, no answer yet"),
        sa.Column(
            "ask_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: remind whoever was asked, or ask the next",
        ),
        sa.Column(
            "names",
            sa.Integer(),
            nullable=True,
            comment="the lists' names of the story's people; 0 its own, NULL not chosen yet",
        ),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["trainee.id"], name=op.f("fk_circle_week_asked_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_circle_week_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["trainee.id"],
            name=op.f("fk_circle_week_facilitator_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["trainee.id"], name=op.f("fk_circle_week_second_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_week")),
        sa.UniqueConstraint("circle_id", "monday", name=op.f("uq_circle_week_circle_id_monday")),
    )
    op.create_index(op.f("ix_circle_week_asked_id"), "circle_week", ["asked_id"], unique=False)
    op.create_index(op.f("ix_circle_week_facilitator_id"), "circle_week", ["facilitator_id"], unique=False)
    op.create_index(op.f("ix_circle_week_second_id"), "circle_week", ["second_id"], unique=False)
    op.create_index(
        op.f("ix_circle_week_state_circle_week_opens_at"), "circle_week", ["state", "opens_at"], unique=False
    )
    op.create_table(
        "role_story",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="where they are asked"),
        sa.Column("program_id", sa.String(length=64), nullable=False, comment="for whose circles it is"),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="asked | told (waits to be posted) | hidden (told, and left out by a lead)",
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="who was asked, by whom, whether named, and the story, which a key of its own in the "
            "vault locks too; of one length",
        ),
        sa.Column(
            "delete_after",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="due: the deletion",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_role_story_program_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_role_story_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_story")),
    )
    for column in ("program_id", "workspace_id", "delete_after"):
        op.create_index(op.f(f"ix_role_story_{column}"), "role_story", [column], unique=False)
    op.create_table(
        "role_story_circle",
        sa.Column("story_id", sa.String(length=64), nullable=False, comment="the story"),
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="a circle that gets it"),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_role_story_circle_circle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["role_story.id"], name=op.f("fk_role_story_circle_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", "circle_id", name=op.f("pk_role_story_circle")),
    )
    op.create_index(op.f("ix_role_story_circle_circle_id"), "role_story_circle", ["circle_id"], unique=False)
    op.create_table(
        "deed",
        sa.Column("id", sa.String(length=64), nullable=False, comment="random"),
        sa.Column("circle_id", sa.String(length=64), nullable=False, comment="the circle it is told in"),
        sa.Column(
            "post_key",
            sa.String(length=200),
            nullable=True,
            comment="outbox.key of its post; NULL while it waits for a round",
        ),
        sa.Column("kept_back", sa.Boolean(), nullable=False, comment="whether a round went by without it"),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="teller, whether named, and the text, which the personal key locks too; of one length",
        ),
        sa.Column(
            "delete_after",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="due: the latest deletion; normally once posted",
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circle.id"], name=op.f("fk_deed_circle_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    op.create_index(op.f("ix_deed_circle_id"), "deed", ["circle_id"], unique=False)
    op.create_index(op.f("ix_deed_delete_after"), "deed", ["delete_after"], unique=False)
    op.create_index(
        op.f("ix_deed_post_key"),
        "deed",
        ["post_key"],
        unique=False,
        sqlite_where=sa.text("post_key IS NOT NULL"),
        postgresql_where=sa.text("post_key IS NOT NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "id",
            sa.String(length=64),
            nullable=False,
            comment="random or made of `key`; goes into the message's metadata",
        ),
        sa.Column("key", sa.String(length=200), nullable=False, comment="idempotency key: check-in:..."),
        sa.Column("workspace_id", sa.String(length=64), nullable=False, comment="whose token and budget"),
        sa.Column(
            "kind",
            sa.String(length=40),
            nullable=False,
            comment="the kind of message: welcome, check_in, scenario ...",
        ),
        sa.Column(
            "about_id",
            sa.String(length=128),
            nullable=False,
            comment="id of what it is about; the table depends on kind",
        ),
        sa.Column(
            "to_user", sa.String(length=64), nullable=True, comment="Slack user for a DM; else to_channel"
        ),
        sa.Column(
            "to_channel", sa.String(length=64), nullable=True, comment="Slack channel of a circle or a DM"
        ),
        sa.Column(
            "replaces_ts",
            sa.String(length=40),
            nullable=True,
            comment="ts of the message it updates, NULL for a new post",
        ),
        sa.Column(
            "thread_ts",
            sa.String(length=40),
            nullable=True,
            comment="ts of the thread it belongs in, NULL for the conversation itself",
        ),
        sa.Column(
            "trainee_id",
            sa.String(length=64),
            nullable=True,
            comment="deleted with the trainee; NULL for circles and leads",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, comment="due: not before"),
        sa.Column(
            "stale_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: expires unsent from here on",
        ),
        sa.Column(
            "state", sa.String(length=40), nullable=False, comment="see store.delivery.outbox.MessageState"
        ),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, comment="sends tried"),
        sa.Column(
            "not_before", sa.DateTime(timezone=True), nullable=True, comment="real: back-off or look-up time"
        ),
        sa.Column("lease_owner", sa.String(length=64), nullable=True, comment="worker that claimed it"),
        sa.Column(
            "lease_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: from here on the claim is uncertain",
        ),
        sa.Column(
            "attempted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="real: start of the latest attempt that may have succeeded",
        ),
        sa.Column(
            "look_up_from",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Slack's time before the first attempt; NULL: unknown",
        ),
        sa.Column(
            "reason",
            sa.String(length=40),
            nullable=True,
            comment="Slack's or our code of the latest failure; never message text",
        ),
        sa.Column("sent_channel", sa.String(length=64), nullable=True, comment="channel it was sent to"),
        sa.Column("sent_ts", sa.String(length=40), nullable=True, comment="Slack's ts of the message"),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_outbox_trainee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_outbox_workspace_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_about_id"), "outbox", ["about_id"], unique=False)
    op.create_index(op.f("ix_outbox_state_outbox_due_at"), "outbox", ["state", "due_at"], unique=False)
    op.create_index(
        op.f("ix_outbox_to_channel"),
        "outbox",
        ["to_channel"],
        unique=False,
        sqlite_where=sa.text("trainee_id IS NULL"),
        postgresql_where=sa.text("trainee_id IS NULL"),
    )
    op.create_index(
        op.f("ix_outbox_to_user"),
        "outbox",
        ["to_user"],
        unique=False,
        sqlite_where=sa.text("trainee_id IS NULL"),
        postgresql_where=sa.text("trainee_id IS NULL"),
    )
    op.create_index(op.f("ix_outbox_trainee_id"), "outbox", ["trainee_id"], unique=False)
    op.create_index(
        op.f("ix_outbox_workspace_id_outbox_state_outbox_due_at"),
        "outbox",
        ["workspace_id", "state", "due_at"],
        unique=False,
    )
    op.create_table(
        "parked_row",
        sa.Column("job", sa.String(length=40), nullable=False, comment="what was due: check_ins, votes ..."),
        sa.Column("row_id", sa.String(length=64), nullable=False, comment="id of the parked row"),
        sa.Column(
            "kind",
            sa.String(length=40),
            nullable=False,
            comment="which table the row is in, see store.parked_rows.RowKind",
        ),
        sa.Column(
            "trainee_id",
            sa.String(length=64),
            nullable=True,
            comment="deleted with the trainee; NULL for circles and such",
        ),
        sa.Column("reason", sa.String(length=40), nullable=False, comment="a code, never anybody's text"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="failures in a row"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, comment="due: the first of them"),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False, comment="due: not retried before"),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_parked_row_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job", "row_id", name=op.f("pk_parked_row")),
    )
    op.create_index(op.f("ix_parked_row_trainee_id"), "parked_row", ["trainee_id"], unique=False)
    op.create_table(
        "private_record",
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="whose"),
        sa.Column(
            "locked",
            sa.LargeBinary(),
            nullable=False,
            comment="plans, wordings, named days, why, encrypted with the personal key and padded",
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_private_record_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("trainee_id", name=op.f("pk_private_record")),
    )
    op.create_table(
        "check_in",
        sa.Column(
            "id",
            sa.String(length=64),
            nullable=False,
            comment="made of trainee and step; in the message's buttons",
        ),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="who is asked"),
        sa.Column("step", sa.SmallInteger(), nullable=False, comment="day of the ladder: 3 ... 90"),
        sa.Column(
            "window_id",
            sa.String(length=64),
            nullable=True,
            comment="where the answer counts, NULL for day 90",
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False, comment="due: when it is asked"),
        sa.Column(
            "state", sa.String(length=40), nullable=False, comment="asked | answered | silent | cancelled"
        ),
        sa.Column(
            "follow_up_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="due: the one follow-up, NULL once queued or not wanted",
        ),
        sa.Column(
            "times_put_off", sa.SmallInteger(), nullable=False, comment='how often "not today" was pressed'
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_check_in_trainee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_check_in_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("trainee_id", "step", name=op.f("uq_check_in_trainee_id_step")),
    )
    op.create_index(op.f("ix_check_in_follow_up_at"), "check_in", ["follow_up_at"], unique=False)
    op.create_table(
        "vote",
        sa.Column("circle_week_id", sa.String(length=64), nullable=False, comment="its week"),
        sa.Column("trainee_id", sa.String(length=64), nullable=False, comment="who voted or answered"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="80 bytes only the week's key opens"),
        sa.CheckConstraint("length(sealed) = 80", name=op.f("ck_vote_sealed_length")),
        sa.ForeignKeyConstraint(
            ["circle_week_id"], ["circle_week.id"], name=op.f("fk_vote_circle_week_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_vote_trainee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_week_id", "trainee_id", name=op.f("pk_vote")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_vote_trainee_id"), "vote", ["trainee_id"], unique=False)
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "postgresql":
        for name in ("release_no_change", "release_no_truncate"):
            op.execute(f"DROP TRIGGER {name} ON release")
        op.execute("DROP FUNCTION release_never_changes()")
    for table in _TABLES:  # with their indexes
        op.drop_table(table)
