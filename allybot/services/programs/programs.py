"""Use cases of programs, their cohorts and their leads."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from allybot.domain.people import Actor, Cohort, Program, same_name
from allybot.domain.program_changes import Refusal, What
from allybot.errors import NotFoundError, UserError
from allybot.i18n import ENGLISH
from allybot.prompts.programs.refusals import said
from allybot.services.context import Context, new_id
from allybot.services.leads import note
from allybot.services.outcomes import pooling, windows
from allybot.services.programs.appointing import appoint
from allybot.services.programs.dates import check_day, dates_of, require_confirmed
from allybot.services.programs.end_dates import move_end
from allybot.services.programs.facts import ProgramFacts, facts_of
from allybot.services.programs.places import check_emergency_number, country_code, zone_named
from allybot.services.programs.refusals import ChangeRefusedError, or_refuse
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.programs.workspaces import hold_workspace, workspace_row

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
    emergency_number: str = "",
    by: Actor | None = None,
    pool: str | None = None,
    counts_moments: bool = False,
    dates_confirmed: bool = False,
    now: datetime,
) -> Program:
    """Create a program with its cohorts and windows.

    Args:
        support_contact: who to turn to about distress or misconduct; named in every help text.
        cohorts: name and last training day of each, at least one.
        zone: IANA zone of circle posts and window ends.
        country: two-letter code or name, for public holidays; empty for none.
        minimum_respondents: the fewest people for published figures, for good; None for the default.
        key_holder: `vault`, or `custodian` when somebody else supplies the windows' public keys.
        pool: name of the pool in which a window with too few answers waits for later programs that name the
            same one, ignoring case; None: its answers are deleted unopened.
        counts_moments: whether it counts once, over all its weeks, and also how many had a moment, for good.
        emergency_number: named to people in danger; empty for the content's.
        by: becomes its lead; None for the operator.
        dates_confirmed: whether doubtful dates were confirmed.
        now: the program's time, aware UTC.

    Raises:
        NotFoundError: the workspace is not connected.
        DoubtfulDatesError: people would be deleted within days, no check-in is left, or a training is over a
            year away; never with `dates_confirmed`.
        UserError: a value is invalid; the message says which and why.
    """
    respondents = fewest_respondents(context, minimum_respondents, key_holder=key_holder, pool=pool)
    if not cohorts:
        raise UserError("A program needs at least one cohort: its name and the last day of its training.")
    check_emergency_number(emergency_number)
    program = Program(
        id=new_id(),
        workspace_id=workspace_id,
        name=checked_name("The program's name", name),
        support_contact=checked_name("The support contact", support_contact),
        zone=zone_named(zone),
        country=country_code(country),
        minimum_respondents=respondents,
        epsilon_milli=epsilon_of_each(context),
        key_holder=key_holder,
        created_at=now,
        frozen_at=None,
        pool=pool,
        emergency_number=emergency_number or None,
        counts_moments=counts_moments,
    )
    with context.database.transaction() as tx:
        if workspace_row(tx, workspace_id) is None:
            raise NotFoundError(f"allybot is not installed in workspace {workspace_id}.")
        if any(same_name(known.name, program.name) for known in programs.programs(tx, workspace_id)):
            raise UserError(f"There is already a program called {program.name}.")
        if program.pool is not None:
            hold_workspace(tx, workspace_id)
            shared = shared_pool(tx, by, workspace_id, program.pool, counts_moments=counts_moments)
            program = replace(program, pool=shared)
        programs.new_program(tx, program)
        note(tx, program, by, What.CREATED, now)
        if by is not None:
            appoint(tx, program, by.slack_user, now, by)
        added = [_add_cohort(tx, program, *cohort, now) for cohort in cohorts]
        windows.create_windows(context, tx, program, now)
        windows.set_closing(context, tx, program.id)
        require_confirmed(
            [dates_of(context, tx, program, cohort, now) for cohort in added], confirmed=dates_confirmed
        )
    return program


def epsilon_of_each(context: Context) -> int:
    """What each count of a new program spends of its privacy budget, in thousandths."""
    return round(context.content.rules.publishing.epsilon_per_release * 1000)


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
        raise UserError(f"{said(ENGLISH, Refusal.POOL_CUSTODIAN)} Leave out the pool or the custodian.")
    return respondents


def add_cohort_to(
    context: Context,
    tx: Transaction,
    program: Program,
    name: str,
    training_ended_on: date,
    now: datetime,
    by: Actor | None,
) -> Cohort:
    """Add a cohort before the first check-in is sent; closing and deletion dates follow it, see `end_dates`.

    Doubtful dates are the caller's to look at.

    Args:
        now: the program's time, aware UTC.

    Raises:
        ChangeRefusedError: the first check-in has been sent.
        UserError: the name is empty or taken.
    """
    if program.frozen_at is not None:
        raise ChangeRefusedError(Refusal.FROZEN, program.name)
    cohort = _add_cohort(tx, program, name, training_ended_on, now)
    note(tx, program, by, What.COHORT_ADDED, now, subject=cohort.name, new=training_ended_on.isoformat())
    move_end(context, tx, program, now)
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
    today = now.astimezone(program.zone).date()
    or_refuse(lambda: check_day(name, training_ended_on, today), Refusal.TOO_FAR)
    named = or_refuse(lambda: checked_name("A cohort's name", name), Refusal.COHORT_NAME)
    cohort = Cohort(new_id(), program.id, named, training_ended_on)
    if any(same_name(known.name, cohort.name) for known in programs.cohorts(tx, program.id)):
        raise ChangeRefusedError(Refusal.COHORT_TAKEN, cohort.name)
    programs.add_cohort(tx, vars(cohort))
    return cohort


def checked_name(what: str, given: str) -> str:
    """A name as it is kept, for one called `what` in the error.

    Raises:
        UserError: it is empty or too long.
    """
    words = " ".join(given.split())
    if not words or not words.isprintable() or len(words) > MAX_NAME_LENGTH:
        raise UserError(f"{what} must have 1 to {MAX_NAME_LENGTH} characters.")
    return words


def shared_pool(
    tx: Transaction, by: Actor | None, workspace_id: str, given: str, *, counts_moments: bool
) -> str:
    """The name by which a pool is known that somebody may share: a new one, or one of programs they lead.

    The figure of a pool is that of everybody in it, so nobody joins other leads' programs unasked. Whoever
    stores the name holds the workspace first: of two who name one new pool at once, one has to ask.

    Args:
        by: None for the operator, who may share every pool.
        counts_moments: of the program that would share it. Programs that count otherwise have other windows
            and are told another number of figures, so they would wait for each other in vain.

    Raises:
        ChangeRefusedError: the name is empty or too long, or the pool is other leads' or counts otherwise.
    """
    pool = or_refuse(lambda: checked_name("A pool's name", given), Refusal.POOL_NAME)
    known = pooling.known_as(tx, workspace_id, pool)
    others = [each for each in programs.programs(tx, workspace_id) if each.pool == known]
    if by is not None and others and not any(programs.is_lead(tx, each.id, by) for each in others):
        raise ChangeRefusedError(Refusal.POOL_OF_OTHERS, pool)
    if any(each.counts_moments is not counts_moments for each in others):
        raise ChangeRefusedError(Refusal.POOL_COUNTS_OTHERWISE, pool)
    return known
