"""Who may decide what about a circle, and what a pause, an end and a merge leave in the tables."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from allybot.content.program_library import ProgramContent
from allybot.domain.circles import Circle, WeekState
from allybot.domain.people import Actor, Program
from allybot.errors import NotALeadError, UserError, WrongStateError
from allybot.services.circles import endings, membership, pages, pauses, requests, seats
from allybot.services.context import Context
from allybot.services.data import retention
from allybot.services.programs import founding
from allybot.store import tables
from allybot.store.circles import circles as rows
from allybot.store.delivery import since_backup
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState
from allybot.store.programs import programs
from tests.services.circles.test_circles import (
    FRIDAY,
    KIT,
    MONDAY,
    THURSDAY,
    WEEK,
    actor,
    posted_week,
    queued,
    seat,
    set_up,
    settle,
    the_circle,
    the_weeks,
)

LEAD = Actor("T1", "ULEAD")
ELM = "C2"


def begun(context: Context, size: int = 6) -> Circle:
    """A circle in its first week, whose program has a lead."""
    program = set_up(context, size)
    with context.database.transaction() as tx:
        programs.add_lead(tx, program.id, LEAD.slack_user)
    posted_week(context)
    return the_circle(context)


def numbers(context: Context) -> list[int]:
    return [week.number for week in the_weeks(context)]


def run(context: Context, weeks: int) -> None:
    """So many weeks, with questions, which are answered by yes, with scenarios and openings."""
    for number in range(weeks):
        for moment in (KIT, MONDAY, THURSDAY):
            membership.queue_due(context, moment + number * WEEK)
            settle(context)
            for week in the_weeks(context):
                if week.asked_id:
                    who = actor(int(week.asked_id[1:]))
                    membership.say_yes(context, who, week.id, moment + number * WEEK)


def test_outsiders_decide_nothing_about_a_circle(context: Context) -> None:
    circle = begun(context)
    stranger = Actor("T1", "U77")
    for act in (
        lambda: pauses.pause(context, stranger, circle.id, 1, MONDAY),
        lambda: pauses.resume(context, stranger, circle.id, MONDAY),
        lambda: endings.end(context, stranger, circle.id, MONDAY),
        lambda: endings.end(context, actor(0), circle.id, MONDAY),
        lambda: endings.end(context, Actor("T2", LEAD.slack_user), circle.id, MONDAY),
        lambda: requests.accept(context, stranger, circle.id, "t00"),
        lambda: pauses.pause(context, LEAD, "no-circle", 1, MONDAY),
    ):
        with pytest.raises(WrongStateError):
            act()
    with pytest.raises(NotALeadError):
        founding.led(context, actor(0))
    assert the_circle(context) == circle


def test_a_member_alone_cannot_pause_a_circle(context: Context) -> None:
    circle = begun(context)
    plain = next(number for number in range(6) if f"t{number:02}" != the_weeks(context)[0].facilitator_id)
    proposal = pauses.pause(context, actor(plain), circle.id, 2, MONDAY)
    assert isinstance(proposal, pauses.Proposal)
    with pytest.raises(WrongStateError):
        pauses.agree(context, actor(plain), proposal, MONDAY)
    assert the_circle(context) == circle
    assert pauses.agree(context, actor((plain + 1) % 6), proposal, MONDAY).is_paused(MONDAY)
    (row,) = queued(context, MessageKind.PAUSE_PROPOSED)
    assert pauses.Proposal.of_message(row) == proposal


@pytest.mark.parametrize("number", [1, 4])
def test_a_pause_moves_every_scenario_and_loses_none(context: Context, number: int) -> None:
    circle = begun(context)
    paused = pauses.pause(context, LEAD, circle.id, number, MONDAY)
    assert isinstance(paused, Circle)
    assert paused.next_post_at == MONDAY + (number + 1) * WEEK
    with pytest.raises(WrongStateError):
        pauses.pause(context, LEAD, circle.id, 1, MONDAY)
    run(context, 14 + number)
    assert numbers(context) == list(range(1, 14))
    assert the_circle(context).next_post_at is None
    mondays = [week.monday for week in the_weeks(context)]
    gaps = [(later - earlier).days // 7 for earlier, later in pairwise(mondays)]
    assert gaps == [number + 1] + [1] * 11
    with context.database.reading() as tx:
        turns = [each.turns for each in rows.members(tx, circle.id)]
    assert sum(turns) == 12, "nobody was asked for the first week"
    assert max(turns) - min(turns) <= 1


def test_a_week_that_was_only_prepared_is_prepared_again_after_the_pause(context: Context) -> None:
    circle = begun(context)
    membership.queue_due(context, KIT + WEEK)
    assert numbers(context) == [1, 2]
    pauses.pause(context, LEAD, circle.id, 1, KIT + WEEK)
    assert numbers(context) == [1]
    asked = len(queued(context, MessageKind.FACILITATOR_ASKED))
    membership.queue_due(context, KIT + WEEK)
    assert len(queued(context, MessageKind.FACILITATOR_ASKED)) == asked
    membership.queue_due(context, MONDAY + WEEK)  # a week before the scenario
    assert len(queued(context, MessageKind.FACILITATOR_ASKED)) == asked + 1
    membership.queue_due(context, MONDAY + 2 * WEEK)
    assert the_circle(context).weeks_posted == 2
    assert numbers(context) == [1, 2, 3], "the third is prepared as soon as the second has begun"


def test_a_pause_ends_early_on_a_monday_whose_facilitator_can_still_get_the_kit(context: Context) -> None:
    circle = begun(context)
    pauses.pause(context, LEAD, circle.id, 3, MONDAY)
    assert pauses.resume(context, actor(0), circle.id, THURSDAY).next_post_at == MONDAY + WEEK
    pauses.pause(context, LEAD, circle.id, 3, THURSDAY)
    assert pauses.resume(context, actor(0), circle.id, FRIDAY).next_post_at == MONDAY + 2 * WEEK


def test_the_thanks_come_once_after_the_last_result_and_again_only_after_a_later_cohort(
    context: Context,
) -> None:
    circle = begun(context)
    with context.database.transaction() as tx:
        tx.execute(update(tables.circle).values(last_week=1, next_post_at=None))
    assert not endings.thank_if_over(context, circle.id, MONDAY)  # its vote is open
    membership.queue_due(context, THURSDAY)
    assert endings.thank_if_over(context, circle.id, THURSDAY)
    assert not endings.thank_if_over(context, circle.id, FRIDAY)
    with pytest.raises(WrongStateError):
        endings.end(context, LEAD, circle.id, FRIDAY)
    seat(context, the_program(context), 7, now=FRIDAY)
    assert the_circle(context).goes_on
    assert not endings.thank_if_over(context, circle.id, FRIDAY)
    assert len(queued(context, MessageKind.CIRCLE_THANKS)) == 1


def test_after_a_restore_thanks_that_may_be_there_are_asked_about(context: Context) -> None:
    circle = begun(context)
    with context.database.transaction() as tx:
        tx.execute(update(tables.circle).values(last_week=1, next_post_at=None))
        since_backup.note(tx, MONDAY, THURSDAY)
    membership.queue_due(context, THURSDAY)
    assert endings.thank_if_over(context, circle.id, THURSDAY)
    (row,) = queued(context, MessageKind.CIRCLE_THANKS)
    assert row.state is MessageState.UNCERTAIN


def two_months_later(context: Context) -> None:
    """The outbox's rows are tidied away."""
    settle(context)
    assert retention.tidy(context, MONDAY + 8 * WEEK) >= 0
    assert queued(context, MessageKind.CIRCLE_THANKS) == queued(context, MessageKind.MERGE_PROPOSED) == []


