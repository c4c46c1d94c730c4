"""The page of a circle: where it talks, what comes next, and what a member or a lead can do."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.circles import PAUSE_WEEKS, Circle, CirclePage
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks
from allybot.prompts.circles import circle_ids
from allybot.prompts.circles.news import resume_button
from allybot.prompts.help import covered


def pages(say: Say, found: Sequence[CirclePage]) -> Message:
    """One or more circles, with their buttons."""
    page: list[Block] = []
    for each in found:
        page.append(blocks.section(_line(say, each)))
        choices = _choices(say, each)
        if choices:
            page.append(blocks.actions(choices))
    if any(each.is_member and not each.is_lead for each in found):
        page.append(
            blocks.small(
                say(
                    "A pause moves the scenarios, and none is left out. Whoever facilitates can pause at "
                    "once; a pause that another member proposes needs one more tap in the channel."
                )
            )
        )
    return blocks.message(say, page)


def show_button(say: Say) -> ButtonElement:
    """Opens the page."""
    return blocks.button(say("Your circle"), circle_ids.SHOW)


def paused(say: Say, page_of: CirclePage) -> Message:
    """To whoever paused a circle."""
    day = page_of.next_on
    return covered(
        say,
        say(
            "*{circle}* pauses; the next scenario comes on {day}. Its channel is told.",
            circle=blocks.escape(page_of.circle.name),
            day=say.day(day) if day else "",
        ),
    )


def pause_proposed(say: Say) -> Message:
    """To a member who proposed a pause."""
    return covered(
        say, say("Your circle is asked, with your name. As soon as one more of you agrees, it pauses.")
    )


def resumed(say: Say, page_of: CirclePage) -> Message:
    """To whoever ended a pause."""
    day = page_of.next_on
    return covered(
        say,
        say(
            "*{circle}* goes on; the next scenario comes on {day}. Its channel is told.",
            circle=blocks.escape(page_of.circle.name),
            day=say.day(day) if day else "",
        ),
    )


def end_or_not(say: Say, circle: Circle) -> Message:
    """Before a lead ends a circle: what happens."""
    what = say(
        "End *{circle}*? No more scenarios come, a vote that is open is opened at once by the usual rule, "
        "and the channel gets a word of thanks. The channel and everybody's plans stay as they are. To go on "
        "later, enrol somebody into its channel.",
        circle=blocks.escape(circle.name),
    )
    value = circle_ids.CircleValue(circle=circle.id).pack()
    button = blocks.button(say("Yes, end it"), circle_ids.END_NOW, value)
    return blocks.message(say, (blocks.section(what), blocks.actions([button])))


def ended(say: Say, circle: Circle) -> Message:
    """To the lead who ended a circle."""
    return covered(say, say("*{circle}* has ended, and is thanked.", circle=blocks.escape(circle.name)))


def merged(say: Say, into: Circle, ending: Circle) -> Message:
    """To the lead who merged two circles. Nobody is named: that would tell who is in them."""
    return covered(
        say,
        say(
            "The members of *{ending}* are asked into <#{channel}>, and both circles are told. Slack does "
            "not let me invite everybody: if somebody is missing there next week, let a member type "
            "`/invite` and their name.",
            ending=blocks.escape(ending.name),
            channel=into.channel,
        ),
    )


def cannot_merge(say: Say, most: int) -> Message:
    """To a lead: the two together would be too many."""
    return covered(
        say,
        say.count(
            "Together they would have more than one member, which is too many.",
            "Together they would be more than {number}, and in a larger circle some never speak.",
            most,
        ),
    )


def _line(say: Say, page: CirclePage) -> str:
    circle = page.circle
    name = blocks.escape(circle.name)
    where = say("*{circle}* talks in <#{channel}>.", circle=name, channel=circle.channel)
    if page.size is not None:
        where += " " + say.count("One member takes part.", "{number} members take part.", page.size)
    if page.next_on is None:
        return where + " " + say("No more scenarios come.")
    if page.paused:
        return where + " " + say("It pauses; the next scenario comes on {day}.", day=say.day(page.next_on))
    return where + " " + say("The next scenario comes on {day}.", day=say.day(page.next_on))


def _choices(say: Say, page: CirclePage) -> list[ButtonElement]:
    circle, choices = page.circle, []
    value = circle_ids.CircleValue(circle=circle.id).pack()
    if page.paused:
        choices.append(resume_button(say, circle))
    elif page.next_on is not None:
        for number, action in zip(PAUSE_WEEKS, circle_ids.PAUSES, strict=True):
            label = say.count("Pause for one week", "Pause for {number} weeks", number)
            asks = circle_ids.PauseCircleValue(circle=circle.id, weeks=number).pack()
            choices.append(blocks.button(label, action, asks))
    if page.is_lead and page.next_on is not None:
        choices.append(blocks.button(say("End the circle"), circle_ids.END, value))
    if page.is_member:
        choices.append(blocks.button(say("Leave the circle"), circle_ids.LEAVE, value))
    return choices
