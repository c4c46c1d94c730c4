"""Use cases of programs, their cohorts and their leads."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from allybot.domain.calendar import check_country
from allybot.domain.people import Cohort, Program, same_name
from allybot.errors import NotFoundError, UserError, WrongStateError
from allybot.services.context import Context, new_id
from allybot.services.outcomes import pooling, windows
from allybot.services.programs.dates import check_day, dates_of, require_confirmed
from allybot.services.programs.facts import ProgramFacts, facts_of
from allybot.services.programs.terms import kept_until
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.programs.workspaces import workspace_row

MAX_NAME_LENGTH = 200
"""Characters; the length of the column."""
KEY_HOLDERS = ("vault", "custodian")


def create(
    context: Context,
    workspace_id: str,
    name: str,
    support_contact: str,
    cohorts: Sequence[tuple[str, date]],
    *,
    zone: str = "Europe/London",
    country: str = "",
    minimum_respondents: int | None = None,
    key_holder: str = "vault",
    pool: str | None = None,
    dates_confirmed: bool = False,
    now: datetime,
) -> Program:
    """Create a program with its cohorts and windows.

    Args:
        support_contact: who to turn to about distress or misconduct; named in every help text.
        cohorts: name and last training day of each, at least one.
        zone: IANA zone of circle posts and window ends.
        country: two-letter code for public holidays, or empty for none.
        minimum_respondents: the fewest people for published figures, for good; None for the default.
        key_holder: `vault`, or `custodian` when somebody else supplies the windows' public keys.
        pool: name of the pool in which a window with too few answers waits for later programs that name the
            same one, ignoring case; None: its answers are deleted unopened.
        dates_confirmed: whether doubtful dates were confirmed.
        now: the program's time, aware UTC.

    Raises:
        NotFoundError: the workspace is not connected.
        DoubtfulDatesError: people would be deleted within days, no check-in is left, or a training is over a
            year away; never with `dates_confirmed`.
        UserError: a value is invalid; the message says which and why.
    """
    publishing = context.content.rules.publishing
    respondents = fewest_respondents(context, minimum_respondents, key_holder=key_holder, pool=pool)
    if not cohorts:
        raise UserError("A program needs at least one cohort: its name and the last day of its training.")
    check_country(country.upper())
    program = Program(
        id=new_id(),
        workspace_id=workspace_id,
        name=_name("The program's name", name),
        support_contact=_name("The support contact", support_contact),
        zone=zone_named(zone),
        country=country.upper(),
        minimum_respondents=respondents,
        epsilon_milli=round(publishing.epsilon_per_release * 1000),
        key_holder=key_holder,
        created_at=now,
        frozen_at=None,
        pool=None if pool is None else pool_name(pool),
    )
    with context.database.transaction() as tx:
        if workspace_row(tx, workspace_id) is None:
            raise NotFoundError(f"allybot is not installed in workspace {workspace_id}.")
        if any(same_name(known.name, program.name) for known in programs.programs(tx, workspace_id)):
            raise UserError(f"There is already a program called {program.name}.")
        if program.pool:
            program = replace(program, pool=pooling.known_as(tx, workspace_id, program.pool))
        programs.add_program(tx, {**vars(program), "zone": program.zone.key})
        added = [_add_cohort(tx, program, *cohort, now) for cohort in cohorts]
        windows.create_windows(context, tx, program, now)
        windows.set_closing(context, tx, program.id)
        require_confirmed(
            [dates_of(context, tx, program, cohort, now) for cohort in added], confirmed=dates_confirmed
        )
    return program


def fewest_respondents(
    context: Context, given: int | None, *, key_holder: str = "vault", pool: str | None = None
) -> int:
    """The program's minimum of respondents, after what it is to be counted by was checked; as in `create`.

    Raises:
        UserError: a value is invalid, or they do not go together.
    """
    publishing = context.content.rules.publishing
    least, most = publishing.min_respondents, publishing.max_respondents
    respondents = publishing.default_respondents if given is None else given
    if not least <= respondents <= most:
        raise UserError(f"The minimum of respondents must lie between {least} and {most}.")
    if key_holder not in KEY_HOLDERS:
        raise UserError(f"The key holder is one of: {', '.join(KEY_HOLDERS)}.")
    if pool is not None and key_holder == windows.CUSTODIAN:
        raise UserError(
            "A program whose keys a custodian holds cannot share a pool: allybot counts it by itself, months "
            "later, with the keys of several programs. Leave out the pool or the custodian."
        )
    return respondents


def add_cohort(
    context: Context,
    name: str,
    workspace_id: str | None,
    cohort_name: str,
    training_ended_on: date,
    now: datetime,
    *,
    dates_confirmed: bool = False,
) -> Cohort:
    """Add a cohort before the first check-in is sent; closing and deletion dates follow it.

    Args:
        now: the program's time, aware UTC.
        dates_confirmed: as in `create`.

    Raises:
        NotFoundError: there is no such program.
        DoubtfulDatesError: as in `create`.
        WrongStateError: the first check-in has been sent.
        UserError: the name is empty or taken.
    """
    with context.database.transaction() as tx:
        program = find_in(tx, name, workspace_id)
        if program.frozen_at is not None:
            raise WrongStateError(
                f"{program.name} has sent its first check-in, so its cohorts are fixed: later ones would "
                "change when its figures are published. Create a new edition of the program for this cohort."
            )
        before = kept_until(context, tx, program)
        cohort = _add_cohort(tx, program, cohort_name, training_ended_on, now)
        windows.set_closing(context, tx, program.id)
        require_confirmed([dates_of(context, tx, program, cohort, now)], confirmed=dates_confirmed)
        after = kept_until(context, tx, program)
        for trainee in trainees.trainees_of_program(tx, program.id):
            if trainee.delete_after == before:  # whoever declined keeps their own, earlier date
                trainees.change_trainee(tx, trainee.id, delete_after=after)
    return cohort


def find(context: Context, name: str, workspace_id: str | None = None) -> Program:
    """The program of this name, ignoring case.

    Raises:
        NotFoundError: there is none; the message names the existing ones.
        UserError: several workspaces have one of this name.
    """
    with context.database.reading() as tx:
        return find_in(tx, name, workspace_id)


def list_programs(context: Context, workspace_id: str | None = None) -> list[ProgramFacts]:
    """Facts about every program, or those of one workspace, by name."""
    with context.database.reading() as tx:
        return [facts_of(context, tx, program) for program in programs.programs(tx, workspace_id)]


def show(context: Context, name: str, workspace_id: str | None = None) -> ProgramFacts:
    """Facts about one program.

    Raises:
        NotFoundError, UserError: as in `find`.
    """
    with context.database.reading() as tx:
        return facts_of(context, tx, find_in(tx, name, workspace_id))


def find_in(tx: Transaction, name: str, workspace_id: str | None) -> Program:
    """As `find`, within a transaction."""
    known = programs.programs(tx, workspace_id)
    named = [program for program in known if same_name(program.name, name)]
    if len(named) > 1:
        places = ", ".join(program.workspace_id for program in named)
        raise UserError(f"Several workspaces have a program called {name}; say which: {places}.")
    if named:
        return named[0]
    there = (
        f"There are: {', '.join(program.name for program in known)}."
        if known
        else "There is none yet; `allybot program create` makes one."
    )
    raise NotFoundError(f"There is no program called {name}. {there}")


def _add_cohort(
    tx: Transaction, program: Program, name: str, training_ended_on: date, now: datetime
) -> Cohort:
    check_day(name, training_ended_on, now.astimezone(program.zone).date())
    cohort = Cohort(new_id(), program.id, _name("A cohort's name", name), training_ended_on)
    if any(same_name(known.name, cohort.name) for known in programs.cohorts(tx, program.id)):
        raise UserError(f"{program.name} already has a cohort called {cohort.name}.")
    programs.add_cohort(tx, vars(cohort))
    return cohort


def _name(what: str, given: str) -> str:
    words = " ".join(given.split())
    if not words or not words.isprintable() or len(words) > MAX_NAME_LENGTH:
        raise UserError(f"{what} must have 1 to {MAX_NAME_LENGTH} characters.")
    return words


def pool_name(given: str) -> str:
    """The name of a pool, tidied.

    Raises:
        UserError: it is empty, or too long.
    """
    return _name("A pool's name", given)


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of this name.

    Raises:
        UserError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UserError(f"{name} is not a time zone; it should look like Europe/London.") from error
