"""ALLYBOT_SECRET_KEY is rotated while an old and a new process run, on SQLite and PostgreSQL."""

import dataclasses
import threading
from datetime import datetime

import pytest
from sqlalchemy import select, update

from allybot.crypto import Keyring
from allybot.errors import DecryptionError, SettingsError
from allybot.services.context import Context
from allybot.services.data import forget_me, key_rotation
from allybot.services.data.key_rotation import Wraps
from allybot.services.plans import plans
from allybot.services.programs import enrolment, workspaces
from allybot.services.programs.directory import Enrolee
from allybot.services.trainees import consent
from allybot.store.programs.workspaces import save_workspace
from allybot.store.vault.vault import person_key, private_key_of, window_key
from tests.conftest import SECRET
from tests.support.full_trainee import AL, CUE, Al, full_trainee, on_disk

FRESH = "another test secret and quite long"


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


def knowing(context: Context, secrets: str) -> Context:
    return dataclasses.replace(context, keyring=Keyring(secrets))


def reads_everything(context: Context, al: Al) -> bool:
    (plan,) = plans.book(context, AL).active
    with context.vault.reading() as vault_tx:
        private = private_key_of(vault_tx, context.keyring, al.window_id)
    return (
        plan.intention.cue == CUE and private is not None and workspaces.token_of(context, "T1") == "xoxb-1"
    )


def test_everything_is_wrapped_with_the_first_key_and_counted(al: Al) -> None:
    new = knowing(al.context, f"{FRESH},{SECRET}")
    assert key_rotation.wraps(new) == Wraps(newest=0, older=8, unreadable=0)
    found = {each.what: (each.anew, each.already, each.unreadable) for each in key_rotation.rotate(new)}
    assert found == {
        "tokens": (1, 0, 0),
        "texts for circles": (1, 0, 0),
        "deeds": (1, 0, 0),
        "suggestions": (0, 0, 0),
        "own scenarios": (0, 0, 0),
        "role models' stories": (0, 0, 0),
        "personal keys": (2, 0, 0),
        "window keys": (3, 0, 0),
        "suppression key": (0, 0, 0),
    }
    assert key_rotation.wraps(new) == Wraps(newest=8, older=0, unreadable=0)
    assert reads_everything(knowing(al.context, FRESH), al)
    with pytest.raises(DecryptionError):
        knowing(al.context, SECRET).personal_key(al.trainee.id)


def test_doing_it_again_changes_nothing(al: Al) -> None:
    new = knowing(al.context, f"{FRESH},{SECRET}")
    key_rotation.rotate(new)
    found = key_rotation.rotate(new)
    assert sum(each.anew for each in found) == 0
    assert [each.already for each in found if each.already] == [1, 1, 1, 2, 3]


def test_the_old_and_the_new_process_work_meanwhile(al: Al, now: datetime) -> None:
    old, new = knowing(al.context, f"{SECRET},{FRESH}"), knowing(al.context, f"{FRESH},{SECRET}")
    stop, troubles = threading.Event(), []

    def work(context: Context) -> None:
        while not stop.is_set():
            try:
                assert reads_everything(context, al)
            except (AssertionError, DecryptionError) as trouble:
                troubles.append(trouble)

    workers = [threading.Thread(target=work, args=(context,)) for context in (old, new)]
    for worker in workers:
        worker.start()
    enrolment.enrol(old, al.program.id, [Enrolee("UNEW", "New", "UTC", "en-GB")], now)
    for _ in range(5):
        key_rotation.rotate(new)
        key_rotation.rotate(old)
    key_rotation.rotate(new)
    stop.set()
    for worker in workers:
        worker.join()
    assert troubles == []
    assert reads_everything(knowing(al.context, FRESH), al)


def test_what_an_old_process_makes_meanwhile_is_found_by_the_next_run(al: Al, now: datetime) -> None:
    old, new = knowing(al.context, f"{SECRET},{FRESH}"), knowing(al.context, f"{FRESH},{SECRET}")
    key_rotation.rotate(new)
    enrolment.enrol(old, al.program.id, [Enrolee("UNEW", "New", "UTC", "en-GB")], now)
    consent.start(new, dataclasses.replace(AL, slack_user="UNEW"), now)
    assert key_rotation.wraps(new).older == 1
    assert sum(each.anew for each in key_rotation.rotate(new)) == 1


def test_a_key_that_was_erased_meanwhile_stays_erased(al: Al) -> None:
    forget_me.forget(al.context, AL)
    key_rotation.rotate(knowing(al.context, f"{FRESH},{SECRET}"))
    with al.context.vault.reading() as vault_tx:
        owners = set(vault_tx.execute(select(person_key.c.trainee_id)).scalars())
    assert al.trainee.id not in owners


def test_what_none_of_the_keys_opens_is_counted_and_left(al: Al) -> None:
    stranger = knowing(al.context, "a third test secret quite long")
    with al.context.vault.reading() as vault_tx:
        before = vault_tx.execute(select(window_key)).all()
    assert sum(each.unreadable for each in key_rotation.rotate(stranger)) == 8
    with al.context.vault.reading() as vault_tx:
        assert vault_tx.execute(select(window_key)).all() == before


def test_the_old_wraps_leave_the_disk(al: Al) -> None:
    if not al.context.vault.is_sqlite:
        pytest.skip("PostgreSQL's files hold other databases too")
    with al.context.vault.reading() as vault_tx:
        wraps = list(vault_tx.execute(select(window_key.c.private_wrapped)).scalars())
    assert all(wrap in on_disk(al.context) for wrap in wraps)
    key_rotation.rotate(knowing(al.context, f"{FRESH},{SECRET}"))
    assert not any(wrap in on_disk(al.context) for wrap in wraps)


def test_a_key_that_opens_nothing_is_refused_with_what_to_do(al: Al) -> None:
    stranger = knowing(al.context, "a third practice secret quite long")
    with pytest.raises(SettingsError, match="by none of the keys"):
        key_rotation.check_key(stranger)
    assert key_rotation.wraps(stranger) == Wraps(newest=0, older=0, unreadable=8)


def test_a_key_that_opens_no_token_is_refused_where_there_is_nothing_else(context: Context) -> None:
    with context.database.transaction() as tx:
        token = context.keyring.wrap(b"xoxb-1")
        save_workspace(tx, "T1", name="A", bot_user="B", state="active", token_wrapped=token)
    key_rotation.check_key(context)
    with pytest.raises(SettingsError):
        key_rotation.check_key(knowing(context, "a third practice secret quite long"))


def test_any_key_will_do_while_nothing_is_stored(context: Context) -> None:
    key_rotation.check_key(knowing(context, "a third practice secret quite long"))


def test_a_mixture_is_no_wrong_key(al: Al) -> None:
    """In the midst of a rotation, and where one key is damaged."""
    key_rotation.check_key(knowing(al.context, f"a new practice secret of ours,{SECRET}"))
    with al.context.vault.transaction() as vault_tx:
        mine = person_key.c.trainee_id == al.trainee.id
        vault_tx.execute(update(person_key).where(mine).values(key_wrapped=bytes(72)))
    key_rotation.check_key(al.context)
    assert key_rotation.wraps(al.context) == Wraps(newest=7, older=0, unreadable=1)


def test_a_token_wrapped_anew_with_a_wrong_key_does_not_hide_that_it_is_wrong(al: Al) -> None:
    stranger = knowing(al.context, "a third practice secret quite long")
    workspaces.connect(stranger, "T1", "Practice", "B1", "xoxb-1")
    with pytest.raises(SettingsError):
        key_rotation.check_key(stranger)
