"""A trainee with every kind of data, for tests of my-data, retention and erasure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from allybot.domain.people import Actor, Program
from allybot.domain.plans import Outcome, PlanKind
from allybot.domain.trainee import Trainee
from allybot.services.circles import deeds, membership, questions
from allybot.services.context import Context
from allybot.services.outcomes import casting, windows
from allybot.services.plans import plans
from allybot.services.programs import enrolment, leading, programs, suggestions
from allybot.services.programs.directory import Enrolee
from allybot.services.trainees import consent
from allybot.store import trainees
from allybot.store.circles import circles as stored_circles
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.plans import private_records
from allybot.store.programs.workspaces import save_workspace
from allybot.store.tables import check_in, circle_week, metadata
from allybot.store.tables import outbox as outbox_table
from allybot.store.vault.vault import add_window_key, vault_metadata

AL, BO, LEAD = Actor("T1", "UAL"), Actor("T1", "UBO"), Actor("T1", "ULEAD")
CUE, RESPONSE = "he is cut off again", "I say: let him finish"
CUE_BEFORE, COPING = "he falls silent", "count to ten"
QUESTION = "How would you open such a talk?"
DEED = "I asked him to let the zebra finish"
SUGGESTION = "A quiet room beside the aquarium"


@dataclass(frozen=True)
class Al:
    """Al and the ids of what belongs to them."""

    context: Context
    program: Program
    trainee: Trainee
    window_id: str
    week_id: str


def full_trainee(context: Context, now: datetime) -> Al:
    """Al and Bo in a circle; Al has a plan, an answer, a vote, messages and facilitates this week.

    A question and a deed of Al's wait to be posted in the circle, and a suggestion to go to the leads.
    """
    with context.database.transaction() as tx:
        save_workspace(
            tx,
            "T1",
            name="Northwind",
            bot_user="B1",
            state="active",
            token_wrapped=context.keyring.wrap(b"xoxb-1"),
        )
    program = programs.create(context, "T1", "Allies", "Kim", [("a", date(2026, 1, 2))], zone="UTC", now=now)
    enrolees = [
        Enrolee(who.slack_user, who.slack_user, "Europe/Berlin", "en-GB", circle="C1", circle_name="Oak")
        for who in (AL, BO)
    ]
    enrolment.enrol(context, program.id, enrolees, now)
    for who in (AL, BO):
        consent.start(context, who, now)
    plan = plans.write(
        context, AL, "form", PlanKind.BYSTANDER, CUE_BEFORE, RESPONSE, None, now, coping=COPING
    )
    plans.edit(context, AL, plan.id, CUE, RESPONSE, None, now, coping=COPING)
    plans.focus(context, AL, plan.id)
    leading.appoint_lead(context, "Allies", "T1", LEAD.slack_user, now)
    with context.database.transaction() as tx:
        trainee = trainees.trainee_of(tx, AL)
        assert trainee is not None
        trainees.change_trainee(tx, trainee.id, dm_channel="DAL")
        window_id = windows.window_for_step(context, tx, program.id, 3)
        assert window_id is not None
        tx.execute(
            insert(check_in).values(
                id="check-in-1", trainee_id=trainee.id, step=3, window_id=window_id,
                due_at=now, state="answered", times_put_off=0,
            )
        )  # fmt: skip
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            held.record = held.record.with_question("check-in-1", plan.id, now.date(), now)
        assert casting.cast(context, tx, window_id, trainee.id, 3, Outcome.FORGOT, PlanKind.BYSTANDER)
        (circle,) = stored_circles.circles_of_trainee(tx, trainee.id)
        with context.vault.transaction() as vault_tx:
            public = add_window_key(vault_tx, context.keyring, "week-1")
        stored_circles.change_circle(tx, circle.id, weeks_posted=1)
        tx.execute(
            insert(circle_week).values(
                id="week-1", circle_id=circle.id, monday=now.date() - timedelta(days=1), number=1,
                scenario_id=context.content.scenarios[0].id, facilitator_id=trainee.id, public_key=public,
                opens_at=now + timedelta(days=2), state="open",
            )
        )  # fmt: skip
        outbox.put(
            tx,
            "typed-1",
            outbox.OutboxMessage(
                "typed:1", "T1", MessageKind.TYPED_REPLY, "thanks", now, to_user=AL.slack_user
            ),
        )
        messages = update(outbox_table).where(outbox_table.c.to_user == AL.slack_user)
        tx.execute(messages.values(state="sent", sent_channel="DAL", sent_ts="1.0"))
    membership.vote(context, AL, "week-1", 0, now)
    questions.ask(context, AL, "ask-form", "", QUESTION, now, named=False)
    deeds.tell(context, AL, "deed-form", DEED, now, named=False)
    suggestions.send(context, AL, SUGGESTION, now)
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, AL)
        assert trainee is not None
    return Al(context, program, trainee, window_id, "week-1")


def rows(context: Context) -> list[tuple[Any, ...]]:
    """Every row of both databases, as one list."""
    found: list[tuple[Any, ...]] = []
    for database, tables in ((context.database, metadata), (context.vault, vault_metadata)):
        with database.reading() as tx:
            for table in tables.sorted_tables:
                found += [(table.name, *row) for row in tx.execute(select(table))]
    return found


def on_disk(context: Context) -> bytes:
    """Every byte of both SQLite databases with their logs."""
    found = b""
    for database in (context.database, context.vault):
        path = Path(str(database.engine.url.database))
        found += b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return found


def traces_of(context: Context, *names: str) -> list[str]:
    """Tables in which one of these ids is left; `erased` holds a random id by design.

    What is encrypted holds any three letters by chance. So an id is looked for as a word, and in bytes only
    when it is long.
    """
    words = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
    long = [name.encode() for name in names if len(name) > 8]

    def is_named(row: tuple[object, ...]) -> bool:
        held = b"\0".join(value for value in row if isinstance(value, bytes))
        return any(name in held for name in long) or any(
            words.search(str(value)) for value in row if not isinstance(value, bytes)
        )

    return [row[0] for row in rows(context) if row[0] != "erased" and is_named(row)]
