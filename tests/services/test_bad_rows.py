"""One bad row never stops another's turn: in every job, on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from allybot.domain.people import Actor
from allybot.services.context import Context
from allybot.services.data import forget_me
from allybot.services.isolation import RETRY_AFTER, ScheduledJob
from allybot.services.scheduled import SCHEDULED_JOBS
from allybot.store.delivery import parked_rows
from allybot.store.delivery.parked_rows import ParkedRow
from allybot.telemetry import ROWS_PARKED
from tests.support.bad_rows import BAD_ROWS

EXAMPLES = [(job, how) for job, example in BAD_ROWS.items() for how in example.spoils]
REASONS = {
    "a zone this host does not know": "unknown_zone",
    "a program with an unknown zone": "unknown_zone",
    "an unknown zone": "unknown_zone",
    "a damaged record": "undecipherable",
    "a key that cannot be read": "undecipherable",
}


def jobs(name: str) -> list[ScheduledJob]:
    names = BAD_ROWS[name].jobs or (name,)
    return [job for job in SCHEDULED_JOBS if job.name in names]


def parked(context: Context) -> list[ParkedRow]:
    with context.database.reading() as tx:
        return parked_rows.all_parked(tx)


@pytest.mark.parametrize(("name", "how"), EXAMPLES, ids=[" - ".join(each) for each in EXAMPLES])
def test_the_others_get_theirs_and_the_bad_one_is_put_aside_until_it_is_mended(
    context: Context, name: str, how: str
) -> None:
    example = BAD_ROWS[name]
    example.arrange(context)
    mend = example.spoils[how](context)
    counted = ROWS_PARKED.labels(name)._value.get()
    try:
        for second in range(5):  # one row a tick, and the bad one is mostly first
            for job in jobs(name):
                job(context, example.now + timedelta(seconds=second), example.limit)
        served = set(example.served(context))
        (aside,) = parked(context)
    finally:
        mend()
    assert example.bad not in served
    assert (aside.job, aside.attempts) == (name, 1), "not tried again each second"
    assert aside.reason == REASONS.get(how, aside.reason)
    assert aside.reason in {"unknown_zone", "undecipherable"} or aside.reason.startswith("fault:")
    assert ROWS_PARKED.labels(name)._value.get() == counted + 1

    for job in jobs(name):
        job(context, example.now + RETRY_AFTER + timedelta(minutes=1))
    assert set(example.served(context)) == served | {example.bad}
    assert len(served) == (0 if name == "vote_keys" else 1 if name == "retention" else 2)
    assert parked(context) == []


def test_what_fails_again_is_left_alone_for_another_while(context: Context) -> None:
    example = BAD_ROWS["check_ins"]
    example.arrange(context)
    example.spoils["a zone this host does not know"](context)
    (job,) = jobs("check_ins")
    for hours in (0, 1, 2):
        job(context, example.now + hours * RETRY_AFTER)
    (aside,) = parked(context)
    assert (aside.attempts, aside.since) == (3, example.now)
    assert aside.retry_at == example.now + 3 * RETRY_AFTER


def test_what_is_put_aside_goes_with_its_person(context: Context) -> None:
    example = BAD_ROWS["check_ins"]
    example.arrange(context)
    example.spoils["a damaged record"](context)
    (job,) = jobs("check_ins")
    job(context, example.now)
    assert len(parked(context)) == 1
    forget_me.forget(context, Actor("T1", "U1"))
    assert parked(context) == []