def test_neither_thanks_nor_a_proposed_merge_come_again_once_the_outbox_has_forgotten_them(
    context: Context,
) -> None:
    oak, elm = two_circles(context, 2, 2)
    run(context, 3)
    assert endings.propose_merge(context, oak.id, MONDAY + 3 * WEEK)
    endings.end(context, LEAD, elm.id, MONDAY + 3 * WEEK)
    membership.queue_due(context, MONDAY + 3 * WEEK)
    two_months_later(context)
    assert not endings.thank_if_over(context, elm.id, MONDAY + 8 * WEEK)
    with context.database.transaction() as tx:
        rows.change_circle(tx, elm.id, next_post_at=MONDAY + 9 * WEEK)
    for circle in (oak, elm):
        assert not endings.propose_merge(context, circle.id, MONDAY + 8 * WEEK)


def the_program(context: Context) -> Program:
    with context.database.reading() as tx:
        (program,) = programs.programs(tx)
    return program


def test_ending_a_circle_early_opens_its_votes_by_the_usual_rule_and_prepares_nothing_more(
    context: Context,
) -> None:
    circle = begun(context)
    week = the_weeks(context)[0]
    for number in range(3):
        membership.vote(context, actor(number), week.id, 1, MONDAY)
    membership.queue_due(context, KIT + WEEK - timedelta(days=2))
    endings.end(context, LEAD, circle.id, MONDAY + timedelta(hours=1))
    membership.queue_due(context, MONDAY + timedelta(hours=1))
    (opened,) = the_weeks(context)
    assert opened.state is WeekState.OPENED
    assert opened.counts == (0, 3, 0, 0, 0)
    run(context, 3)
    assert numbers(context) == [1]
    assert len(queued(context, MessageKind.CIRCLE_THANKS)) == 1


def two_circles(context: Context, here: int, there: int) -> tuple[Circle, Circle]:
    circle = begun(context, here)
    program = the_program(context)
    for number in range(20, 20 + there):
        seat(context, program, number, channel=ELM)
    membership.queue_due(context, MONDAY)
    settle(context)
    return circle, the_circle(context, ELM)


