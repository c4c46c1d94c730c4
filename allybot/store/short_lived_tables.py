"""Tables whose rows are gone within seconds or days; `tables` has all the others, and these by name."""

from sqlalchemy import Column, Index, LargeBinary, SmallInteger, Table

from allybot.store.columns import ID, gone_with, metadata
from allybot.store.database import UtcDateTime

installation = Table(
    "installation",
    metadata,
    Column(
        "digest", ID, primary_key=True, comment="of the word Slack gives back; the word itself is not kept"
    ),
    Column("expires_at", UtcDateTime, nullable=False, comment="real: from here on it is worth nothing"),
)

channel_budget = Table(
    "channel_budget",
    metadata,
    Column("workspace_id", ID, gone_with("workspace.id"), primary_key=True, comment="its workspace"),
    Column("channel", ID, primary_key=True, comment="Slack channel or user written to"),
    Column("next_post_at", UtcDateTime, nullable=False, comment="real: one message a second"),
)

circle_question = Table(
    "circle_question",
    metadata,
    Column("id", ID, primary_key=True, comment="random"),
    Column("circle_id", ID, gone_with("circle.id"), nullable=False, comment="the circle that is asked"),
    Column("trainee_id", ID, gone_with("trainee.id"), nullable=False, comment="whose; nobody is told"),
    Column("text_locked", LargeBinary, nullable=False, comment="the words, under his own key"),
    Column("named", SmallInteger, nullable=False, comment="1: he chose to put his name to it"),
    Column("delete_after", UtcDateTime, nullable=False, comment="due: at the latest; as a rule once posted"),
    Index(None, "trainee_id"),
    Index(None, "delete_after"),
)
