"""Rows of workspaces, programs and people, with what they were asked so far."""

import random
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from allybot.domain.plans import Intention, Plan, PlanKind, PlanState
from allybot.domain.private_record import PrivateRecord
from allybot.domain.trainee import TraineeState
from allybot.services.context import Context
from allybot.store.plans import private_records
from bench.seeding.bulk import Values
from bench.seeding.scale import (
    NEXT_STEP,
    NOW,
    STARTED,
    STEPS,
    TOKEN,
    TRAINED,
    Layout,
    Scale,
    Shared,
)

NOT_ACTIVE: dict[int, tuple[TraineeState, Values]] = {
    # Every twentieth person each. Who stopped or pauses keeps the moment of a step, which is then long past.
    0: (TraineeState.PAUSED, {"next_check_in_at": NOW - timedelta(days=20)}),
    1: (TraineeState.PAUSED, {"paused_until": NOW + timedelta(days=10)}),
    2: (TraineeState.STOPPED, {"next_check_in_at": NOW - timedelta(days=20)}),
    3: (TraineeState.STOPPED, {"next_check_in_at": NOW - timedelta(days=30)}),
    4: (TraineeState.INVITED, {"next_check_in_at": None, "next_step": None, "consented_at": None}),
    5: (TraineeState.GONE, {"paused_until": NOW - timedelta(days=5)}),
}
_IN_THIRTEEN = (TraineeState.ACTIVE, {"goodbye_at": NOW + timedelta(days=30)})


def workspaces_rows(context: Context, layout: Layout) -> Iterator[Values]:
    """The workspaces, all with the same token."""
    token = context.keyring.wrap(TOKEN.encode())
    for number in range(layout.workspaces):
        yield {
            "id": f"T{number}",
            "name": f"Workspace {number}",
            "bot_user": "UBOT",
            "token_wrapped": token,
            "state": "active",
        }


def programs_rows(layout: Layout) -> Iterator[Values]:
    """Programs of at most two thousand people."""
    for number in range(layout.programs):
        yield {
            "id": f"program-{number}",
            "workspace_id": layout.workspace_of_program(number),
            "name": f"Allies {number}",
            "support_contact": "Robin, +44 20 7946 0000",
            "zone": "Europe/London",
            "country": "GB",
            "minimum_respondents": 10,
            "epsilon_milli": 1000,
            "key_holder": "vault",
            "created_at": STARTED,
            "frozen_at": STARTED,
        }


def cohorts_rows(layout: Layout) -> Iterator[Values]:
    """One cohort a program."""
    for number in range(layout.programs):
        yield {
            "id": f"cohort-{number}",
            "program_id": f"program-{number}",
            "name": "winter",
            "training_ended_on": TRAINED,
        }


def windows_rows(layout: Layout, shared: Shared) -> Iterator[Values]:
    """Two windows a program: the first is published, the second open."""
    for number in range(layout.programs):
        first = {
            "state": "published",
            "invited": 100,
            "published_on": NOW.date(),
            "key_destroyed_on": NOW.date(),
        }
        second = {"state": "open", "invited": None, "published_on": None, "key_destroyed_on": None}
        for name, closes_in, values in (("1-6", -10, first), ("7-13", 40, second)):
            yield {
                "id": secrets.token_hex(16),
                "program_id": f"program-{number}",
                "name": name,
                "closes_at": NOW + timedelta(days=closes_in),
                "public_key": shared.public_key,
                **values,
            }


