"""Questions to a circle, anonymous or named: what may be asked, and queueing one for a random moment.

What is stored meanwhile does not name the author: the outbox row holds ids of the circle and the question,
the question's row is sealed, and that the author asked lies in their private record, which is written anew
together with those of the whole circle.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allybot.crypto import lock_text
from allybot.domain.circle_questions import PostingWindow, Refusal, counts_from, post_at, posting_window
from allybot.domain.circle_questions import question as normalised
from allybot.domain.circles import Circle, CircleState
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Plan
from allybot.domain.trainee import Trainee, may_ask_circle
from allybot.errors import NotFoundError, WrongStateError
from allybot.services.context import Context, acting, program_of
from allybot.services.working_hours import working_hours
from allybot.store.circles import circles, questions
from allybot.store.circles.questions import Waiting
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import MessageKind, OutboxMessage
from allybot.store.engine.database import Transaction
from allybot.store.plans import private_records
from allybot.store.vault.vault import keys_of_people

STALE_AFTER = timedelta(days=7)
"""A question that could not be posted for a week expires, and so does a word to its author."""
KEPT_AT_MOST = timedelta(days=14)
"""How long the text is kept when it stays unknown whether it was posted."""
_WEEK = timedelta(days=7)
_FEWEST_MEMBERS = 2


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
        # The circle's row is locked, not the trainee's, whose lock would show on PostgreSQL's disk.
        asking = _asking(context, tx, actor, plan_id, now, form_id, lock=True)
        trainee, circle = asking.trainee, asking.circle
        calendar = working_hours(context, asking.program, asking.program.zone)
        today = now.astimezone(trainee.zone).date()
        chance = context.secret_rng("circle question", trainee.workspace_id, trainee.slack_user, today)
        due_at = post_at(calendar, now, chance)
        question_id = _question_id(trainee.id, form_id)
        message = OutboxMessage(
            key=f"circle-question:{question_id}",
            workspace_id=trainee.workspace_id,
            kind=MessageKind.CIRCLE_QUESTION,
            about_id=question_id,
            due_at=due_at,
            to_channel=circle.channel,
            stale_at=due_at + STALE_AFTER,
        )
        if outbox.put(tx, question_id, message):
            text_locked = lock_text(context.personal_key(trainee.id), words)
            waiting = Waiting(circle.id, trainee.id, text_locked, named and asking.plan is not None)
            questions.add(tx, context.keyring, question_id, waiting, due_at + KEPT_AT_MOST)
            since = counts_from(now, trainee.zone, context.content.rules.circles.days_between_own_questions)
            with private_records.rewriting_all(tx, keys_of_circle(context, tx, circle.id)) as held:
                for each in held.values():
                    each.record = each.record.without_past_questions(since)
                if trainee.id not in held:  # erased meanwhile
                    raise NotFoundError
                held[trainee.id].record = held[trainee.id].record.with_circle_question(question_id, today)
        return Asked(asking, words, posting_window(calendar, now))


def keys_of_circle(context: Context, tx: Transaction, circle_id: str) -> dict[str, bytes]:
    """The personal keys of a circle's members, by trainee; without those that are erased."""
    members = [member.trainee_id for member in circles.members(tx, circle_id)]
    with context.vault.reading() as vault_tx:
        return keys_of_people(vault_tx, context.keyring, members)


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
    circle = next((each for each in own if each.state is CircleState.ACTIVE), None)
    if circle is not None and lock:  # a double submit may run concurrently
        circle = circles.take_circle(tx, circle.id, wait=True)
    # Whoever keeps going may be the last whom allybot knows of a circle: what they ask would name them.
    if circle is None or len(circles.members(tx, circle.id)) < _FEWEST_MEMBERS:
        raise CannotAskError(Refusal.CIRCLE_CLOSED)
    record = private_records.read(tx, context.personal_key(trainee.id), trainee.id)
    if not form_id or outbox.row_by_id(tx, _question_id(trainee.id, form_id)) is None:
        _check_limits(context, tx, trainee, questions.last_asked_on(tx, record), circle, now)
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
    asked = questions.asked_since(tx, circle.workspace_id, circle.channel, now - _WEEK)
    if asked >= rules.max_questions_a_week:
        raise CannotAskError(Refusal.CIRCLE_ASKED_ENOUGH)


def _question_id(trainee_id: str, form_id: str) -> str:
    """An id that is fixed per form and trainee, and does not reveal the trainee without knowing both."""
    return hashlib.blake2b(f"{trainee_id}/{form_id}".encode(), digest_size=16).hexdigest()
