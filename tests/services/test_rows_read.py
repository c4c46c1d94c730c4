"""What stands in a tick and in a press reads as many rows among a thousand people as among ten."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from allybot.domain.check_ins import Tap
from allybot.domain.people import Actor
from allybot.services.check_ins import answering, asking
from allybot.services.context import Context
from allybot.services.data import forget_me
from allybot.services.delivery.sender import Delivery
from allybot.services.isolation import SharedReading
from allybot.services.renderers import render
from allybot.services.scheduled import jobs_of_a_worker
from allybot.slack.gateway import SlackGateway
from allybot.store import tables
from allybot.store.outcomes import pools
from allybot.store.vault import pooled
from bench.seeding import NOW, Scale, fill
from tests.support.rows_read import watched

PEOPLE = 1000


@pytest.fixture
def town(context: Context) -> Context:
    """A thousand people in 125 circles, day 67 of their program; one of them is due."""
    fill(context, Scale(PEOPLE, due=1))
    return context


def queue_one(town: Context) -> tuple[Actor, str]:
    """Queue the check-in that is due; who is asked, and the check-in's id."""
    assert asking.queue_due(town, NOW) == 1
    return asked_in(town)


def asked_in(town: Context) -> tuple[Actor, str]:
    asked, trainee = tables.check_in.c, tables.trainee.c
    found = select(trainee.workspace_id, trainee.slack_user, asked.id)
    query = found.join_from(tables.trainee, tables.check_in)
    with town.database.reading() as tx:
        row = tx.execute(query.where(asked.state == "asked")).one()
    return Actor(row.workspace_id, row.slack_user), row.id


def run_jobs(town: Context, seconds: int) -> int:
    jobs = jobs_of_a_worker(SlackGateway(no_token, "http://127.0.0.1:1/api/"))
    with SharedReading(town, [job.name for job in jobs]) as shared:
        for job in jobs:
            job(town, NOW + timedelta(seconds=seconds), shared=shared)
    return len(jobs)


def no_token(_workspace_id: str) -> str:
    raise AssertionError


def test_an_idle_tick_does_not_read_more_when_there_is_more(town: Context) -> None:
    queue_one(town)
    for second in range(3):  # until nothing is left to be done, or to be sent
        run_jobs(town, second)
        with town.database.transaction() as tx:
            due = update(tables.outbox).where(tables.outbox.c.state == "due")
            tx.execute(due.values(state="sent", sent_channel="D", sent_ts="1"))
    slack = SlackGateway(no_token, "http://127.0.0.1:1/api/")
    with Delivery(town, slack, render, "worker") as delivery:
        delivery.begin(NOW)  # once in a while it forgets the limits of channels, a table of the last seconds
        with watched(town) as reading:
            jobs = run_jobs(town, 3)
            assert not delivery.begin(NOW)
            assert not delivery.begin(NOW)
    assert reading.too_much == []
    assert all(statement.startswith("SELECT") for statement in reading.statements)
    # At most one for each job; then what is parked, when chores are due, and twice what is to be sent.
    assert 10 < len(reading.statements) <= jobs + 4


def test_queueing_a_check_in_reads_no_more_when_there_are_more_people(town: Context) -> None:
    with watched(town) as reading:
        assert asking.queue_due(town, NOW) == 1
    assert reading.statements
    assert reading.too_much == []


def test_a_press_reads_no_more_when_there_are_more_people(town: Context) -> None:
    actor, check_in_id = queue_one(town)
    with watched(town) as reading:
        answering.tap(town, actor, check_in_id, Tap.ACTED, NOW, ("D1", "1.1"))
    assert reading.statements
    assert reading.too_much == []


def test_forgetting_a_person_reads_no_more_when_there_are_more_people(town: Context) -> None:
    actor, _check_in_id = queue_one(town)
    with watched(town) as reading:
        assert forget_me.forget(town, actor).on_a_list
    assert reading.statements
    assert reading.too_much == []


def test_whose_answers_wait_is_found_among_those_of_many(town: Context) -> None:
    actor, _check_in_id = queue_one(town)
    people = [Actor(actor.workspace_id, f"UGONE{number}") for number in range(PEOPLE)]
    with town.database.reading() as tx:
        window_id = tx.execute(select(tables.window.c.id).limit(1)).scalar_one()
    with town.vault.transaction() as vault_tx:
        owners = pooled.owners(vault_tx, town.keyring, window_id, [], people)
    with town.database.transaction() as tx:
        row = {"window_id": window_id, "slot": 3, "sealed": bytes(80)}
        tx.execute(insert(tables.pooled_ballot), [{**row, "owner_id": each} for each in owners.values()])
        tx.execute(
            update(tables.window)
            .where(tables.window.c.id == window_id)
            .values(state="waiting", waits_until=NOW + timedelta(days=500))
        )
    with watched(town) as reading:
        forget_me.forget(town, people[7])
    assert reading.statements
    assert reading.too_much == []
    with town.database.reading() as tx:
        assert pools.waiting_of(tx, [owners[people[7]]]) == []
