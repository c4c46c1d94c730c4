"""From 0.1.0's schema to a later one while its processes go on, are restarted, and are gone back to."""

import itertools
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

import pytest

from allybot.errors import WrongStateError
from allybot.services.context import Context
from allybot.store.engine.migrate import MIGRATIONS, is_current, migrate_part
from tests.inbound import load_data
from tests.inbound.conftest import WebProcess, soon, status
from tests.inbound.test_alerts import Installation, presses, sent

LATER = Path(__file__).parent.parent / "support" / "later_schema"
PEOPLE = 6


@pytest.fixture
def running(environment: dict[str, str], database_url: str, tmp_path: Path) -> Iterator[Installation]:
    made = Installation(environment, database_url, tmp_path)
    yield made
    made.end()


def migrations(folder: Path, *further: str) -> Path:
    """The migrations of a later version: ours, and these."""
    shutil.copytree(MIGRATIONS, folder)
    for name in further:
        shutil.copy(LATER / name, folder / "database" / "versions")
    return folder


@pytest.mark.timeout(600)  # a quiet machine needs a twentieth of it
def test_its_processes_serve_check_ins_before_meanwhile_and_after(
    running: Installation,
    context: Context,
    start_web: Callable[..., WebProcess],
    tmp_path: Path,
) -> None:
    load_data.settle(context, PEOPLE + 2)
    web = start_web(**running.environment)
    soon(lambda: status(web.port, b"", "GET", "/healthz", {}) == HTTPStatus.OK, 120)
    running.work()
    assert [presses(web, number) for number in range(PEOPLE)] == [200] * PEOPLE
    later = migrations(tmp_path / "later", "0002_expand.py")
    answered: list[int] = []
    migrated = threading.Event()

    def answer_until_it_is_migrated() -> None:
        for turn in itertools.count():
            answered.append(presses(web, turn % PEOPLE, deed=1))
            if turn >= PEOPLE and migrated.wait(0.05):
                return

    with ThreadPoolExecutor(1) as people:
        answering = people.submit(answer_until_it_is_migrated)
        try:
            soon(lambda: len(answered) > 2, 60)
            running.invites(context, PEOPLE)
            migrate_part(context.database, "database", later)
        finally:
            migrated.set()
        answering.result()
    assert is_current(context.database, "database", later)
    assert set(answered) == {200}
    soon(lambda: sent(context) == {f"mwelcome{PEOPLE}"}, 120)  # by the worker from before
    web.process.terminate()
    assert web.process.wait(120) == 0
    running.end()
    running.work()  # 0.1.0 again, on what the later version made
    web = start_web(**running.environment)
    soon(lambda: status(web.port, b"", "GET", "/healthz", {}) == HTTPStatus.OK, 120)
    assert [presses(web, number, deed=2) for number in range(PEOPLE)] == [200] * PEOPLE
    soon(lambda: load_data.effects(context)["check-ins answered"] == 2 * PEOPLE, 60)
    running.invites(context, PEOPLE + 1)
    soon(lambda: sent(context) == {f"mwelcome{PEOPLE}", f"mwelcome{PEOPLE + 1}"}, 120)
    done = load_data.effects(context)
    assert (done["consents"], done["ballots"]) == (PEOPLE, 2 * PEOPLE)


def test_a_version_that_a_contraction_left_behind_says_so(context: Context, tmp_path: Path) -> None:
    migrate_part(context.database, "database", migrations(tmp_path / "expanded", "0002_expand.py"))
    assert is_current(context.database, "database"), "the version before may use what only was added"
    migrate_part(context.database, "database")
    whole = migrations(tmp_path / "contracted", "0002_expand.py", "0003_contract.py")
    migrate_part(context.database, "database", whole)
    with pytest.raises(WrongStateError, match="has the schema of a newer allybot"):
        is_current(context.database, "database")
