"""A recap of a circle's week: the button, the modal with its preview, and the post."""

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.circle_questions import TextKind
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.circles import text_ids
from allybot.prompts.circles.text_forms import form, preview, quoted, text_field
from allybot.prompts.help import support_line


def recap_button(say: Say, week_id: str) -> ButtonElement:
    """Opens the modal."""
    return blocks.button(say("Write a recap"), text_ids.RECAP_WRITE, ids.CircleWeekValue(week=week_id).pack())


def recap_form(
    say: Say,
    value: text_ids.RecapFormValue,
    circle_name: str,
    text: str,
    longest: int,
    support_contact: str,
    *,
    already: bool,
    shown: bool,
) -> View:
    """The modal; after the first submit it shows the text as the circle will read it.

    Args:
        text: what stands in the field.
        longest: how many characters a recap may have.
        already: whether this week has a recap.
        shown: whether to show the words as the circle will read them, so that sending posts them.
    """
    page: list[Block] = []
    if shown:
        page += preview(
            text, say("This is what your circle will read in the thread:"), say("*Recap, by you:*")
        )
    elif already:
        page.append(blocks.section(say("This week has a recap already. You can post one more.")))
    page.append(
        blocks.section(
            say(
                "{circle} reads it in the thread of this week's scenario, with your name. allybot has read "
                "nothing of the talk: what you write here is the recap.",
                circle=blocks.escape(circle_name),
            )
        )
    )
    hint = say(
        "Three to five lines: what you differed about, and one thing worth trying. No names. Up to "
        "{longest} characters.",
        longest=longest,
    )
    page.append(text_field(say("Your recap"), hint, text))
    page.append(support_line(say, support_contact))
    return form(say, TextKind.RECAP, page, value.pack(), shown=shown)


def circle_recap(say: Say, text: str, author: str) -> Message:
    """The post in the thread.

    Args:
        text: the words, unescaped.
        author: the Slack user who wrote it.
    """
    page = quoted(text, say("*Recap of the week,* as written by <@{user}>:", user=author))
    page[0]["block_id"] = "circle_recap"
    return blocks.message(say, page, blocks.to_the_channel(say))
