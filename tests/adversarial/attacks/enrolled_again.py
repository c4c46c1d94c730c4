"""Somebody asks to be forgotten; then the same list is run again, then the list of a second program.

The same happens once more where they stay. What is enrolled, what the operator and the lead are told, and
what is sent to them must not differ, and nothing may reach who asked to be forgotten.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allybot.app import Allybot
from allybot.domain.people import Actor
from allybot.services.programs import enrolment, leading, programs
from allybot.services.programs.directory import Enrolee
from tests.adversarial.attacks.acting import Hands
from tests.adversarial.attacks.app_harness import assembled_app, command
from tests.adversarial.attacks.copies import Copies
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.habits import FIRST_DAY, at
from tests.adversarial.attacks.programs import WORKSPACE, connect
from tests.adversarial.attacks.quiet_slack import QuietSlack, quiet_slack

PEOPLE = 24
FIRST, SECOND = "Allies", "Allies again"
_LEAD = Actor(WORKSPACE, "ULEAD")


@dataclass
class Life:
    """What was seen after somebody asked to be forgotten, or stayed.

    Attributes:
        told: what the operator and the lead read.
        messages: sent to that person since.
        rows: of the database that name them at the end.
    """

    told: list[str] = field(default_factory=list)
    messages: int = 0
    rows: int = 0


def attack(databases: DatabaseFactory, _effort: Effort) -> list[Finding]:
    """Messages, rows and numbers."""
    forgotten, stayed = _live(databases, forgets=True), _live(databases, forgets=False)
    differing = sum(one != other for one, other in zip(forgotten.told, stayed.told, strict=True))
    return [
        Finding(
            "forget-me, then the same list, then a second program: messages to them",
            databases.backend,
            forgotten.messages,
            0,
            "=",
            "posts and updates of the week after",
        ),
        Finding(
            "forget-me, then the same list, then a second program: rows that name them",
            databases.backend,
            forgotten.rows,
            0,
            "=",
            "every table of the database, by Slack id and by every id that leads to it",
        ),
        Finding(
            "forget-me, then the same list, then a second program: what operator and lead read",
            databases.backend,
            differing,
            0,
            "=",
            f"of {len(stayed.told)} reports and views, those unlike where they had stayed",
        ),
        Finding(
            "control: who stayed, then the same list, then a second program: rows that name them",
            databases.backend,
            stayed.rows,
            1,
            ">=",
            "the same search finds somebody who is there",
        ),
    ]


def _live(databases: DatabaseFactory, *, forgets: bool) -> Life:
    clock, life = [at(FIRST_DAY, 10)], Life()
    with quiet_slack() as slack, assembled_app(databases, lambda: clock[0], slack.url) as allybot:
        connect(allybot.context, WORKSPACE)
        users = [f"U{number:05d}" for number in range(PEOPLE)]
        _enrol(allybot, FIRST, users, clock[0])
        _pass_days(allybot, clock, 1)
        leaver = Hands(allybot, slack, users[3], WORKSPACE)
        if forgets:
            leaver.press_value("forget_me.now")
        before = _messages(slack, leaver.user)
        _pass_days(allybot, clock, 7)
        for name in (FIRST, SECOND):
            life.told.append(_enrol(allybot, name, users, clock[0]))
            _pass_days(allybot, clock, 7)
            life.told += [_read(allybot, text) for text in ("program", "transfers")]
        life.messages = _messages(slack, leaver.user) - before
        life.rows = len(Copies(allybot.context, [leaver.user]).rows_of(leaver.user))
    return life


def _read(allybot: Allybot, text: str) -> str:
    """What the lead reads, without the ids of programs in its buttons, which are random."""
    answer = command(allybot, _LEAD, text).decode()
    for each in programs.list_programs(allybot.context):
        answer = answer.replace(each.program.id, each.program.name)
    return answer


def _enrol(allybot: Allybot, name: str, users: list[str], now: datetime) -> str:
    """Run a list; what its report counts and warns of, without names."""
    context = allybot.context
    if name not in {each.program.name for each in programs.list_programs(context)}:
        ended = FIRST_DAY - timedelta(days=3)
        programs.create(context, WORKSPACE, name, "Kim", [("one", ended)], zone="Europe/Berlin", now=now)
        leading.appoint_lead(context, name, WORKSPACE, _LEAD.slack_user, now)
    enrolees = [
        Enrolee(user, user, "Europe/Berlin", "en-GB", circle=f"C{place // 12}")
        for place, user in enumerate(users)
    ]
    strangers = [Enrolee(f"UNEW{each}", "", "Europe/Berlin", "en-GB", circle="C0") for each in range(12)]
    asked = [
        enrolment.dry_run(context, programs.find(context, name).id, probe, now).in_words()
        for probe in (strangers[:1], strangers, [enrolees[3], *strangers[:11]], [enrolees[3], *strangers])
    ]
    done = enrolment.enrol(context, programs.find(context, name).id, enrolees, now)
    return repr((len(done.added), len(done.already), len(done.refused), done.warnings, asked))


def _pass_days(allybot: Allybot, clock: list[datetime], days: int) -> None:
    for _ in range(days):
        clock[0] += timedelta(days=1)
        allybot.worker.run_jobs(clock[0])
        allybot.worker.run_once()


def _messages(slack: QuietSlack, user: str) -> int:
    return len(slack.messages.get(f"D{user}", []))
