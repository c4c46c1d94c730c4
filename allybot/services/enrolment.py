"""Enrolling people in a program: first what would happen, then doing it, and doing it again without harm."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allybot.domain.people import Actor, Cohort, Pace, Program, Trainee, TraineeState
from allybot.errors import NotFound
from allybot.services import circles
from allybot.services.directory import Enrolee
from allybot.services.house import House, new_id
from allybot.services.office_hours import decent
from allybot.services.roster import Problem
from allybot.services.terms import kept_until
from allybot.store import outbox, people, programs
from allybot.store import vault as keys
from allybot.store.database import Transaction

BATCH = 100
"""People a transaction: others wait at most two seconds for SQLite's only writer, and a batch takes less."""
_IN_A_CIRCLE = frozenset(TraineeState) - {TraineeState.DECLINED, TraineeState.STOPPED, TraineeState.GONE}


@dataclass(frozen=True)
class Report:
    """What enrolling does, or did.

    Attributes:
        added: new to the program; each gets a welcome.
        already: enrolled before; nothing happens to them but that a circle on the list is joined.
        refused: left out, and why; part of the list can be enrolled while the rest is mended.
        warnings: what whoever runs it should know.
    """

    program: Program
    added: tuple[Enrolee, ...]
    already: tuple[Enrolee, ...]
    refused: tuple[Problem, ...]
    warnings: tuple[str, ...]


@dataclass
class _Sorted:
    added: list[tuple[Enrolee, Cohort]]
    already: list[tuple[Enrolee, Trainee]]
    refused: list[Problem]


def dry_run(house: House, program_id: str, found: Sequence[Enrolee]) -> Report:
    """What `enrol` would do, without doing it.

    Raises:
        NotFound: there is no such program.
    """
    with house.database.reading() as tx:
        program = _program(tx, program_id)
        return _report(house, tx, program, _sort(tx, program, found))


