"""Reading what a person filled in, from the `state.values` of a modal.

Block ids may carry a suffix after a dot, which makes Slack show a new prefill; the name before it counts.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_bolt import Ack

from allybot.i18n import Say
from allybot.prompts.help import outdated_form


def field(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The state of the input with this name; empty when there is none."""
    return next(iter(values.get(block_of(values, name), {}).values()), {})


def block_of(values: Mapping[str, Any], name: str) -> str:
    """The id of the block with this name, where Slack puts an error under it."""
    return next((block_id for block_id in values if block_id.partition(".")[0] == name), name)


def shown_block_of(view: Mapping[str, Any], name: str) -> str:
    """The same, or the first input of the view where the one that is wrong stands in another step."""
    block_id = block_of(view["state"]["values"], name)
    inputs = [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]
    return block_id if block_id in inputs or not inputs else inputs[0]


def text(values: Mapping[str, Any], name: str) -> str:
    """What was typed."""
    return str(field(values, name).get("value") or "")


def selected(values: Mapping[str, Any], name: str) -> str:
    """The value of the option that was chosen; empty when none was."""
    return str((field(values, name).get("selected_option") or {}).get("value") or "")


def checked(values: Mapping[str, Any], name: str) -> list[str]:
    """The values of the boxes that were ticked."""
    return [str(option.get("value") or "") for option in field(values, name).get("selected_options") or []]


def day(values: Mapping[str, Any], name: str) -> date | None:
    """The date that was picked."""
    try:
        return date.fromisoformat(str(field(values, name).get("selected_date") or ""))
    except ValueError:
        return None


def keep_open(ack: Ack, view: Mapping[str, Any], say: Say) -> None:
    """Leave a form that can no longer be sent on the screen, with all that was typed, and say so."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    values = view["state"]["values"]
    written = [each for each in inputs if any(one.get("value") for one in values.get(each, {}).values())]
    if inputs:
        # Under his own words: they are what would be missed.
        ack(response_action="errors", errors={(written or inputs)[0]: outdated_form(say)})
    else:
        ack(response_action="clear")
