"""Settings from environment variables; nothing else reads them."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from allybot.errors import SettingsError

SLACK_ITSELF = "https://slack.com/api/"
_WORKSPACE_ID = re.compile(r"[TE][A-Z0-9]{1,20}")
_SLACKS = ("slack.com", "slack-gov.com")
_HOW_TO_GET = {"secret_key": "Make one with `openssl rand -hex 32`, and keep it safe."}
_FROM_SLACK = "Copy it from your app's page at api.slack.com/apps."


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        whole = False
    if not whole:
        message = f"it must be a web address such as {SLACK_ITSELF}"
        raise ValueError(message)
    return f"{value.rstrip('/')}/"


def _slack_ids(value: str | None) -> str | None:
    if value is not None and not all(_WORKSPACE_ID.fullmatch(each.strip()) for each in value.split(",")):
        message = "it must be ids of workspaces, separated by commas, such as T01ABCDEF,T02GHIJKL"
        raise ValueError(message)
    return value


def _host_and_port(value: str) -> str:
    try:
        parts = urlsplit(f"//{value}")
        whole = bool(parts.hostname) and parts.port is not None and parts.netloc == value
    except ValueError:
        whole = False
    if not whole:
        message = "it must be an address and a port, such as 127.0.0.1:9464 or [::1]:9464"
        raise ValueError(message)
    return value


OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_empty_is_none)]


class Settings(BaseSettings):
    """One field per environment variable, as in the README's table."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True
    )

    slack_bot_token: OptionalSecret = Field(None, alias="SLACK_BOT_TOKEN")
    slack_app_token: OptionalSecret = Field(None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: OptionalSecret = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_client_id: Annotated[str | None, BeforeValidator(_empty_is_none)] = Field(
        None, alias="SLACK_CLIENT_ID"
    )
    slack_client_secret: OptionalSecret = Field(None, alias="SLACK_CLIENT_SECRET")
    workspaces: Annotated[str | None, BeforeValidator(_empty_is_none), AfterValidator(_slack_ids)] = Field(
        None, alias="ALLYBOT_WORKSPACES"
    )
    slack_api_url: Annotated[str, AfterValidator(_web_address)] = Field(SLACK_ITSELF, alias="SLACK_API_URL")
    database_url: SecretStr = Field(SecretStr("sqlite:///allybot.db"), alias="DATABASE_URL")
    vault_url: SecretStr = Field(SecretStr("sqlite:///allybot-vault.db"), alias="ALLYBOT_VAULT_URL")
    secret_key: OptionalSecret = Field(None, alias="ALLYBOT_SECRET_KEY")
    config: Annotated[Path | None, BeforeValidator(_empty_is_none)] = Field(None, alias="ALLYBOT_CONFIG")
    address: str = Field("0.0.0.0", alias="ALLYBOT_ADDRESS")  # noqa: S104 - Slack or a proxy comes from outside
    port: int = Field(3000, alias="PORT", ge=0, le=65535)
    monitor_address: Annotated[str, AfterValidator(_host_and_port)] = Field(
        "127.0.0.1:9464", alias="ALLYBOT_MONITOR_ADDRESS"
    )
    web_processes: int = Field(1, alias="WEB_CONCURRENCY", ge=1, le=64)
    clock_offset: Annotated[timedelta | None, BeforeValidator(_empty_is_none)] = Field(
        None, alias="ALLYBOT_CLOCK_OFFSET"
    )

    @model_validator(mode="after")
    def _only_an_emulator_takes_a_clock_offset(self) -> Self:
        host = (urlsplit(self.slack_api_url).hostname or "").rstrip(".")
        if self.clock_offset and any(host == each or host.endswith(f".{each}") for each in _SLACKS):
            message = "a clock offset is for the emulator, not for Slack itself"
            raise ValueError(message)
        return self

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


def from_environment() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable is invalid; the message names it without its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "ALLYBOT_CLOCK_OFFSET"
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from None
