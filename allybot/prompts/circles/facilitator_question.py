"""The question whether somebody facilitates a week, and the answers to what they press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.circles import CircleWeek
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.circles import facilitating_ids
from allybot.prompts.help import covered, plain


@dataclass(frozen=True)
class QuestionFacts:
    """What the question needs besides the week.

    Attributes:
        circle: its name.
        monday: in the program's zone.
        stories: what whoever facilitates may choose among: ids, translated titles; empty once it has begun.
    """

    circle: str
    monday: date
    stories: tuple[tuple[str, str], ...] = ()


def question(say: Say, week: CircleWeek, facts: QuestionFacts, *, again: bool = False) -> Message:
    """Whether they could facilitate a week; `again`: the one reminder."""
    values = {"circle": blocks.escape(facts.circle), "day": say.day(facts.monday)}
    if again:
        text = say(
            "Once more, in case it slipped by: could you facilitate {circle} in the week of {day}? Without "
            "an answer the next one is asked, and you lose no turn.",
            **values,
        )
    else:
        text = say(
            "Could you facilitate {circle} in the week of {day}? There is nothing to prepare: a short kit "
            "comes before the scenario, with words ready to paste.",
            **values,
        )
    rows: list[Block] = [blocks.section(text), *_answers(say, week)]
    return blocks.message(say, rows)


def with_somebody(say: Say, week: CircleWeek, facts: QuestionFacts, user: str) -> Message:
    """The question once somebody else has said yes; `user` is their Slack user."""
    text = say(
        "<@{user}> has said yes to the week of {day} in {circle}. If you like, do it together.",
        user=user,
        day=say.day(facts.monday),
        circle=blocks.escape(facts.circle),
    )
    yes = blocks.button(say("Yes, together"), facilitating_ids.YES, _value(week))
    return blocks.message(say, (blocks.section(text), blocks.actions([yes], "facilitate")))


def yours(
    say: Say, week: CircleWeek, facts: QuestionFacts, together_with: Sequence[str], *, begun: bool
) -> Message:
    """The question after a yes; `together_with` are the Slack users who facilitate it, too."""
    values = {"circle": blocks.escape(facts.circle), "day": say.day(facts.monday)}
    text = say("Thank you, the week of {day} in {circle} is yours.", **values)
    if together_with:
        text += " " + say("You do it together with {people}.", people=mentions(together_with))
    rows: list[Block] = [blocks.section(text), *_stories(say, week, facts), hand_on(say, week, begun=begun)]
    return blocks.message(say, rows)


def nothing_left(say: Say, facts: QuestionFacts) -> Message:
    """What was sent about a week that is no longer theirs to decide on."""
    return covered(
        say,
        say(
            "Facilitating {circle} in the week of {day}: there is nothing left to do.",
            day=say.day(facts.monday),
            circle=blocks.escape(facts.circle),
        ),
    )


def hand_on(say: Say, week: CircleWeek, *, begun: bool) -> Block:
    """The buttons of who facilitates a week, to hand it on or to give it back once it has begun."""
    if begun:
        buttons = [blocks.button(say("I can't after all"), facilitating_ids.CANNOT, _value(week))]
    else:
        buttons = _no(say, week)
    return blocks.actions(buttons, "facilitate")


def too_late(say: Say, coming: CircleWeek | None, *, is_theirs: bool) -> Message:
    """The answer to a button about a week that is over, or that somebody else has.

    Args:
        coming: the week that they are asked for now, if any; it can be decided on here.
        is_theirs: whether they have said yes to it.
    """
    text = say("That week has begun, or somebody else has it.")
    if coming is None:
        return covered(say, " ".join([text, say("Nothing waits for you in the circle.")]))
    if is_theirs:
        text += " " + say("You facilitate the week of {day}:", day=say.day(coming.monday))
        return blocks.message(say, (blocks.section(text), hand_on(say, coming, begun=False)))
    text += " " + say("You are asked for the week of {day}:", day=say.day(coming.monday))
    return blocks.message(say, (blocks.section(text), *_answers(say, coming)))


def yes_said(say: Say, *, together: bool) -> Message:
    """The reply to a yes."""
    if together:
        return plain(say("Thank you, you do it together. Your kit comes by direct message."))
    return plain(say("Thank you, this week is yours. Your kit comes by direct message."))


def taken(say: Say) -> Message:
    """The reply to a yes where others were faster."""
    return plain(say("Somebody was faster this time. Thank you for offering."))


def story_taken(say: Say, title: str) -> Message:
    """The reply to who took another story for their week; its title is translated."""
    text = say("The week's story is now *{title}*. The kit will have its words.", title=blocks.escape(title))
    return covered(say, text)


def together(say: Say, *, invited: bool) -> Message:
    """The reply to who would like to do it with somebody; not `invited`: there are two already."""
    if invited:
        return plain(
            say("The scenario's post invites one more. Whoever presses the button there does it with you.")
        )
    return plain(say("There are two of you already."))


def handed_on(say: Say, *, begun: bool, somebody: bool) -> Message:
    """The reply to who handed a week on; `somebody`: whether somebody else has it or was asked."""
    text = say("Thank you for saying so in time. The week runs by itself, unless somebody takes it.")
    if begun and somebody:
        text = say("Thank you for saying so. The other one of you goes on, and the post says so.")
    elif begun:
        text = say("Thank you for saying so. The week runs by itself now, unless somebody takes it.")
    elif somebody:
        text = say("Thank you for saying so in time. Somebody else has it or has been asked.")
    return covered(say, text)


def mentions(users: Sequence[str]) -> str:
    """Slack users as mentions, which Slack shows as their names."""
    return ", ".join(f"<@{user}>" for user in users)


def _stories(say: Say, week: CircleWeek, facts: QuestionFacts) -> list[Block]:
    """The story of the week, and the others that may be taken instead."""
    titles = dict(facts.stories)
    current = titles.pop(week.scenario_id, None)
    if current is None or not titles:
        return []
    text = say(
        "The story is *{title}*. If another one speaks more to your circle, take it; this one comes later.",
        title=blocks.escape(current),
    )
    return [blocks.section(text), *(_other_story(say, week, each, titles[each]) for each in titles)]


def _other_story(say: Say, week: CircleWeek, scenario_id: str, title: str) -> Block:
    button = blocks.button(
        say("Take this one"),
        facilitating_ids.TAKE_STORY,
        facilitating_ids.StoryValue(week=week.id, scenario=scenario_id).pack(),
        read_aloud=say("Take: {title}", title=title),
    )
    return blocks.section(f"*{blocks.escape(title)}*", accessory=button)


def _answers(say: Say, week: CircleWeek) -> list[Block]:
    yes = blocks.button(say("Yes, I will"), facilitating_ids.YES, _value(week), style="primary")
    return [
        blocks.actions([yes, *_no(say, week)], "facilitate"),
        blocks.small(
            say(
                "A no is as welcome as a yes. After a swap you come first next week; “Not this time” counts "
                "as your turn."
            )
        ),
    ]


def _no(say: Say, week: CircleWeek) -> list[ButtonElement]:
    return [
        blocks.button(say("Swap: next week"), facilitating_ids.SWAP, _value(week)),
        blocks.button(say("Not this time"), facilitating_ids.SKIP, _value(week)),
    ]


def _value(week: CircleWeek) -> str:
    return ids.CircleWeekValue(week=week.id).pack()