def trainees_rows(ids: list[str], layout: Layout, scale: Scale, rng: random.Random) -> Iterator[Values]:
    """People by number, in states that repeat every twenty; the first active ones are due."""
    left = scale.due
    for number, trainee_id in enumerate(ids):
        state, other = NOT_ACTIVE.get(number % 20, (TraineeState.ACTIVE, {}))
        if number % 20 == 13:  # noqa: PLR2004 - any that is not above
            state, other = _IN_THIRTEEN
        due = state is TraineeState.ACTIVE and left > 0
        left -= due
        ahead = timedelta(seconds=rng.randrange(3600, 7 * 86400))
        yield {
            "id": trainee_id,
            "workspace_id": layout.workspace(number),
            "slack_user": f"U{number}",
            "program_id": layout.program(number),
            "cohort_id": layout.program(number).replace("program", "cohort"),
            "state": state.value,
            "zone": "Europe/London",
            "locale": "en-GB",
            "dm_channel": f"D{number}",
            "consented_at": STARTED,
            "next_step": NEXT_STEP,
            "next_check_in_at": NOW - timedelta(minutes=30) if due else NOW + ahead,
            "record_due_at": NOW + timedelta(days=1),
            "paused_until": None,
            "moved_days": 0,
            "silent_steps": 0,
            "pace": "normal",
            "goodbye_at": None,
            "delete_after": NOW + timedelta(days=200),
            **other,
        }


def records_rows(ids: list[str], key: bytes) -> Iterator[Values]:
    """The private records, each with one active plan; all are the same bytes."""
    words = Intention(
        "someone is interrupted in our Tuesday meeting", "say that I would like to hear the rest"
    )
    plan = Plan(
        "plan",
        PlanKind.BYSTANDER,
        words,
        PlanState.ACTIVE,
        STARTED,
        times_asked=len(STEPS),
        last_asked_at=_asked_at(STEPS[-1]),
    )
    locked = private_records.sealed(key, PrivateRecord((plan,)))
    return ({"trainee_id": trainee_id, "locked": locked} for trainee_id in ids)


def check_ins_rows(
    ids: list[str], check_ins: list[list[str]], windows: list[str], layout: Layout
) -> Iterator[Values]:
    """The answered check-ins behind each person; `windows` are the open ones, by program."""
    for number, (trainee_id, asked) in enumerate(zip(ids, check_ins, strict=True)):
        for step, check_in_id in zip(STEPS[-len(asked) :], asked, strict=True):
            yield {
                "id": check_in_id,
                "trainee_id": trainee_id,
                "step": step,
                "window_id": windows[layout.program_number(number)],
                "due_at": _asked_at(step),
                "state": "answered",
                "times_put_off": 0,
            }


def messages_rows(ids: list[str], check_ins: list[list[str]], layout: Layout) -> Iterator[Values]:
    """The welcome, a message for each check-in, and the change that thanked for the last answer."""
    stamp = count(1_767_000_000)
    for number, (trainee_id, asked) in enumerate(zip(ids, check_ins, strict=True)):
        common: Values = {
            "workspace_id": layout.workspace(number),
            "trainee_id": trainee_id,
            "state": "sent",
            "attempts": 1,
            "sent_channel": f"D{number}",
        }
        steps = list(zip(STEPS[-len(asked) :], asked, strict=True))
        written = [("welcome", f"welcome:{trainee_id}", trainee_id, STARTED)]
        written += [
            ("check_in", f"check-in:{trainee_id}:{step}", one, _asked_at(step)) for step, one in steps
        ]
        last_ts = ""
        for kind, key, about_id, due_at in written:
            last_ts = f"{next(stamp)}.000100"
            yield {
                **common,
                "id": secrets.token_hex(16),
                "key": key,
                "kind": kind,
                "about_id": about_id,
                "to_user": f"U{number}",
                "to_channel": None,
                "replaces_ts": None,
                "due_at": due_at,
                "attempted_at": due_at,
                "sent_ts": last_ts,
            }
        yield {
            **common,
            "id": secrets.token_hex(16),
            "key": f"answered:{steps[-1][1]}:{last_ts}",
            "kind": "check_in_answered",
            "about_id": steps[-1][1],
            "to_user": None,
            "to_channel": f"D{number}",
            "replaces_ts": last_ts,
            "due_at": _asked_at(steps[-1][0]),
            "attempted_at": _asked_at(steps[-1][0]),
            "sent_ts": last_ts,
        }


def _asked_at(step: int) -> datetime:
    return STARTED + timedelta(days=step)
