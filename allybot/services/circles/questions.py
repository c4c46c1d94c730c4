"""Questions to a circle, anonymous or named. The text is stored encrypted, and deleted once posted.

The outbox row holds ids of the circle and the question, never the author. Facilitators and leads who are
asked whether an uncertain post appeared learn nothing else.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from allybot.crypto import unlock_text
from allybot.domain.circle_questions import Refusal
from allybot.domain.circle_questions import question as normalised
from allybot.domain.circles import Circle, CircleState
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Plan
from allybot.domain.trainee import Trainee, may_ask_circle
from allybot.errors import NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.circles import questions as prompts
from allybot.services.context import Context, Rendering, acting, program_of
from allybot.services.isolation import ScheduledJob
from allybot.services.working_hours import next_working_time
from allybot.store import trainees
from allybot.store.circles import circles, questions
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxMessage
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.programs import programs

STALE_AFTER = timedelta(days=7)
"""A question that could not be posted for a week expires."""
KEPT_AT_MOST = timedelta(days=14)
"""How long the text is kept when it stays unknown whether it was posted."""
_WEEK = timedelta(days=7)


class CannotAskError(WrongStateError):
    """The trainee cannot ask now; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass(frozen=True)
class Asking:
    """The data of the modal; `plan` is the plan to share, None for a question."""

    trainee: Trainee
    program: Program
    circle: Circle
    plan: Plan | None
    longest: int


@dataclass(frozen=True)
class Asked:
    """A queued question; `post_at` (aware UTC) is in the future when it waits for working hours."""

    asking: Asking
    text: str
    post_at: datetime


def read(context: Context, actor: Actor, plan_id: str, now: datetime, form_id: str = "") -> Asking:
    """What the actor may ask, and which circle.

    Args:
        now: aware UTC.
        form_id: the modal's own id; a question it already sent does not count against the limits.

    Raises:
        NotFoundError: the actor is in no program, or the plan is not theirs.
        CannotAskError: no consent, no circle, the circle is closed, or a limit is reached.
    """
    with context.database.reading() as tx:
        return _asking(context, tx, actor, plan_id, now, form_id)


def check(
    context: Context, actor: Actor, form_id: str, plan_id: str, text: str | None, now: datetime
) -> tuple[Asking, str]:
    """The same, and the normalised text as the circle would read it.

    Raises:
        FieldError: field `question`, reason `empty` or `too_long`.
        NotFoundError, CannotAskError: as in `read`.
    """
    asking = read(context, actor, plan_id, now, form_id)
    return asking, normalised(text, asking.longest)


def ask(
    context: Context,
    actor: Actor,
    form_id: str,
    plan_id: str,
    text: str | None,
    now: datetime,
    *,
    named: bool,
) -> Asked:
    """Queue a question for the circle. Idempotent per form.

    Args:
        form_id: the modal's own id.
        plan_id: the plan to share; empty for a question, which is always anonymous.
        named: whether to show whose plan it is.
        now: aware UTC.

    Raises:
        FieldError, NotFoundError, CannotAskError: as in `check`.
    """
    words = normalised(text, context.content.rules.plans.max_question_characters)
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, lock=True)  # a double submit may run concurrently
        asking = _asking(context, tx, actor, plan_id, now, form_id)
        circle = circles.take_circle(tx, asking.circle.id, wait=True)
        post_at = next_working_time(context, asking.program, asking.program.zone, now)
        question_id = _question_id(trainee.id, form_id)
        message = OutboxMessage(
            key=f"circle-question:{question_id}",
            workspace_id=trainee.workspace_id,
            kind=MessageKind.CIRCLE_QUESTION,
            about_id=question_id,
            due_at=post_at,
            to_channel=asking.circle.channel,
            stale_at=post_at + STALE_AFTER,
        )
        if circle is None:
            raise CannotAskError(Refusal.CIRCLE_CLOSED)
        if outbox.put(tx, question_id, message):
            key = context.personal_key(trainee.id)
            questions.add(
                tx,
                key,
                question_id,
                circle.id,
                trainee.id,
                words,
                post_at + KEPT_AT_MOST,
                named=named and asking.plan is not None,
            )
            trainees.change_trainee(tx, trainee.id, asked_circle_on=now.astimezone(trainee.zone).date())
        return Asked(asking, words, post_at)


def _forget(context: Context, question_id: str, _now: datetime) -> int:
    with context.database.transaction() as tx:
        return questions.forget(tx, [question_id])


forget_settled = ScheduledJob(
    "ask",
    RowKind.CIRCLE_QUESTION,
    lambda tx, now, limit: questions.settled(tx, now, KEPT_AT_MOST, limit),
    _forget,
)
"""Delete the texts of questions that are posted or expired; returns how many."""


def render_circle_question(rendering: Rendering) -> Message | None:
    """The question as the circle reads it; None once its author is gone or no longer a member."""
    asked = questions.waiting(rendering.tx, rendering.row.about_id)
    circle = circles.circle_by_id(rendering.tx, asked.circle_id) if asked else None
    if asked is None or circle is None or circle.state is not CircleState.ACTIVE:
        return None
    author = trainees.trainee_by_id(rendering.tx, asked.trainee_id)
    program = programs.program_by_id(rendering.tx, circle.program_id)
    if author is None or program is None or not circles.is_member(rendering.tx, circle.id, author.id):
        return None
    text = unlock_text(rendering.context.personal_key(author.id), asked.text_locked)
    return prompts.circle_question(
        Say(), text, author.slack_user if asked.named else None, program.support_contact
    )


def _asking(
    context: Context, tx: Transaction, actor: Actor, plan_id: str, now: datetime, form_id: str
) -> Asking:
    trainee = acting(tx, actor)
    program = program_of(tx, trainee)
    if not may_ask_circle(trainee.state):
        raise CannotAskError(Refusal.NOT_STARTED)
    own = circles.circles_of_trainee(tx, trainee.id)
    if not own:
        raise CannotAskError(Refusal.NO_CIRCLE)
    circle = next((each for each in own if each.state is CircleState.ACTIVE), None)
    if circle is None:
        raise CannotAskError(Refusal.CIRCLE_CLOSED)
    if not form_id or outbox.row_by_id(tx, _question_id(trainee.id, form_id)) is None:
        _check_limits(context, tx, trainee, circle, now)
    plan = None
    if plan_id:
        plan = private_records.read(tx, context.personal_key(trainee.id), trainee.id).plan(plan_id)
        if plan is None:
            raise NotFoundError
    return Asking(trainee, program, circle, plan, context.content.rules.plans.max_question_characters)


def _check_limits(context: Context, tx: Transaction, trainee: Trainee, circle: Circle, now: datetime) -> None:
    rules = context.content.rules.circles
    last = trainee.asked_circle_on
    today = now.astimezone(trainee.zone).date()
    if last is not None and (today - last).days < rules.days_between_own_questions:
        raise CannotAskError(Refusal.ASKED_ALREADY)
    asked = questions.asked_since(tx, circle.workspace_id, circle.channel, now - _WEEK)
    if asked >= rules.max_questions_a_week:
        raise CannotAskError(Refusal.CIRCLE_ASKED_ENOUGH)


def _question_id(trainee_id: str, form_id: str) -> str:
    """An id that is fixed per form and trainee, and does not reveal the trainee without knowing both."""
    return hashlib.blake2b(f"{trainee_id}/{form_id}".encode(), digest_size=16).hexdigest()
