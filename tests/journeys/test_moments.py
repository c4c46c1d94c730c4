"""A lead of a small program chooses to learn how many had a moment: from set-up to report, in Slack."""

from typing import Any

from sqlalchemy import insert

from allybot.domain.people import Actor
from allybot.domain.plans import Outcome, PlanKind
from allybot.services.context import new_id
from allybot.services.outcomes import casting
from allybot.services.programs import programs
from allybot.store import tables
from allybot.store.outcomes import ballots
from allybot.store.programs import programs as stored
from tests.journeys.conftest import Journey
from tests.journeys.people import labels, words
from tests.journeys.test_programs import errors_of, make_admin
from tests.support import builders

NEW = "Allies, spring"
CHOICE = "Once, at the end: how many acted, and how many told of a moment"


def fourteen_are_asked_and_twelve_answer(journey: Journey) -> None:
    """In both halves of the weeks: five acted, three let a moment go, four had none."""
    later = [Outcome.ACTED] * 5 + [Outcome.FORGOT] * 3 + [Outcome.NO_MOMENT] * 4
    with journey.context.database.transaction() as tx:
        made = next(each for each in stored.programs(tx) if each.name == NEW)
        (window,) = ballots.windows_of(tx, made.id)
        people = {f"more-{number}": f"U0MORE{number}" for number in range(14)}
        cohort = stored.cohorts(tx, made.id)[0].id
        builders.trainees(
            tx, people, workspace_id=made.workspace_id, program_id=made.id, cohort_id=cohort, state="stopped"
        )
        for place, who in enumerate(people):
            for step, outcome in ((3, Outcome.NO_MOMENT), (70, later[place % 12])):
                row = {"id": new_id(), "trainee_id": who, "step": step, "window_id": window.id}
                due = {"due_at": journey.now, "state": "asked", "times_put_off": 0}
                tx.execute(insert(tables.check_in).values(**row, **due))
                if place < 12:
                    casting.cast(journey.context, tx, window.id, who, step, outcome, PlanKind.FEAR)


def test_a_lead_chooses_it_at_set_up_and_reads_both_numbers_once(journey: Journey) -> None:
    leyla = journey.leyla
    programs.create(
        journey.context, journey.workspace, "Other", "Kim", [("one", journey.now.date())], zone="UTC",
        pool="Courses", by=Actor(journey.workspace, leyla.user), now=journey.now,
    )  # fmt: skip
    make_admin(journey, leyla)
    leyla.types("/allybot program new")
    form = leyla.modal("Set up a program")
    assert CHOICE in str(form)
    filled: dict[str, Any] = {
        "name": NEW, "people": "18", "person": "U0ANA", "counting": CHOICE, "pool": "courses",
    }  # fmt: skip
    assert "count otherwise" in errors_of(leyla.submits(form, **filled))["pool"]
    leyla.submits(leyla.modal("Set up a program"), pool="")
    preview = leyla.modal("Is this right?")
    seen = words(preview)
    assert "with 18 people; once, and nothing before" in seen
    assert (
        "If 13 of 18 answer (70\u00a0%): about how many acted at least once, and how many told of a moment"
        in seen
    )
    assert "Weeks 1-13: closed and counted on" in seen
    assert "7-13" not in seen
    assert leyla.submits(preview)["response_action"] == "update"
    leyla.closes()
    journey.run_worker()
    assert "counted once: how many acted at least once, and how many told of a moment" in leyla.asks(
        "/allybot program"
    )
    fourteen_are_asked_and_twelve_answer(journey)
    ((_, closes_on),) = programs.show(journey.context, NEW).closing
    journey.go_to(closes_on.month, closes_on.day, 16)
    journey.pass_days(3)
    notice = leyla.reads("are out")
    for told in (words(notice), leyla.asks("/allybot transfers")):
        assert "of the 12 who answered acted at least once (" in told
        assert "of the 12 who answered told of a moment at least once (" in told
        assert "of all 14 asked" in told
    assert {"Page to print", "CSV", "JSON"} <= set(labels(notice))
