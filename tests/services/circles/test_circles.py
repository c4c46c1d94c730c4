"""Circles on SQLite and PostgreSQL: joining, the week, the rotation and the sealed vote."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import insert, select, update

from allybot.content.program_library import ProgramContent
from allybot.domain.circles import Circle, CircleState, CircleWeek, WeekState
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import TraineeState, is_in_slack
from allybot.errors import NotFoundError, UserError, WrongStateError
from allybot.message import Message
from allybot.services.circles import membership, votes
from allybot.services.circles.facilitator_messages import render_facilitator_asked
from allybot.services.circles.facilitators import Seat
from allybot.services.context import Context, Rendering
from allybot.services.data import retention
from allybot.store import tables, trainees
from allybot.store.circles import circles as rows
from allybot.store.circles import weeks as circle_weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, OutboxRow
from allybot.store.programs import programs
from allybot.store.vault import upkeep, vault
from tests.support import builders

TRAINED = date(2026, 1, 2)  # a Friday
BEFORE = datetime(2026, 1, 2, 15, 0, tzinfo=UTC)
KIT = datetime(2026, 1, 2, 15, 30, tzinfo=UTC)
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # ten in Berlin
FRIDAY = MONDAY + timedelta(days=4)
THURSDAY = datetime(2026, 1, 8, 11, 0, tzinfo=UTC)  # noon in Berlin
WEEK = timedelta(weeks=1)


@pytest.fixture
def context(context: Context) -> Context:
    """With a rule by which a week is prepared on the last working day before it, so each stands alone."""
    rules = context.content.rules
    circles = rules.circles.model_copy(update={"ask_working_days_before": 1})
    content = context.content.model_copy(update={"rules": rules.model_copy(update={"circles": circles})})
    return replace(context, content=content)


def set_up(
    context: Context, size: int = 5, state: TraineeState = TraineeState.ACTIVE, now: datetime = BEFORE
) -> Program:
    """A circle of members who have said yes a month ago, so that each may be asked to facilitate."""
    with context.database.transaction() as tx:
        builders.workspace(tx)
        columns = {"name": "Allies 2026", "zone": "Europe/Berlin", "created_at": BEFORE}
        program = builders.program(tx, cohort="spring", **columns)
    for number in range(size):
        seat(context, program, number, state, now=now)
    return program


def seat(
    context: Context,
    program: Program,
    number: int,
    state: TraineeState = TraineeState.ACTIVE,
    cohort: str = "spring",
    now: datetime = BEFORE,
    channel: str = "C1",
) -> int:
    with context.database.transaction() as tx:
        if not trainees.trainee_by_id(tx, f"t{number:02}"):
            columns = {"cohort_id": cohort, "state": state, "zone": "Europe/Berlin"}
            columns["consented_at"] = now - timedelta(days=30)
            builders.trainees(tx, {f"t{number:02}": f"U{number:02}"}, **columns)
        membership.join(context, tx, program, channel, "Harbour", f"t{number:02}", now)
        circle = rows.circle_of_channel(tx, "T1", channel)
        assert circle is not None
        return sum(is_in_slack(each.state) for each in rows.members(tx, circle.id))


def actor(number: int) -> Actor:
    return Actor("T1", f"U{number:02}")


def the_circle(context: Context, channel: str = "C1") -> Circle:
    with context.database.transaction() as tx:
        circle = rows.circle_of_channel(tx, "T1", channel)
    assert circle is not None
    return circle


def the_weeks(context: Context) -> list[CircleWeek]:
    with context.database.reading() as tx:
        ids = [row.id for row in tx.execute(select(tables.circle_week.c.id, tables.circle_week.c.monday))]
        found = [circle_weeks.week_by_id(tx, each) for each in ids]
    return sorted((week for week in found if week), key=lambda week: week.monday)


def queued(context: Context, kind: MessageKind) -> list[OutboxRow]:
    with context.database.reading() as tx:
        ids = tx.execute(select(tables.outbox.c.id).where(tables.outbox.c.kind == kind)).scalars().all()
        found = [outbox.row_by_id(tx, each) for each in ids]
    return sorted((row for row in found if row), key=lambda row: (row.due_at, row.key))


def settle(context: Context) -> None:
    """As if the worker had sent everything that is due."""
    with context.database.transaction() as tx:
        tx.execute(
            update(tables.outbox)
            .where(tables.outbox.c.state == MessageState.DUE)
            .values(state=MessageState.SENT, sent_channel="D1", sent_ts="1.0")
        )


def set_state(context: Context, number: int, state: TraineeState) -> None:
    with context.database.transaction() as tx:
        trainees.change_trainee(tx, f"t{number:02}", state=state)


def turns(context: Context) -> list[int]:
    with context.database.reading() as tx:
        return [member.turns for member in rows.members(tx, the_circle(context).id)]


def render(
    context: Context, how: Callable[..., Message | None], row: OutboxRow, now: datetime = MONDAY
) -> Message | None:
    with context.database.reading() as tx:
        return how(Rendering(context, tx, row, now))


def says_yes(context: Context, now: datetime) -> str:
    """Whoever is asked for the circle's newest week says yes; their trainee id."""
    week = the_weeks(context)[-1]
    assert week.asked_id
    assert membership.say_yes(context, actor(int(week.asked_id[1:])), week.id, now) is Seat.FIRST
    return week.asked_id


