"""The facilitator's kit: at most 120 words, and what helps in any circle one tap away."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from allybot.content import Scenario
from allybot.domain.circles import CircleWeek
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.circles import facilitating_ids
from allybot.prompts.circles.facilitator_question import hand_on, mentions
from allybot.prompts.circles.messages import options
from allybot.prompts.circles.votes import lines_to_say
from allybot.prompts.help import support_line


@dataclass(frozen=True)
class KitFacts:
    """What the kit needs besides the week and its scenario.

    Attributes:
        post_at: aware UTC; when the scenario is posted.
        begun: it is posted already.
        zone: the program's, in which times are shown.
        together_with: Slack users who facilitate the week, too.
        coming: Slack users of the next weeks as planned now, in order.
    """

    circle: str
    post_at: datetime
    begun: bool
    zone: ZoneInfo
    support_contact: str
    together_with: tuple[str, ...] = ()
    coming: tuple[str, ...] = ()


def facilitator_kit(say: Say, story: Scenario, week: CircleWeek, facts: KitFacts) -> Message:
    """Three openers of this story to paste, how to go about it in a thread or a room, and who is next."""
    value = ids.CircleWeekValue(week=week.id).pack()
    buttons = [
        blocks.button(
            say("Read the story, and what helps"),
            ids.READ_STORY,
            ids.ScenarioValue(scenario=story.id, names=week.names or 0).pack(),
        )
    ]
    if not facts.together_with:
        buttons.append(blocks.button(say("Do it with somebody"), facilitating_ids.TOGETHER, value))
    rows: list[Block] = [
        blocks.heading(say("Your kit for the circle")),
        blocks.section(_occasion(say, story, facts)),
        blocks.section(_openers(say, story)),
        blocks.section(
            say("*In the thread:* one, and the next when it goes quiet.")
            + "\n"
            + say("*In a room:* vote, then the most junior speak first.")
        ),
        blocks.actions(buttons, "story"),
        hand_on(say, week, begun=facts.begun),
    ]
    if facts.coming:
        rows.append(blocks.small(say("Next: {people}", people=mentions(facts.coming))))
    rows.append(support_line(say, facts.support_contact))
    return blocks.message(say, rows)


def story_and_care(say: Say, story: Scenario) -> Message:
    """The story with its options and notes, and what helps in any circle; the same for everyone."""
    rows: list[Block] = [
        blocks.heading(say(story.title)),
        blocks.section(blocks.escape(say(story.situation))),
        blocks.section(options(say, story)),
        blocks.section(with_this_story(say, story)),
        blocks.section(_care(say)),
    ]
    return blocks.message(say, rows)


def _occasion(say: Say, story: Scenario, facts: KitFacts) -> str:
    values = {"circle": blocks.escape(facts.circle), "title": blocks.escape(say(story.title))}
    if facts.begun:
        lines = [say("You facilitate {circle} this week: *{title}*.", **values)]
    else:
        day = say.day(facts.post_at.astimezone(facts.zone).date())
        hour = say.hour(facts.post_at, facts.zone)
        lines = [say("{circle}, {day} at {hour}: *{title}*.", day=day, hour=hour, **values)]
    if facts.together_with:
        lines.append(say("You do it together with {people}.", people=mentions(facts.together_with)))
    if story.warning:
        lines.append(blocks.escape(say(story.warning)))
    return " ".join(lines)


def _openers(say: Say, story: Scenario) -> str:
    openers = [*story.questions[:2], *([story.opener] if story.opener else story.questions[2:])]
    return "\n\n".join([say("*Ready to paste*"), *(f"> {blocks.escape(say(each))}" for each in openers)])


def with_this_story(say: Say, story: Scenario) -> str:
    """What helps with this story in particular: questions, notes and ready words."""
    lines = [say("*If the talk stalls*"), *(f"• {blocks.escape(say(each))}" for each in story.questions[1:])]
    if story.notes:
        lines += [say("*With this story*"), *(f"• {blocks.escape(say(each))}" for each in story.notes)]
    lines += [lines_to_say(say, story)] if story.lines else []
    return "\n".join(lines)


def _care(say: Say) -> str:
    return "\n".join(
        (
            say("*What helps*"),
            "• " + say("Open with deeds: what did each of you do, and what did you learn? Begin with yours."),
            "• "
            + say(
                "Nobody speaks for a whole group. If only one person here shares the experience, "
                "do not ask that person for the answer; the offer to speak is theirs to make."
            ),
            "• " + say("If one voice fills the room: “Let us hear somebody who has not spoken yet.”"),
            "• " + say("Silence is fine. Count to ten before you fill it."),
            "• " + say("No names and no story that would tell who it was. What is said here stays here."),
            "• " + say("You need not know the answer. Asking “What makes you say so?” is the whole craft."),
            "• " + say("Close with this: what is one thing worth trying when it happens here?"),
        )
    )
