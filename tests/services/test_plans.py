"""Writing, editing, choosing and finishing plans, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from allybot.domain.people import Actor, TraineeState
from allybot.domain.plans import Intention, PlanKind, PlanState
from allybot.errors import FieldProblem, NotFound, WrongState
from allybot.services import plans
from allybot.services.house import House
from allybot.store import people, tables
from tests.services.ladder_life import Life

NOW = datetime(2026, 1, 6, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
STRANGER = Actor("T1", "U-stranger")


@pytest.fixture
def who(house: House) -> Actor:
    """Somebody who said yes and has no plan yet."""
    return Life(house).actor


def write(house: House, who: Actor, form: str = "form", kind: str = "fear", **changes: object):
    words = {"cue": "it is quiet", "response": "ask", "next_moment_on": None, "now": NOW, **changes}
    cue, response, moment = words["cue"], words["response"], words["next_moment_on"]
    return plans.write(house, who, form, kind, cue, response, moment, words["now"])


def test_a_plan_is_kept_and_shown_to_its_owner(house: House, who: Actor) -> None:
    plan = write(house, who, cue="If she is cut off", next_moment_on=date(2026, 1, 9))
    book = plans.book(house, who)
    assert book.plans == (plan,)
    assert book.focus == plan
    assert plan.intention == Intention("she is cut off", "ask")
    assert plan.next_moment_on == date(2026, 1, 9)


def test_no_word_of_a_plan_stands_in_the_database(house: House, who: Actor) -> None:
    write(house, who, cue="the zebra meeting", response="whistle")
    with house.database.reading() as tx:
        row = tx.execute(select(tables.plan)).one()
    assert b"zebra" not in b"".join(bytes(value) for value in row if isinstance(value, bytes))
    assert "zebra" not in repr([value for value in row if not isinstance(value, bytes)])


def test_sending_the_same_form_twice_keeps_one_plan(house: House, who: Actor) -> None:
    assert write(house, who) == write(house, who)
    assert len(plans.book(house, who).plans) == 1


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"cue": " "}, "cue", "empty"),
        ({"response": ""}, "response", "empty"),
        ({"cue": "x" * 3000}, "cue", "too_long"),
        ({"kind": ""}, "kind", "empty"),
        ({"kind": "heroism"}, "kind", "empty"),
        ({"next_moment_on": date(2026, 1, 5)}, "next_moment_on", "past"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field_and_nothing_is_written(
    house: House, who: Actor, changes: dict, field: str, reason: str
) -> None:
    with pytest.raises(FieldProblem) as problem:
        write(house, who, **changes)
    assert (problem.value.field, problem.value.reason) == (field, reason)
    assert plans.book(house, who).plans == ()


def test_today_is_not_past_in_his_own_zone(house: House) -> None:
    who = Life(house, "Pacific/Kiritimati").actor  # there it is already the 6th, 23:00
    assert write(house, who, next_moment_on=date(2026, 1, 6)).next_moment_on == date(2026, 1, 6)


def test_there_is_one_active_plan_a_kind_and_three_in_all(house: House, who: Actor) -> None:
    first = write(house, who, "1", PlanKind.FEAR)
    with pytest.raises(FieldProblem, match="kind: taken"):
        write(house, who, "2", PlanKind.FEAR)
    write(house, who, "3", PlanKind.BYSTANDER)
    write(house, who, "4", PlanKind.LISTENING)
    with pytest.raises(FieldProblem, match="kind: full"):
        write(house, who, "5", PlanKind.PRACTICE)
    plans.finish(house, who, first.id)
    assert write(house, who, "6", PlanKind.FEAR).state is PlanState.ACTIVE


def test_a_plan_is_mended_in_place(house: House, who: Actor) -> None:
    plan = write(house, who)
    mended = plans.edit(house, who, plan.id, "we meet on Friday", "listen", None, NOW)
    assert (mended.id, mended.intention) == (plan.id, Intention("we meet on Friday", "listen"))


def test_a_day_that_has_passed_since_it_was_named_does_not_stop_an_edit(house: House, who: Actor) -> None:
    plan = write(house, who, next_moment_on=date(2026, 1, 7))
    later = datetime(2026, 2, 1, tzinfo=UTC)
    assert plans.edit(house, who, plan.id, "a", "b", date(2026, 1, 7), later).intention.cue == "a"


def test_the_focus_is_his_choice_until_the_plan_is_done(house: House, who: Actor) -> None:
    first, second = write(house, who, "1"), write(house, who, "2", PlanKind.LISTENING, now=LATER)
    assert plans.book(house, who).focus == first
    plans.focus(house, who, second.id)
    assert plans.book(house, who).focus == second
    plans.finish(house, who, second.id)
    assert plans.book(house, who).focus == first
    with pytest.raises(WrongState):
        plans.focus(house, who, second.id)


def test_another_persons_plan_is_not_found(house: House) -> None:
    life = Life(house)
    owner, other = life.actor, life.enrol("U2")
    plan = write(house, owner)
    for act in (
        lambda: plans.finish(house, other, plan.id),
        lambda: plans.focus(house, other, plan.id),
        lambda: plans.edit(house, other, plan.id, "a", "b", None, NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert plans.book(house, owner).plans == (plan,)


@pytest.mark.usefixtures("who")
def test_a_stranger_has_no_plans(house: House) -> None:
    with pytest.raises(NotFound):
        plans.book(house, STRANGER)


@pytest.mark.parametrize("state", [TraineeState.INVITED, TraineeState.LATER, TraineeState.DECLINED])
def test_nobody_writes_plans_before_he_has_said_yes(house: House, who: Actor, state: TraineeState) -> None:
    with house.database.transaction() as tx:
        trainee = people.trainee_of(tx, who)
        assert trainee
        people.change_trainee(tx, trainee.id, state=state)
    with pytest.raises(WrongState):
        write(house, who)