def posted_week(context: Context, now: datetime = MONDAY) -> CircleWeek:
    membership.queue_due(context, now)
    settle(context)
    return the_weeks(context)[-1]


def keys_in_vault(context: Context) -> list[str]:
    with context.vault.reading() as vault_tx:
        return sorted(upkeep.boxes_with_keys(vault_tx))


def test_joining_makes_the_circle_and_joining_again_changes_nothing(context: Context) -> None:
    program = set_up(context, 4)
    assert seat(context, program, 3) == 4
    circle = the_circle(context)
    assert circle.next_post_at == MONDAY
    assert (circle.weeks_posted, circle.last_week) == (0, 13)


def test_a_thirteenth_finds_no_seat_and_nobody_is_told(context: Context) -> None:
    program = set_up(context, 12)
    assert seat(context, program, 12) == 12
    with context.database.reading() as tx:
        assert rows.circles_of_trainee(tx, "t12") == []
    set_state(context, 0, TraineeState.GONE)
    assert seat(context, program, 12) == 12


def test_joining_another_circle_is_a_move(context: Context) -> None:
    program = set_up(context, 5)
    assert seat(context, program, 4, channel="C2") == 1
    with context.database.reading() as tx:
        assert [circle.channel for circle in rows.circles_of_trainee(tx, "t04")] == ["C2"]


def test_a_later_cohort_lengthens_its_circle(context: Context) -> None:
    program = set_up(context, 4)
    later = {"id": "later", "program_id": "program", "name": "later", "training_ended_on": date(2026, 1, 30)}
    with context.database.transaction() as tx:
        programs.add_cohort(tx, later)
    seat(context, program, 4, cohort="later")
    assert the_circle(context).last_week == 17


def test_monday_posts_one_scenario_however_often_the_clock_ticks(context: Context) -> None:
    set_up(context)
    membership.queue_due(context, KIT)
    says_yes(context, KIT)
    for minutes in range(3):
        membership.queue_due(context, MONDAY + timedelta(minutes=minutes))
    (row,) = queued(context, MessageKind.SCENARIO)
    assert (row.to_channel, row.stale_at) == ("C1", THURSDAY)
    assert row.key == f"scenario:{the_circle(context).id}:2026-01-05"
    circle = the_circle(context)
    assert (circle.weeks_posted, circle.next_post_at) == (1, MONDAY + WEEK)
    message = render(context, membership.render_scenario, row)
    assert message is not None
    assert message.blocks[0]["block_id"] == "scenario.2026-01-05"
    assert turns(context) == [1, 0, 0, 0, 0]


