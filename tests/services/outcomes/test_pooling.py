"""Small programs: a window with too few answers waits for later groups, and is counted with them once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Table, delete, func, insert, select, update

from allybot.crypto import Keyring
from allybot.domain.figures import Release, Waits
from allybot.domain.people import Actor, Program
from allybot.domain.plans import Outcome, PlanKind
from allybot.domain.program_changes import Refusal
from allybot.domain.windows import WindowState
from allybot.errors import NotALeadError, UserError, WrongStateError
from allybot.services.context import Context, new_id
from allybot.services.data import backups, forget_me, my_data, retention
from allybot.services.outcomes import casting, pooling, publishing, summaries, windows
from allybot.services.programs import ending, leading, programs
from allybot.services.programs.refusals import ChangeRefusedError
from allybot.services.programs.terms import kept_until
from allybot.services.trainees import consent, pool_consent
from allybot.store import tables
from allybot.store.engine.database import Database
from allybot.store.outcomes import ballots
from allybot.store.vault import pooled
from allybot.store.vault.vault import add_person_key, pooled_person, private_key_of, window_key
from tests.adversarial.attacks.guessing import NoNoise
from tests.conftest import SECRET
from tests.support import builders

SPRING, AUTUMN = date(2026, 1, 2), date(2026, 7, 3)
POOL = "Leadership courses"
DAY = timedelta(days=1)
Answers = list[list[Outcome]]
EIGHT: Answers = [[Outcome.ACTED]] * 5 + [[Outcome.FORGOT]] * 3


def create(
    context: Context,
    name: str,
    trained: date,
    pool: str | None = POOL,
    workspace: str = "T1",
    **more: int,
) -> Program:
    now = datetime.combine(trained, time(), tzinfo=UTC)
    made = programs.create(
        context, workspace, name, "Kim", [("one", trained)], zone="UTC", pool=pool, now=now, **more
    )
    leading.appoint_lead(context, name, workspace, f"ULEAD{name}", now)
    return made


@pytest.fixture
def house(context: Context) -> Context:
    with context.database.transaction() as tx:
        builders.workspace(tx)
    return context


def enrol(
    context: Context,
    program: Program,
    users: list[str],
    answers: Answers,
    *,
    window: str = "1-6",
    may_wait: bool = True,
) -> None:
    """People who were asked twice in a window; the first of them answered."""
    steps = {"1-6": (3, 10), "7-13": (56, 70)}[window]
    with context.database.transaction() as tx:
        cohort = tx.execute(
            select(tables.cohort.c.id).where(tables.cohort.c.program_id == program.id)
        ).scalar_one()
        until = kept_until(context, tx, program)
        for user in users:
            trainee_id = f"{program.name}-{user}"
            known = select(tables.trainee.c.id).where(tables.trainee.c.id == trainee_id)
            if tx.execute(known).first() is None:
                builders.trainees(
                    tx,
                    {trainee_id: user},
                    workspace_id=program.workspace_id,
                    program_id=program.id,
                    cohort_id=cohort,
                    delete_after=until,
                    may_wait=may_wait,
                )
            for step in steps:
                tx.execute(
                    insert(tables.check_in).values(
                        id=new_id(),
                        trainee_id=trainee_id,
                        step=step,
                        window_id=windows.window_for_step(context, tx, program.id, step),
                        due_at=until,
                        state="asked",
                        times_put_off=0,
                    )
                )
        for user, outcomes in zip(users, answers, strict=False):
            for step, outcome in zip(steps, outcomes, strict=False):
                window_id = windows.window_for_step(context, tx, program.id, step)
                casting.cast(context, tx, window_id, f"{program.name}-{user}", step, outcome, PlanKind.FEAR)


def users(letter: str, number: int) -> list[str]:
    return [f"U{letter}{place}" for place in range(number)]


def close(context: Context, program: Program, name: str = "1-6", later: timedelta = DAY) -> datetime:
    """Let the worker come a day after the window's closing; returns when that was."""
    with context.database.reading() as tx:
        window = ballots.window_named(tx, program.id, name)
    assert window
    assert window.closes_at
    summaries.close_due(context, window.closes_at + later)
    return window.closes_at + later


