"""A Web API that takes every call, for populations too large for the emulator.

Over the emulator's wire an answer costs 0.19 s of one core, thirteen minutes for four thousand; here a third
of that. It keeps what the bot posts and shows, so that people can read and press it. It checks nothing: that
the bot's calls are such as Slack takes is what the journeys against the emulator show.
"""

import itertools
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

WAIT_SECONDS = 20.0
View = dict[str, Any]
_CHANGING = re.compile(r"[0-9a-f]{32}|\.[0-9a-f]{8}\b|\bV\d+\b")


@dataclass(frozen=True)
class Handed:
    """Something a person sends back when they press or submit.

    Attributes:
        to: a Slack user; a channel for what a whole circle sees.
        value: a button's value or a modal's private metadata.
        place: message | modal (the modal itself) | in modal (a button or menu in it).
        option: of a menu, the first one offered.
    """

    to: str
    value: str
    place: str = "message"
    option: str = ""


@dataclass
class QuietSlack:
    """What the bot has posted and shown.

    Attributes:
        url: where it listens; the Web API is below `api/`.
        messages: by channel, oldest first; a direct message is `D` and the user's id.
        handed_out: by action id or callback id, what the bot gave whom to send back.
        said: what it answered since it was last emptied, without ids; kept only while `listening`.
        whose: users by trigger id.
        sizes: method and bytes of each call, as a proxy on the way out sees them.
        responses: bytes of each answer to a press at its response_url.
    """

    url: str = ""
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    handed_out: dict[str, set[Handed]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    whose: dict[str, str] = field(default_factory=dict)
    sizes: list[tuple[str, int]] = field(default_factory=list)
    responses: list[int] = field(default_factory=list)
    listening: bool = False
    _views: dict[str, View] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def opened(self, trigger_id: str) -> View | None:
        """The modal opened with this trigger; None for an empty one, and where none opens in time."""
        with self._changed:
            if not trigger_id or not self._changed.wait_for(lambda: trigger_id in self._shown, WAIT_SECONDS):
                return None
            return self._views[self._shown[trigger_id]]

    def newer(self, view: View) -> View:
        """The modal once it differs from `view`.

        Raises:
            AssertionError: it did not change in time.
        """
        with self._changed:
            if not self._changed.wait_for(
                lambda: self._views[view["id"]]["hash"] != view["hash"], WAIT_SECONDS
            ):
                raise AssertionError("a modal did not change")
            return self._views[view["id"]]

    def response(self, number: int) -> int:
        """Bytes of the answer to a press of this number, from 0, once it has come.

        Raises:
            AssertionError: it did not come in time.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.responses) > number, WAIT_SECONDS):
                raise AssertionError("a press was not answered")
            return self.responses[number]

    def responded(self, user: str, size: int, page: dict[str, Any]) -> None:
        """Take an answer to a press."""
        with self._changed:
            self.hand_out(user, page)
            self.responses.append(size)
            self._changed.notify_all()

    def answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Slack's answer to a call."""
        with self._changed:
            found = self._take(method, arguments)
            self._changed.notify_all()
        return {"ok": True, **found}

    def hand_out(self, to: str, page: Any) -> None:
        """Note what stands on a message or a modal to be sent back, and what it says."""
        page = page if isinstance(page, dict) else {}
        page = page.get("view") or page
        if self.listening:
            self.said.append(_CHANGING.sub("id", json.dumps(page, sort_keys=True)))
        metadata = page.get("private_metadata") or ""
        in_modal = page.get("type") == "modal"
        if in_modal and page.get("callback_id"):
            self._hand(page["callback_id"], Handed(to, metadata, "modal"))
        for block in page.get("blocks") or []:
            inner = [block.get("element")] if block.get("dispatch_action") else []
            for element in (*inner, block.get("accessory"), *(block.get("elements") or [])):
                if isinstance(element, dict) and element.get("action_id") and "url" not in element:
                    value = metadata if in_modal else element.get("value") or ""
                    option = next((each["value"] for each in element.get("options") or []), "")
                    option = option or (element.get("value") or "" if in_modal else "")
                    place = "in modal" if in_modal else "message"
                    self._hand(element["action_id"], Handed(to, value, place, option))

    def _hand(self, name: str, handed: Handed) -> None:
        self.handed_out.setdefault(name, set()).add(handed)

    def _take(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        self._note(method, arguments)
        if method == "chat.postMessage":
            channel = arguments["channel"]
            posted = {"ts": f"{1_767_700_000 + number}.000100", "channel": channel, **_blocks(arguments)}
            self.messages.setdefault(channel, []).append(posted)
            return {"ts": posted["ts"], "channel": channel}
        if method == "chat.postEphemeral":
            return {"message_ts": f"{1_767_700_000 + number}.000200"}
        if method in {"views.open", "views.push"}:
            view = {**arguments["view"], "id": f"V{number}", "hash": str(number)}
            view["user"] = self.whose.get(arguments["trigger_id"], "")
            self._views[view["id"]] = view
            self._shown[arguments["trigger_id"]] = view["id"]
            return {"view": view}
        if method == "views.update":
            user = self._owner_of(arguments["view_id"])
            view = {**arguments["view"], "id": arguments["view_id"], "hash": str(number), "user": user}
            self._views[view["id"]] = view
            return {"view": view}
        if method == "conversations.open":
            return {"channel": {"id": f"D{arguments['users']}"}}
        if method == "users.info":
            user = arguments["user"]
            return {"user": {"id": user, "tz": "Europe/Berlin", "locale": "en-GB", "real_name": user}}
        return {}

    def _owner_of(self, view_id: str) -> str:
        return str(self._views.get(view_id, {}).get("user", ""))

    def _note(self, method: str, arguments: dict[str, Any]) -> None:
        if method in {"chat.postMessage", "chat.update"}:
            channel = str(arguments["channel"])
            self.hand_out(channel.removeprefix("D"), _blocks(arguments))
        elif method == "chat.postEphemeral":
            self.hand_out(str(arguments["user"]), _blocks(arguments))
        elif method.startswith("views."):
            user = arguments.get("user_id") or self.whose.get(arguments.get("trigger_id") or "", "")
            if method == "views.update":
                user = self._owner_of(arguments["view_id"])
            view = arguments["view"]
            self.hand_out(user, json.loads(view) if isinstance(view, str) else view)


@contextmanager
def quiet_slack() -> Iterator[QuietSlack]:
    """One that listens on a free port of this machine."""
    slack = QuietSlack()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(slack))
    server.daemon_threads = True
    slack.url = f"http://127.0.0.1:{server.server_port}/"
    listening = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    listening.start()
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()
        listening.join()


def _blocks(arguments: dict[str, Any]) -> dict[str, Any]:
    blocks = arguments.get("blocks") or []
    return {"blocks": json.loads(blocks) if isinstance(blocks, str) else blocks}


def _handler(slack: QuietSlack) -> type[BaseHTTPRequestHandler]:
    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            place, _, method = self.path.lstrip("/").partition("/")
            found: dict[str, Any] = {"ok": True}
            if place == "api":
                slack.sizes.append((method.partition("?")[0], len(body)))
                found = slack.answer(method.partition("?")[0], self._arguments(body))
            elif place == "respond":
                slack.responded(method, len(body), self._arguments(body))
            answer = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST  # noqa: N815 - the server's name for it

        def _arguments(self, body: bytes) -> dict[str, Any]:
            if "json" in self.headers.get("Content-Type", ""):
                return dict(json.loads(body or b"{}"))
            sent = parse_qs(body.decode()) | parse_qs(self.path.partition("?")[2])
            return {name: values[0] for name, values in sent.items()}

        def log_message(self, *_arguments: object) -> None:
            """Say nothing on stderr."""

    return Takes


def fresh_trigger() -> str:
    """A trigger id that was never used."""
    return f"{time.time_ns()}.{next(_TRIGGERS):08d}"  # all of one length, as calls are weighed


_TRIGGERS = itertools.count(1)
