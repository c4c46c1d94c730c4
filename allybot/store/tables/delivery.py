"""The outbox, rate limits, workers and parked rows."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, SmallInteger, String, Table

from allybot.store.engine.database import UtcDateTime
from allybot.store.tables.columns import ID, WORD, cascading_fk, metadata, where

outbox = Table(
    "outbox",
    metadata,
    Column("id", ID, primary_key=True, comment="random or made of `key`; goes into the message's metadata"),
    Column("key", String(200), nullable=False, unique=True, comment="idempotency key: check-in:..."),
    Column(
        "workspace_id", ID, cascading_fk("workspace.id"), nullable=False, comment="whose token and budget"
    ),
    Column("kind", WORD, nullable=False, comment="the kind of message: welcome, check_in, scenario ..."),
    Column(
        "about_id", String(128), nullable=False, comment="id of what it is about; the table depends on kind"
    ),
    Column("to_user", ID, comment="Slack user for a DM; else to_channel"),
    Column("to_channel", ID, comment="Slack channel of a circle or a DM"),
    Column("replaces_ts", WORD, comment="ts of the message it updates, NULL for a new post"),
    Column("thread_ts", WORD, comment="ts of the thread it belongs in, NULL for the conversation itself"),
    Column(
        "trainee_id",
        ID,
        cascading_fk("trainee.id"),
        comment="deleted with the trainee; NULL for circles and leads",
    ),
    Column("due_at", UtcDateTime, nullable=False, comment="due: not before"),
    Column("stale_at", UtcDateTime, comment="due: expires unsent from here on"),
    Column("state", WORD, nullable=False, comment="see store.delivery.outbox.MessageState"),
    Column("attempts", SmallInteger, nullable=False, comment="sends tried"),
    Column("not_before", UtcDateTime, comment="real: back-off or look-up time"),
    Column("lease_owner", ID, comment="worker that claimed it"),
    Column("lease_until", UtcDateTime, comment="real: from here on the claim is uncertain"),
    Column("attempted_at", UtcDateTime, comment="real: start of the latest attempt that may have succeeded"),
    Column("look_up_from", UtcDateTime, comment="Slack's time before the first attempt; NULL: unknown"),
    Column("reason", WORD, comment="Slack's or our code of the latest failure; never message text"),
    Column("sent_channel", ID, comment="channel it was sent to"),
    Column("sent_ts", WORD, comment="Slack's ts of the message"),
    Index(None, "state", "due_at"),
    Index(None, "workspace_id", "state", "due_at"),
    Index(None, "trainee_id"),
    Index(None, "about_id"),
    Index(None, "to_user", **where("trainee_id IS NULL")),  # how to find what does not go with a trainee
    Index(None, "to_channel", **where("trainee_id IS NULL")),
)

channel_budget = Table(
    "channel_budget",
    metadata,
    Column("workspace_id", ID, cascading_fk("workspace.id"), primary_key=True, comment="its workspace"),
    Column("channel", ID, primary_key=True, comment="Slack channel or user written to"),
    Column("next_post_at", UtcDateTime, nullable=False, comment="real: one message a second"),
)

worker_sign = Table(
    "worker_sign",
    metadata,
    Column("worker", ID, primary_key=True, comment="as in outbox.lease_owner"),
    Column("began_at", UtcDateTime, nullable=False, comment="real: its first heartbeat"),
    Column("seen_at", UtcDateTime, nullable=False, comment="real: its latest heartbeat"),
    Column(
        "host_ahead_s",
        BigInteger,
        nullable=False,
        comment="seconds its host's clock is ahead of the database's",
    ),
    Column(
        "offset_s", BigInteger, nullable=False, comment="seconds its program's clock is ahead of its host's"
    ),
    Column("refuses", WORD, comment="why it is inactive, NULL while it is active"),
)

signature_check = Table(
    "signature_check",
    metadata,
    Column("id", SmallInteger, primary_key=True, comment="always 1: the table has one row"),
    Column("refused", Integer, nullable=False, comment="requests with a wrong signature since a right one"),
    Column("refused_on", Date, comment="UTC day of the latest wrong signature"),
    Column("accepted_on", Date, comment="UTC day of a right signature"),
)

restored = Table(
    "restored",
    metadata,
    Column("id", SmallInteger, primary_key=True, comment="always 1: the table has one row"),
    Column("made_at", UtcDateTime, nullable=False, comment="real: when the restored backup was made"),
    Column("look_up_from", UtcDateTime, nullable=False, comment="real: an hour before, as Slack may have it"),
    Column("restored_at", UtcDateTime, nullable=False, comment="due: when it was restored"),
)

parked_row = Table(
    "parked_row",
    metadata,
    Column("job", WORD, primary_key=True, comment="what was due: check_ins, votes ..."),
    Column("row_id", ID, primary_key=True, comment="id of the parked row"),
    Column("kind", WORD, nullable=False, comment="which table the row is in, see store.parked_rows.RowKind"),
    Column(
        "trainee_id",
        ID,
        cascading_fk("trainee.id"),
        comment="deleted with the trainee; NULL for circles and such",
    ),
    Column("reason", WORD, nullable=False, comment="a code, never anybody's text"),
    Column("attempts", Integer, nullable=False, comment="failures in a row"),
    Column("since", UtcDateTime, nullable=False, comment="due: the first of them"),
    Column("retry_at", UtcDateTime, nullable=False, comment="due: not retried before"),
    Index(None, "trainee_id"),
)
