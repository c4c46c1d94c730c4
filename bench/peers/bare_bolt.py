"""A bare Bolt app: every press is acknowledged and opens a modal; nothing is read or stored.

    python -m bench.peers.bare_bolt http       # on PORT, by Bolt's WSGI adapter and waitress
    python -m bench.peers.bare_bolt socket     # Socket Mode, by Bolt's own handler
    python -m bench.peers.bare_bolt socket --imports    # and importing what `allybot run` imports

Settings from the environment, under Bolt's usual names.
"""

import importlib
import os
import re
import sys
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

LIBRARIES = (
    "sqlalchemy", "sqlalchemy.dialects.sqlite", "alembic.command", "apscheduler.schedulers.background",
    "pydantic", "pydantic_settings", "nacl.public", "nacl.secret", "typer", "rich.console", "structlog",
    "prometheus_client", "babel.dates", "babel.support", "holidays",
)  # fmt: skip
"""What the product depends on; `allybot run` on SQLite imports all of them before it is connected."""


def _modal() -> dict[str, Any]:
    """A form of the size of the one that allybot opens."""
    fields = [
        {
            "type": "input",
            "block_id": f"field-{number}",
            "label": {"type": "plain_text", "text": "What would you like to change about your plan?"},
            "element": {"type": "plain_text_input", "action_id": "typed", "multiline": True},
        }
        for number in range(4)
    ]
    texts = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "A sentence of help. " * 12}} for _ in range(3)
    ]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Thank you"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [*texts, *fields],
    }


def _app(modal: dict[str, Any]) -> App:
    app = App(
        signing_secret=os.environ.get("SLACK_SIGNING_SECRET", "unused"),
        client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    )

    @app.action(re.compile(".*"))
    def pressed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal)

    return app


def main() -> None:
    """Serve until killed."""
    if "--imports" in sys.argv:
        for library in LIBRARIES:
            importlib.import_module(library)
    app = _app(_modal())
    if sys.argv[1] == "http":
        from slack_bolt.adapter.wsgi import SlackRequestHandler  # noqa: PLC0415 - only this way needs it
        from waitress import serve  # type: ignore[import-untyped]  # noqa: PLC0415 - the same

        serve(SlackRequestHandler(app), host="127.0.0.1", port=int(os.environ["PORT"]), threads=16)
        return
    from slack_bolt.adapter.socket_mode import SocketModeHandler  # noqa: PLC0415 - as above

    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call]  # Bolt's own


if __name__ == "__main__":
    main()
