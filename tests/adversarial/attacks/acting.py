"""One person who acts through Slack's payloads: presses, fills in modals, types commands.

Modals are read as they are shown and submitted as they are prefilled, but for what the person changes, so a
build that shows other blocks is lived in just as well.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allybot.app import Allybot
from allybot.prompts import ids
from allybot.slack.padding import padded
from allybot.slack_app.dispatch import Dispatcher
from tests.adversarial.attacks.quiet_slack import QuietSlack, View, fresh_trigger

_INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "radio_buttons": ("selected_option", "initial_option"),
    "static_select": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
}


@dataclass
class Hands:
    """What somebody can do in Slack's client.

    Attributes:
        user: Slack id.
        workspace: Slack's team id.
        acks: seconds until each acknowledgement, and its bytes, as a proxy sees them.
    """

    allybot: Allybot
    slack: QuietSlack
    user: str
    workspace: str
    acks: list[tuple[float, int]] = field(default_factory=list)

    def press(self, message: dict[str, Any], action: str) -> str:
        """Press a message's button; the trigger id, with which a modal may have been opened."""
        button = next(each for each in elements(message["blocks"]) if each["action_id"] == action)
        trigger = self._trigger()
        self._interact(
            "block_actions",
            trigger,
            container={"type": "message", "channel_id": message["channel"], "message_ts": message["ts"]},
            channel={"id": message["channel"]},
            message={"ts": message["ts"], "blocks": message["blocks"]},
            response_url=self._answers,
            actions=[{**_bare(button), "value": button.get("value", "")}],
        )
        return trigger

    def choose(self, view: View, action: str, option: str, filled: dict[str, Any] | None = None) -> View:
        """Choose an option that changes the modal; the modal as it is then, the same if it is not offered.

        Args:
            filled: fields that were filled in before, by action id.
        """
        for block in view["blocks"]:
            element = block.get("element") or {}
            offered = [each for each in element.get("options") or [] if each["value"] == option]
            if element.get("action_id") == action and offered:
                chosen = {**_bare(element), "block_id": block["block_id"], "selected_option": offered[0]}
                values = state_of(view, {action: option, **(filled or {})})
                shown = {**view, "state": {"values": values}}
                self._interact("block_actions", self._trigger(), view=shown, actions=[chosen])
                return self.slack.newer(view)
        return view

    def press_shown(self, view: View, action: str, filled: dict[str, Any]) -> View:
        """Press a button of the modal that is shown, with fields filled in; the modal as it is then."""
        button = next(each for each in elements(view["blocks"]) if each["action_id"] == action)
        pressed = {**_bare(button), "value": button.get("value", "")}
        shown = {**view, "state": {"values": state_of(view, filled)}}
        self._interact("block_actions", self._trigger(), view=shown, actions=[pressed])
        return self.slack.newer(view)

    def submit(self, view: View, filled: dict[str, Any]) -> View | None:
        """Submit a modal with fields filled in by action id; the modal shown next, None when it closes."""
        sent = {**view, "state": {"values": state_of(view, filled)}}
        answer = self._interact("view_submission", self._trigger(), view=sent)
        body = answer if isinstance(answer, dict) else {}
        following = body.get("view")
        if body.get("response_action") != "update" or not following:
            return None
        return {**following, "id": view["id"], "hash": view["hash"]}

    def command(self, text: str) -> str:
        """Type `/allybot text`; the trigger id, empty where it was answered in words."""
        trigger = self._trigger()
        answer = self._take(
            {
                "command": ids.COMMAND,
                "text": text,
                "team_id": self.workspace,
                "user_id": self.user,
                "channel_id": f"D{self.user}",
                "response_url": self._answers,
                "trigger_id": trigger,
            }
        )
        return "" if answer else trigger

    def press_value(self, action: str, value: str = "") -> str:
        """Press a button of a message that only this person sees; the trigger id."""
        trigger = self._trigger()
        self._interact(
            "block_actions",
            trigger,
            container={"type": "message", "channel_id": f"D{self.user}", "is_ephemeral": True},
            response_url=self._answers,
            actions=[{"type": "button", "block_id": "b", "action_id": action, "value": value}],
        )
        return trigger

    def press_in(self, view: View, action: str, value: str = "", option: str = "") -> None:
        """Press a button or choose an option in a modal, also one that this person was never shown."""
        chosen = {"type": "button", "block_id": "b", "action_id": action, "value": value}
        if option:
            chosen["selected_option"] = {"value": option}  # type: ignore[assignment]
        self._interact("block_actions", self._trigger(), view=view, actions=[chosen])

    def change_shown(self, view: View, action: str, option: str) -> View:
        """Choose an option in the modal that is shown; the modal as it is then."""
        self.press_in(view, action, option=option)
        return self.slack.newer(view)

    def submit_value(self, callback: str, metadata: str, values: dict[str, Any]) -> Any:
        """Submit a modal that was never shown to this person; the acknowledgement."""
        view = unseen(callback, metadata, values)
        return self._interact("view_submission", self._trigger(), view=view)

    def say(self, text: str) -> None:
        """Type a direct message to the bot."""
        where = {"channel": f"D{self.user}", "channel_type": "im", "ts": f"{time.time():.6f}"}
        self._event({"type": "message", "user": self.user, "text": text, **where})

    def leave_channel(self, channel: str) -> None:
        """Leave a circle's channel."""
        self._event({"type": "member_left_channel", "user": self.user, "channel": channel})

    def open_home(self) -> None:
        """Open the Home tab."""
        self._event({"type": "app_home_opened", "user": self.user, "tab": "home"})

    @property
    def _answers(self) -> str:
        return f"{self.slack.url}respond/{self.user}"

    def _trigger(self) -> str:
        trigger = fresh_trigger()
        self.slack.whose[trigger] = self.user
        return trigger

    def _event(self, event: dict[str, Any]) -> None:
        self._take(
            {
                "type": "event_callback",
                "team_id": self.workspace,
                "event_id": f"Ev{fresh_trigger()}",
                "event": event,
            }
        )

    def _interact(self, kind: str, trigger: str, **more: Any) -> Any:
        who = {"id": self.user, "team_id": self.workspace}
        return self._take(
            {"type": kind, "team": {"id": self.workspace}, "user": who, "trigger_id": trigger, **more}
        )

    def _take(self, payload: dict[str, Any]) -> Any:
        began = time.perf_counter()
        answer = Dispatcher(self.allybot.bolt).take(payload)
        self.acks.append((time.perf_counter() - began, len(padded((answer.body or "").encode()))))
        if answer.status != 200:
            raise AssertionError(f"{payload['type']} was not acknowledged")
        body = json.loads(answer.body) if answer.body else ""
        self.slack.hand_out(self.user, body)
        return body


