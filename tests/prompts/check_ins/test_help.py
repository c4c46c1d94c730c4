"""The help after an answer, as somebody sees it who only sees lengths."""

import json
from datetime import UTC, date, datetime

import pytest

from allybot.content import Content
from allybot.domain.check_ins import FromHere, Tap
from allybot.domain.plans import Intention, Plan, PlanKind, PlanState
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import ids
from allybot.prompts.check_ins import help as help_prompts
from allybot.prompts.check_ins.messages import change_form

SAY = Say("en-GB")
SHORT = Intention("we meet", "I ask")
ORDINARY = Intention(
    "someone is talked over in our planning meeting", "say that I would like to hear the rest"
)


def plan(words: Intention) -> Plan:
    created = datetime(2026, 1, 6, tzinfo=UTC)
    return Plan(id="a" * 32, kind=PlanKind.FEAR, intention=words, state=PlanState.ACTIVE, created_at=created)


def size(view: View) -> int:
    """Bytes as they are sent."""
    return len(json.dumps(view.body))


def help_after(content: Content, words: Intention, tap: Tap) -> View:
    value = ids.HelpFormValue(check_in="a" * 32, tap=tap.value)
    library = content.plan_library_of("Allies")
    return help_prompts.help_form(SAY, library, value, plan(words), "Kim", turn=0, has_circle=True)


@pytest.mark.parametrize("words", [SHORT, ORDINARY])
def test_the_help_has_one_length_whatever_was_answered(content: Content, words: Intention) -> None:
    assert len({size(help_after(content, words, tap)) for tap in Tap}) == 1


def test_what_is_said_at_the_end_has_one_length_whatever_was_chosen() -> None:
    days = (None, date(2026, 1, 20))
    shown = [
        help_prompts.settled(SAY, plan(words), "Kim", from_here=choice, next_on=day, remind_on=day)
        for choice in FromHere
        for day in days
        for words in (SHORT, ORDINARY)
    ]
    assert len({size(view) for view in shown}) == 1


def test_what_a_modal_carries_is_read_as_before_and_is_not_longer_than_slack_allows(content: Content) -> None:
    for tap in Tap:
        carried = help_after(content, ORDINARY, tap).body["private_metadata"]
        assert ids.HelpFormValue.unpack(carried) == ids.HelpFormValue(check_in="a" * 32, tap=tap.value)
        assert len(carried) <= 3000
    carried = change_form(SAY, "a" * 32, "Kim").body["private_metadata"]
    assert ids.CheckInValue.unpack(carried) == ids.CheckInValue(check_in="a" * 32)
