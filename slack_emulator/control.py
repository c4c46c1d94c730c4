"""Control routes for what a person does in Slack. The first nine are compatible with local-slack."""

from typing import Any

from aiohttp import web

from slack_emulator import modal_actions, person_actions
from slack_emulator.errors import RefusedError
from slack_emulator.json_routes import Answer, Handler, add_route, optional, required
from slack_emulator.membership import tell_channel
from slack_emulator.modals import top_modal
from slack_emulator.objects import bot_user_object, conversation_object, person_object
from slack_emulator.pages_json import page_message, page_view
from slack_emulator.slack import Slack
from slack_emulator.state import Conversation, Message

_FALSE = (False, "false", "0", 0)


class Control:
    """The routes under /_control that act as a person or look at the workspace."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def register(self, routes: web.UrlDispatcher) -> None:
        """Add the routes."""
        acts: dict[str, Handler] = {
            "message": self.message,
            "command": self.command,
            "interact": self.interact,
            "reaction": self.reaction,
            "open-home": self.open_home,
            "reset": self.reset,
            "edit-message": self.edit_message,
            "delete-message": self.delete_message,
            "view-submit": self.view_submit,
            "view-close": self.view_close,
            "view-interact": self.view_interact,
        }
        for name, handler in acts.items():
            add_route(routes, "POST", f"/_control/{name}", handler)
        looks: dict[str, Handler] = {
            "state": self.state,
            "log": self.log,
            "messages": self.all_messages,
            "messages/{channel}": self.messages,
            "view/{user}": self.view,
        }
        for name, handler in looks.items():
            add_route(routes, "GET", f"/_control/{name}", handler)

    # ---- actions

    async def message(self, body: dict[str, Any]) -> Answer:
        """A person writes {channel, user, text, thread_ts?}; a known slash command is run instead."""
        channel, user = required(body, "channel", "user")
        text = optional(body, "text") or ""
        word, _, rest = text.partition(" ")
        commands = self._slack.manifest.commands or ()
        if any(entry.command == word for entry in commands):
            return await person_actions.command(self._slack, user, channel, word, rest.strip())
        message = person_actions.write(self._slack, user, channel, text, optional(body, "thread_ts"))
        return {"ok": True, "channel": message.channel, "message": page_message(message)}

    async def command(self, body: dict[str, Any]) -> Answer:
        """A person types a slash command {channel, user, command, text}."""
        channel, user, name = required(body, "channel", "user", "command")
        return await person_actions.command(self._slack, user, channel, name, optional(body, "text") or "")

    async def interact(self, body: dict[str, Any]) -> Answer:
        """A person uses an element of a message {channel, messageTs, user, action}."""
        channel, ts, user = required(body, "channel", "messageTs", "user")
        return await person_actions.press(self._slack, user, channel, ts, _action(body))

    def reaction(self, body: dict[str, Any]) -> Answer:
        """A person reacts {channel, messageTs or ts, user, name, present?}."""
        body.setdefault("messageTs", body.get("ts"))
        channel, ts, user, name = required(body, "channel", "messageTs", "user", "name")
        present = body.get("present", True) not in _FALSE
        person_actions.set_reaction(self._slack, user, channel, ts, name, present=present)
        return {"ok": True}

    def open_home(self, body: dict[str, Any]) -> Answer:
        """A person opens the app's Home tab {user, tab?}."""
        (user,) = required(body, "user")
        conversation = person_actions.open_home(self._slack, user, optional(body, "tab") or "home")
        workspace, _ = self._slack.person(user)
        tell_channel(self._slack, workspace, conversation)
        return {"ok": True, "channel": conversation.id}

    def edit_message(self, body: dict[str, Any]) -> Answer:
        """A person edits their own message {channel, ts, user, text}."""
        channel, ts, user, text = required(body, "channel", "ts", "user", "text")
        return {
            "ok": True,
            "message": page_message(person_actions.edit(self._slack, user, channel, ts, text)),
        }

    def delete_message(self, body: dict[str, Any]) -> Answer:
        """A person deletes their own message {channel, ts, user}."""
        channel, ts, user = required(body, "channel", "ts", "user")
        person_actions.delete_own(self._slack, user, channel, ts)
        return {"ok": True}

    async def view_submit(self, body: dict[str, Any]) -> Answer:
        """A person submits the modal on top {user, values}."""
        (user,) = required(body, "user")
        return await modal_actions.submit(self._slack, user, _values(body))

    async def view_close(self, body: dict[str, Any]) -> Answer:
        """A person closes the modal on top, or with `all` the stack {user, all?}."""
        (user,) = required(body, "user")
        return await modal_actions.close(self._slack, user, everything=bool(body.get("all")))

    async def view_interact(self, body: dict[str, Any]) -> Answer:
        """A person uses an element of the modal on top, else of the Home tab {user, action, values?}."""
        (user,) = required(body, "user")
        view_id = optional(body, "view_id")
        return await modal_actions.press_in_view(self._slack, user, _action(body), _values(body), view_id)

    def reset(self, _body: dict[str, Any]) -> Answer:
        """Back to the configuration."""
        self._slack.delivery.forget()
        self._slack.reset()
        self._slack.pages.send_to_all({"type": "reset"})
        return {"ok": True}

    # ---- reads

    def state(self, _body: dict[str, Any]) -> Answer:
        """Workspaces, the app, users, channels and pending deliveries."""
        slack = self._slack
        first = next(iter(slack.workspaces.values()))
        teams = slack.workspaces.values()
        app = {
            "appId": slack.app.app_id,
            "botUserId": first.bot_user,
            "mode": "http" if slack.delivery.http.url_for("events_api") else "socket",
        }
        return {
            "ok": True,
            "workspace": _workspace(first.config.id, first.config.name, first.config.domain),
            "workspaces": [_workspace(team.id, team.config.name, team.config.domain) for team in teams],
            "app": app,
            "apps": [app],
            "users": [
                entry
                for team in teams
                for entry in (
                    *(
                        person_object(team, one, with_email=True, with_locale=True)
                        for one in team.people.values()
                    ),
                    bot_user_object(team, slack.app),
                )
            ],
            "channels": [
                conversation_object(team, one, team.bot_user, with_count=True)
                | {"members": one.members, "team": team.id}
                for team in teams
                for one in team.conversations.values()
            ],
            "connections": slack.delivery.sockets.count,
            "waiting_deliveries": slack.delivery.waiting,
        }

    def log(self, body: dict[str, Any]) -> Answer:
        """The log, filtered by since, kind, method, team, delivery or type; `brief=1` omits payloads."""
        names = ("since", "kind", "method", "team", "delivery", "type")
        brief = body.get("brief") not in (None, "", "0", "false")
        found = self._slack.log.read(brief=brief, **{name: body.get(name) for name in names})
        return {"ok": True, "log": found}

    def messages(self, body: dict[str, Any]) -> Answer:
        """All messages of a channel, or of a person's direct message with the bot, oldest first."""
        _, conversation = self._find(body["channel"])
        return {"ok": True, "channel": conversation.id, "messages": _all(conversation)}

    def all_messages(self, body: dict[str, Any]) -> Answer:
        """All messages of all conversations (of `team`, if given), oldest first in each."""
        wanted = optional(body, "team")
        found: list[dict[str, Any]] = []
        for workspace in self._slack.workspaces.values():
            if wanted in (None, workspace.id):
                for conversation in workspace.conversations.values():
                    whose = conversation.partner(workspace.bot_user)
                    found += [{**entry, "team": workspace.id, "with": whose} for entry in _all(conversation)]
        return {"ok": True, "messages": found}

    def view(self, body: dict[str, Any]) -> Answer:
        """The modal a person sees, or with `?home=1` the Home view; null when there is none."""
        workspace, person = self._slack.person(body["user"])
        home = body.get("home") not in (None, "", "0", "false")
        return {
            "ok": True,
            "view": page_view(workspace.home_of(person.id) if home else top_modal(workspace, person.id)),
        }

    def _find(self, wanted: str) -> tuple[str, Conversation]:
        slack = self._slack
        try:
            workspace = slack.workspace_of(wanted)
        except RefusedError:
            named = wanted.removeprefix("#")
            for workspace in slack.workspaces.values():
                for one in workspace.conversations.values():
                    if named in (one.id, one.name):
                        return workspace.id, one
            raise RefusedError("channel_not_found", detail=f"there is no channel {wanted}") from None
        return workspace.id, slack.direct_message(workspace, workspace.bot_user, wanted)


def _workspace(team_id: str, name: str, domain: str) -> dict[str, str]:
    return {"id": team_id, "teamId": team_id, "name": name, "domain": domain}


def _action(body: dict[str, Any]) -> str | dict[str, Any]:
    action = body.get("action")
    if not isinstance(action, str | dict) or not action:
        raise RefusedError("invalid_arguments", detail="action: an action_id, or an object with action_id")
    return action


def _values(body: dict[str, Any]) -> dict[str, Any]:
    values = body.get("values")
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise RefusedError("invalid_arguments", detail="values: expected block_id -> action_id -> value")
    return values


def _all(conversation: Conversation) -> list[dict[str, Any]]:
    return [_shown(message) for message in conversation.by_ts.values()]


def _shown(message: Message) -> dict[str, Any]:
    shown = page_message(message)
    if message.ephemeral_to:
        shown["ephemeral_to"] = message.ephemeral_to
    return shown
