"""What check-ins, their help and their frequency read like: warm, dated, confidential, and of one shape."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

import pytest

from allybot.content import Content, load_content
from allybot.domain.check_ins import CheckIn, FromHere, Pick, Tap, picks_for
from allybot.domain.plans import BARRIERS, MAX_HALF_LENGTH, Intention, Plan, PlanKind, PlanState
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins import frequency, keep_going, messages, silence
from allybot.prompts.check_ins import help as check_in_help
from allybot.prompts.plans.repairs import Way
from slack_emulator.blocks import check_message_blocks, check_view

SAY = Say()
PLAN = Plan(
    "p1",
    PlanKind.LISTENING,
    Intention("Ann & I meet <soon>", "ask *her* view"),
    PlanState.ACTIVE,
    datetime(2026, 1, 2, tzinfo=UTC),
)
HOSTILE = replace(PLAN, intention=Intention("&" * MAX_HALF_LENGTH, "<" * MAX_HALF_LENGTH))
ASKED = CheckIn("c1", "t1", 17, "w1", datetime(2026, 1, 20, 9, tzinfo=UTC))
SINCE = date(2026, 1, 6)
REPLAN = replace(ASKED, step=90, window_id=None)
FURTHER = keep_going.Further((120, 150, 180), 180, date(2026, 8, 8), date(2026, 5, 18))
TAPS_AND_PICKS = [(tap, pick) for tap in Tap for pick in ("", *picks_for(tap, 0))]


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(None)


def help_view(
    content: Content, tap: Tap, pick: str = "", plan: Plan = PLAN, *, open_more: bool = False, **more
) -> View:
    value = ids.HelpFormValue(check_in="c1", tap=tap.value, pick=pick, more=open_more)
    return check_in_help.help_form(
        SAY, content.plan_library, value, plan, "Kim & HR", turn=more.pop("turn", 0), rehearsal="fear", **more
    )


def elements(blocks: list[dict]) -> Iterator[tuple[str, dict]]:
    for block in blocks:
        for element in chain(block.get("elements") or [], [block.get("element")]):
            if isinstance(element, dict) and "action_id" in element:
                yield str(block.get("block_id")), element


def by_action(view: View) -> dict[str, dict]:
    return {element["action_id"]: element for _, element in elements(view.body["blocks"])}


def actions(message: Message) -> list[str]:
    return [element["action_id"] for _, element in elements(list(message.blocks))]


def everything(plan: Plan) -> list[Message]:
    return [
        messages.check_in(SAY, ASKED, plan, SINCE, 10),
        messages.follow_up(SAY, ASKED, plan, SINCE, 10, put_off=False),
        messages.follow_up(SAY, ASKED, plan, SINCE, 10, put_off=True),
        messages.replan(SAY, REPLAN, plan, "Kim", FURTHER),
        messages.replan(SAY, REPLAN, None, "Kim", None),
        keep_going.chosen(SAY, REPLAN, FURTHER, date(2026, 5, 5)),
        keep_going.keep_going(SAY, 120, plan, "Kim", is_last=False),
        keep_going.keep_going(SAY, 180, None, "Kim", is_last=True),
        messages.answered(SAY, ASKED, plan.intention),
        messages.answered(SAY, ASKED, None),
        messages.replan_kept(SAY, REPLAN, plan.intention, FURTHER),
        messages.replan_kept(SAY, REPLAN, None, None),
        messages.put_off(SAY, datetime(2026, 1, 7, 9, tzinfo=UTC), ZoneInfo("Europe/Berlin"), None),
        messages.put_off(SAY, None, ZoneInfo("Europe/Berlin"), date(2026, 1, 14)),
        silence.slowed(SAY, date(2026, 2, 17), "Kim"),
        silence.fresh_start(SAY, 56, plan, date(2026, 4, 2), "Kim"),
        silence.fresh_start(SAY, 56, None, None, "Kim"),
        silence.plan_kept(SAY, date(2026, 4, 2)),
        frequency.paused(SAY, date(2026, 1, 14), date(2026, 5, 18)),
        frequency.paused(SAY, None, date(2026, 5, 18)),
        frequency.resumed(SAY, date(2026, 1, 14)),
        frequency.stopped(SAY, date(2026, 5, 18)),
        frequency.slower(SAY, None),
        frequency.kept(SAY, date(2026, 1, 14)),
        frequency.not_possible(SAY),
        *(frequency.problem(SAY, reason, "<!channel>") for reason in ("past", "too_far", "not_understood")),
    ]


def test_a_check_in_quotes_the_plan_and_asks_about_a_dated_time():
    message = messages.check_in(SAY, ASKED, PLAN, SINCE, 12)
    page = json.dumps(message.blocks, ensure_ascii=False)
    assert "Since Tuesday 6 January" in page
    assert "> If Ann &amp; I meet &lt;soon&gt;, then I will ask *\u200bher*\u200b view." in page
    assert "Confidential" in page
    assert "at least 12 people" in page
    assert [element["action_id"] for _, element in elements(list(message.blocks))] == [
        ids.CHECK_IN_ACTED,
        ids.CHECK_IN_MISSED,
        ids.CHECK_IN_NO_MOMENT,
        ids.CHECK_IN_LATER_TODAY,
        ids.CHECK_IN_NOT_TODAY,
        ids.CHECK_IN_NEXT_WEEK,
    ]
    assert all("style" not in element for _, element in elements(list(message.blocks)))


def test_the_first_block_names_the_step_so_that_what_was_seen_can_be_counted():
    named = {
        "check_in.step-17": messages.check_in(SAY, ASKED, PLAN, SINCE, 10),
        "follow_up.step-17": messages.follow_up(SAY, ASKED, PLAN, SINCE, 10, put_off=True),
        "check_in.step-90": messages.replan(SAY, REPLAN, PLAN, "Kim", FURTHER),
        "answered.step-17": messages.answered(SAY, ASKED, PLAN.intention),
    }
    assert {message.blocks[0]["block_id"] for message in named.values()} == set(named)


@pytest.mark.parametrize("plan", [PLAN, HOSTILE])
def test_slack_accepts_every_message_and_makes_no_link_of_the_plans_text(plan: Plan):
    for message in everything(plan):
        check_message_blocks(list(message.blocks))
        assert message.text
        assert "<!channel>" not in json.dumps(message.blocks)


def test_nothing_blames_or_flatters(content: Content):
    views = [help_view(content, tap, pick) for tap, pick in TAPS_AND_PICKS]
    page = json.dumps([view.body for view in views]) + json.dumps(
        [message.blocks for message in everything(PLAN)]
    )
    for phrase in ("why didn", "why did you not", "failed", "great ally", "good man", "should have"):
        assert phrase not in page.casefold()


@pytest.mark.parametrize(("tap", "pick"), TAPS_AND_PICKS)
@pytest.mark.parametrize("plan", [PLAN, HOSTILE])
@pytest.mark.parametrize("open_more", [False, True])
def test_every_help_is_a_modal_slack_takes_with_somebody_to_turn_to(
    content: Content, tap: Tap, pick: str, plan: Plan, *, open_more: bool
):
    view = help_view(content, tap, pick, plan, why="&" * 500, counts=False, open_more=open_more)
    check_view(view.body, "modal")
    assert "Kim &amp; HR" in json.dumps(view.body, ensure_ascii=False)
    assert "too late to count" in json.dumps(view.body)


def shape(view: View) -> tuple:
    """What can be chosen and what is preselected, without the texts."""
    return tuple(
        (
            block_id.partition(".")[0],
            element["action_id"],
            element["type"],
            (element.get("initial_option") or {}).get("value"),
        )
        for block_id, element in elements(view.body["blocks"])
    )


@pytest.mark.parametrize("step", ["first", "plans", "more"])
def test_after_every_answer_the_same_is_offered_with_the_same_preselected(content: Content, step: str):
    shapes = {
        shape(help_view(content, tap, pick, open_more=step == "more", has_circle=True))
        for tap, pick in TAPS_AND_PICKS
        if bool(pick) == (step != "first")
    }
    assert len(shapes) == 1


def test_the_second_step_offers_three_whole_plans_beside_the_plan_as_it_is(content: Content):
    for tap, pick in TAPS_AND_PICKS:
        if pick:
            radio = by_action(help_view(content, tap, pick))[ids.CHECK_IN_WAY]
            assert len(radio["options"]) == 4, (tap, pick)
            first, *others = radio["options"]
            assert first == radio["initial_option"]
            assert first["text"]["text"] == "Keep it as it is"
            for each in others:
                is_plan = each["text"]["text"].startswith("If ")
                assert is_plan or each["text"]["text"].startswith("My reminder: ")


@pytest.mark.parametrize(("tap", "pick"), TAPS_AND_PICKS)
def test_a_step_of_the_help_is_read_in_ten_seconds(content: Content, tap: Tap, pick: str):
    """40 words beside the choices themselves, at 240 words a minute."""
    view = help_view(content, tap, pick)
    said = [block["text"]["text"] for block in view.body["blocks"] if block["type"] == "section"]
    assert len(" ".join(said).split()) <= 40


def test_the_first_question_tells_us_of_a_pick_before_the_form_is_sent(content: Content):
    for tap in Tap:
        (block,) = [
            block for block in help_view(content, tap).body["blocks"] if block.get("block_id") == "branch"
        ]
        assert block["dispatch_action"] is True
        assert block["optional"] is True
        assert block["element"]["type"] == "radio_buttons"
        assert "initial_option" not in block["element"]


def test_barriers_are_all_there_and_take_turns_at_the_top(content: Content):
    firsts = set()
    for turn in range(len(BARRIERS)):
        options = by_action(help_view(content, Tap.NOT_ACTED, turn=turn))[ids.CHECK_IN_BRANCH]["options"]
        values = [option["value"] for option in options]
        assert sorted(values) == sorted(BARRIERS)
        firsts.add(values[0])
    assert firsts == set(BARRIERS)


def test_more_fills_in_the_plan_as_written_or_the_one_that_was_chosen(content: Content):
    fields = by_action(help_view(content, Tap.ACTED, Pick.SAME, open_more=True))
    assert fields[check_in_help.CUE]["initial_value"] == PLAN.intention.cue
    way = Way("any.0", "", "", Intention("we meet", "listen first"))
    view = help_view(content, Tap.ACTED, Pick.SAME, open_more=True, way=way)
    assert by_action(view)[check_in_help.RESPONSE]["initial_value"] == "listen first"
    assert "If Ann &amp; I meet &lt;soon&gt;" in json.dumps(view.body, ensure_ascii=False)


def test_his_own_why_is_shown_where_it_matters_less_just_now(content: Content):
    shown = json.dumps(help_view(content, Tap.NOT_ACTED, "less_motivated", why="my <daughter>").body)
    assert "my &lt;daughter&gt;" in shown
    assert "daughter" not in json.dumps(help_view(content, Tap.NOT_ACTED, "forgot", why="my daughter").body)


def test_a_thing_that_reminds_stands_below_the_plan_in_the_check_in():
    with_thing = replace(PLAN, cue_object="a toy brick on my <notebook>")
    message = messages.check_in(SAY, ASKED, with_thing, SINCE, 10)
    assert "My reminder: a toy brick on my &lt;notebook&gt;." in json.dumps(message.blocks)


def test_the_answered_message_is_the_same_for_everybody_at_that_step():
    shown = messages.answered(SAY, ASKED, PLAN.intention)
    assert blocks.escape(PLAN.intention.cue) in str(shown.blocks)
    assert [element["action_id"] for _, element in elements(list(shown.blocks))] == [
        ids.CHECK_IN_CHANGE,
        ids.PLANS_SHOW,
    ]


def test_changing_an_answer_preselects_none():
    view = messages.change_form(SAY, "c1", "Kim")
    check_view(view.body, "modal")
    radio = by_action(view)[messages.ANSWER]
    assert [option["value"] for option in radio["options"]] == [tap.value for tap in Tap]
    assert "initial_option" not in radio


def test_what_comes_next_is_said_by_choice_alone():
    for choice in FromHere:
        view = check_in_help.settled(SAY, PLAN, "Kim", from_here=choice, next_on=date(2026, 1, 27))
        check_view(view.body, "modal")
        assert "Tuesday 27 January" in json.dumps(view.body)


def test_the_replan_records_nothing_and_offers_to_begin_anew():
    message = messages.replan(SAY, REPLAN, PLAN, "Kim", FURTHER)
    assert actions(message) == [
        ids.PLAN_EDIT, ids.PLAN_NEW, ids.REPLAN_KEEP, ids.PLAN_FINISH, ids.KEEP_GOING,
    ]  # fmt: skip
    assert "no answer is recorded" in json.dumps(message.blocks)
    bare = messages.replan(SAY, REPLAN, None, "Kim", None)
    assert actions(bare) == [ids.PLAN_NEW, ids.REPLAN_KEEP]


def test_the_offer_to_keep_going_says_what_comes_and_what_is_kept_how_much_longer():
    for message in (
        messages.replan(SAY, REPLAN, PLAN, "Kim", FURTHER),
        messages.replan_kept(SAY, REPLAN, PLAN.intention, FURTHER),
    ):
        page = json.dumps(message.blocks, ensure_ascii=False)
        assert "at about days 120, 150 and 180" in page
        assert "nothing is recorded" in page
        assert "until 8 August 2026 instead of 18 May 2026; by tapping you agree to that" in page
        assert "Keep going until day 180" in page


def test_a_message_after_the_replan_quotes_the_plan_and_asks_nothing():
    message = keep_going.keep_going(SAY, 120, PLAN, "Kim", is_last=False)
    assert actions(message) == [ids.PLAN_NEW, ids.PLAN_EDIT, ids.LINES_SHOW, ids.FREQUENCY_STOP]
    assert "120 days have passed" in message.text
    assert "?" not in message.text
    last = keep_going.keep_going(SAY, 180, None, "Kim", is_last=True)
    assert actions(last) == [ids.PLAN_NEW, ids.LINES_SHOW]
    assert "the last of these messages" in last.text


def test_silence_is_answered_with_one_tap_back_and_one_to_stop_and_no_question():
    slowed = silence.slowed(SAY, date(2026, 2, 17), "Kim")
    assert actions(slowed) == [ids.FREQUENCY_KEEP, ids.FREQUENCY_STOP]
    assert "The next message comes on Tuesday 17 February" in slowed.text
    fresh = silence.fresh_start(SAY, 56, PLAN, date(2026, 4, 2), "Kim")
    assert actions(fresh) == [
        ids.FRESH_START_KEEP, ids.PLAN_NEW, ids.FREQUENCY_KEEP, ids.FREQUENCY_STOP,
    ]  # fmt: skip
    assert "> If Ann" in json.dumps(fresh.blocks)
    bare = silence.fresh_start(SAY, 56, None, None, "Kim")
    assert actions(bare) == [ids.PLAN_NEW, ids.FREQUENCY_KEEP, ids.FREQUENCY_STOP]
    assert "?" not in slowed.text + fresh.text + bare.text
