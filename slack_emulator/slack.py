"""The emulated Slack: its workspaces and components."""

from datetime import UTC, datetime
from typing import Any

from slack_emulator.call_log import CallLog
from slack_emulator.capabilities import Capabilities
from slack_emulator.clock import Clock
from slack_emulator.config import Channel, EmulatorConfig, Person, Team
from slack_emulator.delivery import Delivery
from slack_emulator.errors import EmulatorError, RefusedError
from slack_emulator.faults import Faults
from slack_emulator.identifiers import Identifiers
from slack_emulator.limits import PostLimits
from slack_emulator.manifest import read_manifest
from slack_emulator.page_hub import PageHub
from slack_emulator.pages_json import page_channel
from slack_emulator.payloads import event_callback
from slack_emulator.state import Conversation, Message, Workspace

# Colours for initials, assigned in the order in which people were added.
_COLORS = ("4a6fa5", "8a5a83", "3f7d6e", "a5673f", "6b7a2f", "7a4f9a", "2f7f9a", "9a4f5d", "5c6b7a", "877039")


class Slack:
    """State and components. All methods run on the server's event loop."""

    def __init__(self, config: EmulatorConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.app = config.app
        self.manifest = read_manifest(config.app.manifest)
        self.ids = Identifiers(config)
        self.log = CallLog(config.log_size)
        self.pages = PageHub()
        self.faults = Faults()
        self.base_url = "http://127.0.0.1/"
        self.delivery = Delivery(config, self.log, clock)
        self.reset()

    def reset(self) -> None:
        """Back to the configuration: people, channels, no messages, no views, no faults, an empty log."""
        config = self.config
        self.limits = PostLimits(
            self.clock,
            enabled=config.limits,
            per_minute=config.posts_per_minute,
            seconds_between=config.seconds_between_posts,
        )
        self.capabilities = Capabilities(
            self.ids,
            self.clock,
            trigger_seconds=config.trigger_seconds,
            url_seconds=config.response_url_seconds,
            url_uses=config.response_url_uses,
            code_seconds=config.oauth_code_seconds,
        )
        self.faults.clear()
        self.log.clear()
        self.workspaces: dict[str, Workspace] = {}
        for team in config.teams:
            self._add_workspace(team)

    def _add_workspace(self, team: Team) -> None:
        name = self.manifest.name or team.bot_name
        workspace = Workspace(team, bot_name=name, bot_token=team.bot_token, installed=team.installed)
        workspace.added = {each.id for each in team.workspaces if each.added}
        workspace.user_groups = {group.id: group for group in team.user_groups}
        self.workspaces[team.id] = workspace
        for person in team.people:
            self.add_person(workspace, person.model_copy())
        for channel in team.channels:
            self.add_channel(workspace, channel)

    # ---- people and channels

    def add_person(self, workspace: Workspace, person: Person) -> None:
        """Add a person to a workspace; ids are unique across the emulator."""
        if any(
            person.id in other.people or person.id == other.bot_user for other in self.workspaces.values()
        ):
            raise EmulatorError(f"there is somebody with the id {person.id} already")
        workspace.people[person.id] = person
        workspace.colors[person.id] = _COLORS[len(workspace.colors) % len(_COLORS)]
        workspace.updated[person.id] = int(self.ids.now())

    def add_channel(self, workspace: Workspace, channel: Channel) -> Conversation:
        """Create a channel as configured."""
        conversation = Conversation(
            id=channel.id,
            team=workspace.id,
            kind="private" if channel.is_private else "public",
            name=channel.name,
            creator=channel.members[0] if channel.members else workspace.bot_user,
            created=int(self.ids.now()),
            members=list(channel.members),
            topic=channel.topic,
            purpose=channel.purpose,
            is_archived=channel.is_archived,
            is_general=channel.is_general,
            connected=list(channel.connected_teams),
            home=channel.home_team,
        )
        workspace.conversations[conversation.id] = conversation
        return conversation

    def direct_message(self, workspace: Workspace, first: str, second: str) -> Conversation:
        """The direct message between two people (or a person and the bot), created when first needed."""
        pair = frozenset((first, second))
        known = workspace.direct.get(pair)
        if known:
            return workspace.conversations[known]
        conversation = Conversation(
            id=self.ids.new("D"),
            team=workspace.id,
            kind="im",
            name="",
            creator=first,
            created=int(self.ids.now()),
            members=sorted(pair),
        )
        workspace.conversations[conversation.id] = conversation
        workspace.direct[pair] = conversation.id
        for member in pair:
            if self.pages.watched(member):
                update = {"type": "channel", "channel": page_channel(workspace, conversation, member)}
                self.pages.send([member], update)
        return conversation

    # ---- look-ups

    def workspace_of(self, member: str) -> Workspace:
        """The workspace of a person or bot.

        Raises:
            RefusedError: user_not_found.
        """
        for workspace in self.workspaces.values():
            if member in workspace.people or member == workspace.bot_user:
                return workspace
        raise RefusedError("user_not_found", detail=f"nobody has the id {member}")

    def find_conversation(self, conversation_id: str) -> tuple[Workspace, Conversation]:
        """A conversation by its id, in whatever workspace.

        Raises:
            RefusedError: channel_not_found.
        """
        for workspace in self.workspaces.values():
            conversation = workspace.conversations.get(conversation_id)
            if conversation:
                return workspace, conversation
        raise RefusedError("channel_not_found", detail=f"there is no channel {conversation_id}")

    def person(self, user: str) -> tuple[Workspace, Person]:
        """A human by id.

        Raises:
            RefusedError: user_not_found.
        """
        workspace = self.workspace_of(user)
        if user not in workspace.people:
            raise RefusedError("user_not_found", detail=f"{user} is a bot")
        return workspace, workspace.people[user]

    def actor(self, user: str) -> tuple[Workspace, Person]:
        """An active human.

        Raises:
            RefusedError: user_not_found, or account_inactive for somebody deactivated.
        """
        workspace, person = self.person(user)
        if person.deleted:
            raise RefusedError("account_inactive", detail=f"{user} is deactivated")
        return workspace, person

    # ---- time, events and notices

    def shown_at(self) -> str:
        """What a page shows as the present time (ISO 8601 with an offset)."""
        clock = self.config.display_clock
        return (clock() if clock else datetime.now(UTC)).isoformat()

    def send_event(
        self, workspace: Workspace, event: dict[str, Any], subscription: str | None = None
    ) -> None:
        """Deliver an event if the app is installed and subscribed (`subscription` defaults to the type)."""
        if not workspace.installed or not self.manifest.subscribed(subscription or event["type"]):
            return
        payload = event_callback(workspace, self.app, self.ids.new("Ev"), event, self.ids.now())
        others = {each.id for each in workspace.config.workspaces} - workspace.added
        if payload.get("team_id") in others:
            return
        self.delivery.send_event(payload)

    def notice(self, user: str, text: str) -> None:
        """Show a person a notice of Slack itself (an app did not answer, ...)."""
        self.log.write("notice", user=user, text=text)
        self.pages.send([user], {"type": "notice", "text": text})

    def viewers(self, conversation: Conversation, message: Message | None = None) -> list[str]:
        """Users whose pages show the conversation: members, or the whole team for a public channel."""
        if message is not None and message.ephemeral_to:
            return [message.ephemeral_to]
        if conversation.kind == "public":
            return list(self.workspaces[conversation.team].people)
        return conversation.members
