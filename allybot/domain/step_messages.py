"""What a trainee gets at each step of the ladder: a check-in, or what silence or their choice makes of it."""

from collections.abc import Container
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from allybot.domain.calendar import Calendar
from allybot.domain.spacing import Jitter, Ladder, LadderProgress, next_due
from allybot.domain.trainee import Pace


class StepMessage(StrEnum):
    """What a trainee gets at a step, see `message_at`."""

    CHECK_IN = "check_in"
    SLOWED = "slowed"
    FRESH_START = "fresh_start"
    REPLAN = "replan"
    KEEP_GOING = "keep_going"


def message_at(ladder: Ladder, step: int, silent_steps: int, pace: Pace) -> StepMessage:
    """What somebody with so many silent steps behind them gets at a step.

    After `ladder.silent_steps` of them they are told that the pace is slower from now on, or get the fresh
    start where its day has come, which says so too. Further silence changes nothing more.
    """
    if step >= ladder.replan_day:
        return StepMessage.REPLAN if step == ladder.replan_day else StepMessage.KEEP_GOING
    if silent_steps >= ladder.silent_steps:
        if step == ladder.fresh_start_day:
            return StepMessage.FRESH_START
        if pace is Pace.NORMAL:
            return StepMessage.SLOWED
    return StepMessage.CHECK_IN


def pace_after(message: StepMessage, pace: Pace) -> Pace:
    """The pace once a message is sent."""
    return Pace.SLOWER if message in {StepMessage.SLOWED, StepMessage.FRESH_START} else pace


def messages_due(
    ladder: Ladder,
    calendar: Calendar,
    progress: LadderProgress,
    until: datetime,
    *,
    untapped: Container[int] = (),
    jitter: Jitter = lambda _step: 0,
) -> list[tuple[int, datetime, StepMessage]]:
    """Every message of the ladder that is due before `until` (aware), as planned ahead: step, time and what.

    Pauses and leave are in `calendar.away`; a stop or a deactivation is an earlier `until`.

    Args:
        progress: the start, usually `LadderProgress(training_ended_on, consented_on)`.
        untapped: steps that stay unanswered.
    """
    found: list[tuple[int, datetime, StepMessage]] = []
    open_step: int | None = None
    while due := next_due(ladder, calendar, progress, progress.asked_on or progress.consented_on, jitter):
        if due.at >= until:
            break
        silent = progress.silent_steps
        if open_step is not None:
            silent = silent + 1 if open_step in untapped else 0
        what = message_at(ladder, due.step, silent, progress.pace)
        open_step = due.step if what is StepMessage.CHECK_IN else None
        found.append((due.step, due.at, what))
        progress = replace(
            progress,
            after=due.step,
            asked_on=calendar.local_day(due.at),
            moved_days=due.moved_days,
            pace=pace_after(what, progress.pace),
            silent_steps=silent,
        )
    return found


def ladder_due(
    ladder: Ladder,
    calendar: Calendar,
    progress: LadderProgress,
    until: datetime,
    *,
    untapped: Container[int] = (),
    jitter: Jitter = lambda _step: 0,
) -> list[tuple[int, datetime]]:
    """The check-ins among `messages_due`, and the re-plan: step and time."""
    asked = {StepMessage.CHECK_IN, StepMessage.REPLAN}
    found = messages_due(ladder, calendar, progress, until, untapped=untapped, jitter=jitter)
    return [(step, at) for step, at, what in found if what in asked]
