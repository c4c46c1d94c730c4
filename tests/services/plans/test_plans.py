"""Writing, editing, choosing, finishing and putting aside plans, on both databases."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from allybot.content.program_library import ProgramContent
from allybot.domain.people import Actor
from allybot.domain.plans import Intention, PlanKind, PlanState, Wording
from allybot.domain.trainee import TraineeState
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.services.context import Context
from allybot.services.plans import plans
from allybot.store import tables, trainees
from tests.support.trainee_timeline import Timeline

NOW = datetime(2026, 1, 6, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
STRANGER = Actor("T1", "U-stranger")


@pytest.fixture
def who(context: Context) -> Actor:
    """A trainee who has consented and has no plan."""
    return Timeline(context).actor


def write(context: Context, who: Actor, form: str = "form", kind: str = "fear", **changes: object):
    words = {"cue": "it is quiet", "response": "ask", "next_moment_on": None, "now": NOW, **changes}
    cue, response, moment = words["cue"], words["response"], words["next_moment_on"]
    coping = words.get("coping")
    return plans.write(context, who, form, kind, cue, response, moment, words["now"], coping=coping)


def test_a_plan_is_stored_and_shown_to_its_owner(context: Context, who: Actor) -> None:
    plan = write(context, who, cue="If she is cut off", next_moment_on=date(2026, 1, 9))
    book = plans.book(context, who)
    assert book.plans == (plan,)
    assert book.focus == plan
    assert plan.intention == Intention("she is cut off", "ask")
    assert plan.next_moment_on == date(2026, 1, 9)


def test_writing_a_plan_puts_another_aside_once(context: Context, who: Actor) -> None:
    old = write(context, who)
    plans.focus(context, who, old.id)
    new = plans.write(context, who, "second", "fear", "he laughs", "say so", None, NOW, aside=old.id)
    assert plans.write(context, who, "second", "fear", "he laughs", "say so", None, NOW, aside=old.id) == new
    found = plans.book(context, who)
    assert {plan.id: plan.state for plan in found.plans} == {
        old.id: PlanState.RETIRED,
        new.id: PlanState.ACTIVE,
    }
    assert found.focus == new
    plans.put_aside(context, who, new.id)
    assert plans.take_up(context, who, old.id).intention == old.intention


def test_a_refused_plan_puts_nothing_aside(context: Context, who: Actor) -> None:
    old = write(context, who)
    write(context, who, form="other", kind="listening")
    for changes in (
        {"kind": "listening"},
        {"cue": " "},
        {"next_moment_on": date(2026, 1, 5)},
        {"aside": "0" * 32},
    ):
        given = {"kind": "fear", "cue": "he laughs", "next_moment_on": None, "aside": old.id, **changes}
        with pytest.raises(FieldError):
            plans.write(
                context, who, "new", given["kind"], given["cue"], "say so", given["next_moment_on"], NOW,
                aside=given["aside"],
            )  # fmt: skip
    assert [plan.state for plan in plans.book(context, who).plans] == [PlanState.ACTIVE] * 2


def test_the_words_of_a_plan_are_encrypted_in_the_database(context: Context, who: Actor) -> None:
    plan = write(context, who, cue="the zebra meeting", response="whistle", coping="zebra again")
    plans.edit(context, who, plan.id, "the other zebra meeting", "whistle", None, NOW, coping="zebra again")
    with context.database.reading() as tx:
        row = tx.execute(select(tables.private_record)).one()
    assert b"zebra" not in bytes(row.locked)


def test_the_record_of_somebody_who_writes_much_is_as_long_as_that_of_who_writes_nothing(
    context: Context, who: Actor
) -> None:
    def length() -> int:
        with context.database.reading() as tx:
            return len(tx.execute(select(tables.private_record.c.locked)).scalar_one())

    before = length()
    for kind in ("fear", "bystander", "listening"):
        plan = write(context, who, f"form-{kind}", kind, cue=f"somebody is cut off in the {kind} meeting")
        for number in range(6):
            response = f"ask them to go on, for the {number}th time, and listen until they have finished"
            plans.edit(context, who, plan.id, plan.intention.cue, response, None, NOW)
    assert length() == before


def test_submitting_a_form_twice_stores_one_plan(context: Context, who: Actor) -> None:
    assert write(context, who) == write(context, who)
    assert len(plans.book(context, who).plans) == 1


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
def test_an_invalid_field_is_named_and_nothing_is_written(
    context: Context, who: Actor, changes: dict, field: str, reason: str
) -> None:
    with pytest.raises(FieldError) as problem:
        write(context, who, **changes)
    assert (problem.value.field, problem.value.reason) == (field, reason)
    assert plans.book(context, who).plans == ()


def test_today_in_the_trainees_zone_is_not_past(context: Context) -> None:
    who = Timeline(context, "Pacific/Kiritimati").actor  # there it is already the 6th, 23:00
    assert write(context, who, next_moment_on=date(2026, 1, 6)).next_moment_on == date(2026, 1, 6)


def test_there_is_one_active_plan_per_kind_and_three_in_all(context: Context, who: Actor) -> None:
    first = write(context, who, "1", PlanKind.FEAR)
    with pytest.raises(FieldError, match="kind: taken"):
        write(context, who, "2", PlanKind.FEAR)
    write(context, who, "3", PlanKind.BYSTANDER)
    write(context, who, "4", PlanKind.LISTENING)
    with pytest.raises(FieldError, match="kind: full"):
        write(context, who, "5", PlanKind.PRACTICE)
    plans.finish(context, who, first.id)
    assert write(context, who, "6", PlanKind.FEAR).state is PlanState.ACTIVE


def test_editing_a_plan_keeps_its_id(context: Context, who: Actor) -> None:
    plan = write(context, who)
    mended = plans.edit(context, who, plan.id, "we meet on Friday", "listen", None, NOW)
    assert (mended.id, mended.intention) == (plan.id, Intention("we meet on Friday", "listen"))


def test_an_earlier_wording_is_stored_with_its_day_only_when_the_words_change(
    context: Context, who: Actor
) -> None:
    plan = write(context, who)
    assert plans.book(context, who).plans[0].earlier == ()
    plans.edit(context, who, plan.id, "it is quiet", "ask", date(2026, 1, 9), NOW, coping="breathe")
    assert plans.book(context, who).plans[0].earlier == ()
    for response, now in (("ask twice", NOW), ("listen", NOW), ("listen", LATER), ("ask", LATER)):
        plans.edit(context, who, plan.id, "it is quiet", response, None, now)
    found = plans.earlier(context, who, plan.id)
    assert found.intention.response == "ask"
    assert found.earlier == tuple(
        Wording(Intention("it is quiet", before), date(2026, 1, 6))
        for before in ("ask", "ask twice", "listen")
    )
    assert len(plans.book(context, who).plans[0].earlier) > 0


def test_the_day_of_a_change_is_in_the_trainees_zone(context: Context) -> None:
    who = Timeline(context, "Pacific/Auckland").actor
    plan = write(context, who)
    plans.edit(context, who, plan.id, "a", "b", None, datetime(2026, 1, 6, 12, tzinfo=UTC))
    assert plans.earlier(context, who, plan.id).earlier[0].replaced_on == date(2026, 1, 7)


def test_two_concurrent_identical_edits_store_one_wording(context: Context, who: Actor) -> None:
    plan = write(context, who)

    def send() -> None:
        plans.edit(context, who, plan.id, "a", "b", None, NOW)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(plans.earlier(context, who, plan.id).earlier) == 1


def test_a_coping_line_is_stored_changed_and_deleted(context: Context, who: Actor) -> None:
    plan = write(context, who, coping=" then I will say  sorry. ")
    assert plan.coping == "say sorry"
    assert plans.edit(context, who, plan.id, "a", "b", None, NOW, coping="breathe").coping == "breathe"
    assert plans.edit(context, who, plan.id, "a", "b", None, NOW, coping=" ").coping is None


def test_a_plan_put_aside_is_not_asked_about_until_taken_up_again(context: Context, who: Actor) -> None:
    first, second = write(context, who, "1"), write(context, who, "2", PlanKind.LISTENING, now=LATER)
    plans.focus(context, who, first.id)
    for _ in range(2):
        assert plans.put_aside(context, who, first.id).state is PlanState.RETIRED
    assert plans.book(context, who).focus == second
    with pytest.raises(WrongStateError):
        plans.focus(context, who, first.id)
    for _ in range(2):
        assert plans.take_up(context, who, first.id).state is PlanState.ACTIVE
    assert plans.book(context, who).active == (first, second)


def test_a_plan_is_taken_up_again_only_where_there_is_room(context: Context, who: Actor) -> None:
    resting = write(context, who, "1", PlanKind.FEAR)
    plans.put_aside(context, who, resting.id)
    other = write(context, who, "2", PlanKind.FEAR)
    with pytest.raises(FieldError, match="kind: taken"):
        plans.take_up(context, who, resting.id)
    plans.finish(context, who, other.id)
    for number, kind in enumerate((PlanKind.BYSTANDER, PlanKind.LISTENING, PlanKind.PRACTICE)):
        write(context, who, f"more {number}", kind)
    with pytest.raises(FieldError, match="kind: full"):
        plans.take_up(context, who, resting.id)


def test_a_plan_that_is_done_stays_done(context: Context, who: Actor) -> None:
    plan = write(context, who)
    plans.finish(context, who, plan.id)
    for act in (plans.put_aside, plans.take_up):
        with pytest.raises(WrongStateError):
            act(context, who, plan.id)
    assert plans.book(context, who).plans[0].state is PlanState.FINISHED


def test_no_plan_can_be_written_of_a_kind_that_is_switched_off(context: Context, who: Actor) -> None:
    resting, kept = write(context, who, "1", PlanKind.FEAR), write(context, who, "2", PlanKind.LISTENING)
    plans.put_aside(context, who, resting.id)
    ships = context.content.plan_library
    less = ships.model_copy(update={"kinds": {PlanKind.LISTENING: ships.kind(PlanKind.LISTENING)}})
    program = plans.book(context, who).program.name
    own = {"programs": {program: ProgramContent(plan_library=less)}}
    tuned = replace(context, content=context.content.model_copy(update=own))
    for act in (
        lambda: write(tuned, who, "3", PlanKind.BYSTANDER),
        lambda: plans.to_put_aside(tuned, who, PlanKind.BYSTANDER),
        lambda: plans.take_up(tuned, who, resting.id),
    ):
        with pytest.raises(FieldError, match="kind: off"):
            act()
    assert plans.edit(tuned, who, kept.id, "a", "b", None, NOW).intention.cue == "a"


def test_an_unchanged_past_day_does_not_prevent_an_edit(context: Context, who: Actor) -> None:
    plan = write(context, who, next_moment_on=date(2026, 1, 7))
    later = datetime(2026, 2, 1, tzinfo=UTC)
    assert plans.edit(context, who, plan.id, "a", "b", date(2026, 1, 7), later).intention.cue == "a"


def test_the_chosen_focus_stays_until_the_plan_is_done(context: Context, who: Actor) -> None:
    first, second = write(context, who, "1"), write(context, who, "2", PlanKind.LISTENING, now=LATER)
    assert plans.book(context, who).focus == first
    plans.focus(context, who, second.id)
    assert plans.book(context, who).focus == second
    plans.finish(context, who, second.id)
    assert plans.book(context, who).focus == first
    with pytest.raises(WrongStateError):
        plans.focus(context, who, second.id)


def test_another_persons_plan_is_not_found(context: Context) -> None:
    life = Timeline(context)
    owner, other = life.actor, life.enrol("U2")
    plan = write(context, owner)
    for act in (
        lambda: plans.finish(context, other, plan.id),
        lambda: plans.focus(context, other, plan.id),
        lambda: plans.edit(context, other, plan.id, "a", "b", None, NOW),
        lambda: plans.put_aside(context, other, plan.id),
        lambda: plans.take_up(context, other, plan.id),
        lambda: plans.earlier(context, other, plan.id),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert plans.book(context, owner).plans == (plan,)


@pytest.mark.usefixtures("who")
def test_a_stranger_has_no_plans(context: Context) -> None:
    with pytest.raises(NotFoundError):
        plans.book(context, STRANGER)


@pytest.mark.parametrize("state", [TraineeState.INVITED, TraineeState.LATER, TraineeState.DECLINED])
def test_plans_cannot_be_written_before_consent(context: Context, who: Actor, state: TraineeState) -> None:
    with context.database.transaction() as tx:
        trainee = trainees.trainee_of(tx, who)
        assert trainee
        trainees.change_trainee(tx, trainee.id, state=state)
    with pytest.raises(WrongStateError):
        write(context, who)
