"""Reminders on the morning of a moment, on SQLite and PostgreSQL: on request, in hours, three at most."""

from datetime import date, timedelta

import pytest

from allybot.domain.check_ins import FromHere, Tap
from allybot.domain.plans import Plan
from allybot.errors import NotFoundError, WrongStateError
from allybot.services.check_ins import answering, frequency, quiet_days, reminders
from allybot.services.check_ins.answering import Choices
from allybot.services.context import Context
from allybot.services.plans import plans
from allybot.services.trainees import slack_events
from allybot.store import tables, trainees
from allybot.store.check_ins import check_ins
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from tests.support.trainee_timeline import TRAINED, Timeline, berlin

MONDAY = date(2026, 1, 12)


@pytest.fixture
def timeline(context: Context) -> Timeline:
    return Timeline(context)


def a_plan(timeline: Timeline, moment: date | None = MONDAY) -> Plan:
    """A plan with an expected day and its reminder turned on."""
    plan = timeline.write(moment=moment)
    reminders.wish(timeline.context, timeline.actor, plan.id, wanted=True, now=berlin(1, 2))
    return plan


def move(timeline: Timeline, plan: Plan, moment: date | None, now_day: int = 2) -> None:
    words = plan.intention
    plans.edit(
        timeline.context, timeline.actor, plan.id, words.cue, words.response, moment, berlin(1, now_day)
    )


def reminded(timeline: Timeline, first: date, last: date) -> list[date]:
    return [day for day, kind, _ in timeline.days(first, last, hour=12) if kind is MessageKind.REMINDER]


def test_the_reminder_comes_once_that_morning_and_quotes_the_plan(timeline: Timeline):
    a_plan(timeline)
    timeline.tick(berlin(1, 2))
    assert [row.kind for row in timeline.tick(berlin(1, 12, 8))] == []
    assert reminded(timeline, MONDAY, MONDAY) == [MONDAY]
    _, message = timeline.sent[-1]
    assert "Today you expect the moment of your plan:" in message.text
    assert "If a &amp; b, then I will ask &lt;her&gt;." in message.text
    assert reminded(timeline, MONDAY, date(2026, 2, 28)) == []


def test_without_being_asked_for_none_comes(timeline: Timeline):
    timeline.write(moment=MONDAY)
    assert reminded(timeline, TRAINED, MONDAY) == []


def test_for_a_moment_on_a_free_or_quiet_day_it_comes_the_working_day_before(timeline: Timeline):
    plan = a_plan(timeline, date(2026, 1, 18))
    assert reminded(timeline, TRAINED, date(2026, 1, 18)) == [date(2026, 1, 16)]
    assert "On Sunday 18 January" in timeline.sent[-1][1].text
    move(timeline, plan, date(2026, 1, 26), 18)
    timeline.tick(berlin(1, 18))
    quiet_days.choose(timeline.context, timeline.actor, [0], None, berlin(1, 19))
    assert reminded(timeline, date(2026, 1, 19), date(2026, 1, 26)) == [date(2026, 1, 23)]


def test_a_check_in_on_that_day_comes_first_and_the_reminder_a_day_earlier(timeline: Timeline):
    timeline.write("bystander")
    plan = a_plan(timeline, date(2026, 1, 13))  # a Tuesday, on which step 10 asks about the other plan
    plans.focus(timeline.context, timeline.actor, next(p.id for p in book(timeline) if p.id != plan.id))
    seen = timeline.days(TRAINED, date(2026, 1, 13), hour=11)
    assert (date(2026, 1, 12), MessageKind.REMINDER) in [(day, kind) for day, kind, _ in seen]
    assert (date(2026, 1, 13), MessageKind.CHECK_IN) in [(day, kind) for day, kind, _ in seen]
    assert len({day for day, _, _ in seen}) == len(seen)  # never two on a day


def book(timeline: Timeline) -> tuple[Plan, ...]:
    return plans.book(timeline.context, timeline.actor).plans


