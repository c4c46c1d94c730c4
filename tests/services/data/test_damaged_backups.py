"""A backup that was damaged is refused in one line, and nothing of it stays behind."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from allybot.errors import UserError
from allybot.services.data import backups
from allybot.services.data.backups import DATABASE_FILE, KEYS_FILE
from allybot.store.data import jsonl
from tests.services.data.test_backups import REAL, OpenHouse, al, new_house, settle
from tests.support.full_trainee import Al

__all__ = ["al", "new_house"]
Damage = Callable[[list[str]], list[str]]


def changed(lines: list[str], table: str = "trainee", **values: object) -> list[str]:
    """The first row of a table with other values; None takes a column away."""
    place = next(place for place, line in enumerate(lines) if f'"table": "{table}"' in line)
    entry = json.loads(lines[place])
    for name, value in values.items():
        entry["row"][name] = value
        if value is None:
            del entry["row"][name]
    return [*lines[:place], json.dumps(entry), *lines[place + 1 :]]


DAMAGE: dict[str, Damage] = {
    "bytes that are none": lambda lines: changed(lines, table="private_record", locked={"bytes": "%"}),
    "a time that is none": lambda lines: changed(lines, consented_at={"time": "yesterday"}),
    "a day that is none": lambda lines: changed(lines, table="cohort", training_ended_on={"day": 5}),
    "an object of another kind": lambda lines: changed(lines, zone={"odd": 1}),
    "a list for a word": lambda lines: changed(lines, zone=["Europe/Berlin"]),
    "a column nobody knows": lambda lines: changed(lines, shoe_size=44),
    "a column too few": lambda lines: changed(lines, state=None),
    "a program that is not there": lambda lines: changed(lines, program_id="nowhere"),
    "half a letter": lambda lines: changed(lines, zone="\ud800"),
    "the same row twice": lambda lines: [
        *lines[:3],
        lines[2],
        *lines[3:-1],
        json.dumps({"rows": len(lines) - 1}),
    ],
    "a number of rows that is none": lambda lines: [*lines[:-1], '{"rows": "many"}'],
    "very deep": lambda lines: [lines[0], "[" * 100_000, *lines[1:]],
    "a heading of another kind": lambda lines: ["[1]", *lines[1:]],
    "no line": lambda _lines: [],
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_backup_is_one_line(
    what: str, al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    settle(al)
    backups.backup(al.context, tmp_path / "b", None, REAL)
    refuse(tmp_path, DAMAGE[what], new_house, now)


def test_changed_bytes_anywhere_are_one_line_or_restored(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    settle(al)
    backups.backup(al.context, tmp_path / "b", None, REAL)
    file, chance = tmp_path / "b" / DATABASE_FILE, random.Random(3)  # noqa: S311 - the same damage again
    whole = file.read_bytes()
    for _ in range(8):
        raw = bytearray(whole)
        for _ in range(3):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        file.write_bytes(bytes(raw))
        house = new_house()
        with suppress(UserError):
            backups.restore(house, tmp_path / "b", None, now)
        house.database.close()
        house.vault.close()


def refuse(folder: Path, damage: Damage, new_house: OpenHouse, now: datetime) -> None:
    file = folder / "b" / DATABASE_FILE
    lines = damage(file.read_text(encoding="utf-8").splitlines())
    file.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    house = new_house()
    with pytest.raises(UserError) as refused:
        backups.restore(house, folder / "b", None, now)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200
    assert jsonl.is_empty(house.database)


def test_keys_that_are_not_there_are_asked_for(
    al: Al, new_house: OpenHouse, tmp_path: Path, now: datetime
) -> None:
    backups.backup(al.context, tmp_path / "b", tmp_path / "keys.jsonl", REAL)
    with pytest.raises(
        UserError, match=f"{KEYS_FILE} is not there. Name the file of people's keys with --keys"
    ):
        backups.restore(new_house(), tmp_path / "b", None, now)
