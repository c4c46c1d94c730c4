"""Answers by `response_url`: no method of the Web API, so no token and other responses."""

import json
from collections.abc import Sequence
from typing import Any

from slack_sdk.webhook import WebhookClient

from allybot.errors import SlackRefusedError
from allybot.message import Block
from allybot.slack.errors import classified, error_of

REFUSED_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})
"""What Slack says of blocks it does not take, also of a kind that it is still bringing in."""
_CLIENT_ERROR = 400


def respond(response_url: str, words: dict[str, Any], older: Sequence[Block], timeout: int) -> None:
    """Post an answer; with the older blocks if Slack refuses those in `words`.

    Raises one of the three errors of the gateway.
    """
    try:
        _post(response_url, words, timeout)
    except SlackRefusedError as refused:
        if not older or refused.reason not in REFUSED_BLOCKS:
            raise
        _post(response_url, words | {"blocks": list(older)}, timeout)


def _post(response_url: str, words: dict[str, Any], timeout: int) -> None:
    with classified("response_url"):
        answer = WebhookClient(response_url, timeout=timeout, retry_handlers=[]).send_dict(words)
    said = _as_json(answer.body)
    if answer.status_code >= _CLIENT_ERROR or (isinstance(said, dict) and said.get("ok") is False):
        raise error_of("response_url", answer.status_code, said, answer.headers)


def _as_json(body: str) -> Any:
    """What Slack answered, or None where it is no JSON; only its error code is used."""
    try:
        return json.loads(body)
    except ValueError:
        return None
