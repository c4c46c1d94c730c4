"""Clocks that disagree: nothing is said twice, and whoever cannot know the time does nothing."""

import pytest
from sqlalchemy import update

from allybot.store.outbox import State
from allybot.store.tables import outbox
from tests.workers.office import Office

MINUTES = 60


@pytest.mark.parametrize("minutes", [-7 * 24 * 60, -30, -6, 6, 30])
@pytest.mark.parametrize("mode", ["server_error", "drop_after_accept"])
def test_a_message_is_found_wherever_slacks_clock_stands(office: Office, minutes: int, mode: str) -> None:
    office.stand_in.config.clock_ahead_seconds = minutes * MINUTES
    row = office.put("one")
    office.fault(mode, accepted=1.0)
    for _ in range(10):
        office.deliver()
    assert office.state(row) is State.SENT
    assert office.seen() == {"about one": 1}
    assert office.calls("chat.postMessage") == 1


def test_a_look_up_goes_back_to_the_first_attempt_of_all(office: Office) -> None:
    row = office.put("one")
    office.fault("server_error", times=2)
    office.deliver()
    first = office.row(row).look_up_from
    assert first is not None
    office.stand_in.config.clock_ahead_seconds = 3600
    while office.calls("chat.postMessage") < 2:
        office.deliver()
    assert office.row(row).look_up_from == first


def test_a_slack_that_tells_no_time_has_its_whole_history_looked_at(office: Office) -> None:
    row = office.put("one")
    office.fault("server_error", accepted=1.0)
    office.deliver()
    with office.house.database.transaction() as tx:
        tx.execute(update(outbox).values(look_up_from=None))
    while office.state(row) is not State.SENT:
        office.deliver()
    assert office.seen() == {"about one": 1}
