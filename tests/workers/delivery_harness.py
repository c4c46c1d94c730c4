"""Queues messages, delivers them to the emulator and reads what arrived."""

import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from allybot.message import Message, TextFile, file_name
from allybot.services.context import Context, Rendering, new_id
from allybot.services.delivery.circle_channels import render_circle_trouble
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.did_it_appear import render_appeared_answered, render_did_it_appear
from allybot.services.delivery.sender import Delivery, deliver
from allybot.slack.gateway import SlackGateway
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxMessage, OutboxRow
from allybot.store.delivery.rate_limits import Budget
from allybot.store.engine.database import Transaction
from slack_emulator import Emulator
from slack_emulator.faults import Fault

HERE, THERE = "T0EMULATOR", "T0OTHER"
CIRCLE_CHANNEL = "C0CIRCLE"
FAST = DeliveryRules(
    budget=Budget(per_minute=60_000, burst=50, seconds_between=0),
    lease=timedelta(seconds=3),
    look_up_after=timedelta(seconds=0),
    first_wait=timedelta(milliseconds=1),
    max_wait=timedelta(milliseconds=20),
    presence=timedelta(minutes=5),
    save_retry_seconds=5,
)
_numbers = itertools.count(1)


def fast(
    *, per_minute: int = 60_000, burst: int = 50, seconds_between: float = 0, **options: Any
) -> DeliveryRules:
    """Rules without waits but those asked for."""
    return replace(FAST, budget=Budget(per_minute, burst, seconds_between), **options)


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def render(context: Context, tx: Transaction, row: OutboxRow, now: datetime) -> Message | None:
    """Stands for every story's words."""
    if row.kind is MessageKind.DID_IT_APPEAR:
        return render_did_it_appear(Rendering(context, tx, row, now))
    if row.kind is MessageKind.APPEARED_ANSWERED:
        return render_appeared_answered(Rendering(context, tx, row, now))
    if row.kind is MessageKind.CIRCLE_TROUBLE:
        return render_circle_trouble(Rendering(context, tx, row, now))
    if row.about_id == "unwanted":
        return None
    if row.about_id == "ephemeral":
        return Message("about ephemeral", ephemeral=True)
    if row.about_id == "file":
        name = file_name(row.id)
        return Message("about no file", file=TextFile(name, "My plan and my note.\n", f"about {name}"))
    return Message("x" * 50_000 if row.about_id == "too long" else f"about {row.about_id}")


@dataclass
class Office:
    """Queues, delivers and looks at what people saw."""

    context: Context
    slack: SlackGateway
    emulator: Emulator
    now: datetime
    rules: DeliveryRules = FAST
    ahead: timedelta = field(default_factory=timedelta)

    def real(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def put(self, about_id: str, *, workspace: str = HERE, **fields: Any) -> str:
        row_id = new_id()
        given = {"to_user": "UA1" if workspace == HERE else "UB1", "due_at": self.now} | fields
        draft = OutboxMessage(
            key=fields.pop("key", f"key-{next(_numbers)}"),
            workspace_id=workspace,
            kind=given.pop("kind", MessageKind.CHECK_IN),
            about_id=about_id,
            **{name: value for name, value in given.items() if name != "key"},
        )
        with self.context.database.transaction() as tx:
            assert outbox.put(tx, row_id, draft)
        return row_id

    def deliver(self, worker: str | None = None, slack: SlackGateway | None = None) -> int:
        name = worker or f"worker-{next(_numbers)}"
        return deliver(self.context, slack or self.slack, render, name, self.now, self.real, self.rules)

    def delivery(self) -> Delivery:
        """One worker's delivery, for tests that begin it more than once."""
        name = f"worker-{next(_numbers)}"
        return Delivery(self.context, self.slack, render, name, self.real, self.rules)

    def row(self, row_id: str) -> OutboxRow:
        with self.context.database.reading() as tx:
            row = outbox.row_by_id(tx, row_id)
        assert row is not None
        return row

    def state(self, row_id: str) -> MessageState:
        return self.row(row_id).state

    def fault(self, mode: str, method: str = "chat.postMessage", **options: Any) -> None:
        self.emulator.slack.faults.add(Fault(mode=mode, method=method, **options))

    def messages(self) -> list[dict[str, Any]]:
        """Every message that stands in Slack, from the emulator's own store."""
        return [
            message.fields
            for workspace in self.emulator.slack.workspaces.values()
            for conversation in list(workspace.conversations.values())
            for message in list(conversation.by_ts.values())
        ]

    def seen(self) -> Counter[str]:
        """How often each text stands in Slack."""
        return Counter(message["text"] for message in self.messages())

    def files(self) -> list[bytes | None]:
        """What stands in each file that was sent."""
        sent = [file["id"] for message in self.messages() for file in message.get("files", ())]
        uploads = self.emulator.slack.workspaces[HERE].files
        return [uploads[each].content for each in sent]

    def calls(self, method: str) -> int:
        entries = self.emulator.slack.log.read(kind="web_api")
        return sum(entry["method"] == method for entry in entries)
