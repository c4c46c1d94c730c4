"""Somebody asks to be forgotten: in an open window, after it was published, before a backup comes back.

The attacker has every file of the database as it stands afterwards, every copy made before, the vault as it
is now and the operator's secret key, and looks for the person's ids, envelopes and words, and for any change
of the published figures that would tell what was taken out.
"""

import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from allybot.crypto import Keyring, unlock_bytes
from allybot.domain.plans import Outcome
from allybot.errors import DecryptionError
from allybot.services.context import Context
from allybot.services.data import backups, erasure, forget_me
from allybot.services.outcomes import summaries
from allybot.store import tables
from allybot.store.engine.database import Database
from allybot.store.outcomes import ballots
from allybot.store.vault.vault import erased, person_key, vault_metadata
from tests.adversarial.attacks.databases import SECRET, DatabaseFactory, Effort
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import (
    CLOSED,
    NOW,
    WORKSPACE,
    Enrolled,
    Person,
    answer,
    connect,
    enrol,
)

PEOPLE = 12
BETWEEN = NOW + timedelta(days=70)
"""The first window has closed, the second is open."""


def attack(databases: DatabaseFactory, _effort: Effort) -> list[Finding]:
    """What is left of a forgotten person, and whether figures reveal them."""
    open_left, respondents = _while_open(databases)
    closed_left, changed = _after_publishing(databases)
    back, readable, before = _from_backup(databases)
    return [
        Finding(
            "forget-me during an open window: rows, keys, bytes and words of theirs left",
            databases.backend,
            open_left,
            0,
            "=",
            "every table of both databases, every file of SQLite, the person's words with every key left",
        ),
        Finding(
            "forget-me during an open window: respondents published without them",
            databases.backend,
            respondents,
            PEOPLE - 1,
            "=",
            f"of {PEOPLE} who had answered",
        ),
        Finding(
            "forget-me after the window: rows, keys, bytes and words of theirs left",
            databases.backend,
            closed_left,
            0,
            "=",
            "as above",
        ),
        Finding(
            "forget-me after the window: views of the release that changed",
            databases.backend,
            changed,
            0,
            "=",
            "summaries before and after, subtracted",
        ),
        Finding(
            "forget-me and a restored backup: rows and keys of theirs that came back",
            databases.backend,
            back,
            0,
            "=",
            "the backup was made before they asked; the vault is the one of now",
        ),
        Finding(
            "forget-me and an old copy: the person's words opened with every key left",
            databases.backend,
            readable,
            0.0,
            note=f"share opened; {before:.0%} before they asked, so the opening itself works",
        ),
    ]


def answered(context: Context) -> Enrolled:
    connect(context, WORKSPACE)
    enrolled = enrol(context, "Forgetting", PEOPLE)
    for person in enrolled.people:
        answer(context, person, 3, Outcome.ACTED)
    return enrolled


def _forget(context: Context, person: Person) -> None:
    forget_me.forget(context, person.actor)
    if not erasure.wipe(context):
        raise AssertionError("somebody was reading")


def _while_open(databases: DatabaseFactory) -> tuple[int, int]:
    with databases.context() as context:
        enrolled = answered(context)
        leaver = enrolled.people[0]
        envelopes, words = _envelopes(context, leaver), _locked(context, leaver)
        _forget(context, leaver)
        left = _left_of(context, leaver, [*envelopes, *words], words)
        summaries.close_due(context, BETWEEN)
        # Leads read "nearly all of them" here, so the number comes from the table.
        with context.database.reading() as tx:
            made = ballots.release_by_window(tx, enrolled.windows["1-6"])
        return left, made.respondents if made else 0