def test_thirteen_weeks_bring_thirteen_scenarios_in_order_and_share_the_role(context: Context) -> None:
    set_up(context)
    # The world beyond spring: every half day for sixteen weeks, the same path a worker takes.
    moment = BEFORE
    while moment < BEFORE + 16 * WEEK:
        membership.queue_due(context, moment)
        settle(context)
        if (weeks := the_weeks(context)) and weeks[-1].asked_id:
            says_yes(context, moment)
        moment += timedelta(hours=11)
    weeks = the_weeks(context)
    shipped = [scenario.id for scenario in context.content.scenarios]
    assert [week.scenario_id for week in weeks] == shipped[:13]
    assert {later.monday - week.monday for week, later in pairwise(weeks)} == {WEEK}
    assert [week.number for week in weeks] == list(range(1, 14))
    assert sorted(turns(context)) == [2, 2, 3, 3, 3]
    assert the_circle(context).next_post_at is None
    assert len(queued(context, MessageKind.SCENARIO)) == len(queued(context, MessageKind.VOTE_RESULT)) == 13
    assert keys_in_vault(context) == []


def test_an_outage_is_caught_up_with_the_newest_monday_only(context: Context) -> None:
    set_up(context)
    membership.queue_due(context, KIT)
    says_yes(context, KIT)
    membership.queue_due(context, MONDAY + 3 * WEEK + timedelta(days=1))
    (row,) = queued(context, MessageKind.SCENARIO)
    assert row.key.endswith(":2026-01-26")
    (week,) = the_weeks(context)
    assert (week.number, week.facilitator_id) == (1, None)  # nobody was asked for this one
    assert turns(context) == [0, 0, 0, 0, 0]


def test_an_outage_until_friday_loses_neither_scenario_nor_turn(context: Context) -> None:
    set_up(context)
    membership.queue_due(context, KIT)
    says_yes(context, KIT)
    membership.queue_due(context, FRIDAY)
    assert queued(context, MessageKind.SCENARIO) == []
    assert the_circle(context).next_post_at == MONDAY + WEEK
    membership.queue_due(context, FRIDAY + timedelta(hours=1))
    first, again = queued(context, MessageKind.FACILITATOR_ASKED)
    assert (first.to_user, again.to_user) == ("U00", "U00")  # that yes was to another week
    (week,) = the_weeks(context)
    assert (week.monday, week.number, week.facilitator_id) == (date(2026, 1, 12), 1, None)


def test_a_scenario_that_never_appeared_comes_another_week(context: Context) -> None:
    set_up(context)
    membership.queue_due(context, KIT)
    says_yes(context, KIT)
    membership.queue_due(context, MONDAY)
    assert turns(context) == [1, 0, 0, 0, 0]
    membership.queue_due(context, THURSDAY)  # the row is still due: nothing was sent
    assert queued(context, MessageKind.VOTE_RESULT) == []
    assert turns(context) == [0, 0, 0, 0, 0]
    assert (the_circle(context).weeks_posted, the_circle(context).next_post_at) == (0, MONDAY + WEEK)
    membership.queue_due(context, MONDAY + WEEK)
    missed, now = the_weeks(context)
    assert missed.scenario_id == now.scenario_id
    assert missed.state is WeekState.FEW


def test_nothing_is_posted_before_anybody_said_yes(context: Context) -> None:
    set_up(context, 4, TraineeState.INVITED)
    membership.queue_due(context, KIT)
    membership.queue_due(context, MONDAY)
    assert queued(context, MessageKind.SCENARIO) == queued(context, MessageKind.FACILITATOR_ASKED) == []
    assert keys_in_vault(context) == []
    set_state(context, 2, TraineeState.ACTIVE)
    membership.queue_due(context, MONDAY + WEEK)
    assert the_circle(context).weeks_posted == 1
    membership.queue_due(context, FRIDAY + WEEK)
    (question,) = queued(context, MessageKind.FACILITATOR_ASKED)
    assert question.to_user == "U02"


