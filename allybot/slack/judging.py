"""Asks Slack whether it would take a screen or a manifest. Nothing is shown, posted or made by it."""

import json
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from allybot.message import Block, View
from allybot.slack.errors import classified
from allybot.slack.workspace_calls import WorkspaceCalls

_INVALID = frozenset({"invalid_blocks", "invalid_message", "invalid_view", "invalid_manifest"})
"""Slack's codes for "here is what is wrong with it", with a list (reference pages of both methods)."""


class Judging(WorkspaceCalls):
    """What Slack says of screens and manifests: a line for each fault, none if it would take them."""

    def faults_of_screen(self, token: str, screen: View | list[Block]) -> list[str]:
        """Of a modal, a Home tab or the blocks of a message, by `blocks.validate` with a bot token."""
        what, made = ("view", screen.body) if isinstance(screen, View) else ("message", {"blocks": screen})
        return _faults(self._client(token), "blocks.validate", {what: json.dumps(made)})

    def faults_of_manifest(self, token: str, manifest: dict[str, Any]) -> list[str]:
        """Of an app's manifest, by `apps.manifest.validate`, which takes an app configuration token."""
        client = WebClient(token, self._base_url, self._timeout, retry_handlers=[])
        return _faults(client, "apps.manifest.validate", {"manifest": json.dumps(manifest)})


def _faults(client: WebClient, method: str, asked: dict[str, str]) -> list[str]:
    with classified(method):
        try:
            client.api_call(method, params=asked)
        except SlackApiError as error:
            answer: Any = error.response.data
            if not isinstance(answer, dict) or answer.get("error") not in _INVALID:
                raise
            return [_line(each) for each in answer.get("errors") or []] or [str(answer["error"])]
    return []


def _line(fault: Any) -> str:
    """Such as `/blocks/0/text: must be less than 3001 characters`."""
    if not isinstance(fault, dict):
        return str(fault)
    return f"{fault.get('pointer') or '/'}: {fault.get('message') or fault.get('code') or 'refused'}"
