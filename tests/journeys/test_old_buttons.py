"""Buttons and forms of another time, of another person, or of nobody: answered kindly, with nothing lost."""

import json

import pytest

from allybot.prompts import ids
from allybot.prompts.circles import facilitating_ids
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, stands_in, until, words
from tests.journeys.test_check_ins import QUESTION, SNOOZES, TAPS, asked, ballots

STALE = "no longer does anything"
KEPT_OPEN = "Your words are still here"
GARBAGE = (
    "",
    "{}",
    "not json",
    "null",
    '{"check_in":"../../etc","v":1}',
    '{"check_in":"' + "x" * 1900 + '","v":1}',
    '{"v":1,"check_in":"a","plan":"b","week":"c","option":99}',
    "'; DROP TABLE plan; --",
)
NAMED = {
    ids.CHECK_IN_ACTED: ids.CheckInValue,
    ids.CHECK_IN_NOT_TODAY: ids.CheckInValue,
    ids.CHECK_IN_CHANGE: ids.CheckInValue,
    ids.REPLAN_KEEP: ids.CheckInValue,
    ids.KEEP_GOING: ids.CheckInValue,
    ids.PLAN_EDIT: ids.PlanValue,
    ids.PLAN_FINISH: ids.PlanValue,
    ids.PLAN_PUT_ASIDE: ids.PlanValue,
    ids.PLAN_TAKE_UP: ids.PlanValue,
    ids.PLAN_WORDINGS: ids.PlanValue,
    ids.PLAN_FOCUS: ids.PlanValue,
    f"{ids.VOTE}.0": ids.CircleWeekValue,
    facilitating_ids.YES: ids.CircleWeekValue,
    facilitating_ids.SWAP: ids.CircleWeekValue,
    facilitating_ids.SKIP: ids.CircleWeekValue,
    facilitating_ids.CANNOT: ids.CircleWeekValue,
    facilitating_ids.TOGETHER: ids.CircleWeekValue,
    facilitating_ids.VOLUNTEER: ids.CircleWeekValue,
    facilitating_ids.WHO_IS_NEXT: ids.CircleWeekValue,
    facilitating_ids.TAKE_STORY: facilitating_ids.StoryValue,
    ids.MAKE_IT_MY_PLAN: ids.ScenarioValue,
    ids.READ_STORY: ids.ScenarioValue,
}
"""Buttons whose value names something."""


