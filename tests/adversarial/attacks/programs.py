"""Programs with people who were asked, inserted in bulk so that thousands of trials take minutes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select

from allybot.crypto import new_personal_key
from allybot.domain.check_ins import FromHere, Tap
from allybot.domain.people import Actor
from allybot.domain.plans import BARRIERS, Intention, Outcome, Plan, PlanKind, PlanState, Wording
from allybot.domain.private_record import AskedPlan, PrivateRecord
from allybot.services.check_ins import answering
from allybot.services.context import Context, new_id
from allybot.services.programs import programs
from allybot.store.plans import private_records
from allybot.store.programs import programs as stored
from allybot.store.tables import check_in, cohort, outbox, private_record, trainee, window
from allybot.store.vault.vault import person_key
from tests.support import builders

WORKSPACE = "T1"
TRAINED = date(2026, 1, 2)
NOW = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)
CLOSED = NOW + timedelta(days=200)
"""After both windows have closed."""
CUE, RESPONSE = "a zebra crosses quadrangle seven", "whistle to the xylophone player"
"""Unique words to search for."""
OUTCOMES = (Outcome.ACTED, Outcome.NO_MOMENT, *BARRIERS)
"""The eight answers."""
_STEPS = {"1-6": (3, 10, 17, 28, 42), "7-13": (56, 70)}
AS_BEFORE = answering.Choices("", "", None, FromHere.AS_BEFORE)


@dataclass(frozen=True)
class Person:
    """One trainee.

    Attributes:
        check_ins: id of the check-in at each step.
    """

    id: str
    actor: Actor
    check_ins: dict[int, str]


@dataclass(frozen=True)
class Enrolled:
    """A program, its people, its lead, and its windows' ids by name."""

    id: str
    name: str
    lead: Actor
    people: tuple[Person, ...]
    windows: dict[str, str]


def connect(context: Context, *workspaces: str) -> None:
    """Store connected workspaces."""
    with context.database.transaction() as tx:
        for workspace in workspaces:
            token = context.keyring.wrap(b"xoxb-emulator")
            builders.workspace(tx, workspace, name=workspace, token_wrapped=token)


def enrol(
    context: Context,
    name: str,
    size: int,
    *,
    workspace: str = WORKSPACE,
    steps: Sequence[int] = (3, 56),
    minimum: int = 10,
    key_holder: str = "vault",
    pool: str | None = None,
    counts_moments: bool = False,
    users: Sequence[str] = (),
) -> Enrolled:
    """A program of `size` people with one plan each, who have been asked at `steps`.

    Args:
        users: their Slack users; invented when empty.
    """
    made = programs.create(
        context,
        workspace,
        name,
        "Kim",
        [("one", TRAINED)],
        zone="UTC",
        minimum_respondents=minimum,
        key_holder=key_holder,
        pool=pool,
        counts_moments=counts_moments,
        now=NOW,
    )
    lead = Actor(workspace, f"ULEAD{name}")
    keys = {new_id(): new_personal_key() for _ in range(size)}
    slack_users = users or [f"U{name}X{index}" for index in range(size)]
    found = tuple(
        Person(each, Actor(workspace, user), {step: new_id() for step in steps})
        for each, user in zip(keys, slack_users, strict=True)
    )
    with context.vault.transaction() as vault_tx:
        vault_tx.execute(
            insert(person_key),
            [{"trainee_id": each, "key_wrapped": context.keyring.wrap(key)} for each, key in keys.items()],
        )
    with context.database.transaction() as tx:
        stored.add_lead(tx, made.id, lead.slack_user)
        cohort_id = tx.execute(select(cohort.c.id).where(cohort.c.program_id == made.id)).scalar_one()
        windows = {
            row.name: str(row.id) for row in tx.execute(select(window).where(window.c.program_id == made.id))
        }
        may_wait = pool is not None
        tx.execute(insert(trainee), [_trainee(each, made.id, cohort_id, may_wait) for each in found])
        tx.execute(insert(private_record), [_record(each, keys[each.id]) for each in found])
        of_step = {step: windows["1-13" if counts_moments else _window_of(step)] for step in steps}
        asked = [_check_in(each, step, of_step[step]) for each in found for step in steps]
        tx.execute(insert(check_in), asked)
        tx.execute(insert(outbox), [_sent(each, step, workspace) for each in found for step in steps])
    return Enrolled(made.id, name, lead, found, windows)


def answer(context: Context, person: Person, step: int, outcome: Outcome, now: datetime = NOW) -> None:
    """Tap, pick what fits in the help and submit it, unchanged otherwise."""
    tap = tap_for(outcome)
    pick = outcome.value if tap is Tap.NOT_ACTED else "same" if tap is Tap.ACTED else "wait"
    pressed = ("D1", f"{int(NOW.timestamp())}.{step:06d}")
    answering.tap(context, person.actor, person.check_ins[step], tap, now, pressed)
    answering.help_form(context, person.actor, person.check_ins[step], tap, pick, AS_BEFORE, now)


def tap_for(outcome: Outcome) -> Tap:
    """The button that leads to this outcome: its own, or the one behind which barriers are named."""
    return Tap(outcome.value) if outcome.value in {each.value for each in Tap} else Tap.NOT_ACTED


def _window_of(step: int) -> str:
    return next(name for name, steps in _STEPS.items() if step in steps)


def _trainee(person: Person, program_id: str, cohort_id: str, may_wait: bool) -> dict[str, object]:  # noqa: FBT001 - one call
    return builders.trainee_row(
        person.id,
        person.actor.slack_user,
        workspace_id=person.actor.workspace_id,
        program_id=program_id,
        cohort_id=cohort_id,
        dm_channel="D1",
        consented_at=NOW,
        next_step=90,
        next_check_in_at=NOW + timedelta(days=90),
        may_wait=may_wait,
    )


def _record(person: Person, key: bytes) -> dict[str, object]:
    """The private record: one plan with an earlier wording, asked about at every step."""
    words = Intention(CUE, RESPONSE)
    plan = Plan(new_id(), PlanKind.FEAR, words, PlanState.ACTIVE, NOW, coping=RESPONSE)
    plan = replace(plan, earlier=(Wording(words, TRAINED),), form_id="form")
    asked = tuple(AskedPlan(each, plan.id, TRAINED) for each in person.check_ins.values())
    locked = private_records.sealed(key, PrivateRecord((plan,), asked=asked))
    return {"trainee_id": person.id, "locked": locked}


def _check_in(person: Person, step: int, window_id: str) -> dict[str, object]:
    return {
        "id": person.check_ins[step],
        "trainee_id": person.id,
        "step": step,
        "window_id": window_id,
        "due_at": NOW,
        "state": "asked",
        "times_put_off": 0,
    }


def _sent(person: Person, step: int, workspace: str) -> dict[str, object]:
    """The check-in's message as sent."""
    return {
        "id": new_id(),
        "key": f"check-in:{person.id}:{step}",
        "workspace_id": workspace,
        "kind": "check_in",
        "about_id": person.check_ins[step],
        "to_user": person.actor.slack_user,
        "trainee_id": person.id,
        "due_at": NOW,
        "state": "sent",
        "attempts": 1,
        "sent_channel": "D1",
        "sent_ts": f"{int(NOW.timestamp())}.{step:06d}",
    }