def test_with_both_days_taken_it_is_dropped(timeline: Timeline):
    other = timeline.write("bystander")
    a_plan(timeline, date(2026, 1, 7))  # a Wednesday
    plans.focus(timeline.context, timeline.actor, other.id)
    quiet_days.choose(
        timeline.context, timeline.actor, [1, 3, 4], None, berlin(1, 2)
    )  # step 3 comes on Wednesday
    with timeline.context.database.transaction() as tx:
        trainees.change_trainee(
            tx, timeline.trainee().id, goodbye_at=berlin(1, 5)
        )  # and something else on Monday
    timeline.tick(berlin(1, 2))
    assert reminded(timeline, date(2026, 1, 5), date(2026, 1, 6)) == []
    assert [row.kind for row in timeline.tick(berlin(1, 7))] == [MessageKind.CHECK_IN]
    assert not any(row.kind is MessageKind.REMINDER for row in timeline.outbox())
    assert {each.reminders_sent for each in book(timeline)} == {0}


def test_after_three_it_stops_by_itself_and_says_so(timeline: Timeline):
    plan = a_plan(timeline, date(2026, 1, 5))
    days = [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19), date(2026, 1, 26)]
    timeline.days(TRAINED, date(2026, 1, 2))
    seen = []
    for day in days:
        move(timeline, plan, day, day.day - 3)
        seen += reminded(timeline, day - timedelta(days=2), day + timedelta(days=4))
    assert seen == days[:3]
    texts = [message.text for row, message in timeline.sent if row.kind is MessageKind.REMINDER]
    assert ["This was the last of 3" in text for text in texts] == [False, False, True]
    with pytest.raises(WrongStateError):
        reminders.wish(timeline.context, timeline.actor, plan.id, wanted=True, now=berlin(1, 27))


@pytest.mark.parametrize("undoing", ["finish", "another day", "no day", "pause", "stop", "enough"])
def test_it_is_cancelled_by_whatever_makes_it_pointless(timeline: Timeline, undoing: str):
    plan = a_plan(timeline)
    timeline.days(TRAINED, date(2026, 1, 9))
    reminders.queue_due(timeline.context, berlin(1, 12, 10))
    (queued,) = [row for row in timeline.outbox() if row.kind is MessageKind.REMINDER]
    assert queued.stale_at == berlin(1, 12, 17)
    {
        "finish": lambda: plans.finish(timeline.context, timeline.actor, plan.id),
        "another day": lambda: move(timeline, plan, date(2026, 1, 29), 12),
        "no day": lambda: move(timeline, plan, None, 12),
        "pause": lambda: frequency.pause(timeline.context, timeline.actor, None, berlin(1, 12, 10)),
        "stop": lambda: frequency.stop(timeline.context, timeline.actor, berlin(1, 12, 10)),
        "enough": lambda: reminders.wish(
            timeline.context, timeline.actor, plan.id, wanted=False, now=berlin(1, 12, 10)
        ),
    }[undoing]()
    assert timeline.deliver(berlin(1, 12, 11)) == []
    assert [row.state for row in timeline.outbox() if row.kind is MessageKind.REMINDER] == [
        MessageState.CANCELLED
    ]


def test_one_that_could_not_go_out_that_day_never_does(timeline: Timeline):
    a_plan(timeline)
    timeline.tick(berlin(1, 2))
    assert reminders.queue_due(timeline.context, berlin(1, 12, 18)) == 0
    assert reminded(timeline, date(2026, 1, 13), date(2026, 1, 16)) == []


def test_a_reminder_requested_on_the_day_itself_is_too_late_and_the_reply_says_so(timeline: Timeline):
    plan = timeline.write(moment=MONDAY)
    timeline.days(TRAINED, MONDAY, hour=9)
    wished = reminders.wish(timeline.context, timeline.actor, plan.id, wanted=True, now=berlin(1, 12, 12))
    assert wished.comes_on is None
    assert reminded(timeline, MONDAY, MONDAY) == []


def test_two_workers_send_one(timeline: Timeline):
    a_plan(timeline)
    timeline.days(TRAINED, date(2026, 1, 9))
    assert [reminders.queue_due(timeline.context, berlin(1, 12, 10)) for _ in range(2)] == [1, 0]


def test_no_check_in_follows_it_on_the_same_day(timeline: Timeline):
    a_plan(timeline, date(2026, 1, 5))
    timeline.tick(berlin(1, 2))
    assert reminded(timeline, date(2026, 1, 5), date(2026, 1, 5)) == [date(2026, 1, 5)]
    with timeline.context.database.transaction() as tx:
        trainees.change_trainee(tx, timeline.trainee().id, next_check_in_at=berlin(1, 5, 11))
    assert timeline.tick(berlin(1, 5)) == []
    assert [row.kind for row in timeline.tick(berlin(1, 6))] == [MessageKind.CHECK_IN]


