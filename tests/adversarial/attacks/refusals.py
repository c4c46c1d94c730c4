"""Refusals to people without rights and of made-up values: their wording and timing.

Payloads go through Bolt as Slack would send them; answers to buttons come in at a response URL of our own.
"""

# ruff: noqa: S311 - seeded chance orders the calls

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select

from allybot.domain.people import Actor
from allybot.errors import NotALeadError
from allybot.prompts import ids
from allybot.prompts.outcomes import file_ids
from allybot.services.context import Context, new_id
from allybot.services.outcomes import summaries
from allybot.services.plans import plans
from allybot.services.programs import leading
from allybot.store.tables import ballot, check_in, lead, outbox, private_record
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import WORKSPACE
from tests.adversarial.attacks.running_app import ELSEWHERE, EMPTY, RunningApp, running_app

TIMING_BAR = 1.1
"""For the quickest tenth of calls, which hardly feels a busy machine: an attacker who times refusals looks at
those, too. Looking up figures first shows as a fifth longer on SQLite and a third on PostgreSQL."""


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Wording, effect and timing of every refusal."""
    with running_app(databases) as running:
        refused = [*_refused_leads(running)]
        before = _state(running.context)
        stale = [*_made_up(running)]
        moved = sum(one != other for one, other in zip(before, _state(running.context), strict=True))
        rounds = effort.of(300, 40)
        leads = _slower(random.Random(effort.seed), rounds, _askers(running))
        buttons = _slower(random.Random(effort.seed), rounds, _pressers(running))
        leaking = _slower(random.Random(effort.seed), rounds, _leaky(running))
        seen = running.command(running.target.lead, "transfers")
    if running.target.name.encode() not in seen:
        raise AssertionError("the lead sees nothing")
    return [
        Finding(
            "a non-lead, another program's or workspace's lead, a crafted value: wordings of the refusal",
            databases.backend,
            len(set(refused)),
            1,
            "=",
            f"distinct bytes in {len(refused)} refusals",
        ),
        Finding(
            "buttons and modals of other people or made up: wordings",
            databases.backend,
            max(len(set(answers)) for answers in stale),
            1,
            "=",
            f"distinct bytes per kind of {sum(map(len, stale))} presses",
        ),
        Finding(
            "buttons and modals of other people or made up: tables changed",
            databases.backend,
            moved,
            0,
            "=",
            "ballots, check-ins, plans, earlier wordings, messages, leads",
        ),
        Finding(
            "timing of the refusal: programs with releases or none",
            databases.backend,
            leads,
            TIMING_BAR,
            note=f"ratio of the quickest tenth of {rounds} interleaved rounds",
        ),
        Finding(
            "timing of the refusal: somebody's check-in or none",
            databases.backend,
            buttons,
            TIMING_BAR,
            note=f"ratio of the quickest tenth of {rounds} interleaved rounds",
        ),
        Finding(
            "control: timing of a build that reads releases before it refuses",
            databases.backend,
            leaking,
            TIMING_BAR,
            ">=",
            "the same clock where a refusal looks the program's figures up first",
        ),
    ]


def _refused_leads(running: RunningApp) -> Iterator[bytes]:
    """Everybody who is no lead of the target asks in every way there is."""
    target = running.target
    nobodies = [
        target.people[0].actor,
        Actor(WORKSPACE, "UNOBODY"),
        Actor(ELSEWHERE, target.lead.slack_user),
        Actor(EMPTY, "UNOBODY"),
        Actor(EMPTY, target.lead.slack_user),
    ]
    for actor in nobodies:
        for text in ("transfers", f"transfers {target.name}", "transfers no such program", "program"):
            yield running.command(actor, text)
        for value in ("", target.id, json.dumps({"v": 1, "program": target.id}), "made up"):
            yield _as_ack(running.press(actor, ids.TRANSFERS_SHOW, value))
        for program in (target.id, "no-such-program"):
            value = file_ids.FiguresValue(program=program).pack()
            yield _as_ack(running.press(actor, file_ids.FIGURES_CSV, value))
            yield running.command(actor, "transfers csv")
    for actor in (running.other.lead, running.elsewhere.lead):
        yield _of_another_lead(running, actor)


def _of_another_lead(running: RunningApp, actor: Actor) -> bytes:
    """Another program's lead names the target, and one that does not exist: the same bytes, the same error.

    They see their own program, so only what names the target is compared with the refusal.
    """
    names = (running.target.name, "no such program")
    shown = {running.command(actor, f"transfers {name}") for name in names}
    refused = 0
    for name in names:
        try:
            leading.appoint_fellow_lead(running.context, actor, name, "UNOBODY", running.allybot.clock())
        except NotALeadError:
            refused += 1
    if len(shown) > 1 or running.target.name.encode() in shown.pop() or refused < len(names):
        return b"leaked"
    return running.command(Actor(EMPTY, "UNOBODY"), "transfers")


def _as_ack(reply: bytes) -> bytes:
    """The reply to a button in the form in which a command is answered."""
    body = json.loads(reply)
    wanted = {name: body[name] for name in ("text", "response_type", "blocks")}
    return json.dumps(wanted).encode()


def _made_up(running: RunningApp) -> Iterator[list[bytes]]:
    """One person presses another's buttons, with values that exist and values that do not."""
    stranger, victim = running.other.people[0].actor, running.target.people[0]
    (plan,) = plans.book(running.context, victim.actor).plans
    check_ins = [victim.check_ins[3], new_id()]
    for action in (ids.CHECK_IN_ACTED, ids.CHECK_IN_MISSED, ids.CHECK_IN_NO_MOMENT, ids.CHECK_IN_CHANGE):
        values = [ids.CheckInValue(check_in=each).pack() for each in check_ins]
        yield [running.press(stranger, action, value) for value in (*values, "", "{", '{"v":2}')]
    for action in (
        ids.PLAN_FINISH,
        ids.PLAN_FOCUS,
        ids.PLAN_PUT_ASIDE,
        ids.PLAN_TAKE_UP,
        ids.PLAN_EDIT,
        ids.PLAN_WORDINGS,
    ):
        yield [
            running.press(stranger, action, ids.PlanValue(plan=each).pack()) for each in (plan.id, new_id())
        ]
    metadata = [ids.HelpFormValue(check_in=each, tap="acted").pack() for each in check_ins]
    yield [running.submit(stranger, ids.CHECK_IN_HELP_FORM, each) for each in (*metadata, "", "{")]


