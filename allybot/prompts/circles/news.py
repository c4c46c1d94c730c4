"""What a circle hears of itself: a pause, its end with thanks, and that it merges with another."""

from datetime import date

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.circles import Circle
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks
from allybot.prompts.circles import circle_ids


def pause_proposed(
    say: Say, slack_user: str, number: int, until: date, value: circle_ids.PauseCircleValue
) -> Message:
    """A member proposes a pause; another one's tap is enough.

    Args:
        number: of weeks.
        until: the day of the next scenario then.
    """
    what = say.count(
        "<@{user}> proposes that this circle pauses for one week: the next scenario would come on {day}. "
        "If one more of you agrees, it is so.",
        "<@{user}> proposes that this circle pauses for {number} weeks: the next scenario would come on "
        "{day}. If one more of you agrees, it is so.",
        number,
        user=slack_user,
        day=say.day(until),
    )
    button = blocks.button(say("Yes, let us pause"), circle_ids.PAUSE_AGREE, value.pack())
    return blocks.message(say, (blocks.section(what), blocks.actions([button])), blocks.to_the_channel(say))


def pauses(say: Say, circle: Circle, until: date) -> Message:
    """The circle pauses until this day."""
    what = say(
        "*This circle pauses.* The next scenario comes on {day}. None is left out: all of them move on. A "
        "vote that is open is opened as planned.",
        day=say.day(until),
    )
    page = (blocks.section(what), blocks.actions([resume_button(say, circle)]))
    return blocks.message(say, page, blocks.to_the_channel(say))


def resume_button(say: Say, circle: Circle) -> ButtonElement:
    """Ends a pause early."""
    return blocks.button(
        say("Go on earlier"), circle_ids.RESUME, circle_ids.CircleValue(circle=circle.id).pack()
    )


def resumes(say: Say, following: date) -> Message:
    """The pause is over early."""
    return _to_all(say, say("*The pause is over.* The next scenario comes on {day}.", day=say.day(following)))


def thanks(say: Say, scenarios: int) -> Message:
    """The one closing message of a circle that has had all its scenarios, or was ended."""
    what = say.count(
        "*That was the last scenario here. Thank you for the week you gave it.*",
        "*That was the last scenario here. Thank you: {number} weeks, {number} situations, and whatever you "
        "did about them.*",
        scenarios,
    )
    stays = say(
        "The channel is yours and stays as it is, and I post no more scenarios in it. Everybody's plans and "
        "notes stay where they are. If you would like to go on, a fixed quarter of an hour every other week "
        "is enough: one tells what they tried and what they learned. `/allybot ask` still puts a question "
        "here without a name."
    )
    return _to_all(say, f"{what}\n{stays}")


def merges(say: Say, into: Circle, scenarios: int) -> Message:
    """The closing message of a circle whose members join another."""
    what = say(
        "*This circle joins {circle}.* You have become few here, and more voices make better talk. You are "
        "invited to <#{channel}>; as soon as you are in that channel, you are in the circle. No scenario "
        "comes here any more.",
        circle=blocks.escape(into.name),
        channel=into.channel,
    )
    thank = say.count(
        "Thank you for the one week here. This channel and your plans stay as they are.",
        "Thank you for the {number} weeks here. This channel and your plans stay as they are.",
        scenarios,
    )
    return _to_all(say, f"{what}\n{thank}")


def grows(say: Say, ending: Circle, users: list[str]) -> Message:
    """To the circle that others join.

    Args:
        users: Slack users who are not in it yet.
    """
    names = say.all_of([f"<@{user}>" for user in users])
    what = say(
        "*{names} are invited to join you.* Their circle {circle} has become small. If one of them is not in "
        "this channel by tomorrow, please type `/invite` and their name here. Scenarios and turns go on as "
        "they are.",
        names=names,
        circle=blocks.escape(ending.name),
    )
    return _to_all(say, what)


def merge_proposed(say: Say, small: Circle, other: Circle) -> Message:
    """To a lead: two circles could merge, since no vote has been opened in them for weeks.

    Args:
        other: the one that would go on.
    """
    what = say(
        "*{small}* and *{other}* could become one circle: no vote has been opened in either of them for a "
        "few weeks, and more voices make better talk. You could let the first join the second: its members "
        "are invited to that channel and told why, and the first ends with thanks. Or leave both as they "
        "are.",
        small=blocks.escape(small.name),
        other=blocks.escape(other.name),
    )
    value = circle_ids.MergeValue(into=other.id, ending=small.id).pack()
    label = say("Merge them")
    page = (blocks.section(what), blocks.actions([blocks.button(label, circle_ids.MERGE, value)]))
    return blocks.message(say, page)


def _to_all(say: Say, text: str) -> Message:
    return blocks.message(say, (blocks.section(text),), blocks.to_the_channel(say))
