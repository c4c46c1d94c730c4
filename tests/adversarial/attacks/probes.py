"""Observes a run from inside: log lines and writes, with threads and ids made deterministic."""

# ruff: noqa: S311 - both runs need the same ids

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import event

import allybot.app
import allybot.demo.session as demo_session
import allybot.services.context as context_module
from allybot.services.context import Context
from allybot.slack_app import background
from tests.adversarial.attacks.normalise import ABOUT_WORKERS, Recording

SEED = 5
_AS_OFTEN_AS_THE_MACHINE_SAYS = "DELETE channel_budget"
"""Limits of posts that ran out are deleted at times of the machine's clock, and compared as rows."""


class _SeededIds:
    """Replaces `secrets` for new ids and the demo's key, which makes ids, too.

    Messages due at the same time are sent in the order of ids.
    """

    def __init__(self) -> None:
        self._rng = random.Random(SEED)

    def token_hex(self, size: int) -> str:
        """The next id."""
        return self._rng.randbytes(size).hex()


@contextmanager
def deterministic() -> Iterator[None]:
    """One listener and one post at a time, ids from a seed, presence cached for the whole run.

    No claim is renewed meanwhile, since that is written as often as the machine's clock says.
    """
    before = demo_session.DELIVERY_RULES, allybot.app.LISTENER_THREADS, background.THREADS
    modules = (context_module, demo_session)
    drawn = [vars(module)["secrets"] for module in modules]
    whole_run = timedelta(hours=9)
    demo_session.DELIVERY_RULES = replace(
        demo_session.DELIVERY_RULES, threads=2, presence=whole_run, lease=whole_run
    )
    allybot.app.LISTENER_THREADS = background.THREADS = 1
    for module in modules:
        vars(module)["secrets"] = _SeededIds()
    try:
        yield
    finally:
        demo_session.DELIVERY_RULES, allybot.app.LISTENER_THREADS, background.THREADS = before
        for module, before_us in zip(modules, drawn, strict=True):
            vars(module)["secrets"] = before_us


@contextmanager
def captured_logs(recording: Recording) -> Iterator[None]:
    """Record log lines: all of allybot's, and of other loggers those from INFO."""
    handler = _LogHandler(recording)
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


class _LogHandler(logging.Handler):
    def __init__(self, recording: Recording) -> None:
        super().__init__(logging.DEBUG)
        self._recording = recording

    def emit(self, record: logging.LogRecord) -> None:
        self._recording.line(record)


@contextmanager
def counted_writes(context: Context, recording: Recording) -> Iterator[None]:
    """Count INSERT, UPDATE and DELETE by table, on both databases."""
    counted = recording.writes

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        words = statement.split()
        if not words or words[0].upper() not in {"INSERT", "UPDATE", "DELETE"}:
            return
        table = words[2] if words[1].upper() in {"INTO", "FROM"} else words[1]
        what = f"{words[0].upper()} {table}"
        if table not in ABOUT_WORKERS and what != _AS_OFTEN_AS_THE_MACHINE_SAYS:
            counted[what] += 1

    engines = (context.database.engine, context.vault.engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", count)
