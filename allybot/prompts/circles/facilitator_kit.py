"""The facilitator's kit, sent before the circle gets a scenario."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from allybot.content import Scenario
from allybot.domain.circles import CircleWeek
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.circles.messages import options
from allybot.prompts.help import covered, support_line


@dataclass(frozen=True)
class KitFacts:
    """What the kit needs besides the week and its scenario.

    Attributes:
        post_at: aware UTC; when the scenario is posted.
        begun: it is posted already, so the week can no longer be handed on.
        zone: the program's, in which times are shown.
    """

    circle: str
    post_at: datetime
    begun: bool
    zone: ZoneInfo
    support_contact: str
    min_votes: int


def facilitator_kit(say: Say, story: Scenario, week: CircleWeek, facts: KitFacts) -> Message:
    """This story's questions and notes, how to open and close, and how to hand the week on."""
    local = facts.post_at.astimezone(facts.zone)
    opening = say(
        "It is your turn to facilitate {circle}. On {day} at {hour} the scenario *{title}* appears there.",
        circle=blocks.escape(facts.circle),
        title=blocks.escape(say(story.title)),
        day=say.day(local.date()),
        hour=say.hour(facts.post_at, facts.zone),
    )
    if facts.begun:
        opening = say(
            "You facilitate {circle} this week. The scenario *{title}* stands in the channel.",
            circle=blocks.escape(facts.circle),
            title=blocks.escape(say(story.title)),
        )
    rows: list[Block] = [
        blocks.heading(say("Your kit for the circle")),
        blocks.section(opening),
        blocks.section(_about(say, story)),
        blocks.actions(
            [
                blocks.button(
                    say("Read the story, and what helps"),
                    ids.READ_STORY,
                    ids.ScenarioValue(scenario=story.id).pack(),
                )
            ],
            "story",
        ),
        blocks.section(_steps(say, week, facts)),
    ]
    if not facts.begun:
        rows += [
            _hand_on(say, week),
            blocks.small(
                say(
                    "Either is fine, no reason needed. Somebody else is asked at once; after a swap you come "
                    "first next week, after a skip it is as if you had had your turn."
                )
            ),
        ]
    rows.append(support_line(say, facts.support_contact))
    return blocks.message(say, rows)


def story_and_care(say: Say, story: Scenario) -> Message:
    """The story with its options, and what helps in any circle; the same for everyone and at all times."""
    rows: list[Block] = [
        blocks.heading(say(story.title)),
        blocks.section(blocks.escape(say(story.situation))),
        blocks.section(options(say, story)),
        blocks.section(_care(say)),
    ]
    return blocks.message(say, rows)


def too_late(say: Say, coming: CircleWeek | None) -> Message:
    """The answer to who hands on a week that is not theirs to hand on any more.

    Args:
        coming: the week that they are asked for now, if any; it can be handed on here.
    """
    text = say("That week has begun, or somebody else has it.")
    if coming is None:
        return covered(say, " ".join([text, say("Nothing waits for you in the circle.")]))
    text += " " + say("You are asked for the week of {day}:", day=say.day(coming.monday))
    return blocks.message(say, (blocks.section(text), _hand_on(say, coming)))


def _hand_on(say: Say, week: CircleWeek) -> Block:
    value = ids.CircleWeekValue(week=week.id).pack()
    return blocks.actions(
        [
            blocks.button(say("Swap: next week for me"), ids.FACILITATE_SWAP, value),
            blocks.button(say("Skip this turn"), ids.FACILITATE_SKIP, value),
        ],
        "facilitate",
    )


def handed_on(say: Say, circle: str, monday: date) -> Message:
    """The kit's update once the week was handed on."""
    return covered(
        say,
        say(
            "You handed on the week of {day} in {circle}. There is nothing left to do.",
            day=say.day(monday),
            circle=blocks.escape(circle),
        ),
    )


def _about(say: Say, story: Scenario) -> str:
    first, *others = (blocks.escape(say(question)) for question in story.questions)
    notes = [blocks.escape(say(note)) for note in ([story.warning] if story.warning else []) + [*story.notes]]
    lines = [say("*It opens with:* {question}", question=first), say("*If the talk stalls:*")]
    lines += [f"• {question}" for question in others]
    if notes:
        lines += [say("*With this story:*"), *(f"• {note}" for note in notes)]
    return "\n".join(lines)


def _steps(say: Say, week: CircleWeek, facts: KitFacts) -> str:
    deeds = (
        say("*Open* with the deeds round: what did each of you do, and what did you learn? Begin with yours.")
        if week.number > 1
        else say("*Open* by saying hello and why you are here. One sentence each is plenty.")
    )
    opens = week.opens_at.astimezone(facts.zone)
    return "\n".join(
        (
            say("*About 20 minutes, in the channel or in a room*"),
            "1. " + deeds + " " + say("(5 minutes)"),
            "2. " + say("*Read* the situation aloud and let everyone vote before anyone argues. (2 minutes)"),
            "3. "
            + say("*Ask* the questions. The most junior speak first, the most senior last. (10 minutes)"),
            "4. " + say("*Close*: what is one thing worth trying when this happens here? (3 minutes)"),
            "5. "
            + say(
                "*On {day}* the votes are opened if at least {least} came in. Ask where you differed.",
                day=say.day(opens.date()),
                least=facts.min_votes,
            ),
        )
    )


def _care(say: Say) -> str:
    return "\n".join(
        (
            say("*What helps*"),
            "• "
            + say(
                "Nobody speaks for a whole group. If only one person here shares the experience, "
                "do not ask that person for the answer; the offer to speak is theirs to make."
            ),
            "• " + say("If one voice fills the room: “Let us hear somebody who has not spoken yet.”"),
            "• " + say("Silence is fine. Count to ten before you fill it."),
            "• " + say("No names and no story that would tell who it was. What is said here stays here."),
            "• " + say("You need not know the answer. Asking “What makes you say so?” is the whole craft."),
        )
    )
