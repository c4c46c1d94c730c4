"""State of an emulated workspace; accessed only on the server's event loop."""

import bisect
from dataclasses import dataclass, field
from typing import Any

from slack_emulator.config import Person, Team, UserGroup


@dataclass(slots=True)
class Message:
    """`fields` are Slack's own; the rest is for the page. `shown_at` is ISO 8601 with an offset."""

    channel: str
    fields: dict[str, Any]
    shown_at: str
    ephemeral_to: str | None = None
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Choices in the message's menus, by user: block_id -> action_id -> value."""

    @property
    def ts(self) -> str:
        """The message's id within its channel."""
        return str(self.fields["ts"])


@dataclass(slots=True)
class Conversation:
    """A channel (`public`, `private`) or a direct message (`im`) with its messages."""

    id: str
    team: str
    kind: str
    name: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_general: bool = False
    connected: list[str] = field(default_factory=list)
    siblings: list[str] = field(default_factory=list)
    """Further workspaces of the same organisation that have the channel."""
    home: str = ""
    by_ts: dict[str, Message] = field(default_factory=dict)
    timeline: list[str] = field(default_factory=list)
    """The ts of messages outside threads, oldest first."""
    threads: dict[str, list[str]] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    last_read: dict[str, str] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Append a message; ts must be later than all before it."""
        self.by_ts[message.ts] = message
        if message.ephemeral_to:
            return
        root = message.fields.get("thread_ts")
        if root and root != message.ts:
            self.threads.setdefault(root, []).append(message.ts)
            if message.fields.get("subtype") != "thread_broadcast":
                return
        self.timeline.append(message.ts)

    def remove(self, ts: str) -> None:
        """Remove a message; its replies stay, as in Slack."""
        message = self.by_ts.pop(ts)
        root = message.fields.get("thread_ts")
        if root and root != ts and ts in self.threads.get(root, []):
            self.threads[root].remove(ts)
        index = bisect.bisect_left(self.timeline, ts)
        if index < len(self.timeline) and self.timeline[index] == ts:
            del self.timeline[index]

    def partner(self, person: str) -> str | None:
        """The other party of a direct message."""
        if self.kind != "im":
            return None
        others = [member for member in self.members if member != person]
        return others[0] if others else person


@dataclass(slots=True)
class View:
    """A modal or Home view: Slack's object, its user, and the values entered so far."""

    fields: dict[str, Any]
    user: str
    team: str
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The view's id, `V...`."""
        return str(self.fields["id"])


@dataclass(slots=True)
class Upload:
    """A file being uploaded or uploaded: its bytes and Slack's file object once it is complete."""

    id: str
    team: str
    secret: str
    name: str
    length: int
    content: bytes | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Workspace:
    """One team's people, conversations, views, files and installation."""

    config: Team
    bot_name: str
    bot_token: str
    installed: bool
    people: dict[str, Person] = field(default_factory=dict)
    colors: dict[str, str] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    direct: dict[frozenset[str], str] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    user_groups: dict[str, UserGroup] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    revoked_tokens: set[str] = field(default_factory=set)
    refresh_token: str | None = None
    expiring_tokens: dict[str, float] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The team id, `T...`."""
        return self.config.id

    @property
    def bot_user(self) -> str:
        """The bot's user id in this team."""
        return self.config.bot_user_id

    @property
    def is_organisation(self) -> bool:
        """Whether this is an organisation with an organisation-wide installation."""
        return bool(self.config.workspaces)

    def teams_of(self, user: str) -> list[str]:
        """The workspaces a person is in, as payloads name them: elsewhere for somebody of elsewhere."""
        person = self.people.get(user)
        if person is not None and person.external_team:
            return [person.external_team]
        if not self.is_organisation:
            return [self.id]
        return list(person.teams if person and person.teams else [self.config.workspaces[0].id])

    def home_of(self, user: str) -> "View | None":
        """The Home view a person sees: Slack takes one for somebody of elsewhere, and shows none."""
        person = self.people.get(user)
        return None if person is None or person.external_team else self.homes.get(user)

    def team_of(self, conversation: Conversation) -> str:
        """The workspace of a channel."""
        return conversation.home or (self.config.workspaces[0].id if self.is_organisation else self.id)

    def is_bot_member(self, conversation: Conversation) -> bool:
        """Whether the bot is a member."""
        return self.bot_user in conversation.members
