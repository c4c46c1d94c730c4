"""The code that shows figures reaches releases and nothing that was not published."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

import allybot
from allybot.domain.anonymity import Tier
from allybot.domain.people import Actor, Program
from allybot.errors import NotALeadError
from allybot.services.context import Context
from allybot.services.outcomes import summaries, windows
from allybot.store.outcomes import ballots
from tests.support import builders

PACKAGE = Path(allybot.__file__).parent
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
FORBIDDEN = (
    "ballot",
    "pooled_ballot",
    "pooled_person",
    "vote",
    "check_in",
    "trainee",
    "private_record",
    "outbox",
    "circle",
    "window_key",
    "person_key",
)


class Touched(AssertionError):
    """A table was read or written that must not be."""


@contextmanager
def only_published(context: Context) -> Iterator[None]:
    """Every statement that names another table than those of releases fails."""

    def refuse(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        words = set(statement.replace(".", " ").replace(",", " ").replace("(", " ").split())
        if words & set(FORBIDDEN):
            raise Touched(statement)

    engines = (context.database.engine, context.vault.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", refuse)


@pytest.fixture
def program(context: Context) -> Program:
    """A program whose first window was published."""
    with context.database.transaction() as tx:
        builders.workspace(tx)
        made = builders.program(tx, context, leads=("ULEAD",), created_at=NOW)
        first = ballots.windows_of(tx, "program")[0]
        ballots.add_release(tx, first.id, ballots.Published({"acted": 9}, Tier.S, 1000, 12, 14, NOW.date()))
        ballots.set_window(tx, first.id, state="published", published_on=date(2026, 2, 27))
    return made


def test_the_guard_itself_fails_when_a_ballot_is_read(context: Context) -> None:
    with only_published(context), pytest.raises(Touched), context.database.reading() as tx:
        ballots.count_respondents(tx, "window")


def test_no_way_to_a_summary_touches_more_than_releases(context: Context, program: Program) -> None:
    with only_published(context):
        (seen,) = summaries.summary(context, Actor("T1", "ULEAD"), NOW)
        assert summaries.summary_for_program(context, program.name, None, NOW) == seen
        assert summaries.summaries(context) == [seen]
        with pytest.raises(NotALeadError):
            summaries.summary(context, Actor("T1", "U1"), NOW)
    assert [status.name for status in windows.show(context, program.name)] == ["1-6", "7-13"]
    assert seen.releases[0].respondents == 12


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


@pytest.mark.parametrize("module", ["store/outcomes/ballots.py", "services/outcomes/casting.py"])
def test_ballots_know_neither_people_nor_plans(module: str) -> None:
    known = imports_of(PACKAGE / module)
    assert not known & {
        "allybot.store.trainees",
        "allybot.store.plans.private_records",
        "allybot.domain.people",
    }


def test_reports_are_made_of_figures_alone() -> None:
    for path in (PACKAGE / "reports").glob("*.py"):
        assert not any(name.startswith(("allybot.store", "allybot.services")) for name in imports_of(path))
