"""An attacker with the database, copies of it three times a day and its whole log, but not the vault.

People use everything allybot offers, with habits that follow from their answers (`population`). For each
answer the attacker has what it and the days after left behind: every column of every row of that person in
every copy (`copies`), and the piece of log that it wrote. From one half of the people, whose answers are
given, they learn what goes with having acted, and guess the other half (`learner`); five rules that anybody
would try first stand beside it. Advantage is twice the share of right guesses less one; where there
is nothing to learn it is zero, give or take one over the root of the number of answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Column, MetaData, String, Table, insert

from allybot.domain.plans import Outcome
from allybot.services.context import Context
from tests.adversarial.attacks import learner, proxies
from tests.adversarial.attacks.collecting import Keep, Stolen, collect
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.members import Member
from tests.adversarial.attacks.needles import NEEDLES

BAR = 0.05
PEOPLE, WEEKS = 648, 14
SHARES = 2
"""Installations among which the people are divided, so that two processes live through them side by side."""
SHORT_PEOPLE, SHORT_WEEKS, SHORT_BAR = 48, 5, 0.3
CONTROL_PEOPLE, CONTROL_WEEKS = 84, 8
SHORT_CONTROL_PEOPLE, SHORT_CONTROL_WEEKS = 60, 4
WATCHED_DAYS = 7
"""How long after an answer the attacker still counts what changes towards it, unless another answer comes."""


@dataclass(frozen=True)
class Seen:
    """What was stolen of some of the people, as the learner takes it.

    Attributes:
        trials: one for each answer.
        wire: what proxies saw of each.
        words: see `Stolen`.
        control: trials of a build where plans' states stand readable; only in the first share.
    """

    trials: list[learner.Trial]
    wire: list[proxies.Observed]
    words: int
    control: list[learner.Trial]


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """All in one installation: the learner, the rules, every byte, and where plans' states are readable."""
    return judge(databases.backend, effort, [steal(databases, effort)])


def steal(databases: DatabaseFactory, effort: Effort, number: int = 0, of: int = 1) -> Seen:
    """Let a share of the people live through the weeks, and steal what they leave behind.

    Args:
        number: which of the `of` shares, from 0; each has people and answers of its own.
    """
    people, weeks = effort.of(PEOPLE, SHORT_PEOPLE) // of, effort.of(WEEKS, SHORT_WEEKS)
    stolen = collect(databases, replace(effort, seed=of * effort.seed + number), people, weeks, None, ())
    control: list[learner.Trial] = []
    if number == 0:
        people = effort.of(CONTROL_PEOPLE, SHORT_CONTROL_PEOPLE)
        weeks = effort.of(CONTROL_WEEKS, SHORT_CONTROL_WEEKS)
        plain = Table(
            "plan_state", MetaData(), *(Column(name, String) for name in ("trainee", "state", "day"))
        )
        control = _trials(collect(databases, effort, people, weeks, _keep_in(plain), (plain,)))
    wire = [
        (each.member % 2 == 0, each.outcome is Outcome.ACTED, each.changed, each.wire)
        for each in stolen.answers
    ]
    return Seen(_trials(stolen), wire, stolen.words, control)


def judge(backend: str, effort: Effort, shares: Sequence[Seen]) -> list[Finding]:
    """What the learners, the rules and the proxies make of all that was stolen."""
    trials = [each for share in shares for each in share.trials]
    control = [each for share in shares for each in share.control]
    error, people = learner.standard_error(len(trials)), effort.of(PEOPLE, SHORT_PEOPLE)
    bar = SHORT_BAR if effort.short else BAR
    return [
        Finding(
            "has the database, copies of every few hours and the log, not the vault",
            backend,
            abs(learner.advantage(trials)),
            bar,
            note=f"|advantage| of the better of two learners over {len(trials)} answers of {people} people",
            error=error,
        ),
        Finding(
            "has the same, goes by rules: plan done, day named, reworded, less often",
            backend,
            abs(_by_rules(trials)),
            bar,
            note=f"|advantage|; a coin where no rule speaks; {len(trials)} answers",
            error=error,
        ),
        Finding(
            "outcome codes or plans' words in tables, indexes, logs and log lines",
            backend,
            sum(share.words for share in shares),
            0,
            "=",
            f"{len(NEEDLES)} words looked for in every byte written",
        ),
        Finding(
            "control: plans' states in the clear, has the database",
            backend,
            abs(learner.advantage(control)),
            0.15 if effort.short else 0.2,
            ">=",
            f"the same learner over {len(control)} answers where a table says which plans are done",
            error=learner.standard_error(len(control)),
        ),
        *proxies.findings(backend, [each for share in shares for each in share.wire], short=effort.short),
    ]


def _trials(stolen: Stolen) -> list[learner.Trial]:
    found = []
    following: dict[str, int] = {}
    for answer in reversed(stolen.answers):
        until = following.get(answer.user, answer.copy + 3 * WATCHED_DAYS)
        following[answer.user] = answer.copy
        seen = [
            (_phase(change.copy - answer.copy), change)
            for change in stolen.changes[answer.user]
            if answer.copy <= change.copy < min(until, answer.copy + 3 * WATCHED_DAYS)
        ]
        words = answer.rows + learner.words_about(seen, answer.now)
        acted = answer.outcome is Outcome.ACTED
        found.append(learner.Trial(answer.member % 2 == 0, acted, words, answer.log))
    return found


def _phase(copies_later: int) -> str:
    return ("at once", "that evening")[copies_later] if copies_later < 2 else "later"


def _by_rules(trials: Sequence[learner.Trial]) -> float:
    """The advantage of rules that anybody would try; half right where none says anything."""
    right = 0.0
    for each in trials:
        changed = [word for word in each.words if word.startswith("at once ")]
        done = any(word.endswith("state=finished") for word in changed)
        told = any("next_moment_on=+" in word for word in changed)
        reworded = any("wording new" in word for word in changed)
        slower = any(word.endswith(".pace=slower") for word in changed)
        says = True if done else False if told or reworded or slower else None
        right += 1 / 2 if says is None else says is each.acted
    return 2 * right / len(trials) - 1


def _keep_in(plain: Table) -> Keep:
    def keep(context: Context, member: Member, deeds: frozenset[str]) -> None:
        row = {
            "trainee": member.hands.user,
            "state": "finished" if "done" in deeds else "active",
            "day": "named" if "day" in deeds else "open",
        }
        with context.database.transaction() as tx:
            tx.execute(insert(plain).values(**row))

    return keep
