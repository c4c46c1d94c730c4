"""Everything held about a person is shown to them; sealed answers are counted without being opened."""

import dataclasses
import json
from datetime import datetime

import pytest

from allybot.domain.my_data import Held, HeldInProgram, HeldTrainee
from allybot.domain.people import Actor
from allybot.domain.plans import Outcome
from allybot.domain.program_changes import ProgramChange, What
from allybot.domain.suggestions import Reply, Suggestion, SuggestionState
from allybot.i18n import Say
from allybot.prompts.data import my_data as prompts
from allybot.services.context import Context
from allybot.services.data import forget_me, my_data
from allybot.services.programs import creators, leading
from allybot.store.circles import role_stories
from allybot.store.programs import changes
from allybot.store.programs import suggestions as stored_suggestions
from allybot.store.tables import trainee
from tests.support.full_trainee import (
    AL,
    BO,
    COPING,
    CUE,
    CUE_BEFORE,
    DEED,
    LEAD,
    QUESTION,
    RESPONSE,
    SUGGESTION,
    Al,
    full_trainee,
)


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


def of(held: Held) -> HeldTrainee:
    assert held.trainee is not None
    return held.trainee


def test_his_plans_answers_votes_and_messages_are_all_there(al: Al) -> None:
    held = my_data.held(al.context, AL)
    (plan,) = of(held).plans
    assert (plan.cue, plan.response, plan.coping) == (CUE, RESPONSE, COPING)
    assert [(each.cue, each.response) for each in plan.earlier] == [(CUE_BEFORE, RESPONSE)]
    assert of(held).sealed == (("1-6", 1),)
    assert [(each.step, each.state, each.window) for each in of(held).check_ins] == [(3, "answered", "1-6")]
    assert [(seat.name, seat.sealed_votes, seat.weeks_facilitated) for seat in of(held).circles] == [
        ("Oak", 1, 1)
    ]
    assert {"welcome", "typed_reply"} <= {each.kind for each in held.messages}
    (waiting,) = of(held).circle_texts
    assert (waiting.kind, waiting.waits, waiting.text) == ("question", True, QUESTION)
    assert of(held).deeds == (DEED,)
    assert of(held).suggestion == SUGGESTION
    assert "circle_text" not in {each.kind for each in held.messages}  # that row names nobody


def test_every_column_about_a_trainee_is_shown_or_is_their_own_text() -> None:
    shown = {field.name for field in dataclasses.fields(HeldTrainee)}
    row = {field.name for field in dataclasses.fields(of_type(HeldTrainee, "row"))}
    assert "row" in shown
    assert {column.name for column in trainee.columns} - row == {"record_due_at"}


def of_type(owner: type, name: str) -> type:
    found = next(field for field in dataclasses.fields(owner) if field.name == name).type
    assert isinstance(found, type)
    return found


def test_no_answer_is_opened_or_told(al: Al) -> None:
    held = my_data.held(al.context, AL)
    texts = [my_data.as_json(held), prompts.as_file(Say(), held), str(prompts.shown(Say(), held))]
    for text in texts:
        assert not any(outcome.value in text for outcome in Outcome)
        assert "seal" in text


def test_the_page_and_the_file_say_the_same_in_plain_words(al: Al) -> None:
    held = my_data.held(al.context, AL)
    page, file = str(prompts.shown(Say(), held).blocks), prompts.as_file(Say(), held)
    for words in (
        CUE,
        RESPONSE,
        CUE_BEFORE,
        COPING,
        QUESTION,
        DEED,
        SUGGESTION,
        "UAL",
        "Oak",
        "Allies",
        "Bystander action",
        "6: one sealed answer",
    ):
        assert words in page
        assert words in file
    assert "Slack keeps" in prompts.with_the_file(Say())
    assert "Day 3: answered" in file


def test_a_persons_words_cannot_become_links_or_calls(al: Al) -> None:
    held = my_data.held(al.context, AL)
    evil = dataclasses.replace(of(held).plans[0], cue="<!channel> *now*")
    changed = dataclasses.replace(held, trainee=dataclasses.replace(of(held), plans=(evil,)))
    assert "<!channel>" not in str(prompts.shown(Say(), changed))
    assert "&lt;!channel&gt;" in str(prompts.shown(Say(), changed))
    assert "<!channel> *now*" in prompts.as_file(Say(), changed)


def test_many_long_plans_still_fit_into_slacks_limits(al: Al) -> None:
    held = my_data.held(al.context, AL)
    long = dataclasses.replace(of(held).plans[0], cue="&" * 300, response="<" * 300)
    changed = dataclasses.replace(held, trainee=dataclasses.replace(of(held), plans=(long,) * 200))
    for page in (prompts.shown(Say(), changed).blocks, prompts.page(Say(), changed).body["blocks"]):
        assert len(page) <= 50
        assert all(len(block["text"]["text"]) <= 3000 for block in page if block["type"] == "section")
    assert prompts.as_file(Say(), changed).count("&" * 300) == 200


