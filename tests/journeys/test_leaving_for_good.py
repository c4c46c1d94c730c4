"""Forgotten or declined, then the same list, then a second program: the operator reads no difference.

Nothing comes to whoever left, until they ask for it themselves.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from allybot.demo.session import PROGRAM, ZONE
from allybot.services.programs import enrolment, programs
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, labels, words

Leave = Callable[[Journey, Person], None]


def forgets(journey: Journey, person: Person) -> None:
    person.begins()
    person.asks("/allybot forget-me")
    person.presses("Forget me now")
    person.reads("Done. allybot has forgotten you.")
    journey.settle()


def declines(journey: Journey, person: Person) -> None:
    """And a month later the row of who declined is deleted."""
    person.presses("No thanks")
    journey.run_worker()
    journey.pass_days(31)
    journey.session.allybot.worker.run_jobs(journey.now)
    journey.run_worker()


leaves = pytest.mark.parametrize("leave", [forgets, declines])


def runs_list(journey: Journey, name: str, *, commit: bool) -> str:
    """What the operator reads after running everybody's list, without the dates of cohorts."""
    allybot = journey.session.allybot
    if name not in {facts.program.name for facts in programs.list_programs(allybot.context)}:
        ended = journey.now.date() - timedelta(days=3)
        team = programs.list_programs(allybot.context)[0].program.workspace_id
        programs.create(allybot.context, team, name, "Kim", [("a", ended)], zone=ZONE.key, now=journey.now)
    text = "\n".join(["person", *(person.user for person in journey.people)])
    report = enrolment.enrol_csv(
        allybot.context,
        allybot.slack,
        programs.find(allybot.context, name),
        text,
        now=journey.now,
        commit=commit,
        dates_confirmed=True,
    )
    told = [*report.complaints(), *report.lines()]
    dates = {each.summary() for each in report.dates}
    return "\n".join(line for line in told if line not in dates)


def both(journey: Journey, name: str) -> str:
    """The dry run and the list itself."""
    return "\n".join(runs_list(journey, name, commit=commit) for commit in (False, True))


@leaves
def test_the_same_list_and_a_second_program_read_as_before_and_bring_nothing(
    journey: Journey, jonas: Person, leave: Leave
) -> None:
    before = both(journey, PROGRAM), both(journey, "Second")
    assert f"Enrolled 0 in {PROGRAM}; 2 were there already." in before[0]
    assert before[1].count(f"is in {PROGRAM} already; a person is in one program at a time.") == 4
    leave(journey, jonas)
    messages = len(jonas.messages())
    assert (both(journey, PROGRAM), both(journey, "Second")) == before
    journey.pass_days(7)
    assert len(jonas.messages()) == messages


@leaves
def test_a_program_after_the_first_finds_them_and_writes_nothing_to_them(
    journey: Journey, jonas: Person, leave: Leave
) -> None:
    leave(journey, jonas)
    journey.pass_days(200)
    journey.session.allybot.worker.run_jobs(journey.now)
    journey.run_worker()
    messages = len(jonas.messages())
    found = both(journey, "Third")
    assert "Would enrol 2 in Third; 0 were there already." in found
    assert "Enrolled 2 in Third; 0 were there already." in found
    assert "Enrolled 0 in Third; 2 were there already." in both(journey, "Third")
    journey.pass_days(7)
    assert len(jonas.messages()) == messages
    assert journey.people[1].reads("You made if-then plans in Third")


@pytest.mark.parametrize("typed", ["start", "hello"])
def test_whoever_types_to_the_bot_can_be_invited_again(journey: Journey, jonas: Person, typed: str) -> None:
    list_before = both(journey, PROGRAM)
    forgets(journey, jonas)
    answer = journey.answer_to(jonas, typed)
    assert "it sends you nothing of its own" in words(answer)
    assert labels(answer) == ["Invite me again"]
    jonas.presses("Invite me again", answer)
    assert jonas.reads("Good to have you back.")["ts"] == answer["ts"]  # the used button is gone
    journey.pass_days(1)
    welcome = jonas.messages()[-1]
    assert "Hello! You made if-then plans" in words(welcome)
    jonas.presses("Start", welcome)
    journey.run_worker()
    assert jonas.reads("do you remember best")
    assert both(journey, PROGRAM) == list_before
    assert "numbers made from your Slack id" not in jonas.asks("/allybot my-data")


def test_the_old_welcome_and_the_home_tab_offer_it_too(jonas: Person) -> None:
    welcome = jonas.messages()[0]
    jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    jonas.reads("Done. allybot has forgotten you.")
    jonas.presses("Start", welcome)
    assert labels(jonas.reads("it sends you nothing of its own")) == ["Invite me again"]
    jonas.home("it sends you nothing of its own")
    jonas.presses_at_home("Invite me again")
    assert "Good to have you back." in words(jonas.modal("allybot"))
    assert "You are on the list of" in words(jonas.looks_at_home("Nothing starts before you say yes"))


def test_whoever_left_and_types_a_command_is_told_how_to_be_invited_again(
    journey: Journey, jonas: Person
) -> None:
    forgets(journey, jonas)
    for command in ("plans", "plan", "pause", "resume", "stop", "why", "ask"):
        assert "it sends you nothing of its own" in jonas.asks(f"/allybot {command}"), command
        assert labels(jonas.messages()[-1]) == ["Invite me again"], command
