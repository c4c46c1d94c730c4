"""A new circle: who would like one, the lead's form, and what was made or is to be done by hand."""

from collections.abc import Sequence

from slack_sdk.models.blocks import PlainTextInputElement, StaticSelectElement, UserMultiSelectElement

from allybot.domain.circles import Circle
from allybot.domain.people import Program
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import blocks
from allybot.prompts.circles import circle_ids
from allybot.prompts.help import covered
from allybot.prompts.programs.proposing import who_is_invited

NAME, PEOPLE, PROGRAM = "circle_name", "people", "program"
"""Block ids of the form."""
_MOST_PROGRAMS = 100
"""Options in one menu (Slack, select menu)."""
_MOST_LISTED = 500
"""Characters of names in a sentence: escaping makes five of an ampersand."""


def proposed(say: Say, slack_user: str) -> Message:
    """To a lead: somebody without a circle would like a new one."""
    value = circle_ids.NewCircleValue(user=slack_user).pack()
    what = say(
        "<@{user}> has no circle and would like a new one. Whoever else has none could be asked, too.",
        user=slack_user,
    )
    page = (
        blocks.section(what),
        blocks.actions([blocks.button(say("Make a circle"), circle_ids.NEW, value)]),
    )
    return blocks.message(say, page)


def proposal_sent(say: Say) -> Message:
    """To whoever would like a new circle."""
    return covered(
        say, say("The leads of your program are told, with your name, in their next working hour.")
    )


def new_circle(say: Say, led: Sequence[Program], users: Sequence[str], longest: int) -> View:
    """The lead's form.

    Args:
        led: their programs; which one is asked where there are several.
        users: Slack users who are chosen beforehand.
        longest: characters of a name.
    """
    page = [
        blocks.section(
            say(
                "I make a private channel and invite those you choose, as far as they are on the program's "
                "list and have no circle. They are in the circle as soon as they are in the channel, and the "
                "first scenario comes on the next Monday. Four to twelve people make a good circle."
            )
        ),
        blocks.question(
            say("Name of the circle"), PlainTextInputElement(action_id=NAME, max_length=longest), NAME
        ),
        blocks.question(
            say("Whom to invite"),
            UserMultiSelectElement(
                action_id=PEOPLE,
                placeholder=say("Choose people"),
                initial_users=list(users) or None,
                max_selected_items=12,
            ),
            PEOPLE,
            optional=True,
        ),
    ]
    if len(led) > 1:
        options = [blocks.option(each.name, each.id) for each in led[:_MOST_PROGRAMS]]
        menu = StaticSelectElement(action_id=PROGRAM, options=options, initial_option=options[0])
        page.insert(1, blocks.question(say("Program"), menu, PROGRAM))
    value = circle_ids.NewCircleFormValue(program=led[0].id).pack()
    return blocks.modal(
        say("A new circle"),
        page,
        circle_ids.NEW_FORM,
        submit=say("Make it"),
        close=say("Cancel"),
        metadata=value,
    )


def name_needed(say: Say, longest: int) -> str:
    """Under the field of the name."""
    return say("Please name the circle in at most {longest} characters.", longest=longest)


def being_made(say: Say) -> View:
    """In place of the form, once it is sent."""
    page = [blocks.section(say("The circle is being made. What became of it comes by direct message."))]
    return blocks.modal(say("A new circle"), page, "help.answer", close=say("Close"))


def made(say: Say, circle: Circle) -> Message:
    """To the lead: the circle is made. Nobody is named: who was invited would tell who takes part."""
    done = say(
        "The circle *{circle}* is made, with the channel <#{channel}>.",
        circle=blocks.escape(circle.name),
        channel=circle.channel,
    )
    return covered(say, f"{done} {who_is_invited(say)}")


def by_hand(say: Say, users: Sequence[str]) -> Message:
    """To the lead, where allybot may not make channels: what to do.

    Args:
        users: Slack users who were chosen.
    """
    names = " ".join(f"<@{user}>" for user in users)
    who = names or say("your people")
    return covered(
        say,
        say(
            "I may not make channels in this workspace; whoever installed me can allow it with the scope "
            "`groups:write`. By hand it takes a minute: make a private channel, type `/invite @allybot "
            "{who}` in it, then `/allybot circle here`. You may leave the channel afterwards.",
            who=who,
        ),
    )


def not_made(say: Say) -> Message:
    """To the lead: Slack did not make the channel."""
    return covered(
        say, say("Slack did not make the channel, so there is no new circle. Please try again later.")
    )


def adopted(say: Say, circle: Circle) -> Message:
    """To the lead: the channel in which they typed is a circle now."""
    return covered(
        say,
        say(
            "<#{channel}> is the circle *{circle}* now. Whoever of the program is in the channel, or joins "
            "it later, and has no other circle is in it.",
            channel=circle.channel,
            circle=blocks.escape(circle.name),
        ),
    )


def cannot_adopt(say: Say) -> Message:
    """To the lead: this channel cannot be a circle."""
    return covered(
        say,
        say(
            "This cannot be a circle. It has to be a private channel of no other program, and I have to be "
            "in it: type `/invite @allybot` here, then `/allybot circle here` once more."
        ),
    )


def which_program(say: Say, names: Sequence[str]) -> Message:
    """To a lead of several programs: which one."""
    listed = blocks.escape(blocks.shortened(", ".join(names), _MOST_LISTED))
    return covered(
        say,
        say(
            "For which program? Add its name: `/allybot circle here NAME`. Yours are: {names}.", names=listed
        ),
    )
