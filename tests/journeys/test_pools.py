"""A group of nine in two editions: told that its answers wait, and counted once with the next."""

from datetime import UTC, date, datetime

import pytest

from allybot.services.outcomes import summaries
from allybot.services.programs import leading, programs
from tests.journeys.conftest import Journey, StartJourney
from tests.journeys.people import labels, words
from tests.journeys.test_results import asked_on_15_january, told, whoever_is_asked_facilitates
from tests.services.outcomes.test_pooling import EIGHT, enrol

POOL = "Leadership courses"
ASKED = "so you are asked anew"
WAITS = "There are no figures for weeks 1\u20136 of *Allies at Northwind* yet"


def shares_a_pool(journey: Journey) -> None:
    """The lead names it in Slack, and sees what comes of it before it does."""
    lead = journey.lead
    lead.asks("/allybot program")
    lead.presses("Change")
    lead.modal("Change")
    lead.presses_in_modal("Pool with later groups")
    form = lead.modal("Pool with later groups")
    assert "1 to 200 characters" in str(lead.submits(form, pool=" \u200b"))
    assert lead.submits(form, pool=POOL)["response_action"] == "push"
    seen = lead.modal("This would happen")
    for said in (
        "wait for other programs of the pool Leadership courses, up to 18 months",
        "from 12 people on, or else deleted unopened",
        "Whoever takes part is asked in their working hours",
    ):
        assert said in words(seen)
    assert programs.find(journey.context, "Allies at Northwind").pool is None
    lead.submits(seen)
    assert "is changed" in words(lead.modal("Changed"))
    lead.closes()
    lead.asks("/allybot program")
    lead.presses("What was changed")
    assert f"let the program share the pool {POOL}" in words(lead.reads("What was changed in"))


@pytest.mark.one_workspace
def test_nine_agree_are_told_that_their_answers_wait_and_the_next_group_brings_the_figure(
    start_journey: StartJourney,
) -> None:
    journey = asked_on_15_january(start_journey, 9, answering=8)
    shares_a_pool(journey)
    journey.go_to(1, 16)
    for person in journey.people:
        question = person.reads(ASKED)
        assert "counted once, together with later groups of Leadership courses" in words(question)
        assert "Without a tap yours are deleted unopened" in words(question)
        person.presses("Mine may wait", question)
        person.reads("Your sealed answers may wait for later groups")
    journey.go_to(3, 5)
    whoever_is_asked_facilitates(journey)
    journey.go_to(3, 6)
    journey.go_to(3, 9)
    notes = [told(person, WAITS) for person in journey.people]
    assert [len(each) for each in notes] == [1] * 9
    assert len({each[0]["text"] for each in notes}) == 1
    assert "you cannot be told what came of it" in words(notes[0][0])
    jonas = journey.people[0]
    assert "it waits for later groups of Leadership courses" in jonas.asks("/allybot my-data")
    seen = journey.lead.asks("/allybot transfers")
    assert "They wait, sealed, for the next groups of Leadership courses" in seen
    for month, day in ((5, 18), (5, 19), (5, 25), (5, 26)):
        journey.go_to(month, day)
    assert "on no program's list" in jonas.asks("/allybot my-data")
    assert "one sealed answer that is not counted yet" in jonas.asks("/allybot forget-me")
    jonas.presses("Forget me now")
    assert "holds nothing about you" in jonas.asks("/allybot my-data")

    now = datetime(2026, 5, 26, tzinfo=UTC)
    team = programs.find(journey.context, "Allies at Northwind").workspace_id
    autumn = programs.create(
        journey.context, team, "Autumn", "Noor", [("one", date(2026, 5, 22))], pool=POOL, now=now
    )
    leading.appoint_lead(journey.context, "Autumn", team, journey.lead.user, now)
    enrol(journey.context, autumn, [f"U0NEW{place}" for place in range(9)], EIGHT)
    summaries.close_due(journey.context, datetime(2026, 7, 20, tzinfo=UTC))
    journey.go_to(7, 20)
    seen = journey.lead.asks("/allybot transfers")
    assert "counted together with later groups: Allies at Northwind (Winter 2026) and Autumn (one)" in seen
    assert seen.count("of the 15 who answered") == 2
    notice = journey.lead.reads("are out after all")
    assert "Show the outcomes" in labels(notice)
