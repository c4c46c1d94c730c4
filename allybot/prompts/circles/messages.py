"""The scenario of the week in a circle's channel, and answers about who facilitates."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ButtonElement

from allybot.content import Scenario
from allybot.domain.circles import CircleWeek
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.blocks import shortened
from allybot.prompts.help import plain, support_line

LETTERS = "ABCDEFGHIJ"
_SPOKEN = 75
"""Most characters of a button's accessibility label (Slack, button element)."""


@dataclass(frozen=True)
class CircleFacts:
    """What a circle's posts need besides the week and its scenario.

    Attributes:
        facilitator: Slack user of this week's facilitator, None without one.
        next_facilitator: Slack user of next week's as planned now, None when it is nobody else.
        zone: the program's, in which times are shown.
        min_votes: fewer votes are deleted unopened.
        votes: whether the circle has enough members to reach `min_votes`.
    """

    facilitator: str | None
    next_facilitator: str | None
    zone: ZoneInfo
    support_contact: str
    min_votes: int
    votes: bool


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
    if facts.facilitator is None:
        value = ids.CircleWeekValue(week=week.id).pack()
        offer = blocks.button(say("I will facilitate this week"), ids.FACILITATE_VOLUNTEER, value)
        rows.append(blocks.actions([offer], "volunteer"))
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


def handed_over(say: Say, *, found: bool) -> Message:
    """The reply to a facilitator who handed a week on; `found`: whether somebody else was asked."""
    if found:
        return plain(say("Thank you for saying so in time. The next in the rotation has been asked."))
    return plain(
        say("Thank you for saying so in time. Everyone was asked already, so the post invites a volunteer.")
    )


def volunteered(say: Say) -> Message:
    """The reply to a volunteer."""
    return plain(say("Thank you, this week is yours. Your kit comes by direct message."))


def _warning(say: Say, warning: str) -> str:
    return blocks.escape(say(warning)) + " " + say("If you would rather sit this one out, just do.")


def _facilitator_line(say: Say, facts: CircleFacts) -> str:
    if facts.facilitator is None:
        return say("Nobody facilitates this week yet. Whoever reads this first is welcome to open.")
    line = say("<@{user}> facilitates this week.", user=facts.facilitator)
    if facts.next_facilitator:
        line += " " + say("Probably next: <@{user}>.", user=facts.next_facilitator)
    return line


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
                "few vote, they can sometimes work out who chose what. Where all choose the same, that shows "
                "too.",
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
