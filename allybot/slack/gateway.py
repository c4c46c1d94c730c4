"""The only caller of Slack's Web API. Every call returns a value or raises one of three errors.

No request is retried here: the SDK's default client re-sends a post when the connection drops, which would
show a message twice, so its retry handlers are disabled. The outbox decides about retries.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from slack_sdk import WebClient

from allybot.clock import aware
from allybot.errors import SlackError, SlackRefusedError
from allybot.message import Block, Message, View
from allybot.slack.answers import (
    METADATA_EVENT,
    Granted,
    Identity,
    Posted,
    SlackChannel,
    SlackPerson,
    channel_of,
    granted_by,
    installed_in,
    list_of,
    our_message,
    person_of,
    readable,
    text_of,
)
from allybot.slack.errors import classified, header
from allybot.slack.judging import Judging
from allybot.slack.response_urls import REFUSED_BLOCKS, respond
from allybot.slack.workspace_calls import next_cursor

PEOPLE_A_PAGE = 200
"""Of `users.list`: Slack recommends no more."""


class SlackGateway(Judging):
    """Calls the Web API with one client per workspace token. Safe to share between threads.

    Every method raises SlackRefusedError (permanent), SlackUnavailableError (nothing was done, retry later)
    or SlackUncertainError (it may or may not have been done). No error contains message text or a token.
    """

    @classmethod
    def without_token(cls, base_url: str) -> Self:
        """For calls that need no token of a workspace."""
        return cls(lambda _workspace: "", base_url)

    def post(
        self, workspace_id: str, channel: str, message: Message, message_id: str, thread_ts: str | None = None
    ) -> Posted:
        """Post a message, in a thread or not, with `message_id`, an opaque random id, in its metadata."""
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"id": message_id}}
        options: dict[str, Any] = {"channel": channel, "metadata": metadata}
        options |= {"unfurl_links": False, "unfurl_media": False}
        options |= {"thread_ts": thread_ts} if thread_ts else {}
        answer = self._show(workspace_id, "chat.postMessage", options, message)
        with readable("chat.postMessage"):
            return Posted(text_of(answer["channel"]), text_of(answer["ts"]))

    def post_ephemeral(
        self, workspace_id: str, to: tuple[str, str], message: Message, thread_ts: str | None = None
    ) -> Posted:
        """Show a message to one person: channel and user. It is in no history and cannot be found again."""
        options = {"channel": to[0], "user": to[1]} | ({"thread_ts": thread_ts} if thread_ts else {})
        sent = self._show(workspace_id, "chat.postEphemeral", options, message)
        with readable("chat.postEphemeral"):
            return Posted(to[0], text_of(sent["message_ts"]))

    def update(self, workspace_id: str, channel: str, ts: str, message: Message) -> None:
        """Replace a message. Idempotent."""
        self._show(workspace_id, "chat.update", {"channel": channel, "ts": ts}, message)

    def find(self, workspace_id: str, channel: str, message_id: str, since: datetime | None) -> Posted | None:
        """The message with this id in a DM's history, or None.

        Args:
            since: aware, by Slack's clock: start of the search; None searches the whole history.
        """
        options: dict[str, Any] = {
            "channel": channel,
            "inclusive": True,
            "include_all_metadata": True,
            "limit": 100,
        }
        if since is not None:
            options["oldest"] = f"{aware(since).timestamp():.6f}"
        for entry in self._each(workspace_id, "conversations.history", options, "messages", our_message):
            if entry is not None and entry[0] == message_id:
                return Posted(channel, entry[1])
        return None

    def open_dm(self, workspace_id: str, slack_user: str) -> str:
        """Open the bot's DM with a person and return its channel. Idempotent."""
        users, opened = {"users": slack_user}, lambda answer: text_of(answer["channel"]["id"])
        return self._read(workspace_id, "conversations.open", users, opened)

    def person(self, workspace_id: str, slack_user: str) -> SlackPerson:
        """A user by Slack id."""
        asked = {"user": slack_user, "include_locale": True}
        return self._read(workspace_id, "users.info", asked, lambda answer: person_of(answer["user"]))

    def person_by_email(self, workspace_id: str, email: str) -> SlackPerson:
        """A user by e-mail address."""
        asked, found = {"email": email}, lambda answer: text_of(answer["user"]["id"])
        # Only users.info returns the locale.
        return self.person(workspace_id, self._read(workspace_id, "users.lookupByEmail", asked, found))

    def people_page(self, workspace_id: str, cursor: str = "") -> tuple[list[SlackPerson], str]:
        """Some of a workspace's people, deactivated ones included, and the cursor of the next page or ""."""
        asked = {"limit": PEOPLE_A_PAGE, "include_locale": True, **({"cursor": cursor} if cursor else {})}
        return self._read(
            workspace_id,
            "users.list",
            asked,
            lambda answer: ([person_of(each) for each in list_of(answer["members"])], next_cursor(answer)),
        )

    def user_groups(self, workspace_id: str) -> dict[str, str]:
        """Id and name of each user group that is in use; an optional scope."""
        return self._read(
            workspace_id,
            "usergroups.list",
            {},
            lambda answer: {text_of(each["id"]): str(each["name"]) for each in list_of(answer["usergroups"])},
        )

    def members_of_group(self, workspace_id: str, group: str) -> list[str]:
        """The Slack users of a user group; an optional scope."""
        asked, method = {"usergroup": group}, "usergroups.users.list"
        return self._read(
            workspace_id, method, asked, lambda answer: [*map(text_of, list_of(answer["users"]))]
        )

    def identify(self, token: str) -> Identity:
        """The workspace, bot user and scopes of a token."""
        answer = self._answer(self._client(token), "auth.test", {})
        granted = header(answer.headers, "x-oauth-scopes")
        scopes = None if granted is None else frozenset(granted.replace(" ", "").split(","))
        with readable("auth.test"):
            data: Any = answer.data
            (workspace_id, name), bot = installed_in(data), text_of(data["user_id"])
        return Identity(workspace_id, name, bot, scopes)

    def workspaces_reached(self, workspace_id: str) -> dict[str, str]:
        """Id and name of each workspace that a token reaches: of an organisation, where the app was added."""
        entries = self._each(
            workspace_id,
            "auth.teams.list",
            {"limit": 100},
            "teams",
            lambda each: (text_of(each["id"]), str(each.get("name") or each["id"])),
        )
        return dict(entries)

    def try_app_token(self, token: str) -> None:
        """Check an app token by requesting a Socket Mode address, which is not used."""
        self._ask(self._client(token), "apps.connections.open", {})

    def exchange(self, client_id: str, client_secret: str, code: str, redirect_uri: str | None) -> Granted:
        """Exchange an OAuth code, which works once, for the workspace's identity and bot token."""
        back = {"redirect_uri": redirect_uri} if redirect_uri else {}
        return self._grant((client_id, client_secret), {"code": code, **back})

    def refresh(self, client_id: str, client_secret: str, refresh_token: str) -> Granted:
        """Exchange a refresh token, which works once, for a new bot token and refresh token."""
        asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._grant((client_id, client_secret), asked)

    def _grant(self, app: tuple[str, str], asked: dict[str, str]) -> Granted:
        client = WebClient(base_url=self._base_url, timeout=self._timeout, retry_handlers=[])
        method, credentials = "oauth.v2.access", dict(zip(("client_id", "client_secret"), app, strict=True))
        with classified(method):
            answer: Any = client.api_call(method, params=asked, auth=credentials).data
        with readable(method):
            if answer.get("token_type") != "bot":
                raise SlackRefusedError(method, "no_bot_token")
            return granted_by(answer)

    def revoke(self, token: str) -> None:
        """Give a bot token back: Slack removes the app from its workspace."""
        self._ask(self._client(token), "auth.revoke", {})

    def open_view(self, workspace_id: str, trigger_id: str, view: View) -> None:
        """Open a modal; a trigger works once, within 3 seconds."""
        self._call(workspace_id, "views.open", {"trigger_id": trigger_id, "view": view.body})

    def push_view(self, workspace_id: str, trigger_id: str, view: View) -> None:
        """Push a modal on top of the one whose button gave the trigger."""
        self._call(workspace_id, "views.push", {"trigger_id": trigger_id, "view": view.body})

    def update_view(self, workspace_id: str, view_id: str, view: View, view_hash: str | None = None) -> str:
        """Replace an open modal, with `view_hash` only if it is unchanged; returns its new hash."""
        options = {"view_id": view_id, "view": view.body} | ({"hash": view_hash} if view_hash else {})
        return self._read(
            workspace_id, "views.update", options, lambda answer: text_of(answer["view"]["hash"])
        )

    def publish_home(self, workspace_id: str, slack_user: str, view: View) -> None:
        """Show a person's Home tab."""
        self._call(workspace_id, "views.publish", {"user_id": slack_user, "view": view.body})

    def respond(self, response_url: str, words: dict[str, Any], older: Sequence[Block] = ()) -> None:
        """Post to a `response_url`, which works five times within 30 minutes; `older` as in a message."""
        respond(response_url, words, older, self._timeout)

    def upload_file(self, workspace_id: str, channel: str, name: str, text: str, comment: str) -> None:
        """Share a text file in a channel."""
        client = self._client(self._token_of(workspace_id))
        with classified("files_upload_v2"):  # the SDK's name of three calls; a refusal names the one
            client.files_upload_v2(
                channel=channel, filename=name, title=name, content=text, initial_comment=comment
            )

    def members(self, workspace_id: str, channel: str) -> list[str]:
        """The Slack users of a channel the bot is in."""
        options = {"channel": channel, "limit": 200}
        return list(self._each(workspace_id, "conversations.members", options, "members", text_of))

    def create_private_channel(self, workspace_id: str, name: str) -> str:
        """Make a private channel with allybot as its only member, and return its id; an optional scope."""
        asked, made = {"name": name, "is_private": True}, lambda answer: text_of(answer["channel"]["id"])
        return self._read(workspace_id, "conversations.create", asked, made)

    def invite(self, workspace_id: str, channel: str, slack_user: str) -> None:
        """Invite somebody to a private channel that the bot is in; an optional scope."""
        self._call(workspace_id, "conversations.invite", {"channel": channel, "users": slack_user})

    def time(self) -> datetime | None:
        """Slack's time by its latest response, aware UTC, never later than the real one; None before any."""
        return self._time.now()

    def ask_time(self) -> datetime | None:
        """Slack's time by a new call, which needs no token; None if its responses have no Date.

        Raises:
            SlackUnavailableError, SlackUncertainError: there was no response.
        """
        before = self._time.heard
        client = WebClient(base_url=self._base_url, timeout=self._timeout, retry_handlers=[])
        try:
            self._ask(client, "api.test", {})
        except SlackError:
            if self._time.heard == before:
                raise
        return self._time.now()

    def channel(self, workspace_id: str, channel: str) -> SlackChannel:
        """A channel by id; a private one that the bot is not in is refused as `channel_not_found`."""
        asked, found = {"channel": channel}, lambda answer: channel_of(answer["channel"])
        return self._read(workspace_id, "conversations.info", asked, found)

    def _show(
        self, workspace_id: str, method: str, options: dict[str, Any], message: Message
    ) -> dict[str, Any]:
        """Call a method with a message; with its older blocks where this workspace refuses the newer ones."""
        options = options | {"text": message.text, "blocks": list(message.blocks)}
        try:
            return self._call(workspace_id, method, options)
        except SlackRefusedError as refused:
            if not message.older or refused.reason not in REFUSED_BLOCKS:
                raise
        return self._call(workspace_id, method, options | {"blocks": list(message.older)})
