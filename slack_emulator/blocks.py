"""Checks blocks and views as Slack does before it accepts them, and fills in missing ids."""

import json
from collections.abc import Collection, Iterator
from typing import Any, TypeGuard

from slack_emulator.block_rules import HOME, MESSAGE, MODAL
from slack_emulator.chart_rules import MAX_CHARTS
from slack_emulator.errors import RefusedError
from slack_emulator.identifiers import Identifiers
from slack_emulator.rules import Faults, fault

# Slack documents 250 kB a view. Of a message's blocks it says about 12,000 characters of text in all
# (slackapi/bolt-js issue 2509, answer of a maintainer).
_VIEW_BYTES = 250_000
_MESSAGE_CHARACTERS = 12_000


def elements_of(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """Every element that can be used, with its block and its pointer within the block."""
    for block in blocks:
        if block.get("type") == "actions":
            for index, element in enumerate(block.get("elements") or []):
                yield block, element, f"/elements/{index}"
        for name in ("accessory", "element"):
            element = block.get(name)
            if isinstance(element, dict) and element.get("type") != "image":
                yield block, element, f"/{name}"


def check_message_blocks(blocks: Any, refused: Collection[str] = ()) -> list[dict[str, Any]]:
    """Blocks of a message.

    Args:
        blocks: what an app sent.
        refused: kinds that this workspace refuses, as while Slack brings them in.

    Raises:
        RefusedError: invalid_blocks_format, invalid_blocks (with pointers) or msg_blocks_too_long.
    """
    if not _is_list_of_objects(blocks):
        raise RefusedError("invalid_blocks_format")
    faults = message_faults(blocks, refused)
    if faults:
        raise RefusedError("invalid_blocks", messages=faults)
    if _characters(blocks) > _MESSAGE_CHARACTERS:
        raise RefusedError("msg_blocks_too_long")
    return blocks


def message_faults(blocks: Any, refused: Collection[str] = ()) -> Faults:
    """What is wrong with a message's blocks by the schema, with pointers below `/blocks`."""
    if not _is_list_of_objects(blocks):
        return ["must provide an array of objects [json-pointer:/blocks]"]
    faults: Faults = []
    MESSAGE(blocks, "/blocks", faults)
    _check_unique(blocks, "/blocks", faults)
    for index, block in enumerate(blocks):
        if block.get("type") in refused:
            fault(faults, f"/blocks/{index}/type", f"unsupported type: {block['type']}")
    if sum(block.get("type") == "data_visualization" for block in blocks) > MAX_CHARTS:
        fault(faults, "/blocks", f"no more than {MAX_CHARTS} data_visualization blocks allowed")
    return faults


def check_view(view: Any, kind: str) -> dict[str, Any]:
    """A view of the given kind (`modal` or `home`).

    Raises:
        RefusedError: invalid_arguments (with pointers) or view_too_large.
    """
    faults: Faults = []
    if not isinstance(view, dict):
        raise RefusedError("invalid_arguments", messages=["must provide an object [json-pointer:/view]"])
    if len(json.dumps(view)) > _VIEW_BYTES:
        raise RefusedError("view_too_large")
    (MODAL if kind == "modal" else HOME)(view, "/view", faults)
    if view.get("type") in ("modal", "home") and view["type"] != kind:
        fault(faults, "/view/type", f"must be a valid enum value: {kind}")
    blocks = view.get("blocks")
    if isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks):
        _check_unique(blocks, "/view/blocks", faults)
        _check_focus(blocks, "/view/blocks", faults)
        if kind == "modal" and view.get("submit") is None and any(b.get("type") == "input" for b in blocks):
            fault(faults, "/view", "missing required field: submit")
    if faults:
        raise RefusedError("invalid_arguments", messages=faults)
    return view


def with_ids(blocks: list[dict[str, Any]], ids: Identifiers) -> list[dict[str, Any]]:
    """The blocks with a block_id on each and an action_id on each element, as Slack stores them."""
    filled = [{**block, "block_id": block.get("block_id") or ids.new("b")} for block in blocks]
    for block in filled:
        if block["type"] == "actions":
            block["elements"] = [_with_action_id(element, ids) for element in block["elements"]]
        for name in ("accessory", "element"):
            if isinstance(block.get(name), dict) and block[name].get("type") != "image":
                block[name] = _with_action_id(block[name], ids)
    return filled


def _with_action_id(element: dict[str, Any], ids: Identifiers) -> dict[str, Any]:
    return {**element, "action_id": element.get("action_id") or ids.new("a")}


def _is_list_of_objects(blocks: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(blocks, list) and all(isinstance(block, dict) for block in blocks)


def _check_unique(blocks: list[dict[str, Any]], pointer: str, faults: Faults) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            fault(faults, f"{pointer}/{index}/block_id", f"`block_id` {block_id} already exists")
        if isinstance(block_id, str):
            seen.add(block_id)
        actions: set[str] = set()
        if not isinstance(block.get("elements", []), list):
            continue
        for _, element, place in elements_of([block]):
            action_id = element.get("action_id") if isinstance(element, dict) else None
            if isinstance(action_id, str) and action_id in actions:
                where = f"{pointer}/{index}{place}/action_id"
                fault(faults, where, f"`action_id` {action_id} already exists")
            if isinstance(action_id, str):
                actions.add(action_id)


def _check_focus(blocks: list[dict[str, Any]], pointer: str, faults: Faults) -> None:
    taken = False
    for index, block in enumerate(blocks):
        if not isinstance(block.get("elements", []), list):
            continue
        for _, element, place in elements_of([block]):
            wanted = isinstance(element, dict) and element.get("focus_on_load") is True
            if wanted and taken:
                where = f"{pointer}/{index}{place}/focus_on_load"
                fault(faults, where, "only one element can have focus_on_load set to true")
            taken = taken or wanted


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_characters(entry) for name, entry in value.items() if not isinstance(entry, str))
    if isinstance(value, list):
        return sum(_characters(entry) for entry in value)
    return 0