def with_button(journey: Journey, person: Person, action: str, value: str) -> dict:
    """A message in their direct message with this button, as some version of the bot may have left it."""
    button = {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": "Press"}}
    if value:
        button["value"] = value
    channel = journey.as_bot("conversations.open", users=person.user)["channel"]["id"]
    blocks = [{"type": "actions", "elements": [button]}]
    posted = journey.as_bot("chat.postMessage", channel=channel, text="A message", blocks=blocks)
    return {"ts": posted["ts"], "blocks": posted["message"]["blocks"]}


def presses_and_reads(person: Person, message: dict) -> str:
    """They press the one button of a message; what they are told then, or the modal that opens."""
    before = len(person.messages())
    person.presses("Press", message)

    def look() -> str | None:
        view = person.remote.get(f"view/{person.user}")["view"]
        more = person.messages()[before:]
        return words(view) if view else words(more[-1]) if more else None

    return until(look, "an answer to the press")


def everything(journey: Journey) -> dict[str, list]:
    """All rows a press could change."""
    with journey.context.database.reading() as tx:
        return {
            table: sorted(map(str, tx.exec_driver_sql(f"SELECT * FROM {table}").all()))  # noqa: S608 - ours
            for table in ("check_in", "ballot", "vote", "trainee", "circle_week")
        }


def test_garbage_in_a_button_is_answered_kindly_and_changes_nothing(journey: Journey) -> None:
    jonas = asked(journey, 0)
    before = everything(journey)
    for action in NAMED:
        for value in GARBAGE[:3]:
            assert STALE in presses_and_reads(jonas, with_button(journey, jonas, action, value)), action
    for value in GARBAGE[3:]:
        message = with_button(journey, jonas, ids.CHECK_IN_ACTED, value)
        assert STALE in presses_and_reads(jonas, message)
    assert everything(journey) == before


def test_a_button_nobody_knows_any_more_is_answered_kindly(journey: Journey) -> None:
    jonas = journey.people[0]
    for action in ("plan.gone", "something.else", "circle.vote.12"):
        assert STALE in presses_and_reads(jonas, with_button(journey, jonas, action, "x"))


def test_a_value_of_another_version_is_not_acted_upon(journey: Journey) -> None:
    jonas = asked(journey, 0)
    value = next(
        element["value"]
        for block in jonas.reads(QUESTION)["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == ids.CHECK_IN_ACTED
    )
    for version in (0, 2, 99):
        old = json.dumps({**json.loads(value), "v": version})
        message = with_button(journey, jonas, ids.CHECK_IN_ACTED, old)
        assert STALE in presses_and_reads(jonas, message)
    assert ballots(journey) == []
    jonas.presses("I did it")
    assert jonas.modal("Your check-in")


@pytest.mark.parametrize("label", [*TAPS, *SNOOZES])
def test_an_old_questions_button_leads_to_the_newest_question(journey: Journey, label: str) -> None:
    jonas = asked(journey, 0)
    old = jonas.reads(QUESTION)
    journey.go_to(1, 22)
    before = everything(journey)
    jonas.presses(label, old)
    view = jonas.modal("Your check-in")
    assert "That question has passed. This is the newest one" in words(view)
    assert "talked over" in words(view)
    assert everything(journey) == before
    assert jonas.submits(view, answer="I did it")["response_action"] == "update"
    assert [slot for _, slot, _ in ballots(journey)] == [10]
    jonas.closes()
    jonas.presses("I did it", old)  # the newest is answered, so that the old one can be told now
    jonas.modal("Your check-in", lambda view: "That question has passed" not in words(view))
    assert [slot for _, slot, _ in ballots(journey)] == [3, 10]


def test_somebody_elses_button_has_no_effect(journey: Journey) -> None:
    jonas = asked(journey, 0)
    tomasz = journey.people[1]
    tomasz.begins()
    jonas.asks("/allybot plans")
    before = everything(journey)
    taken = {
        element["action_id"]: element["value"]
        for message in jonas.messages()
        for block in message["blocks"]
        for element in block.get("elements", [])
        if element.get("value") and element["action_id"] in NAMED
    }
    taken.pop(ids.READ_STORY, None)  # anybody may read the story of the week
    assert {ids.CHECK_IN_ACTED, ids.CHECK_IN_NOT_TODAY, ids.PLAN_EDIT, ids.PLAN_FINISH} <= set(taken)
    for action, value in taken.items():
        told = presses_and_reads(tomasz, with_button(journey, tomasz, action, value))
        assert STALE in told, action
        assert "talked over" not in told
    assert everything(journey) == before


def test_buttons_from_before_a_restart_still_work(journey: Journey) -> None:
    jonas = asked(journey, 0)
    jonas.asks("/allybot plans")
    listed = jonas.messages()[-1]
    journey.restart()
    jonas.presses("I did it")
    before = jonas.modal("Your check-in")
    journey.restart()
    jonas.presses_in_modal("More")
    view = jonas.modal("Your check-in", lambda now: bool(now["hash"] != before["hash"]))
    journey.restart()
    assert jonas.submits(view, response="ask her to go on")["response_action"] == "update"
    jonas.closes()
    jonas.presses("Call it done", listed)
    until(lambda: "*Done*" in words(jonas.messages()[-1]) or None, "the list to change")
    journey.run_worker()
    assert jonas.reads("Your answer is sealed")


def test_a_form_opened_before_a_restart_can_still_be_sent(journey: Journey) -> None:
    jonas = journey.people[0]
    jonas.begins()
    view = jonas.begins_plan()
    journey.restart()
    view = jonas.goes_on(view)
    journey.restart()
    view = jonas.goes_on(view, cue="a meeting begins", response="listen")
    journey.restart()
    assert jonas.submits(view, coping="breathe")["response_action"] == "update"
    shown = words(jonas.modal("Your plan"))
    assert "If a meeting begins, then I will listen." in shown
    assert "If it goes badly, then I will breathe." in shown


def test_a_press_while_the_bot_is_away_is_told_so_and_works_later(journey: Journey) -> None:
    jonas = asked(journey, 0)
    question = jonas.reads(QUESTION)
    journey.disconnect()
    answer = journey.remote.post(
        "interact",
        channel=jonas.user,
        messageTs=question["ts"],
        user=jonas.user,
        action={"action_id": ids.CHECK_IN_ACTED},
    )
    assert not answer["acknowledged"]
    journey.connect()
    jonas.presses("I did it", question)
    assert jonas.modal("Your check-in")


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (ids.PLAN_FORM, {"cue": "my own moment", "response": "my own deed"}),
        (ids.PLAN_EDIT_FORM, {"cue": "my own moment", "response": "my own deed"}),
        (ids.CHECK_IN_HELP_FORM, {"cue": "my own moment", "response": "my own deed"}),
        (ids.CHECK_IN_CHANGE_FORM, {"answer": "I did it"}),
        ("form.of.another.version", {"cue": "my own moment", "response": "my own deed"}),
    ],
)
def test_a_form_of_another_version_is_kept_open_with_all_that_was_typed(
    journey: Journey, form: str, fields: dict[str, str]
) -> None:
    jonas = asked(journey, 0)
    before = everything(journey)
    for metadata in ('{"v":99,"form":"a","check_in":"a","tap":"acted"}', "garbage", ""):
        view = opened_as_bot(journey, jonas, form, metadata)
        answer = jonas.submits(view, **fields)
        assert answer["response_action"] == "errors", answer
        assert KEPT_OPEN in next(iter(answer["errors"].values()))
        still = jonas.modal(view["title"]["text"])
        assert {name: stands_in(still, name) for name in fields} == fields
        jonas.closes()
    assert everything(journey) == before


