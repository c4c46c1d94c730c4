"""Erasure on SQLite and PostgreSQL: in any state, after a crash at any point, and permanent."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from allybot.domain.my_data import Held
from allybot.domain.people import Actor
from allybot.domain.trainee import TraineeState
from allybot.errors import DecryptionError
from allybot.i18n import Say
from allybot.prompts.data import forget_me as prompts
from allybot.services.context import Context
from allybot.services.data import erasure, forget_me, my_data
from allybot.services.programs import creators, enrolment, leading
from allybot.services.programs.directory import Enrolee
from allybot.store import trainees
from allybot.store.tables import (
    ballot,
    circle_text,
    circle_week,
    deed,
    private_record,
    program_change,
    release,
    vote,
)
from allybot.store.vault import vault
from tests.support.full_trainee import (
    AL,
    BO,
    CUE,
    CUE_BEFORE,
    LEAD,
    Al,
    full_trainee,
    on_disk,
    rows,
    traces_of,
)


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


def forget(context: Context, who: Actor = AL) -> None:
    forget_me.forget(context, who)
    erasure.wipe(context)


def traces(al: Al) -> list[str]:
    return traces_of(al.context, al.trainee.id, AL.slack_user, "DAL")


def test_what_will_go_is_said_before(al: Al) -> None:
    found = forget_me.what_is_there(al.context, AL)
    assert found.on_a_list
    assert found.open_answers == 1
    assert found.circle_channel == "C1"


def test_nothing_of_the_trainee_is_left_in_either_database(al: Al) -> None:
    held = {"trainee", "private_record", "ballot", "vote", "outbox", "person_key"}
    assert held <= set(traces(al))
    forget(al.context)
    assert traces(al) == []
    assert not any(row[0] in {"circle_text", "deed"} for row in rows(al.context))


def test_his_words_answers_and_id_leave_the_disk(al: Al) -> None:
    if not al.context.database.is_sqlite:
        pytest.skip("PostgreSQL's files hold other databases too")
    with al.context.database.reading() as tx:
        secrets = [
            *tx.execute(
                select(private_record.c.locked).where(private_record.c.trainee_id == al.trainee.id)
            ).scalars(),
            *tx.execute(select(ballot.c.sealed)).scalars(),
            *tx.execute(select(vote.c.sealed)).scalars(),
            *tx.execute(select(circle_text.c.sealed)).scalars(),
            *tx.execute(select(deed.c.sealed)).scalars(),
        ]
    secrets = [secret[:64] for secret in secrets]  # a long one lies on several pages
    before = on_disk(al.context)
    assert all(secret in before for secret in secrets)
    assert AL.slack_user.encode() in before
    forget(al.context)
    after = on_disk(al.context)
    assert not any(secret in after for secret in secrets)
    assert AL.slack_user.encode() not in after
    assert CUE.encode() not in after
    assert CUE_BEFORE.encode() not in after


def test_others_keep_everything(al: Al) -> None:
    before = my_data.held(al.context, BO)
    forget(al.context)
    assert my_data.held(al.context, BO) == before


def test_the_circle_goes_on_without_him(al: Al) -> None:
    forget(al.context)
    with al.context.database.reading() as tx:
        week = tx.execute(select(circle_week)).one()
    assert week.facilitator_id is None
    assert week.state == "open"


@pytest.mark.parametrize("state", list(TraineeState))
def test_it_works_in_any_state_and_again(al: Al, state: TraineeState) -> None:
    with al.context.database.transaction() as tx:
        trainees.change_trainee(tx, al.trainee.id, state=state)
    forget(al.context)
    assert traces(al) == []
    assert not forget_me.forget(al.context, AL).on_a_list
    held = my_data.held(al.context, AL)
    assert held == Held("T1", "UAL", leads=(), trainee=None, messages=(), suppressed=True)


def test_a_stranger_may_ask_too(al: Al) -> None:
    before = rows(al.context)
    assert not forget_me.forget(al.context, Actor("T1", "USTRANGER")).on_a_list
    assert not forget_me.forget(al.context, Actor("T2", AL.slack_user)).on_a_list
    assert rows(al.context) == before


def test_after_a_crash_between_key_and_row_the_next_start_completes_the_erasure(al: Al) -> None:
    with al.context.vault.transaction() as vault_tx:
        vault.erase_person_key(vault_tx, al.trainee.id)
    with pytest.raises(DecryptionError):
        al.context.personal_key(al.trainee.id)
    held = my_data.held(al.context, AL)
    assert held.trainee is not None
    assert not held.trainee.words_readable
    assert erasure.drop_erased(al.context) == 1
    assert traces(al) == []
    assert not any(row[0] in {"circle_text", "deed"} for row in rows(al.context))
    assert erasure.drop_erased(al.context) == 0


def test_after_a_crash_between_key_and_row_the_trainee_may_ask_again(al: Al) -> None:
    with al.context.vault.transaction() as vault_tx:
        vault.erase_person_key(vault_tx, al.trainee.id)
    assert forget_me.forget(al.context, AL).on_a_list
    assert traces(al) == []


def test_he_goes_on_leading_and_is_told_so(al: Al, now: datetime) -> None:
    leading.appoint_lead(al.context, "Allies", "T1", AL.slack_user, now)
    assert forget_me.forget(al.context, AL).leads == ("Allies",)
    assert traces(al) == ["lead", "program_change", "outbox"], "that they lead, and what says so"


def test_what_leads_have_to_be_able_to_read_stays_and_it_is_said(al: Al) -> None:
    stays = "Beside what you changed, answered or asked for in a program your Slack id stays"
    may_create = "You may still create programs"
    creators.allow(al.context, LEAD)
    before = forget_me.what_is_there(al.context, LEAD)
    assert (before.named_in_programs, before.may_create, before.is_something) == (True, True, False)
    for words in (stays, may_create):
        assert words in str(prompts.question(Say(), before).text)
    found = forget_me.forget(al.context, LEAD)
    assert found == before
    with al.context.database.reading() as tx:
        assert [row.subject for row in tx.execute(select(program_change))][-1] == LEAD.slack_user
    shown = replace(found, on_a_list=True)
    for page in (prompts.page(Say(), shown).body, prompts.done(Say(), shown).blocks):
        assert stays in str(page)
        assert may_create in str(page)
    of_bo = forget_me.what_is_there(al.context, BO)
    assert (of_bo.named_in_programs, of_bo.may_create) == (False, False)
    assert stays not in str(prompts.question(Say(), of_bo).blocks)


def test_the_same_list_brings_him_no_message(al: Al, now: datetime) -> None:
    forget(al.context)
    report = enrolment.enrol(al.context, al.program.id, [Enrolee("UAL", "Al", "UTC", "en-GB")], now)
    assert [len(report.added), len(report.already), len(report.refused)] == [0, 1, 0]
    assert traces(al) == []


def test_published_figures_are_not_touched(al: Al) -> None:
    with al.context.database.reading() as tx:
        before = tx.execute(select(release)).all()
    forget(al.context)
    with al.context.database.reading() as tx:
        assert tx.execute(select(release)).all() == before
