"""The nightly look at circles: what Slack's events have missed is mended, circle by circle."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from allybot.domain.people import Actor
from allybot.services.circles import nightly, seats
from allybot.services.circles.nights import next_night
from allybot.store import trainees
from allybot.store.circles import circles, life
from allybot.store.programs import programs
from allybot.store.tables import circle, circle_member, program
from tests.support import builders
from tests.workers.delivery_harness import CIRCLE_CHANNEL, HERE, Office

FIRST, SECOND, THIRD = "trainee-UA1", "trainee-UA2", "trainee-UA3"
NIGHT = datetime(2026, 1, 7, 5, 30, tzinfo=UTC)


@pytest.fixture
def night(office: Office, circle_of: Callable[..., Actor]) -> Office:
    """UA1 and UA2 are members and in the channel, UA3 is in the program only; the night is over."""
    circle_of()
    with office.context.database.transaction() as tx:
        columns = {"workspace_id": HERE, "program_id": "program-1", "cohort_id": "cohort-1"}
        builders.trainees(tx, {THIRD: "UA3"}, **columns)
        for place, (trainee, turns) in enumerate(((FIRST, 3), (SECOND, 2))):
            seat = {"circle_id": "circle-1", "trainee_id": trainee, "place": place, "turns": turns}
            tx.execute(insert(circle_member).values(**seat))
        circles.change_circle(tx, "circle-1", nightly_at=NIGHT)
    office.emulator.slack.workspaces[HERE].conversations[CIRCLE_CHANNEL].members[:] = ["UA1", "UA2", "UABOT"]
    office.now = NIGHT
    return office


def look(office: Office, days: int = 0) -> int:
    """The job runs at night, or so many nights later, until it finds nothing to do."""
    office.now += timedelta(days=days)
    job, done = nightly.nightly_look(office.slack), 0
    while found := job(office.context, office.now):
        done += found
    return done


def in_channel(office: Office, *users: str) -> None:
    """Slack lets people come and go, and no event reaches allybot."""
    conversation = office.emulator.slack.workspaces[HERE].conversations[CIRCLE_CHANNEL]
    conversation.members[:] = [*users, "UABOT"]


def seated(office: Office) -> dict[str, int]:
    """Members by Slack user, with their turns."""
    with office.context.database.reading() as tx:
        return {each.slack_user: each.turns for each in circles.members(tx, "circle-1")}


def nightly_at(office: Office) -> datetime:
    with office.context.database.reading() as tx:
        found: datetime = tx.execute(select(circle.c.nightly_at)).scalar_one()
    return found


def test_whoever_left_while_nobody_listened_is_no_member_in_the_morning(night: Office) -> None:
    look(night)
    in_channel(night, "UA1")
    look(night, days=1)
    assert seated(night) == {"UA1": 3}


def test_whoever_is_on_the_list_and_was_never_in_the_channel_keeps_their_seat(night: Office) -> None:
    in_channel(night, "UA1")
    for _ in range(3):
        assert look(night, days=1) == 1
    assert set(seated(night)) == {"UA1", "UA2"}


def test_whoever_joined_while_nobody_listened_is_seated_with_the_fewest_turns(night: Office) -> None:
    in_channel(night, "UA1", "UA2", "UA3")
    look(night)
    assert seated(night) == {"UA1": 3, "UA2": 2, "UA3": 2}


def test_whoever_left_by_the_button_stays_out_until_they_join_the_channel_anew(night: Office) -> None:
    in_channel(night, "UA1", "UA2", "UA3")
    look(night)
    seats.leave(night.context, Actor(HERE, "UA3"), "circle-1")
    look(night, days=1)
    assert "UA3" not in seated(night)
    in_channel(night, "UA1", "UA2")
    look(night, days=1)
    in_channel(night, "UA1", "UA2", "UA3")
    look(night, days=1)
    assert "UA3" in seated(night)


def test_whoever_slack_has_deactivated_keeps_their_seat_for_the_day_they_return(night: Office) -> None:
    look(night)
    with night.context.database.transaction() as tx:
        trainees.change_trainee(tx, SECOND, state="gone")
    in_channel(night, "UA1")
    look(night, days=1)
    assert set(seated(night)) == {"UA1", "UA2"}


def test_a_guest_of_the_channel_who_has_a_circle_or_is_in_no_program_is_not_seated(night: Office) -> None:
    with night.context.database.transaction() as tx:
        row = dict(tx.execute(select(circle)).mappings().one())
        other = {"id": "circle-2", "channel": "C0OTHER", "next_post_at": night.now, "nightly_at": None}
        tx.execute(insert(circle).values({**row, **other}))
        tx.execute(insert(circle_member).values(circle_id="circle-2", trainee_id=THIRD, place=1, turns=0))
    in_channel(night, "UA1", "UA2", "UA3", "UA7")
    look(night)
    assert set(seated(night)) == {"UA1", "UA2"}


def test_a_full_circle_seats_nobody_more(night: Office) -> None:
    more = {f"trainee-{number}": f"UX{number}" for number in range(10)}
    with night.context.database.transaction() as tx:
        columns = {"workspace_id": HERE, "program_id": "program-1", "cohort_id": "cohort-1"}
        builders.trainees(tx, more, **columns)
        for place, trainee in enumerate(more, 2):
            circles.add_member(tx, "circle-1", trainee, 0)
            assert place
    in_channel(night, "UA1", "UA2", "UA3")
    look(night)
    assert "UA3" not in seated(night)


def test_a_circle_is_looked_at_once_a_night_at_a_moment_between_one_and_five(night: Office) -> None:
    assert look(night) == 1
    assert look(night) == 0
    assert night.calls("conversations.members") == 1
    with night.context.database.reading() as tx:
        found = programs.program_by_id(tx, "program-1")
    assert found is not None
    moments = [next_night(night.context, found, f"circle-{number}", night.now) for number in range(400)]
    assert all(moment.date() == (NIGHT + timedelta(days=1)).date() for moment in moments)
    assert {moment.hour for moment in moments} == {1, 2, 3, 4}
    assert nightly_at(night) == next_night(night.context, found, "circle-1", night.now)


def test_while_slack_cannot_be_asked_nothing_changes_and_it_is_asked_again_in_an_hour(night: Office) -> None:
    look(night)
    in_channel(night, "UA1")
    night.fault("server_error", "conversations.members", times=1)
    assert look(night, days=1) == 0
    assert set(seated(night)) == {"UA1", "UA2"}
    assert nightly_at(night) == night.now + timedelta(hours=1)
    night.now += timedelta(hours=1)
    assert look(night) == 1
    assert set(seated(night)) == {"UA1"}


def test_a_circle_whose_channel_is_gone_is_left_to_the_next_post_which_tells_the_leads(night: Office) -> None:
    look(night)
    with night.context.database.transaction() as tx:
        tx.execute(update(circle).values(channel="C0GONE"))
    look(night, days=1)
    assert set(seated(night)) == {"UA1", "UA2"}
    assert nightly_at(night) > night.now + timedelta(hours=2)


def test_a_circle_that_cannot_be_looked_at_keeps_no_other_waiting(night: Office) -> None:
    with night.context.database.transaction() as tx:
        row = dict(tx.execute(select(circle)).mappings().one())
        other = {"id": "circle-0", "channel": "C0OTHER", "program_id": "program-2"}
        builders.program(tx, cohort="cohort-2", id="program-2", name="Other", workspace_id=HERE)
        tx.execute(insert(circle).values({**row, **other}))
        tx.execute(update(program).where(program.c.id == "program-2").values(zone="Nowhere"))
    in_channel(night, "UA1", "UA2", "UA3")
    for _ in range(3):
        nightly.nightly_look(night.slack)(night.context, night.now)
    assert set(seated(night)) == {"UA1", "UA2", "UA3"}


def test_leaving_by_the_button_is_remembered_once(night: Office) -> None:
    seats.leave(night.context, Actor(HERE, "UA2"), "circle-1")
    with night.context.database.transaction() as tx:
        life.add_leaver(tx, "circle-1", SECOND)
        assert life.leavers(tx, "circle-1") == {"UA2": SECOND}
        life.forget_leaver(tx, "circle-1", SECOND)
        assert life.leavers(tx, "circle-1") == {}
