"""The environment: what is refused, and that no value is ever repeated in an error."""

from datetime import timedelta
from pathlib import Path

import pytest

from allybot.errors import SettingsError
from allybot.settings import SLACK_ITSELF, from_environment


def test_nothing_set_gives_the_defaults() -> None:
    settings = from_environment()
    assert settings.slack_api_url == SLACK_ITSELF
    assert settings.database_url.get_secret_value() == "sqlite:///allybot.db"
    assert settings.offset == timedelta()


def test_a_missing_secret_is_named_by_its_variable() -> None:
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is not set"):
        from_environment().required("slack_bot_token")


def test_a_value_may_stand_in_a_file_as_docker_mounts_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "bot_token"
    secret.write_bytes(b"\xef\xbb\xbfxoxb-of-the-file\r\n")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(secret))
    assert from_environment().required("slack_bot_token") == "xoxb-of-the-file"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-set")
    assert from_environment().required("slack_bot_token") == "xoxb-set"
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="DATABASE_URL_FILE: that file cannot be read"):
        from_environment()


@pytest.mark.parametrize(
    ("offset", "meant"),
    [
        ("P10D", timedelta(days=10)),
        ("PT6H", timedelta(hours=6)),
        ("P1DT6H", timedelta(days=1, hours=6)),
        ("-P2D", timedelta(days=-2)),
        ("", timedelta()),
    ],
)
def test_the_clock_can_be_offset_for_the_emulator(
    offset: str, meant: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:8766/api/")
    monkeypatch.setenv("ALLYBOT_CLOCK_OFFSET", offset)
    assert from_environment().offset == meant


@pytest.mark.parametrize(
    "url",
    [
        SLACK_ITSELF,
        "https://slack.com/api",
        "https://www.slack.com/api/",
        "https://SLACK.com:443/api/",
        "https://slack.com./api/",
        "https://slack-gov.com/api/",
    ],
)
def test_a_moved_clock_is_refused_with_slack_itself(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", url)
    monkeypatch.setenv("ALLYBOT_CLOCK_OFFSET", "P10D")
    with pytest.raises(SettingsError, match="ALLYBOT_CLOCK_OFFSET: a clock offset is for the emulator"):
        from_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "secret-port"),
        ("SLACK_API_URL", "secret-url"),
        ("ALLYBOT_CLOCK_OFFSET", "secret-offset"),
        ("ALLYBOT_MONITOR_ADDRESS", "secret-host"),
        ("ALLYBOT_WORKSPACES", "T1,secret-name"),
        ("WEB_CONCURRENCY", "secret-number"),
    ],
)
def test_a_wrong_value_is_named_but_never_repeated(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as problem:
        from_environment()
    assert str(problem.value).startswith(f"{name}: ")
    assert value not in str(problem.value)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "")
    with pytest.raises(SettingsError, match="SLACK_APP_TOKEN is not set"):
        from_environment().required("slack_app_token")


def test_workspaces_and_organisations_are_listed_by_id(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment().allowed_workspaces is None
    monkeypatch.setenv("ALLYBOT_WORKSPACES", "T01ABC, E02DEF")
    assert from_environment().allowed_workspaces == {"T01ABC", "E02DEF"}


@pytest.mark.parametrize(
    "address", ["127.0.0.1", ":9464", "http://127.0.0.1:9464", "127.0.0.1:many", "[::1:9464"]
)
def test_the_monitors_address_names_host_and_port(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLYBOT_MONITOR_ADDRESS", address)
    with pytest.raises(SettingsError, match="ALLYBOT_MONITOR_ADDRESS: it must be an address and a port"):
        from_environment()


def test_the_monitors_address_may_be_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLYBOT_MONITOR_ADDRESS", "[::1]:9470")
    assert from_environment().monitor == ("::1", 9470)


@pytest.mark.parametrize("name", ["SLACK_API_URL", "DATABASE_URL", "ALLYBOT_VAULT_URL", "PORT"])
def test_an_empty_variable_gives_the_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = from_environment()
    monkeypatch.setenv(name, "")
    assert from_environment() == defaults


def test_slacks_address_may_lack_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:8766/api")
    assert from_environment().slack_api_url == "http://127.0.0.1:8766/api/"


@pytest.mark.parametrize("url", ["slack.com/api", "ftp://slack.com/", "http://", "http://[", "//x"])
def test_slacks_address_must_be_one(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", url)
    with pytest.raises(SettingsError, match="SLACK_API_URL: it must be a web address"):
        from_environment()