def test_the_operators_export_is_the_same_as_json(al: Al) -> None:
    found = json.loads(my_data.as_json(my_data.held(al.context, AL)))
    assert found["trainee"]["plans"][0]["cue"] == CUE
    assert found["trainee"]["row"]["zone"] == "Europe/Berlin"
    assert found["trainee"]["sealed"] == [["1-6", 1]]


def test_a_lead_who_is_no_trainee_is_told_that(al: Al) -> None:
    held = my_data.held(al.context, LEAD)
    assert held.trainee is None
    assert held.leads == ("Allies",)
    assert "You lead the program Allies" in prompts.as_file(Say(), held)


def test_a_lead_reads_where_their_name_stands_in_programs(al: Al, now: datetime) -> None:
    day = now.date()
    with al.context.database.transaction() as tx:
        for made in (
            ProgramChange(day, LEAD.slack_user, What.NAME, old="Old", new="Allies"),
            ProgramChange(day, LEAD.slack_user, What.LEAD_ADDED, subject=LEAD.slack_user),
            ProgramChange(day, None, What.COHORT_ADDED, subject=LEAD.slack_user),
            ProgramChange(day, BO.slack_user, What.CONTACT, old="Kim", new="Ada"),
        ):
            changes.add_change(tx, al.program.id, made)
        for number, (state, by) in enumerate(
            [(SuggestionState.ANSWERED, LEAD), (SuggestionState.HIDDEN, LEAD), (SuggestionState.HIDDEN, BO)]
        ):
            told = Suggestion(
                f"s{number}",
                al.program.id,
                state,
                "A lamp",
                Reply.CHANGED,
                settled_by=by.slack_user,
                tell_at=now,
            )
            stored_suggestions.add(tx, al.context.keyring, told, now)
    held = my_data.held(al.context, LEAD)
    assert held.in_programs == (HeldInProgram("Allies", changes=3, suggestions=2),)  # one is the appointment
    page, file = str(prompts.shown(Say(), held).blocks), prompts.as_file(Say(), held)
    for words in (
        "3 changes in the log of Allies carry your name",
        "Beside 2 suggestions in Allies stands that you answered or hid them",
        "Where you asked somebody for a story",
    ):
        assert words in page
        assert words in file
    assert "except what is noted of you as a lead" in page
    assert json.loads(my_data.as_json(held))["in_programs"] == [
        {"program": "Allies", "changes": 3, "suggestions": 2}
    ]
    (elsewhere,) = my_data.held(al.context, BO).in_programs
    assert (elsewhere.changes, elsewhere.suggestions) == (1, 1)


def test_a_lead_does_not_read_who_declined_a_story(al: Al, now: datetime) -> None:
    """How many are asked would fall by one when somebody says no."""
    before = my_data.held(al.context, LEAD)
    asked = role_stories.RoleStory("s1", "T1", al.program.id, "USTRANGER", LEAD.slack_user, now)
    with al.context.database.transaction() as tx:
        role_stories.put(tx, al.context.keyring, asked)
    assert my_data.held(al.context, LEAD) == before
    assert "Where you asked somebody for a story" in prompts.as_file(Say(), before)
    assert "Where you asked somebody" not in prompts.as_file(Say(), my_data.held(al.context, AL))


def test_who_was_a_lead_or_may_create_programs_is_told_that(al: Al, now: datetime) -> None:
    maker = Actor("T1", "UMAKER")
    creators.allow(al.context, maker)
    held = my_data.held(al.context, maker)
    assert (held.may_create, held.is_nothing) == (True, False)
    assert "You may create programs" in prompts.shown(Say(), held).blocks[1]["text"]["text"]
    assert my_data.held(al.context, Actor("T2", "UMAKER")).is_nothing

    leading.appoint_lead(al.context, "Allies", "T1", "UOTHER", now)
    leading.dismiss_lead(al.context, "Allies", "T1", LEAD.slack_user, now)
    held = my_data.held(al.context, LEAD)
    assert (held.leads, held.is_nothing) == ((), False)
    assert held.in_programs == (HeldInProgram("Allies", changes=2, suggestions=0),)


def test_nothing_is_held_about_a_stranger_or_a_namesake_elsewhere(al: Al) -> None:
    for who in (Actor("T1", "UNOBODY"), Actor("T2", "UAL")):
        held = my_data.held(al.context, who)
        assert held.is_nothing
        assert "nothing about you" in prompts.shown(Say(), held).text


def test_after_being_forgotten_there_is_a_digest_and_it_is_said(al: Al) -> None:
    forget_me.forget(al.context, AL)
    held = my_data.held(al.context, AL)
    assert held == Held("T1", "UAL", leads=(), trainee=None, messages=(), suppressed=True)
    assert "numbers made from your Slack id" in prompts.shown(Say(), held).text
