"""Joining a circle and leaving it: who asks to be let in, what the members say, and what stays."""

from collections.abc import Sequence

from allybot.domain.circles import Circle
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks
from allybot.prompts.circles import circle_ids
from allybot.prompts.help import covered

MOST_SHOWN = 20
"""Circles on one page; Slack takes 50 blocks in a message (blocks)."""


def asks_to_join(say: Say, slack_user: str, circle: Circle, trainee_id: str, *, to_lead: bool) -> Message:
    """To a circle or to a lead: somebody asks to be let in."""
    value = circle_ids.JoinValue(circle=circle.id, trainee=trainee_id).pack()
    if to_lead:
        what = say(
            "<@{user}> would like to join the circle *{circle}*. Its members are asked, too; one tap is "
            "enough.",
            user=slack_user,
            circle=blocks.escape(circle.name),
        )
    else:
        what = say(
            "<@{user}> is in your program and would like to join this circle. One of you taps, and they are "
            "in. If it does not suit you, tell them so, or a lead.",
            user=slack_user,
        )
    page = (
        blocks.section(what),
        blocks.actions([blocks.button(say("Welcome, come in"), circle_ids.WELCOME, value)]),
    )
    return blocks.message(say, page, "" if to_lead else blocks.to_the_channel(say))


def has_joined(say: Say, slack_user: str, circle_name: str) -> Message:
    """Takes the place of the ask once they are in."""
    joined = say("<@{user}> has joined *{circle}*.", user=slack_user, circle=blocks.escape(circle_name))
    return covered(say, joined)


def invited(say: Say, slack_user: str) -> Message:
    """To who accepted: they are invited."""
    return covered(say, say("Thank you. <@{user}> is invited to the channel.", user=slack_user))


def please_invite(say: Say, slack_user: str, channel: str) -> Message:
    """To who accepted, where allybot may not invite: what to do."""
    return covered(
        say,
        say(
            "Thank you. I cannot invite people here myself. Please type `/invite <@{user}>` in <#{channel}>: "
            "as soon as they are in the channel, they are in the circle.",
            user=slack_user,
            channel=channel,
        ),
    )


def circles_with_room(say: Say, found: Sequence[Circle]) -> Message:
    """To somebody without a circle: those they may ask, and a new one."""
    what = say("A circle talks about one scenario a week, among colleagues from your training.")
    if found:
        how = say(
            "These have room. If you ask, the circle and the leads of your program read your name; one of "
            "them lets you in."
        )
    else:
        how = say("None has room at the moment.")
    page = [blocks.section(f"{what} {how}")]
    for circle in found[:MOST_SHOWN]:
        line = f"*{blocks.escape(circle.name)}*"
        value = circle_ids.CircleValue(circle=circle.id).pack()
        read_aloud = say("Ask to join {circle}", circle=circle.name)
        button = blocks.button(say("Ask to join"), circle_ids.ASK_TO_JOIN, value, read_aloud=read_aloud)
        page.append(blocks.section(line, accessory=button))
    page.append(blocks.actions([blocks.button(say("I would like a new circle"), circle_ids.PROPOSE)]))
    return blocks.message(say, page)


def no_circle(say: Say) -> Message:
    """To somebody who has no circle, where none can be asked."""
    return covered(
        say,
        say("You are in no circle. If you would like to join one, ask a lead of your program."),
    )


def asked(say: Say, circle_name: str) -> Message:
    """To who asked: what happens next."""
    return covered(
        say,
        say(
            "*{circle}* and the leads of your program are asked in their next working hour. When somebody "
            "has let you in, you find the channel in Slack.",
            circle=blocks.escape(circle_name),
        ),
    )


def leave_or_stay(say: Say, circle: Circle) -> Message:
    """Before leaving: what stays, and what does not."""
    what = say(
        "Leave *{circle}*? Your plans, notes and check-ins stay as they are, and so does what you wrote in "
        "the channel. Your turn as facilitator passes on. A vote of yours that is still sealed, and a deed "
        "that is not posted yet, are deleted. No reason is asked, and I post nothing about it.",
        circle=blocks.escape(circle.name),
    )
    value = circle_ids.CircleValue(circle=circle.id).pack()
    page = (
        blocks.section(what),
        blocks.actions([blocks.button(say("Yes, leave"), circle_ids.LEAVE_NOW, value)]),
    )
    return blocks.message(say, page)


def left(say: Say, circle: Circle) -> Message:
    """After leaving: how to leave the channel, too, and how to come back."""
    return covered(
        say,
        say(
            "You have left the circle; everything else goes on. You are still in <#{channel}>: type `/leave` "
            "there to leave the channel, too. To come back, let a member invite you into the channel again, "
            "or ask a lead.",
            channel=circle.channel,
        ),
    )
