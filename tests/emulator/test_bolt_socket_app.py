"""A Bolt app written as Bolt's guides show it runs unchanged over Socket Mode."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient


def make_app(client: WebClient) -> App:
    app = App(client=client)

    @app.message("hello")
    def greet(message: Any, say: Any) -> None:
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": "Click me"},
            "action_id": "button_click",
        }
        words = {"type": "mrkdwn", "text": f"Hey there <@{message['user']}>!"}
        say(text="Hey there!", blocks=[{"type": "section", "text": words, "accessory": button}])

    @app.action("button_click")
    def clicked(body: Any, ack: Any, say: Any, respond: Any) -> None:
        ack()
        say(f"<@{body['user']['id']}> clicked the button")
        respond("Only you can see this", replace_original=False)

    @app.command("/echo")
    def echo(ack: Any, command: Any) -> None:
        ack(f"You said: {command['text']}")

    @app.command("/open")
    def open_modal(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        client.views_open(
            trigger_id=body["trigger_id"],
            view={
                "type": "modal",
                "callback_id": "view_1",
                "title": {"type": "plain_text", "text": "My App"},
                "submit": {"type": "plain_text", "text": "Submit"},
                "blocks": [
                    {
                        "type": "input",
                        "block_id": "hopes",
                        "label": {"type": "plain_text", "text": "What are your hopes?"},
                        "element": {"type": "plain_text_input", "action_id": "dreamy_input"},
                    }
                ],
            },
        )

    @app.view("view_1")
    def submitted(ack: Any, body: Any, client: WebClient, view: Any) -> None:
        hopes = view["state"]["values"]["hopes"]["dreamy_input"]["value"]
        if len(hopes) <= 5:
            ack(response_action="errors", errors={"hopes": "The value must be longer than 5 characters"})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Your hopes: {hopes}")

    @app.event("app_home_opened")
    def show_home(client: WebClient, event: Any) -> None:
        text = {"type": "mrkdwn", "text": "*Welcome to your _App's Home_*"}
        view = {"type": "home", "callback_id": "home_view", "blocks": [{"type": "section", "text": text}]}
        client.views_publish(user_id=event["user"], view=view)

    @app.event("message")
    def anything_else() -> None:
        """Bolt asks for a listener for every subscribed event."""

    return app


@pytest.fixture
def bolt(emulator: Any, client_for: Any) -> Iterator[App]:
    app = make_app(client_for(emulator))
    handler = SocketModeHandler(app, emulator.config.app.app_token)
    handler.client.web_client = client_for(emulator, emulator.config.app.app_token)
    handler.connect()
    yield app
    # The client's close can wait for ever just after a refresh: its reader takes back the mark that ends it.
    closing = threading.Thread(target=handler.close, daemon=True)
    closing.start()
    closing.join(10)


@pytest.mark.usefixtures("bolt")
def test_the_socket_app_greets_reacts_asks_and_shows_its_home(drive: Any, soon: Any) -> None:
    drive.post("message", channel="U0BOT", user="U0ANTON", text="hello")
    greeting = soon(lambda: drive.messages("U0ANTON")[1:])[0]
    assert greeting["blocks"][0]["text"]["text"] == "Hey there <@U0ANTON>!"

    where = {"channel": greeting["channel"], "messageTs": greeting["ts"], "user": "U0ANTON"}
    assert drive.post("interact", **where, action="button_click")["acknowledged"]
    said = soon(lambda: drive.messages("U0ANTON")[3:] and drive.messages("U0ANTON")[2:])
    assert {one["text"] for one in said} == {"<@U0ANTON> clicked the button", "Only you can see this"}
    assert [one["ephemeral"] for one in said] == [False, True]

    drive.post("command", channel="U0BOT", user="U0ANTON", command="/echo", text="tea")
    assert (drive.last("U0ANTON")["text"], drive.last("U0ANTON")["ephemeral"]) == ("You said: tea", True)

    drive.post("command", channel="U0BOT", user="U0ANTON", command="/open", text="")
    soon(lambda: drive.view("U0ANTON"))
    short = drive.post("view-submit", user="U0ANTON", values={"hopes": {"dreamy_input": "tea"}})
    assert short["errors"] == {"hopes": "The value must be longer than 5 characters"}
    long = drive.post("view-submit", user="U0ANTON", values={"hopes": {"dreamy_input": "more tea"}})
    assert (long["ok"], drive.view("U0ANTON")) == (True, None)
    soon(lambda: drive.last("U0ANTON")["text"] == "Your hopes: more tea")

    drive.post("open-home", user="U0ANTON")
    home = soon(lambda: drive.get("view/U0ANTON?home=1")["view"])
    assert home["callback_id"] == "home_view"


@pytest.mark.usefixtures("bolt")
def test_the_socket_app_comes_back_after_a_refresh(drive: Any, soon: Any) -> None:
    drive.post("disconnect")
    soon(lambda: drive.get("state")["connections"] == 1, 10)
    drive.post("message", channel="U0BOT", user="U0ANTON", text="hello")
    soon(lambda: drive.messages("U0ANTON")[1:])
