"""To whoever wrote something to their circle that was not posted, or of which nobody knows whether it was."""

from allybot.domain.circle_questions import TextKind
from allybot.domain.circles import Circle, CircleState
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks
from allybot.prompts.circles.questions import ask_button
from allybot.prompts.help import support_line


def not_posted(say: Say, kind: TextKind, circle: Circle | None, support_contact: str) -> Message:
    """To the author of something that did not reach the circle.

    Args:
        circle: their circle as it is now; None for none.
    """
    sorry, again = {
        TextKind.QUESTION: (
            say("Your question to your circle could not be posted. Nobody there has read it."),
            say("You can ask it again: this one does not count."),
        ),
        TextKind.ANSWER: (
            say("What you would add to a question could not be posted. Nobody has read it."),
            say("You can add it again, or write in the thread yourself."),
        ),
        TextKind.RECAP: (
            say("Your recap could not be posted. Nobody has read it."),
            say("You can write it again, or post it in the thread yourself."),
        ),
    }[kind]
    return _to_author(say, kind, f"{sorry} {_or_why(say, circle) or again}", circle, support_contact)


def unknown_whether_posted(say: Say, kind: TextKind, circle: Circle | None, support_contact: str) -> Message:
    """To the author of something of which nobody could say whether it reached the circle.

    Args:
        circle: their circle as it is now; None for none.
    """
    doubt, again = {
        TextKind.QUESTION: (
            say("allybot could not find out whether your question appeared in your circle."),
            say("Please have a look there. If it is missing, ask it once more: this one does not count."),
        ),
        TextKind.ANSWER: (
            say("allybot could not find out whether what you would add appeared under the question."),
            say("Please have a look there. If it is missing, add it once more."),
        ),
        TextKind.RECAP: (
            say("allybot could not find out whether your recap appeared in its thread."),
            say("Please have a look there. If it is missing, write it once more."),
        ),
    }[kind]
    return _to_author(say, kind, f"{doubt} {_or_why(say, circle) or again}", circle, support_contact)


def _or_why(say: Say, circle: Circle | None) -> str:
    """Why nothing can be posted in the circle now; empty where it can."""
    if circle is None:
        return say(
            "You are in no ally circle just now. Whoever ran your training can add you to one, and what you "
            "write is welcome there."
        )
    if circle.rests_because is not None:
        return say(
            "Your circle rests, because its channel was opened to others. Whoever ran your training can "
            "start it again, and then it is welcome."
        )
    if circle.state is not CircleState.ACTIVE:
        return say(
            "The channel of {circle} is closed to allybot: it may be archived, or allybot was taken out. "
            "Whoever ran your training can open it again, and then it is welcome. Until then you can ask "
            "somebody you trust.",
            circle=blocks.escape(circle.name),
        )
    return ""


def _to_author(say: Say, kind: TextKind, text: str, circle: Circle | None, support_contact: str) -> Message:
    page: list[Block] = [
        blocks.section(text),
        blocks.small(say("allybot has deleted the text, and has told nobody that it was yours.")),
    ]
    if kind is TextKind.QUESTION and circle is not None and circle.state is CircleState.ACTIVE:
        page.append(blocks.actions([ask_button(say)], block_id="circle_question.again"))
    page.append(support_line(say, support_contact))
    return blocks.message(say, page)
