"""Everything held about a person is shown to them; sealed answers are counted without being opened."""

import dataclasses
import json
from datetime import datetime

import pytest

from allybot.domain.my_data import Held, HeldTrainee
from allybot.domain.people import Actor
from allybot.domain.plans import Outcome
from allybot.i18n import Say
from allybot.prompts.data import my_data as prompts
from allybot.services.context import Context
from allybot.services.data import forget_me, my_data
from allybot.store.tables import trainee
from tests.support.full_trainee import (
    AL,
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
