"""What a prompt returns and the gateway posts."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message as Slack takes it.

    Attributes:
        text: plain words for notifications and screen readers; says what the blocks say.
        blocks: Block Kit blocks, at most 50.
    """

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class View:
    """A modal or a Home tab as Slack takes it (`type`, `blocks`, `callback_id` ...)."""

    body: Block
