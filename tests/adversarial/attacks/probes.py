"""Watching a life from inside: log lines, writes and threads in order, so that two lives can be compared."""

# ruff: noqa: S311 - the same ids in two lives are the point

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import event

import allybot.app
import allybot.demo.session as stage
import allybot.services.context as ids_made
from allybot.services.context import Context
from allybot.slack_app import background
from tests.adversarial.attacks.normalise import Recording

SEED = 5


class _SameIds:
    """In place of `secrets` where ids are made: what is due at one moment is sent in the order of ids."""

    def __init__(self) -> None:
        self._chance = random.Random(SEED)

    def token_hex(self, size: int) -> str:
        """The next id."""
        return self._chance.randbytes(size).hex()


@contextmanager
def one_thread() -> Iterator[None]:
    """One listener and one post at a time, ids from a seed; who is present is believed for the whole run."""
    before = stage.DELIVERY_RULES, allybot.app.LISTENER_THREADS, background.THREADS
    random_ids = vars(ids_made)["secrets"]
    stage.DELIVERY_RULES = replace(stage.DELIVERY_RULES, threads=2, presence=timedelta(hours=9))
    allybot.app.LISTENER_THREADS = background.THREADS = 1
    vars(ids_made)["secrets"] = _SameIds()
    try:
        yield
    finally:
        stage.DELIVERY_RULES, allybot.app.LISTENER_THREADS, background.THREADS = before
        vars(ids_made)["secrets"] = random_ids


@contextmanager
def listening(recording: Recording) -> Iterator[None]:
    """Keep every log line: all of allybot's, and from others what would be shown."""
    handler = _Lines(recording)
    root, own = logging.getLogger(), logging.getLogger("allybot")
    before = root.level, own.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    own.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        own.setLevel(before[1])


class _Lines(logging.Handler):
    def __init__(self, recording: Recording) -> None:
        super().__init__(logging.DEBUG)
        self._recording = recording

    def emit(self, record: logging.LogRecord) -> None:
        self._recording.line(record)


@contextmanager
def counting(context: Context, recording: Recording) -> Iterator[None]:
    """Count INSERT, UPDATE and DELETE by table, on both databases."""
    counted = recording.writes

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        words = statement.split()
        if words and words[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            counted[
                f"{words[0].upper()} {words[2] if words[1].upper() in {'INTO', 'FROM'} else words[1]}"
            ] += 1

    engines = (context.database.engine, context.vault.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", count)
