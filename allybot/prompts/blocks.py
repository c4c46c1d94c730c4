"""Small builders over Block Kit's own models, so that prompts read like the page they make."""

import json
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

from allybot.message import Block, View

MAX_TITLE_LENGTH, MAX_BUTTON_LENGTH, MAX_OPTION_LENGTH, MAX_HEADING_LENGTH = 24, 75, 75, 150
"""Characters of a modal's title and its two buttons, a button, an option, a heading (Slack, Block Kit)."""
MAX_TEXT_LENGTH = 3900
"""Characters of a message's text: Slack takes 4000 when a message is changed (chat.update)."""
MAX_BLOCKS, MAX_CHARACTERS = 45, 10_500
"""What a growing list may fill of a message: Slack takes 50 blocks and about 12,000 characters in them."""

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
) -> ButtonElement:
    """A button whose label makes sense without colour or emoji."""
    return ButtonElement(
        text=shortened(label, MAX_BUTTON_LENGTH), action_id=action, value=value, style=style, confirm=confirm
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


PADDED_TO = 2800
"""Bytes, as JSON. Slack allows 3000 characters of metadata, and ours take 120 at most where we pad; the help
for a plan of two ordinary sentences takes 3,600 to 4,500."""


def modal(
    title: str,
    blocks: Iterable[Block],
    callback: str,
    *,
    submit: str | None = None,
    close: str,
    metadata: str = "",
    padded: bool = False,
) -> View:
    """A modal; titles and buttons are at most 24 characters.

    Args:
        padded: fill the metadata up with spaces to a multiple of `PADDED_TO` bytes in all: a proxy's log and
            TLS show lengths, and what stands in the modal may follow from an answer.
    """
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
    if padded:
        body["private_metadata"] = metadata + " " * (-len(json.dumps(body)) % PADDED_TO)
    return View(body)
