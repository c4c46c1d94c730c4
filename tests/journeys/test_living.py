"""A whole program in whose middle everything happens to the bot that happens in years; nobody notices."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allybot.demo import DemoOptions, autoplay
from allybot.demo.unattended import play
from allybot.store.engine.migrate import is_current
from tests.inbound.test_upgrading import migrations
from tests.journeys.living import Coming, LivingSession, new_key, wait_until
from tests.support import postgres

pytestmark = pytest.mark.trial


def every_process_is_killed(allybot: LivingSession) -> None:
    """While it sends."""
    before = allybot.posts()
    allybot.begin_a_pass()
    wait_until(lambda: allybot.posts() > before)
    allybot.stop(killed=True)
    allybot.start()


def the_secret_key_is_rotated(allybot: LivingSession) -> None:
    """As docs/privacy.md says."""
    old, new = allybot.keys, new_key()
    for keys in (f"{old},{new}", f"{new},{old}"):
        allybot.settings_become(keys=keys)
        allybot.restart_one_after_the_other()
    assert "already" in allybot.types("rotate-keys")
    allybot.settings_become(keys=new)
    allybot.stop()
    allybot.start()


def the_tables_grow_while_the_old_processes_work(allybot: LivingSession) -> None:
    """As docs/upgrading.md says: `allybot migrate` of the newer version first."""
    allybot.later = migrations(allybot.folder / "later", "0002_expand.py")
    allybot.begin_a_pass()
    assert "up to date" in allybot.types("migrate")
    allybot.end_the_pass()


def the_processes_are_those_of_the_newer_version(allybot: LivingSession) -> None:
    assert is_current(allybot.allybot.context.database, "database", allybot.later)
    allybot.restart_one_after_the_other()


class Places:
    """The databases it is moved to."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self.database, self.vault, self.anew = (make(each) for each in ("moved", "movedvault", "anew"))

    def it_is_moved_to_postgresql(self, allybot: LivingSession) -> None:
        """As docs/move.md says, with a backup at once."""
        allybot.stop()
        new = ("--to", self.database, "--vault-to", self.vault)
        said = allybot.types("database", "move", *new, "--stopped")  # one was killed, maybe a moment ago
        assert "every table was compared" in said
        allybot.settings_become(database=self.database, vault=self.vault)
        allybot.start()
        daily_backup(allybot)
        drilled = allybot.types(
            "restore-drill", f"{allybot.folder}/backups", "--keys", f"{allybot.folder}/elsewhere"
        )
        assert "This backup can be relied on" in drilled

    def the_database_is_lost_and_restored(self, allybot: LivingSession) -> None:
        """As docs/worst-days.md says, from a backup made before today's check-ins were sent."""
        backup, keys = daily_backup(allybot)
        before = allybot.posts()
        allybot.begin_a_pass()
        allybot.end_the_pass()
        assert allybot.posts() > before + 2
        allybot.stop(killed=True)
        with postgres.admin_connection(self.database) as run:
            run("DROP SCHEMA public CASCADE")
        allybot.settings_become(database=self.anew)
        said = allybot.types("restore", str(backup), "--keys", str(keys))
        assert "rows are back" in said
        allybot.start()


def daily_backup(allybot: LivingSession) -> tuple[Path, Path]:
    """Today's backup, and its file of keys."""
    folder, elsewhere = allybot.folder / "backups", allybot.folder / "elsewhere"
    allybot.types("daily-backup", str(folder), "--keys", str(elsewhere))
    return max(folder.iterdir()), max(elsewhere.iterdir())


def as_told(report: Any) -> dict[str, Any]:
    """What does not depend on the seconds it took, or on the noise."""
    told: dict[str, Any] = report.as_json() | {"seconds": 0}
    exact = (
        "window",
        "state",
        "published_on",
        "invited",
        "respondents",
    )  # the rest is made of noised figures
    told["releases"] = [{name: each[name] for name in exact} for each in told["releases"]]
    return told


@pytest.mark.timeout(900)  # a quiet machine needs a fifth of it
def test_a_program_is_told_as_if_nothing_had_happened(
    tmp_path: Path, postgres_database: Callable[[str], str]
) -> None:
    places = Places(postgres_database)
    to_come = [
        Coming(date(2026, 1, 20), every_process_is_killed, while_sending=True),
        Coming(date(2026, 1, 23), the_secret_key_is_rotated),
        Coming(date(2026, 1, 27), the_tables_grow_while_the_old_processes_work, while_sending=True),
        Coming(date(2026, 1, 29), the_processes_are_those_of_the_newer_version),
        Coming(date(2026, 2, 5), places.it_is_moved_to_postgresql),
        Coming(date(2026, 2, 10), places.the_database_is_lost_and_restored, while_sending=True),
    ]
    options = DemoOptions(port=0, browser=False)
    session = LivingSession(options, tmp_path, list(to_come))
    told = as_told(play(session, options))
    assert session.happened == to_come
    assert told["check_ins"]["lost"] == told["check_ins"]["duplicated"] == 0
    assert [each["state"] for each in told["releases"]] == ["published", "published"]
    assert told == as_told(autoplay(options))
