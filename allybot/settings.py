"""Settings from environment variables; nothing else reads them.

Values come through shells, files and web forms, which add line ends, quotes and marks that nobody sees. What
surrounds a value is removed; what a value cannot contain is refused by the setting's name, without the value.
"""

import os
import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from allybot.errors import SettingsError
from allybot.store.engine.address import usable_url

SLACK_ITSELF = "https://slack.com/api/"
_WORKSPACE_ID = re.compile(r"[TE][A-Z0-9]{1,20}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")
_SLACKS = ("slack.com", "slack-gov.com")
_HOW_TO_GET = {"secret_key": "Make one with `openssl rand -hex 32`, and keep it safe."}
_FROM_SLACK = "Copy it from your app's page at api.slack.com/apps."


_QUOTES = ('""', "''", "\u201c\u201d", "\u201e\u201c", "\u2018\u2019")
_UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Co", "Cn")
"""Unicode's categories of control, format, line, private and unassigned characters."""


def _cleaned(value: str) -> str:
    """A value without what surrounds it: white space, invisible characters and one pair of quotes.

    Raises:
        ValueError: an invisible character is left inside.
    """
    value = _stripped(value)
    if len(value) > 1 and value[0] + value[-1] in _QUOTES:
        value = _stripped(value[1:-1])
    for letter in value:
        if _is_unseen(letter) or (letter.isspace() and letter != " "):
            name = unicodedata.name(letter, "a control character").lower()
            message = (
                f"it contains a character that cannot be seen, U+{ord(letter):04X} ({name}). Type it anew"
            )
            raise ValueError(message)
    return value


def _stripped(value: str) -> str:
    start, end = 0, len(value)
    while start < end and (value[start].isspace() or _is_unseen(value[start])):
        start += 1
    while end > start and (value[end - 1].isspace() or _is_unseen(value[end - 1])):
        end -= 1
    return value[start:end]


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN


def _from_slack(value: SecretStr | str | None) -> SecretStr | str | None:
    """A value that Slack made: visible ASCII without spaces.

    Raises:
        ValueError: another character is in it.
    """
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value or ""
    wrong = next((letter for letter in plain if not "!" <= letter <= "~"), None)
    if wrong is not None:
        name = unicodedata.name(wrong, "a control character").lower()
        message = f"Slack makes none with U+{ord(wrong):04X} ({name}) in it. Copy it anew"
        raise ValueError(message)
    return value


def _database_url(value: SecretStr) -> SecretStr:
    try:
        return SecretStr(usable_url(value.get_secret_value()))
    except SettingsError as error:
        raise ValueError(str(error).rstrip(".")) from None


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


OptionalSecret = Annotated[SecretStr | None, AfterValidator(_from_slack)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]


class Settings(BaseSettings):
    """One field per environment variable, as in the README's table."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    slack_bot_token: OptionalSecret = Field(None, alias="SLACK_BOT_TOKEN")
    slack_app_token: OptionalSecret = Field(None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_client_id: Annotated[str | None, AfterValidator(_from_slack)] = Field(None, alias="SLACK_CLIENT_ID")
    slack_client_secret: OptionalSecret = Field(None, alias="SLACK_CLIENT_SECRET")
    workspaces: Annotated[str | None, AfterValidator(_slack_ids)] = Field(None, alias="ALLYBOT_WORKSPACES")
    slack_api_url: Annotated[str, AfterValidator(_web_address)] = Field(SLACK_ITSELF, alias="SLACK_API_URL")
    database_url: DatabaseUrl = Field(SecretStr("sqlite:///allybot.db"), alias="DATABASE_URL")
    vault_url: DatabaseUrl = Field(SecretStr("sqlite:///allybot-vault.db"), alias="ALLYBOT_VAULT_URL")
    secret_key: SecretStr | None = Field(None, alias="ALLYBOT_SECRET_KEY")
    config: Path | None = Field(None, alias="ALLYBOT_CONFIG")
    address: str = Field("0.0.0.0", alias="ALLYBOT_ADDRESS")  # noqa: S104 - Slack or a proxy comes from outside
    port: int = Field(3000, alias="PORT", ge=0, le=65535)
    monitor_address: Annotated[str, AfterValidator(_host_and_port)] = Field(
        "127.0.0.1:9464", alias="ALLYBOT_MONITOR_ADDRESS"
    )
    web_processes: int = Field(1, alias="WEB_CONCURRENCY", ge=1, le=64)
    clock_offset: timedelta | None = Field(None, alias="ALLYBOT_CLOCK_OFFSET")

    @model_validator(mode="before")
    @classmethod
    def _clean_all(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Clean every text; what is empty then counts as not set.

        Raises:
            SettingsError: one cannot be cleaned.
        """
        cleaned = {}
        for name, value in values.items():
            if isinstance(value, str):
                try:
                    value = _cleaned(value)  # noqa: PLW2901 - the same value, cleaned
                except ValueError as error:
                    raise SettingsError(f"{name}: {error}.") from None
            if value not in ("", None):
                cleaned[name] = value
        return cleaned

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


def from_environment() -> Settings:
    """The settings of this process; from now on it reaches this machine without a proxy.

    gunicorn reads WEB_CONCURRENCY by itself, so that is left cleaned in the environment. Where a variable is
    not set, the file that the same name with `_FILE` names holds its value, as Docker mounts secrets.

    Raises:
        SettingsError: a variable is invalid; the message names it without its value.
    """
    keep_loopback_direct()
    try:
        settings = Settings(**_from_files())
        os.environ["WEB_CONCURRENCY"] = str(settings.web_processes)
        return settings  # noqa: TRY300 - it is the one thing that can raise
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "ALLYBOT_CLOCK_OFFSET"
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from None


def _from_files() -> dict[str, Any]:
    """The values of variables that are not set, from the files that others name.

    Raises:
        SettingsError: one cannot be read.
    """
    found = {}
    for name in (str(field.alias) for field in Settings.model_fields.values()):
        file = _stripped(os.environ.get(f"{name}_FILE", ""))
        if file and not os.environ.get(name):
            try:
                found[name] = Path(file).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                raise SettingsError(f"{name}_FILE: that file cannot be read.") from None
    return found


def keep_loopback_direct() -> None:
    """Let calls to this machine, such as to the emulator, pass every proxy by, for the whole process."""
    named = getproxies_environment().get("no", "")
    if named != "*":
        os.environ["no_proxy"] = ",".join((*([named] if named else []), *_LOOPBACK))
