"""The settings file: what the environment does not set, for its owner's eyes alone."""

import os
import stat
from pathlib import Path

import pytest

from allybot.errors import SettingsError
from allybot.settings import from_environment
from allybot.settings.file import write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file of an empty folder, where somebody types a command."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "allybot.env"


def put(file: Path, text: str, rights: int = 0o600) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(rights)


def test_what_stands_in_it_is_read_and_the_environment_wins(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here, '\ufeff# tokens\n\nSLACK_BOT_TOKEN=xoxb-1\nexport PORT = "4000"\nHTTPS_PROXY=http://p\n')
    settings = from_environment()
    assert (settings.required("slack_bot_token"), settings.port) == ("xoxb-1", 4000)
    assert settings.settings_file == here
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-2")
    monkeypatch.setenv("PORT", " ")
    assert (from_environment().required("slack_bot_token"), from_environment().port) == ("xoxb-2", 4000)


def test_a_value_of_its_own_file_wins_where_the_environment_names_it(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").write_text("xoxb-mounted")
    (tmp_path / "two").write_text("xapp-mounted")
    put(here, f"SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN_FILE={tmp_path / 'two'}\n")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "one"))
    settings = from_environment()
    assert settings.required("slack_bot_token") == "xoxb-mounted"
    assert settings.required("slack_app_token") == "xapp-mounted"


def test_another_one_is_named_by_allybot_settings(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here, "PORT=4000\n")
    put(tmp_path / "other", "PORT=5000\n")
    monkeypatch.setenv("ALLYBOT_SETTINGS", str(tmp_path / "other"))
    assert from_environment().port == 5000
    monkeypatch.setenv("ALLYBOT_SETTINGS", f' "{tmp_path}/other"\r\n')
    assert from_environment().port == 5000
    monkeypatch.setenv("ALLYBOT_SETTINGS", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="none cannot be read: No such file or directory"):
        from_environment()


@pytest.mark.parametrize("rights", [0o640, 0o604, 0o620, 0o644])
def test_one_that_others_can_read_or_write_is_refused_with_the_remedy(here: Path, rights: int) -> None:
    put(here, "PORT=4000\n", rights)
    with pytest.raises(SettingsError, match=rf"can read {here}\. Run `chmod 600 {here}`\."):
        from_environment()


def test_one_that_another_user_could_have_put_there_is_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here, "PORT=4000\n")
    if os.geteuid() == 0:
        os.chown(here, 12345, 12345)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: here.stat().st_uid + 1)
    with pytest.raises(SettingsError, match="belongs to another user of this machine"):
        from_environment()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("xoxb-secret", "line 1: write it as NAME=value"),
        ("PORT=1\n\nPORT=2", "line 3: PORT stands there twice"),
        ("SLACK_TOKEN=xoxb-secret", "line 1: there is no setting SLACK_TOKEN"),
        (
            "ALLYBOT_SECRET_KEY=a\u200bsecret",
            "ALLYBOT_SECRET_KEY: it contains a character that cannot be seen",
        ),
    ],
)
def test_a_line_that_cannot_be_meant_is_named_without_its_value(here: Path, text: str, says: str) -> None:
    put(here, text)
    with pytest.raises(SettingsError, match=says) as refused:
        from_environment()
    assert "secret" not in str(refused.value).replace("ALLYBOT_SECRET_KEY", "")


def test_writing_keeps_every_other_line_and_lets_nobody_else_read(here: Path) -> None:
    put(here, "# ours\nPORT=4000\nOTHER=left\n", 0o644)
    write(here, {"PORT": "5000", "ALLYBOT_CONFIG": "/a folder"})
    assert here.read_text() == '# ours\nPORT=5000\nOTHER=left\nALLYBOT_CONFIG="/a folder"\n'
    assert stat.S_IMODE(here.stat().st_mode) == 0o600
    assert from_environment().config == Path("/a folder")
    assert [each.name for each in here.parent.iterdir()] == ["allybot.env"]
