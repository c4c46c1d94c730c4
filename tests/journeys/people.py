"""People in the emulator's workspace, who act as in Slack's client: by labels and not by ids."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar

from allybot.demo.workspace import Remote
from allybot.prompts import ids

TIMEOUT_SECONDS = 15.0
_CHOICES = ("static_select", "radio_buttons")
Found = TypeVar("Found")


def until(look: Callable[[], Found | None], what: str) -> Found:
    """The first true result of `look`, which is called until then."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.005)
    raise AssertionError(f"timed out: {what}")


def words(page: dict[str, Any]) -> str:
    """Everything there is to read on a message or a view, labels and hints included."""
    if page.get("blocks"):
        return "\n".join(_texts([page.get("title"), page["blocks"], page.get("submit")]))
    return str(page["text"])


def labels(page: dict[str, Any]) -> list[str]:
    """The labels of a page's buttons, in their order."""
    return [element["text"]["text"] for element in _elements(page) if element["type"] == "button"]


def field(view: dict[str, Any], action: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The input or menu with this action id: its block and its element."""
    for block in view["blocks"]:
        for element in [block["element"]] if block["type"] == "input" else block.get("elements", []):
            if element.get("action_id") == action:
                return block, element
    raise AssertionError(f"{action} stands not in {words(view)}")


def stands_in(view: dict[str, Any], action: str) -> str:
    """What stands in the field with this action id: text, date or the labels chosen; else empty."""
    block, element = field(view, action)
    state = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"], {})
    option = (state.get("selected_option") or {}).get("text", {}).get("text")
    boxes = ", ".join(each["text"]["text"] for each in state.get("selected_options") or [])
    return str(state.get("value") or state.get("selected_date") or option or boxes)


def options(view: dict[str, Any], action: str) -> list[str]:
    """The options of the field with this action id, as they read."""
    return [option["text"]["text"] for option in field(view, action)[1]["options"]]


def _root(message: dict[str, Any]) -> str:
    return str(message.get("thread_ts", message["ts"]))


class Person:
    """Somebody in the emulator's workspace, driven by the emulator's control routes."""

    def __init__(self, remote: Remote, user: str, name: str) -> None:
        self.remote = remote
        self.user = user
        self.name = name

    # ---- reading

    def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        """Messages visible to them in a channel, or in the direct message with the bot, oldest first.

        Replies in a thread are not shown there, only to them alone where they stand.
        """
        return [each for each in self._all(channel) if _root(each) == each["ts"] or each.get("ephemeral_to")]

    def thread(self, root: dict[str, Any], channel: str | None = None) -> list[dict[str, Any]]:
        """The replies in a message's thread, oldest first."""
        return [each for each in self._all(channel) if _root(each) == root["ts"] != each["ts"]]

    def _all(self, channel: str | None) -> list[dict[str, Any]]:
        found = self.remote.get(f"messages/{channel or self.user}")
        return [each for each in found.get("messages", []) if each.get("ephemeral_to") in {None, self.user}]

    def reads(self, part: str, channel: str | None = None) -> dict[str, Any]:
        """The newest message with these words, as soon as there is one."""
        return until(
            lambda: next((one for one in reversed(self.messages(channel)) if part in words(one)), None),
            f"{self.name} looks for “{part}”",
        )

    def modal(self, title: str, ready: Callable[[dict[str, Any]], bool] = bool) -> dict[str, Any]:
        """The open modal, once it has this title and is `ready`."""

        def look() -> dict[str, Any] | None:
            view: dict[str, Any] | None = self.remote.get(f"view/{self.user}")["view"]
            return view if view and view["title"]["text"] == title and ready(view) else None

        return until(look, f"{self.name} waits for the modal “{title}”")

    def has_no_modal(self) -> bool:
        """Whether no modal is open."""
        return self.remote.get(f"view/{self.user}")["view"] is None

    def home(self, part: str = "") -> dict[str, Any]:
        """The Home tab, opened again, once it contains these words."""
        before = self.remote.get(f"view/{self.user}?home=1")["view"]
        self.remote.post("open-home", user=self.user)
        return self.looks_at_home(part, lambda view: not before or view["hash"] != before["hash"])

    def looks_at_home(self, part: str, ready: Callable[[dict[str, Any]], bool] = bool) -> dict[str, Any]:
        """The open Home tab, once it contains these words and is `ready`."""

        def look() -> dict[str, Any] | None:
            view: dict[str, Any] | None = self.remote.get(f"view/{self.user}?home=1")["view"]
            return view if view and part in words(view) and ready(view) else None

        return until(look, f"{self.name} looks for “{part}” on the Home tab")

    # ---- acting

    def types(self, text: str, channel: str | None = None) -> dict[str, Any]:
        """Type a message or a command."""
        where = channel or self.user
        if text.startswith("/"):
            word, _, rest = text.partition(" ")
            return self.remote.post("command", channel=where, user=self.user, command=word, text=rest)
        return self.remote.post("message", channel=where, user=self.user, text=text)

    def asks(self, command: str, channel: str | None = None) -> str:
        """Type a command and read its ephemeral answer."""
        before = {one["ts"] for one in self.messages(channel)}
        assert self.types(command, channel)["ok"]
        found = until(  # a requested file may come before or after the answer
            lambda: [one for one in self.messages(channel) if one["ts"] not in before and one["ephemeral"]],
            f"{self.name} waits for an answer to {command}",
        )
        return words(found[-1])

    def presses(
        self, label: str, message: dict[str, Any] | None = None, channel: str | None = None
    ) -> dict[str, Any]:
        """Press the button that begins with this label, in a message or in the newest one that has it."""
        on = message or until(
            lambda: next((one for one in reversed(self.messages(channel)) if _button(one, label)), None),
            f"{self.name} looks for the button “{label}”",
        )
        button = _button(on, label)
        assert button, f"no “{label}” among {labels(on)}"
        action = {"action_id": button["action_id"], "block_id": button["block_id"]}
        answer = self.remote.post(
            "interact", channel=channel or self.user, messageTs=on["ts"], user=self.user, action=action
        )
        assert answer.get("acknowledged"), answer
        return on

    def presses_at_home(self, label: str) -> None:
        """Press a button of the Home tab."""
        self._presses_in(self.remote.get(f"view/{self.user}?home=1")["view"], label)

    def presses_under_more(self, label: str) -> None:
        """Press a button in the modal behind "More" on the Home tab."""
        self.presses_at_home("More")
        self._presses_in(self.modal("More"), label)

    def presses_in_modal(self, label: str, **filled: str | date) -> None:
        """Press a button of the open modal, after filling fields by action id."""
        self._presses_in(self.remote.get(f"view/{self.user}")["view"], label, **filled)

    def _presses_in(self, view: dict[str, Any], label: str, **filled: str | date) -> None:
        button = _button(view, label)
        assert button, f"no “{label}” among {labels(view)}"
        action = {"action_id": button["action_id"]}
        if sum(each["action_id"] == button["action_id"] for each in _elements(view)) > 1:
            action["block_id"] = button["block_id"]
        answer = self.remote.post(
            "view-interact",
            user=self.user,
            action=action,
            view_id=view["id"],
            **({"values": _typed(view, filled)} if filled else {}),
        )
        assert answer.get("acknowledged"), answer

    def chooses(self, view: dict[str, Any], action: str, option: str, **typed: str) -> dict[str, Any]:
        """Choose an option with a dispatched action; the modal once it has changed.

        Args:
            typed: texts typed meanwhile, by action id.
        """
        block, element = field(view, action)
        value = next(each for each in element["options"] if each["text"]["text"] == option)
        answer = self.remote.post(
            "view-interact",
            user=self.user,
            action={
                "action_id": element["action_id"],
                "block_id": block["block_id"],
                "selected_option": value,
            },
            values=_typed(view, typed),
        )
        assert answer.get("acknowledged"), answer
        return self.modal(view["title"]["text"], lambda now: bool(now["hash"] != view["hash"]))

    def submits(self, view: dict[str, Any], **filled: str | date | list[str]) -> dict[str, Any]:
        """Submit the open modal, with fields filled by action id: text, date or labels."""
        return self.remote.post("view-submit", user=self.user, values=_typed(view, filled))

    def closes(self) -> None:
        """Close the open modal."""
        self.remote.post("view-close", user=self.user)

    # ---- whole stories

    def begins(self) -> None:
        """Consent in the welcome."""
        self.presses("Start")

    def begins_plan(self, kind: str = "Bystander action") -> dict[str, Any]:
        """Open the plan modal through the command and choose a kind; the first step, once it has changed."""
        self.types("/allybot plan")
        return self.chooses(self.modal("Write a plan"), ids.PLAN_KIND, kind)

    def goes_on(self, view: dict[str, Any], **filled: str | date) -> dict[str, Any]:
        """Send a step of the plan modal; the next one."""
        answer = self.submits(view, **filled)
        assert answer == {"ok": True, "response_action": "update"}, answer
        return self.modal(view["title"]["text"], lambda now: bool(now["hash"] != view["hash"]))

    def goes_back(self, view: dict[str, Any], label: str = "Back", **typed: str | date) -> dict[str, Any]:
        """Press Back in the plan modal, after typing; the step shown then."""
        button = _button(view, label)
        assert button, f"no “{label}” among {labels(view)}"
        answer = self.remote.post(
            "view-interact",
            user=self.user,
            action={"action_id": button["action_id"], "block_id": button["block_id"]},
            values=_typed(view, typed),
        )
        assert answer.get("acknowledged"), answer
        return self.modal(view["title"]["text"], lambda now: bool(now["hash"] != view["hash"]))

    def writes_plan(
        self, cue: str, response: str, kind: str = "Bystander action", **more: str | date
    ) -> dict[str, Any]:
        """Write a plan through the command and the steps of its modal; the page that shows it back."""
        view = self.goes_on(self.begins_plan(kind))
        answer = self.submits(self.goes_on(view, cue=cue, response=response), **more)
        assert answer == {"ok": True, "response_action": "update"}, answer
        shown = self.modal("Your plan")
        self.closes()
        return shown


def _typed(view: dict[str, Any], filled: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block.get("element")
        if block["type"] != "input" or element["action_id"] not in filled:
            continue
        given = filled[element["action_id"]]
        if element["type"] == "checkboxes":
            offered = {each["text"]["text"]: each["value"] for each in element["options"]}
            given = [offered[label] for label in given]
        elif element["type"] in _CHOICES:
            given = next(each["value"] for each in element["options"] if each["text"]["text"] == given)
        elif isinstance(given, date):
            given = given.isoformat()
        values[block["block_id"]] = {element["action_id"]: given}
    assert len(values) == len(filled), f"{sorted(filled)} do not all stand in this modal"
    return values


def _button(page: dict[str, Any], label: str) -> dict[str, Any] | None:
    return next(
        (
            element
            for element in _elements(page)
            if element["type"] == "button" and element["text"]["text"].startswith(label)
        ),
        None,
    )


def _elements(page: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in page.get("blocks") or []:
        for element in (block.get("accessory"), *(block.get("elements") or [])):
            if isinstance(element, dict) and element.get("action_id"):
                yield {**element, "block_id": block["block_id"]}


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for name, value in node.items():
            if name == "initial_value":
                yield str(value)
            yield from _texts(value)
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)
