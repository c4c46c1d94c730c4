"""The outbox: what is to be said, to whom and when, as ids and never as words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select

from allybot.store.database import Transaction
from allybot.store.tables import outbox


class Kind(StrEnum):
    """Which words a row becomes; `services/rendering.py` is the table of who writes them.

    `subject` holds the id of: the trainee for WELCOME, LATER_REMINDER, FIRST_PLAN, PACE_QUESTION, GOODBYE,
    WELCOME_ANSWERED; the check-in for CHECK_IN, FOLLOW_UP, REPLAN, CHECK_IN_ANSWERED; the circle week for
    SCENARIO, VOTE_RESULT, FACILITATOR_KIT; the window for RELEASE_NOTICE; the outbox row for DID_IT_APPEAR.
    """

    WELCOME = "welcome"
    WELCOME_ANSWERED = "welcome_answered"
    LATER_REMINDER = "later_reminder"
    FIRST_PLAN = "first_plan"
    CHECK_IN = "check_in"
    FOLLOW_UP = "follow_up"
    REPLAN = "replan"
    CHECK_IN_ANSWERED = "check_in_answered"
    PACE_QUESTION = "pace_question"
    GOODBYE = "goodbye"
    SCENARIO = "scenario"
    VOTE_RESULT = "vote_result"
    FACILITATOR_KIT = "facilitator_kit"
    RELEASE_NOTICE = "release_notice"
    DID_IT_APPEAR = "did_it_appear"


class State(StrEnum):
    """due -> claimed -> sent | uncertain -> sent or due again | refused | expired | cancelled | parked.

    ASKED: an uncertain circle post about which a person has been asked.
    """

    DUE = "due"
    CLAIMED = "claimed"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    ASKED = "asked"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PARKED = "parked"


@dataclass(frozen=True)
class Draft:
    """A message to be, as ids.

    Attributes:
        key: what makes twice once, such as `check-in:{trainee}:{step}`.
        to_user: a Slack user for a DM; else `to_channel`.
        replaces: (channel, ts) of the message it updates, None for a new post.
        due_at: aware UTC on the program's clock; not sent before.
        stale_at: aware UTC on the program's clock; from here on it expires unsent.
    """

    key: str
    workspace_id: str
    kind: Kind
    subject: str
    due_at: datetime
    to_user: str | None = None
    to_channel: str | None = None
    trainee_id: str | None = None
    stale_at: datetime | None = None
    replaces: tuple[str, str] | None = None


@dataclass(frozen=True)
class OutboxRow:
    """A queued message as its renderer sees it. `replaces_ts` None means a new post."""

    id: str
    key: str
    workspace_id: str
    kind: Kind
    subject: str
    to_user: str | None
    to_channel: str | None
    replaces_ts: str | None
    trainee_id: str | None
    due_at: datetime
    stale_at: datetime | None
    attempts: int


def put(tx: Transaction, row_id: str, draft: Draft) -> bool:
    """Queue a message under its key; False when the key is already there, which makes twice once."""
    if tx.execute(select(outbox.c.id).where(outbox.c.key == draft.key)).first():
        return False
    tx.execute(
        insert(outbox).values(
            id=row_id,
            key=draft.key,
            workspace_id=draft.workspace_id,
            kind=draft.kind,
            subject=draft.subject,
            to_user=draft.to_user,
            to_channel=draft.replaces[0] if draft.replaces else draft.to_channel,
            replaces_ts=draft.replaces[1] if draft.replaces else None,
            trainee_id=draft.trainee_id,
            due_at=draft.due_at,
            stale_at=draft.stale_at,
            state=State.DUE,
            attempts=0,
        )
    )
    return True