def _state(context: Context) -> list[list[tuple[Any, ...]]]:
    found = []
    with context.database.reading() as tx:
        for table in (ballot, check_in, private_record, outbox, lead):
            rows = tx.execute(select(table).order_by(*table.primary_key.columns)).all()
            found.append([tuple(row) for row in rows])
            if tx.execute(select(func.count()).select_from(table)).scalar_one() != len(rows):
                raise AssertionError(table.name)
    return found


Call = Callable[[], object]


def _askers(running: RunningApp) -> tuple[Call, Call]:
    """Refused where programs have releases, and where there is no program."""
    return (
        lambda: running.command(Actor(WORKSPACE, "UNOBODY"), "transfers"),
        lambda: running.command(Actor(EMPTY, "UNOBODY"), "transfers"),
    )


def _pressers(running: RunningApp) -> tuple[Call, Call]:
    """Refused for a check-in that is another's, and for one that does not exist."""
    stranger = running.other.people[0].actor
    theirs = ids.CheckInValue(check_in=running.target.people[0].check_ins[3]).pack()
    nobodys = ids.CheckInValue(check_in=new_id()).pack()
    return (
        lambda: running.press(stranger, ids.CHECK_IN_ACTED, theirs),
        lambda: running.press(stranger, ids.CHECK_IN_ACTED, nobodys),
    )


def _leaky(running: RunningApp) -> tuple[Call, Call]:
    """The control: a refusal that looks the program's figures up first, where there are any."""
    with_releases, without = _askers(running)

    def leaks() -> None:
        summaries.summaries(running.context)
        with_releases()

    return leaks, without


def _slower(rng: random.Random, rounds: int, calls: tuple[Call, Call]) -> float:
    """How many times longer the slower of two takes, by the quickest tenth of calls in mixed order."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for index in rng.sample((0, 1), 2):
            began = time.perf_counter()
            calls[index]()
            taken[index].append(time.perf_counter() - began)
    one, other = (statistics.quantiles(each, n=10)[0] for each in taken)
    return max(one, other) / min(one, other)
