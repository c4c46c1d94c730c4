"""Answers to a question: the modal with its preview, the post, and the reply to whoever marks it."""

from allybot.domain.circle_questions import TextKind
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks
from allybot.prompts.circles import text_ids
from allybot.prompts.circles.text_forms import form, name_question, preview, quoted, text_field
from allybot.prompts.help import covered, support_line


def answer_form(
    say: Say,
    value: text_ids.AnswerFormValue,
    circle_name: str,
    text: str,
    longest: int,
    support_contact: str,
    *,
    named: bool,
    shown: bool,
) -> View:
    """The modal; after the first submit it shows the text as the circle will read it.

    Args:
        text: what stands in the field.
        longest: how many characters an answer may have.
        named: whether the trainee wants their name shown.
        shown: whether to show the words as the circle will read them, so that sending posts them.
    """
    page: list[Block] = []
    if shown:
        who = say("You, by name, would add:") if named else _somebody_adds(say)
        page += preview(text, say("This is what your circle will read in the thread:"), who)
    page.append(blocks.section(_promise(say, circle_name)))
    hint = say("Up to {longest} characters. Leave out colleagues' names.", longest=longest)
    page.append(text_field(say("I would add"), hint, text))
    page.append(name_question(say, say("Post it"), named=named))
    page.append(support_line(say, support_contact))
    return form(say, TextKind.ANSWER, page, value.pack(), shown=shown)


def circle_answer(say: Say, text: str, author: str | None) -> Message:
    """The post in the question's thread.

    Args:
        text: the words, unescaped.
        author: the trainee's Slack user, if they chose to show their name.
    """
    who = say("<@{user}> would add:", user=author) if author else _somebody_adds(say)
    page = quoted(text, who)
    page[0]["block_id"] = "circle_answer"
    if not author:
        page.append(
            blocks.small(say("allybot passed this on without a name. Please do not guess whose it is."))
        )
    return blocks.message(say, page, blocks.to_the_channel(say))


def marked(say: Say, *, first: bool) -> Message:
    """The reply to whoever marked a question as answered; the same for its author."""
    thanks = say("Marked as answered. Whoever asked is told so, not by whom.")
    return covered(say, thanks if first else say("Somebody has marked this as answered already."))


def _somebody_adds(say: Say) -> str:
    return say("*Somebody of us would add:*")


def _promise(say: Say, circle_name: str) -> str:
    circle = blocks.escape(circle_name)
    return " ".join(
        [
            say(
                "{circle} sees the words in the thread, and your name only if you choose so below.",
                circle=circle,
            ),
            say(
                "Without your name it appears within three working hours, at a random moment, so that the "
                "time does not show who wrote it; with your name at once."
            ),
            say("People may recognise how you write. allybot deletes the text once it is posted."),
        ]
    )
