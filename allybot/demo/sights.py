"""What the person at the keyboard has before him, read from the messages he sees and not from tables."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from allybot.demo.cast import LEAD_USER, Character
from allybot.demo.workspace import Remote, circle_channel
from allybot.prompts import ids

_ASKED = re.compile(r"^(check_in|follow_up)\.step-(\d+)$")
_ANSWERED = re.compile(r"^answered\.step-(\d+)$")
_SCENARIO = re.compile(r"^scenario\.(\d{4}-\d{2}-\d{2})$")
_VOTES = re.compile(r"^votes\.")
_FORMS = frozenset({ids.PLAN_FORM, ids.CHECK_IN_HELP_FORM, ids.CHECK_IN_CHANGE_FORM})


class Sign(StrEnum):
    """What came or happened last in what he sees."""

    NOTHING = "nothing"
    CHECK_IN = "check_in"
    ANSWERED = "answered"
    REPLAN = "replan"
    PACE = "pace"
    KIT = "kit"
    SCENARIO = "scenario"
    VOTED = "voted"
    VOTES = "votes"
    FIGURES = "figures"


@dataclass(frozen=True)
class Sight:
    """What he sees.

    Attributes:
        newest: what came or happened last.
        form: the callback id of the form open before him, or empty.
        check_in_waits: whether his newest check-in is not answered.
        vote_of: the Monday of a scenario whose votes are still sealed.
    """

    newest: Sign
    form: str = ""
    check_in_waits: bool = False
    vote_of: date | None = None


def look(remote: Remote, you: Character) -> Sight:
    """Read what he sees."""
    own, circle = _messages(remote, you.user), _messages(remote, circle_channel(you.circle))
    signs = [*_own_signs(own), *_circle_signs(circle, you), *_lead_signs(_messages(remote, LEAD_USER))]
    asked = [sign for _, sign in sorted(signs) if sign in {Sign.CHECK_IN, Sign.ANSWERED}]
    view = remote.get(f"view/{you.user}").get("view") or {}
    return Sight(
        newest=max(signs, default=(0.0, Sign.NOTHING))[1],
        form=view["callback_id"] if view.get("callback_id") in _FORMS and view.get("submit") else "",
        check_in_waits=asked[-1:] == [Sign.CHECK_IN],
        vote_of=_open_vote(circle),
    )


def _messages(remote: Remote, channel: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = remote.get(f"messages/{channel}").get("messages", [])
    return found


def _own_signs(messages: list[dict[str, Any]]) -> list[tuple[float, Sign]]:
    found = []
    for message in messages:
        block_ids, actions = _block_ids(message), _actions(message)
        if any(_ANSWERED.match(each) for each in block_ids):
            found.append((_changed_at(message), Sign.ANSWERED))
        elif ids.REPLAN_KEEP in actions:
            found.append((_changed_at(message), Sign.REPLAN))
        elif ids.CHECK_IN_ACTED in actions and any(_ASKED.match(each) for each in block_ids):
            found.append((_changed_at(message), Sign.CHECK_IN))
        elif ids.FREQUENCY_KEEP in actions:
            found.append((_changed_at(message), Sign.PACE))
        elif ids.FACILITATE_SWAP in actions:
            found.append((_changed_at(message), Sign.KIT))
    return found


def _circle_signs(messages: list[dict[str, Any]], you: Character) -> list[tuple[float, Sign]]:
    found = []
    for message in messages:
        block_ids = _block_ids(message)
        if any(_SCENARIO.match(each) for each in block_ids):
            found.append((_changed_at(message), Sign.SCENARIO))
        elif any(_VOTES.match(each) for each in block_ids):
            found.append((_changed_at(message), Sign.VOTES))
        elif message.get("ephemeral_to") == you.user and ids.VOTE_SEALED in block_ids:
            found.append((_changed_at(message), Sign.VOTED))
    return found


def _lead_signs(messages: list[dict[str, Any]]) -> list[tuple[float, Sign]]:
    return [(_changed_at(each), Sign.FIGURES) for each in messages if ids.RELEASE_NOTICE in _block_ids(each)]


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
    """When it was written or last changed, in the emulator's own seconds."""
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