def release(context: Context, program: Program, window: str = "1-6") -> Release:
    shown = summaries.summary_of(context, program.id)
    assert shown
    return next(each for each in shown.releases if each.window == window)


def rows(context: Context, table: Table) -> int:
    database = context.database if table.metadata is tables.metadata else context.vault
    with database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(table)).scalar_one())


def count_acted(context: Context, program: Program) -> int:
    """The count as it was drawn."""
    with context.database.reading() as tx:
        window = ballots.window_named(tx, program.id, "1-6")
        assert window
        made = ballots.release_of(tx, window)
    assert made
    return made.noisy["acted"]


def window_id(context: Context, program: Program) -> str:
    with context.database.reading() as tx:
        window = ballots.window_named(tx, program.id, "1-6")
    assert window
    return window.id


def queued(context: Context, kind: str) -> list[str]:
    with context.database.reading() as tx:
        to = tables.outbox.c.to_user
        return sorted(tx.execute(select(to).where(tables.outbox.c.kind == kind)).scalars())


def delete_everybody(context: Context, program: Program) -> None:
    with context.database.reading() as tx:
        until = kept_until(context, tx, program)
    while consent.delete_expired(context, until + DAY):
        pass
    retention.tidy(context, until + DAY)
    retention.tidy(context, until + 3 * DAY)
    with context.database.reading() as tx:
        left = select(tables.trainee.c.id).where(tables.trainee.c.program_id == program.id)
        assert tx.execute(left).first() is None


def two_editions(
    house: Context, second: Answers = EIGHT, overlap: int = 0, **more: int
) -> tuple[Program, Program]:
    """Nine in spring, eight of whom answered, all deleted; ten in autumn, the first of them from spring."""
    spring = create(house, "Spring", SPRING)
    enrol(house, spring, users("A", 9), EIGHT)
    close(house, spring)
    delete_everybody(house, spring)
    autumn = create(house, "Autumn", AUTUMN, **more)
    enrol(house, autumn, [*users("A", overlap), *users("B", 10 - overlap)], second)
    return spring, autumn


def test_nine_in_two_editions_get_one_figure_though_the_first_are_deleted_when_it_comes(
    house: Context,
) -> None:
    spring = create(house, "Spring", SPRING)
    enrol(house, spring, users("A", 9), EIGHT)
    close(house, spring)
    waits = release(house, spring)
    assert (waits.state, waits.invited, waits.respondents, waits.cells) == (WindowState.WAITING, 0, None, ())
    assert waits.waits == Waits(POOL, date(2027, 8, 27), 12)
    assert (rows(house, tables.ballot), rows(house, tables.pooled_ballot)) == (0, 8)
    assert queued(house, "result") == users("A", 9), "whether they answered or not"
    assert queued(house, "release_notice") == ["ULEADSpring"]
    delete_everybody(house, spring)
    assert (rows(house, tables.pooled_ballot), rows(house, pooled_person)) == (8, 9)

    autumn = create(house, "Autumn", AUTUMN, pool=" leadership  COURSES ")
    assert autumn.pool == POOL
    enrol(house, autumn, users("B", 10), EIGHT)
    now = close(house, autumn)
    counted = release(house, spring)
    assert (counted.state, counted.respondents, counted.invited) == (WindowState.PUBLISHED, 16, 19)
    summaries.close_due(house, now)
    assert counted.waits
    assert counted.waits.pooled_from == ("Spring (one)", "Autumn (one)")
    assert release(house, autumn) == replace(counted, waits=replace(counted.waits, until=date(2028, 2, 28)))
    assert rows(house, tables.release) == 1
    assert (rows(house, tables.pooled_ballot), rows(house, pooled_person)) == (0, 0)
    assert queued(house, "release_notice").count("ULEADSpring") == 3, "two windows wait, one is counted"
    assert queued(house, "result") == users("B", 10), "who is still there"
    with house.vault.reading() as vault_tx:
        for each in (spring, autumn):
            assert private_key_of(vault_tx, house.keyring, window_id(house, each)) is None

    assert summaries.close_due(house, now + DAY) == 0
    third = create(house, "Winter", date(2027, 1, 8))
    enrol(house, third, users("C", 9), EIGHT)
    close(house, third)
    assert release(house, third).state is WindowState.WAITING, "a pool that was counted begins anew"
    assert release(house, spring) == counted


