"""People who may see nothing, and buttons with made-up values: what the refusal says, and how long it takes.

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
from allybot.services.context import Context, new_id
from allybot.services.outcomes import summaries
from allybot.services.programs import programs
from allybot.store.tables import ballot, check_in, lead, outbox, plan, plan_wording
from tests.adversarial.attacks.databases import Effort, Ground
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import WORKSPACE
from tests.adversarial.attacks.reply_server import ELSEWHERE, EMPTY, Office, open_office

TIMING_BAR = 1.1
"""For the quickest tenth of calls, which hardly feels a busy machine: an attacker who times refusals looks at
those, too. Looking up figures first shows as a fifth longer on SQLite and a third on PostgreSQL."""


def attack(ground: Ground, effort: Effort) -> list[Finding]:
    """Wording, effect and timing of every refusal."""
    with open_office(ground) as office:
        refused = [*_refused_leads(office)]
        before = _state(office.context)
        stale = [*_made_up(office)]
        moved = sum(one != other for one, other in zip(before, _state(office.context), strict=True))
        rounds = effort.of(300, 40)
        leads = _slower(random.Random(effort.seed), rounds, _askers(office))
        buttons = _slower(random.Random(effort.seed), rounds, _pressers(office))
        leaking = _slower(random.Random(effort.seed), rounds, _leaky(office))
        seen = office.command(office.target.lead, "transfers")
    if office.target.name.encode() not in seen:
        raise AssertionError("the lead himself sees nothing")
    return [
        Finding(
            "a non-lead, another program's or workspace's lead, a crafted value: wordings of the refusal",
            ground.backend,
            len(set(refused)),
            1,
            "=",
            f"distinct bytes in {len(refused)} refusals",
        ),
        Finding(
            "buttons and modals of other people or made up: wordings",
            ground.backend,
            max(len(set(answers)) for answers in stale),
            1,
            "=",
            f"distinct bytes per kind of {sum(map(len, stale))} presses",
        ),
        Finding(
            "buttons and modals of other people or made up: tables changed",
            ground.backend,
            moved,
            0,
            "=",
            "ballots, check-ins, plans, earlier wordings, messages, leads",
        ),
        Finding(
            "timing of the refusal: programs with releases or none",
            ground.backend,
            leads,
            TIMING_BAR,
            note=f"ratio of the quickest tenth of {rounds} interleaved rounds",
        ),
        Finding(
            "timing of the refusal: somebody's check-in or none",
            ground.backend,
            buttons,
            TIMING_BAR,
            note=f"ratio of the quickest tenth of {rounds} interleaved rounds",
        ),
        Finding(
            "control: timing of a build that reads releases before it refuses",
            ground.backend,
            leaking,
            TIMING_BAR,
            ">=",
            "the same clock where a refusal looks the program's figures up first",
        ),
    ]


def _refused_leads(office: Office) -> Iterator[bytes]:
    """Everybody who is no lead of the target asks in every way there is."""
    target = office.target
    nobodies = [
        target.people[0].actor,
        Actor(WORKSPACE, "UNOBODY"),
        Actor(ELSEWHERE, target.lead.slack_user),
        Actor(EMPTY, "UNOBODY"),
        Actor(EMPTY, target.lead.slack_user),
    ]
    for actor in nobodies:
        for text in ("transfers", f"transfers {target.name}", "transfers no such program", "program"):
            yield office.command(actor, text)
        for value in ("", target.id, json.dumps({"v": 1, "program": target.id}), "made up"):
            yield _as_ack(office.press(actor, ids.TRANSFERS_SHOW, value))
    for actor in (office.other.lead, office.elsewhere.lead):
        yield _of_another_lead(office, actor)


def _of_another_lead(office: Office, actor: Actor) -> bytes:
    """Another program's lead names the target, and one that does not exist: the same bytes, the same error.

    He is shown his own program, so it is what he sees of the target that is compared with the refusal.
    """
    names = (office.target.name, "no such program")
    shown = {office.command(actor, f"transfers {name}") for name in names}
    refused = 0
    for name in names:
        try:
            programs.appoint_fellow_lead(office.context, actor, name, "UNOBODY")
        except NotALeadError:
            refused += 1
    if len(shown) > 1 or office.target.name.encode() in shown.pop() or refused < len(names):
        return b"leaked"
    return office.command(Actor(EMPTY, "UNOBODY"), "transfers")


def _as_ack(reply: bytes) -> bytes:
    """The reply to a button in the form in which a command is answered."""
    body = json.loads(reply)
    wanted = {name: body[name] for name in ("text", "response_type", "blocks")}
    return json.dumps(wanted).encode()


def _made_up(office: Office) -> Iterator[list[bytes]]:
    """One person presses another's buttons, with values that exist and values that do not."""
    stranger, victim = office.other.people[0].actor, office.target.people[0]
    with office.context.database.reading() as tx:
        plan_id = str(tx.execute(select(plan.c.id).where(plan.c.trainee_id == victim.id)).scalar_one())
    check_ins = [victim.check_ins[3], new_id()]
    for action in (ids.CHECK_IN_ACTED, ids.CHECK_IN_MISSED, ids.CHECK_IN_NO_MOMENT, ids.CHECK_IN_CHANGE):
        values = [ids.CheckInValue(check_in=each).pack() for each in check_ins]
        yield [office.press(stranger, action, value) for value in (*values, "", "{", '{"v":2}')]
    for action in (
        ids.PLAN_FINISH,
        ids.PLAN_FOCUS,
        ids.PLAN_PUT_ASIDE,
        ids.PLAN_TAKE_UP,
        ids.PLAN_EDIT,
        ids.PLAN_WORDINGS,
    ):
        yield [
            office.press(stranger, action, ids.PlanValue(plan=each).pack()) for each in (plan_id, new_id())
        ]
    metadata = [ids.HelpFormValue(check_in=each, tap="acted").pack() for each in check_ins]
    yield [office.submit(stranger, ids.CHECK_IN_HELP_FORM, each) for each in (*metadata, "", "{")]


