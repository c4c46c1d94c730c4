"""What leads may see, and what everybody else in a program is told: published figures only."""

from datetime import datetime

from allybot.domain.anonymity import HISTOGRAM
from allybot.domain.figures import Release, Summary, release_of
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import takes_part
from allybot.domain.windows import Window, WindowState
from allybot.errors import NotALeadError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.outcomes import results
from allybot.prompts.outcomes import summary as prompts
from allybot.services.context import Context, Rendering
from allybot.services.outcomes.publishing import close_due, publish_with_key
from allybot.services.outcomes.windows import named_program
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.outcomes import ballots
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
        led = programs.programs_led_by(tx, actor)
        if not led:
            raise NotALeadError
        return [_summary(tx, program) for program in led]


def summary_for_program(context: Context, name: str, workspace: str | None, now: datetime) -> Summary:  # noqa: ARG001 - as above
    """One program by its name, for the operator's command line.

    Raises:
        NotFoundError: there is none of that name.
        UserError: several workspaces have one, and none was named.
    """
    with context.database.reading() as tx:
        return _summary(tx, named_program(tx, name, workspace))


def summary_of(context: Context, program_id: str) -> Summary | None:
    """One program by its id, as its leads see it; None when there is none."""
    with context.database.reading() as tx:
        program = programs.program_by_id(tx, program_id)
        return _summary(tx, program) if program else None


def summaries(context: Context) -> list[Summary]:
    """Every program, for the operator's command line."""
    with context.database.reading() as tx:
        return [_summary(tx, program) for program in programs.programs(tx)]


def render_release_notice(rendering: Rendering) -> Message | None:
    """The notice to a lead that a window was published or is void; None when it is neither."""
    window = ballots.window_by_id(rendering.tx, rendering.row.about_id)
    program = programs.program_by_id(rendering.tx, window.program_id) if window else None
    if (
        window is None
        or program is None
        or rendering.row.to_user not in programs.leads(rendering.tx, program.id)
    ):
        return None
    if window.state not in {WindowState.PUBLISHED, WindowState.VOID}:
        return None
    published = window.state is WindowState.PUBLISHED
    return prompts.release_notice(
        Say(), program.name, window.name, program.minimum_respondents, published=published
    )


def render_result(rendering: Rendering) -> Message | None:
    """What came of a window, to somebody who takes part: the same words for all of a program.

    None when they have left or stopped meanwhile.
    """
    told = ended(rendering.tx, rendering.row.about_id)
    trainee = trainees.trainee_by_id(rendering.tx, rendering.row.trainee_id or "")
    if told is None or trainee is None or not takes_part(trainee.state):
        return None
    program, release = told
    return results.result(Say(trainee.locale), program.name, release, program.minimum_respondents)


def ended(tx: Transaction, window_id: str) -> tuple[Program, Release] | None:
    """A window that was published or is void, with its program; None while it is neither."""
    window = ballots.window_by_id(tx, window_id)
    program = programs.program_by_id(tx, window.program_id) if window else None
    release = _release(tx, window) if window else None
    return (program, release) if program and release else None


def _summary(tx: Transaction, program: Program) -> Summary:
    """Reads windows and releases; never a ballot, a vote or a check-in (enforced by a test)."""
    windows = ballots.windows_of(tx, program.id)
    coming = next((window for window in windows if window.state is WindowState.OPEN), None)
    closes_at = coming.closes_at if coming else None
    return Summary(
        program=program.name,
        minimum_respondents=program.minimum_respondents,
        key_holder=program.key_holder,
        releases=tuple(made for window in windows if (made := _release(tx, window))),
        next_window=coming.name if coming else None,
        next_closes_on=closes_at.astimezone(program.zone).date() if closes_at else None,
        waiting=tuple(window.name for window in windows if window.state is WindowState.CLOSED),
    )


def _release(tx: Transaction, window: Window) -> Release | None:
    if window.published_on is None:
        return None
    if window.state is WindowState.VOID:
        return Release(window.name, WindowState.VOID, window.published_on, window.invited or 0)
    made = ballots.release_by_window(tx, window.id)
    if made is None:
        return None
    order = {outcome.value: place for place, outcome in enumerate(HISTOGRAM)}
    noisy = dict(sorted(made.noisy.items(), key=lambda cell: order[cell[0]]))
    return release_of(
        window.name, made.published_on, made.invited, made.respondents, made.tier, made.scale_milli, noisy
    )
