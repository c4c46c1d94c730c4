"""Small builders over Block Kit's own models, so that prompts read like the page they make."""

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
    PlainTextObject,
    SectionBlock,
)

from allybot.message import Block, View


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
    return dict(HeaderBlock(text=PlainTextObject(text=text)).to_dict())


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
    return ButtonElement(text=label, action_id=action, value=value, style=style, confirm=confirm)


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
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": close},
        "blocks": list(blocks),
        "private_metadata": metadata,
    }
    if submit:
        body["submit"] = {"type": "plain_text", "text": submit}
    return View(body)
