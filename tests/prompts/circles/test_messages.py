"""What a circle reads: complete, within Slack's limits, the same whatever was chosen."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from allybot.content import Scenario, load_content
from allybot.domain.circles import CircleWeek, WeekState
from allybot.domain.deeds import MAX_DEED_LENGTH, MOST_IN_A_ROUND
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks, ids
from allybot.prompts.circles import deed_ids, deeds, facilitating_ids, messages, text_ids, votes
from allybot.prompts.circles.facilitator_kit import KitFacts, facilitator_kit, story_and_care
from allybot.prompts.circles.facilitator_question import (
    QuestionFacts,
    question,
    too_late,
    with_somebody,
    yours,
)
from allybot.prompts.circles.messages import CircleFacts, shortened
from allybot.prompts.circles.rota import who_is_next

SAY = Say()
BERLIN = ZoneInfo("Europe/Berlin")
CONTENT = load_content(None)
OPENS = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)
WEEK = CircleWeek(
    "week", "circle", date(2026, 1, 12), 2, "talked-over", "t1", b"", OPENS, WeekState.OPEN, None
)
GATHERING = CircleFacts("U1", "U2", BERLIN, "Kim <kim@example.org>", 3, votes=True)
OCCASION = KitFacts(
    "ally-circle-1",
    datetime(2026, 1, 12, 9, tzinfo=UTC),
    begun=False,
    zone=BERLIN,
    support_contact="Noor Rahman, +49 30 5550 100",
    together_with=("U5",),
    coming=("U1", "U2", "U3", "U4"),
)
ASKED = QuestionFacts("ally-circle-1", date(2026, 1, 12))
EVERY = pytest.mark.parametrize("story", CONTENT.scenarios, ids=lambda story: story.id)
BLAME = re.compile(r"why didn't|you should have|your fault|good man|great ally|anonymous", re.IGNORECASE)


def buttons(message: Message) -> list[dict[str, Any]]:
    return [
        element for block in message.blocks if block["type"] == "actions" for element in block["elements"]
    ]


def words(message: Message) -> str:
    found: list[str] = []
    for block in message.blocks:
        parts = [block.get("text"), *block.get("elements", [])]
        found += [str(part.get("text")) for part in parts if part]
    return "\n".join(found)


def within_limits(message: Message) -> None:
    assert message.text
    assert len(message.text) < 4000
    assert len(message.blocks) <= 50
    for block in message.blocks:
        if block["type"] == "section":
            assert len(block["text"]["text"]) <= 3000
        if block["type"] == "header":
            assert len(block["text"]["text"]) <= 150
    for button in buttons(message):
        assert len(button["text"]["text"]) <= 75
        assert len(button["value"]) <= 2000
    ids_of_blocks = [block["block_id"] for block in message.blocks if "block_id" in block]
    assert len(ids_of_blocks) == len(set(ids_of_blocks))
    assert not BLAME.search(words(message))


@EVERY
def test_every_message_about_every_scenario_fits_into_slack(story: Scenario) -> None:
    for gathering in (GATHERING, replace(GATHERING, facilitator=None, next_facilitator=None, votes=False)):
        within_limits(messages.scenario(SAY, story, WEEK, gathering))
        within_limits(votes.vote_result(SAY, story, WEEK, gathering))
        counts = tuple(range(len(story.options)))
        within_limits(votes.vote_result(SAY, story, replace(WEEK, counts=counts), gathering))
    for begun in (True, False):
        within_limits(facilitator_kit(SAY, story, WEEK, replace(OCCASION, begun=begun)))


@EVERY
def test_monday_brings_one_question_and_thursday_what_every_option_tends_to_bring(story: Scenario) -> None:
    monday = words(messages.scenario(SAY, story, WEEK, GATHERING))
    assert story.questions[0] in monday
    assert not any(question in monday for question in story.questions[1:])
    assert all(option.text in monday and option.what_it_does not in monday for option in story.options)
    assert story.research not in monday
    thursday = words(votes.vote_result(SAY, story, WEEK, GATHERING))
    assert all(option.what_it_does in thursday for option in story.options)
    assert story.her_view in thursday


def test_whoever_has_not_said_yes_is_named_as_probable_on_monday_and_on_thursday() -> None:
    story = CONTENT.scenarios[0]
    assert "Probably next: <@U2>." in words(messages.scenario(SAY, story, WEEK, GATHERING))
    thursday = words(votes.vote_result(SAY, story, WEEK, GATHERING))
    assert "Probably facilitating next week: <@U2>." in thursday
    assert "turn to facilitate" not in thursday


@EVERY
def test_the_kit_has_three_openers_to_paste_and_the_story_with_its_notes_is_one_tap_away(
    story: Scenario,
) -> None:
    kit = facilitator_kit(SAY, story, WEEK, OCCASION)
    openers = [line[2:] for line in words(kit).splitlines() if line.startswith("> ")]
    assert openers == [*story.questions[:2], story.opener]
    assert story.situation not in words(kit)
    assert ids.ScenarioValue.unpack(buttons(kit)[0]["value"]) == ids.ScenarioValue(scenario=story.id)
    read = story_and_care(SAY, story)
    within_limits(read)
    assert all(each in words(read) for each in (story.situation, *story.questions[1:], *story.notes))
    assert "speaks for a whole group" in words(read)


@EVERY
@pytest.mark.parametrize("begun", [False, True])
def test_a_kit_has_at_most_120_words_whatever_the_story(story: Scenario, begun: bool) -> None:  # noqa: FBT001
    kit = facilitator_kit(SAY, story, WEEK, replace(OCCASION, begun=begun))
    said = [block for block in kit.blocks if block["type"] != "actions"]
    assert 60 < len(words(replace(kit, blocks=tuple(said))).split()) <= 120


def test_each_story_has_an_opener_of_its_own_that_lectures_nobody() -> None:
    openers = [story.opener or "" for story in CONTENT.scenarios]
    assert len(set(openers)) == len(openers)
    assert not [each for each in openers if re.search(r"\b(must|should|never)\b.*\byou\b", each)]
    assert all(each.endswith((".", "?")) for each in openers)


def test_what_may_touch_somebody_is_said_before_the_story() -> None:
    story = CONTENT.scenario("the-customers-hand")
    assert story.warning
    monday = words(messages.scenario(SAY, story, WEEK, GATHERING))
    assert monday.index(story.warning) < monday.index(story.situation)
    assert "would rather sit this one out" in monday
    assert story.warning in words(facilitator_kit(SAY, story, WEEK, OCCASION))
    assert "sit this one out" not in words(messages.scenario(SAY, CONTENT.scenarios[0], WEEK, GATHERING))


def test_a_story_of_misconduct_says_where_to_turn() -> None:
    for name in (
        "funny-accent",
        "the-customers-hand",
        "the-day-after",
        "the-fourth-invitation",
        "the-group-chat",
    ):
        story = CONTENT.scenario(name)
        assert story.where_to_turn
        assert story.where_to_turn in words(votes.vote_result(SAY, story, WEEK, GATHERING))
    assert "Where to turn" not in words(votes.vote_result(SAY, CONTENT.scenarios[0], WEEK, GATHERING))


def test_the_first_block_names_the_monday() -> None:
    message = messages.scenario(SAY, CONTENT.scenarios[0], WEEK, GATHERING)
    assert message.blocks[0]["block_id"] == "scenario.2026-01-12"


def test_each_option_is_spelled_out_and_has_a_button_that_says_what_it_is_for() -> None:
    story = CONTENT.scenarios[0]
    message = messages.scenario(SAY, story, WEEK, GATHERING)
    *offered, _who_is_next = buttons(message)
    assert [button["action_id"] for button in offered] == [f"circle.vote.{n}" for n in range(5)]
    assert all(button["action_id"] in ids.VOTES for button in offered)
    for place, (option, button) in enumerate(zip(story.options, offered, strict=True)):
        assert option.text in words(message)
        assert button["text"]["text"] == f"Vote {'ABCDE'[place]}"
        assert button["accessibility_label"].startswith(f"Vote {'ABCDE'[place]}: {option.text[:20]}")
        value = ids.CircleWeekValue.unpack(button["value"])
        assert value is not None
        assert (value.week, value.option) == ("week", place)


def test_a_deeds_round_asks_for_deeds_and_says_what_was_told_without_a_name() -> None:
    empty = deeds.deeds_round(SAY, WEEK.monday, (), "Kim")
    assert empty.blocks[0]["block_id"] == "deeds.2026-01-12"
    assert "What you intend can stay with you" in words(empty)
    assert [button["action_id"] for button in buttons(empty)] == [deed_ids.DEED_TELL]
    full = deeds.deeds_round(SAY, WEEK.monday, ("I said <hello>", "I asked her"), "Kim")
    assert "> I said &lt;hello&gt;\n> I asked her" in words(full)
    assert "do not guess whose they are" in words(full)
    assert [button["action_id"] for button in buttons(full)] == [deed_ids.DEED_TELL, ids.PLAN_NEW]


def test_a_deeds_round_leaves_out_what_slack_has_no_room_for() -> None:
    full = deeds.deeds_round(SAY, WEEK.monday, ("&" * MAX_DEED_LENGTH,) * MOST_IN_A_ROUND, "Kim")
    assert blocks.has_room(full.blocks)
    assert words(full).count("> &amp;") == 9


def test_the_scenario_says_who_facilitates_when_votes_open_and_whom_to_turn_to() -> None:
    read = words(messages.scenario(SAY, CONTENT.scenarios[0], WEEK, GATHERING))
    assert "<@U1> facilitates this week" in read
    assert "Probably next: <@U2>" in read
    assert "Thursday 15 January" in read
    assert "It takes 3 votes" in read
    assert "who chose what" in read
    assert "Where all choose the same, that shows too" in read
    assert "Kim &lt;kim@example.org&gt;" in read
    assert "allybot cannot read it" in read


def test_a_result_gives_counts_consequences_and_a_plan_to_take_along() -> None:
    story = CONTENT.scenarios[0]
    message = votes.vote_result(SAY, story, replace(WEEK, counts=(4, 1, 0, 0, 0)), GATHERING)
    read = words(message)
    assert "5 voted" in read
    assert "4 votes" in read
    assert "1 vote\n" in read
    assert all(option.what_it_does in read for option in story.options)
    assert story.research in read
    plan, recap = buttons(message)
    assert plan["action_id"] == ids.MAKE_IT_MY_PLAN
    assert recap["action_id"] == text_ids.RECAP_WRITE
    assert ids.ScenarioValue.unpack(plan["value"]) == ids.ScenarioValue(scenario=story.id)


def test_votes_opened_while_a_story_had_one_option_fewer_are_shown_as_they_were() -> None:
    read = words(votes.vote_result(SAY, CONTENT.scenarios[0], replace(WEEK, counts=(2, 1, 0, 0)), GATHERING))
    assert "3 voted" in read
    assert len(re.findall(r"· \d votes?\n", read)) == 4


def test_too_few_votes_give_no_figure_at_all() -> None:
    message = votes.vote_result(SAY, CONTENT.scenarios[0], WEEK, GATHERING)
    assert "from 3 votes on" in message.text
    assert not re.search(r"\d+ votes?\b(?! on)", words(message))


def test_a_circle_too_small_to_vote_hears_why_there_are_no_figures() -> None:
    message = votes.vote_result(SAY, CONTENT.scenarios[0], WEEK, replace(GATHERING, votes=False))
    assert "talks without figures" in message.text
    assert "The votes" not in message.text


def test_the_kit_names_the_scenario_the_day_and_how_to_go_about_it_in_a_thread_or_a_room() -> None:
    message = facilitator_kit(SAY, CONTENT.scenarios[0], WEEK, replace(OCCASION, together_with=()))
    read = words(message)
    assert "ally-circle-1, Monday 12 January at 10:00" in read
    assert CONTENT.scenarios[0].title in read
    assert "In the thread" in read
    assert "the most junior speak first" in read
    assert "Next: <@U1>, <@U2>, <@U3>, <@U4>" in read
    assert [button["action_id"] for button in buttons(message)] == [
        ids.READ_STORY,
        facilitating_ids.TOGETHER,
        facilitating_ids.SWAP,
        facilitating_ids.SKIP,
    ]
    begun = facilitator_kit(SAY, CONTENT.scenarios[0], WEEK, replace(OCCASION, begun=True))
    assert [button["action_id"] for button in buttons(begun)] == [ids.READ_STORY, facilitating_ids.CANNOT]
    assert "You do it together with <@U5>" in words(begun)


def test_the_question_can_be_answered_in_three_ways_and_a_no_is_welcome() -> None:
    for again in (False, True):
        asked = question(SAY, WEEK, ASKED, again=again)
        within_limits(asked)
        assert [each["text"]["text"] for each in buttons(asked)] == [
            "Yes, I will",
            "Swap: next week",
            "Not this time",
        ]
        assert "A no is as welcome as a yes" in words(asked)
    within_limits(with_somebody(SAY, WEEK, ASKED, "U2"))
    for begun in (False, True):
        within_limits(yours(SAY, WEEK, ASKED, ("U2",), begun=begun))


def test_whoever_prepares_a_week_is_offered_the_next_stories_beside_the_one_planned() -> None:
    stories = tuple((each.id, each.title) for each in CONTENT.scenarios)
    for first in range(0, len(stories), 3):
        offered = (stories[0], *stories[first + 1 :][:2]) if first else stories[:3]
        asked = replace(ASKED, stories=offered)
        shown = yours(SAY, WEEK, asked, (), begun=False)
        within_limits(shown)
        taken = [each["accessory"]["value"] for each in shown.blocks if each.get("accessory")]
        assert len(set(taken)) == len(offered) - 1
    alone = yours(SAY, WEEK, replace(ASKED, stories=stories[:1]), (), begun=False)
    assert "The story is" not in words(alone)


def test_a_button_of_a_past_week_leads_to_the_current_one() -> None:
    assert "Nothing waits for you" in words(too_late(SAY, None, is_theirs=False))
    waiting = too_late(SAY, WEEK, is_theirs=False)
    assert "You are asked for the week of Monday 12 January" in words(waiting)
    assert buttons(waiting)[0]["action_id"] == facilitating_ids.YES
    theirs = too_late(SAY, WEEK, is_theirs=True)
    assert [each["action_id"] for each in buttons(theirs)] == [facilitating_ids.SWAP, facilitating_ids.SKIP]


def test_who_is_next_names_four_weeks_and_says_where_nobody_is_planned() -> None:
    weeks = [(date(2026, 1, 12), ("U1", "U2")), (date(2026, 1, 19), ())]
    read = words(who_is_next(SAY, "ally-circle-1", weeks))
    assert "week of Monday 12 January: <@U1>, <@U2>" in read
    assert "week of Monday 19 January: nobody yet" in read
    assert "last scenario" in words(who_is_next(SAY, "ally-circle-1", []))


def test_a_week_that_nobody_facilitates_runs_by_itself_and_one_more_may_join_where_that_is_wished() -> None:
    def shown(**facts: Any) -> tuple[str, list[str]]:
        message = messages.scenario(SAY, CONTENT.scenarios[0], WEEK, replace(GATHERING, **facts))
        return words(message), [each["text"]["text"] for each in buttons(message)[5:]]

    read, offered = shown(facilitator=None)
    assert "This week runs by itself: the question stands in the thread" in read
    assert offered == ["I will facilitate this week", "Who is next?"]
    assert shown()[1] == ["Who is next?"]
    assert shown(wants_second=True)[1] == ["I will do it with them", "Who is next?"]
    read, offered = shown(wants_second=True, second="U3")
    assert "<@U1> and <@U3> facilitate this week" in read
    assert offered == ["Who is next?"]


def test_what_a_voter_reads_names_no_option() -> None:
    read = votes.vote_sealed(SAY, OPENS, BERLIN).text
    assert "Thursday 15 January at 12:00" in read
    assert not re.search(r"\b[A-E]\b:", read)


@pytest.mark.parametrize("text", ["short", "word " * 40, "x" * 200])
def test_a_shortened_label_ends_between_words_and_fits(text: str) -> None:
    cut = shortened(text, 75)
    assert 0 < len(cut) <= 75
    assert cut == text or cut.endswith("…")


def test_no_sentence_of_a_circle_is_left_out_of_translation() -> None:
    for module in ("messages", "questions", "votes", "facilitator_kit", "facilitator_question", "rota"):
        source = Path(messages.__file__).with_name(f"{module}.py").read_text()
        assert 'plain("' not in source
        assert 'button("' not in source
