"""Suggestions: no row names who sent one, one waits per person, they go in threes, all are told once."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from allybot.domain.people import Actor
from allybot.domain.suggestions import Reply, SuggestionState
from allybot.errors import DecryptionError, NotFoundError
from allybot.services.context import Context
from allybot.services.data.key_rotation import rotate, wraps
from allybot.services.isolation import ROWS_A_TICK
from allybot.services.programs import suggestion_answers, suggestion_rounds, suggestions
from allybot.services.programs.suggestion_answers import SettledError
from allybot.store import tables
from allybot.store.delivery import since_backup
from allybot.store.programs import programs
from allybot.store.programs import waiting_suggestions as stored
from tests.adversarial.attacks.programs import NOW, WORKSPACE, Enrolled, connect, enrol

MONDAY = datetime.fromisoformat("2026-01-12T12:00:00+00:00")
WEEK = timedelta(days=7)


@pytest.fixture
def allies(context: Context) -> Enrolled:
    """A program of twelve in UTC, with a lead; it is Tuesday."""
    connect(context, WORKSPACE)
    return enrol(context, "Allies", 12)


def send(context: Context, allies: Enrolled, *numbers: int, now: datetime = NOW) -> None:
    for number in numbers:
        suggestions.send(context, allies.people[number].actor, f"Suggestion {number}", now)


def with_leads(context: Context, allies: Enrolled) -> list[str]:
    (led,) = suggestion_answers.of_lead(context, allies.lead)
    return sorted(each.text or "" for each in led.suggestions if each.state is SuggestionState.WITH_LEADS)


def rows(context: Context) -> list[dict[str, Any]]:
    with context.database.reading() as tx:
        return [dict(row) for row in tx.execute(select(tables.suggestion)).mappings()]


def queued(context: Context, *kinds: str) -> list[dict[str, Any]]:
    with context.database.reading() as tx:
        found = tx.execute(select(tables.outbox).where(tables.outbox.c.kind.in_(kinds))).mappings()
        return [dict(row) for row in found]


def test_two_wait_for_the_next_monday_and_go_with_a_third(context: Context, allies: Enrolled) -> None:
    send(context, allies, 0, 1)
    assert suggestion_rounds.hand_over(context, MONDAY - timedelta(seconds=1)) == 0
    suggestion_rounds.hand_over(context, MONDAY)
    assert with_leads(context, allies) == []
    assert {row["goes_at"] for row in rows(context)} == {MONDAY + WEEK}
    send(context, allies, 2, now=MONDAY + timedelta(hours=1))
    suggestion_rounds.hand_over(context, MONDAY + WEEK)
    assert with_leads(context, allies) == ["Suggestion 0", "Suggestion 1", "Suggestion 2"]
    (message,) = queued(context, "suggestions")
    assert (message["to_user"], message["due_at"]) == (allies.lead.slack_user, MONDAY + WEEK)
    assert suggestion_rounds.hand_over(context, MONDAY + WEEK) == 0


def test_nobody_makes_three_alone_and_what_waits_is_replaced(context: Context, allies: Enrolled) -> None:
    for week in range(4):
        for number in range(3):
            send(context, allies, number and 1, now=NOW + week * WEEK)
        suggestion_rounds.hand_over(context, MONDAY + week * WEEK)
        assert with_leads(context, allies) == []
        assert len(rows(context)) == 2


def test_five_go_as_three_and_the_two_longest_waiting_are_among_the_next(
    context: Context, allies: Enrolled
) -> None:
    send(context, allies, 0, 1, 2, 3, 4)
    suggestion_rounds.hand_over(context, MONDAY)
    assert len(with_leads(context, allies)) == 3
    send(context, allies, 5, 6, now=MONDAY + timedelta(days=1))
    suggestion_rounds.hand_over(context, MONDAY + WEEK)
    assert {f"Suggestion {number}" for number in range(5)} < set(with_leads(context, allies))


def test_after_eight_mondays_it_is_deleted_unread(context: Context, allies: Enrolled) -> None:
    send(context, allies, 0, 1)
    for week in range(8):
        assert len(rows(context)) == 2
        suggestion_rounds.hand_over(context, MONDAY + week * WEEK)
    assert rows(context) == []


def test_while_nobody_leads_nothing_goes(context: Context, allies: Enrolled) -> None:
    send(context, allies, 0, 1, 2)
    with context.database.transaction() as tx:
        programs.remove_lead(tx, allies.id, allies.lead.slack_user)
    suggestion_rounds.hand_over(context, MONDAY)
    assert [row["state"] for row in rows(context)] == ["waiting"] * 3


def test_a_waiting_row_says_nothing_of_its_sender_and_all_rows_look_alike(
    context: Context, allies: Enrolled
) -> None:
    send(context, allies, 0, 1, 2)
    found = rows(context)
    names = [name for each in allies.people for name in (each.id, each.actor.slack_user)]
    assert not any(name in str(row) for row in found for name in names)
    assert len({(len(row["sealed"]), row["goes_at"], row["first_on"]) for row in found}) == 1
    with pytest.raises(DecryptionError):
        context.keyring.unwrap(found[0]["sealed"])
    suggestion_rounds.hand_over(context, MONDAY)
    assert {row["id"] for row in found}.isdisjoint(row["id"] for row in rows(context))


def test_everybody_who_takes_part_and_every_lead_is_told_once(context: Context, allies: Enrolled) -> None:
    send(context, allies, 0, 1, 2)
    suggestion_rounds.hand_over(context, MONDAY)
    with context.database.transaction() as tx:
        programs.add_lead(tx, allies.id, allies.people[5].actor.slack_user)
        stopped = tables.trainee.c.id == allies.people[7].id
        tx.execute(update(tables.trainee).where(stopped).values(state="stopped"))
    (led,) = suggestion_answers.of_lead(context, allies.lead)
    for each in led.suggestions:
        suggestion_answers.answer(context, allies.lead, each.id, Reply.CHANGED, "Done.", MONDAY)
    with pytest.raises(SettledError):
        suggestion_answers.answer(context, allies.lead, led.suggestions[0].id, Reply.NOT_NOW, "No.", MONDAY)
    assert suggestion_answers.tell_and_forget(context, MONDAY + timedelta(hours=23)) == 0
    noon = MONDAY + timedelta(days=1)
    for _ in range(3):
        suggestion_answers.tell_and_forget(context, noon)
    told = queued(context, "suggestion_answers")
    people = {each.actor.slack_user for each in allies.people} - {allies.people[7].actor.slack_user}
    assert Counter(row["to_user"] for row in told) == Counter({*people, allies.lead.slack_user})
    assert len({(row["about_id"], row["due_at"], row["stale_at"]) for row in told}) == 1
    assert suggestion_answers.tell_and_forget(context, noon + timedelta(hours=1)) == 0
    suggestion_answers.tell_and_forget(context, MONDAY + timedelta(days=35))
    assert rows(context) == []


def test_after_a_restore_nobody_is_told_without_a_look_whether_they_were(
    context: Context, allies: Enrolled
) -> None:
    send(context, allies, 0, 1, 2)
    suggestion_rounds.hand_over(context, MONDAY)
    (led,) = suggestion_answers.of_lead(context, allies.lead)
    suggestion_answers.answer(context, allies.lead, led.suggestions[0].id, Reply.CHANGED, "Done.", MONDAY)
    noon = MONDAY + timedelta(days=1)
    with context.database.transaction() as tx:
        since_backup.note(tx, MONDAY, noon + timedelta(hours=1))
    for _ in range(2):
        suggestion_answers.tell_and_forget(context, noon + timedelta(hours=1))
    told = queued(context, "suggestion_answers")
    assert len(told) == 13
    hour_before = MONDAY - timedelta(hours=1)
    assert {(row["attempted_at"], row["look_up_from"]) for row in told} == {(MONDAY, hour_before)}


def test_after_a_restore_leads_get_the_message_again_with_buttons_that_work(
    context: Context, allies: Enrolled
) -> None:
    send(context, allies, 0, 1, 2)
    with context.database.transaction() as tx:
        since_backup.note(tx, NOW, MONDAY + timedelta(hours=1))
    suggestion_rounds.hand_over(context, MONDAY + timedelta(hours=1))
    (message,) = queued(context, "suggestions")
    assert (message["state"], message["attempted_at"]) == ("due", None)  # sent without a look


def test_more_answers_than_fit_in_one_message_are_told_on_the_next_working_day(
    context: Context, allies: Enrolled
) -> None:
    send(context, allies, *range(9))
    suggestion_rounds.hand_over(context, MONDAY)
    (led,) = suggestion_answers.of_lead(context, allies.lead)
    for each in led.suggestions:
        suggestion_answers.answer(context, allies.lead, each.id, Reply.CHANGED, "Done.", MONDAY)
    days = Counter(row["tell_at"] for row in rows(context))
    assert days == {MONDAY + timedelta(days=1): 5, MONDAY + timedelta(days=2): 4}


def test_leads_of_other_programs_and_trainees_find_nothing(context: Context, allies: Enrolled) -> None:
    send(context, allies, 0, 1, 2)
    waiting_id = rows(context)[0]["id"]
    suggestion_rounds.hand_over(context, MONDAY)
    handed_id = rows(context)[0]["id"]
    other = enrol(context, "Other", 3).lead
    for who in (other, allies.people[0].actor, Actor("T2", allies.lead.slack_user)):
        with pytest.raises(NotFoundError):
            suggestion_answers.hide(context, who, handed_id, MONDAY)
    with pytest.raises(NotFoundError):
        suggestion_answers.read(context, allies.lead, waiting_id, MONDAY)


def test_a_hidden_one_loses_its_words_at_once_and_cannot_be_answered(
    context: Context, allies: Enrolled
) -> None:
    send(context, allies, 0, 1, 2)
    suggestion_rounds.hand_over(context, MONDAY)
    handed_id = rows(context)[0]["id"]
    suggestion_answers.hide(context, allies.lead, handed_id, MONDAY)
    (row,) = (row for row in rows(context) if row["id"] == handed_id)
    assert (row["sealed"], row["settled_by"]) == (None, allies.lead.slack_user)
    with pytest.raises(SettledError):
        suggestion_answers.answer(context, allies.lead, handed_id, Reply.CHANGED, "Done.", MONDAY)
    for _ in range(2):
        suggestion_answers.tell_and_forget(context, MONDAY + timedelta(days=1))
    assert queued(context, "suggestion_answers") == []


def test_all_are_counted_when_the_secret_key_changes_but_what_waits_hangs_on_personal_keys(
    context: Context, allies: Enrolled
) -> None:
    before = wraps(context).total
    send(context, allies, 0, 1, 2, 3)
    assert wraps(context).total == before
    suggestion_rounds.hand_over(context, MONDAY)
    assert wraps(context).total == before + 3
    rotated = {each.what: (each.anew, each.already, each.unreadable) for each in rotate(context)}
    assert rotated["suggestions"] == (0, 3, 0)


def test_more_people_than_a_page_are_told_by_pages_and_none_twice(context: Context) -> None:
    connect(context, WORKSPACE)
    allies = enrol(context, "Allies", ROWS_A_TICK + 3)
    send(context, allies, 0, 1, 2)
    suggestion_rounds.hand_over(context, MONDAY)
    (led,) = suggestion_answers.of_lead(context, allies.lead)
    suggestion_answers.answer(context, allies.lead, led.suggestions[0].id, Reply.CHANGED, "Done.", MONDAY)
    while suggestion_answers.tell_and_forget(context, MONDAY + timedelta(days=1)):
        pass
    told = Counter(row["to_user"] for row in queued(context, "suggestion_answers"))
    assert set(told.values()) == {1}
    assert len(told) == ROWS_A_TICK + 4


def test_the_ids_of_what_waits_need_the_personal_key(context: Context, allies: Enrolled) -> None:
    send(context, allies, 0)
    (row,) = rows(context)
    own = context.personal_key(allies.people[0].id)
    assert row["id"] == stored.waiting_id(own, allies.id, row["first_on"])
    others = [
        stored.waiting_id(context.personal_key(each.id), allies.id, row["first_on"])
        for each in allies.people[1:]
    ]
    assert row["id"] not in others
