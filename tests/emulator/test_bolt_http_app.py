"""A Bolt app written as Bolt's guides show it runs unchanged over signed HTTP, on Bolt's WSGI adapter."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient


def make_app(client: WebClient, signing_secret: str) -> App:
    app = App(client=client, signing_secret=signing_secret)

    @app.event("message")
    def greet(event: Any, say: Any) -> None:
        if event.get("channel_type") == "im":
            say(f"Hi <@{event['user']}>")

    @app.command("/ticket")
    def ticket(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        client.views_open(
            trigger_id=body["trigger_id"],
            view={
                "type": "modal",
                "callback_id": "ticket-modal",
                "title": {"type": "plain_text", "text": "Ticket"},
                "submit": {"type": "plain_text", "text": "Send"},
                "blocks": [
                    {
                        "type": "input",
                        "block_id": "title",
                        "label": {"type": "plain_text", "text": "Title"},
                        "element": {"type": "plain_text_input", "action_id": "input"},
                    }
                ],
            },
        )

    @app.view("ticket-modal")
    def accept(ack: Any, view: Any) -> None:
        if not view["state"]["values"]["title"]["input"]["value"].endswith("!"):
            ack(response_action="errors", errors={"title": "Please mean it"})
        else:
            ack(response_action="clear")

    @app.event("app_home_opened")
    def home(event: Any, client: WebClient) -> None:
        button = {"type": "button", "action_id": "refresh", "text": {"type": "plain_text", "text": "Again"}}
        view = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
        client.views_publish(user_id=event["user"], view=view)

    @app.action("refresh")
    def refresh(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text="Refreshed")

    return app


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(emulator: Any, client_for: Any) -> Iterator[str]:
    app = make_app(client_for(emulator), emulator.config.app.signing_secret)
    server: WSGIServer = make_server("127.0.0.1", 0, SlackRequestHandler(app), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/slack/events"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_the_http_app_greets_asks_and_shows_its_home(drive: Any, soon: Any, address: str) -> None:
    assert drive.post("request-url", url=address)["ok"]
    drive.post("message", channel="U0BOT", user="U0ANTON", text="hello")
    soon(lambda: [one["text"] for one in drive.messages("U0ANTON")] == ["hello", "Hi <@U0ANTON>"])

    assert drive.post("command", channel="U0BOT", user="U0ANTON", command="/ticket", text="")["acknowledged"]
    soon(lambda: drive.view("U0ANTON"))
    refused = drive.post("view-submit", user="U0ANTON", values={"title": {"input": "help"}})
    assert (refused["response_action"], refused["errors"]) == ("errors", {"title": "Please mean it"})
    accepted = drive.post("view-submit", user="U0ANTON", values={"title": {"input": "help!"}})
    assert (accepted["response_action"], drive.view("U0ANTON")) == ("clear", None)

    drive.post("open-home", user="U0ANTON")
    soon(lambda: drive.get("view/U0ANTON?home=1")["view"])
    drive.post("view-interact", user="U0ANTON", action="refresh")
    soon(lambda: drive.last("U0ANTON")["text"] == "Refreshed")


def test_the_http_app_refuses_a_wrong_secret(start: Any, driver: Any, address: str) -> None:
    other = driver(start(app={"signing_secret": "another"}).url)
    assert other.post("request-url", url=address)["error"] == "url_verification_failed"
