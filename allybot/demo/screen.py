"""What the user sees in the demo, read from the emulator's messages and not from tables."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from allybot.demo.cast import LEAD_USER, Character
from allybot.demo.workspace import Remote, circle_channel
from allybot.prompts import ids
from allybot.prompts.circles import facilitating_ids

_ASKED = re.compile(r"^(check_in|follow_up)\.step-(\d+)$")
_ANSWERED = re.compile(r"^answered\.step-(\d+)$")
_SCENARIO = re.compile(r"^scenario\.(\d{4}-\d{2}-\d{2})$")
_VOTES = re.compile(r"^votes\.")
_FORMS = frozenset({ids.PLAN_FORM, ids.CHECK_IN_HELP_FORM, ids.CHECK_IN_CHANGE_FORM})


class Item(StrEnum):
    """The kinds of message or change the strip comments on."""

    NOTHING = "nothing"
    CHECK_IN = "check_in"
    ANSWERED = "answered"
    REPLAN = "replan"
    PACE = "pace"
    ASKED = "asked"
    KIT = "kit"
    SCENARIO = "scenario"
    VOTED = "voted"
    VOTES = "votes"
    FIGURES = "figures"


@dataclass(frozen=True)
class Screen:
    """What the user sees.

    Attributes:
        newest: the latest message or change.
        form: the callback id of the open form, or empty.
        check_in_waits: whether the newest check-in is unanswered.
        vote_of: the Monday of a scenario whose votes are still sealed.
    """

    newest: Item
    form: str = ""
    check_in_waits: bool = False
    vote_of: date | None = None


def read_screen(remote: Remote, you: Character) -> Screen:
    """Read it for this trainee."""
    own, circle = _messages(remote, you.user), _messages(remote, circle_channel(you.circle))
    items = [*_own_items(own), *_circle_items(circle, you), *_lead_items(_messages(remote, LEAD_USER))]
    asked = [item for _, item in sorted(items) if item in {Item.CHECK_IN, Item.ANSWERED}]
    view = remote.get(f"view/{you.user}").get("view") or {}
    return Screen(
        newest=max(items, default=(0.0, Item.NOTHING))[1],
        form=view["callback_id"] if view.get("callback_id") in _FORMS and view.get("submit") else "",
        check_in_waits=asked[-1:] == [Item.CHECK_IN],
        vote_of=_open_vote(circle),
    )


def _messages(remote: Remote, channel: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = remote.get(f"messages/{channel}").get("messages", [])
    return found


def _own_items(messages: list[dict[str, Any]]) -> list[tuple[float, Item]]:
    found = []
    for message in messages:
        block_ids, actions = _block_ids(message), _actions(message)
        if any(_ANSWERED.match(each) for each in block_ids):
            found.append((_changed_at(message), Item.ANSWERED))
        elif ids.REPLAN_KEEP in actions:
            found.append((_changed_at(message), Item.REPLAN))
        elif ids.CHECK_IN_ACTED in actions and any(_ASKED.match(each) for each in block_ids):
            found.append((_changed_at(message), Item.CHECK_IN))
        elif ids.FREQUENCY_KEEP in actions:
            found.append((_changed_at(message), Item.PACE))
        elif facilitating_ids.YES in actions:
            found.append((_changed_at(message), Item.ASKED))
        elif ids.READ_STORY in actions:
            found.append((_changed_at(message), Item.KIT))
    return found


def _circle_items(messages: list[dict[str, Any]], you: Character) -> list[tuple[float, Item]]:
    found = []
    for message in messages:
        block_ids = _block_ids(message)
        if any(_SCENARIO.match(each) for each in block_ids):
            found.append((_changed_at(message), Item.SCENARIO))
        elif any(_VOTES.match(each) for each in block_ids):
            found.append((_changed_at(message), Item.VOTES))
        elif message.get("ephemeral_to") == you.user and ids.VOTE_SEALED in block_ids:
            found.append((_changed_at(message), Item.VOTED))
    return found


def _lead_items(messages: list[dict[str, Any]]) -> list[tuple[float, Item]]:
    return [(_changed_at(each), Item.FIGURES) for each in messages if ids.RELEASE_NOTICE in _block_ids(each)]


def _open_vote(messages: list[dict[str, Any]]) -> date | None:
    """The Monday of the newest scenario, unless its votes have been opened."""
    monday = None
    for message in messages:
        for block_id in _block_ids(message):
            match = _SCENARIO.match(block_id)
            if match and any(action.startswith(ids.VOTE) for action in _actions(message)):
                monday = date.fromisoformat(match[1])
            elif _VOTES.match(block_id):
                monday = None
    return monday


def _changed_at(message: dict[str, Any]) -> float:
    """When it was posted or last edited, in the emulator's seconds."""
    return float((message.get("edited") or message)["ts"])


def _block_ids(message: dict[str, Any]) -> list[str]:
    return [str(block.get("block_id") or "") for block in message.get("blocks") or []]


def _actions(message: dict[str, Any]) -> set[str]:
    return {
        str(element.get("action_id"))
        for block in message.get("blocks") or []
        for element in block.get("elements") or []
        if isinstance(element, dict)
    }
