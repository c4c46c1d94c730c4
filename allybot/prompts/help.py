"""Words several stories need: whom to turn to, and kind answers where something cannot be done."""

from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks


def support_line(say: Say, support_contact: str) -> Block:
    """Whom to turn to; stands wherever help is given. allybot is no reporting line."""
    return blocks.small(
        say(
            "For distress or misconduct, please turn to {contact}. allybot is no reporting line.",
            contact=blocks.escape(support_contact),
        )
    )


def plain(text: str) -> Message:
    """A message of one paragraph that anybody may read on a locked screen; `text` is safe mrkdwn."""
    return Message(text, (blocks.section(text),))


def covered(say: Say, text: str) -> Message:
    """A message of one paragraph that holds a name, typed words or the subject of the program."""
    return blocks.message(say, (blocks.section(text),))


def as_modal(say: Say, message: Message) -> View:
    """A message as a modal, for buttons that stand where no message can answer."""
    page = message.older or message.blocks  # no modal takes a chart
    return blocks.modal("allybot", page, "help.answer", close=say("Close"))


def stale_button(say: Say) -> Message:
    """The answer to a button that no longer means anything."""
    return plain(
        say("That button belongs to an earlier message and no longer does anything. Nothing was lost.")
    )


def renamed_command(say: Say) -> Message:
    """The answer to a command of another version."""
    return plain(say("That command has another name now. Type `/allybot` to see what you can do."))


def try_again(say: Say) -> Message:
    """The answer when something failed on our side, before or after it was written down."""
    return plain(
        say("Something went wrong on our side. Please try again in a moment: nothing is done twice.")
    )


def not_opened(say: Say) -> Message:
    """The answer when Slack did not open the window that belongs to a button or command."""
    return plain(
        say("Slack could not open the window just now. Nothing was lost: please try once more in a moment.")
    )


def outdated_form(say: Say) -> str:
    """Under a field of a form that can no longer be sent; what was typed stays on the screen."""
    return say(
        "Something has changed since this form was opened, so it cannot be sent. Your words are still here: "
        "copy them, close this, and open it again."
    )


def not_enrolled(say: Say) -> Message:
    """The answer to somebody who is in no program."""
    return covered(
        say,
        say(
            "allybot follows up an allyship training, and you are not on its list. If you took part in one, "
            "ask the person who ran it to add you. If yours is over: a program's end deletes its list and "
            "everybody's plans."
        ),
    )


def not_started(say: Say) -> Message:
    """The answer to who has not said yes to allybot."""
    return plain(
        say("This starts once you have said yes in the first message of allybot. You can still do that.")
    )


def not_a_lead(say: Say) -> Message:
    """The refusal to somebody who leads no program: the same words whoever asks and whatever exists."""
    return plain(
        say("Only the leads of a program can see its transfer outcomes. Nothing else is shown here.")
    )