def _after_publishing(databases: DatabaseFactory) -> tuple[int, int]:
    with databases.context() as context:
        enrolled = answered(context)
        for person in enrolled.people:
            answer(context, person, 56, Outcome.FORGOT)
        summaries.close_due(context, BETWEEN)
        seen = _shown(context, enrolled, BETWEEN)
        leaver = enrolled.people[0]
        words = _locked(context, leaver)
        envelopes = _envelopes(context, leaver)
        _forget(context, leaver)
        changed = int(_shown(context, enrolled, BETWEEN) != seen)
        summaries.close_due(context, CLOSED)
        changed += int(_shown(context, enrolled, CLOSED)[:1] != seen[:1])
        return _left_of(context, leaver, [*envelopes, *words], words), changed


def _from_backup(databases: DatabaseFactory) -> tuple[int, float, float]:
    """What comes back of somebody forgotten since, and how much of an old copy of their words can be read."""
    database, vault = databases.urls()
    empty, _ = databases.urls()
    folder = Path(tempfile.mkdtemp(prefix="allybot-backup-"))
    contexts = [
        Context(Database(url), Database(vault), Keyring(SECRET), databases.content)
        for url in (database, empty)
    ]
    try:
        context, restored = contexts
        enrolled = answered(context)
        leaver = enrolled.people[0]
        words = _locked(context, leaver)
        before = _opened(context, words)
        backups.backup(context, folder / "backup", folder / "keys.jsonl", NOW)
        _forget(context, leaver)
        backups.restore(restored, folder / "backup", folder / "keys.jsonl", NOW)
        stayed = _rows_naming(restored, enrolled.people[1])
        if not stayed:
            raise AssertionError("nothing was restored")
        return _rows_naming(restored, leaver), _opened(restored, words), before
    finally:
        shutil.rmtree(folder)
        for each in contexts:
            each.database.close()
            each.vault.close()


def _left_of(context: Context, person: Person, pieces: Iterable[bytes], words: list[bytes]) -> int:
    left = _rows_naming(context, person) + round(_opened(context, words) * len(words))
    if context.database.is_sqlite:
        written = _files(context.database) + _files(context.vault)
        left += sum(written.count(piece) for piece in pieces)
        left += _files(context.database).count(person.id.encode())
    return left


def _rows_naming(context: Context, person: Person) -> int:
    """Rows with the person's random id or Slack id; the erasure's own record, an id, is kept."""
    found = 0
    for database, metadata in ((context.database, tables.metadata), (context.vault, vault_metadata)):
        with database.reading() as tx:
            for table in metadata.sorted_tables:
                if table is not erased:
                    rows = tx.execute(select(table)).all()
                    names = (person.id, person.actor.slack_user)
                    found += sum(
                        any(value in names or _within(names, value) for value in row) for row in rows
                    )
    return found


def _within(names: tuple[str, str], value: object) -> bool:
    return isinstance(value, str) and names[0] in value


def _envelopes(context: Context, person: Person) -> list[bytes]:
    query = select(tables.ballot.c.sealed).where(tables.ballot.c.trainee_id == person.id)
    with context.database.reading() as tx:
        return list(tx.execute(query).scalars())


def _locked(context: Context, person: Person) -> list[bytes]:
    """The private record with the plan and its earlier wording, encrypted as in a copy of the database."""
    record = tables.private_record
    with context.database.reading() as tx:
        return list(tx.execute(select(record.c.locked).where(record.c.trainee_id == person.id)).scalars())


def _opened(context: Context, locked: list[bytes]) -> float:
    """The share of these words that some key in the vault opens."""
    with context.vault.reading() as vault_tx:
        wrapped = list(vault_tx.execute(select(person_key.c.key_wrapped)).scalars())
    keys = [context.keyring.unwrap(each) for each in wrapped]
    return sum(any(_opens(key, each) for key in keys) for each in locked) / len(locked)


def _opens(key: bytes, locked: bytes) -> bool:
    try:
        return bool(unlock_bytes(key, locked))
    except DecryptionError:
        return False


def _shown(context: Context, enrolled: Enrolled, now: datetime) -> list[str]:
    (shown,) = summaries.summary(context, enrolled.lead, now)
    return [repr(release) for release in shown.releases]


def _files(database: Database) -> bytes:
    path = Path(str(database.engine.url.database))
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
