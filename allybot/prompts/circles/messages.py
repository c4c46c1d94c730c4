"""The scenario of the week in a circle's channel."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ButtonElement

from allybot.content import Scenario
from allybot.domain.circles import CircleWeek
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.blocks import shortened
from allybot.prompts.circles import facilitating_ids
from allybot.prompts.help import support_line

LETTERS = "ABCDEFGHIJ"
_SPOKEN = 75
"""Most characters of a button's accessibility label (Slack, button element)."""


@dataclass(frozen=True)
class CircleFacts:
    """What a circle's posts need besides the week and its scenario.

    Attributes:
        facilitator: Slack user of this week's facilitator, None where it runs by itself.
        next_facilitator: Slack user of next week's as planned now, None when it is nobody else.
        zone: the program's, in which times are shown.
        min_votes: fewer votes are deleted unopened.
        votes: whether the circle has enough members to reach `min_votes`.
        second: Slack user of who facilitates it with them.
        wants_second: whether the facilitator would like that.
    """

    facilitator: str | None
    next_facilitator: str | None
    zone: ZoneInfo
    support_contact: str
    min_votes: int
    votes: bool
    second: str | None = None
    wants_second: bool = False


def scenario(say: Say, story: Scenario, week: CircleWeek, facts: CircleFacts) -> Message:
    """Monday's post: the situation, one question, the options, and a sealed vote."""
    rows: list[Block] = [
        {**blocks.heading(say(story.title)), "block_id": f"scenario.{week.monday.isoformat()}"},
        blocks.section(_facilitator_line(say, facts)),
    ]
    if story.warning:
        rows.append(blocks.section(_warning(say, story.warning)))
    rows += [
        blocks.section(blocks.escape(say(story.situation))),
        blocks.section(
            say(
                "*One line is enough, in the thread:* {question}",
                question=blocks.escape(say(story.questions[0])),
            )
        ),
        blocks.section(
            say("*What would you do first?* None of these is marked right.") + "\n" + options(say, story)
        ),
    ]
    rows += _vote(say, story, week, facts)
    rows.append(_facilitating(say, week, facts))
    rows.append(
        blocks.small(
            say(
                "The people in the story are invented. Everyone in this channel sees what is written here; "
                "allybot cannot read it. Leave out names and whatever would tell who it was."
            )
        )
    )
    rows.append(support_line(say, facts.support_contact))
    return blocks.message(say, rows, blocks.to_the_channel(say))


def _warning(say: Say, warning: str) -> str:
    return blocks.escape(say(warning)) + " " + say("If you would rather sit this one out, just do.")


def _facilitator_line(say: Say, facts: CircleFacts) -> str:
    if facts.facilitator is None:
        return say(
            "This week runs by itself: the question stands in the thread. Whoever likes can facilitate."
        )
    line = say("<@{user}> facilitates this week.", user=facts.facilitator)
    if facts.second:
        users = {"user": facts.facilitator, "second": facts.second}
        line = say("<@{user}> and <@{second}> facilitate this week.", **users)
    if facts.next_facilitator:
        line += " " + say("Probably next: <@{user}>.", user=facts.next_facilitator)
    return line


def _facilitating(say: Say, week: CircleWeek, facts: CircleFacts) -> Block:
    """Taking the week or joining who has it, and who is next."""
    value = ids.CircleWeekValue(week=week.id).pack()
    buttons = [blocks.button(say("Who is next?"), facilitating_ids.WHO_IS_NEXT, value)]
    if facts.facilitator is None:
        buttons.insert(
            0, blocks.button(say("I will facilitate this week"), facilitating_ids.VOLUNTEER, value)
        )
    elif facts.second is None and facts.wants_second:
        buttons.insert(0, blocks.button(say("I will do it with them"), facilitating_ids.VOLUNTEER, value))
    return blocks.actions(buttons, "volunteer")


def options(say: Say, story: Scenario) -> str:
    """The options of a scenario, in a line each."""
    return "\n".join(
        f"*{LETTERS[place]}*  {blocks.escape(say(option.text))}" for place, option in enumerate(story.options)
    )


def _vote(say: Say, story: Scenario, week: CircleWeek, facts: CircleFacts) -> list[Block]:
    if not facts.votes:
        return [
            blocks.small(
                say(
                    "This circle has fewer than {least} members, too few for a vote in which nobody can be "
                    "recognised. Decide for yourself first, then compare.",
                    least=facts.min_votes,
                )
            )
        ]
    day = say.day(week.opens_at.astimezone(facts.zone).date())
    return [
        blocks.actions(
            [_vote_button(say, story, week, place) for place in range(len(story.options))], "vote"
        ),
        blocks.small(
            say(
                "Votes are sealed and opened together on {day}, or as soon as everyone has voted. It takes "
                "{least} votes; fewer are deleted without being opened. Counts are shown, names never. When "
                "few vote, or others say what they chose, it can sometimes be worked out who chose what. "
                "Where all choose the same, that shows too.",
                day=day,
                least=facts.min_votes,
            )
        ),
    ]


def _vote_button(say: Say, story: Scenario, week: CircleWeek, place: int) -> ButtonElement:
    # Only the letter is shown: the options stand right above, and Slack cuts long buttons on a phone.
    letter = LETTERS[place]
    spelled_out = say("Vote {letter}: {option}", letter=letter, option=say(story.options[place].text))
    return ButtonElement(
        text=say("Vote {letter}", letter=letter),
        action_id=f"{ids.VOTE}.{place}",
        value=ids.CircleWeekValue(week=week.id, option=place).pack(),
        accessibility_label=shortened(spelled_out, _SPOKEN),
    )
