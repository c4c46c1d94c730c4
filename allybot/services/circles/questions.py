"""Questions to a circle, anonymous or named: what may be asked, and queueing one for a random moment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allybot.domain.circle_questions import PostingWindow, Refusal, TextKind
from allybot.domain.circle_questions import question as normalised
from allybot.domain.circles import Circle, CircleState
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Plan
from allybot.domain.trainee import Trainee, may_ask_circle
from allybot.errors import NotFoundError
from allybot.services.circles.texts import Author, CannotAskError, Posting, check_circle, queue, was_sent
from allybot.services.context import Context, acting, program_of
from allybot.store.circles import circles, texts
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records

_WEEK = timedelta(days=7)


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
    """A queued question. The moment at which it is posted is told nobody, only the `window` it lies in."""

    asking: Asking
    text: str
    window: PostingWindow


def read(context: Context, actor: Actor, plan_id: str, now: datetime, form_id: str = "") -> Asking:
    """What the actor may ask, and which circle.

    Args:
        now: aware UTC.
        form_id: the modal's own id; a question it already sent does not count against the limits.

    Raises:
        DecryptionError: the personal key was erased.
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
        DecryptionError, NotFoundError, CannotAskError: as in `read`.
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
    """Queue a question for the circle, at a random moment of its posting window. Idempotent per form.

    Args:
        form_id: the modal's own id.
        plan_id: the plan to share; empty for a question, which is always anonymous.
        named: whether to show whose plan it is.
        now: aware UTC.

    Raises:
        DecryptionError, FieldError, NotFoundError, CannotAskError: as in `check`.
    """
    words = normalised(text, context.content.rules.plans.max_question_characters)
    with context.database.transaction() as tx:
        asking = _asking(context, tx, actor, plan_id, now, form_id, lock=True)
        author = Author(asking.trainee, asking.program, asking.circle)
        posting = Posting(TextKind.QUESTION, form_id, named and asking.plan is not None)
        return Asked(asking, words, queue(context, tx, author, posting, words, now))


def _asking(
    context: Context,
    tx: Transaction,
    actor: Actor,
    plan_id: str,
    now: datetime,
    form_id: str,
    *,
    lock: bool = False,
) -> Asking:
    trainee = acting(tx, actor)
    program = program_of(tx, trainee)
    if not may_ask_circle(trainee.state):
        raise CannotAskError(Refusal.NOT_STARTED)
    own = circles.circles_of_trainee(tx, trainee.id)
    if not own:
        raise CannotAskError(Refusal.NO_CIRCLE)
    open_one = next((each for each in own if each.state is CircleState.ACTIVE), None)
    if open_one is not None and lock:  # a double submit may run concurrently
        open_one = circles.take_circle(tx, open_one.id, wait=True)
    circle = check_circle(tx, trainee, open_one)
    record = private_records.read(tx, context.personal_key(trainee.id), trainee.id)
    if not was_sent(tx, trainee.id, form_id):
        _check_limits(context, tx, trainee, texts.last_asked_on(tx, record), circle, now)
    plan = record.plan(plan_id)
    if plan_id and plan is None:
        raise NotFoundError
    return Asking(trainee, program, circle, plan, context.content.rules.plans.max_question_characters)


def _check_limits(
    context: Context, tx: Transaction, trainee: Trainee, last: date | None, circle: Circle, now: datetime
) -> None:
    """Check the limits of the trainee, who asked last on the local day `last`, and of the circle."""
    rules = context.content.rules.circles
    today = now.astimezone(trainee.zone).date()
    if last is not None and (today - last).days < rules.days_between_own_questions:
        raise CannotAskError(Refusal.ASKED_ALREADY)
    asked = texts.asked_since(tx, circle.workspace_id, circle.channel, now - _WEEK)
    if asked >= rules.max_questions_a_week:
        raise CannotAskError(Refusal.CIRCLE_ASKED_ENOUGH)