def opened_as_bot(journey: Journey, person: Person, form: str, metadata: str) -> dict:
    """A form with forged metadata before them: the one the bot opens, opened again by its token."""
    if form == ids.CHECK_IN_CHANGE_FORM:
        title, inputs = "Change my answer", [CHOICE]
    else:
        title, inputs = "Write a plan", [typed("cue"), typed("response")]
    person.presses("Press", with_button(journey, person, "nobody.knows", "x"))
    pressed = journey.remote.get("log?kind=delivery&delivery=interactive")["log"][-1]
    view = {
        "type": "modal",
        "callback_id": form,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "private_metadata": metadata,
        "blocks": inputs,
    }
    journey.as_bot("views.open", trigger_id=pressed["payload"]["trigger_id"], view=view)
    return person.modal(title)


def typed(name: str) -> dict:
    """A text field."""
    element = {"type": "plain_text_input", "action_id": name}
    return {
        "type": "input",
        "block_id": name,
        "label": {"type": "plain_text", "text": name},
        "element": element,
    }


CHOICE = {
    "type": "input",
    "block_id": "answer",
    "label": {"type": "plain_text", "text": "What happened?"},
    "element": {
        "type": "radio_buttons",
        "action_id": "answer",
        "options": [{"text": {"type": "plain_text", "text": "I did it"}, "value": "acted"}],
    },
}


def test_a_form_about_a_plan_called_done_meanwhile_keeps_what_was_typed(journey: Journey) -> None:
    jonas = asked(journey, 0)
    jonas.asks("/allybot plans")
    listed = jonas.messages()[-1]
    jonas.presses("Mend it", listed)
    view = jonas.modal("Mend a plan")
    with journey.context.database.transaction() as tx:
        tx.exec_driver_sql("UPDATE trainee SET state = 'declined'")
    answer = jonas.submits(view, cue="my own moment")
    assert answer["response_action"] == "errors"
    assert stands_in(jonas.modal("Mend a plan"), "cue") == "my own moment"
