"""The house is what the design says it is."""

import ast
import os
from functools import cache
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from allybot.services.context import Context
from allybot.services.isolation import ScheduledJob
from allybot.services.scheduled import SCHEDULED_JOBS
from allybot.store.tables import ballot, metadata, vote
from allybot.store.vault.vault import vault_metadata
from tests.support.bad_rows import BAD_ROWS

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "allybot").rglob("*.py"))
EMULATOR = sorted((ROOT / "slack_emulator").rglob("*.py"))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """What a module is made of; read once for all tests."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_no_module_is_longer_than_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (*MODULES, *EMULATOR)
        if "versions" not in path.parts  # a migration is written by Alembic: every table in one list
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_slack_web_client_is_used_by_the_gateway_and_at_the_composition_root_only() -> None:
    allowed = {
        "allybot/app.py",
        "allybot/slack/gateway.py",
        "allybot/slack/judging.py",
        "allybot/slack/padding.py",
        "allybot/slack/response_urls.py",
        "allybot/slack/workspace_calls.py",
        "allybot/slack_app/socket_mode.py",
    }
    users = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if any(name == "slack_sdk" or name.startswith("slack_sdk.web") for name in _imports(path))
    }
    assert users <= allowed


def test_bolt_is_used_at_the_edge_only() -> None:
    for path in MODULES:
        place = str(path.relative_to(ROOT / "allybot"))
        if any(name.split(".")[0] == "slack_bolt" for name in _imports(path)):
            assert place.startswith(("handlers/", "slack_app/")) or place == "app.py", place


def test_only_settings_reads_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT / "allybot"))
        for path in MODULES
        if "os.environ" in (text := path.read_text("utf-8")) or "getenv(" in text
    }
    assert readers <= {"settings/__init__.py"}


def test_only_the_outermost_loops_and_the_isolation_of_rows_catch_every_exception() -> None:
    places = [
        str(path.relative_to(ROOT))
        for path in MODULES
        for node in _nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
    ]
    assert sorted(places) == ["allybot/services/isolation.py", "allybot/worker.py"]


def test_what_the_worker_does_as_time_passes_is_done_row_by_row_and_isolated() -> None:
    assert all(type(job) is ScheduledJob for job in SCHEDULED_JOBS), "nothing else has the isolation"
    names = [job.name for job in SCHEDULED_JOBS]
    assert len(names) == len(set(names)), "what is parked is known by its job's name"
    assert set(names) == set(BAD_ROWS), "each has an example of a bad row in tests/support/bad_rows.py"


STORY_WORDS = {"trainees", "plans", "check_ins", "circles", "outcomes", "programs", "delivery", "data"}
SHARED = {
    "handlers": {"commands", "home", "not_enrolled"},
    "services": {"context", "home", "isolation", "leads", "renderers", "scheduled", "working_hours"},
    "prompts": {"blocks", "help", "home", "ids"},
    "store": {"engine", "migrations", "tables", "vault"},
}
"""What is no story's own, by layer."""


@pytest.mark.parametrize("layer", SHARED)
def test_a_story_has_one_word_in_every_layer(layer: str) -> None:
    entries = {
        path.stem
        for path in (ROOT / "allybot" / layer).iterdir()
        if (path.is_dir() or path.suffix == ".py") and not path.name.startswith("__")
    }
    assert entries - SHARED[layer] == STORY_WORDS
    assert SHARED[layer] <= entries


def test_tests_of_a_layer_are_named_by_story() -> None:
    for layer in ("services", "store", "prompts"):
        folders = {path.name for path in (ROOT / "tests" / layer).iterdir() if path.is_dir()}
        assert folders - {"__pycache__", "engine"} <= STORY_WORDS, layer


def _names_a_state(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "TraineeState"
    )


def test_only_the_domain_says_what_several_states_permit() -> None:
    groups = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if path.relative_to(ROOT).as_posix() != "allybot/domain/trainee.py"
        for node in _nodes(path)
        if isinstance(node, ast.Set | ast.Tuple | ast.List) and sum(map(_names_a_state, node.elts)) > 1
    ]
    assert groups == [], "use or add a predicate of domain/trainee.py"


def test_only_apply_event_writes_the_state_of_a_trainee() -> None:
    writers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in _nodes(path)
        if isinstance(node, ast.keyword) and node.arg == "state" and _names_a_state(node.value)
    ]
    assert writers == []
    source = (ROOT / "allybot/store/trainees.py").read_text(encoding="utf-8")
    assert source.count("values(state=") == 1


def test_no_table_that_keeps_answers_has_a_time_a_sequence_or_clear_text() -> None:
    assert {column.name for column in ballot.columns} == {"window_id", "trainee_id", "slot", "sealed"}
    assert {column.name for column in vote.columns} == {"circle_week_id", "trainee_id", "sealed"}
    for table in (ballot, vote):
        assert table.dialect_options["sqlite"]["with_rowid"] is False


def test_every_column_says_what_it_is_for() -> None:
    for tables in (metadata, vault_metadata):
        for table in tables.tables.values():
            for column in table.columns:
                assert column.comment, f"{table.name}.{column.name}"


@pytest.mark.parametrize("part", ["database", "vault"])
def test_the_migrations_make_exactly_the_tables(context: Context, part: str) -> None:
    database, wanted = (context.database, metadata) if part == "database" else (context.vault, vault_metadata)
    with database.reading() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, wanted) == []


def test_no_file_names_a_package_registry_or_a_path_of_the_developers_machine() -> None:
    forbidden = ("pypi" + ".org", "npmjs" + ".org", "python" + "hosted", "/wo" + "rk/")
    caches = {
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        ".import_linter_cache",
        "__pycache__",
    }
    made = {"site", "dist", *(each.name for each in ROOT.glob(".venv*"))}
    skipped = {".git", *made, *caches}  # in a second work tree .git is a file
    read = {".py", ".toml", ".md", ".json", ".js", ".css", ".html", ".yml", ".yaml", ".txt", ""}
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in skipped]
        for name in files:
            path = Path(folder) / name
            if path.suffix in read and name not in skipped and not name.startswith(".coverage"):
                text = path.read_text(encoding="utf-8", errors="ignore")
                assert not [word for word in forbidden if word in text], path
