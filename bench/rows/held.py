"""What claiming messages costs while a transaction elsewhere holds on to every old version of their rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bench.measured_row import Row
from bench.options import Options
from bench.rows.sending import filled
from bench.surroundings import Lines, Surroundings

NAME = "claiming while a transaction is held open"
_BAR = 1.2
_WORKSPACES = 10
_PATIENCE_SECONDS = 1200


def rows(around: Surroundings, options: Options) -> Iterator[Row]:
    """PostgreSQL keeps what an open transaction may still read, so that dead rows pile up in the outbox."""
    many = _WORKSPACES * options.held_messages
    urls = filled(around, "held", many, _WORKSPACES)
    slack = around.slack()
    worker = around.lines("bench.processes.sending", *urls, slack.api_url)
    worker.ask("queue", many)
    worker.ask("send", _PATIENCE_SECONDS)  # asks Slack about everybody
    held, free = [], []
    for _ in range(max(1, options.rounds - 1)):
        _prepare(worker, urls[0])
        free.append(worker.ask("send", _PATIENCE_SECONDS)["claim_ms"])
        _prepare(worker, urls[0])
        with _transaction(urls[0]):
            held.append(worker.ask("send", _PATIENCE_SECONDS)["claim_ms"])
    case = f"{many:,} messages of {_WORKSPACES} workspaces, PostgreSQL"
    yield Row(NAME, "none is held", case, "ms", held, free, _BAR)


def _prepare(worker: Lines, url: str) -> None:
    worker.ask("again")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


@contextmanager
def _transaction(url: str) -> Iterator[None]:
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT count(*) FROM outbox")
        yield
        connection.rollback()
