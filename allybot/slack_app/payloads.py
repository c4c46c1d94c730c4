"""Slack's payloads as checked models: what handlers may rely on, and nothing else.

Bolt itself raises on a payload with a field of another type, before any middleware runs. So HTTP and Socket
Mode hand Bolt only what `read` returns: the fields handlers read, each there and of its type. A handler that
needs another field adds it here.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, model_validator

from allybot import telemetry
from allybot.domain.people import Actor
from allybot.i18n import Say
from allybot.slack_app.events import Envelope
from allybot.slack_app.payload_types import (
    ID,
    URL,
    Flag,
    Name,
    Named,
    OptionalID,
    PackedValue,
    Payload,
    Text,
    Timestamp,
    TriggerId,
    installation_id,
)
from allybot.slack_app.sent_view import Option, SentView, V, ValueClass, unpack

log = telemetry.logger()


class _User(Named):
    team_id: OptionalID = None


class _Enterprise(Payload):
    id: OptionalID = None


class _Action(Payload):
    action_id: Name
    value: PackedValue | None = None
    selected_option: Option | None = None


class _Container(Payload):
    channel_id: ID | None = None
    message_ts: Timestamp | None = None
    thread_ts: Timestamp | None = None
    is_ephemeral: bool | None = None


class _Words(Payload):
    text: Text


class _Section(Payload):
    type: Name = ""
    text: _Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_sections_only(cls, block: object) -> object:
        is_section = isinstance(block, Mapping) and block.get("type") == "section"
        return block if is_section else {}


class _Message(Payload):
    blocks: Annotated[list[_Section], Field(max_length=100)] = Field(default_factory=list)


class Request(Payload):
    """What a person did: pressed a button, sent a form or typed a command.

    Attributes:
        trigger_id: permits one modal within three seconds; empty where Slack gives none.
        response_url: takes an answer where the person acted; None where Slack gives none.
    """

    trigger_id: TriggerId = ""
    response_url: URL | None = None
    _say: Say | None = PrivateAttr(default=None)

    @property
    def actor(self) -> Actor:
        """Who acted."""
        raise NotImplementedError

    def say(self, locale_of: Callable[[Actor], str]) -> Say:
        """The language of whoever acted, looked up once."""
        if self._say is None:
            self._say = Say(locale_of(self.actor))
        return self._say


class _Interaction(Request):
    type: Name
    team: Named | None = None
    enterprise: _Enterprise | None = None
    is_enterprise_install: Flag = False
    user: _User
    view: SentView = SentView()

    @model_validator(mode="after")
    def _belongs_to_an_installation(self) -> Self:
        if not self._workspace_id:
            raise ValueError
        return self

    @property
    def _workspace_id(self) -> str:
        return installation_id(
            org_wide=self.is_enterprise_install,
            organisation=self.enterprise.id if self.enterprise else None,
            installed_in=self.view.app_installed_team_id,
            team=self.team.id if self.team else None,
            home=self.user.team_id,
        )

    @property
    def actor(self) -> Actor:
        return Actor(self._workspace_id, self.user.id)


class Press(_Interaction):
    """A press of a button or a choice in a select menu."""

    trigger_id: TriggerId
    actions: Annotated[list[_Action], Field(min_length=1, max_length=25)]
    container: _Container | None = None
    message: _Message | None = None
    view: Annotated[SentView, BeforeValidator(lambda view: {} if view is None else view)] = SentView()

    @property
    def action_id(self) -> str:
        """The id of the button or menu."""
        return self.actions[0].action_id

    @property
    def selected(self) -> str:
        """The value of the option selected in the menu; empty for a button."""
        option = self.actions[0].selected_option
        return option.value if option else ""

    @property
    def is_ephemeral(self) -> bool:
        """Whether only this person sees the message with the button."""
        return bool(self.container and self.container.is_ephemeral)

    @property
    def message_place(self) -> tuple[str, str] | None:
        """Channel and timestamp of the message with the button; None for an ephemeral one or none."""
        at = self.container
        if at is None or at.is_ephemeral or not at.channel_id or not at.message_ts:
            return None
        return at.channel_id, at.message_ts

    @property
    def channel_of_thread(self) -> str | None:
        """The channel, where the message with the button stands there and has replies; else None."""
        place = self.message_place
        return place[0] if place and self.container and self.container.thread_ts == place[1] else None

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the message with the button, in mrkdwn; none of an ephemeral one."""
        return [each.text.text for each in (self.message.blocks if self.message else ()) if each.text]

    @property
    def in_modal(self) -> bool:
        """Whether the button stands in a modal."""
        return self.view.type == "modal"

    @property
    def on_home(self) -> bool:
        """Whether the button stands on the Home tab."""
        return self.view.type == "home"

    def value(self, model: ValueClass[V]) -> V:
        """What the button or the selected option carries.

        Raises:
            NotFoundError: nothing of this kind and version.
        """
        return unpack(model, self.selected or self.actions[0].value)


class Submission(_Interaction):
    """A modal that was sent, or closed."""

    view: SentView


class SlashCommand(Request):
    """A slash command, such as `/allybot pause 2 weeks`."""

    command: Name
    text: Text = ""
    team_id: ID
    enterprise_id: OptionalID = None
    is_enterprise_install: Flag = False
    user_id: ID
    channel_id: OptionalID = None

    @property
    def actor(self) -> Actor:
        """Who typed it."""
        org_wide = self.is_enterprise_install and self.enterprise_id
        return Actor(org_wide or self.team_id, self.user_id)

    @property
    def word(self) -> str:
        """The subcommand as typed; empty without one."""
        return next(iter(self.text.split(maxsplit=1)), "")

    @property
    def words(self) -> str:
        """What follows the subcommand."""
        return "".join(self.text.split(maxsplit=1)[1:]).strip()


class Challenge(Payload):
    """Slack's check of a new request URL; Bolt answers it."""

    type: Name
    challenge: Name


_KINDS: dict[str, type[Payload]] = {
    "block_actions": Press,
    "view_submission": Submission,
    "view_closed": Submission,
    "event_callback": Envelope,
    "url_verification": Challenge,
}


def read(payload: Any) -> Payload | None:
    """The checked model of a payload; None when it cannot be used or is of no known kind.

    A payload that cannot be used is counted and logged without its content. It must be acknowledged all the
    same: Slack would send it again, unchanged.
    """
    kind = _kind(payload)
    is_command = isinstance(payload, Mapping) and "command" in payload
    model = SlashCommand if is_command else _KINDS.get(kind)
    try:
        if model is not None:
            return model.model_validate(payload)
        if isinstance(payload, Mapping):
            telemetry.UNUSABLE_PAYLOADS.inc()
            return None
    except (ValidationError, UnicodeEncodeError):
        pass
    telemetry.UNUSABLE_PAYLOADS.inc()
    log.warning("a payload could not be used", kind=kind)
    return None


def _kind(payload: Any) -> str:
    """The payload's type if it is a known one; anything else stays out of logs and metrics."""
    kind = payload.get("type") if isinstance(payload, Mapping) else None
    return kind if isinstance(kind, str) and kind in _KINDS else "unknown"
