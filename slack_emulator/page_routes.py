"""Routes of the web client: start, messages, the Home view, and a stream of updates."""

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from slack_emulator.errors import RefusedError
from slack_emulator.json_routes import Answer, add_route, optional, required
from slack_emulator.membership import tell_channel
from slack_emulator.modals import top_modal
from slack_emulator.pages_json import page_channel, page_message, page_user, page_view
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Workspace

_PAGE = Path(__file__).parent / "page"
# A comment line now and then keeps proxies and browsers from closing a quiet stream.
_KEEP_ALIVE_SECONDS = 15.0


class Page:
    """The routes under /_page and the static files."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def register(self, routes: web.UrlDispatcher) -> None:
        """Add the routes."""
        routes.add_get("/", self.index)
        routes.add_get("/page/{name}", self.file)
        routes.add_get("/_page/stream", self.stream)
        add_route(routes, "GET", "/_page/boot", self.boot)
        add_route(routes, "GET", "/_page/messages", self.messages)
        add_route(routes, "GET", "/_page/home", self.home)
        add_route(routes, "POST", "/_page/read", self.read)
        add_route(routes, "POST", "/_page/dm", self.direct_message)

    async def index(self, _request: web.Request) -> web.StreamResponse:
        """The page itself."""
        return _file("index.html")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A style sheet, script or picture of the page."""
        return _file(request.match_info["name"])

    def boot(self, body: dict[str, Any]) -> Answer:
        """The initial data of a page of the person `as` (the first person when absent)."""
        slack = self._slack
        first = next(iter(slack.workspaces.values()))
        user = optional(body, "as") or next(iter(first.people))
        workspace, person = slack.person(user)
        # The direct message with the app is always there, as in Slack's list of apps.
        slack.direct_message(workspace, workspace.bot_user, user)
        people = sorted(workspace.people.values(), key=lambda one: one.deleted)
        return {
            "ok": True,
            "team": _team(workspace),
            "teams": [_team(each) for each in slack.workspaces.values()],
            "me": page_user(workspace, person.id),
            "people": [page_user(workspace, one.id) for one in people],
            "bots": [self._bot(workspace)],
            "channels": [page_channel(workspace, one, user) for one in _seen(workspace, user)],
            "modal": page_view(top_modal(workspace, user)),
            "strip_url": slack.config.strip_url,
        }

    def _bot(self, workspace: Workspace) -> dict[str, Any]:
        slack = self._slack
        commands = [
            {"command": entry.command, "description": entry.description, "usage_hint": entry.usage_hint}
            for entry in slack.manifest.commands or ()
        ]
        return {
            **page_user(workspace, workspace.bot_user),
            "app_id": slack.app.app_id,
            "bot_id": workspace.config.bot_id,
            "commands": commands,
            "home_tab": slack.manifest.home_tab,
        }

    def messages(self, body: dict[str, Any]) -> Answer:
        """What a person sees in a channel, or in one thread of it, oldest first."""
        user, channel = required(body, "as", "channel")
        conversation = self._seen_channel(user, channel)
        root = optional(body, "thread_ts")
        found = []
        for message in conversation.by_ts.values():
            thread = message.fields.get("thread_ts")
            in_thread = thread is not None and thread != message.ts
            shown_outside = not in_thread or message.fields.get("subtype") == "thread_broadcast"
            wanted = root in (thread, message.ts) if root else shown_outside
            if wanted and message.ephemeral_to in (None, user):
                found.append(page_message(message))
        return {"ok": True, "messages": found}

    def home(self, body: dict[str, Any]) -> Answer:
        """A person's Home view."""
        (user,) = required(body, "as")
        workspace, _ = self._slack.person(user)
        return {"ok": True, "view": page_view(workspace.home_of(user))}

    def read(self, body: dict[str, Any]) -> Answer:
        """A person has read a channel {user, channel}."""
        user, channel = required(body, "user", "channel")
        conversation = self._seen_channel(user, channel)
        conversation.unread[user] = 0
        if conversation.timeline:
            conversation.last_read[user] = conversation.timeline[-1]
        self._slack.pages.send([user], {"type": "unread", "channel": conversation.id, "count": 0})
        return {"ok": True}

    def direct_message(self, body: dict[str, Any]) -> Answer:
        """Open a direct message {user, with}."""
        user, other = required(body, "user", "with")
        workspace, _ = self._slack.person(user)
        if other != workspace.bot_user and other not in workspace.people:
            raise RefusedError(
                "user_not_found", detail=f"nobody in {workspace.config.name} has the id {other}"
            )
        conversation = self._slack.direct_message(workspace, user, other)
        tell_channel(self._slack, workspace, conversation)
        return {"ok": True, "channel": page_channel(workspace, conversation, user)}

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Updates for a person's page as server-sent events, until it goes away."""
        user = request.query.get("as", "")
        try:
            self._slack.person(user)
        except RefusedError as refusal:
            return web.json_response(refusal.answer(), status=400)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        queue = self._slack.pages.open(user)  # before the page hears that the stream is open
        try:
            await response.prepare(request)
            await response.write(b": hello\n\n")
            while True:
                try:
                    update = await asyncio.wait_for(queue.get(), _KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if update is None:
                    break
                await response.write(f"data: {json.dumps(update)}\n\n".encode())
        except ConnectionError:
            # The page was closed; that is how streams end.
            return response
        finally:
            self._slack.pages.close(user, queue)
        return response

    def _seen_channel(self, user: str, channel: str) -> Conversation:
        workspace, _ = self._slack.person(user)
        conversation = workspace.conversations.get(channel)
        if conversation is None or conversation not in _seen(workspace, user):
            raise RefusedError("channel_not_found", detail=f"{user} sees no channel {channel}")
        return conversation


def _seen(workspace: Workspace, user: str) -> list[Conversation]:
    return [one for one in workspace.conversations.values() if one.kind == "public" or user in one.members]


def _team(workspace: Workspace) -> dict[str, str]:
    return {"id": workspace.id, "name": workspace.config.name, "domain": workspace.config.domain}


def _file(name: str) -> web.StreamResponse:
    path = _PAGE / name
    if path.parent != _PAGE or not path.is_file():
        return web.Response(status=404, text="There is no such file.\n")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})
