"""Five hundred people, each with twelve buttons that have an effect of their own: a yes, seven check-ins and
four votes. And the presses of them, as Slack sends them.
"""

import hashlib
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from allybot.crypto import Keyring, new_window_keys
from allybot.domain.people import Actor
from allybot.domain.plans import Intention, Plan, PlanKind, PlanState
from allybot.domain.private_record import AskedPlan, PrivateRecord
from allybot.domain.trainee import TraineeState
from allybot.prompts import ids
from allybot.services.context import Context
from allybot.services.outcomes import windows
from allybot.store import tables
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.plans import private_records
from allybot.store.vault import vault as keys
from tests.support import builders

TEAM, BOT_USER, BOT_TOKEN, APP_TOKEN = "T0TOWN", "U0ALLYBOT", "xoxb-town", "xapp-town"
SECRET = "a test secret that is long enough"
SIGNING_SECRET = "a test signing secret"
STEPS = (3, 10, 17, 28, 42, 56, 70)
WEEKS = 4
CIRCLE = 10
NOW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
TAPS = (ids.CHECK_IN_ACTED, ids.CHECK_IN_MISSED, ids.CHECK_IN_NO_MOMENT)
DEEDS = 1 + len(STEPS) + WEEKS


def user(number: int) -> str:
    return f"U{number:04}"


