"""What a person chose or typed in an element, in the shape of Slack's `state.values`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_emulator.blocks import elements_of
from slack_emulator.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` holds the value in state and actions, `initial` the first value, `empty` stands for none."""

    key: str
    initial: str
    empty: Any = None


KINDS: dict[str, Kind] = {
    "plain_text_input": Kind("value", "initial_value"),
    "email_text_input": Kind("value", "initial_value"),
    "url_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value"),
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "file_input": Kind("files", "", []),
    "static_select": Kind("selected_option", "initial_option"),
    "external_select": Kind("selected_option", "initial_option"),
    "radio_buttons": Kind("selected_option", "initial_option"),
    "checkboxes": Kind("selected_options", "initial_options", []),
    "multi_static_select": Kind("selected_options", "initial_options", []),
    "multi_external_select": Kind("selected_options", "initial_options", []),
    "users_select": Kind("selected_user", "initial_user"),
    "multi_users_select": Kind("selected_users", "initial_users", []),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", []),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", []),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
}

Values = dict[str, dict[str, Any]]


def first_values(blocks: list[dict[str, Any]]) -> Values:
    """The state of blocks nobody has touched."""
    values: Values = {}
    for block, element, _ in elements_of(blocks):
        kind = KINDS.get(element["type"])
        if kind:
            value = element.get(kind.initial, kind.empty)
            values.setdefault(block["block_id"], {})[element["action_id"]] = {
                "type": element["type"],
                kind.key: value,
            }
    return values


def take_values(blocks: list[dict[str, Any]], values: Values, given: dict[str, Any]) -> Values:
    """`values` with what was given laid over; `given` is block_id -> action_id -> value.

    A value is Slack's own object or, for short, the bare text, option value or date.

    Raises:
        RefusedError: block_not_found or action_not_found, when the blocks hold no such input.
    """
    merged = {block_id: dict(actions) for block_id, actions in values.items()}
    for block_id, actions in given.items():
        if not isinstance(actions, dict):
            raise RefusedError("invalid_arguments", detail=f"{block_id}: expected action_id -> value")
        for action_id, value in actions.items():
            element = find_element(blocks, action_id, block_id)[1]
            kind = KINDS.get(element["type"])
            if kind is None:
                raise RefusedError("action_not_found", detail=f"{action_id} takes no value")
            merged.setdefault(block_id, {})[action_id] = {
                "type": element["type"],
                kind.key: chosen(element, kind, value),
            }
    return merged


def find_element(
    blocks: list[dict[str, Any]], action_id: str, block_id: str | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The block and element with an action_id, in a given block or the first that has it.

    Raises:
        RefusedError: action_not_found.
    """
    for block, element, _ in elements_of(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    known = [element["action_id"] for _, element, _ in elements_of(blocks)]
    raise RefusedError(
        "action_not_found", detail=f"no {action_id!r} in {block_id or 'any block'}; there is {known}"
    )


def chosen(element: dict[str, Any], kind: Kind, given: Any) -> Any:
    """The value for `kind.key`, with options completed from the element.

    Raises:
        RefusedError: option_not_found, or invalid_arguments for what no client could send.
    """
    value = given
    if isinstance(given, dict) and (kind.key in given or "type" in given):
        value = given.get(kind.key, kind.empty)
    if value is None or value == "":
        return kind.empty
    if kind.key == "selected_option":
        return _option(element, value)
    if kind.key == "selected_options":
        return [_option(element, entry) for entry in (value if isinstance(value, list) else [value])]
    looks_right, what = _LOOKS[kind.key]
    if not looks_right(value):
        raise RefusedError("invalid_arguments", detail=f"{element['action_id']}: expected {what}")
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is not None


# What a client can put in an element that is no menu of options: a driver's slip must not reach the app.
_LOOKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "value": (_is_text, "a text"),
    "rich_text_value": (lambda value: isinstance(value, dict), "a rich text"),
    "files": (lambda value: isinstance(value, list), "a list of files"),
    "selected_date": (_is_date, "a date in the form YYYY-MM-DD"),
    "selected_time": (_is_time, "a time in the form HH:mm"),
    "selected_date_time": (lambda value: type(value) is int, "whole seconds since 1970"),
    "selected_user": (_is_text, "a user id"),
    "selected_users": (_are_texts, "a list of user ids"),
    "selected_conversation": (_is_text, "a conversation id"),
    "selected_conversations": (_are_texts, "a list of conversation ids"),
    "selected_channel": (_is_text, "a channel id"),
    "selected_channels": (_are_texts, "a list of channel ids"),
}


def _option(element: dict[str, Any], wanted: Any) -> dict[str, Any]:
    groups = element.get("option_groups") or []
    offered = [*(element.get("options") or []), *(entry for group in groups for entry in group["options"])]
    value = wanted.get("value") if isinstance(wanted, dict) else wanted
    for entry in offered:
        if entry.get("value") == value:
            return dict(entry)
    if element["type"] in ("external_select", "multi_external_select") and isinstance(wanted, dict):
        return wanted
    values = [entry.get("value") for entry in offered]
    raise RefusedError("option_not_found", detail=f"{value!r} is none of {values}")


def action_of(blocks: list[dict[str, Any]], asked: Any, ts: str) -> dict[str, Any]:
    """The entry of `actions` for a press; `asked` is an action_id or an object with one and a value.

    Raises:
        RefusedError: action_not_found, option_not_found, or invalid_arguments when a choice is missing.
    """
    wanted = {"action_id": asked} if isinstance(asked, str) else asked
    if not isinstance(wanted, dict) or not wanted.get("action_id"):
        raise RefusedError("invalid_arguments", detail="action: an action_id, or an object with action_id")
    block, element = find_element(blocks, wanted["action_id"], wanted.get("block_id"))
    action: dict[str, Any] = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": ts,
    }
    if element["type"] == "button":
        shown = {name: element[name] for name in ("text", "value", "style", "url") if name in element}
        return action | shown
    kind = Kind("selected_option", "") if element["type"] == "overflow" else KINDS[element["type"]]
    if kind.key in wanted:
        given = wanted[kind.key]
    elif "value" in wanted:
        given = wanted["value"]
    else:
        raise RefusedError("invalid_arguments", detail=f"action: {kind.key} is missing")
    for name in ("placeholder", kind.initial):
        if name and name in element:
            action[name] = element[name]
    return action | {kind.key: chosen(element, kind, given)}