def test_a_person_in_both_groups_counts_once_and_their_deed_in_either_counts(house: Context) -> None:
    forgot: Answers = [[Outcome.FORGOT]] * 8
    spring, autumn = two_editions(house, forgot, overlap=4)
    now = datetime(2026, 8, 29, tzinfo=UTC)
    for step in publishing.STEPS[:2]:
        step(house, window_id(house, autumn), now)
    assert pooling.end(house, window_id(house, autumn), now, NoNoise())
    counted = release(house, spring)
    assert (counted.respondents, counted.invited) == (12, 15)
    assert count_acted(house, spring) == 5


def test_where_fewer_than_two_of_all_were_silent_the_number_is_not_told(house: Context) -> None:
    nine: Answers = [[Outcome.ACTED]] * 9
    spring = create(house, "Spring", SPRING)
    enrol(house, spring, users("A", 9), nine)
    close(house, spring)
    delete_everybody(house, spring)
    autumn = create(house, "Autumn", AUTUMN)
    enrol(house, autumn, [*users("A", 5), *users("B", 5)], nine)
    close(house, autumn)
    counted = release(house, spring)
    assert (counted.state, counted.respondents, counted.invited) == (WindowState.PUBLISHED, None, 14)


def test_whoever_asks_to_be_forgotten_after_their_deletion_takes_their_answers_along(
    house: Context, tmp_path: Path, further_database: Callable[[str, str], str]
) -> None:
    spring = create(house, "Spring", SPRING)
    enrol(house, spring, users("A", 9), [[Outcome.ACTED, Outcome.FORGOT]] * 9)
    close(house, spring)
    delete_everybody(house, spring)
    backups.backup(house, tmp_path / "b", None, datetime(2026, 6, 1, tzinfo=UTC))
    al = Actor("T1", "UA0")
    (waits,) = my_data.held(house, al).waiting
    assert (waits.program, waits.pool, waits.window, waits.answers) == ("Spring", POOL, "1-6", 2)
    assert my_data.held(house, Actor("T2", "UA0")).waiting == ()
    asked = rows(house, pooled_person)
    assert forget_me.what_is_there(house, al).open_answers == 2
    assert forget_me.forget(house, al).open_answers == 2
    assert my_data.held(house, al).is_nothing
    assert not forget_me.what_is_there(house, al).is_something
    assert rows(house, tables.pooled_ballot) == 16
    assert rows(house, pooled_person) == asked, "how many were asked does not tell that somebody left"

    database = Database(further_database("sqlite" if house.database.is_sqlite else "postgresql", "database"))
    again = Context(database, house.vault, Keyring(SECRET), house.content)
    backups.restore(again, tmp_path / "b", None, datetime(2026, 6, 2, tzinfo=UTC))
    assert rows(again, tables.pooled_ballot) == 16, "no backup brings their answers back"
    database.close()


def test_who_leaves_while_their_row_is_there_takes_along_what_waits_too(house: Context) -> None:
    spring = create(house, "Spring", SPRING)
    enrol(house, spring, users("A", 9), EIGHT)
    enrol(house, spring, users("A", 9), EIGHT, window="7-13")
    close(house, spring)
    al = Actor("T1", "UA0")
    assert forget_me.what_is_there(house, al).open_answers == 2
    forget_me.forget(house, al)
    assert (rows(house, tables.pooled_ballot), rows(house, tables.ballot)) == (7, 7)
    held = my_data.held(house, al)
    assert (held.waiting, held.trainee) == ((), None)


