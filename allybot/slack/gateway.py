"""The only caller of Slack's Web API. What Slack answers becomes a value or one of three errors.

No request is ever repeated here: the SDK's default client re-sends a post when the connection drops, which
shows a message twice, so its retry handlers are left out. Repeating is the outbox's decision.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from allybot.clock import aware
from allybot.errors import NotFoundError, SlackError, SlackRefusedError
from allybot.message import Message, View
from allybot.slack.errors import classified, header, problem_of
from allybot.slack.time import SlackTime

TIMEOUT_SECONDS = 10
"""How long one call may hang. A look-up after an uncertain post waits longer than this."""
METADATA_EVENT = "allybot_message"
_CLIENT_ERROR = 400
# Methods that Slack reads from a form; those that carry blocks or views take JSON.
_AS_JSON = ("chat.", "views.")


@dataclass(frozen=True)
class Posted:
    """Where a message stands: Slack's channel and ts."""

    channel: str
    ts: str


@dataclass(frozen=True)
class SlackPerson:
    """A Slack user; `zone` is an IANA zone, `email` None without the scope or for guests without one."""

    slack_user: str
    zone: str
    locale: str
    deleted: bool
    is_bot: bool
    name: str
    email: str | None


@dataclass(frozen=True)
class SlackChannel:
    """A channel as the bot sees it; a group message is a conversation of several without a name."""

    channel: str
    name: str
    is_private: bool
    is_group_message: bool
    is_archived: bool
    is_member: bool


@dataclass(frozen=True)
class Identity:
    """Who a bot token speaks for; `scopes` it was granted, None where Slack did not say."""

    workspace_id: str
    workspace_name: str
    bot_user: str
    scopes: frozenset[str] | None = None


