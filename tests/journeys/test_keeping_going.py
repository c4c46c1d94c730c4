"""After day 90, for whoever wants it: days 120, 150 and 180, when nothing is asked and nothing recorded."""

from datetime import datetime

import pytest

from allybot.demo.session import ZONE
from allybot.domain.trainee import Trainee
from allybot.store import trainees
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, words
from tests.journeys.test_check_ins import PLAN, QUESTION, ballots, said
from tests.journeys.test_day_90 import REPLAN

OFFER = "Keep going until day 180"
NO_QUESTION = "There is no question today, and nothing is recorded"


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """Somebody with a plan to whom the re-plan has come on day 90; the steps before are left out."""
    jonas = journey.people[0]
    jonas.begins()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    with journey.context.database.transaction() as tx:
        who = next(each for each in people(tx) if each.slack_user == jonas.user)
        due_at = datetime(2026, 4, 9, 10, tzinfo=ZONE)
        trainees.change_trainee(tx, who.id, next_step=90, next_check_in_at=due_at)
    journey.go_to(4, 9)
    return jonas


def people(tx: Transaction) -> list[Trainee]:
    """Everybody on the list."""
    (program,) = programs.programs(tx)
    return trainees.trainees_of_program(tx, program.id)


def recorded(journey: Journey) -> dict[str, list]:
    """All that could tell of an outcome."""
    with journey.context.database.reading() as tx:
        return {
            table: sorted(map(str, tx.exec_driver_sql(f"SELECT * FROM {table}").all()))  # noqa: S608 - ours
            for table in ("check_in", "ballot")
        }


def monthly(person: Person) -> list[dict]:
    """The messages of the days after the re-plan, oldest first."""
    return [one for one in person.messages() if NO_QUESTION in words(one)]


def test_one_tap_keeps_going_and_says_what_is_kept_until_when(journey: Journey, jonas: Person) -> None:
    replan = jonas.reads(REPLAN)
    assert OFFER in labels(replan)
    assert "at about days 120, 150 and 180" in words(replan)
    assert "until 15 August 2026 instead of 25 May 2026; by tapping you agree to that" in words(replan)
    jonas.presses(OFFER, replan)
    journey.run_worker()
    told = jonas.reads("You keep going until day 180")
    assert told["ts"] == replan["ts"]
    assert "The next message comes on Tuesday 12 May" in words(told)
    assert "deleted on 15 August 2026" in words(told)
    assert labels(told) == ["All my plans", "Stop these messages"]
    assert "Your plans are kept until 15 August 2026" in words(
        jonas.home("Your plan comes by message on Tuesday 12 May")
    )
    assert "All of this is deleted on 15 August 2026" in jonas.asks("/allybot my-data")


def test_the_three_messages_bring_the_plan_and_leave_no_trace_of_an_outcome(
    journey: Journey, jonas: Person
) -> None:
    jonas.presses(OFFER, jonas.reads(REPLAN))
    journey.run_worker()
    before = recorded(journey)
    for number, (month, day) in enumerate(((5, 12), (6, 9), (7, 8)), start=1):
        journey.go_to(month, day)
        assert len(monthly(jonas)) == number
    first, _, last = monthly(jonas)
    assert "120 days have passed since your training" in words(first)
    assert f"> {PLAN}" in words(first)
    assert "turn to Noor Rahman" in words(first)
    assert labels(first) == ["Write another plan", "Change this one", "A line to say", "Stop these messages"]
    assert "the last of these messages" in words(last)
    assert "Stop these messages" not in labels(last)
    assert QUESTION not in said(jonas)
    jonas.presses("Change this one", last)
    view = jonas.modal("Mend a plan")
    assert jonas.submits(view, cue="she is cut off in the planning")["response_action"] == "update"
    jonas.closes()
    jonas.presses("A line to say", last)
    assert jonas.modal("Words to say")
    jonas.closes()
    assert recorded(journey) == before
    assert ballots(journey) == []
    journey.go_to(7, 16)
    assert "are deleted on 15 August 2026" in words(jonas.reads("no more check-ins will come"))
    assert "has ended, and no more check-ins come" in words(jonas.home("has ended"))


def test_a_copy_comes_before_the_later_deletion_and_then_everything_is_gone(
    journey: Journey, jonas: Person
) -> None:
    jonas.presses(OFFER, jonas.reads(REPLAN))
    journey.run_worker()
    for month, day in ((5, 12), (5, 26), (6, 9), (7, 8), (7, 16)):
        journey.go_to(month, day)
    assert "holds your plans and notes" not in said(jonas)
    assert PLAN in jonas.asks("/allybot plans")
    for day in (6, 7, 10, 11):
        journey.go_to(8, day)
    assert "on the list on 15 August 2026" in words(jonas.reads("holds your plans and notes"))
    journey.go_to(8, 15)
    assert PLAN not in jonas.asks("/allybot plans")


def test_without_the_tap_it_ends_as_planned(journey: Journey, jonas: Person) -> None:
    jonas.presses("Keep things as they are", jonas.reads(REPLAN))
    journey.run_worker()
    assert OFFER in labels(jonas.reads("Kept as they are"))  # it can still be chosen
    for _ in range(6):
        journey.pass_days(7)
    assert monthly(jonas) == []
    assert "are deleted on 25 May 2026" in words(jonas.reads("no more check-ins will come"))


def test_who_first_kept_the_plans_can_still_keep_going_after_the_goodbye(
    journey: Journey, jonas: Person
) -> None:
    jonas.presses("Keep things as they are", jonas.reads(REPLAN))
    journey.run_worker()
    kept = jonas.reads("Kept as they are")
    journey.go_to(4, 16)
    assert jonas.reads("no more check-ins will come")
    jonas.presses(OFFER, kept)
    journey.run_worker()
    assert jonas.reads("You keep going until day 180")
    journey.go_to(5, 12)
    assert len(monthly(jonas)) == 1


def test_they_stop_in_between_and_nothing_more_comes(journey: Journey, jonas: Person) -> None:
    jonas.presses(OFFER, jonas.reads(REPLAN))
    journey.run_worker()
    journey.go_to(5, 12)
    jonas.presses("Stop these messages", monthly(jonas)[-1])
    assert "Your plans and notes stay until 15 August 2026" in words(jonas.reads("No more check-ins"))
    for month, day in ((6, 9), (7, 8), (7, 16)):
        journey.go_to(month, day)
    assert len(monthly(jonas)) == 1
    assert "no more check-ins will come" not in said(jonas)


def test_a_pause_moves_the_message_along(journey: Journey, jonas: Person) -> None:
    jonas.presses(OFFER, jonas.reads(REPLAN))
    journey.run_worker()
    journey.go_to(5, 11)
    assert "Paused until" in jonas.asks("/allybot pause 2 weeks")
    journey.go_to(5, 12)
    assert monthly(jonas) == []
    journey.go_to(5, 25)
    journey.go_to(5, 26)
    assert len(monthly(jonas)) == 1
