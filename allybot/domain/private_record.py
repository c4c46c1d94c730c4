"""What may differ after an answer, in one value per trainee: plans, notes, what is asked about.

It is stored as one encrypted, padded blob that is rewritten after every answer, so that nobody without the
trainee's key can tell an answer from what the trainee did next. Pure.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from allybot.domain.circle_questions import TextKind
from allybot.domain.notes import Note, with_note
from allybot.domain.plans import Intention, Plan, PlanState, Wording

LONGEST_OPEN = timedelta(days=30)
"""The longest a program lets a question be marked as answered."""
LONGEST_WAIT = LONGEST_OPEN + timedelta(days=21)
"""A text that is not posted is given up after 14 days; a week more for workers that were late."""


@dataclass(frozen=True)
class AskedPlan:
    """The plan a check-in asked about.

    Attributes:
        since: the first day asked about, in the trainee's zone.
        wording: which of the plan's wordings the question quoted, counted from the oldest.
    """

    check_in_id: str
    plan_id: str
    since: date
    wording: int = 0


@dataclass(frozen=True)
class WroteCircle:
    """What a trainee wrote to the circle through allybot.

    Attributes:
        written_on: day in the trainee's zone.
        text_id: its id until it is posted, of a question until nobody can mark it as answered any more; then
            None, so that nothing says whose it was. Who has left the circle keeps the id of a text that no
            longer exists.
    """

    written_on: date
    text_id: str | None = None
    kind: TextKind = TextKind.QUESTION


@dataclass(frozen=True)
class PrivateRecord:
    """A trainee's private record.

    Attributes:
        plans: all plans, oldest first.
        focus_plan_id: the trainee's focus plan; None lets the ladder choose.
        why: the personal why.
        asked: the plan of each check-in, oldest first.
        wrote_circle: what was lately written to the circle, oldest first.
        notes: the trainee's notes to themselves, oldest first, at most `MAX_NOTES`.
    """

    plans: tuple[Plan, ...] = ()
    focus_plan_id: str | None = None
    why: str | None = None
    asked: tuple[AskedPlan, ...] = ()
    wrote_circle: tuple[WroteCircle, ...] = ()
    notes: tuple[Note, ...] = ()

    @cached_property
    def active(self) -> tuple[Plan, ...]:
        """The active plans, oldest first."""
        return tuple(plan for plan in self.plans if plan.state is PlanState.ACTIVE)

    def plan(self, plan_id: str) -> Plan | None:
        """One plan; None when there is none with this id."""
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    def asked_about(self, check_in_id: str) -> tuple[Plan, date] | None:
        """The plan a check-in asked about and the first day it asks about; None for one without a plan."""
        asked = next((each for each in self.asked if each.check_in_id == check_in_id), None)
        plan = self.plan(asked.plan_id) if asked else None
        return (plan, asked.since) if asked and plan else None

    def as_asked(self, check_in_id: str) -> Intention | None:
        """The plan a check-in asked about, in the words of that day; None for a check-in without a plan."""
        asked = next((each for each in self.asked if each.check_in_id == check_in_id), None)
        plan = self.plan(asked.plan_id) if asked else None
        return plan.wordings[asked.wording] if asked and plan else None

    def with_note(self, text: str | None, today: date) -> "PrivateRecord":
        """The record with one more note, as `notes.with_note`."""
        return replace(self, notes=with_note(self.notes, text, today))

    def without_note(self, note_id: str) -> "PrivateRecord":
        """The record without a note; the same where it has none with this id."""
        return replace(self, notes=tuple(each for each in self.notes if each.id != note_id))

    def with_circle_text(self, kind: TextKind, text_id: str, today: date) -> "PrivateRecord":
        """The record after something was written to the circle; the same text twice counts once."""
        others = self.without_circle_text(text_id).wrote_circle
        return replace(self, wrote_circle=(*others, WroteCircle(today, text_id, kind)))

    def with_settled_text(self, text_id: str) -> "PrivateRecord":
        """The record once nobody needs to know whose a text is: only the day is left."""
        wrote = (
            replace(each, text_id=None) if each.text_id == text_id else each for each in self.wrote_circle
        )
        return replace(self, wrote_circle=tuple(wrote))

    def without_circle_text(self, text_id: str) -> "PrivateRecord":
        """The record without a text, which then does not count against a limit."""
        return replace(
            self, wrote_circle=tuple(each for each in self.wrote_circle if each.text_id != text_id)
        )

    def without_past_texts(self, before: date) -> "PrivateRecord":
        """The record without texts that were written before a day, but for those that may still wait."""
        wrote = tuple(
            each
            for each in self.wrote_circle
            if each.written_on >= before - (LONGEST_WAIT if each.text_id else timedelta(0))
        )
        return replace(self, wrote_circle=wrote)

    def with_plan(self, plan: Plan) -> "PrivateRecord":
        """The record with a plan added, or replaced where its id is known."""
        if self.plan(plan.id) is None:
            return replace(self, plans=(*self.plans, plan))
        return replace(self, plans=tuple(plan if each.id == plan.id else each for each in self.plans))

    def with_state(self, plan_id: str, state: PlanState) -> "PrivateRecord":
        """The record with a plan in another state; only an active plan stays the focus plan."""
        lost = plan_id == self.focus_plan_id and state is not PlanState.ACTIVE
        focus = None if lost else self.focus_plan_id
        plans = tuple(replace(each, state=state) if each.id == plan_id else each for each in self.plans)
        return replace(self, plans=plans, focus_plan_id=focus)

    def with_question(self, check_in_id: str, plan_id: str, since: date, now: datetime) -> "PrivateRecord":
        """The record after a check-in has asked about a plan at `now` (aware UTC)."""
        plans = tuple(
            replace(each, times_asked=each.times_asked + 1, last_asked_at=now) if each.id == plan_id else each
            for each in self.plans
        )
        plan = self.plan(plan_id)
        asked = AskedPlan(check_in_id, plan_id, since, len(plan.earlier) if plan else 0)
        return replace(self, plans=plans, asked=(*self.asked, asked))


def reworded(plan: Plan, words: Intention, today: date) -> Plan:
    """The plan in other words, with its earlier wording kept; the same words change nothing.

    Args:
        today: the day of the change in the owner's zone.
    """
    if words == plan.intention:
        return plan
    return replace(plan, intention=words, earlier=(*plan.earlier, Wording(plan.intention, today)))


def with_moment(plan: Plan, moment: date | None, today: date, *, remind: bool) -> Plan:
    """The plan with another expected day, and with or without a reminder of it.

    A reminder of a day that has come by `today` (the owner's zone) counts as sent, because sending one leaves
    no trace in the record.
    """
    if (moment, remind) == (plan.next_moment_on, plan.remind):
        return plan
    sent = plan.reminders_sent + reminder_is_past(plan, today)
    return replace(plan, next_moment_on=moment, remind=remind, reminders_sent=sent)


def reminder_is_past(plan: Plan, today: date) -> bool:
    """Whether the day of which the plan's owner wanted a reminder has come."""
    return plan.remind and plan.next_moment_on is not None and plan.next_moment_on <= today
