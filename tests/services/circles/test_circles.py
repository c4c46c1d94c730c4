"""Circles on SQLite and PostgreSQL: joining, the week, the rotation and the sealed vote."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import delete, insert, select, update

from allybot.content.program_library import ProgramContent
from allybot.domain.circles import Circle, CircleState, CircleWeek, WeekState
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import TraineeState
from allybot.errors import NotFound, UserMistake, WrongState
from allybot.message import Message
from allybot.services.circles import membership, votes
from allybot.services.context import House
from allybot.services.data import retention
from allybot.store import tables, trainees
from allybot.store.circles import circles as rows
from allybot.store.circles import weeks as circle_weeks
from allybot.store.delivery import outbox
from allybot.store.delivery.outbox import Kind, OutboxRow, State
from allybot.store.programs import programs
from allybot.store.vault import upkeep, vault

TRAINED = date(2026, 1, 2)  # a Friday
BEFORE = datetime(2026, 1, 2, 15, 0, tzinfo=UTC)
KIT = datetime(2026, 1, 2, 16, 0, tzinfo=UTC)
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # ten in Berlin
FRIDAY = MONDAY + timedelta(days=4)
THURSDAY = datetime(2026, 1, 8, 11, 0, tzinfo=UTC)  # noon in Berlin
WEEK = timedelta(weeks=1)


def set_up(house: House, size: int = 5, state: TraineeState = TraineeState.ACTIVE) -> Program:
    with house.database.transaction() as tx:
        trainees.save_workspace(tx, "T1", name="Northwind", bot_user="B1", state="active")
        programs.add_program(
            tx,
            {
                "id": "program",
                "workspace_id": "T1",
                "name": "Allies 2026",
                "support_contact": "Kim",
                "zone": "Europe/Berlin",
                "country": "",
                "minimum_respondents": 10,
                "epsilon_milli": 1000,
                "key_holder": "vault",
                "created_at": BEFORE,
            },
        )
        cohort = {"id": "spring", "program_id": "program", "name": "spring", "training_ended_on": TRAINED}
        programs.add_cohort(tx, cohort)
        program = programs.program_by_id(tx, "program")
        assert program is not None
    for number in range(size):
        seat(house, program, number, state)
    return program


def seat(
    house: House,
    program: Program,
    number: int,
    state: TraineeState = TraineeState.ACTIVE,
    cohort: str = "spring",
    now: datetime = BEFORE,
    channel: str = "C1",
) -> int:
    with house.database.transaction() as tx:
        if not trainees.trainee_by_id(tx, f"t{number:02}"):
            trainees.add_trainee(
                tx,
                {
                    "id": f"t{number:02}",
                    "workspace_id": "T1",
                    "slack_user": f"U{number:02}",
                    "program_id": program.id,
                    "cohort_id": cohort,
                    "state": state,
                    "zone": "Europe/Berlin",
                    "locale": "en-GB",
                    "silent_steps": 0,
                    "pace": "normal",
                    "consented_at": now,
                },
            )
        return membership.join(house, tx, program, channel, "Harbour", f"t{number:02}", now)


def actor(number: int) -> Actor:
    return Actor("T1", f"U{number:02}")


def the_circle(house: House, channel: str = "C1") -> Circle:
    with house.database.transaction() as tx:
        circle = rows.circle_of_channel(tx, "T1", channel)
    assert circle is not None
    return circle


def the_weeks(house: House) -> list[CircleWeek]:
    with house.database.reading() as tx:
        ids = [row.id for row in tx.execute(select(tables.circle_week.c.id, tables.circle_week.c.monday))]
        found = [circle_weeks.week_by_id(tx, each) for each in ids]
    return sorted((week for week in found if week), key=lambda week: week.monday)


def queued(house: House, kind: Kind) -> list[OutboxRow]:
    with house.database.reading() as tx:
        ids = tx.execute(select(tables.outbox.c.id).where(tables.outbox.c.kind == kind)).scalars().all()
        found = [outbox.row_by_id(tx, each) for each in ids]
    return sorted((row for row in found if row), key=lambda row: (row.due_at, row.key))


def settle(house: House) -> None:
    """As if the worker had sent everything that is due."""
    with house.database.transaction() as tx:
        tx.execute(
            update(tables.outbox)
            .where(tables.outbox.c.state == State.DUE)
            .values(state=State.SENT, sent_channel="D1", sent_ts="1.0")
        )


def set_state(house: House, number: int, state: TraineeState) -> None:
    with house.database.transaction() as tx:
        trainees.change_trainee(tx, f"t{number:02}", state=state)


def turns(house: House) -> list[int]:
    with house.database.reading() as tx:
        return [member.turns for member in rows.members(tx, the_circle(house).id)]


def render(
    house: House, how: Callable[..., Message | None], row: OutboxRow, now: datetime = MONDAY
) -> Message | None:
    with house.database.reading() as tx:
        return how(house, tx, row, now)


def posted_week(house: House, now: datetime = MONDAY) -> CircleWeek:
    membership.queue_due(house, now)
    settle(house)
    return the_weeks(house)[-1]


def keys_in_vault(house: House) -> list[str]:
    with house.vault.reading() as vault_tx:
        return sorted(upkeep.boxes_with_keys(vault_tx))


def test_joining_makes_the_circle_and_joining_again_changes_nothing(house: House) -> None:
    program = set_up(house, 4)
    assert seat(house, program, 3) == 4
    circle = the_circle(house)
    assert circle.next_post_at == MONDAY
    assert (circle.weeks_posted, circle.last_week) == (0, 13)


def test_a_thirteenth_member_is_refused_with_a_way_out(house: House) -> None:
    program = set_up(house, 12)
    with pytest.raises(UserMistake, match="second circle"):
        seat(house, program, 12)
    set_state(house, 0, TraineeState.GONE)
    assert seat(house, program, 12) == 12


def test_joining_another_circle_is_a_move(house: House) -> None:
    program = set_up(house, 5)
    assert seat(house, program, 4, channel="C2") == 1
    with house.database.reading() as tx:
        assert [circle.channel for circle in rows.circles_of_trainee(tx, "t04")] == ["C2"]


def test_a_later_cohort_lengthens_its_circle(house: House) -> None:
    program = set_up(house, 4)
    later = {"id": "later", "program_id": "program", "name": "later", "training_ended_on": date(2026, 1, 30)}
    with house.database.transaction() as tx:
        programs.add_cohort(tx, later)
    seat(house, program, 4, cohort="later")
    assert the_circle(house).last_week == 17


def test_the_facilitator_is_asked_the_working_day_before_and_only_once(house: House) -> None:
    set_up(house)
    for _ in range(3):
        membership.queue_due(house, KIT - timedelta(days=1))
    assert queued(house, Kind.FACILITATOR_KIT) == []
    for _ in range(3):
        membership.queue_due(house, KIT)
    (kit,) = queued(house, Kind.FACILITATOR_KIT)
    assert kit.to_user == "U00"
    assert (KIT <= kit.due_at <= MONDAY, kit.stale_at) == (True, THURSDAY)
    assert queued(house, Kind.SCENARIO) == []


def test_monday_posts_one_scenario_however_often_the_clock_ticks(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    for minutes in range(3):
        membership.queue_due(house, MONDAY + timedelta(minutes=minutes))
    (row,) = queued(house, Kind.SCENARIO)
    assert (row.to_channel, row.stale_at) == ("C1", THURSDAY)
    assert row.key == f"scenario:{the_circle(house).id}:2026-01-05"
    circle = the_circle(house)
    assert (circle.weeks_posted, circle.next_post_at) == (1, MONDAY + WEEK)
    message = render(house, membership.render_scenario, row)
    assert message is not None
    assert message.blocks[0]["block_id"] == "scenario.2026-01-05"
    assert turns(house) == [1, 0, 0, 0, 0]


def test_thirteen_weeks_bring_thirteen_scenarios_in_order_and_share_the_role(house: House) -> None:
    set_up(house)
    # The world beyond spring: every half day for sixteen weeks, the same path a worker takes.
    moment = BEFORE
    while moment < BEFORE + 16 * WEEK:
        membership.queue_due(house, moment)
        settle(house)
        moment += timedelta(hours=11)
    weeks = the_weeks(house)
    shipped = [scenario.id for scenario in house.content.scenarios]
    assert [week.scenario_id for week in weeks] == shipped[:13]
    assert {later.monday - week.monday for week, later in pairwise(weeks)} == {WEEK}
    assert [week.number for week in weeks] == list(range(1, 14))
    assert max(turns(house)) - min(turns(house)) <= 1
    assert the_circle(house).next_post_at is None
    assert len(queued(house, Kind.SCENARIO)) == len(queued(house, Kind.VOTE_RESULT)) == 13
    assert keys_in_vault(house) == []


def test_an_outage_is_caught_up_with_the_newest_monday_only(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    membership.queue_due(house, MONDAY + 3 * WEEK + timedelta(days=1))
    (row,) = queued(house, Kind.SCENARIO)
    assert row.key.endswith(":2026-01-26")
    (week,) = the_weeks(house)
    assert (week.number, week.facilitator_id) == (1, "t00")
    assert turns(house)[0] == 1


def test_an_outage_until_friday_loses_neither_scenario_nor_turn(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    membership.queue_due(house, FRIDAY)
    assert queued(house, Kind.SCENARIO) == []
    assert the_circle(house).next_post_at == MONDAY + WEEK
    membership.queue_due(house, FRIDAY + timedelta(hours=1))
    first, again = queued(house, Kind.FACILITATOR_KIT)
    assert (first.to_user, again.to_user) == ("U00", "U00")
    (week,) = the_weeks(house)
    assert (week.monday, week.number) == (date(2026, 1, 12), 1)


def test_a_scenario_that_never_appeared_comes_another_week(house: House) -> None:
    set_up(house)
    membership.queue_due(house, MONDAY)
    membership.queue_due(house, THURSDAY)  # the row is still due: nothing was sent
    assert queued(house, Kind.VOTE_RESULT) == []
    assert turns(house) == [0, 0, 0, 0, 0]
    assert (the_circle(house).weeks_posted, the_circle(house).next_post_at) == (0, MONDAY + WEEK)
    membership.queue_due(house, MONDAY + WEEK)
    missed, now = the_weeks(house)
    assert missed.scenario_id == now.scenario_id
    assert missed.state is WeekState.FEW


def test_nothing_is_posted_before_anybody_said_yes(house: House) -> None:
    set_up(house, 4, TraineeState.INVITED)
    membership.queue_due(house, KIT)
    membership.queue_due(house, MONDAY)
    assert queued(house, Kind.SCENARIO) == queued(house, Kind.FACILITATOR_KIT) == []
    assert keys_in_vault(house) == []
    set_state(house, 2, TraineeState.ACTIVE)
    membership.queue_due(house, MONDAY + WEEK)
    (kit,) = queued(house, Kind.FACILITATOR_KIT)
    assert kit.to_user == "U02"
    assert the_circle(house).weeks_posted == 1


def test_a_facilitator_who_is_deactivated_hands_over_before_and_after_monday(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    set_state(house, 0, TraineeState.GONE)
    membership.queue_due(house, KIT + timedelta(minutes=1))
    first, second = queued(house, Kind.FACILITATOR_KIT)
    assert {first.to_user, second.to_user} == {"U00", "U01"}
    stale = first if first.to_user == "U00" else second
    assert render(house, membership.render_facilitator_kit, stale, KIT) is None
    posted_week(house)
    assert turns(house) == [0, 1, 0, 0, 0]
    set_state(house, 1, TraineeState.PAUSED)
    membership.queue_due(house, MONDAY + timedelta(hours=2))
    assert turns(house) == [0, 0, 1, 0, 0]
    (update_row,) = [row for row in queued(house, Kind.SCENARIO) if row.replaces_ts]
    message = render(house, membership.render_scenario, update_row)
    assert message is not None
    assert "<@U02> facilitates" in str(message.blocks)


def test_an_erased_facilitator_is_replaced(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    with house.database.transaction() as tx:
        tx.execute(delete(tables.trainee).where(tables.trainee.c.id == "t00"))
    membership.queue_due(house, KIT)
    (kit,) = queued(house, Kind.FACILITATOR_KIT)
    assert kit.to_user == "U01"


def test_a_member_who_left_the_channel_is_out_of_the_rotation_and_the_vote(house: House) -> None:
    set_up(house, 6)
    week = posted_week(house)
    membership.vote(house, actor(5), week.id, 0, MONDAY)
    assert membership.leave_circle(house, actor(5), "C1")
    assert not membership.leave_circle(house, actor(5), "C1")
    with pytest.raises(NotFound):
        membership.vote(house, actor(5), week.id, 0, MONDAY)
    with house.database.reading() as tx:
        assert circle_weeks.sealed_votes(tx, week.id) == []


def test_a_swap_asks_the_next_and_comes_first_a_week_later(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    settle(house)
    (week,) = the_weeks(house)
    assert membership.pass_on(house, actor(0), week.id, KIT, turn_used=False)
    new_kit = next(row for row in queued(house, Kind.FACILITATOR_KIT) if row.to_user == "U01")
    kit = render(house, membership.render_facilitator_kit, new_kit)
    assert kit is not None
    (changed,) = [row for row in queued(house, Kind.FACILITATOR_KIT) if row.replaces_ts]
    told = render(house, membership.render_facilitator_kit, changed)
    assert told is not None
    assert "handed on" in told.text
    posted_week(house)
    membership.queue_due(house, FRIDAY)
    assert the_weeks(house)[1].facilitator_id == "t00"
    assert turns(house) == [0, 1, 0, 0, 0]


def test_a_skipped_turn_is_used_up(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    (week,) = the_weeks(house)
    membership.pass_on(house, actor(0), week.id, KIT, turn_used=True)
    posted_week(house)
    assert turns(house) == [1, 1, 0, 0, 0]
    membership.queue_due(house, FRIDAY)
    assert the_weeks(house)[1].facilitator_id == "t02"


def test_only_the_facilitator_hands_on_and_only_before_the_week_begins(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    (week,) = the_weeks(house)
    with pytest.raises(WrongState):
        membership.pass_on(house, actor(1), week.id, KIT, turn_used=False)
    posted_week(house)
    with pytest.raises(WrongState):
        membership.pass_on(house, actor(0), week.id, MONDAY, turn_used=False)


def test_when_everybody_passed_a_volunteer_takes_the_week(house: House) -> None:
    set_up(house, 3)
    membership.queue_due(house, KIT)
    (week,) = the_weeks(house)
    assert [membership.pass_on(house, actor(n), week.id, KIT, turn_used=False) for n in range(3)] == [
        True,
        True,
        False,
    ]
    posted_week(house)
    (row,) = queued(house, Kind.SCENARIO)
    message = render(house, membership.render_scenario, row)
    assert message is not None
    assert "circle.volunteer" in str(message.blocks)
    membership.volunteer(house, actor(1), week.id, MONDAY)
    with pytest.raises(WrongState):
        membership.volunteer(house, actor(2), week.id, MONDAY)
    assert turns(house) == [0, 1, 0]
    kit = next(row for row in queued(house, Kind.FACILITATOR_KIT) if row.key.endswith(":volunteer"))
    shown = render(house, membership.render_facilitator_kit, kit)
    assert shown is not None
    assert "circle.swap" not in str(shown.blocks)


def test_five_votes_are_opened_once_and_their_key_is_destroyed(house: House) -> None:
    set_up(house)
    week = posted_week(house)
    for number, option in enumerate((0, 0, 1, 2, 2)):
        assert membership.vote(house, actor(number), week.id, option, MONDAY).sealed
    membership.vote(house, actor(4), week.id, 0, MONDAY)  # he changed his mind
    membership.queue_due(house, THURSDAY - timedelta(minutes=1))
    assert queued(house, Kind.VOTE_RESULT) == []
    for _ in range(2):
        membership.queue_due(house, THURSDAY)
    (row,) = queued(house, Kind.VOTE_RESULT)
    assert (row.key, row.to_channel) == (f"votes:{week.id}", "C1")
    (opened,) = the_weeks(house)
    assert (opened.state, opened.counts) == (WeekState.OPENED, (3, 0 + 1, 1, 0))
    with house.database.reading() as tx:
        assert circle_weeks.sealed_votes(tx, week.id) == []
    assert keys_in_vault(house) == []
    message = render(house, membership.render_vote_result, row, THURSDAY)
    assert message is not None
    assert "3 votes" in str(message.blocks)
    assert not membership.vote(house, actor(0), week.id, 1, THURSDAY).sealed


def test_a_circle_of_four_votes_and_three_votes_are_opened(house: House) -> None:
    set_up(house, 4)
    week = posted_week(house)
    (row,) = queued(house, Kind.SCENARIO)
    message = render(house, membership.render_scenario, row)
    assert message is not None
    assert "circle.vote.0" in str(message.blocks)
    assert "from 3 votes on" in message.text
    for number, option in enumerate((0, 1, 1)):
        membership.vote(house, actor(number), week.id, option, MONDAY)
    membership.queue_due(house, THURSDAY)
    assert the_weeks(house)[0].counts == (1, 2, 0, 0)


def with_votes_from(house: House, least: int) -> House:
    """As if a file in `programs/` of the content said so for this program."""
    content = house.content
    own = ProgramContent(library=content.plan_library, least_votes=least)
    return replace(house, content=content.model_copy(update={"programs": {"Allies 2026": own}}))


def test_a_program_may_ask_for_more_votes_than_what_ships(house: House) -> None:
    house = with_votes_from(house, 5)
    set_up(house)
    week = posted_week(house)
    (row,) = queued(house, Kind.SCENARIO)
    message = render(house, membership.render_scenario, row)
    assert message is not None
    assert "from 5 votes on" in message.text
    for number in range(4):
        membership.vote(house, actor(number), week.id, 0, MONDAY)
    membership.queue_due(house, THURSDAY)
    (done,) = the_weeks(house)
    assert (done.state, done.counts) == (WeekState.FEW, None)


def test_a_circle_that_cannot_reach_the_number_its_program_asks_for_has_no_vote(house: House) -> None:
    house = with_votes_from(house, 5)
    set_up(house, 4)
    posted_week(house)
    (row,) = queued(house, Kind.SCENARIO)
    message = render(house, membership.render_scenario, row)
    assert message is not None
    assert "circle.vote.0" not in str(message.blocks)
    assert "fewer than 5 members" in message.text


def test_two_votes_are_deleted_without_being_opened(house: House) -> None:
    set_up(house)
    week = posted_week(house)
    for number in range(2):
        membership.vote(house, actor(number), week.id, 0, MONDAY)
    membership.queue_due(house, THURSDAY)
    (done,) = the_weeks(house)
    assert (done.state, done.counts) == (WeekState.FEW, None)
    assert keys_in_vault(house) == []
    (row,) = queued(house, Kind.VOTE_RESULT)
    message = render(house, membership.render_vote_result, row, THURSDAY)
    assert message is not None
    assert "from 3 votes on" in message.text
    assert "deleted without being opened" in message.text
    assert "2 votes" not in message.text


def test_a_vote_after_noon_on_thursday_does_not_count_even_before_the_opening(house: House) -> None:
    set_up(house)
    week = posted_week(house)
    assert not membership.vote(house, actor(0), week.id, 0, THURSDAY).sealed
    with house.database.reading() as tx:
        assert circle_weeks.sealed_votes(tx, week.id) == []


def test_strangers_and_members_of_other_circles_cannot_vote(house: House) -> None:
    program = set_up(house)
    seat(house, program, 9, channel="C2")
    week = posted_week(house)
    mine = week if week.circle_id == the_circle(house).id else the_weeks(house)[0]
    for who in (actor(9), Actor("T1", "U-lead"), Actor("T2", "U00")):
        with pytest.raises(NotFound):
            membership.vote(house, who, mine.id, 0, MONDAY)
    for option in (-1, 4, 9):
        with pytest.raises(WrongState):
            membership.vote(house, actor(0), mine.id, option, MONDAY)
    with pytest.raises(WrongState):
        membership.vote(house, actor(0), "no-such-week", 0, MONDAY)


def test_a_forged_or_moved_envelope_is_not_counted(house: House) -> None:
    set_up(house, 6)
    week = posted_week(house)
    for number in range(5):
        membership.vote(house, actor(number), week.id, 1, MONDAY)
    with house.database.transaction() as tx:
        forged = {"circle_week_id": week.id, "trainee_id": "t05", "sealed": bytes(80)}
        tx.execute(insert(tables.vote).values(**forged))
    membership.queue_due(house, THURSDAY)
    assert the_weeks(house)[0].counts == (0, 5, 0, 0)


def test_a_crash_between_counting_and_destroying_is_made_good_by_the_next_chore(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(house)
    week = posted_week(house)
    for number in range(5):
        membership.vote(house, actor(number), week.id, 2, MONDAY)

    def killed(_house: House, _week_ids: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(votes, "destroy_spent_keys", killed)
        with pytest.raises(KeyboardInterrupt):
            membership.queue_due(house, THURSDAY)
    assert keys_in_vault(house) == [week.id]
    membership.queue_due(house, THURSDAY + timedelta(minutes=1))
    retention.tidy(house, THURSDAY + timedelta(minutes=2))
    assert keys_in_vault(house) == []
    assert the_weeks(house)[0].counts == (0, 0, 5, 0)
    assert len(queued(house, Kind.VOTE_RESULT)) == 1


def test_a_facilitator_who_pauses_is_noticed_within_a_minute(house: House) -> None:
    set_up(house)
    while membership.queue_due(house, KIT):
        pass
    first = the_weeks(house)[0].facilitator_id
    set_state(house, int(str(first)[1:]), TraineeState.PAUSED)
    membership.queue_due(house, KIT + timedelta(seconds=1))
    assert the_weeks(house)[0].facilitator_id == first, "open weeks are not read every second"
    membership.queue_due(house, KIT + timedelta(minutes=1))
    assert the_weeks(house)[0].facilitator_id not in {first, None}


def test_a_lost_key_leaves_a_week_without_figures(house: House) -> None:
    set_up(house)
    week = posted_week(house)
    for number in range(5):
        membership.vote(house, actor(number), week.id, 2, MONDAY)
    with house.vault.transaction() as vault_tx:
        vault.destroy_window_key(vault_tx, week.id)
    membership.queue_due(house, THURSDAY)
    assert the_weeks(house)[0].state is WeekState.FEW


def test_whatever_is_voted_leaves_rows_of_the_same_size_and_the_same_answer(house: House) -> None:
    set_up(house)
    week = posted_week(house)
    answers = set()
    for option in range(4):
        answers.add(membership.vote(house, actor(0), week.id, option, MONDAY))
        with house.database.reading() as tx:
            (sealed,) = circle_weeks.sealed_votes(tx, week.id)
        assert len(sealed) == 80
    assert len(answers) == 1


def test_a_closed_circle_is_silent_and_opens_again_where_it_stood(house: House) -> None:
    program = set_up(house)
    week = posted_week(house)
    membership.vote(house, actor(0), week.id, 0, MONDAY)
    membership.queue_due(house, FRIDAY - timedelta(days=2))
    assert membership.close_circle(house, "T1", "C1")
    assert not membership.close_circle(house, "T1", "C-unknown")
    assert the_circle(house).state is CircleState.CLOSED
    assert keys_in_vault(house) == []
    for days in range(14):
        membership.queue_due(house, MONDAY + timedelta(days=days))
    assert len(queued(house, Kind.SCENARIO)) == 1
    assert render(house, membership.render_scenario, queued(house, Kind.SCENARIO)[0]) is None
    with pytest.raises(WrongState):
        membership.vote(house, actor(0), week.id, 0, MONDAY)
    seat(house, program, 0, now=FRIDAY)
    membership.queue_due(house, MONDAY + WEEK)
    assert the_weeks(house)[-1].number == 2


def test_a_planned_week_vanishes_with_its_circle(house: House) -> None:
    set_up(house)
    membership.queue_due(house, KIT)
    membership.close_circle(house, "T1", "C1")
    assert the_weeks(house) == []
    assert keys_in_vault(house) == []
    (kit,) = queued(house, Kind.FACILITATOR_KIT)
    assert render(house, membership.render_facilitator_kit, kit, KIT) is None


def test_a_circle_of_two_is_not_asked_to_vote(house: House) -> None:
    set_up(house, 2)
    posted_week(house)
    (row,) = queued(house, Kind.SCENARIO)
    message = render(house, membership.render_scenario, row)
    assert message is not None
    assert "circle.vote." not in str(message.blocks)
    assert "too few for a vote" in str(message.blocks)


def test_a_late_scenario_is_not_rendered_once_its_votes_are_open(house: House) -> None:
    set_up(house)
    posted_week(house)
    (row,) = queued(house, Kind.SCENARIO)
    assert render(house, membership.render_scenario, row, THURSDAY) is None


def test_a_circle_whose_channel_is_another_programs_is_refused(house: House) -> None:
    program = set_up(house)
    other = {**vars(program), "id": "other", "name": "Other", "zone": "Europe/Berlin"}
    with house.database.transaction() as tx:
        programs.add_program(tx, other)
        stranger = programs.program_by_id(tx, "other")
        assert stranger is not None
        with pytest.raises(UserMistake, match="another program"):
            membership.join(house, tx, stranger, "C1", "Harbour", "t00", BEFORE)


def test_a_circle_that_delivery_closed_loses_its_votes_unread(house: House) -> None:
    set_up(house)
    week = posted_week(house)
    for number in range(5):
        membership.vote(house, actor(number), week.id, 0, MONDAY)
    with house.database.transaction() as tx:
        rows.change_circle(tx, week.circle_id, state=CircleState.CLOSED)
    membership.queue_due(house, MONDAY + timedelta(minutes=1))
    assert the_weeks(house)[0].state is WeekState.FEW
    assert keys_in_vault(house) == []
    assert queued(house, Kind.VOTE_RESULT) == []


def test_several_workers_at_once_post_ask_and_open_once(house: House) -> None:
    program = set_up(house)
    for number in range(5, 15):
        seat(house, program, number, channel="C2")

    def tick_together(moment: datetime) -> None:
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(membership.queue_due, house, moment) for _ in range(4)]:
                done.result()
        membership.queue_due(house, moment)  # whoever found a circle taken comes again

    tick_together(KIT)
    assert len(queued(house, Kind.FACILITATOR_KIT)) == 2
    tick_together(MONDAY)
    assert len(queued(house, Kind.SCENARIO)) == 2
    assert sum(turns(house)) == 1
    assert len(keys_in_vault(house)) == 2
    settle(house)
    tick_together(THURSDAY)
    assert len(queued(house, Kind.VOTE_RESULT)) == 2
    assert keys_in_vault(house) == []
