"""Messages and views, as prompts return and the gateway sends them."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A Slack message.

    Attributes:
        text: plain text for notifications and screen readers; has the content of the blocks.
        blocks: Block Kit blocks, at most 50.
        ephemeral: shown to its one recipient only, and kept by nobody; Slack may drop it at any time.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    ephemeral: bool = False


@dataclass(frozen=True)
class View:
    """A modal or Home tab; `body` is Slack's view object (`type`, `blocks`, `callback_id` ...)."""

    body: Block
