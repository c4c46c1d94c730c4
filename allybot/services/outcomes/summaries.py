"""What leads may see, and what everybody else in a program is told: published figures only."""

from dataclasses import replace
from datetime import datetime

from allybot.domain.anonymity import CELL_ACTED, CELL_MOMENT, HISTOGRAM
from allybot.domain.figures import Release, Summary, Waits, release_of
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import takes_part
from allybot.domain.windows import Window, WindowState
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.outcomes import figures, results, waiting
from allybot.prompts.outcomes import summary as prompts
from allybot.services.context import Context, Rendering
from allybot.services.leads import all_led
from allybot.services.outcomes import pooling
from allybot.services.outcomes.ending import suffix
from allybot.services.outcomes.publishing import close_due, publish_with_key
from allybot.services.outcomes.windows import named_program
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots, pools
from allybot.store.programs import programs

__all__ = [
    "close_due",
    "ended",
    "publish_with_key",
    "render_release_notice",
    "render_result",
    "summaries",
    "summary",
    "summary_for_program",
    "summary_of",
]


def summary(context: Context, actor: Actor, now: datetime) -> list[Summary]:  # noqa: ARG001 - every use case takes `now`
    """The programs the actor leads in their workspace, by name.

    Raises:
        NotALeadError: they lead none; the same whatever programs exist.
    """
    with context.database.reading() as tx:
        return [_summary(context, tx, program) for program in all_led(tx, actor)]


def summary_for_program(context: Context, name: str, workspace: str | None, now: datetime) -> Summary:  # noqa: ARG001 - as above
    """One program by its name, for the operator's command line.

    Raises:
        NotFoundError: there is none of that name.
        UserError: several workspaces have one, and none was named.
    """
    with context.database.reading() as tx:
        return _summary(context, tx, named_program(tx, name, workspace))


def summary_of(context: Context, program_id: str) -> Summary | None:
    """One program by its id, as its leads see it; None when there is none."""
    with context.database.reading() as tx:
        program = programs.program_by_id(tx, program_id)
        return _summary(context, tx, program) if program else None


def summaries(context: Context) -> list[Summary]:
    """Every program, for the operator's command line."""
    with context.database.reading() as tx:
        return [_summary(context, tx, program) for program in programs.programs(tx)]


def render_release_notice(rendering: Rendering) -> Message | None:
    """The notice to a lead that a window was published, is void or waits; None when it is none of these."""
    window = ballots.window_by_id(rendering.tx, rendering.row.about_id)
    program = programs.program_by_id(rendering.tx, window.program_id) if window else None
    reader = Actor(rendering.row.workspace_id, rendering.row.to_user or "")
    if window is None or program is None or not programs.is_lead(rendering.tx, program.id, reader):
        return None
    release = _release(rendering.context, rendering.tx, program, window)
    if release is None or _is_old_news(rendering, window):
        return None
    if release.waits:
        return waiting.notice(Say(), program.name, figures.weeks(window.name), window.state, release.waits)
    return prompts.release_notice(Say(), _summary(rendering.context, rendering.tx, program), window.name)


def render_result(rendering: Rendering) -> Message | None:
    """What came of a window, to somebody who takes part: the same words for all of a program.

    None when they have left or stopped meanwhile, or when they are told more by a later message.
    """
    told = ended(rendering.context, rendering.tx, rendering.row.about_id)
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.trainee_id or "")
    if told is None or trainee is None or not takes_part(trainee.state):
        return None
    program, release = told
    window = ballots.window_by_id(rendering.tx, rendering.row.about_id)
    if window is None or _is_old_news(rendering, window):
        return None
    return results.result(Say(trainee.locale), program.name, release, program.minimum_respondents)


def ended(context: Context, tx: Transaction, window_id: str) -> tuple[Program, Release] | None:
    """A window that was published, is void or waits, with its program; None while it is open or closed."""
    window = ballots.window_by_id(tx, window_id)
    program = programs.program_by_id(tx, window.program_id) if window else None
    release = _release(context, tx, program, window) if window and program else None
    return (program, release) if program and release else None


def _is_old_news(rendering: Rendering, window: Window) -> bool:
    """Whether a message says that a window waits which waits no more; another tells what came of it."""
    return suffix(window) not in rendering.row.key


def _summary(context: Context, tx: Transaction, program: Program) -> Summary:
    """Reads windows and releases; never a ballot, a vote or a check-in (enforced by a test)."""
    windows = ballots.windows_of(tx, program.id)
    coming = next((window for window in windows if window.state is WindowState.OPEN), None)
    closes_at = coming.closes_at if coming else None
    return Summary(
        program=program.name,
        minimum_respondents=program.minimum_respondents,
        key_holder=program.key_holder,
        releases=tuple(made for window in windows if (made := _release(context, tx, program, window))),
        next_window=coming.name if coming else None,
        next_closes_on=closes_at.astimezone(program.zone).date() if closes_at else None,
        waiting=tuple(window.name for window in windows if window.state is WindowState.CLOSED),
        contact=program.support_contact,
        program_id=program.id,
    )


def _release(context: Context, tx: Transaction, program: Program, window: Window) -> Release | None:
    if window.published_on is None:
        return None
    waits = _waits(context, tx, program, window)
    if window.state in {WindowState.VOID, WindowState.WAITING}:
        return Release(window.name, window.state, window.published_on, 0, waits=waits)
    made = ballots.release_of(tx, window)
    if made is None:
        return None
    order = {cell: place for place, cell in enumerate((CELL_ACTED, CELL_MOMENT, *HISTOGRAM[1:]))}
    noisy = dict(sorted(made.noisy.items(), key=lambda cell: order[cell[0]]))
    release = release_of(
        window.name, made.published_on, made.invited, made.respondents, made.tier, made.scale_milli, noisy
    )
    return replace(release, waits=waits)


def _waits(context: Context, tx: Transaction, program: Program, window: Window) -> Waits | None:
    if window.waits_until is None or program.pool is None:
        return None
    together: list[Window] = []
    if window.counted_with:
        together = pools.counted_with(tx, program.workspace_id, program.pool, window)
    return Waits(
        pool=program.pool,
        until=window.waits_until.astimezone(program.zone).date(),
        least=pooling.least(context, tx, program),
        pooled_from=tuple(_with_cohorts(tx, each.program_id) for each in together),
    )


def _with_cohorts(tx: Transaction, program_id: str) -> str:
    """A program's name, with those of its cohorts."""
    program = programs.program_by_id(tx, program_id)
    cohorts = ", ".join(cohort.name for cohort in programs.cohorts(tx, program_id))
    return f"{program.name} ({cohorts})" if program else ""
