"""What comes in from Slack, read once at the door: what listeners may rely on, and nothing else.

Bolt itself stumbles over a payload with a field of another type, before any middleware runs. So both doors,
HTTP and Socket Mode, hand Bolt only what `read` gives back: the fields our listeners read, each there and of
its type. A listener that needs another field adds it here.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from allybot import telemetry

log = telemetry.logger()


def _storable(text: str) -> str:
    # Half of a surrogate pair is valid in JSON and can be neither encoded nor stored.
    text.encode()
    return text


ID = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""Slack promises capital letters and digits; other emulators are less strict."""
Timestamp = Annotated[str, Field(pattern=r"^[0-9]{1,16}(\.[0-9]{1,16})?$")]
Name = Annotated[str, Field(max_length=255), AfterValidator(_storable)]
Carried = Annotated[str, Field(max_length=3000), AfterValidator(_storable)]
"""What a button or modal carries: at most 2,000 and 3,000 characters."""
Words = Annotated[str, Field(max_length=40_000), AfterValidator(_storable)]
"""What a person typed; 40,000 characters is Slack's limit for a message."""
Address = Annotated[str, Field(max_length=2000, pattern=r"^https?://[\x21-\x7e]+$")]
Permit = Annotated[str, Field(max_length=400, pattern=r"^[\x21-\x7e]*$")]


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _Named(_Payload):
    id: ID


class _Option(_Payload):
    value: Carried = ""


class _Input(_Payload):
    """The state of one input; which of the four is set depends on its kind."""

    value: Words | None = None
    selected_option: _Option | None = None
    selected_date: Name | None = None
    selected_options: Annotated[list[_Option], Field(max_length=100)] | None = None


class _Action(_Payload):
    action_id: Name
    value: Carried | None = None
    selected_option: _Option | None = None


class _State(_Payload):
    values: dict[Name, dict[Name, _Input]] = Field(default_factory=dict)


class _Block(_Payload):
    type: Name = ""
    block_id: Name = ""


class _View(_Payload):
    """A modal or Home tab; an empty one where the button stood in a message."""

    id: ID | Literal[""] = ""
    type: Name = ""
    callback_id: Name = ""
    private_metadata: Carried = ""
    hash: Name | None = None
    state: _State = _State()
    blocks: list[_Block] = Field(default_factory=list)


class _Container(_Payload):
    channel_id: ID | None = None
    message_ts: Timestamp | None = None
    is_ephemeral: bool | None = None


class _Interaction(_Payload):
    type: Name
    team: _Named
    user: _Named


class _Press(_Interaction):
    trigger_id: Permit
    response_url: Address | None = None
    actions: Annotated[list[_Action], Field(min_length=1, max_length=25)]
    container: _Container | None = None
    view: Annotated[_View, BeforeValidator(lambda view: {} if view is None else view)] = _View()


class _Submission(_Interaction):
    trigger_id: Permit = ""
    view: _View


class _Command(_Payload):
    command: Name
    text: Words = ""
    team_id: ID
    user_id: ID
    trigger_id: Permit = ""
    response_url: Address | None = None


class _Event(_Payload):
    """Any event; those that nobody listens to are known by their type only."""

    type: Name


class _UserEvent(_Event):
    user: ID


class _HomeOpened(_UserEvent):
    tab: Name = "home"


class _MessageEvent(_Event):
    channel: ID
    ts: Timestamp
    user: ID | None = None
    text: Words | None = None
    channel_type: Name | None = None
    subtype: Name | None = None
    bot_id: Name | None = None


class _ChannelEvent(_Event):
    channel: ID


class _MemberEvent(_UserEvent, _ChannelEvent):
    pass


class _Profile(_Payload):
    id: ID
    deleted: bool = False
    tz: Annotated[str, Field(pattern=r"^[A-Za-z0-9_+/-]{0,64}$")] | None = None
    locale: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,35}$")] | None = None


class _UserChange(_Event):
    user: _Profile


class _Tokens(_Payload):
    bot: list[Name] = Field(default_factory=list)


class _TokensRevoked(_Event):
    tokens: _Tokens


_EVENTS: dict[str, type[_Event]] = {
    "app_home_opened": _HomeOpened,
    "message": _MessageEvent,
    "user_change": _UserChange,
    "member_left_channel": _MemberEvent,
    "tokens_revoked": _TokensRevoked,
    **dict.fromkeys(
        (
            "channel_archive",
            "channel_deleted",
            "channel_left",
            "group_archive",
            "group_deleted",
            "group_left",
        ),
        _ChannelEvent,
    ),
}


class _Envelope(_Payload):
    type: Name
    event_id: Name | None = None
    team_id: ID
    event: dict[str, Any]


class _Challenge(_Payload):
    type: Name
    challenge: Name


_KINDS: dict[str, type[_Payload]] = {
    "block_actions": _Press,
    "view_submission": _Submission,
    "view_closed": _Submission,
    "event_callback": _Envelope,
    "url_verification": _Challenge,
}


def read(payload: Any) -> dict[str, Any] | None:
    """What our listeners read of a payload, checked; None when it cannot be used or is of no kind we know.

    What cannot be used is counted and said in the log, without a word of it. It is to be acknowledged all the
    same: Slack would send it again, unchanged.
    """
    try:
        return _read(payload)
    except (ValidationError, UnicodeEncodeError):
        telemetry.UNUSABLE_PAYLOADS.inc()
        log.warning("a payload could not be used", kind=_kind(payload))
        return None


def _read(payload: Any) -> dict[str, Any] | None:
    if not isinstance(payload, Mapping):
        return _Payload.model_validate(payload).model_dump()
    if "command" in payload:
        return _Command.model_validate(payload).model_dump()
    kind = _kind(payload)
    model = _KINDS.get(kind)
    if model is None:
        telemetry.UNUSABLE_PAYLOADS.inc()
        return None
    found = model.model_validate(payload).model_dump()
    if model is _Envelope:
        name = found["event"].get("type")
        event = _EVENTS.get(name, _Event) if isinstance(name, str) else _Event
        found["event"] = event.model_validate(found["event"]).model_dump()
    return found


def _kind(payload: Any) -> str:
    """The payload's type if it is one we know; what else it says stays out of logs and metrics."""
    kind = payload.get("type") if isinstance(payload, Mapping) else None
    return kind if isinstance(kind, str) and kind in _KINDS else "unknown"
