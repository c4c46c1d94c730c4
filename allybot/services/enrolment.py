"""Enrolling people in a program: first what would happen, then doing it, and doing it again without harm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allybot.domain.people import Cohort, Program
from allybot.domain.trainee import Pace, Trainee, TraineeState, may_join_circle
from allybot.errors import NotFound
from allybot.services import circles
from allybot.services.directory import Enrolee, Progress, look_up, slack_user
from allybot.services.eligibility import Fate, sort
from allybot.services.house import House, new_id
from allybot.services.office_hours import decent
from allybot.services.roster import Problem, parse
from allybot.services.terms import kept_until
from allybot.slack_gateway import SlackGateway
from allybot.store import outbox, people, programs
from allybot.store import vault as keys
from allybot.store.database import Transaction

__all__ = ["Report", "dry_run", "enrol", "enrol_csv", "slack_user"]

BATCH = 100
"""People a transaction: others wait at most two seconds for SQLite's only writer, and a batch takes less."""


@dataclass(frozen=True)
class Report:
    """What enrolling does, or did.

    Attributes:
        done: whether it was done, or this is what would be done.
        added: new to the program; each gets a welcome.
        already: enrolled before; nothing happens to them but that a circle on the list is joined.
        refused: left out, and why; the others can be enrolled while the list is mended.
        warnings: what whoever runs it should know.
    """

    program: Program
    done: bool
    added: tuple[Enrolee, ...]
    already: tuple[Enrolee, ...]
    refused: tuple[Problem, ...]
    warnings: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether nobody was left out."""
        return not self.refused

    def in_words(self) -> str:
        """The report for whoever ran it, one thing a line."""
        deed = "Enrolled" if self.done else "Would enrol"
        lines = [f"{deed} {len(self.added)} in {self.program.name}; enrolled before: {len(self.already)}."]
        lines += [f"  {enrolee.name or enrolee.slack_user}" for enrolee in self.added if not self.done]
        lines += [f"Left out: {problem}" for problem in self.refused]
        lines += [f"Note: {warning}" for warning in self.warnings]
        if not self.done:
            lines.append("Nothing was changed. Run it again with --yes to enrol them.")
        return "\n".join(lines)


def enrol_csv(
    house: House,
    slack: SlackGateway,
    program: Program,
    text: str,
    *,
    now: datetime,
    commit: bool,
    progress: Progress = iter,
) -> Report:
    """Read a list, find its people in Slack, and enrol them if `commit`.

    Raises:
        RosterProblem: the list cannot be read; every problem at once.
        NotFound, SlackProblem: as `enrol` and `directory.look_up`.
    """
    found, problems = look_up(slack, program.workspace_id, parse(text), progress=progress)
    report = enrol(house, program.id, found, now) if commit else dry_run(house, program.id, found)
    left_out = sorted((*problems, *report.refused), key=lambda problem: problem.line)
    return replace(report, refused=tuple(left_out))


def dry_run(house: House, program_id: str, found: Sequence[Enrolee]) -> Report:
    """What `enrol` would do, without doing it.

    Raises:
        NotFound: there is no such program.
    """
    fate = Fate()
    with house.database.reading() as tx:
        program = _program(tx, program_id)
        sort(house, tx, program, found, fate)
        return _report(house, tx, program, fate, done=False)


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
    done = Fate()
    for start in range(0, len(found), BATCH):
        with house.database.transaction() as tx:
            program = _program(tx, program_id)
            fate = Fate(circles=done.circles)
            sort(house, tx, program, found[start : start + BATCH], fate)
            _add(house, tx, program, fate.added, now)
            for enrolee, trainee in fate.already:
                if may_join_circle(trainee.state):
                    _join(house, tx, program, enrolee, trainee.id, now)
        done.added += fate.added
        done.already += fate.already
        done.refused += fate.refused
        if progress:
            progress(min(start + BATCH, len(found)), len(found))
    with house.database.reading() as tx:
        return _report(house, tx, _program(tx, program_id), done, done=True)


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
        name = enrolee.circle_name or "your ally circle"
        circles.join(house, tx, program, enrolee.circle, name, trainee_id, now)


def _report(house: House, tx: Transaction, program: Program, fate: Fate, *, done: bool) -> Report:
    in_all = sum(people.count_by_state(tx, program.id).values()) + (0 if done else len(fate.added))
    warnings = [
        f"{enrolee.name or enrolee.slack_user} stays in the first cohort, not {enrolee.cohort}."
        for enrolee, trainee in fate.already
        if enrolee.cohort and _cohort_name(tx, trainee).casefold() != enrolee.cohort.casefold()
    ]
    if in_all < program.minimum_respondents:
        warnings.append(
            f"{program.name} has {in_all} people, but figures need answers from at least "
            f"{program.minimum_respondents}. Small cohorts share a program: add their people to this one."
        )
    least = house.content.rules.circles.least_members
    warnings += [
        f"The circle {name} has {size} members; it needs at least {least} to work."
        for name, size in fate.circles.values()
        if size < least
    ]
    return Report(
        program=program,
        done=done,
        added=tuple(enrolee for enrolee, _ in fate.added),
        already=tuple(enrolee for enrolee, _ in fate.already),
        refused=tuple(fate.refused),
        warnings=tuple(warnings),
    )


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
