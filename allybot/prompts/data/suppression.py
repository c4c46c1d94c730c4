"""Answers to somebody on the suppression list: why nothing comes, and how to be invited again."""

from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import covered, support_line


def left_alone(say: Say, support_contact: str | None = None) -> Message:
    """Why no list brings them a message, with the button that changes it."""
    text = say(
        "You asked allybot to forget you, or said no thanks. So it sends you nothing of its own, even if "
        "your name is put on a list. If you have changed your mind:"
    )
    page: list[Block] = [
        blocks.section(text),
        blocks.actions([blocks.button(say("Invite me again"), ids.CONSENT_AGAIN)], block_id="welcome.again"),
    ]
    if support_contact:
        page.append(support_line(say, support_contact))
    return blocks.message(say, page)


def home(say: Say) -> View:
    """The same as their Home tab."""
    return View({"type": "home", "blocks": list(left_alone(say).blocks)})


def invited_again(say: Say, program: str | None) -> Message:
    """What comes next; `program` is None when the person is in none that still runs."""
    if program is None:
        return covered(
            say,
            say(
                "Done: if you are put on a list again, allybot will write to you. The program you were in is "
                "over: ask the person who ran your training to add you to the next one."
            ),
        )
    return covered(
        say,
        say(
            "Good to have you back. You are on the list of {program} again; its first message comes in your "
            "working hours, and nothing starts before you say yes to it.",
            program=blocks.escape(program),
        ),
    )
