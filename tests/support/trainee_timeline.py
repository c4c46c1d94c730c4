"""A program with trainees, and a clock that tests move day by day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from allybot.domain.people import Actor
from allybot.domain.plans import Plan
from allybot.domain.trainee import Trainee, TraineeState
from allybot.message import Message
from allybot.services.check_ins import (
    asking,
    follow_ups,
    frequency,
    keep_going,
    messages,
    reminders,
    silence,
)
from allybot.services.context import Context, Rendering
from allybot.services.delivery.recipients import addressed
from allybot.services.outcomes import windows
from allybot.services.plans import plans
from allybot.store import tables, trainees
from allybot.store.check_ins import check_ins as store
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow, as_row, rows_in
from allybot.store.plans import private_records
from allybot.store.programs import programs
from allybot.store.programs.workspaces import save_workspace
from allybot.store.vault import vault as keys

TRAINED = date(2026, 1, 2)  # a Friday
BERLIN = ZoneInfo("Europe/Berlin")
RENDER = {
    MessageKind.CHECK_IN: messages.render_check_in,
    MessageKind.FOLLOW_UP: messages.render_follow_up,
    MessageKind.REPLAN: messages.render_replan,
    MessageKind.CHECK_IN_ANSWERED: messages.render_answered,
    MessageKind.SLOWED: silence.render_slowed,
    MessageKind.FRESH_START: silence.render_fresh_start,
    MessageKind.KEEP_GOING: keep_going.render_keep_going,
    MessageKind.REMINDER: reminders.render_reminder,
}


def berlin(month: int, day: int, hour: int = 12) -> datetime:
    """An aware moment of 2026 in Berlin; noon is after the day's check-in hour."""
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


class Timeline:
    """One program with one or more trainees, stepped through time."""

    def __init__(self, context: Context, zone: str = "Europe/Berlin") -> None:
        self.context = context
        self.sent: list[tuple[OutboxRow, Message]] = []
        with context.database.transaction() as tx:
            save_workspace(tx, "T1", name="Northwind", bot_user="B1", state="active")
            programs.add_program(
                tx,
                {
                    "id": "program",
                    "workspace_id": "T1",
                    "name": "Allies",
                    "support_contact": "Kim",
                    "zone": "Europe/Berlin",
                    "country": "",
                    "minimum_respondents": 10,
                    "epsilon_milli": 1000,
                    "key_holder": "vault",
                    "created_at": berlin(1, 1),
                },
            )
            program = programs.program_by_id(tx, "program")
            assert program
            windows.create_windows(context, tx, program, berlin(1, 1))
            values = {"id": "cohort", "program_id": "program", "name": "one", "training_ended_on": TRAINED}
            programs.add_cohort(tx, values)
            windows.set_closing(context, tx, "program")
        self.actor = self.enrol("U1", zone)

    def enrol(self, user: str, zone: str = "Europe/Berlin", now: datetime | None = None) -> Actor:
        now = now or berlin(1, 2)
        with self.context.vault.transaction() as vault_tx:
            keys.add_person_key(vault_tx, self.context.keyring, f"trainee-{user}")
        with self.context.database.transaction() as tx:
            trainees.add_trainee(
                tx,
                {
                    "id": f"trainee-{user}",
                    "workspace_id": "T1",
                    "slack_user": user,
                    "program_id": "program",
                    "cohort_id": "cohort",
                    "state": TraineeState.ACTIVE,
                    "zone": zone,
                    "locale": "en-GB",
                    "consented_at": now,
                    "record_due_at": now,
                    "silent_steps": 0,
                    "pace": "normal",
                },
            )
            private_records.create(tx, self.context.personal_key(f"trainee-{user}"), f"trainee-{user}")
            trainee = trainees.trainee_by_id(tx, f"trainee-{user}")
            assert trainee
            asking.schedule_first(self.context, tx, trainee, now)
        return Actor("T1", user)

    def write(
        self, kind: str = "fear", moment: date | None = None, now: datetime | None = None, user: str = "U1"
    ) -> Plan:
        actor, now = Actor("T1", user), now or berlin(1, 2)
        return plans.write(self.context, actor, f"form-{kind}", kind, "a & b", "ask <her>", moment, now)

    def tick(self, now: datetime) -> list[OutboxRow]:
        """Run the worker's check-in stories at a moment; the rows that were sent."""
        frequency.resume_due(self.context, now)
        asking.queue_due(self.context, now)
        follow_ups.queue_follow_ups(self.context, now)
        reminders.queue_due(self.context, now)
        return self.deliver(now)

    def deliver(self, now: datetime) -> list[OutboxRow]:
        delivered: list[OutboxRow] = []
        with self.context.database.transaction() as tx:
            for row in rows_in(tx, MessageState.DUE):
                if row.due_at > now:
                    continue
                known = addressed(self.context, row)
                render = RENDER.get(row.kind, lambda _: Message("x"))
                message = render(Rendering(self.context, tx, known, now)) if known else None
                state = MessageState.SENT if message else MessageState.CANCELLED
                if row.stale_at and now >= row.stale_at:
                    state = MessageState.EXPIRED
                values = {"state": state}
                if state is MessageState.SENT:
                    place = {"sent_channel": "D1", "sent_ts": f"{now.timestamp():.0f}.{len(self.sent):06}"}
                    values |= place if row.replaces_ts is None else {}
                    self.sent.append((row, message))
                    delivered.append(row)
                tx.execute(update(tables.outbox).where(tables.outbox.c.id == row.id).values(**values))
        return delivered

    def days(self, first: date, last: date, hour: int = 12) -> list[tuple[date, MessageKind, str]]:
        """Run every day in turn; (day, kind, key) of what was sent."""
        seen = []
        day = first
        while day <= last:
            now = datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN)
            seen += [(day, row.kind, row.key) for row in self.tick(now)]
            day += timedelta(days=1)
        return seen

    def trainee(self, user: str = "U1") -> Trainee:
        with self.context.database.reading() as tx:
            found = trainees.trainee_of(tx, Actor("T1", user))
        assert found
        return found

    def asked(self, step: int):
        """The check-in of a step."""
        with self.context.database.reading() as tx:
            row = tx.execute(select(tables.check_in).where(tables.check_in.c.step == step)).first()
            return store.check_in_by_id(tx, row.id) if row else None

    def outbox(self) -> list[OutboxRow]:
        with self.context.database.reading() as tx:
            return [as_row(row) for row in tx.execute(select(tables.outbox).order_by(tables.outbox.c.key))]

    def rows(self, table: str) -> list[tuple]:
        with self.context.database.reading() as tx:
            chosen = tables.metadata.tables[table]
            return [tuple(row) for row in tx.execute(select(chosen).order_by(*chosen.primary_key.columns))]