def test_after_eighteen_months_everything_is_destroyed_unopened(house: Context) -> None:
    spring = create(house, "Spring", SPRING)
    enrol(house, spring, users("A", 9), EIGHT)
    enrol(house, spring, users("A", 9), EIGHT, window="7-13")
    close(house, spring)
    close(house, spring, "7-13")
    delete_everybody(house, spring)
    assert rows(house, window_key) == 2
    summaries.close_due(house, datetime(2027, 8, 27, 9, 59, tzinfo=UTC))
    assert rows(house, tables.pooled_ballot) == 16
    assert summaries.close_due(house, datetime(2027, 8, 27, 10, 1, tzinfo=UTC)) == 1
    assert (rows(house, tables.pooled_ballot), rows(house, window_key), rows(house, pooled_person)) == (
        8,
        1,
        9,
    )
    summaries.close_due(house, datetime(2027, 12, 1, tzinfo=UTC))
    assert (rows(house, tables.pooled_ballot), rows(house, window_key), rows(house, pooled_person)) == (
        0,
        0,
        0,
    )
    assert [release(house, spring, each).state for each in ("1-6", "7-13")] == [WindowState.VOID] * 2
    assert queued(house, "release_notice") == ["ULEADSpring"] * 4
    assert rows(house, tables.release) == 0


def test_only_the_same_weeks_of_the_same_pool_and_workspace_wait_together(house: Context) -> None:
    with house.database.transaction() as tx:
        builders.workspace(tx, "T2")
    spring = create(house, "Spring", SPRING)
    enrol(house, spring, users("A", 9), EIGHT)
    enrol(house, spring, users("A", 9), EIGHT, window="7-13")
    close(house, spring)
    close(house, spring, "7-13")
    alone = create(house, "Alone", AUTUMN, pool="Another")
    enrol(house, alone, users("B", 9), EIGHT)
    close(house, alone)
    elsewhere = create(house, "Elsewhere", AUTUMN, workspace="T2")
    enrol(house, elsewhere, users("C", 9), EIGHT)
    close(house, elsewhere)
    states = {release(house, each).state for each in (spring, alone, elsewhere)}
    assert states == {WindowState.WAITING}
    assert release(house, spring, "7-13").state is WindowState.WAITING
    with house.database.reading() as tx:
        owners = select(tables.pooled_ballot.c.owner_id, tables.pooled_ballot.c.window_id).distinct()
        seen = Counter(row.owner_id for row in tx.execute(owners))
    assert set(seen.values()) == {1}, "the database does not tie a person's windows together"


def test_a_group_that_is_enough_by_itself_is_counted_by_itself_and_the_pool_waits_on(house: Context) -> None:
    spring, autumn = two_editions(house, [[Outcome.ACTED]] * 10)
    close(house, autumn)
    counted = release(house, autumn)
    assert (counted.state, counted.waits) == (WindowState.PUBLISHED, None)
    assert release(house, spring).state is WindowState.WAITING
    assert rows(house, tables.pooled_ballot) == 8


def test_the_largest_minimum_of_its_programs_is_the_pools(house: Context) -> None:
    spring, autumn = two_editions(house, minimum_respondents=17)
    close(house, autumn)
    assert release(house, spring).state is WindowState.WAITING
    waits = release(house, spring).waits
    assert waits
    assert waits.least == 17


def test_with_a_custodian_there_is_no_pool_and_set_up_says_why(house: Context) -> None:
    with pytest.raises(UserError, match="custodian holds cannot share a pool"):
        programs.create(
            house, "T1", "Keys", "Kim", [("one", SPRING)], key_holder="custodian", pool=POOL,
            now=datetime(2026, 1, 2, tzinfo=UTC),
        )  # fmt: skip


def test_a_pool_whose_key_is_lost_is_tried_for_a_week_and_the_rest_waits_on(house: Context) -> None:
    spring, autumn = two_editions(house)
    with house.vault.transaction() as vault_tx:
        vault_tx.execute(delete(window_key).where(window_key.c.box_id == window_id(house, spring)))
    now = close(house, autumn)
    assert {release(house, each).state for each in (spring, autumn)} == {WindowState.WAITING}
    assert summaries.close_due(house, now + 7 * DAY) == 1
    assert release(house, spring).state is WindowState.VOID
    assert release(house, autumn).state is WindowState.WAITING
    assert rows(house, tables.pooled_ballot) == 8
    summaries.close_due(house, now + 8 * DAY)
    assert queued(house, "result") == users("B", 10), "they are told once the pool is in order"