def unseen(callback: str, metadata: str, values: dict[str, Any]) -> View:
    """A modal as whoever forges it sends it back."""
    return {
        "id": "V0",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "blocks": [],
        "state": {"values": values},
    }


def elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every element of these blocks that has an action id."""
    for block in blocks:
        for element in (block.get("element"), block.get("accessory"), *(block.get("elements") or [])):
            if isinstance(element, dict) and element.get("action_id"):
                yield element


def state_of(view: View, filled: dict[str, Any]) -> dict[str, Any]:
    """A modal's state values: what stands in its fields, with those filled in by action id.

    Args:
        filled: a text, an ISO day, an option's value, or a list of options' values.
    """
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block.get("element")
        if block["type"] != "input" or not element:
            continue
        name, initial = _INITIAL[element["type"]]
        given = element.get(initial)
        if element["action_id"] in filled:
            given = _given(element, filled[element["action_id"]])
        values[block["block_id"]] = {element["action_id"]: {"type": element["type"], name: given}}
    return values


def _given(element: dict[str, Any], wanted: Any) -> Any:
    offered = {each["value"]: each for each in element.get("options") or []}
    if element["type"] == "checkboxes":
        return [offered[each] for each in wanted if each in offered]
    return offered.get(wanted) if offered else wanted


def _bare(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": element["type"], "block_id": "b", "action_id": element["action_id"]}
