"""A trainee sees exactly what the leads of their program see, and nothing of another."""

from datetime import date, datetime, timedelta

import pytest

from allybot.domain.anonymity import Tier
from allybot.domain.people import Actor
from allybot.i18n import Say
from allybot.prompts.outcomes import summary as for_leads
from allybot.prompts.outcomes import what_leads_see as prompts
from allybot.services.context import Context
from allybot.services.outcomes import summaries
from allybot.services.outcomes.what_leads_see import what_leads_see
from allybot.services.programs import programs
from allybot.store.outcomes import ballots
from tests.support.full_trainee import AL, LEAD, Al, full_trainee


@pytest.fixture
def al(context: Context, now: datetime) -> Al:
    return full_trainee(context, now)


def publish(al: Al) -> None:
    with al.context.database.transaction() as tx:
        made = ballots.Published({"acted": 9}, Tier.S, 1000, 12, 14, date(2026, 2, 27))
        ballots.add_release(tx, al.window_id, made)
        ballots.set_window(tx, al.window_id, state="published", published_on=made.published_on)


def test_it_is_the_leads_own_summary(al: Al, now: datetime) -> None:
    publish(al)
    (shown_to_leads,) = summaries.summary(al.context, LEAD, now)
    assert what_leads_see(al.context, AL) == shown_to_leads
    page = prompts.page(Say(), shown_to_leads).body["blocks"]
    theirs = [
        block
        for block in for_leads.summary(Say(), [shown_to_leads]).older
        if block["type"] != "actions"  # files with the same figures
    ]
    assert page[1 : 1 + len(theirs)] == theirs
    assert "12 of the 14" in str(page)


def test_before_the_first_count_it_says_when_that_will_be(al: Al) -> None:
    page = str(prompts.page(Say(), what_leads_see(al.context, AL)).body["blocks"])
    assert "27 February 2026" in page
    assert "nobody can see how many have answered" in page


def test_another_programs_figures_are_not_shown(al: Al, now: datetime) -> None:
    other = programs.create(
        al.context, "T1", "Others", "Kim", [("b", now.date())], now=now + timedelta(hours=1)
    )
    seen = what_leads_see(al.context, AL)
    assert seen is not None
    assert seen.program == "Allies" != other.name


def test_a_stranger_and_a_namesake_elsewhere_see_no_figures(al: Al) -> None:
    publish(al)
    for who in (Actor("T1", "UNOBODY"), Actor("T2", "UAL"), LEAD):
        assert what_leads_see(al.context, who) is None
    assert "12" not in str(prompts.page(Say(), None).body)
