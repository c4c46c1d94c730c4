"""Small builders over Block Kit's own models, so that prompts read like the page they make."""

import re
from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
)

from allybot.i18n import Say
from allybot.message import Block, Message, View

MAX_TITLE_LENGTH, MAX_BUTTON_LENGTH, MAX_OPTION_LENGTH, MAX_HEADING_LENGTH = 24, 75, 75, 150
"""Characters of a modal's title and its two buttons, a button, an option, a heading (Slack, Block Kit)."""
MAX_TEXT_LENGTH = 3900
"""Characters of a message's text: Slack takes 4000 when a message is changed (chat.update)."""
MAX_BLOCKS, MAX_CHARACTERS = 45, 10_500
"""What a growing list may fill of a message: Slack takes 50 blocks and about 12,000 characters in them."""

SHOWN_LOCKED = 120
"""Characters of a message's text that a locked screen may show; our own estimate, Slack names no number. An
opening is at least as long, in every language."""
_MAX_LABELS_LENGTH = 700

_HALF_AN_ENTITY = re.compile(r"&\w*$")


def shortened(text: str, most: int) -> str:
    """`text` in at most so many characters, cut between words and marked as cut.

    English labels fit without it (a test holds them to that); a translation may be longer.
    """
    if len(text) <= most:
        return text
    whole, _, _ = text[: most - 1].rpartition(" ")
    return _HALF_AN_ENTITY.sub("", (whole or text[: most - 1]).rstrip(" ,;:")) + "…"


def in_words(page: Iterable[Block]) -> str:
    """What a page says, as the text beside its blocks: screen readers read it, notifications begin it."""
    return shortened("\n".join(_lines(page)), MAX_TEXT_LENGTH)


def message(say: Say, page: Sequence[Block], opening: str = "", words: str = "") -> Message:
    """A message whose text begins with a neutral line and ends with the names of its buttons.

    Notifications show the beginning of the text on locked screens, so nothing that is anybody's own may stand
    there. Screen readers read the text and not the blocks, so it holds what they say, buttons included.

    Args:
        page: the blocks.
        opening: the neutral line, at least `SHOWN_LOCKED` characters; by default `for_you`.
        words: what the page says, where that is more than its blocks hold.
    """
    first, last = opening or for_you(say), _buttons_in_words(say, page)
    room = MAX_TEXT_LENGTH - len(first) - len(last) - 2
    said = words or shortened("\n".join(_lines(page)), room)
    return Message("\n".join(filter(None, (first, said, last))), tuple(page))


def for_you(say: Say) -> str:
    """The opening of a message to one person."""
    return say(
        "allybot has a message for you. Open it to read it: this first line is always the same, so that a "
        "locked screen shows nothing more."
    )


def to_the_channel(say: Say) -> str:
    """The opening of a post in a channel."""
    return say(
        "allybot has posted here. Open the channel to read it: this first line is always the same, so that "
        "a locked screen shows nothing more."
    )


def _buttons_in_words(say: Say, page: Iterable[Block]) -> str:
    """The names of a page's buttons and menus, each once; empty without any."""
    shown: dict[str, None] = {}
    for block in page:
        elements = block["elements"] if block["type"] == "actions" else [block.get("accessory") or {}]
        for element in elements:
            label = element.get("text") or element.get("placeholder")
            if label:
                shown[f"“{label['text']}”"] = None
    names = shortened(", ".join(shown), _MAX_LABELS_LENGTH)
    return say("Buttons: {names}", names=names) if shown else ""


def has_room(page: Sequence[Block]) -> bool:
    """Whether Slack takes so much in one message, with room left for a closing line."""
    return len(page) <= MAX_BLOCKS and sum(map(len, _lines(page))) <= MAX_CHARACTERS


def _lines(page: Iterable[Block]) -> list[str]:
    lines: list[str] = []
    for block in page:
        parts = [block.get("text"), *(block.get("elements") or [])] if block["type"] != "actions" else []
        lines += [part["text"] for part in parts if part]
    return lines


def escape(text: str) -> str:
    """A person's own words, safe in mrkdwn: no mention, link or channel call can be made of them.

    `&`, `<` and `>` as Slack's formatting page asks; a zero-width space keeps `*`, `_`, `~` and backticks
    from turning into formatting.
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "*_~`":
        safe = safe.replace(mark, f"{mark}\u200b")
    return safe


def section(mrkdwn: str, accessory: InteractiveElement | None = None, block_id: str | None = None) -> Block:
    """A paragraph in mrkdwn."""
    block = SectionBlock(text=MarkdownTextObject(text=mrkdwn), accessory=accessory, block_id=block_id)
    return dict(block.to_dict())


def heading(text: str) -> Block:
    """A heading in plain text."""
    return dict(HeaderBlock(text=PlainTextObject(text=shortened(text, MAX_HEADING_LENGTH))).to_dict())


def small(*mrkdwn: str) -> Block:
    """One or more lines of small print."""
    return dict(ContextBlock(elements=[MarkdownTextObject(text=line) for line in mrkdwn]).to_dict())


def rule() -> Block:
    """A dividing line."""
    return dict(DividerBlock().to_dict())


def button(
    label: str,
    action: str,
    value: str | None = None,
    style: str | None = None,
    confirm: ConfirmObject | None = None,
    read_aloud: str | None = None,
) -> ButtonElement:
    """A button whose label makes sense without colour or emoji.

    Args:
        read_aloud: what screen readers say in place of the label, where several buttons have the same one.
    """
    return ButtonElement(
        text=shortened(label, MAX_BUTTON_LENGTH),
        action_id=action,
        value=value,
        style=style,
        confirm=confirm,
        accessibility_label=shortened(read_aloud, MAX_BUTTON_LENGTH) if read_aloud else None,
    )


def option(label: str, value: str, description: str | None = None) -> Option:
    """One choice of a menu or of radio buttons."""
    return Option(
        value=value,
        text=PlainTextObject(text=shortened(label, MAX_OPTION_LENGTH)),
        description=PlainTextObject(text=shortened(description, MAX_OPTION_LENGTH)) if description else None,
    )


def actions(elements: Sequence[InteractiveElement], block_id: str | None = None) -> Block:
    """A row of buttons or menus."""
    return dict(ActionsBlock(elements=list(elements), block_id=block_id).to_dict())


def question(
    label: str,
    element: InputInteractiveElement,
    block_id: str,
    hint: str | None = None,
    *,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """One labelled input of a modal; `dispatch` tells us about a choice before the modal is sent."""
    block = InputBlock(
        label=PlainTextObject(text=label),
        element=element,
        block_id=block_id,
        hint=PlainTextObject(text=hint) if hint else None,
        optional=optional,
        dispatch_action=dispatch,
    )
    return dict(block.to_dict())


def modal(
    title: str,
    blocks: Iterable[Block],
    callback: str,
    *,
    submit: str | None = None,
    close: str,
    metadata: str = "",
) -> View:
    """A modal; titles and buttons are at most 24 characters."""
    body: Block = {
        "type": "modal",
        "callback_id": callback,
        "title": {"type": "plain_text", "text": shortened(title, MAX_TITLE_LENGTH)},
        "close": {"type": "plain_text", "text": shortened(close, MAX_TITLE_LENGTH)},
        "blocks": list(blocks),
        "private_metadata": metadata,
    }
    if submit:
        body["submit"] = {"type": "plain_text", "text": shortened(submit, MAX_TITLE_LENGTH)}
    return View(body)
