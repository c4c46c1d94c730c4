"""26 weeks lived by four people of different habits, on both databases."""

from datetime import date

import pytest

from bench.six_months import WAYS, live, table


@pytest.mark.trial
@pytest.mark.timeout(900)  # a quiet machine needs a tenth of it
def test_each_habit_gets_what_it_was_promised_for_half_a_year(database_url: str, vault_url: str) -> None:
    lived = live(database_url, vault_url)
    keeps_going, silent, back, leaves = lived
    assert keeps_going.messages["check-ins"] == keeps_going.answers == 7
    assert keeps_going.messages["after day 90"] == 3
    assert (silent.messages["check-ins"], silent.messages["slower or fresh start"]) == (3, 2)
    assert (silent.answers, silent.messages["re-plan"]) == (0, 1)
    assert (back.messages["check-ins"], back.answers) == (4, 1)
    assert leaves.messages["check-ins"] == leaves.answers == 7  # leave moves a step and loses none
    assert (leaves.state, leaves.messages["after day 90"]) == ("stopped", 1)
    assert [each.plans for each in lived] == [3, 0, 0, 3]
    assert [each.kept_until for each in lived] == [date(2026, 8, 15), None, None, date(2026, 9, 12)]
    assert [each.notes for each in lived] == [7, 0, 0, 7]
    assert [each.files for each in lived] == [0, 1, 1, 0]  # who is deleted has them in a file
    assert all(each.messages["follow-ups"] <= 2 for each in lived)
    printed = table(lived)
    assert all(way.named in printed for way in WAYS)
