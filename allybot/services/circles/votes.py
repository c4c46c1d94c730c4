"""The votes of a week: sealed when cast, then opened once or deleted unopened."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from allybot.crypto import seal, unseal
from allybot.domain.anonymity import decode, encode
from allybot.domain.circle_weeks import first_after
from allybot.domain.circles import Circle, CircleState, CircleWeek, WeekState
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import takes_part
from allybot.errors import DecryptionError, NotFoundError, WrongStateError
from allybot.services.circles.facilitators import rhythm_of, scenario_key, uncount_turn
from allybot.services.circles.own_scenarios import scenario_of
from allybot.services.context import Context, new_id
from allybot.services.isolation import A_MINUTE, ScheduledJob
from allybot.services.working_hours import next_working_time, working_hours
from allybot.store import trainees
from allybot.store.circles import circles, weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import NEVER_SENT, MessageState, OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from allybot.store.vault import vault

_NO_KIND = 0
"""Votes have no plan kind; that byte of the payload is zero."""
_RESULT_KEEPS = timedelta(days=3)
"""Afterwards the next scenario is near, and an unsent result expires."""
_NOT_POSTED = (MessageState.DUE, MessageState.PARKED, *NEVER_SENT)


@dataclass(frozen=True)
class CastVote:
    """The result of casting a vote; the same for every option.

    Attributes:
        sealed: False when the vote came after the opening.
        opens_at: aware UTC; the vote can be changed until then.
        was_last: it was the last that was missing, so that `opens_at` is now or the next working hour.
        zone: the program's, for showing `opens_at`.
    """

    sealed: bool
    opens_at: datetime
    zone: ZoneInfo
    was_last: bool = False


def vote(context: Context, actor: Actor, week_id: str, option: int, now: datetime) -> CastVote:
    """Seal a member's vote; voting again replaces it. What is written is the same for every option.

    Once everyone who takes part has voted, and there are enough votes, they are opened at the next working
    hour: there is nothing left to wait for.

    Raises:
        NotFoundError: the actor is no member of this circle.
        WrongStateError: there is no such week or option, or the circle was closed.
    """
    with context.database.transaction() as tx:
        trainee, week = trainees.trainee_of(tx, actor), weeks.week_by_id(tx, week_id, lock=True)
        circle = circles.circle_by_id(tx, week.circle_id) if week else None
        program = programs.program_by_id(tx, circle.program_id) if circle else None
        if week is None or circle is None or program is None or circle.state is CircleState.CLOSED:
            raise WrongStateError
        if trainee is None or not circles.is_member(tx, circle.id, trainee.id):
            raise NotFoundError
        in_time = week.state is WeekState.OPEN and now < week.opens_at
        if in_time:
            story = scenario_of(context, tx, program.id, week.scenario_id)
            if not 0 <= option < len(story.options):
                raise WrongStateError
            sealed = seal(week.public_key, encode(week.id, _NO_KIND, option))
            weeks.cast_vote(tx, week.id, trainee.id, sealed)
            if _everyone_voted(context, tx, program, week):
                opens_at = min(week.opens_at, next_working_time(context, program, program.zone, now))
                weeks.change_week(tx, week.id, opens_at=opens_at)
                return CastVote(in_time, opens_at, program.zone, was_last=True)
    return CastVote(in_time, week.opens_at, program.zone)


def _everyone_voted(context: Context, tx: Transaction, program: Program, week: CircleWeek) -> bool:
    taking_part = {each.trainee_id for each in circles.members(tx, week.circle_id) if takes_part(each.state)}
    voted = weeks.voters(tx, week.id)
    return taking_part <= voted and len(voted) >= context.content.min_votes_of(program.name)


def discard_closed(context: Context) -> None:
    """Delete the sealed votes of closed circles unopened, and weeks that had not begun."""
    with context.database.reading() as tx:
        week_ids = weeks.weeks_of_closed_circles(tx)
    for week_id in week_ids:
        _discard(context, week_id)


def _discard(context: Context, week_id: str) -> int:
    with context.database.transaction() as tx:
        posted = weeks.week_of_closed_circle(tx, week_id)
        if posted:
            weeks.close_votes(tx, week_id, WeekState.FEW, None)
        elif posted is False:
            weeks.drop_week(tx, week_id)
    destroy_spent_keys(context, [week_id])
    return int(posted is not None)


def destroy_spent_keys(context: Context, week_ids: Collection[str]) -> None:
    """Destroy the private keys of those of these weeks that are closed or deleted.

    Keys are destroyed after the counts are committed and the votes deleted: a crash in between loses no vote,
    and the next `retention` destroys the keys.
    """
    if not week_ids:
        return
    with context.database.reading() as tx:
        spent = set(week_ids) - set(weeks.sealed_among(tx, week_ids))
    if spent:
        with context.vault.transaction() as vault_tx:
            for week_id in spent:
                vault.destroy_window_key(vault_tx, week_id)


def _open(context: Context, week_id: str, now: datetime) -> bool:
    with context.vault.reading() as vault_tx:
        private_key = vault.private_key_of(vault_tx, context.keyring, week_id)
    with context.database.transaction() as tx:
        circle = circles.take_circle(tx, weeks.circle_of_week(tx, week_id) or "")
        week = weeks.week_by_id(tx, week_id, lock=True)
        if circle is None or week is None or week.state is not WeekState.OPEN or week.opens_at > now:
            return False
        if weeks.queued_states(tx, [scenario_key(week)]).get(scenario_key(week)) in _NOT_POSTED:
            _undo_week(context, tx, circle, week, now)
            return True
        if private_key is None:  # destroyed once its votes were opened, so the true result may stand there
            weeks.close_votes(tx, week.id, WeekState.FEW, None)
            return True
        counts = _counts(context, tx, circle, week, private_key)
        weeks.close_votes(tx, week.id, WeekState.OPENED if counts else WeekState.FEW, counts)
        message = OutboxMessage(
            key=f"votes:{week.id}",
            workspace_id=circle.workspace_id,
            kind=MessageKind.VOTE_RESULT,
            about_id=week.id,
            due_at=now,
            to_channel=circle.channel,
            stale_at=max(now, week.opens_at) + _RESULT_KEEPS,
            planned_at=week.opens_at,
        )
        outbox.put(tx, new_id(), message)
    return True


def _counts(
    context: Context, tx: Transaction, circle: Circle, week: CircleWeek, private_key: bytes
) -> tuple[int, ...] | None:
    """Votes per option; None below the minimum (without opening any)."""
    program = programs.program_by_id(tx, circle.program_id)
    least = context.content.min_votes_of(program.name if program else "")
    votes = weeks.sealed_votes(tx, week.id)
    if len(votes) < least:
        return None
    tally = Counter(_option(week.id, private_key, sealed) for sealed in votes)
    story = scenario_of(context, tx, circle.program_id, week.scenario_id)
    counts = tuple(tally[option] for option in range(len(story.options)))
    return counts if sum(counts) >= least else None


def _option(week_id: str, private_key: bytes, sealed: bytes) -> int | None:
    """The option in a sealed vote, or None when it is forged or was copied from another week."""
    try:
        codes = decode(week_id, unseal(private_key, sealed))
    except DecryptionError:
        return None
    return codes[1] if codes else None


def _undo_week(context: Context, tx: Transaction, circle: Circle, week: CircleWeek, now: datetime) -> None:
    """Undo a week whose scenario was not posted: uncount the turn and post the scenario in another week."""
    weeks.close_votes(tx, week.id, WeekState.FEW, None)
    for each in week.facilitators:
        uncount_turn(tx, circle, each)
    program = programs.program_by_id(tx, circle.program_id)
    if program and week.number == circle.weeks_posted:
        again = first_after(now, rhythm_of(context), working_hours(context, program, program.zone)).post_at
        circles.change_circle(
            tx, circle.id, weeks_posted=week.number - 1, next_post_at=circle.next_post_at or again
        )


def _open_and_destroy_key(context: Context, week_id: str, now: datetime) -> bool:
    done = _open(context, week_id, now)
    destroy_spent_keys(context, [week_id])
    return done


SCHEDULED_JOBS = (
    ScheduledJob("votes", RowKind.CIRCLE_WEEK, weeks.weeks_to_open, _open_and_destroy_key),
    # Delivery closes a circle whose channel Slack refuses.
    ScheduledJob(
        "votes_of_closed_circles",
        RowKind.CIRCLE_WEEK,
        lambda tx, _now, limit: weeks.weeks_of_closed_circles(tx, limit),
        lambda context, week_id, _now: _discard(context, week_id),
        every=A_MINUTE,
    ),
)
"""Open or delete the votes that are due."""