def test_answers_wait_only_for_the_key_of_the_digests(house: Context) -> None:
    _, autumn = two_editions(house)
    other = Context(house.database, house.vault, Keyring("another secret that is long enough"), house.content)
    close(other, autumn)
    with house.database.reading() as tx:
        window = ballots.window_named(tx, autumn.id, "1-6")
    assert window
    assert window.state is WindowState.CLOSED
    close(house, autumn)
    assert release(house, autumn).state is WindowState.PUBLISHED


@pytest.mark.parametrize("killed_after", range(len(publishing.STEPS) + 1))
def test_killed_after_any_step_a_pool_is_drawn_once(house: Context, killed_after: int) -> None:
    spring, autumn = two_editions(house)
    now = datetime(2026, 8, 29, tzinfo=UTC)
    for step in publishing.STEPS[:killed_after]:
        step(house, window_id(house, autumn), now)
    summaries.close_due(house, now)
    summaries.close_due(house, now + DAY)
    assert release(house, spring).respondents == 16
    assert rows(house, tables.release) == 1
    assert (rows(house, tables.pooled_ballot), rows(house, pooled_person)) == (0, 0)
    assert queued(house, "result") == users("B", 10)


def test_several_workers_at_once_let_it_wait_and_count_it_once(house: Context) -> None:
    programs_at_once = []
    for name in ("Spring", "Summer", "Autumn"):
        made = create(house, name, SPRING)
        enrol(house, made, [f"U{name}{place}" for place in range(5)], [[Outcome.ACTED]] * 4)
        programs_at_once.append(made)
    now = datetime(2026, 2, 28, tzinfo=UTC)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: summaries.close_due(house, now), range(4)))
    summaries.close_due(house, now + DAY)
    counted = {release(house, made).respondents for made in programs_at_once}
    assert counted == {12}
    assert rows(house, tables.release) == 1


def test_a_pool_named_later_holds_only_who_agreed_and_they_are_asked_anew(house: Context) -> None:
    spring = create(house, "Spring", SPRING, pool=None)
    enrol(house, spring, users("A", 9), EIGHT, may_wait=False)
    now = datetime(2026, 2, 3, 9, tzinfo=UTC)
    with house.database.transaction() as tx:
        tx.execute(update(tables.trainee).where(tables.trainee.c.slack_user == "UA8").values(state="stopped"))
        tx.execute(update(tables.trainee).where(tables.trainee.c.slack_user == "UA7").values(state="invited"))
    with house.vault.transaction() as vault_tx:
        add_person_key(vault_tx, house.keyring, "Spring-UA7")
    seen = pool_consent.name_pool(house, None, spring.id, POOL, now, confirmed=False)
    assert (seen.pool, seen.least, queued(house, "pool_question")) == (POOL, 12, [])
    assert pool_consent.name_pool(house, None, spring.id, POOL, now, confirmed=True) == seen
    assert queued(house, "pool_question") == users("A", 7), "whoever takes part"
    consent.start(house, Actor("T1", "UA7"), now)
    assert queued(house, "pool_question") == users("A", 8), "and who says yes later"
    for user in users("A", 3):
        pool_consent.agree(house, Actor("T1", user))
    close(house, spring)
    assert release(house, spring).state is WindowState.WAITING
    assert (rows(house, tables.ballot), rows(house, tables.pooled_ballot), rows(house, pooled_person)) == (
        0,
        3,
        3,
    )
    with pytest.raises(WrongStateError, match="has a pool"):
        pool_consent.name_pool(house, None, spring.id, "Other", now, confirmed=True)


def test_a_lead_joins_a_pool_only_of_programs_they_lead(house: Context) -> None:
    now, lead = datetime(2026, 2, 3, 9, tzinfo=UTC), Actor("T1", "ULEADOurs")
    others = create(house, "Others", SPRING, pool=POOL)
    ours = create(house, "Ours", SPRING, pool=None)
    with pytest.raises(ChangeRefusedError, match="of programs that you do not lead") as refused:
        pool_consent.name_pool(house, lead, ours.id, POOL.upper(), now, confirmed=True)
    assert refused.value.name == POOL.upper(), "as it was typed, not as others spell it"
    with pytest.raises(NotALeadError):
        pool_consent.name_pool(house, lead, others.id, "Another", now, confirmed=False)
    leading.appoint_lead(house, "Others", "T1", lead.slack_user, now)
    made = pool_consent.name_pool(house, lead, ours.id, POOL.upper(), now, confirmed=True)
    assert made.pool == POOL


