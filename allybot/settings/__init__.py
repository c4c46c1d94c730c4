"""Settings from environment variables and from one file; nothing else reads them.

Values come through shells, files and web forms, which add line ends, quotes and marks that nobody sees. What
surrounds a value is removed; what a value cannot contain is refused by the setting's name, without the value.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from allybot.errors import SettingsError
from allybot.settings import file
from allybot.settings.values import (
    SLACK_ITSELF,
    cleaned,
    database_url,
    from_slack,
    host_and_port,
    slack_ids,
    stripped,
    web_address,
)

__all__ = [
    "SLACK_ITSELF",
    "Settings",
    "begin_file",
    "from_environment",
    "keep_loopback_direct",
    "of_the_environment",
    "place",
]

_FILE_SETTING = "ALLYBOT_SETTINGS"
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
_SLACKS = ("slack.com", "slack-gov.com")
_HOW_TO_GET = {"secret_key": "Make one with `openssl rand -hex 32`, and keep it safe."}
_FROM_SLACK = "Copy it from your app's page at api.slack.com/apps."

OptionalSecret = Annotated[SecretStr | None, AfterValidator(from_slack)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(database_url)]


class Settings(BaseSettings):
    """One field per environment variable, as in the README's table."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    slack_bot_token: OptionalSecret = Field(None, alias="SLACK_BOT_TOKEN")
    slack_app_token: OptionalSecret = Field(None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_client_id: Annotated[str | None, AfterValidator(from_slack)] = Field(None, alias="SLACK_CLIENT_ID")
    slack_client_secret: OptionalSecret = Field(None, alias="SLACK_CLIENT_SECRET")
    workspaces: Annotated[str | None, AfterValidator(slack_ids)] = Field(None, alias="ALLYBOT_WORKSPACES")
    slack_api_url: Annotated[str, AfterValidator(web_address)] = Field(SLACK_ITSELF, alias="SLACK_API_URL")
    database_url: DatabaseUrl = Field(SecretStr("sqlite:///allybot.db"), alias="DATABASE_URL")
    vault_url: DatabaseUrl = Field(SecretStr("sqlite:///allybot-vault.db"), alias="ALLYBOT_VAULT_URL")
    secret_key: SecretStr | None = Field(None, alias="ALLYBOT_SECRET_KEY")
    config: Path | None = Field(None, alias="ALLYBOT_CONFIG")
    address: str = Field("0.0.0.0", alias="ALLYBOT_ADDRESS")  # noqa: S104 - Slack or a proxy comes from outside
    port: int = Field(3000, alias="PORT", ge=0, le=65535)
    monitor_address: Annotated[str, AfterValidator(host_and_port)] = Field(
        "127.0.0.1:9464", alias="ALLYBOT_MONITOR_ADDRESS"
    )
    web_processes: int = Field(1, alias="WEB_CONCURRENCY", ge=1, le=64)
    clock_offset: timedelta | None = Field(None, alias="ALLYBOT_CLOCK_OFFSET")
    settings_file: Path | None = Field(None, alias=_FILE_SETTING)

    @model_validator(mode="before")
    @classmethod
    def _clean_all(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Clean every text; what is empty then counts as not set.

        Raises:
            SettingsError: one cannot be cleaned.
        """
        kept = {}
        for name, value in values.items():
            if isinstance(value, str):
                try:
                    value = cleaned(value)  # noqa: PLW2901 - the same value, cleaned
                except ValueError as error:
                    raise SettingsError(f"{name}: {error}.") from None
            if value not in ("", None):
                kept[name] = value
        return kept

    @model_validator(mode="after")
    def _only_an_emulator_takes_a_clock_offset(self) -> Self:
        if self.clock_offset and self.is_slack_itself:
            message = "a clock offset is for the emulator, not for Slack itself"
            raise ValueError(message)
        return self

    @property
    def is_slack_itself(self) -> bool:
        """Whether SLACK_API_URL is Slack's own, GovSlack included, and no emulator's."""
        host = (urlsplit(self.slack_api_url).hostname or "").rstrip(".")
        return any(host == each or host.endswith(f".{each}") for each in _SLACKS)

    @property
    def offset(self) -> timedelta:
        """How far the program's clock is ahead of the host's."""
        return self.clock_offset or timedelta()

    @property
    def allowed_workspaces(self) -> frozenset[str] | None:
        """Ids of the workspaces that may install allybot; None for any."""
        return frozenset(each.strip() for each in self.workspaces.split(",")) if self.workspaces else None

    @property
    def monitor(self) -> tuple[str, int]:
        """Host and first port of health and metrics."""
        parts = urlsplit(f"//{self.monitor_address}")
        return parts.hostname or "", parts.port or 0

    def required(self, field: str) -> str:
        """The value of a secret that the command needs.

        Raises:
            SettingsError: it is not set; the message names the environment variable.
        """
        value: SecretStr | None = getattr(self, field)
        if value is None or not value.get_secret_value():
            name = type(self).model_fields[field].alias
            raise SettingsError(f"{name} is not set. {_HOW_TO_GET.get(field, _FROM_SLACK)}")
        return value.get_secret_value()


def from_environment(**given: str) -> Settings:
    """The settings of this process; from now on it reaches this machine without a proxy.

    What the environment does not set may stand in the file that ALLYBOT_SETTINGS names, by default
    `allybot.env` in the folder where the command is typed. In both, the same name with `_FILE` names a file
    that holds the value, as Docker mounts secrets. gunicorn reads WEB_CONCURRENCY by itself, so that is left
    cleaned in the environment.

    Args:
        given: values by the setting's name, tried in place of those that are set.

    Raises:
        SettingsError: a setting is invalid, or the file; the message names it without its value.
    """
    keep_loopback_direct()
    try:
        settings = Settings(**{**_from_files(), **given})
        os.environ["WEB_CONCURRENCY"] = str(settings.web_processes)
        return settings  # noqa: TRY300 - it is the one thing that can raise
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "ALLYBOT_CLOCK_OFFSET"
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from None


def place() -> Path:
    """The settings file, which need not be there.

    Raises:
        SettingsError: ALLYBOT_SETTINGS cannot be a path.
    """
    try:
        return Path(cleaned(os.environ.get(_FILE_SETTING, "")) or file.NAME).absolute()
    except ValueError as error:
        raise SettingsError(f"{_FILE_SETTING}: {error}.") from None


def begin_file() -> None:
    """Make the file that ALLYBOT_SETTINGS names, if it is not there, so that it can be read and added to.

    Raises:
        SettingsError: it cannot be made.
    """
    if stripped(os.environ.get(_FILE_SETTING, "")) and not place().exists():
        file.write(place(), {})


def of_the_environment() -> dict[str, str]:
    """The settings that the environment itself sets, which no file can change."""
    return {name: os.environ[name] for name in _names() if stripped(os.environ.get(name, ""))}


def _names() -> Iterator[str]:
    return (str(each.alias) for each in Settings.model_fields.values())


def _from_files() -> dict[str, Any]:
    """The values of settings that the environment does not set, from files.

    Raises:
        SettingsError: one cannot be read, or is no settings file.
    """
    at, found = place(), dict[str, Any]()
    if at.exists() or stripped(os.environ.get(_FILE_SETTING, "")):
        found[_FILE_SETTING] = at
    written = file.read(at, tuple(_names())) if found else {}
    set_already = of_the_environment()
    for name in _names():
        if name not in set_already:
            value = _mounted(os.environ, name) or written.get(name) or _mounted(written, name)
            if value:
                found.setdefault(name, value)
    return found


def _mounted(source: Mapping[str, str], name: str) -> str:
    """What stands in the file that a setting with `_FILE` names; empty where there is none."""
    named = stripped(source.get(f"{name}_FILE", ""))
    if not named:
        return ""
    try:
        return Path(named).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name}_FILE: that file cannot be read.") from None


def keep_loopback_direct() -> None:
    """Let calls to this machine, such as to the emulator, pass every proxy by, for the whole process."""
    named = getproxies_environment().get("no", "")
    if named != "*":
        hosts = named.split(",") if named else []
        os.environ["no_proxy"] = ",".join((*hosts, *(host for host in _LOOPBACK if host not in hosts)))
