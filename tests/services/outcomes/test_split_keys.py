"""A window's key in two parts: neither opens an answer, both together publish once."""

import multiprocessing
import os
from typing import Any

import pytest
from sqlalchemy import event, select

from allybot.content import load_content
from allybot.crypto import Keyring, unseal
from allybot.domain.plans import Outcome
from allybot.domain.windows import WindowState
from allybot.errors import DecryptionError, UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.outcomes import summaries, windows
from allybot.services.outcomes.split_keys import CUSTODIANS, HOSTS, SplitKey, hand_in_split, joined, split
from allybot.store.engine.database import Database
from allybot.store.tables import ballot
from tests.conftest import SECRET
from tests.services.outcomes.test_summaries import (
    AFTER,
    answer,
    count,
    enrol,
    set_up,
    stored_release,
    vault_key,
    window_of,
)

PROGRAM, WINDOW = "Allies 2026", "1-6"
KILLED = 9


def split_window(context: Context, people: int = 12) -> SplitKey:
    """A window whose key is split, with an answer of each person."""
    set_up(context, key_holder=windows.CUSTODIAN)
    made = split()
    hand_in_split(context, PROGRAM, WINDOW, made.public, made.hosts_part)
    for trainee in enrol(context, people):
        answer(context, trainee, Outcome.ACTED)
    return made


def publish(context: Context, part: str) -> WindowState:
    return summaries.publish_with_key(context, PROGRAM, WINDOW, part, AFTER)


def sealed(context: Context) -> list[bytes]:
    with context.database.reading() as tx:
        return list(tx.execute(select(ballot.c.sealed)).scalars())


def opens(key: bytes, envelope: bytes) -> bool:
    try:
        unseal(key, envelope)
    except DecryptionError:
        return False
    return True


def test_neither_part_opens_an_answer_and_both_together_open_each(context: Context) -> None:
    made = split_window(context)
    hosts = vault_key(context)
    assert hosts
    whole = joined(context, made.custodians_part, window_of(context))
    custodians = bytes(left ^ right for left, right in zip(whole, hosts, strict=True))
    envelopes = sealed(context)
    assert len(envelopes) == 12
    assert [opens(hosts, each) for each in envelopes] == [False] * 12
    assert [opens(custodians, each) for each in envelopes] == [False] * 12
    assert [opens(whole, each) for each in envelopes] == [True] * 12


def test_a_split_window_waits_for_the_custodian_and_is_published_once_with_both(context: Context) -> None:
    made = split_window(context)
    assert [status.key for status in windows.show(context, PROGRAM)] == [
        "split: vault and custodian",
        "missing",
    ]
    assert summaries.close_due(context, AFTER) == 0
    assert window_of(context).state is WindowState.CLOSED
    assert publish(context, made.custodians_part) is WindowState.PUBLISHED
    assert count(context, "ballot") == 0
    assert vault_key(context) is None
    with pytest.raises(WrongStateError, match="once"):
        publish(context, made.custodians_part)


def test_a_wrong_or_missing_part_opens_nothing_and_says_which_it_is(context: Context) -> None:
    made, other = split_window(context), split()
    summaries.close_due(context, AFTER)
    damaged = made.custodians_part[:-3] + ("AA=" if made.custodians_part[-3:] != "AA=" else "BB=")
    wrong = {
        other.custodians_part: "another window",
        made.hosts_part: "begins with allybot-private-",
        CUSTODIANS: "begins with allybot-custodian-part-",
        f"{CUSTODIANS}AAAA": "begins with allybot-custodian-part-",
        damaged: "another window|begins with",
        "": "begins with allybot-private-",
        windows.keygen()[0]: "does not belong",
    }
    for part, said in wrong.items():
        with pytest.raises(UserError, match=said) as refused:
            publish(context, part)
        secret = part.removeprefix(CUSTODIANS).removeprefix(HOSTS)
        assert len(secret) < 8 or secret not in str(refused.value)
    assert window_of(context).state is WindowState.CLOSED
    assert count(context, "ballot") == 12


def test_a_vault_without_its_part_says_so_and_nothing_is_lost(context: Context) -> None:
    set_up(context, key_holder=windows.CUSTODIAN)
    made = split()
    windows.hand_in_public_key(context, PROGRAM, WINDOW, made.public)
    for trainee in enrol(context, 12):
        answer(context, trainee, Outcome.ACTED)
    with pytest.raises(UserError, match="vault holds no part"):
        publish(context, made.custodians_part)
    assert count(context, "ballot") == 12


def test_a_hosts_part_that_does_not_belong_to_the_public_key_is_not_taken(context: Context) -> None:
    set_up(context, key_holder=windows.CUSTODIAN)
    made, other = split(), split()
    for public, part in (
        (made.public, other.hosts_part),
        (made.public, made.custodians_part),
        (made.hosts_part, made.hosts_part),
    ):
        with pytest.raises(UserError):
            hand_in_split(context, PROGRAM, WINDOW, public, part)
    assert vault_key(context) is None
    hand_in_split(context, PROGRAM, WINDOW, made.public, made.hosts_part)
    with pytest.raises(WrongStateError, match="key already"):
        hand_in_split(context, PROGRAM, WINDOW, other.public, other.hosts_part)
    assert joined(context, made.custodians_part, window_of(context))


def test_few_answers_are_destroyed_without_the_custodian_and_the_hosts_part_with_them(
    context: Context,
) -> None:
    split_window(context, people=3)
    assert summaries.close_due(context, AFTER) == 1
    assert window_of(context).state is WindowState.VOID
    assert vault_key(context) is None


def publish_and_die(database_url: str, vault_url: str, part: str, number: int) -> None:
    """Publish in a process of its own, which ends just before its `number`th statement or commit."""
    database, vault = Database(database_url), Database(vault_url)
    left = [number]

    def step(*_arguments: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os._exit(KILLED)

    for engine in (database.engine, vault.engine):
        event.listen(engine, "before_cursor_execute", step)
        event.listen(engine, "commit", step)
    publish(Context(database, vault, Keyring(SECRET), load_content(), seed="tests"), part)


def test_killed_anywhere_while_it_publishes_it_is_published_exactly_once(
    context: Context, database_url: str, vault_url: str
) -> None:
    made = split_window(context)
    start = multiprocessing.get_context("forkserver")
    start.set_forkserver_preload([__name__])
    releases, kills, number = [], 0, 1
    while stored_release(context) is None:
        context.database.engine.dispose()
        context.vault.engine.dispose()
        job = start.Process(
            target=publish_and_die, args=(database_url, vault_url, made.custodians_part, number)
        )
        job.start()
        job.join(60)
        assert job.exitcode in {0, KILLED}
        kills += job.exitcode == KILLED
        number += 4
    releases.append(stored_release(context))
    assert kills > 2
    for _ in range(2):
        summaries.close_due(context, AFTER)  # the worker ends what a killed command left
        releases.append(stored_release(context))
    assert releases == [releases[0]] * 3
    assert count(context, "ballot") == 0
    assert vault_key(context) is None
    with pytest.raises(WrongStateError, match="once"):
        publish(context, made.custodians_part)