def test_of_leads_who_name_one_new_pool_at_once_only_one_gets_it(house: Context) -> None:
    now, names = datetime(2026, 2, 3, 9, tzinfo=UTC), ("One", "Two", "Three", "Four")
    made = {name: create(house, name, SPRING, pool=None) for name in names}
    together = Barrier(len(names))

    def gets_it(name: str) -> bool:
        together.wait()
        try:
            pool_consent.name_pool(
                house, Actor("T1", f"ULEAD{name}"), made[name].id, POOL, now, confirmed=True
            )
        except ChangeRefusedError as refused:
            return refused.reason is not Refusal.POOL_OF_OTHERS
        return True

    with ThreadPoolExecutor(len(names)) as leads:
        assert sum(leads.map(gets_it, names)) == 1


def test_a_program_that_never_names_a_pool_is_unchanged(house: Context) -> None:
    spring = create(house, "Spring", SPRING, pool=None)
    enrol(house, spring, users("A", 9), EIGHT)
    close(house, spring)
    void = release(house, spring)
    assert (void.state, void.waits, void.invited) == (WindowState.VOID, None, 0), "nor how many were asked"
    assert (rows(house, tables.pooled_ballot), rows(house, pooled_person)) == (0, 0)


def test_a_deleted_program_leaves_nothing_of_those_whom_its_waiting_windows_asked(house: Context) -> None:
    spring, summer = create(house, "Spring", SPRING), create(house, "Summer", SPRING)
    enrol(house, spring, users("A", 5), [[Outcome.ACTED]] * 5)
    enrol(house, summer, users("B", 4), [[Outcome.ACTED]] * 4)
    close(house, spring)
    assert rows(house, pooled_person) == 9
    ending.delete(house, None, spring.id, "Spring")
    assert (rows(house, tables.pooled_ballot), rows(house, pooled_person)) == (4, 4), "the other waits on"
    assert not owners_in_the_vault(house, "UA0")
    assert owners_in_the_vault(house, "UB0")


def test_whom_a_window_asked_that_is_gone_or_done_is_swept_and_what_waits_stays(house: Context) -> None:
    spring, summer = create(house, "Spring", SPRING), create(house, "Summer", SPRING)
    enrol(house, spring, users("A", 5), [[Outcome.ACTED]] * 5)
    enrol(house, summer, users("B", 4), [[Outcome.ACTED]] * 4)
    now = close(house, spring)
    assert retention.tidy(house, now) == 0
    with house.vault.transaction() as vault_tx:
        came_back = [row._asdict() for row in vault_tx.execute(select(pooled_person))]
    with house.database.transaction() as tx:  # as after a crash between the stores, or in a version before
        tx.execute(delete(tables.trainee).where(tables.trainee.c.program_id == spring.id))
        tx.execute(delete(tables.program).where(tables.program.c.id == spring.id))
    assert rows(house, pooled_person) == 9
    swept = retention.tidy(house, now + DAY)
    assert swept >= 5
    assert rows(house, pooled_person) == 4
    assert not owners_in_the_vault(house, "UA0")
    retention.tidy(house, now + 2 * DAY)
    assert rows(house, pooled_person) == 4

    with house.database.transaction() as tx:
        tx.execute(update(tables.window).where(tables.window.c.program_id == summer.id).values(state="void"))
    with house.vault.transaction() as vault_tx:
        vault_tx.execute(delete(pooled_person))
        vault_tx.execute(insert(pooled_person), came_back)
    retention.tidy(house, now + 3 * DAY)
    assert rows(house, pooled_person) == 0, "they came back in a copy of the vault"


def owners_in_the_vault(context: Context, user: str) -> set[str]:
    with context.vault.reading() as vault_tx:
        return pooled.owner_ids_of(vault_tx, context.keyring, Actor("T1", user))