def test_a_member_who_left_the_channel_is_out_of_the_rotation_and_the_vote(context: Context) -> None:
    set_up(context, 6)
    week = posted_week(context)
    membership.vote(context, actor(5), week.id, 0, MONDAY)
    assert membership.leave_circle(context, actor(5), "C1")
    assert not membership.leave_circle(context, actor(5), "C1")
    with pytest.raises(NotFoundError):
        membership.vote(context, actor(5), week.id, 0, MONDAY)
    with context.database.reading() as tx:
        assert circle_weeks.sealed_votes(tx, week.id) == []


def test_five_votes_are_opened_once_and_their_key_is_destroyed(context: Context) -> None:
    set_up(context, 6)
    week = posted_week(context)
    for number, option in enumerate((0, 0, 1, 2, 2)):
        assert membership.vote(context, actor(number), week.id, option, MONDAY).sealed
    membership.vote(context, actor(4), week.id, 0, MONDAY)  # a changed vote
    membership.queue_due(context, THURSDAY - timedelta(minutes=1))
    assert queued(context, MessageKind.VOTE_RESULT) == []
    for _ in range(2):
        membership.queue_due(context, THURSDAY)
    (row,) = queued(context, MessageKind.VOTE_RESULT)
    assert (row.key, row.to_channel) == (f"votes:{week.id}", "C1")
    (opened,) = the_weeks(context)
    assert (opened.state, opened.counts) == (WeekState.OPENED, (3, 0 + 1, 1, 0, 0))
    with context.database.reading() as tx:
        assert circle_weeks.sealed_votes(tx, week.id) == []
    assert keys_in_vault(context) == []
    message = render(context, membership.render_vote_result, row, THURSDAY)
    assert message is not None
    assert "3 votes" in str(message.blocks)
    assert not membership.vote(context, actor(0), week.id, 1, THURSDAY).sealed


def test_a_circle_of_four_votes_and_three_votes_are_opened(context: Context) -> None:
    set_up(context, 4)
    week = posted_week(context)
    (row,) = queued(context, MessageKind.SCENARIO)
    message = render(context, membership.render_scenario, row)
    assert message is not None
    assert "circle.vote.0" in str(message.blocks)
    assert "It takes 3 votes" in message.text
    for number, option in enumerate((0, 1, 1)):
        membership.vote(context, actor(number), week.id, option, MONDAY)
    membership.queue_due(context, THURSDAY)
    assert the_weeks(context)[0].counts == (1, 2, 0, 0, 0)


def with_votes_from(context: Context, least: int) -> Context:
    """As if a file in `programs/` of the content said so for this program."""
    content = context.content
    own = ProgramContent(plan_library=content.plan_library, min_votes=least)
    return replace(context, content=content.model_copy(update={"programs": {"Allies 2026": own}}))


def test_a_program_may_ask_for_more_votes_than_what_ships(context: Context) -> None:
    context = with_votes_from(context, 5)
    set_up(context)
    week = posted_week(context)
    (row,) = queued(context, MessageKind.SCENARIO)
    message = render(context, membership.render_scenario, row)
    assert message is not None
    assert "It takes 5 votes" in message.text
    for number in range(4):
        membership.vote(context, actor(number), week.id, 0, MONDAY)
    membership.queue_due(context, THURSDAY)
    (done,) = the_weeks(context)
    assert (done.state, done.counts) == (WeekState.FEW, None)


def test_a_circle_that_cannot_reach_the_number_its_program_asks_for_has_no_vote(context: Context) -> None:
    context = with_votes_from(context, 5)
    set_up(context, 4)
    posted_week(context)
    (row,) = queued(context, MessageKind.SCENARIO)
    message = render(context, membership.render_scenario, row)
    assert message is not None
    assert "circle.vote.0" not in str(message.blocks)
    assert "fewer than 5 members" in message.text


