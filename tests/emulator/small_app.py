"""A small Slack app for the tests of the page: greets, asks, opens a modal, keeps a Home tab."""

import contextlib
import logging
from collections.abc import Iterator
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from slack_emulator import Emulator

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "helper"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "helper"},
        "slash_commands": [
            {"command": "/helper", "description": "See what you can do", "usage_hint": "plan | help"},
            {"command": "/hello", "description": "Say hello"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:history", "im:write", "commands", "users:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.im", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def text(words: str) -> dict[str, str]:
    return {"type": "plain_text", "text": words}


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": text(label), "action_id": action, "value": "1", **more}


def option(label: str, value: str) -> dict[str, Any]:
    return {"text": text(label), "value": value}


QUESTION = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Did a moment come?* R&amp;D &lt;3"}},
    {
        "type": "actions",
        "elements": [
            button("I did it", "did", style="primary"),
            button(
                "Forget it",
                "forget",
                style="danger",
                confirm={
                    "title": text("Really?"),
                    "text": text("It is gone then."),
                    "confirm": text("Yes, forget"),
                    "deny": text("No"),
                },
            ),
            {
                "type": "static_select",
                "action_id": "weekday",
                "placeholder": text("Pick a weekday"),
                "options": [option(day, day.lower()) for day in ("Monday", "Tuesday", "Wednesday")],
            },
        ],
    },
]


def plan_view(extra: str = "") -> dict[str, Any]:
    note = {"type": "section", "block_id": "note", "text": text(extra or "One moment, one deed.")}
    kind = {
        "type": "static_select",
        "action_id": "kind",
        "options": [option("A fear", "fear"), option("Listening", "listening")],
    }
    return {
        "type": "modal",
        "callback_id": "plan",
        "title": text("Write a plan"),
        "submit": text("Keep it"),
        "close": text("Not now"),
        "blocks": [
            note,
            {"type": "input", "block_id": "kind", "label": text("Kind"), "element": kind},
            {
                "type": "input",
                "block_id": "cue",
                "label": text("If …"),
                "hint": text("Where, and with whom?"),
                "element": {"type": "plain_text_input", "action_id": "words", "max_length": 100},
            },
            {
                "type": "input",
                "block_id": "response",
                "optional": True,
                "label": text("then I …"),
                "element": {"type": "plain_text_input", "action_id": "words", "multiline": True},
            },
            {"type": "actions", "block_id": "more", "elements": [button("Show an example", "example")]},
        ],
    }


def entry(block_id: str, label: str, element: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": text(label),
        "optional": True,
        "element": {"action_id": "it", **element},
    }


DAYS = [option("Tuesdays", "tue"), option("Thursdays", "thu")]
PACES = [option("Every week", "week"), option("Now and then", "rarely")]
PLACES = [option("Office", "office"), option("Lab", "lab"), option("Home", "home")]
EVERYTHING = {
    "type": "modal",
    "callback_id": "everything",
    "title": text("Everything"),
    "submit": text("Submit"),
    "blocks": [
        {"type": "header", "text": text("All of it")},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_Small words_"}]},
        entry("days", "Days", {"type": "checkboxes", "options": DAYS}),
        entry("pace", "Pace", {"type": "radio_buttons", "options": PACES}),
        entry("date", "Next moment", {"type": "datepicker"}),
        entry("time", "At", {"type": "timepicker"}),
        entry("mail", "E-mail", {"type": "email_text_input"}),
        entry("who", "With whom", {"type": "users_select"}),
        entry("where", "Where", {"type": "multi_static_select", "options": PLACES}),
        entry("left_out", "Anything else", {"type": "plain_text_input", "multiline": True}),
    ],
}


HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": text("Your plans")},
        {"type": "actions", "elements": [button("Write a plan", "open_plan", style="primary")]},
    ],
}


def _register_listeners(app: App, handed_in: list[dict[str, Any]]) -> None:  # noqa: C901 - one listener each
    @app.event("message")
    def answer(event: dict[str, Any], client: WebClient) -> None:
        if event.get("subtype") or event.get("bot_id"):
            return
        if "ask" in event["text"]:
            client.chat_postMessage(channel=event["channel"], text="Did a moment come?", blocks=QUESTION)
        else:
            client.chat_postMessage(
                channel=event["channel"],
                text=f"You wrote: {event['text']}",
                **({"thread_ts": event["thread_ts"]} if "thread_ts" in event else {}),
            )

    @app.action("did")
    def did(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Thank you.", blocks=[]
        )

    @app.action("forget")
    def forget(ack: Any, respond: Any) -> None:
        ack()
        respond(text="Forgotten, *as you wished*.", replace_original=False)

    @app.action("weekday")
    def weekday(ack: Any, action: dict[str, Any], respond: Any) -> None:
        ack()
        respond(text=f"On {action['selected_option']['value']} then.", replace_original=False)

    @app.action("open_plan")
    def open_plan(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=plan_view())

    @app.command("/helper")
    def helper(ack: Any, command: dict[str, str], client: WebClient) -> None:
        ack(text="Here is your form." if command["text"] == "plan" else "Write /helper plan.")
        if command["text"] == "plan":
            client.views_open(trigger_id=command["trigger_id"], view=plan_view())
        elif command["text"] == "everything":
            client.views_open(trigger_id=command["trigger_id"], view=EVERYTHING)

    @app.view("everything")
    def take(ack: Any, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
        handed_in.append(view["state"]["values"])
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text="Taken.")

    @app.action("example")
    def example(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        view = plan_view("For example: if somebody is talked over, …")
        client.views_update(view_id=body["view"]["id"], view=view)

    @app.view("plan")
    def keep(ack: Any, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
        cue = view["state"]["values"]["cue"]["words"]["value"]
        if len(cue.split()) < 3:
            ack(response_action="errors", errors={"cue": "Make it one moment: where are you?"})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Kept: if {cue}")

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=HOME)


@contextlib.contextmanager
def running_app(emulator: Emulator, handed_in: list[dict[str, Any]]) -> Iterator[None]:
    """The app, connected over Socket Mode while the block runs; submitted values go to `handed_in`."""
    client = WebClient(token=emulator.config.teams[0].bot_token, base_url=emulator.api_url)
    app = App(client=client, logger=logging.getLogger("small_app"))
    _register_listeners(app, handed_in)
    handler = SocketModeHandler(app, emulator.config.app.app_token)
    handler.connect()
    try:
        yield
    finally:
        handler.close()
