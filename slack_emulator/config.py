"""Configuration: teams, people, channels, one app, limits and time-outs."""

import json
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from slack_emulator.errors import ConfigError


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class Person(_Model):
    """A human member of a workspace; `tz` is an IANA zone, `locale` such as `en-GB`.

    A guest `is_restricted`, or `is_ultra_restricted` to one channel. Somebody of another organisation, who
    is here through a shared channel, has the id of their own workspace as `external_team`. In an
    organisation `teams` are the ids of the workspaces they are in; by default the first.
    `status_expiration` is in seconds since the epoch, 0 for a status without an end. Slack clears a status
    when it ends, and sends `user_change`; here that is left to whoever drives the emulator.
    """

    id: str
    name: str
    real_name: str = ""
    tz: str = "Europe/Zurich"
    locale: str = "en-GB"
    title: str = ""
    email: str | None = None
    deleted: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    external_team: str = ""
    teams: list[str] = Field(default_factory=list)
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0


class Channel(_Model):
    """A public or private channel that exists from the start; `members` are ids of people and bots.

    `connected_teams` are the workspaces or organisations that it is shared with (Slack Connect). In an
    organisation `home_team` is the id of its workspace; by default the first.
    """

    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    is_general: bool = False
    topic: str = ""
    purpose: str = ""
    members: list[str] = Field(default_factory=list)
    connected_teams: list[str] = Field(default_factory=list)
    home_team: str = ""


class UserGroup(_Model):
    """A user group, such as @marketing; `users` are ids of people of the workspace."""

    id: str
    name: str
    handle: str = ""
    users: list[str] = Field(default_factory=list)
    disabled: bool = False


class OrgWorkspace(_Model):
    """A workspace of an organisation; `added` says whether the app was added to it."""

    id: str
    name: str
    domain: str
    added: bool = True


class Team(_Model):
    """One workspace with its own bot user and bot token. Ids are unique across all teams of an emulator.

    With `workspaces` it is an Enterprise organisation (its id begins with E) into which the app is installed
    as a whole: one bot user and one bot token for all its workspaces. `refused_blocks` are kinds of block
    that it refuses in messages, as while Slack brings them in.
    """

    id: str
    name: str
    domain: str
    people: list[Person] = Field(default_factory=list)
    channels: list[Channel] = Field(default_factory=list)
    user_groups: list[UserGroup] = Field(default_factory=list)
    workspaces: list[OrgWorkspace] = Field(default_factory=list)
    refused_blocks: list[str] = Field(default_factory=list)
    bot_token: str
    bot_user_id: str
    bot_id: str
    bot_name: str = "testbot"
    installed: bool = True


class App(_Model):
    """The Slack app under test. `manifest` is a Slack app manifest or the path of one (JSON).

    Without a manifest every scope is granted, every event delivered and every command known.
    With `request_url` set, events, interactions and commands go there by signed HTTP POST instead of
    Socket Mode; `interactivity_url` and `commands_url` override it for their kind.
    """

    app_id: str = "A0EMULATOR"
    name: str = "testbot"
    app_token: str = "xapp-1-A0EMULATOR-0001-emulator"  # noqa: S105 - a token of the emulator only
    config_token: str = "xoxe.xoxp-1-emulator"  # noqa: S105 - the same
    signing_secret: str = "emulator-signing-secret"  # noqa: S105 - the same
    verification_token: str = "emulator-verification"  # noqa: S105 - the same
    client_id: str = "100000000001.100000000002"
    client_secret: str = "emulator-client-secret"  # noqa: S105 - the same
    redirect_urls: list[str] = Field(default_factory=list)
    manifest: dict[str, Any] | Path | None = None
    request_url: str | None = None
    interactivity_url: str | None = None
    commands_url: str | None = None


class EmulatorConfig(_Model):
    """The whole configuration. Times are seconds of the emulator's clock; the defaults are Slack's.

    `retry_delays` are Slack's three retries of an event (at once, 1 min, 5 min), each multiplied by
    `retry_factor`. `limits` switches on one post a second a channel and 300 posts a minute a workspace.
    `clock_ahead_seconds` is how far this Slack's clock runs ahead of the machine's (negative: behind):
    message ids, the `Date` of answers and the timestamps of signatures and events follow it.
    `display_clock` sets only the time a page shows beside a message; message ids do not follow it.
    """

    teams: list[Team] = Field(default_factory=lambda: [default_team()], min_length=1)
    app: App = Field(default_factory=App)
    limits: bool = False
    posts_per_minute: int = 300
    seconds_between_posts: float = 1.0
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    retry_factor: float = 1.0
    response_url_seconds: float = 1800.0
    response_url_uses: int = 5
    oauth_code_seconds: float = 600.0
    token_seconds: int = 43_200
    ping_seconds: float = 10.0
    max_connections: int = 10
    log_size: int = 200_000
    clock_ahead_seconds: float = 0.0
    display_clock: Callable[[], datetime] | None = Field(default=None, exclude=True)
    strip_url: str | None = None


def default_team() -> Team:
    """The default workspace: four people, one bot and #general."""
    people = [
        Person(id="U0ANTON", name="anton", real_name="Anton Weber", email="anton@emulator.example"),
        Person(id="U0BRUNO", name="bruno", real_name="Bruno Costa", email="bruno@emulator.example"),
        Person(
            id="U0CHEN", name="chen", real_name="Chen Li", tz="Asia/Singapore", email="chen@emulator.example"
        ),
        Person(
            id="U0DARA",
            name="dara",
            real_name="Dara Quinn",
            tz="America/New_York",
            email="dara@emulator.example",
        ),
    ]
    members = [*(person.id for person in people), "U0BOT"]
    return Team(
        id="T0EMULATOR",
        name="Northwind",
        domain="northwind",
        people=people,
        channels=[Channel(id="C0GENERAL", name="general", is_general=True, members=members)],
        bot_token="xoxb-emulator-1",  # noqa: S106 - a token of the emulator only
        bot_user_id="U0BOT",
        bot_id="B0BOT",
    )


def load_config(path: Path) -> EmulatorConfig:
    """Read a JSON or TOML file; a manifest path in it is taken relative to the file.

    Raises:
        ConfigError: the file cannot be read, is no JSON or TOML, or an entry is wrong (the entry is named).
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        config = EmulatorConfig.model_validate(data)
    except OSError as problem:
        raise ConfigError(f"{path}: {problem.strerror}") from problem
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        entry = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {entry or 'the file'}: {first['msg']}") from problem
    except (ValueError, RecursionError) as problem:
        raise ConfigError(f"{path}: {problem}") from problem
    if isinstance(config.app.manifest, Path) and not config.app.manifest.is_absolute():
        config.app.manifest = path.parent / config.app.manifest
    return config
