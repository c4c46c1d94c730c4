"""Backups by date: old ones are deleted, the newest one is tried, and one that is broken is found out."""

import base64
import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from allybot.cli.session import cleaning_up_when_ended
from allybot.crypto import Keyring
from allybot.errors import UserError
from allybot.services.context import Context
from allybot.services.data import daily_backups, drill_folders, forget_me
from allybot.services.data.daily_backups import Daily, Drill
from tests.support.full_trainee import AL, Al, full_trainee

REAL = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


def made(al: Al, tmp_path: Path, days_later: float = 0, **limits: int) -> Daily:
    given = {"days": 30, "keys_days": 7} | limits
    return daily_backups.make(
        al.context, tmp_path / "b", tmp_path / "k", REAL + timedelta(days=days_later), **given
    )


def drilled(al: Al, tmp_path: Path, days_later: int = 0) -> Drill:
    real = REAL + timedelta(days=days_later)
    return daily_backups.drill(al.context, tmp_path / "b", tmp_path / "k", real, real)


def names(folder: Path) -> list[str]:
    return sorted(path.name[:10] for path in folder.iterdir())


def test_old_backups_go_and_what_is_not_theirs_stays(al: Al, tmp_path: Path) -> None:
    for day in (0, 3):
        made(al, tmp_path, day)
    (tmp_path / "b" / "notes.txt").write_text("mine")
    (tmp_path / "k" / "2026-01-06T030000Z.jsonl.part").write_text("cut off")
    done = made(al, tmp_path, 8)
    assert (done.old_backups, done.old_keys) == (0, 2)
    assert names(tmp_path / "b") == ["2026-01-06", "2026-01-09", "2026-01-14", "notes.txt"]
    assert names(tmp_path / "k") == ["2026-01-09", "2026-01-14"]
    done = made(al, tmp_path, 31)
    assert (done.old_backups, done.old_keys) == (1, 2)
    assert names(tmp_path / "b") == ["2026-01-09", "2026-01-14", "2026-02-06", "notes.txt"]


def test_whoever_asks_to_be_forgotten_is_in_no_backup_when_the_promise_is_due(al: Al, tmp_path: Path) -> None:
    made(al, tmp_path)
    forget_me.forget(al.context, AL)
    for day in (7, 30):
        made(al, tmp_path, day)
        kept = [path.read_text() for path in (tmp_path / "k").iterdir()]
        assert not any(f'"trainee_id": "{al.trainee.id}", "key_wrapped"' in text for text in kept)
    # In quotes, since what is encrypted holds any three letters by chance.
    assert not any(f'"{AL.slack_user}"' in path.read_text() for path in (tmp_path / "b").rglob("*.jsonl"))


A_MOMENT = 1e-4
"""In days: machines begin what they do every day some seconds earlier or later."""


def test_a_run_that_is_a_moment_early_keeps_nothing_for_a_day_longer(al: Al, tmp_path: Path) -> None:
    made(al, tmp_path)
    for day in (1, 6, 7, 30):
        made(al, tmp_path, day - A_MOMENT)
    assert "2026-01-06" not in names(tmp_path / "b") + names(tmp_path / "k")
    made(al, tmp_path, 31 + A_MOMENT, days=1, keys_days=1)
    assert names(tmp_path / "b") == names(tmp_path / "k") == ["2026-02-06"]


def test_what_is_too_old_goes_also_when_the_new_backup_fails(al: Al, tmp_path: Path) -> None:
    for day in (0, 1):
        made(al, tmp_path, day)
    name = f"{REAL + timedelta(days=7):%Y-%m-%dT%H%M%SZ}"
    (tmp_path / "b" / name).write_text("not a folder: nothing can be written into it")
    with pytest.raises(UserError, match="cannot be written") as failed:
        made(al, tmp_path, 7)
    assert "Deleted as too old all the same: 0 backups and 1 files of keys." in failed.value.__notes__
    assert names(tmp_path / "k") == ["2026-01-07"]


@pytest.mark.parametrize("limits", [{"days": 31}, {"keys_days": 8}, {"days": 0}])
def test_the_promise_cannot_be_stretched(al: Al, tmp_path: Path, limits: dict[str, int]) -> None:
    with pytest.raises(UserError, match="people are promised so"):
        made(al, tmp_path, **limits)


