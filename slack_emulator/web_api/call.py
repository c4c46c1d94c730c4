"""One Web API call: who calls, with which arguments, and the table of methods."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from slack_emulator.access import require_conversation
from slack_emulator.errors import RefusedError
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Message, Workspace

_TRUE = ("true", "1", "True", True, 1)
_MICROSECOND = Decimal("0.000001")


@dataclass(slots=True)
class Call:
    """The arguments as sent (strings from forms, JSON values from JSON) and readers for them."""

    slack: Slack
    workspace: Workspace
    arguments: dict[str, Any]

    def text(self, name: str) -> str:
        """A required string.

        Raises:
            RefusedError: invalid_arguments, naming the missing field.
        """
        value = self.optional(name)
        if value is None:
            raise RefusedError("invalid_arguments", messages=[f"missing required field: {name}"])
        return value

    def optional(self, name: str) -> str | None:
        """A string, or None when absent or empty."""
        value = self.arguments.get(name)
        return None if value is None or value == "" else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean in any of the ways people send one."""
        value = self.arguments.get(name)
        return default if value is None else value in _TRUE

    def integer(self, name: str, default: int, maximum: int) -> int:
        """A whole number from 1 to `maximum` (larger ones are cut to it).

        Raises:
            RefusedError: invalid_arguments or invalid_limit.
        """
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        try:
            found = int(value)
        except (TypeError, ValueError, OverflowError) as problem:
            raise RefusedError(
                "invalid_arguments", messages=[f"must provide an integer: {name}"]
            ) from problem
        if found < 1:
            raise RefusedError("invalid_limit")
        return min(found, maximum)

    def structure(self, name: str, refusal: str) -> Any:
        """A JSON value sent as such or as a string; None when absent.

        Raises:
            RefusedError: `refusal`, if a string is no JSON.
        """
        value = self.arguments.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                return json.loads(value)
            except ValueError as problem:
                raise RefusedError(refusal) from problem
        return value

    def names(self, name: str) -> list[str]:
        """A comma-separated list (or a JSON list)."""
        value = self.arguments.get(name)
        if isinstance(value, list):
            return [str(entry) for entry in value]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def moment(self, name: str) -> str | None:
        """A message ts, padded so that it compares as text.

        Raises:
            RefusedError: invalid_ts_oldest or invalid_ts_latest and the like.
        """
        value = self.optional(name)
        if value is None:
            return None
        try:
            return f"{Decimal(value).quantize(_MICROSECOND):017.6f}"
        except (InvalidOperation, ValueError) as problem:
            raise RefusedError(f"invalid_ts_{name}") from problem

    def channel(self, name: str = "channel") -> Conversation:
        """A conversation of this workspace that the bot can see, by id.

        Raises:
            RefusedError: channel_not_found.
        """
        found = self.workspace.conversations.get(self.optional(name) or "")
        if found is None or (found.kind != "public" and not self.workspace.is_bot_member(found)):
            raise RefusedError("channel_not_found")
        require_conversation(self.workspace, found)
        return found

    def need_team(self) -> None:
        """Demand a `team_id` of the token of an organisation-wide installation.

        Raises:
            RefusedError: missing_argument, or team_access_not_granted.
        """
        if not self.workspace.is_organisation:
            return
        team = self.optional("team_id")
        if team is None:
            raise RefusedError("missing_argument", needed="team_id")
        if team not in self.workspace.added:
            raise RefusedError("team_access_not_granted")

    def message(self, conversation: Conversation, name: str = "ts") -> Message:
        """A message of a conversation by its ts.

        Raises:
            RefusedError: message_not_found.
        """
        message = conversation.by_ts.get(self.optional(name) or "")
        if message is None:
            raise RefusedError("message_not_found")
        return message

    def need(self, *scopes: str) -> None:
        """Demand one of these scopes.

        Raises:
            RefusedError: missing_scope, with `needed` and `provided`.
        """
        if self.slack.manifest.missing_scope(scopes):
            raise RefusedError(
                "missing_scope", needed=",".join(scopes), provided=self.slack.manifest.scope_list
            )

    def need_for(self, conversation: Conversation, right: str) -> None:
        """Demand a right (`read`, `history`) for the conversation's kind."""
        prefix = {"im": "im", "public": "channels", "private": "groups"}[conversation.kind]
        self.need(f"{prefix}:{right}")


Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method; `caller` is `bot`, `app`, `configuration` or `anybody`."""

    handler: Handler
    scopes: tuple[str, ...]
    caller: str


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, caller: str = "bot") -> Callable[[Handler], Handler]:
    """Register a function as a method; any one of `scopes` is enough."""

    def enter(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, scopes, caller)
        return handler

    return enter


def page_of(entries: list[Any], call: Call, default: int = 100) -> tuple[list[Any], dict[str, str]]:
    """One page of a list by `cursor` and `limit`, with `response_metadata`'s content.

    Raises:
        RefusedError: invalid_cursor.
    """
    cursor, limit = call.optional("cursor"), call.integer("limit", default, 1000)
    start = 0
    if cursor:
        if not cursor.startswith("next:") or not cursor[5:].isdigit():
            raise RefusedError("invalid_cursor")
        start = int(cursor[5:])
    end = start + limit
    return entries[start:end], {"next_cursor": f"next:{end}" if end < len(entries) else ""}