def test_only_circles_that_are_both_too_small_for_a_vote_are_proposed_for_a_merge_once(
    context: Context,
) -> None:
    oak, elm = two_circles(context, 2, 3)
    run(context, 3)
    assert not endings.propose_merge(context, oak.id, MONDAY + 3 * WEEK)
    seats.leave(context, actor(20), elm.id)
    assert endings.propose_merge(context, oak.id, MONDAY + 3 * WEEK)
    assert not endings.propose_merge(context, elm.id, MONDAY + 3 * WEEK)
    (told,) = queued(context, MessageKind.MERGE_PROPOSED)
    assert told.to_user == LEAD.slack_user


def test_no_proposed_merge_says_when_somebody_left(context: Context) -> None:
    oak, _ = two_circles(context, 3, 2)
    week = next(each for each in the_weeks(context) if each.circle_id == oak.id)
    for number in range(3):
        membership.vote(context, actor(number), week.id, 0, MONDAY)
    run(context, 1)
    seats.leave(context, actor(0), oak.id)
    came = []
    for days in range(4, 36):
        now = MONDAY + timedelta(days=days)
        membership.queue_due(context, now)
        settle(context)
        if endings.propose_merge(context, oak.id, now):
            came.append(now)
    assert came == [MONDAY + 4 * WEEK], "on a Monday, three scenarios after the one that was voted on"


def test_a_merge_keeps_votes_and_turns_right(context: Context) -> None:
    oak, elm = two_circles(context, 3, 3)
    with context.database.transaction() as tx:
        rows.set_turns(tx, oak.id, "t00", 1)
    week = next(each for each in the_weeks(context) if each.circle_id == elm.id)
    for number in (20, 21, 22):
        membership.vote(context, actor(number), week.id, 0, MONDAY)
    merged = endings.merge(context, LEAD, oak.id, elm.id, MONDAY)
    assert {each.slack_user for each in merged.moving} == {"U20", "U21", "U22"}
    membership.queue_due(context, MONDAY)
    assert [each.counts for each in the_weeks(context) if each.circle_id == elm.id] == [(3, 0, 0, 0, 0)]
    for who in merged.moving:
        assert seats.joined_channel(context, who, oak.channel)
    with context.database.reading() as tx:
        turns = {each.slack_user: each.turns for each in rows.members(tx, oak.id)}
        assert rows.members(tx, elm.id) == []
    assert sum(turns.values()) == 1
    assert len(queued(context, MessageKind.CIRCLE_MERGES)) == 1
    assert not endings.thank_if_over(context, elm.id, FRIDAY)
    run(context, 13)
    assert {week.circle_id for week in the_weeks(context)[2:]} == {oak.id}
    with pytest.raises(WrongStateError):
        endings.merge(context, LEAD, oak.id, elm.id, FRIDAY)


def test_too_many_are_not_merged(context: Context) -> None:
    oak, elm = two_circles(context, 7, 6)
    with pytest.raises(UserError, match="too many members together; 12"):
        endings.merge(context, LEAD, oak.id, elm.id, MONDAY)
    assert the_circle(context, ELM).goes_on


def test_nobody_is_offered_a_circle_of_another_program_or_a_full_one(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(context, 12)
    program = the_program(context)
    own = ProgramContent(plan_library=context.content.plan_library, join_circles=True)
    monkeypatch.setitem(context.content.programs, program.name, own)
    seat(context, program, 30, channel=ELM)
    seats.leave(context, actor(30), the_circle(context, ELM).id)
    offered = requests.circles_with_room(context, actor(30))
    assert offered is not None
    assert [circle.channel for circle in offered] == [ELM]
    assert requests.circles_with_room(context, actor(0)) is None
    with pytest.raises(WrongStateError):
        requests.ask(context, actor(30), the_circle(context).id, MONDAY)
    requests.ask(context, actor(30), the_circle(context, ELM).id, MONDAY)
    requests.ask(context, actor(30), the_circle(context, ELM).id, THURSDAY)
    assert len(queued(context, MessageKind.CIRCLE_REQUEST)) == 2  # to the circle and to the lead, once a week


def test_a_lead_sees_every_circle_of_the_program_and_a_member_their_own(context: Context) -> None:
    two_circles(context, 3, 3)
    assert {page.circle.channel for page in pages.pages(context, LEAD, MONDAY)} == {"C1", ELM}
    (own,) = pages.pages(context, actor(20), MONDAY)
    assert (own.circle.channel, own.size, own.is_lead) == (ELM, 3, False)
    assert pages.pages(context, LEAD, MONDAY, "c2")[0].circle.channel == ELM
    assert pages.pages(context, Actor("T1", "U77"), MONDAY) == []


def test_a_name_becomes_what_slack_takes() -> None:
    assert founding.channel_name("Rowan & Ash") == "rowan-ash"
    assert founding.channel_name("Über  Mut!", 2) == "uber-mut-2"
    assert founding.channel_name("\u4f60\u597d") == "ally-circle"
    assert len(founding.channel_name("x" * 200)) <= 80
    for wrong in ("", "  ", "x" * 61):
        with pytest.raises(UserError):
            founding.checked_name(wrong)
