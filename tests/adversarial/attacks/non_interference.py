"""Non-interference: two runs that differ only in the answers leave the same traces.

Compared are every row of every table (but what is sealed, and the noisy counts) twice a working day, and
with them the schedule; the number of writes by table; every log line; every call to Slack in order, with its
method, its target and the bytes of its message; and every acknowledgement. Some answers are typed and
confirmed. Contents of modals, and of the line after a typed message, are masked.
"""

from sqlalchemy import select, update

from allybot.domain.plans import Outcome
from allybot.services.context import Context
from allybot.store.tables import trainee
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.normalise import Recording
from tests.adversarial.attacks.paired_runs import PEOPLE, run_program
from tests.adversarial.attacks.programs import OUTCOMES

WHOLE_PROGRAM = 13
TWO_STEPS, ONE_STEP = 1.6, 0.6
"""Weeks until everybody has answered twice, or once."""
_SHOWN = 5
_LATER = 86_400


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Compare runs with the first, and two runs of a build whose schedule depends on answers."""
    weeks = TWO_STEPS if effort.short else WHOLE_PROGRAM
    people = effort.of(PEOPLE, 4)
    first = run_program(0, weeks, databases.urls(), people=people)
    variants = (3,) if effort.short else (3, 6)
    others = [run_program(variant, weeks, databases.urls(), people=people) for variant in variants]
    if set(OUTCOMES) - {outcome for each in (first, *others) for outcome in each.outcomes}:
        raise AssertionError("the runs did not give all eight outcomes")
    if not any("chat.postEphemeral" in call for call in first.posted):
        raise AssertionError("nobody typed an answer")
    if not effort.short and first.published == 0:
        raise AssertionError("no window was published")
    differences = [line for other in others for line in first.unlike(other)]
    for line in differences[:_SHOWN]:
        progress(databases.backend, f"DIFFERS  {line}")
    control = _control(databases)
    return [
        Finding(
            "non-interference: the program lived again with other answers",
            databases.backend,
            len(differences),
            0,
            "=",
            f"items that differ of {first.items} in {len(others)} pair(s) of {weeks} weeks, all 8 outcomes",
        ),
        Finding(
            "control: answer-dependent schedule, lived again with other answers",
            databases.backend,
            len(control),
            1,
            ">=",
            "the same comparison where acting moves the next check-in by a day, after one step",
        ),
    ]


def _control(databases: DatabaseFactory) -> list[str]:
    runs: list[Recording] = [
        run_program(variant, ONE_STEP, databases.urls(), _reward, people=2) for variant in (0, 3)
    ]
    return runs[0].unlike(runs[1])


def _reward(context: Context, slack_user: str, outcome: Outcome) -> None:
    """The control: whoever acted is asked a day later."""
    if outcome is not Outcome.ACTED:
        return
    with context.database.transaction() as tx:
        row = tx.execute(select(trainee).where(trainee.c.slack_user == slack_user)).one()
        if row.next_check_in_at is not None:
            moved = row.next_check_in_at.timestamp() + _LATER
            later = type(row.next_check_in_at).fromtimestamp(moved, row.next_check_in_at.tzinfo)
            tx.execute(update(trainee).where(trainee.c.id == row.id).values(next_check_in_at=later))
