"""Counts the rows each statement reads, by EXPLAIN while it runs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from allybot.services.context import Context
from allybot.store.engine.database import Database

FEW = {"workspace", "chore", "lead", "installation", "restored", "suppression_key", "alembic_version"}
"""Small tables, which do not grow with people, circles or time."""
_STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
MAX_ROWS = 40
MAX_STEPS = 1500
"""Steps of SQLite's virtual machine; several per row read."""


@dataclass
class Reading:
    """The statements that ran, and those that read whole tables or too many rows."""

    statements: list[str] = field(default_factory=list)
    too_much: list[str] = field(default_factory=list)


@contextmanager
def watched(context: Context) -> Iterator[Reading]:
    """Watch both databases; each statement still runs once."""
    reading = Reading()

    def look(database: Database, connection: Any, statement: str, parameters: Any) -> None:
        if not statement.lstrip().startswith(_STATEMENTS):
            return
        reading.statements.append(statement)
        driver = connection.connection.driver_connection
        explain = _sqlite if database.is_sqlite else _postgresql
        for finding in explain(driver, statement, parameters):
            reading.too_much.append(f"{finding}: {' '.join(statement.split())}")

    listeners = []
    for database in (context.database, context.vault):

        def before(conn, _cursor, statement, parameters, _context, many, of=database) -> None:
            for each in parameters if many else [parameters]:
                look(of, conn, statement, each)

        event.listen(database.engine, "before_cursor_execute", before)
        listeners.append((database.engine, before))
    yield reading
    for engine, before in listeners:
        event.remove(engine, "before_cursor_execute", before)


def _sqlite(driver: Any, statement: str, parameters: Any) -> Iterator[str]:
    for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
        scanned = re.match(r"SCAN (\w+?)(_\d+)?( |$)", row[3])
        if scanned and scanned[1] not in FEW and scanned[1] != "CONSTANT":
            yield row[3]
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    driver.execute("SAVEPOINT looked")
    driver.set_progress_handler(step, 1)
    driver.execute(statement, parameters).fetchall()
    driver.set_progress_handler(None, 1)
    driver.execute("ROLLBACK TO looked")
    driver.execute("RELEASE looked")
    if steps > MAX_STEPS:
        yield f"{steps} steps"


def _postgresql(driver: Any, statement: str, parameters: Any) -> Iterator[str]:
    with driver.cursor() as cursor:
        cursor.execute("SAVEPOINT looked")
        cursor.execute("SET LOCAL enable_seqscan = off")  # few rows are read faster without an index
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        (explained,) = cursor.fetchone()
        cursor.execute("ROLLBACK TO SAVEPOINT looked")
        cursor.execute("RELEASE SAVEPOINT looked")
    nodes = list(_nodes(explained[0]["Plan"]))
    for node in nodes:
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in FEW:
            yield f"Seq Scan on {node['Relation Name']}"
    for trigger in explained[0].get("Triggers", []):
        if trigger["Time"] > 1000:
            yield f"{trigger['Trigger Name']} took {trigger['Time']} ms"
    rows = sum(_rows(node) for node in nodes if "Scan" in node["Node Type"])
    if rows > MAX_ROWS:
        yield f"{rows} rows"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


def _rows(node: dict[str, Any]) -> int:
    """What a scan looked at: rows it gave, and rows it took up in vain."""
    vain = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return round(node["Actual Loops"] * (node["Actual Rows"] + sum(node.get(name, 0) for name in vain)))