class SlackGateway:
    """Calls the Web API with one client per workspace token. Safe to share between threads.

    Every method raises SlackRefusedError (for good), SlackUnavailableError (nothing was done, try later) or
    SlackUncertainError (it may or may not have been done). No error holds message text or a token.

    Args:
        token_of: the bot token of a workspace id; raises NotFoundError where there is none.
        base_url: Slack's Web API, or the emulator's.
        timeout: seconds one call may hang.
    """

    def __init__(self, token_of: Callable[[str], str], base_url: str, timeout: int = TIMEOUT_SECONDS) -> None:
        self._token_of = token_of
        self._base_url = base_url
        self._timeout = timeout
        self._clients: dict[str, WebClient] = {}
        self._time = SlackTime()

    def post(self, workspace_id: str, channel: str, message: Message, message_id: str) -> Posted:
        """Post a message that carries `message_id`, an opaque random id, in its metadata."""
        answer = self._call(
            workspace_id,
            "chat.postMessage",
            {
                "channel": channel,
                "text": message.text,
                "blocks": list(message.blocks),
                "metadata": {"event_type": METADATA_EVENT, "event_payload": {"id": message_id}},
                "unfurl_links": False,
                "unfurl_media": False,
            },
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def update(self, workspace_id: str, channel: str, ts: str, message: Message) -> None:
        """Replace a message; doing it twice is doing it once."""
        self._call(
            workspace_id,
            "chat.update",
            {"channel": channel, "ts": ts, "text": message.text, "blocks": list(message.blocks)},
        )

    def find(self, workspace_id: str, channel: str, message_id: str, since: datetime | None) -> Posted | None:
        """The message with this id in a DM's history, or None.

        Args:
            since: aware, by Slack's clock: nothing before it is looked at. None looks at the whole history.
        """
        options: dict[str, Any] = {
            "channel": channel,
            "inclusive": True,
            "include_all_metadata": True,
            "limit": 100,
        }
        if since is not None:
            options["oldest"] = f"{aware(since).timestamp():.6f}"
        for page in self._pages(workspace_id, "conversations.history", options):
            for entry in page["messages"]:
                metadata = entry.get("metadata", {})
                payload = metadata.get("event_payload", {})
                if metadata.get("event_type") == METADATA_EVENT and payload.get("id") == message_id:
                    return Posted(channel, str(entry["ts"]))
        return None

    def open_dm(self, workspace_id: str, slack_user: str) -> str:
        """The channel of the bot's DM with a person; opening it again gives the same."""
        answer = self._call(workspace_id, "conversations.open", {"users": slack_user})
        return str(answer["channel"]["id"])

    def person(self, workspace_id: str, slack_user: str) -> SlackPerson:
        """A user by Slack id."""
        answer = self._call(workspace_id, "users.info", {"user": slack_user, "include_locale": True})
        return _person(answer["user"])

    def person_by_email(self, workspace_id: str, email: str) -> SlackPerson:
        """A user by e-mail address."""
        found = self._call(workspace_id, "users.lookupByEmail", {"email": email})
        # Only users.info tells the locale.
        return self.person(workspace_id, str(found["user"]["id"]))

    def identify(self, token: str) -> Identity:
        """The workspace, bot user and scopes of a token."""
        answer = self._answer(self._client(token), "auth.test", {})
        granted = header(answer.headers, "x-oauth-scopes")
        scopes = None if granted is None else frozenset(granted.replace(" ", "").split(","))
        return Identity(str(answer["team_id"]), str(answer["team"]), str(answer["user_id"]), scopes)

    def try_app_token(self, token: str) -> None:
        """Ask for an address to connect to, as Socket Mode does, and leave it unused."""
        self._ask(self._client(token), "apps.connections.open", {})

    def exchange(
        self, client_id: str, client_secret: str, code: str, redirect_uri: str | None
    ) -> tuple[Identity, str]:
        """The workspace whose consent gave the code, and its bot token; Slack takes a code once."""
        client = WebClient(base_url=self._base_url, timeout=self._timeout, retry_handlers=[])
        method, back = "oauth.v2.access", {"redirect_uri": redirect_uri} if redirect_uri else {}
        with classified(method):
            credentials = {"client_id": client_id, "client_secret": client_secret}
            answer: Any = client.api_call(method, params={"code": code, **back}, auth=credentials).data
        team = answer.get("team")
        if not team or answer.get("token_type") != "bot":
            raise SlackRefusedError(method, "no_bot_token_of_one_workspace")
        identity = Identity(str(team["id"]), str(team.get("name") or ""), str(answer["bot_user_id"]))
        return identity, str(answer["access_token"])

    def open_view(self, workspace_id: str, trigger_id: str, view: View) -> None:
        """Open a modal; the trigger works once and within 3 seconds."""
        self._call(workspace_id, "views.open", {"trigger_id": trigger_id, "view": view.body})

    def push_view(self, workspace_id: str, trigger_id: str, view: View) -> None:
        """Put a modal on top of the one whose button gave the trigger; closing it leads back."""
        self._call(workspace_id, "views.push", {"trigger_id": trigger_id, "view": view.body})

    def update_view(self, workspace_id: str, view_id: str, view: View, view_hash: str | None = None) -> None:
        """Replace an open modal; with `view_hash` only if it has not changed meanwhile."""
        options = {"view_id": view_id, "view": view.body}
        self._call(workspace_id, "views.update", options | ({"hash": view_hash} if view_hash else {}))

    def publish_home(self, workspace_id: str, slack_user: str, view: View) -> None:
        """Show a person's Home tab."""
        self._call(workspace_id, "views.publish", {"user_id": slack_user, "view": view.body})

    def respond(self, response_url: str, words: dict[str, Any]) -> None:
        """Answer by the address Slack gave with a press: five times within half an hour."""
        with classified("response_url"):
            answer = WebhookClient(response_url, timeout=self._timeout, retry_handlers=[]).send_dict(words)
        if answer.status_code >= _CLIENT_ERROR:
            raise problem_of("response_url", answer.status_code, None, answer.headers)

    def upload_file(self, workspace_id: str, channel: str, name: str, text: str, comment: str) -> None:
        """Share a text file in a channel: Slack gives an address, takes the bytes there and completes it."""
        client = self._client(self._token_of(workspace_id))
        with classified("files.completeUploadExternal"):
            client.files_upload_v2(
                channel=channel, filename=name, title=name, content=text, initial_comment=comment
            )

    def members(self, workspace_id: str, channel: str) -> list[str]:
        """The Slack users of a channel the bot is in."""
        options = {"channel": channel, "limit": 200}
        pages = self._pages(workspace_id, "conversations.members", options)
        return [str(member) for page in pages for member in page["members"]]

    def time(self) -> datetime | None:
        """Slack's time by the latest answer, aware UTC, never later than Slack's own; None without any."""
        return self._time.now()

    def ask_time(self) -> datetime | None:
        """Slack's time, asked for anew; None where its answers have no date. Needs no token.

        Raises:
            SlackUnavailableError, SlackUncertainError: there was no answer.
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
        found = self._call(workspace_id, "conversations.info", {"channel": channel})["channel"]
        return SlackChannel(
            channel=str(found["id"]),
            name=str(found.get("name") or ""),
            is_private=bool(found.get("is_private", False)),
            is_group_message=bool(found.get("is_mpim", False)),
            is_archived=bool(found.get("is_archived", False)),
            is_member=bool(found.get("is_member", False)),
        )

    def _client(self, token: str) -> WebClient:
        client = self._clients.get(token)
        if client is None:
            client = WebClient(token=token, base_url=self._base_url, timeout=self._timeout, retry_handlers=[])
            self._clients[token] = client
        return client

    def _call(self, workspace_id: str, method: str, options: dict[str, Any]) -> dict[str, Any]:
        try:
            token = self._token_of(workspace_id)
        except NotFoundError as missing:
            raise SlackRefusedError(method, "not_authed") from missing
        return self._ask(self._client(token), method, options)

    def _ask(self, client: WebClient, method: str, options: dict[str, Any]) -> dict[str, Any]:
        data = self._answer(client, method, options).data
        # Bytes come only from an export method that is not used here.
        return data if isinstance(data, dict) else {}

    def _answer(self, client: WebClient, method: str, options: dict[str, Any]) -> SlackResponse:
        options = {"json" if method.startswith(_AS_JSON) else "params": options}
        with classified(method):
            try:
                answer = client.api_call(method, **options)
            except SlackApiError as error:
                self._time.note(error.response.headers)
                raise
            self._time.note(answer.headers)
            return answer

    def _pages(self, workspace_id: str, method: str, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self._call(workspace_id, method, options | ({"cursor": cursor} if cursor else {}))
            yield page
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def _person(user: dict[str, Any]) -> SlackPerson:
    profile = user.get("profile", {})
    return SlackPerson(
        slack_user=str(user["id"]),
        zone=str(user.get("tz") or "UTC"),
        locale=str(user.get("locale") or "en-GB"),
        deleted=bool(user.get("deleted", False)),
        is_bot=bool(user.get("is_bot", False)),
        name=str(user.get("real_name") or profile.get("real_name") or user.get("name") or ""),
        email=profile.get("email"),
    )
