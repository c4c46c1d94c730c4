"""Writing, editing, choosing, finishing and putting aside plans, on both databases."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from allybot.domain.people import Actor
from allybot.domain.plans import Intention, PlanKind, PlanState, Wording
from allybot.domain.trainee import TraineeState
from allybot.errors import FieldProblem, NotFound, WrongState
from allybot.services.context import House
from allybot.services.plans import history, plans
from allybot.store import tables, trainees
from tests.support.trainee_timeline import Life

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
    coping = words.get("coping")
    return plans.write(house, who, form, kind, cue, response, moment, words["now"], coping=coping)


def test_a_plan_is_kept_and_shown_to_its_owner(house: House, who: Actor) -> None:
    plan = write(house, who, cue="If she is cut off", next_moment_on=date(2026, 1, 9))
    book = plans.book(house, who)
    assert book.plans == (plan,)
    assert book.focus == plan
    assert plan.intention == Intention("she is cut off", "ask")
    assert plan.next_moment_on == date(2026, 1, 9)


def test_another_plan_is_put_aside_in_the_same_breath_and_only_once(house: House, who: Actor) -> None:
    old = write(house, who)
    plans.focus(house, who, old.id)
    new = plans.write(house, who, "second", "fear", "he laughs", "say so", None, NOW, aside=old.id)
    assert plans.write(house, who, "second", "fear", "he laughs", "say so", None, NOW, aside=old.id) == new
    found = plans.book(house, who)
    assert {plan.id: plan.state for plan in found.plans} == {
        old.id: PlanState.RETIRED,
        new.id: PlanState.ACTIVE,
    }
    assert found.focus == new
    plans.put_aside(house, who, new.id)
    assert plans.take_up(house, who, old.id).intention == old.intention


def test_where_nothing_can_be_kept_nothing_is_put_aside(house: House, who: Actor) -> None:
    old = write(house, who)
    write(house, who, form="other", kind="listening")
    for changes in (
        {"kind": "listening"},
        {"cue": " "},
        {"next_moment_on": date(2026, 1, 5)},
        {"aside": "0" * 32},
    ):
        given = {"kind": "fear", "cue": "he laughs", "next_moment_on": None, "aside": old.id, **changes}
        with pytest.raises(FieldProblem):
            plans.write(
                house, who, "new", given["kind"], given["cue"], "say so", given["next_moment_on"], NOW,
                aside=given["aside"],
            )  # fmt: skip
    assert [plan.state for plan in plans.book(house, who).plans] == [PlanState.ACTIVE] * 2


def test_no_word_of_a_plan_stands_in_the_database(house: House, who: Actor) -> None:
    plan = write(house, who, cue="the zebra meeting", response="whistle", coping="zebra again")
    plans.edit(house, who, plan.id, "the other zebra meeting", "whistle", None, NOW, coping="zebra again")
    with house.database.reading() as tx:
        rows = [tx.execute(select(table)).one() for table in (tables.plan, tables.plan_wording)]
    values = [value for row in rows for value in row]
    assert sum(isinstance(value, bytes) for value in values) == 6
    assert b"zebra" not in b"".join(value for value in values if isinstance(value, bytes))
    assert "zebra" not in repr([value for value in values if not isinstance(value, bytes)])


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
        ({"coping": "x" * 301}, "coping", "too_long"),
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


def test_how_a_plan_read_before_is_kept_with_the_day_and_only_when_the_words_changed(
    house: House, who: Actor
) -> None:
    plan = write(house, who)
    assert plans.book(house, who).reworded == frozenset()
    plans.edit(house, who, plan.id, "it is quiet", "ask", date(2026, 1, 9), NOW, coping="breathe")
    assert plans.book(house, who).reworded == frozenset()
    for response, now in (("ask twice", NOW), ("listen", NOW), ("listen", LATER), ("ask", LATER)):
        plans.edit(house, who, plan.id, "it is quiet", response, None, now)
    found = history.earlier(house, who, plan.id)
    assert found.plan.intention.response == "ask"
    assert found.wordings == tuple(
        Wording(Intention("it is quiet", before), date(2026, 1, 6))
        for before in ("ask", "ask twice", "listen")
    )
    assert plans.book(house, who).reworded == {plan.id}


def test_the_day_of_a_change_is_that_of_his_own_zone(house: House) -> None:
    who = Life(house, "Pacific/Auckland").actor
    plan = write(house, who)
    plans.edit(house, who, plan.id, "a", "b", None, datetime(2026, 1, 6, 12, tzinfo=UTC))
    assert history.earlier(house, who, plan.id).wordings[0].replaced_on == date(2026, 1, 7)


def test_the_same_change_sent_twice_at_once_leaves_one_wording(house: House, who: Actor) -> None:
    plan = write(house, who)

    def send() -> None:
        plans.edit(house, who, plan.id, "a", "b", None, NOW)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(history.earlier(house, who, plan.id).wordings) == 1


def test_a_coping_line_is_kept_changed_and_taken_back(house: House, who: Actor) -> None:
    plan = write(house, who, coping=" then I will say  sorry. ")
    assert plan.coping == "say sorry"
    assert plans.edit(house, who, plan.id, "a", "b", None, NOW, coping="breathe").coping == "breathe"
    assert plans.edit(house, who, plan.id, "a", "b", None, NOW, coping=" ").coping is None


def test_a_plan_put_aside_rests_until_it_is_taken_up_again(house: House, who: Actor) -> None:
    first, second = write(house, who, "1"), write(house, who, "2", PlanKind.LISTENING, now=LATER)
    plans.focus(house, who, first.id)
    for _ in range(2):
        assert plans.put_aside(house, who, first.id).state is PlanState.RETIRED
    assert plans.book(house, who).focus == second
    with pytest.raises(WrongState):
        plans.focus(house, who, first.id)
    for _ in range(2):
        assert plans.take_up(house, who, first.id).state is PlanState.ACTIVE
    assert plans.book(house, who).active == (first, second)


def test_a_plan_is_taken_up_again_only_where_there_is_room(house: House, who: Actor) -> None:
    resting = write(house, who, "1", PlanKind.FEAR)
    plans.put_aside(house, who, resting.id)
    other = write(house, who, "2", PlanKind.FEAR)
    with pytest.raises(FieldProblem, match="kind: taken"):
        plans.take_up(house, who, resting.id)
    plans.finish(house, who, other.id)
    for number, kind in enumerate((PlanKind.BYSTANDER, PlanKind.LISTENING, PlanKind.PRACTICE)):
        write(house, who, f"more {number}", kind)
    with pytest.raises(FieldProblem, match="kind: full"):
        plans.take_up(house, who, resting.id)


def test_a_plan_that_is_done_stays_done(house: House, who: Actor) -> None:
    plan = write(house, who)
    plans.finish(house, who, plan.id)
    for act in (plans.put_aside, plans.take_up):
        with pytest.raises(WrongState):
            act(house, who, plan.id)
    assert plans.book(house, who).plans[0].state is PlanState.FINISHED


def test_a_kind_that_a_program_has_switched_off_takes_no_new_plans(house: House, who: Actor) -> None:
    resting, kept = write(house, who, "1", PlanKind.FEAR), write(house, who, "2", PlanKind.LISTENING)
    plans.put_aside(house, who, resting.id)
    ships = house.content.plan_library
    less = ships.model_copy(update={"kinds": {PlanKind.LISTENING: ships.kind(PlanKind.LISTENING)}})
    program = plans.book(house, who).program.name
    tuned = replace(house, content=house.content.model_copy(update={"libraries": {program: less}}))
    for act in (
        lambda: write(tuned, who, "3", PlanKind.BYSTANDER),
        lambda: plans.to_put_aside(tuned, who, PlanKind.BYSTANDER),
        lambda: plans.take_up(tuned, who, resting.id),
    ):
        with pytest.raises(FieldProblem, match="kind: off"):
            act()
    assert plans.edit(tuned, who, kept.id, "a", "b", None, NOW).intention.cue == "a"


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
        lambda: plans.put_aside(house, other, plan.id),
        lambda: plans.take_up(house, other, plan.id),
        lambda: history.earlier(house, other, plan.id),
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
        trainee = trainees.trainee_of(tx, who)
        assert trainee
        trainees.change_trainee(tx, trainee.id, state=state)
    with pytest.raises(WrongState):
        write(house, who)