def test_two_votes_are_deleted_without_being_opened(context: Context) -> None:
    set_up(context)
    week = posted_week(context)
    for number in range(2):
        membership.vote(context, actor(number), week.id, 0, MONDAY)
    membership.queue_due(context, THURSDAY)
    (done,) = the_weeks(context)
    assert (done.state, done.counts) == (WeekState.FEW, None)
    assert keys_in_vault(context) == []
    (row,) = queued(context, MessageKind.VOTE_RESULT)
    message = render(context, membership.render_vote_result, row, THURSDAY)
    assert message is not None
    assert "from 3 votes on" in message.text
    assert "deleted without being opened" in message.text
    assert "2 votes" not in message.text


def test_a_vote_after_noon_on_thursday_does_not_count_even_before_the_opening(context: Context) -> None:
    set_up(context)
    week = posted_week(context)
    assert not membership.vote(context, actor(0), week.id, 0, THURSDAY).sealed
    with context.database.reading() as tx:
        assert circle_weeks.sealed_votes(tx, week.id) == []


def test_strangers_and_members_of_other_circles_cannot_vote(context: Context) -> None:
    program = set_up(context)
    seat(context, program, 9, channel="C2")
    week = posted_week(context)
    mine = week if week.circle_id == the_circle(context).id else the_weeks(context)[0]
    for who in (actor(9), Actor("T1", "U-lead"), Actor("T2", "U00")):
        with pytest.raises(NotFoundError):
            membership.vote(context, who, mine.id, 0, MONDAY)
    for option in (-1, 5, 9):
        with pytest.raises(WrongStateError):
            membership.vote(context, actor(0), mine.id, option, MONDAY)
    with pytest.raises(WrongStateError):
        membership.vote(context, actor(0), "no-such-week", 0, MONDAY)


def test_a_forged_or_moved_envelope_is_not_counted(context: Context) -> None:
    set_up(context, 6)
    week = posted_week(context)
    for number in range(5):
        membership.vote(context, actor(number), week.id, 1, MONDAY)
    with context.database.transaction() as tx:
        forged = {"circle_week_id": week.id, "trainee_id": "t05", "sealed": bytes(80)}
        tx.execute(insert(tables.vote).values(**forged))
    membership.queue_due(context, THURSDAY)
    assert the_weeks(context)[0].counts == (0, 5, 0, 0, 0)


