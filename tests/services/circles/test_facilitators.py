"""Who facilitates a circle's week, on both databases: asked in turn, never appointed, alone or in pairs."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from allybot.domain.people import Program
from allybot.domain.trainee import TraineeState
from allybot.errors import NotFoundError, WrongStateError
from allybot.services.circles import facilitator_messages, membership
from allybot.services.circles.asking import HandedOn
from allybot.services.circles.facilitators import Seat
from allybot.services.circles.rota import who_is_next
from allybot.services.context import Context
from allybot.store import tables, trainees
from allybot.store.circles import circles as rows
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxRow
from tests.services.circles.test_circles import (
    MONDAY,
    THURSDAY,
    WEEK,
    actor,
    queued,
    render,
    says_yes,
    seat,
    set_state,
    set_up,
    settle,
    the_circle,
    the_weeks,
    turns,
)

CHRISTMAS = datetime(2025, 12, 26, 9, tzinfo=UTC)
"""When everybody was enrolled: long before the first question."""
ASKED = datetime(2025, 12, 29, 9, tzinfo=UTC)
"""Five working days before the first scenario, at ten in Berlin."""
DAY = timedelta(days=1)
KIT_DAY = ASKED + 4 * DAY
A_MINUTE = timedelta(minutes=1)


def asked_circle(context: Context, size: int = 5) -> Program:
    """A circle whose first member was asked."""
    program = set_up(context, size, now=CHRISTMAS)
    tick(context, ASKED)
    return program


def tick(context: Context, now: datetime) -> None:
    """As a worker does, with everything sent that is due."""
    while membership.queue_due(context, now):
        pass
    settle(context)


def questions(context: Context, user: str | None = None) -> list[OutboxRow]:
    """New questions and reminders, without updates."""
    sent = queued(context, MessageKind.FACILITATOR_ASKED)
    return [each for each in sent if not each.replaces_ts and user in {None, each.to_user}]


def told(context: Context, user: str, now: datetime = ASKED) -> str:
    """What the question to them says now."""
    message = render(context, facilitator_messages.render_facilitator_asked, questions(context, user)[0], now)
    return message.text if message else ""


def post(context: Context, now: datetime = MONDAY) -> str:
    """What the newest scenario says now."""
    message = render(context, membership.render_scenario, queued(context, MessageKind.SCENARIO)[-1], now)
    assert message is not None
    return message.text


def says(context: Context, number: int, now: datetime, *, unasked: bool = False) -> Seat:
    return membership.say_yes(context, actor(number), the_weeks(context)[-1].id, now, unasked=unasked)


def hands_on(context: Context, number: int, now: datetime, *, turn_used: bool = False) -> HandedOn:
    week = the_weeks(context)[0]
    return membership.hand_on(context, actor(number), week.id, now, turn_used=turn_used)


def unanswered(context: Context) -> list[date | None]:
    with context.database.reading() as tx:
        return [member.unanswered for member in rows.members(tx, the_circle(context).id)]


def test_the_first_is_asked_five_working_days_before_and_only_once(context: Context) -> None:
    set_up(context, now=CHRISTMAS)
    tick(context, ASKED - DAY)
    assert questions(context) == []
    for minutes in range(3):
        tick(context, ASKED + minutes * A_MINUTE)
    (question,) = questions(context)
    assert (question.to_user, question.due_at, question.stale_at) == ("U00", ASKED, MONDAY)
    assert "Could you facilitate Harbour in the week of Monday 5 January?" in told(context, "U00")
    assert "“Yes, I will”, “Swap: next week”, “Not this time”" in told(context, "U00")
    (week,) = the_weeks(context)
    assert (week.facilitator_id, week.asked_id) == (None, "t00")
    assert queued(context, MessageKind.FACILITATOR_KIT) == []


def test_a_yes_makes_the_facilitator_who_gets_the_kit_the_working_day_before(context: Context) -> None:
    asked_circle(context)
    assert says(context, 0, ASKED) is says(context, 0, ASKED) is Seat.FIRST
    (kit,) = queued(context, MessageKind.FACILITATOR_KIT)
    assert (kit.to_user, kit.due_at) == ("U00", KIT_DAY)
    assert "Thank you, the week of Monday 5 January in Harbour is yours." in told(context, "U00")
    assert turns(context) == [0] * 5
    tick(context, ASKED + DAY)
    assert len(questions(context)) == 1
    tick(context, MONDAY)
    assert "<@U00> facilitates this week." in post(context)
    assert "I will facilitate" not in post(context)
    assert turns(context) == [1, 0, 0, 0, 0]


def test_whoever_is_silent_is_reminded_once_then_the_next_is_asked_and_no_turn_is_lost(
    context: Context,
) -> None:
    asked_circle(context)
    for day, asked in enumerate((["U00"], ["U00"] * 2, ["U00"] * 2 + ["U01"])):
        for minutes in (-1, 0, 1):
            tick(context, ASKED + day * DAY + minutes * A_MINUTE)
        assert [each.to_user for each in questions(context)] == asked
    reminder = render(context, facilitator_messages.render_facilitator_asked, questions(context)[1], ASKED)
    assert reminder is not None
    assert "you lose no turn" in reminder.text
    assert unanswered(context) == [date(2026, 1, 5), None, None, None, None]
    assert turns(context) == [0] * 5
    assert "Yes, I will" in told(context, "U00")


def test_a_late_yes_counts_and_whoever_was_asked_meanwhile_may_do_it_with_them(context: Context) -> None:
    asked_circle(context)
    tick(context, ASKED + DAY)
    tick(context, ASKED + 2 * DAY)
    assert says(context, 0, ASKED + 2 * DAY) is Seat.FIRST
    assert unanswered(context)[0] is None
    offered = told(context, "U01")
    assert "<@U00> has said yes to the week of Monday 5 January in Harbour." in offered
    assert "“Yes, together”" in offered
    tick(context, ASKED + 3 * DAY)
    assert len(questions(context)) == 3, "nobody is reminded of what somebody else does"
    assert says(context, 1, ASKED + 3 * DAY) is Seat.SECOND
    tick(context, MONDAY)
    assert "<@U00> and <@U01> facilitate this week." in post(context)
    assert turns(context) == [1, 1, 0, 0, 0]


def test_a_late_yes_after_anothers_makes_two(context: Context) -> None:
    asked_circle(context)
    tick(context, ASKED + DAY)
    tick(context, ASKED + 2 * DAY)
    assert says(context, 1, ASKED + 2 * DAY) is Seat.FIRST
    assert says(context, 0, ASKED + 3 * DAY) is Seat.SECOND
    assert "You do it together with <@U00>." in told(context, "U01")


def test_three_are_asked_in_turn_and_a_week_that_nobody_takes_runs_by_itself(context: Context) -> None:
    asked_circle(context)
    for day in range(1, 5):
        tick(context, ASKED + day * DAY)
    assert sorted({str(each.to_user) for each in questions(context)}) == ["U00", "U01", "U02"]
    tick(context, MONDAY)
    assert "This week runs by itself: the question stands in the thread." in post(context)
    assert "“I will facilitate this week”" in post(context)
    assert turns(context) == [0] * 5
    assert queued(context, MessageKind.FACILITATOR_KIT) == []
    assert "nothing left to do" in str(
        [render(context, facilitator_messages.render_facilitator_asked, each) for each in updates(context)]
    )


def updates(context: Context) -> list[OutboxRow]:
    return [each for each in queued(context, MessageKind.FACILITATOR_ASKED) if each.replaces_ts]


def test_a_no_asks_the_next_at_once_until_nobody_is_left(context: Context) -> None:
    asked_circle(context, 3)
    found = [hands_on(context, number, ASKED + A_MINUTE).somebody for number in range(3)]
    assert found == [True, True, False]
    tick(context, ASKED + DAY)
    assert len(questions(context)) == 3
    assert turns(context) == [0, 0, 0]


def test_a_no_at_night_asks_the_next_in_the_morning(context: Context) -> None:
    asked_circle(context)
    hands_on(context, 0, ASKED + timedelta(hours=12))
    (question,) = questions(context, "U01")
    assert question.due_at == ASKED + DAY
    tick(context, ASKED + 2 * DAY - A_MINUTE)
    assert len(questions(context, "U01")) == 1
    tick(context, ASKED + 2 * DAY)
    assert len(questions(context, "U01")) == 2


def test_who_swaps_is_asked_first_a_week_later_and_who_lets_a_turn_go_is_not(context: Context) -> None:
    asked_circle(context)
    hands_on(context, 0, ASKED)
    says_yes(context, ASKED)
    tick(context, MONDAY)
    coming = the_weeks(context)[1]
    assert coming.asked_id == "t00"
    membership.hand_on(context, actor(0), coming.id, MONDAY, turn_used=True)
    assert turns(context) == [1, 1, 0, 0, 0]
    assert says_yes(context, MONDAY) == "t02"
    tick(context, MONDAY + WEEK)
    assert the_weeks(context)[2].asked_id == "t03"


def test_swap_and_skip_stay_open_after_a_yes_until_the_scenario_is_posted(context: Context) -> None:
    asked_circle(context)
    says(context, 0, ASKED)
    assert "“Swap: next week”, “Not this time”" in told(context, "U00")
    assert hands_on(context, 0, KIT_DAY) == HandedOn(begun=False, somebody=True)
    (week,) = the_weeks(context)
    assert (week.facilitator_id, week.asked_id) == (None, "t01")
    assert render(context, facilitator_messages.render_facilitator_kit,
                  queued(context, MessageKind.FACILITATOR_KIT)[0]) is None  # fmt: skip


def test_who_cannot_after_all_gives_the_week_back_with_one_tap(context: Context) -> None:
    asked_circle(context)
    says(context, 0, ASKED)
    tick(context, KIT_DAY)
    tick(context, MONDAY)
    kit = next(row for row in queued(context, MessageKind.FACILITATOR_KIT) if row.replaces_ts)
    shown = render(context, facilitator_messages.render_facilitator_kit, kit)
    assert shown is not None
    assert "“I can't after all”" in shown.text
    assert "Swap" not in shown.text
    assert hands_on(context, 0, MONDAY + A_MINUTE) == HandedOn(begun=True, somebody=False)
    assert turns(context) == [0] * 5
    assert [row.replaces_ts for row in queued(context, MessageKind.SCENARIO)] == [None, "1.0"]
    assert "runs by itself" in post(context)
    tick(context, MONDAY + 2 * A_MINUTE)
    assert len(questions(context)) == 1 + 1, "only the question for the week after is new"
    assert membership.say_yes(context, actor(3), the_weeks(context)[0].id, MONDAY, unasked=True) is Seat.FIRST
    assert turns(context) == [0, 0, 0, 1, 0]
    assert "<@U03> facilitates this week." in post(context)


def test_a_facilitator_may_do_it_with_somebody_who_takes_the_button_under_the_post(context: Context) -> None:
    asked_circle(context)
    says(context, 0, ASKED)
    tick(context, KIT_DAY)
    tick(context, MONDAY)
    week = the_weeks(context)[0]
    assert membership.say_yes(context, actor(1), week.id, MONDAY, unasked=True) is Seat.TAKEN
    assert membership.do_it_together(context, actor(0), week.id, MONDAY)
    settle(context)
    assert "“I will do it with them”" in post(context)
    assert membership.say_yes(context, actor(1), week.id, MONDAY, unasked=True) is Seat.SECOND
    assert membership.say_yes(context, actor(2), week.id, MONDAY, unasked=True) is Seat.TAKEN
    assert not membership.do_it_together(context, actor(0), week.id, MONDAY)
    assert "<@U00> and <@U01> facilitate this week." in post(context)
    assert "“I will do it with them”" not in post(context)
    assert turns(context) == [1, 1, 0, 0, 0]
    kit = queued(context, MessageKind.FACILITATOR_KIT)[-1]
    shown = render(context, facilitator_messages.render_facilitator_kit, kit)
    assert shown is not None
    assert "You do it together with" in shown.text
    assert membership.hand_on(context, actor(0), week.id, MONDAY, turn_used=False) == HandedOn(
        begun=True, somebody=True
    )
    assert "<@U01> facilitates this week." in post(context)
    assert turns(context) == [0, 1, 0, 0, 0]


def test_only_who_was_asked_decides_and_only_members_volunteer(context: Context) -> None:
    program = asked_circle(context)
    seat(context, program, 9, channel="C2", now=CHRISTMAS)
    week = next(each for each in the_weeks(context) if each.circle_id == the_circle(context).id)
    for number in (1, 9):
        with pytest.raises(WrongStateError):
            membership.say_yes(context, actor(number), week.id, ASKED)
        with pytest.raises(WrongStateError):
            membership.hand_on(context, actor(number), week.id, ASKED, turn_used=True)
        with pytest.raises(WrongStateError):
            membership.do_it_together(context, actor(number), week.id, ASKED)
        with pytest.raises(WrongStateError):  # the scenario is not posted yet
            membership.say_yes(context, actor(number), week.id, ASKED, unasked=True)
    tick(context, MONDAY)
    with pytest.raises(WrongStateError):
        membership.say_yes(context, actor(9), week.id, MONDAY, unasked=True)
    with pytest.raises(WrongStateError):
        membership.say_yes(context, actor(1), week.id, THURSDAY, unasked=True)
    with pytest.raises(NotFoundError):
        who_is_next(context, actor(9), week.id)


def test_nobody_is_asked_in_their_first_two_weeks(context: Context) -> None:
    set_up(context, 3, now=CHRISTMAS)
    with context.database.transaction() as tx:
        trainees.change_trainee(tx, "t00", consented_at=ASKED - 13 * DAY)
    tick(context, ASKED)
    assert [each.to_user for each in questions(context)] == ["U01"]


def test_a_new_circle_is_asked_by_the_button_under_its_scenario(context: Context) -> None:
    set_up(context, 4, now=CHRISTMAS)
    with context.database.transaction() as tx:
        tx.execute(update(tables.trainee).values(consented_at=ASKED))
    for day in range(7):
        tick(context, ASKED + day * DAY)
    assert questions(context) == []
    tick(context, MONDAY)
    assert "runs by itself" in post(context)
    assert "“I will facilitate this week”" in post(context)
    for hours in range(24 * 8):
        tick(context, MONDAY + timedelta(hours=hours))
    first = questions(context)[0]
    assert first.due_at >= ASKED + 14 * DAY


def test_whoever_is_away_is_skipped_and_whoever_leaves_is_replaced_within_a_minute(context: Context) -> None:
    set_up(context, now=CHRISTMAS)
    with context.database.transaction() as tx:
        trainees.change_trainee(tx, "t00", away_until=MONDAY)
    tick(context, ASKED)
    assert [each.to_user for each in questions(context)] == ["U01"]
    set_state(context, 1, TraineeState.PAUSED)
    tick(context, ASKED + A_MINUTE)
    assert the_weeks(context)[0].asked_id == "t02"
    says_yes(context, ASKED + A_MINUTE)
    set_state(context, 2, TraineeState.STOPPED)
    tick(context, ASKED + 2 * A_MINUTE)
    assert the_weeks(context)[0].asked_id == "t03"
    says_yes(context, ASKED + 2 * A_MINUTE)
    tick(context, MONDAY)
    set_state(context, 3, TraineeState.GONE)
    tick(context, MONDAY + A_MINUTE)
    assert "runs by itself" in post(context)
    assert turns(context)[3] == 0


def forget(context: Context, number: int) -> None:
    with context.database.transaction() as tx:
        trainees.delete_trainee(tx, f"t{number:02}")


def test_whoever_is_forgotten_is_asked_no_more_and_named_nowhere(context: Context) -> None:
    asked_circle(context)
    forget(context, 0)
    tick(context, ASKED + A_MINUTE)
    assert says_yes(context, ASKED) == "t01"
    forget(context, 1)
    tick(context, ASKED + 2 * A_MINUTE)
    assert says_yes(context, ASKED) == "t02"
    tick(context, MONDAY)
    assert "<@U02> facilitates" in post(context)
    forget(context, 2)
    tick(context, MONDAY + A_MINUTE)
    assert [bool(row.replaces_ts) for row in queued(context, MessageKind.SCENARIO)] == [False, True]
    assert "runs by itself" in post(context)


def test_who_never_answers_is_asked_once_a_round(context: Context) -> None:
    set_up(context, 4, now=CHRISTMAS)
    moment = ASKED
    while moment < ASKED + 13 * WEEK:
        tick(context, moment)
        newest = the_weeks(context)[-1]
        if newest.asked_id and newest.asked_id != "t00":
            says_yes(context, moment)
        moment += timedelta(hours=24)
    asked = Counter(each.to_user for each in questions(context))
    assert asked["U00"] <= 2 * 5, "a question and a reminder in every third of thirteen weeks"
    assert turns(context)[0] == 0
    others = turns(context)[1:]
    assert max(others) - min(others) <= 1
    assert all(week.facilitator_id for week in the_weeks(context)[:13])


def test_the_next_four_weeks_follow_pauses_and_who_is_asked_already(context: Context) -> None:
    asked_circle(context)
    says_yes(context, ASKED)
    tick(context, MONDAY)
    with context.database.transaction() as tx:
        paused = {"state": TraineeState.PAUSED, "paused_until": MONDAY + 2 * WEEK}
        trainees.change_trainee(tx, "t02", **paused)
    shown = who_is_next(context, actor(4), the_weeks(context)[0].id)
    assert shown.circle == "Harbour"
    assert shown.weeks == (
        (date(2026, 1, 12), ("U01",)),
        (date(2026, 1, 19), ("U02",)),
        (date(2026, 1, 26), ("U03",)),
        (date(2026, 2, 2), ("U04",)),
    )
    with context.database.transaction() as tx:
        trainees.change_trainee(tx, "t02", paused_until=MONDAY + 20 * WEEK)
    assert [users for _, users in who_is_next(context, actor(4), the_weeks(context)[0].id).weeks] == [
        ("U01",),
        ("U03",),
        ("U04",),
        ("U00",),
    ]