def test_on_the_day_of_a_follow_up_it_comes_a_working_day_earlier(timeline: Timeline):
    timeline.write("bystander")
    plan = a_plan(timeline, date(2026, 1, 9))
    plans.focus(
        timeline.context, timeline.actor, next(each.id for each in book(timeline) if each.id != plan.id)
    )
    timeline.days(TRAINED, date(2026, 1, 7))
    with timeline.context.database.transaction() as tx:
        check_ins.change_check_in(tx, timeline.asked(3).id, follow_up_at=berlin(1, 9, 11))
    seen = [(day, kind) for day, kind, _ in timeline.days(date(2026, 1, 8), date(2026, 1, 9))]
    assert seen == [(date(2026, 1, 8), MessageKind.REMINDER), (date(2026, 1, 9), MessageKind.FOLLOW_UP)]


def test_a_reminder_leaves_no_row_that_names_the_trainee_and_no_other_row_differs(timeline: Timeline):
    """One of three wants a reminder; but for the reminder's own row, a day leaves the same for all."""
    for user in ("U2", "U3"):
        timeline.enrol(user)
    for user in ("U1", "U2", "U3"):
        timeline.write(moment=MONDAY, user=user)
    plan = plans.book(timeline.context, timeline.actor).plans[0]
    reminders.wish(timeline.context, timeline.actor, plan.id, wanted=True, now=berlin(1, 2))
    timeline.days(TRAINED, date(2026, 1, 9))
    before = timeline.rows("private_record")
    assert reminded(timeline, MONDAY, MONDAY) == [MONDAY]
    assert timeline.rows("private_record") == before
    assert len({timeline.trainee(user).next_check_in_at.date() for user in ("U1", "U2", "U3")}) == 1
    (row,) = [row for row in timeline.outbox() if row.kind is MessageKind.REMINDER]
    assert (row.trainee_id, row.to_user, row.to_channel) == (None, None, None)
    assert not any(name in f"{row.key} {row.about_id}" for name in ("U1", timeline.trainee().id, plan.id))
    place = list(tables.trainee.c).index(tables.trainee.c.record_due_at)
    due = {row[place] for row in timeline.rows("trainee")}
    assert len(due) == 1


@pytest.mark.parametrize("tap", list(Tap))
def test_the_help_after_every_answer_asks_for_it_alike(timeline: Timeline, tap: Tap):
    plan = timeline.write()
    timeline.days(TRAINED, date(2026, 1, 6))
    asked = timeline.asked(3)
    answering.tap(timeline.context, timeline.actor, asked.id, tap, berlin(1, 6), None)
    choices = Choices("a & b", "ask <her>", MONDAY, FromHere.KEEP, remind=True)
    done = answering.help_form(timeline.context, timeline.actor, asked.id, tap, "", choices, berlin(1, 6))
    assert done.remind_on == MONDAY
    assert reminded(timeline, date(2026, 1, 7), MONDAY) == [MONDAY]
    unticked = Choices("a & b", "ask <her>", date(2026, 1, 19), FromHere.KEEP)
    answering.help_form(timeline.context, timeline.actor, asked.id, tap, "", unticked, berlin(1, 12))
    assert reminded(timeline, date(2026, 1, 13), date(2026, 1, 19)) == []
    assert not next(each for each in book(timeline) if each.id == plan.id).remind


def test_another_persons_plan_is_not_found(timeline: Timeline):
    plan = timeline.write()
    stranger = timeline.enrol("U2")
    with pytest.raises(NotFoundError):
        reminders.wish(timeline.context, stranger, plan.id, wanted=True, now=berlin(1, 2))


def test_in_another_zone_it_comes_in_the_morning_there(timeline: Timeline):
    a_plan(timeline)
    timeline.days(date(2026, 1, 2), date(2026, 1, 9))
    assert slack_events.person_changed(
        timeline.context, timeline.actor, berlin(1, 10), deleted=False, zone="America/New_York"
    )
    timeline.tick(berlin(1, 10))
    assert [row.kind for row in timeline.tick(berlin(1, 12, 14))] == []
    assert [row.kind for row in timeline.tick(berlin(1, 12, 16))] == [MessageKind.REMINDER]
