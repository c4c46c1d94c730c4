"""A running app with programs, and a server that receives its replies by response_url."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

from allybot.app import Allybot
from allybot.domain.people import Actor
from allybot.domain.plans import Outcome, PlanKind
from allybot.prompts.check_ins import help as check_in_help
from allybot.services.context import Context
from allybot.services.outcomes import casting, summaries
from tests.adversarial.attacks.app_harness import assembled_app, command, dispatch
from tests.adversarial.attacks.databases import DatabaseFactory
from tests.adversarial.attacks.programs import CLOSED, NOW, WORKSPACE, Enrolled, connect, enrol

PEOPLE = 12
ELSEWHERE, EMPTY = "T2", "T3"
_WAIT_SECONDS = 10.0
_TYPED = {
    name: {name: {"type": "plain_text_input", "value": "something else"}}
    for name in (check_in_help.CUE, check_in_help.RESPONSE)
}


@dataclass
class RunningApp:
    """The app with programs in two workspaces and none in a third.

    Attributes:
        replies: bodies that came in at the response URL.
    """

    allybot: Allybot
    url: str
    target: Enrolled
    other: Enrolled
    elsewhere: Enrolled
    replies: list[bytes] = field(default_factory=list)

    @property
    def context(self) -> Context:
        """The app's context."""
        return self.allybot.context

    def command(self, actor: Actor, text: str) -> bytes:
        """What `/allybot text` answers."""
        return command(self.allybot, actor, text)

    def press(self, actor: Actor, action: str, value: str) -> bytes:
        """The reply to a press of a button with this value."""
        before = len(self.replies)
        dispatch(
            self.allybot,
            {
                "type": "block_actions",
                "team": {"id": actor.workspace_id},
                "user": {"id": actor.slack_user, "team_id": actor.workspace_id},
                "container": {"type": "message", "channel_id": "D1", "message_ts": "1767694800.000003"},
                "channel": {"id": "D1"},
                "response_url": self.url,
                "actions": [{"type": "button", "block_id": "b", "action_id": action, "value": value}],
            },
        )
        deadline = time.monotonic() + _WAIT_SECONDS
        while len(self.replies) == before:
            if time.monotonic() > deadline:
                raise AssertionError(f"no answer to {action}")
            time.sleep(0.001)
        return self.replies[-1]

    def submit(self, actor: Actor, callback: str, metadata: str) -> bytes:
        """The answer to a submission with made-up metadata."""
        answer = dispatch(
            self.allybot,
            {
                "type": "view_submission",
                "team": {"id": actor.workspace_id},
                "user": {"id": actor.slack_user, "team_id": actor.workspace_id},
                "view": {
                    "id": "V1",
                    "type": "modal",
                    "callback_id": callback,
                    "private_metadata": metadata,
                    "blocks": [],
                    "state": {"values": _TYPED},
                },
            },
        )
        return str(answer.body).encode()


@contextmanager
def running_app(databases: DatabaseFactory) -> Iterator[RunningApp]:
    """The app with programs in two workspaces, two of them published."""
    replies: list[bytes] = []
    server = HTTPServer(("127.0.0.1", 0), _keeping(replies))
    listening = threading.Thread(target=server.serve_forever, daemon=True)
    listening.start()
    with assembled_app(databases, lambda: NOW) as allybot, _stopped(server, listening):
        context = allybot.context
        connect(context, WORKSPACE, ELSEWHERE, EMPTY)
        target, other = _published(context, "Target"), _published(context, "Other")
        elsewhere = enrol(context, "Elsewhere", PEOPLE, workspace=ELSEWHERE)
        url = f"http://127.0.0.1:{server.server_port}/"
        yield RunningApp(allybot, url, target, other, elsewhere, replies)


@contextmanager
def _stopped(server: HTTPServer, listening: threading.Thread) -> Iterator[None]:
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        listening.join()


def _published(context: Context, name: str) -> Enrolled:
    enrolled = enrol(context, name, PEOPLE)
    with context.database.transaction() as tx:
        for person in enrolled.people:
            for window, step in (("1-6", 3), ("7-13", 56)):
                casting.cast(
                    context, tx, enrolled.windows[window], person.id, step, Outcome.ACTED, PlanKind.FEAR
                )
    summaries.close_due(context, CLOSED)
    return enrolled


def _keeping(replies: list[bytes]) -> type[BaseHTTPRequestHandler]:
    class Keeps(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            replies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing on stderr."""

    return Keeps