def settle(context: Context, size: int) -> None:
    """Put everybody into the databases."""
    with context.database.transaction() as tx:
        wrapped = context.keyring.wrap(BOT_TOKEN.encode())
        builders.workspace(tx, TEAM, name="Town", bot_user=BOT_USER, token_wrapped=wrapped)
        builders.program(tx, context, workspace_id=TEAM, created_at=NOW)
    with context.vault.transaction() as vault_tx:
        for number in range(size):
            keys.add_person_key(vault_tx, context.keyring, f"t{number}")
    locked = {f"t{number}": context.personal_key(f"t{number}") for number in range(size)}
    with context.database.transaction() as tx:
        boxes = {step: windows.window_for_step(context, tx, "program", step) for step in STEPS}
        tx.execute(insert(tables.trainee), [_trainee(number) for number in range(size)])
        tx.execute(
            insert(tables.private_record), [_record(number, locked[f"t{number}"]) for number in range(size)]
        )
        asked = [_check_in(number, step, boxes[step]) for number in range(size) for step in STEPS]
        tx.execute(insert(tables.check_in), asked)
        circles = range((size + CIRCLE - 1) // CIRCLE)
        tx.execute(insert(tables.circle), [_circle(circle) for circle in circles])
        members = [
            {"circle_id": f"c{number // CIRCLE}", "trainee_id": f"t{number}", "place": number, "turns": 0}
            for number in range(size)
        ]
        tx.execute(insert(tables.circle_member), members)
        scenario = context.content.scenarios[0].id
        weeks = [_week(circle, week, scenario) for circle in circles for week in range(WEEKS)]
        tx.execute(insert(tables.circle_week), weeks)


def _trainee(number: int) -> dict[str, Any]:
    columns = {"workspace_id": TEAM, "state": TraineeState.INVITED, "zone": "Europe/Berlin"}
    return builders.trainee_row(f"t{number}", user(number), **columns)


def _record(number: int, key: bytes) -> dict[str, Any]:
    words = Intention("a meeting begins", "ask first")
    plan = Plan(f"plan-{number}", PlanKind.FEAR, words, PlanState.ACTIVE, NOW)
    asked = tuple(AskedPlan(f"asked-{number}-{step}", plan.id, NOW.date()) for step in STEPS)
    locked = private_records.sealed(key, PrivateRecord((plan,), asked=asked))
    return {"trainee_id": f"t{number}", "locked": locked}


def _check_in(number: int, step: int, window: str | None) -> dict[str, Any]:
    return {
        "id": f"asked-{number}-{step}",
        "trainee_id": f"t{number}",
        "step": step,
        "window_id": window,
        "due_at": NOW,
        "state": "asked",
        "times_put_off": 0,
    }


def _circle(number: int) -> dict[str, Any]:
    values = {"id": f"c{number}", "program_id": "program", "workspace_id": TEAM, "name": f"Oak {number}"}
    return values | {"channel": f"C{number:04}", "state": "active", "weeks_posted": WEEKS, "last_week": 12}


def _week(circle: int, week: int, scenario: str) -> dict[str, Any]:
    return {
        "id": f"week-{circle}-{week}",
        "circle_id": f"c{circle}",
        "monday": date(2026, 1, 5) + timedelta(weeks=week),
        "number": week + 1,
        "scenario_id": scenario,
        "public_key": new_window_keys()[1],
        "opens_at": NOW + timedelta(days=300),
        "state": "open",
    }


def press(number: int, deed: int, trigger_id: str, response_url: str) -> dict[str, Any]:
    """The payload of a person's press: deed 0 is the yes, then come the check-ins and the votes."""
    channel, ts = f"D{number:04}", f"1767690000.{deed:06}"
    if deed == 0:
        action, value = ids.CONSENT_START, ""
    elif deed <= len(STEPS):
        asked = ids.CheckInValue(check_in=f"asked-{number}-{STEPS[deed - 1]}")
        action, value = TAPS[(number + deed) % len(TAPS)], asked.pack()
    else:
        option = (number + deed) % 3
        channel = f"C{number // CIRCLE:04}"
        week = f"week-{number // CIRCLE}-{deed - len(STEPS) - 1}"
        action, value = f"{ids.VOTE}.{option}", ids.CircleWeekValue(week=week, option=option).pack()
    return block_action(user(number), action, value, channel, ts, trigger_id, response_url)


def block_action(
    who: str,
    action: str,
    value: str,
    channel: str,
    ts: str,
    trigger_id: str,
    response_url: str,
    team: str = TEAM,
) -> dict[str, Any]:
    """A press of a button in a message, with all that Slack sends besides."""
    button = {"type": "button", "action_id": action, "block_id": "b1", "value": value}
    text = {"type": "plain_text", "text": "A button", "emoji": True}
    return {
        "type": "block_actions",
        "user": {"id": who, "username": who.lower(), "name": who.lower(), "team_id": team},
        "api_app_id": "A0ALLYBOT",
        "token": "a verification token",
        "team": {"id": team, "domain": "town"},
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
        "trigger_id": trigger_id,
        "channel": {"id": channel, "name": "directmessage"},
        "message": {
            "user": BOT_USER,
            "type": "message",
            "ts": ts,
            "bot_id": "B0ALLYBOT",
            "text": "What was asked. " * 20,
            "blocks": [{"type": "actions", "block_id": "b1", "elements": [button | {"text": text}]}],
        },
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [button | {"text": text, "action_ts": "1767690001.000000"}],
    }


def effects(context: Context) -> dict[str, int]:
    """How many effects of each kind stand in the databases, however often they were asked for."""
    with context.database.reading() as tx:

        def count(table: Any, *where: Any) -> int:
            return int(tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one())

        kinds = Counter(tx.execute(select(tables.outbox.c.kind)).scalars())
        return {
            "consents": count(tables.trainee, tables.trainee.c.state == TraineeState.ACTIVE),
            "first plans asked for": kinds.pop(MessageKind.FIRST_PLAN, 0),
            "welcomes answered": kinds.pop(MessageKind.WELCOME_ANSWERED, 0),
            "ballots": count(tables.ballot),
            "check-ins answered": count(tables.check_in, tables.check_in.c.state == "answered"),
            "check-ins confirmed": kinds.pop(MessageKind.CHECK_IN_ANSWERED, 0),
            "votes": count(tables.vote),
            "anything else said": sum(kinds.values()),
        }


def expected(size: int) -> dict[str, int]:
    """What everybody's twelve presses lead to."""
    taps, votes = size * len(STEPS), size * WEEKS
    return {
        "consents": size,
        "first plans asked for": size,
        "welcomes answered": size,
        "ballots": taps,
        "check-ins answered": taps,
        "check-ins confirmed": taps,
        "votes": votes,
        "anything else said": 0,
    }


def dump(context: Context) -> dict[str, str]:
    """A hash of every table of both databases."""
    found = {}
    for database, metadata in ((context.database, tables.metadata), (context.vault, keys.vault_metadata)):
        with database.reading() as tx:
            for table in metadata.sorted_tables:
                rows = sorted(repr(tuple(row)) for row in tx.execute(select(table)))
                found[table.name] = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    return found


def keyring() -> Keyring:
    return Keyring(SECRET)


def actor(number: int) -> Actor:
    return Actor(TEAM, user(number))
