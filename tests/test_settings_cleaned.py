"""The environment as people really set it: line ends, spaces, quotes, marks nobody sees, other spellings."""

import pytest

from allybot.errors import SettingsError
from allybot.settings import Settings, from_environment

ALL = {
    "SLACK_BOT_TOKEN": "xoxb-1-abc",
    "SLACK_APP_TOKEN": "xapp-1-abc",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "SLACK_CLIENT_ID": "111.222",
    "SLACK_CLIENT_SECRET": "fedcba9876543210fedcba9876543210",
    "ALLYBOT_WORKSPACES": "T01ABCDEF,T02GHIJKL",
    "SLACK_API_URL": "http://127.0.0.1:8766/api/",
    "DATABASE_URL": "postgresql://ally:pw-secret@db.example/allybot",
    "ALLYBOT_VAULT_URL": "sqlite:////srv/vault.db",
    "ALLYBOT_SECRET_KEY": "a secret key of many letters",
    "ALLYBOT_CONFIG": "/srv/config",
    "ALLYBOT_ADDRESS": "127.0.0.1",
    "PORT": "3001",
    "ALLYBOT_MONITOR_ADDRESS": "127.0.0.1:9465",
    "WEB_CONCURRENCY": "12",
    "ALLYBOT_CLOCK_OFFSET": "P10D",
}
"""One plain value for every setting."""
UNSEEN = {
    "zero width space": "\u200b",
    "no-break space": "\u00a0",
    "direction mark": "\u200e",
    "control": "\x01",
}


def set_all(monkeypatch: pytest.MonkeyPatch, **changed: str) -> Settings:
    for name, value in {**ALL, **changed}.items():
        monkeypatch.setenv(name, value)
    return from_environment()


def test_every_setting_stands_in_the_list_above() -> None:
    of_a_file = {"ALLYBOT_SETTINGS"}  # tests/test_settings_file.py
    assert set(ALL) | of_a_file == {str(field.alias) for field in Settings.model_fields.values()}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "worn",
    ["{}\n", "{}\r\n", "  {}\t", '"{}"', "'{}'", ' "{}"\r\n', "\ufeff{}", "\u200b{}\u2060", "\u00a0{}\u00a0",
     "\u201c{}\u201d"],
    ids=["line end", "Windows line end", "spaces", "quotes", "single quotes", "all three", "mark of order",
         "invisible", "no-break spaces", "typographic quotes"],
)  # fmt: skip
def test_what_surrounds_a_value_is_taken_off(name: str, worn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = set_all(monkeypatch)
    assert set_all(monkeypatch, **{name: worn.format(ALL[name])}) == plain


@pytest.mark.parametrize("name", [name for name in ALL if name != "ALLYBOT_CONFIG"])
@pytest.mark.parametrize("what", UNSEEN)
def test_what_cannot_be_seen_inside_a_value_is_refused_by_name(
    name: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = min(3, len(ALL[name]) - 1)
    value = ALL[name][:cut] + UNSEEN[what] + ALL[name][cut:]
    with pytest.raises(SettingsError) as problem:
        set_all(monkeypatch, **{name: value})
    said = str(problem.value)
    assert said.startswith(f"{name}: ")
    assert f"U+{ord(UNSEEN[what]):04X}" in said
    assert value not in said
    assert name in {"PORT", "WEB_CONCURRENCY"} or ALL[name][cut:] not in said


@pytest.mark.parametrize(
    "name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"]
)
@pytest.mark.parametrize(
    "letter", ["\u2013", "\u0430", "\u00e9", " "], ids=["dash", "Cyrillic", "accent", "space"]
)
def test_a_letter_that_slack_never_uses_is_refused_by_name(
    name: str, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError) as problem:
        set_all(monkeypatch, **{name: f"{ALL[name]}{letter}x"})
    said = str(problem.value)
    assert said.startswith(f"{name}: ")
    assert "Copy it anew" in said
    assert ALL[name] not in said


@pytest.mark.parametrize("nothing", ["", " ", "\n", '""', "\ufeff", "\u200b"])
@pytest.mark.parametrize("name", [name for name in ALL if name != "SLACK_API_URL"])
def test_a_value_of_nothing_visible_counts_as_not_set(
    name: str, nothing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch)
    monkeypatch.delenv(name)
    without = from_environment()
    assert set_all(monkeypatch, **{name: nothing}) == without


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2", "POSTGRES"])
@pytest.mark.parametrize("name", ["DATABASE_URL", "ALLYBOT_VAULT_URL"])
def test_postgresql_may_be_spelled_as_its_providers_do(
    name: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = set_all(monkeypatch, **{name: f"{scheme}://ally:pw@db.example/allybot?sslmode=require"})
    url = settings.database_url if name == "DATABASE_URL" else settings.vault_url
    assert url.get_secret_value() == "postgresql+psycopg://ally:pw@db.example/allybot?sslmode=require"


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("mysql://ally:pw-secret@db/allybot", "sqlite:/// or postgresql://"),
        ("allybot.db", "sqlite:/// or postgresql://"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("postgresql://ally:pw@secret@db/allybot", "%40"),
        ("postgresql://ally:pw-secret@db:port/allybot", "sqlite:/// or postgresql://"),
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "ALLYBOT_VAULT_URL"])
def test_a_database_that_cannot_be_is_refused_by_the_name_of_its_setting(
    name: str, url: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError) as problem:
        set_all(monkeypatch, **{name: url})
    assert str(problem.value).startswith(f"{name}: ")
    assert remedy in str(problem.value)
    assert "secret" not in str(problem.value)