def enrol(
    house: House,
    program_id: str,
    found: Sequence[Enrolee],
    now: datetime,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Put people on a program's list and welcome each of them once.

    The same list again adds and welcomes nobody twice, so a run that broke off is simply run again. A welcome
    comes in the person's own working hours.

    Args:
        house: the house.
        program_id: the program.
        found: people as `directory.look_up` gives them.
        now: the program's time, aware UTC.
        progress: told how many of how many are done.

    Raises:
        NotFound: there is no such program.
    """
    done = _Sorted([], [], [])
    for start in range(0, len(found), BATCH):
        batch = found[start : start + BATCH]
        with house.database.transaction() as tx:
            program = _program(tx, program_id)
            fate = _sort(tx, program, batch)
            _add(house, tx, program, fate.added, now)
            for enrolee, trainee in fate.already:
                if trainee.state in _IN_A_CIRCLE:
                    _join(house, tx, program, enrolee, trainee.id, now)
        done.added += fate.added
        done.already += fate.already
        done.refused += fate.refused
        if progress:
            progress(min(start + BATCH, len(found)), len(found))
    with house.database.reading() as tx:
        return _report(house, tx, _program(tx, program_id), done, enrolled=True)


def _sort(tx: Transaction, program: Program, found: Sequence[Enrolee]) -> _Sorted:
    cohorts = programs.cohorts(tx, program.id)
    fate = _Sorted([], [], [])
    for enrolee in found:
        trainee = people.trainee_of(tx, Actor(program.workspace_id, enrolee.slack_user))
        cohort = _cohort(cohorts, enrolee.cohort)
        if trainee is not None and trainee.program_id == program.id:
            fate.already.append((enrolee, trainee))
        elif trainee is not None:
            other = programs.program_by_id(tx, trainee.program_id)
            name = other.name if other else "another program"
            fate.refused.append(
                _refused(enrolee, f"is in {name} already; a person is in one program at a time.")
            )
        elif cohort is None:
            what = f"the unknown cohort {enrolee.cohort}" if enrolee.cohort else "no cohort"
            there = ", ".join(each.name for each in cohorts)
            fate.refused.append(_refused(enrolee, f"has {what}; {program.name} has: {there}."))
        else:
            fate.added.append((enrolee, cohort))
    return fate


def _refused(enrolee: Enrolee, reason: str) -> Problem:
    return Problem(enrolee.line, enrolee.name or enrolee.slack_user, reason)


def _cohort(cohorts: Sequence[Cohort], name: str) -> Cohort | None:
    """The cohort of this name; the only one there is when none is named."""
    if not name and len(cohorts) == 1:
        return cohorts[0]
    return next((cohort for cohort in cohorts if cohort.name.casefold() == name.casefold()), None)


def _add(
    house: House, tx: Transaction, program: Program, added: Sequence[tuple[Enrolee, Cohort]], now: datetime
) -> None:
    if not added:
        return
    delete_after = kept_until(house, tx, program)
    ids = [new_id() for _ in added]
    # Keys first: one without a person opens nothing, a person without one could not keep a plan.
    with house.vault.transaction() as vault_tx:
        for trainee_id in ids:
            keys.add_person_key(vault_tx, house.keyring, trainee_id)
    for trainee_id, (enrolee, cohort) in zip(ids, added, strict=True):
        zone = known_zone(enrolee.zone, program)
        people.add_trainee(
            tx,
            {
                "id": trainee_id,
                "workspace_id": program.workspace_id,
                "slack_user": enrolee.slack_user,
                "program_id": program.id,
                "cohort_id": cohort.id,
                "state": TraineeState.INVITED,
                "zone": zone.key,
                "locale": enrolee.locale,
                "silent_steps": 0,
                "pace": Pace.NORMAL,
                "delete_after": delete_after,
            },
        )
        _join(house, tx, program, enrolee, trainee_id, now)
        outbox.put(
            tx,
            new_id(),
            outbox.Draft(
                key=f"welcome:{trainee_id}",
                workspace_id=program.workspace_id,
                kind=outbox.Kind.WELCOME,
                subject=trainee_id,
                due_at=decent(house, program, zone, now),
                to_user=enrolee.slack_user,
                trainee_id=trainee_id,
            ),
        )


def _join(
    house: House, tx: Transaction, program: Program, enrolee: Enrolee, trainee_id: str, now: datetime
) -> None:
    if enrolee.circle:
        circles.join(house, tx, program, enrolee.circle, enrolee.circle_name, trainee_id, now)


def _report(
    house: House, tx: Transaction, program: Program, fate: _Sorted, *, enrolled: bool = False
) -> Report:
    people_in_all = sum(people.count_by_state(tx, program.id).values())
    if not enrolled:
        people_in_all += len(fate.added)
    warnings = [
        f"{enrolee.name or enrolee.slack_user} stays in the first cohort, not {enrolee.cohort}."
        for enrolee, trainee in fate.already
        if enrolee.cohort and _cohort_name(tx, trainee).casefold() != enrolee.cohort.casefold()
    ]
    if people_in_all < program.minimum_respondents:
        warnings.append(
            f"{program.name} has {people_in_all} people, but figures need answers from at least "
            f"{program.minimum_respondents}. Small cohorts share a program: add their people to this one."
        )
    return Report(
        program=program,
        added=tuple(enrolee for enrolee, _ in fate.added),
        already=tuple(enrolee for enrolee, _ in fate.already),
        refused=tuple(fate.refused),
        warnings=(*warnings, *_circle_sizes(house, fate)),
    )


def _circle_sizes(house: House, fate: _Sorted) -> list[str]:
    rules = house.content.rules.circles
    listed = Counter(
        enrolee.circle_name or enrolee.circle
        for enrolee in (*(each for each, _ in fate.added), *(each for each, _ in fate.already))
        if enrolee.circle
    )
    return [
        f"The circle {name} has {size} people on this list; circles work best with "
        f"{rules.least_members} to {rules.most_members}."
        for name, size in sorted(listed.items())
        if not rules.least_members <= size <= rules.most_members
    ]


def _cohort_name(tx: Transaction, trainee: Trainee) -> str:
    cohort = programs.cohort_by_id(tx, trainee.cohort_id)
    return cohort.name if cohort else ""


def _program(tx: Transaction, program_id: str) -> Program:
    program = programs.program_by_id(tx, program_id)
    if program is None:
        raise NotFound("There is no such program.")
    return program


def known_zone(name: str, program: Program) -> ZoneInfo:
    """The zone Slack names; the program's where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return program.zone
