"""Whoever was forgotten or declined gets no message, and lists and figures read as if they had stayed."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, update

from allybot.crypto import Keyring
from allybot.domain.circles import CircleState
from allybot.domain.enrolment import Doubt
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import TraineeState
from allybot.errors import UserError
from allybot.services.circles import membership
from allybot.services.context import Context
from allybot.services.data import erasure, forget_me, key_rotation, my_data, retention, suppression
from allybot.services.programs import enrolment, people_counts, programs
from allybot.services.programs.directory import Enrolee
from allybot.services.trainees import consent
from allybot.services.trainees.coming_back import CameBack, come_back
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.programs import people_counts as stored_counts
from allybot.store.programs.workspaces import save_workspace
from allybot.store.tables import trainee
from allybot.store.vault.suppression import suppressed_among
from allybot.store.vault.vault import suppressed, suppression_key
from tests.conftest import SECRET
from tests.support.full_trainee import rows

WHO = Actor("T1", "U003")
FRESH = "another test secret and quite long"
Leave = Callable[[Context, datetime], None]


def forgets(context: Context, _now: datetime) -> None:
    forget_me.forget(context, WHO)


def declines(context: Context, now: datetime) -> None:
    """And the declined row is deleted, a month later."""
    consent.decline(context, WHO, now)
    with context.database.transaction() as tx:
        tx.execute(update(trainee).where(trainee.c.slack_user == WHO.slack_user).values(delete_after=now))
    assert consent.delete_expired(context, now) == 1


leaves = pytest.mark.parametrize("leave", [forgets, declines])


def people(number: int, circle: str = "C1", cohort: str = "a") -> list[Enrolee]:
    return [
        Enrolee(f"U{each:03}", f"Person {each}", "UTC", "en-GB", cohort, circle, "Oak" if circle else "")
        for each in range(number)
    ]


def program(context: Context, name: str, now: datetime, minimum: int = 10) -> Program:
    with context.database.transaction() as tx:
        save_workspace(tx, "T1", name="N", bot_user="B1", state="active", token_wrapped=None)
    ended = now.date() - timedelta(days=3)
    cohorts = [("a", ended), ("b", ended)]
    return programs.create(
        context, "T1", name, "Kim", cohorts, zone="UTC", now=now, minimum_respondents=minimum
    )


def read(context: Context, to: Program, found: list[Enrolee], now: datetime) -> tuple[str, str]:
    """What the operator reads of a dry run and of the list itself."""
    dry = enrolment.dry_run(context, to.id, found, now)
    return dry.in_words(), enrolment.enrol(context, to.id, found, now).in_words()


def names_them(context: Context) -> list[str]:
    return [row[0] for row in rows(context) if any(value == WHO.slack_user for value in row)]


def on_the_list(context: Context) -> bool:
    return suppression.is_suppressed(context, WHO)


def state_of_theirs(context: Context) -> TraineeState | None:
    with context.database.reading() as tx:
        found = trainees.trainee_of(tx, WHO)
    return found.state if found else None


@contextmanager
def killed_before_the_digests_go(context: Context) -> Iterator[None]:
    """The vault takes no deletion from the suppression list, as if the process had ended before it."""

    class Killed(Exception):
        pass

    def kill(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("DELETE FROM suppressed"):
            raise Killed

    event.listen(context.vault.engine, "before_cursor_execute", kill)
    try:
        with pytest.raises(Killed):
            yield
    finally:
        event.remove(context.vault.engine, "before_cursor_execute", kill)


@leaves
def test_the_same_list_reads_as_before_and_brings_no_message(
    context: Context, now: datetime, leave: Leave
) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    before = read(context, allies, people(6), now)
    leave(context, now)
    assert read(context, allies, people(6), now) == before
    assert "Enrolled 0 in Allies; 6 were there already." in before[1]
    assert "Allies has 6 people" in before[1]
    assert names_them(context) == []


@leaves
def test_a_second_program_reads_as_before_while_the_first_runs(
    context: Context, now: datetime, leave: Leave
) -> None:
    allies, again = program(context, "Allies", now), program(context, "Again", now)
    enrolment.enrol(context, allies.id, people(6), now)
    before = read(context, again, people(6, circle=""), now)
    leave(context, now)
    assert read(context, again, people(6, circle=""), now) == before
    assert "Person 3 is in Allies already; a person is in one program at a time." in before[1]
    assert names_them(context) == []


@leaves
def test_in_a_program_after_the_first_they_are_found_and_get_no_message(
    context: Context, now: datetime, leave: Leave
) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    leave(context, now)
    later = now + timedelta(days=200)
    consent.delete_expired(context, later)
    third = program(context, "Third", later)
    dry, done = read(context, third, people(6, "C2"), later)
    assert "Would enrol 6 in Third; 0 were there already." in dry
    assert "Person 2, Person 3, Person 4" in dry
    assert "Enrolled 6 in Third; 0 were there already." in done
    assert "Third has 6 people" in done
    assert names_them(context) == []
    assert "Enrolled 0 in Third; 6 were there already." in read(context, third, people(6, "C2"), later)[1]
    assert names_them(context) == []


def test_another_cohort_on_the_list_is_noted_as_before(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    before = read(context, allies, people(6, cohort="b"), now)
    forgets(context, now)
    assert read(context, allies, people(6, cohort="b"), now) == before
    assert "Person 3 stays in the first cohort, not b." in before[1]


def declines_and_keeps_their_row(context: Context, now: datetime) -> None:
    consent.decline(context, WHO, now)


def gives_their_seat_up(context: Context, _now: datetime) -> None:
    assert membership.leave_circle(context, WHO, "C1")


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("leave", [forgets, declines, declines_and_keeps_their_row, gives_their_seat_up])
def test_no_list_finds_out_who_has_a_seat_in_a_circle(
    context: Context, now: datetime, leave: Leave, *, closed: bool
) -> None:
    """Who is asked about, with any number of strangers, or strangers alone: it reads as if they stayed."""
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(12), now)
    if closed:
        membership.close_circle(context, "T1", "C1", now)
    new = [Enrolee(f"UNEW{each}", f"Noor {each}", "UTC", "en-GB", "a", "C1", "Oak") for each in range(12)]
    probes = [*(new[:each] for each in (1, 3, 12)), *([people(4)[3], *new[:each]] for each in (0, 1, 11, 12))]

    def asked() -> list[str]:
        return [enrolment.dry_run(context, allies.id, probe, now).in_words() for probe in probes]

    before = asked()
    leave(context, now)
    assert asked() == before
    assert ["one too many" in report for report in before] == [len(probe) > 12 for probe in probes]
    assert enrolment.enrol(context, allies.id, probes[1 + closed], now).good
    with context.database.reading() as tx:
        circle = circles.circle_of_channel(tx, "T1", "C1")
        assert circle is not None
        assert circle.state is CircleState.ACTIVE
        assert len(circles.members(tx, circle.id)) <= 12


def test_only_lines_beyond_what_a_circle_can_have_are_refused(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    planned = enrolment.dry_run(context, allies.id, people(14), now)
    assert [(each.person, each.doubt) for each in planned.refused] == [
        ("Person 12", Doubt.FULL),
        ("Person 13", Doubt.FULL),
    ]
    enrolment.enrol(context, allies.id, people(12), now)
    assert enrolment.dry_run(context, allies.id, people(12), now).refused == ()


def test_who_finds_no_seat_is_on_the_list_without_one_and_nobody_is_told(
    context: Context, now: datetime
) -> None:
    allies = program(context, "Allies", now)
    late = Enrolee("UNEW", "Noor", "UTC", "en-GB", "a", "C1", "Oak")
    other = Enrolee("UNEXT", "Kai", "UTC", "en-GB", "a")
    enrolment.enrol(context, allies.id, [*people(12), other], now)
    done = enrolment.enrol(context, allies.id, [late, dataclasses.replace(other, circle="C1")], now)
    assert (len(done.added), len(done.already), done.refused) == (1, 1, ())
    assert "Whoever finds no free seat in their circle is on the list without a circle." in done.in_words()
    with context.database.reading() as tx:
        for user in ("UNEW", "UNEXT"):
            found = trainees.trainee_of(tx, Actor("T1", user))
            assert found is not None
            assert circles.circles_of_trainee(tx, found.id) == []


def test_a_list_without_circles_says_nothing_of_seats(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    assert "seat" not in "".join(read(context, allies, people(12, circle=""), now))


def test_once_others_fill_the_circle_nobody_on_the_list_is_left_out(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(12), now)
    forgets(context, now)
    new = Enrolee("UNEW", "Noor", "UTC", "en-GB", "a", "C1", "Oak")
    assert enrolment.enrol(context, allies.id, [new], now).good
    assert enrolment.enrol(context, allies.id, people(12), now).good


def test_their_line_reopens_a_closed_circle_as_before(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    alone = [people(6)[3]]
    membership.close_circle(context, "T1", "C1", now)
    before = read(context, allies, alone, now)
    forgets(context, now)
    membership.close_circle(context, "T1", "C1", now)
    after = read(context, allies, alone, now)
    assert "is back; its next scenario comes on" in before[1]
    assert after == before


def test_leads_read_the_same_tens_and_nobody_counts_for_ever(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(20, circle=""), now)
    for each in people(20):
        consent.start(context, Actor("T1", each.slack_user), now)
    forgets(context, now)
    people_counts.count_people(context, now)
    people_counts.count_people(context, now + timedelta(days=8))
    with context.database.reading() as tx:
        counted = stored_counts.latest(tx, allies.id)
    assert counted is not None
    assert (counted.on_list, counted.taking_part) == (20, 20)
    later = now + timedelta(days=200)
    consent.delete_expired(context, later)
    people_counts.count_people(context, later)
    with context.database.reading() as tx:
        counted = stored_counts.latest(tx, allies.id)
    assert counted is not None
    assert counted.taking_part is None


def test_who_declined_is_counted_once_while_their_row_stands(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    before = read(context, allies, people(6), now)
    consent.decline(context, WHO, now)
    assert on_the_list(context)
    assert read(context, allies, people(6), now) == before


def test_a_change_of_mind_takes_them_off_the_list(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    consent.decline(context, WHO, now)
    assert consent.start(context, WHO, now)
    with context.vault.reading() as vault_tx:
        assert vault_tx.execute(select(suppressed)).all() == []


@leaves
def test_they_come_back_by_themselves_where_they_were(context: Context, now: datetime, leave: Leave) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    before = read(context, allies, people(6), now)
    leave(context, now)
    assert come_back(context, WHO, "Europe/Berlin", "de-DE", now) == CameBack("Allies")
    assert come_back(context, WHO, "Europe/Berlin", "de-DE", now) is None
    with context.vault.reading() as vault_tx:
        assert vault_tx.execute(select(suppressed)).all() == []
    with context.database.reading() as tx:
        back = trainees.trainee_of(tx, WHO)
    assert back is not None
    assert (back.state, back.zone.key, back.locale) == (TraineeState.INVITED, "Europe/Berlin", "de-DE")
    assert names_them(context) == ["trainee", "outbox"]
    assert read(context, allies, people(6), now) == before


@leaves
def test_killed_while_they_come_back_they_keep_their_place_and_the_buttons(
    context: Context, now: datetime, leave: Leave
) -> None:
    enrolment.enrol(context, program(context, "Allies", now).id, people(6), now)
    leave(context, now)
    with killed_before_the_digests_go(context):
        come_back(context, WHO, "Europe/Berlin", "de-DE", now)
    assert on_the_list(context)
    assert state_of_theirs(context) is TraineeState.INVITED
    suppression.decline_again(context, now)
    assert state_of_theirs(context) is TraineeState.DECLINED
    assert consent.start(context, WHO, now)
    assert state_of_theirs(context) is TraineeState.ACTIVE
    assert not on_the_list(context)


def test_after_the_program_the_next_list_invites_who_came_back(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    forgets(context, now)
    later = now + timedelta(days=200)
    consent.delete_expired(context, later)
    assert come_back(context, WHO, "", "", later) == CameBack(None)
    third = program(context, "Third", later)
    enrolment.enrol(context, third.id, people(6, "C2"), later)
    assert names_them(context) == ["trainee", "outbox"]


def test_a_stranger_cannot_come_back_and_leaves_no_trace(context: Context, now: datetime) -> None:
    enrolment.enrol(context, program(context, "Allies", now).id, people(3), now)
    before = rows(context)
    assert come_back(context, WHO, "", "", now) is None
    assert come_back(context, Actor("T1", "U001"), "", "", now) is None
    assert rows(context) == before


def test_the_list_tells_nobody_a_name_without_its_key(context: Context, now: datetime) -> None:
    enrolment.enrol(context, program(context, "Allies", now).id, people(6), now)
    forgets(context, now)
    with context.vault.reading() as vault_tx:
        written = str(vault_tx.execute(select(suppressed)).all())
        assert suppressed_among(vault_tx, context.keyring, [WHO, Actor("T2", WHO.slack_user)]) == {WHO}
    assert WHO.slack_user not in written
    with context.vault.transaction() as vault_tx:
        fresh = context.keyring.wrap(bytes(32))
        vault_tx.execute(update(suppression_key).values(key_wrapped=fresh))
    assert not on_the_list(context)


def test_the_key_is_rotated_and_counted_like_the_others(context: Context, now: datetime) -> None:
    enrolment.enrol(context, program(context, "Allies", now).id, people(6), now)
    forgets(context, now)
    before = key_rotation.wraps(context).newest
    new = dataclasses.replace(context, keyring=Keyring(f"{FRESH},{SECRET}"))
    assert key_rotation.wraps(new).older == before
    assert ("suppression key", 1) in [(each.what, each.anew) for each in key_rotation.rotate(new)]
    assert key_rotation.wraps(new).newest == before
    assert on_the_list(dataclasses.replace(context, keyring=Keyring(FRESH)))


def test_while_the_key_cannot_be_read_nobody_is_enrolled_but_anybody_is_forgotten(
    context: Context, now: datetime
) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    forgets(context, now)
    with context.vault.transaction() as vault_tx:
        vault_tx.execute(update(suppression_key).values(key_wrapped=bytes(72)))
    with pytest.raises(UserError, match="Nobody was enrolled"):
        enrolment.dry_run(context, allies.id, people(6), now)
    with pytest.raises(UserError, match="Nobody was enrolled"):
        enrolment.enrol(context, allies.id, people(6), now)
    assert names_them(context) == []
    other = Actor("T1", "U004")
    consent.decline(context, Actor("T1", "U005"), now)
    assert forget_me.forget(context, other).on_a_list
    assert my_data.held(context, other).is_nothing
    assert suppression.decline_again(context, now) == 0


def test_after_a_crash_between_vault_and_database_nothing_comes_either(
    context: Context, now: datetime
) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    with context.database.reading() as tx:
        them = trainees.trainee_of(tx, WHO)
    assert them is not None
    suppression.note_declined(context, them)  # and then the process was killed
    assert suppression.decline_again(context, now) == 1
    assert suppression.decline_again(context, now) == 0
    with context.database.reading() as tx:
        found = trainees.trainee_of(tx, WHO)
    assert found is not None
    assert found.state is TraineeState.DECLINED
    assert found.delete_after == now + timedelta(days=suppression.DECLINED_DAYS)


def test_a_forgotten_person_whose_row_is_left_by_a_crash_is_dropped(context: Context, now: datetime) -> None:
    allies = program(context, "Allies", now)
    enrolment.enrol(context, allies.id, people(6), now)
    with context.database.reading() as tx:
        kept = tx.execute(select(trainee).where(trainee.c.slack_user == WHO.slack_user)).one()
    forgets(context, now)
    with context.database.transaction() as tx:
        tx.execute(trainee.insert().values(**kept._mapping))
    assert erasure.drop_erased(context) == 1
    read(context, allies, people(6), now)
    assert names_them(context) == []


def test_retention_takes_nobody_off_the_list(context: Context, now: datetime) -> None:
    enrolment.enrol(context, program(context, "Allies", now).id, people(6), now)
    forgets(context, now)
    for days in (1, 60, 400):
        retention.tidy(context, now + timedelta(days=days))
    assert on_the_list(context)


def test_they_are_told_what_is_kept(context: Context, now: datetime) -> None:
    enrolment.enrol(context, program(context, "Allies", now).id, people(6), now)
    assert not my_data.held(context, WHO).suppressed
    forgets(context, now)
    held = my_data.held(context, WHO)
    assert held.suppressed
    assert not held.is_nothing
    assert '"suppressed": true' in my_data.as_json(held)