def test_keys_lie_apart(al: Al, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lie apart"):
        daily_backups.make(al.context, tmp_path, tmp_path / "k", REAL, days=30, keys_days=7)


def test_the_drill_reads_everybodys_words_and_leaves_nothing(
    al: Al, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    made(al, tmp_path)
    done = drilled(al, tmp_path)
    assert (done.problems, done.words_read, done.words_lost) == ((), 2, 0)
    assert done.restored.rows > 10
    assert list((tmp_path / "t").iterdir()) == []


def test_the_drill_deletes_what_a_killed_one_left_and_nothing_else(
    al: Al, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "t"
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    for name in ("allybot-drill-killed", "allybot-drill-runs", "allybot-drill-writes", "another", "linked"):
        (temporary / name).mkdir(parents=True)
        (temporary / name / "b.db").write_text("keys")
    (temporary / "allybot-drill-link").symlink_to(temporary / "linked")
    made(al, tmp_path)
    long_ago, just_now = ((REAL - timedelta(minutes=minutes)).timestamp() for minutes in (90, 5))
    for name in ("allybot-drill-killed", "allybot-drill-writes", "another", "linked"):
        os.utime(temporary / name / "b.db", (long_ago, long_ago))
        os.utime(temporary / name, (long_ago, long_ago))
    os.utime(temporary / "allybot-drill-writes" / "b.db", (just_now, just_now))
    assert drilled(al, tmp_path).problems == ()
    left = ["allybot-drill-link", "allybot-drill-runs", "allybot-drill-writes", "another", "linked"]
    assert sorted(path.name for path in temporary.iterdir()) == left
    assert (temporary / "linked" / "b.db").exists()


def test_a_drill_that_is_told_to_end_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = signal.getsignal(signal.SIGTERM)

    def is_told_to_end() -> None:
        with cleaning_up_when_ended(), drill_folders.new() as place:
            (Path(place) / "b.db").write_text("keys")
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit) as ended:
        is_told_to_end()
    assert ended.value.code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_backup_that_is_no_longer_made_is_noticed(al: Al, tmp_path: Path) -> None:
    made(al, tmp_path)
    assert drilled(al, tmp_path, days_later=5).problems == (
        "The newest backup is 5 days old: is none made any more?",
    )


def test_keys_under_another_secret_key_are_noticed(al: Al, tmp_path: Path) -> None:
    made(al, tmp_path)
    stranger = replace(al, context=replace(al.context, keyring=Keyring("another secret of some length")))
    assert "ALLYBOT_SECRET_KEY" in drilled(stranger, tmp_path).problems[0]


def test_keys_that_are_missing_are_noticed(al: Al, tmp_path: Path) -> None:
    keys = made(al, tmp_path).made.keys
    heading, *_rest = keys.read_text().splitlines()
    keys.write_text(f'{heading}\n{{"rows": 0}}\n')
    assert drilled(al, tmp_path).problems == ("The file of keys has none for 2 of the people.",)


def one_letter(text: str) -> str:
    return text.replace('"zone": "UTC"', '"zone": "UTD"', 1)


def half(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[: len(lines) // 2])


@pytest.mark.parametrize("harm", [one_letter, half])
def test_a_broken_backup_is_found_out(al: Al, tmp_path: Path, harm: Callable[[str], str]) -> None:
    file = made(al, tmp_path).made.database
    before = file.read_text()
    file.write_text(harm(before))
    assert file.read_text() != before
    with pytest.raises(UserError, match=r"2026-01-06T030000Z: .*take an earlier one"):
        drilled(al, tmp_path)


def test_words_that_do_not_open_are_found_out_even_where_all_else_is_whole(al: Al, tmp_path: Path) -> None:
    file = made(al, tmp_path).made.database
    lines = file.read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if '"private_record"' in line)
    entry = json.loads(lines[place])
    locked = bytearray(base64.b64decode(entry["row"]["locked"]["bytes"]))
    locked[-1] ^= 1
    entry["row"]["locked"]["bytes"] = base64.b64encode(locked).decode()
    lines[place] = json.dumps(entry)
    lines[-1] = json.dumps({"rows": len(lines) - 2})
    file.write_text("\n".join(lines) + "\n")
    assert drilled(al, tmp_path).problems == ("The words of 1 person cannot be opened.",)


def test_there_is_a_word_for_no_backup(al: Al, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        drilled(al, tmp_path)
    (tmp_path / "b" / "old").mkdir(parents=True)
    with pytest.raises(UserError, match="holds nothing that `allybot daily-backup` has made"):
        drilled(al, tmp_path)
