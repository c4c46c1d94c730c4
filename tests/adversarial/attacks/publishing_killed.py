"""The job that publishes, killed before its every statement and run again; and what old copies are worth.

The attacker here holds every copy of the database ever made, the vault as it is now, and the operator's
secret key. A killed job is a process that ends without a word (`os._exit`) in the middle of its work.
"""

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from allybot.content import load_content
from allybot.crypto import Keyring, unseal
from allybot.domain.plans import Outcome, PlanKind
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.services.data import backups
from allybot.services.outcomes import casting, publishing, summaries, windows
from allybot.store.engine.database import Database
from allybot.store.outcomes import ballots as stored
from allybot.store.tables import ballot, release
from allybot.store.vault.vault import window_key
from tests.adversarial.attacks.databases import SECRET, DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import CLOSED, WORKSPACE, Enrolled, connect, enrol

PEOPLE = 12
KILLED = 9
_MAX_STATEMENTS = 200
_SECONDS = 60


@dataclass
class Draws:
    """What a window's release looked like whenever somebody looked, and how the job fared."""

    kills: int = 0
    second_draws: int = 0
    unpublished: int = 0


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Old copies after publishing, with the vault and with a custodian, and the job killed everywhere."""
    before, after = _old_copies(databases)
    with_key, without = _with_custodian(databases)
    draws = _kill_everywhere(databases, effort)
    again = _again_without_memory(databases)
    restored, at_home = _whole_backup(databases)
    return [
        Finding(
            "after publishing: ballots of every backup opened with all keys left",
            databases.backend,
            after,
            0.0,
            note=f"share opened; {before:.0%} before publishing, so the opening itself works",
        ),
        Finding(
            "control: before publishing, ballots opened with the vault's key",
            databases.backend,
            before,
            1.0,
            ">=",
            "the same attacker one minute earlier",
        ),
        Finding(
            "custodian's copy gone: ballots of every backup opened",
            databases.backend,
            without,
            0.0,
            note=f"share opened; {with_key:.0%} with the custodian's own copy",
        ),
        Finding(
            "a whole backup restored beside an empty vault: ballots opened",
            databases.backend,
            restored,
            0.0,
            note=f"share opened with every key in both files; {at_home:.0%} with the vault they come from",
        ),
        Finding(
            "the publish job killed at each statement: second draws",
            databases.backend,
            draws.second_draws + draws.unpublished,
            0,
            "=",
            f"{draws.kills} kills; a window left unpublished would count too",
        ),
        Finding(
            "database restored from before publishing, job run again: draws",
            databases.backend,
            again,
            0,
            "=",
            "its ballots are back, its key is not",
        ),
    ]


def _filled(context: Context, name: str, key_holder: str = "vault") -> Enrolled:
    return enrol(context, name, PEOPLE, steps=(3,), key_holder=key_holder)


def _answer(context: Context, enrolled: Enrolled) -> None:
    with context.database.transaction() as tx:
        for index, person in enumerate(enrolled.people):
            outcome = list(Outcome)[index % len(Outcome)]
            casting.cast(context, tx, enrolled.windows["1-6"], person.id, 3, outcome, PlanKind.FEAR)


def _copies(context: Context, enrolled: Enrolled) -> list[bytes]:
    """Every envelope of the first window, as a backup holds it."""
    query = select(ballot.c.sealed).where(ballot.c.window_id == enrolled.windows["1-6"])
    with context.database.reading() as tx:
        return list(tx.execute(query).scalars())


def _keys_left(context: Context) -> list[bytes]:
    """Every window key the host can still unwrap."""
    with context.vault.reading() as vault_tx:
        wrapped = list(vault_tx.execute(select(window_key.c.private_wrapped)).scalars())
    return [context.keyring.unwrap(each) for each in wrapped]


def _opened(copies: Sequence[bytes], keys: Sequence[bytes]) -> float:
    return sum(any(_opens(key, each) for key in keys) for each in copies) / len(copies)


def _opens(key: bytes, sealed: bytes) -> bool:
    try:
        unseal(key, sealed)
    except DecryptionError:
        return False
    return True


def _old_copies(databases: DatabaseFactory) -> tuple[float, float]:
    with databases.context() as context:
        connect(context, WORKSPACE)
        enrolled = _filled(context, "Copied")
        _answer(context, enrolled)
        copies = _copies(context, enrolled)
        before = _opened(copies, _keys_left(context))
        summaries.close_due(context, CLOSED)
        return before, _opened(copies, _keys_left(context))


def _with_custodian(databases: DatabaseFactory) -> tuple[float, float]:
    with databases.context() as context:
        connect(context, WORKSPACE)
        enrolled = _filled(context, "Held", windows.CUSTODIAN)
        private, public = windows.keygen()
        windows.hand_in_public_key(context, "Held", "1-6", public)
        _answer(context, enrolled)
        copies = _copies(context, enrolled)
        with context.database.reading() as tx:
            window = stored.window_by_id(tx, enrolled.windows["1-6"])
        if window is None:
            raise AssertionError("the window is gone")
        custodians = windows.private_key_from(private, window)
        summaries.publish_with_key(context, "Held", "1-6", private, CLOSED)
        return _opened(copies, [custodians]), _opened(copies, _keys_left(context))


def _kill_everywhere(databases: DatabaseFactory, effort: Effort) -> Draws:
    """Kill the job before its first statement, its second, and so on until it gets through."""
    draws = Draws()
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload([__name__])
    number, every = 1, effort.of(1, 13)
    while number < _MAX_STATEMENTS:
        database, vault = databases.urls()
        with _opened_context(database, vault) as context:
            connect(context, WORKSPACE)
            enrolled = _filled(context, "Killed")
            _answer(context, enrolled)
            context.database.engine.dispose()
            context.vault.engine.dispose()
            job = start.Process(target=publish_and_die, args=(database, vault, number))
            job.start()
            job.join(_SECONDS)
            seen = [_release(context, enrolled)]
            for _ in range(2):
                summaries.close_due(context, CLOSED)
                seen.append(_release(context, enrolled))
        made = {each for each in seen if each}
        draws.second_draws += max(len(made) - 1, 0)
        draws.unpublished += not seen[-1]
        if job.exitcode == 0:
            return draws
        if job.exitcode != KILLED:
            raise AssertionError(f"the job ended with {job.exitcode}")
        draws.kills += 1
        number += every
        if draws.kills % 10 == 0:
            progress(databases.backend, f"publishing: killed {draws.kills} times")
    raise AssertionError("the job never got through")


class _opened_context:  # noqa: N801 - reads as a context manager
    """A context on these databases, closed afterwards."""

    def __init__(self, database: str, vault: str) -> None:
        self.context = Context(Database(database), Database(vault), Keyring(SECRET), load_content(None))

    def __enter__(self) -> Context:
        return self.context

    def __exit__(self, *_error: object) -> None:
        self.context.database.close()
        self.context.vault.close()


def publish_and_die(database: str, vault: str, number: int) -> None:
    """Publish in a process of its own, which ends just before its `number`th statement or commit."""
    with _opened_context(database, vault) as context:
        left = [number]

        def count(*_arguments: Any) -> None:
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)

        for engine in (context.database.engine, context.vault.engine):
            event.listen(engine, "before_cursor_execute", count)
            event.listen(engine, "commit", count)
        publishing.close_due(context, CLOSED)


def _release(context: Context, enrolled: Enrolled) -> tuple[Any, ...]:
    query = select(release).where(release.c.window_id == enrolled.windows["1-6"]).order_by(release.c.cell)
    with context.database.reading() as tx:
        return tuple(tuple(row) for row in tx.execute(query))


def _again_without_memory(databases: DatabaseFactory) -> int:
    """Publish, then put an older database beside the vault as it is now, and let the job run on it."""
    database, vault = databases.urls()
    older, _ = databases.urls()
    with _opened_context(database, vault) as context:
        connect(context, WORKSPACE)
        enrolled = _filled(context, "Restored")
        _answer(context, enrolled)
        _restore(context, older)
        summaries.close_due(context, CLOSED)
        if not _release(context, enrolled):
            raise AssertionError("nothing was published")
    with _opened_context(older, vault) as context:
        if len(_copies(context, enrolled)) != PEOPLE:
            raise AssertionError("the copy holds no ballots")
        summaries.close_due(context, CLOSED)
        return len(_release(context, enrolled))


def _whole_backup(databases: DatabaseFactory) -> tuple[float, float]:
    """Back up as the operator does, restore both files where nothing was, and open what comes back.

    Returns:
        The share opened with the keys that come with it, and with those of the vault it comes from.
    """
    folder = Path(tempfile.mkdtemp(prefix="allybot-backup-"))
    try:
        with databases.context() as context, databases.context() as restored:
            connect(context, WORKSPACE)
            enrolled = _filled(context, "Backed up")
            _answer(context, enrolled)
            backups.backup(context, folder / "backup", folder / "keys.jsonl", CLOSED)
            backups.restore(restored, folder / "backup", folder / "keys.jsonl", CLOSED)
            copies = _copies(restored, enrolled)
            if len(copies) != PEOPLE:
                raise AssertionError("the backup holds no ballots")
            at_home = _opened(copies, _keys_left(context))
            if at_home < 1:
                raise AssertionError("the opening itself does not work")
            return _opened(copies, _keys_left(restored)), at_home
    finally:
        shutil.rmtree(folder)


def _restore(context: Context, into: str) -> None:
    """Copy every row to another database: what restoring a backup comes to."""
    copy = Database(into)
    with context.database.reading() as tx, copy.transaction() as other:
        for table in ballot.metadata.sorted_tables:
            rows = [dict(row) for row in tx.execute(select(table)).mappings()]
            if rows:
                other.execute(table.insert(), rows)
    copy.close()