def test_a_crash_between_counting_and_destroying_is_made_good_by_the_next_chore(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(context)
    week = posted_week(context)
    for number in range(5):
        membership.vote(context, actor(number), week.id, 2, MONDAY)

    def killed(_context: Context, _week_ids: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(votes, "destroy_spent_keys", killed)
        with pytest.raises(KeyboardInterrupt):
            membership.queue_due(context, THURSDAY)
    assert keys_in_vault(context) == [week.id]
    membership.queue_due(context, THURSDAY + timedelta(minutes=1))
    retention.tidy(context, THURSDAY + timedelta(minutes=2))
    assert keys_in_vault(context) == []
    assert the_weeks(context)[0].counts == (0, 0, 5, 0, 0)
    assert len(queued(context, MessageKind.VOTE_RESULT)) == 1


def test_a_lost_key_leaves_a_week_without_figures_or_another_result(context: Context) -> None:
    set_up(context)
    week = posted_week(context)
    for number in range(5):
        membership.vote(context, actor(number), week.id, 2, MONDAY)
    with context.vault.transaction() as vault_tx:
        vault.destroy_window_key(vault_tx, week.id)
    membership.queue_due(context, THURSDAY)
    assert the_weeks(context)[0].state is WeekState.FEW
    assert (
        queued(context, MessageKind.VOTE_RESULT) == []
    )  # a restored database may have forgotten the true one


def test_whatever_is_voted_leaves_rows_of_the_same_size_and_the_same_answer(context: Context) -> None:
    set_up(context)
    week = posted_week(context)
    answers = set()
    for option in range(5):
        answers.add(membership.vote(context, actor(0), week.id, option, MONDAY))
        with context.database.reading() as tx:
            (sealed,) = circle_weeks.sealed_votes(tx, week.id)
        assert len(sealed) == 80
    assert len(answers) == 1


def test_a_closed_circle_is_silent_and_opens_again_where_it_stood(context: Context) -> None:
    program = set_up(context)
    week = posted_week(context)
    membership.vote(context, actor(0), week.id, 0, MONDAY)
    membership.queue_due(context, FRIDAY - timedelta(days=2))
    assert membership.close_circle(context, "T1", "C1", FRIDAY)
    assert not membership.close_circle(context, "T1", "C-unknown", FRIDAY)
    assert the_circle(context).state is CircleState.CLOSED
    assert keys_in_vault(context) == []
    for days in range(14):
        membership.queue_due(context, MONDAY + timedelta(days=days))
    assert len(queued(context, MessageKind.SCENARIO)) == 1
    assert render(context, membership.render_scenario, queued(context, MessageKind.SCENARIO)[0]) is None
    with pytest.raises(WrongStateError):
        membership.vote(context, actor(0), week.id, 0, MONDAY)
    seat(context, program, 0, now=FRIDAY)
    membership.queue_due(context, MONDAY + WEEK)
    assert the_weeks(context)[-1].number == 2


def test_a_planned_week_vanishes_with_its_circle(context: Context) -> None:
    set_up(context)
    membership.queue_due(context, KIT)
    membership.close_circle(context, "T1", "C1", KIT)
    assert the_weeks(context) == []
    assert keys_in_vault(context) == []
    (question,) = queued(context, MessageKind.FACILITATOR_ASKED)
    assert render(context, render_facilitator_asked, question, KIT) is None


def test_a_circle_of_two_is_not_asked_to_vote(context: Context) -> None:
    set_up(context, 2)
    posted_week(context)
    (row,) = queued(context, MessageKind.SCENARIO)
    message = render(context, membership.render_scenario, row)
    assert message is not None
    assert "circle.vote." not in str(message.blocks)
    assert "too few for a vote" in str(message.blocks)


def test_a_late_scenario_is_not_rendered_once_its_votes_are_open(context: Context) -> None:
    set_up(context)
    posted_week(context)
    (row,) = queued(context, MessageKind.SCENARIO)
    assert render(context, membership.render_scenario, row, THURSDAY) is None


def test_a_circle_whose_channel_is_another_programs_is_refused(context: Context) -> None:
    program = set_up(context)
    other = {**vars(program), "id": "other", "name": "Other", "zone": "Europe/Berlin", "closures": ""}
    with context.database.transaction() as tx:
        programs.add_program(tx, other)
        stranger = programs.program_by_id(tx, "other")
        assert stranger is not None
        with pytest.raises(UserError, match="another program"):
            membership.join(context, tx, stranger, "C1", "Harbour", "t00", BEFORE)


def test_a_circle_that_delivery_closed_loses_its_votes_unread(context: Context) -> None:
    set_up(context)
    week = posted_week(context)
    for number in range(5):
        membership.vote(context, actor(number), week.id, 0, MONDAY)
    with context.database.transaction() as tx:
        rows.change_circle(tx, week.circle_id, state=CircleState.CLOSED)
    membership.queue_due(context, MONDAY + timedelta(minutes=1))
    assert the_weeks(context)[0].state is WeekState.FEW
    assert keys_in_vault(context) == []
    assert queued(context, MessageKind.VOTE_RESULT) == []


def test_several_workers_at_once_post_ask_and_open_once(context: Context) -> None:
    program = set_up(context)
    for number in range(5, 15):
        seat(context, program, number, channel="C2")

    def tick_together(moment: datetime) -> None:
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(membership.queue_due, context, moment) for _ in range(4)]:
                done.result()
        membership.queue_due(context, moment)  # whoever found a circle taken comes again

    tick_together(KIT)
    assert len(queued(context, MessageKind.FACILITATOR_ASKED)) == 2
    tick_together(MONDAY)
    assert len(queued(context, MessageKind.SCENARIO)) == 2
    assert len(keys_in_vault(context)) == 2
    settle(context)
    tick_together(THURSDAY)
    assert len(queued(context, MessageKind.VOTE_RESULT)) == 2
    assert keys_in_vault(context) == []