def _state(context: Context) -> list[list[tuple[Any, ...]]]:
    found = []
    with context.database.reading() as tx:
        for table in (ballot, check_in, plan, plan_wording, outbox, lead):
            rows = tx.execute(select(table).order_by(*table.primary_key.columns)).all()
            found.append([tuple(row) for row in rows])
            if tx.execute(select(func.count()).select_from(table)).scalar_one() != len(rows):
                raise AssertionError(table.name)
    return found


Call = Callable[[], object]


def _askers(office: Office) -> tuple[Call, Call]:
    """Refused where programs have releases, and where there is no program."""
    return (
        lambda: office.command(Actor(WORKSPACE, "UNOBODY"), "transfers"),
        lambda: office.command(Actor(EMPTY, "UNOBODY"), "transfers"),
    )


def _pressers(office: Office) -> tuple[Call, Call]:
    """Refused for a check-in that is another's, and for one that does not exist."""
    stranger = office.other.people[0].actor
    theirs = ids.CheckInValue(check_in=office.target.people[0].check_ins[3]).pack()
    nobodys = ids.CheckInValue(check_in=new_id()).pack()
    return (
        lambda: office.press(stranger, ids.CHECK_IN_ACTED, theirs),
        lambda: office.press(stranger, ids.CHECK_IN_ACTED, nobodys),
    )


def _leaky(office: Office) -> tuple[Call, Call]:
    """The control: a refusal that looks the program's figures up first, where there are any."""
    with_releases, without = _askers(office)

    def leaks() -> None:
        summaries.summaries(office.context)
        with_releases()

    return leaks, without


def _slower(chance: random.Random, rounds: int, calls: tuple[Call, Call]) -> float:
    """How many times longer the slower of two takes, by the quickest tenth of calls in mixed order."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for place in chance.sample((0, 1), 2):
            began = time.perf_counter()
            calls[place]()
            taken[place].append(time.perf_counter() - began)
    one, other = (statistics.quantiles(each, n=10)[0] for each in taken)
    return max(one, other) / min(one, other)
