"""Messages and views, as prompts return and the gateway sends them."""

import re
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
_FILE_NAME = re.compile(r"allybot-([0-9a-f]{32})\.txt")


def file_name(message_id: str) -> str:
    """The name of the file that is sent as this message, by which it is found again."""
    return f"allybot-{message_id}.txt"


def id_of_file(text: str) -> str | None:
    """The id of the message whose file is named in `text`; None where none is."""
    named = _FILE_NAME.search(text)
    return named.group(1) if named else None


@dataclass(frozen=True)
class TextFile:
    """A text file to be sent as a message.

    Attributes:
        comment: the words above the file; they hold its name, see `file_name`, because Slack lets a message
            with a file carry no metadata.
    """

    name: str
    text: str
    comment: str


@dataclass(frozen=True)
class Message:
    """A Slack message.

    Attributes:
        text: plain text for notifications and screen readers; has the content of the blocks.
        blocks: Block Kit blocks, at most 50.
        ephemeral: shown to its one recipient only, and kept by nobody; Slack may drop it at any time.
        older: what stands in place of the blocks where a workspace refuses them, as while Slack brings in a
            new kind of block; empty where there is nothing new among them.
        file: sent in place of text and blocks, which are posted only where Slack takes no file.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    ephemeral: bool = False
    file: TextFile | None = None
    older: tuple[Block, ...] = ()


@dataclass(frozen=True)
class View:
    """A modal or Home tab; `body` is Slack's view object (`type`, `blocks`, `callback_id` ...)."""

    body: Block
