"""A program's own scenarios on SQLite and PostgreSQL: planned, deleted, unreadable, restored, rotated."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from allybot.content.own_scenarios import OwnScenarioError, own_scenario
from allybot.content.plan_library import WholePlan
from allybot.crypto import Keyring
from allybot.domain.people import Actor, Program
from allybot.domain.scenario_order import ScenarioChoice
from allybot.errors import DecryptionError, NotALeadError, NotFoundError
from allybot.i18n import ENGLISH
from allybot.prompts.programs.change_log import line
from allybot.services.circles import membership, own_scenarios, scenarios
from allybot.services.circles.own_scenarios import FullError, InUseError, scenario_of
from allybot.services.context import Context
from allybot.services.data import key_rotation, retention
from allybot.services.programs import change_log
from allybot.store import tables
from allybot.store.circles import own_scenarios as store
from allybot.store.data import sweep
from allybot.store.programs import programs
from tests.conftest import SECRET
from tests.services.circles.test_circles import (
    BEFORE,
    KIT,
    MONDAY,
    WEEK,
    actor,
    context,
    says_yes,
    set_up,
    the_weeks,
)

__all__ = ["context"]
LEAD = Actor("T1", "ULEAD")
WORDS = {
    "title": "The marker",
    "kind": "fear",
    "situation": "Wren draws the plan, and Ola takes the marker.",
    "question": "What would you say?",
    "option_a": "Hand her another",
    "option_b": "Ask her to finish",
    "option_e": "Probably nothing, this time",
}
PLAN = WholePlan(cue="somebody is cut off", response="ask to hear the rest")
OWN = f"own-{'7' * 32}"


def kept(context: Context, **changed: str) -> Program:
    """A circle of five, and a scenario that its lead has kept."""
    program = set_up(context)
    with context.database.transaction() as tx:
        programs.add_lead(tx, program.id, LEAD.slack_user)
    own_scenarios.write(context, LEAD, program.id, OWN, WORDS | changed, BEFORE)
    own_scenarios.keep(context, LEAD, program.id, OWN, BEFORE)
    return program


def coming(context: Context) -> str:
    """The scenario of the newest week."""
    return the_weeks(context)[-1].scenario_id


def test_a_planned_week_gets_another_one_when_it_is_deleted_and_a_prepared_one_keeps_it(
    context: Context,
) -> None:
    program = kept(context)
    membership.queue_due(context, KIT)
    assert coming(context) == OWN
    scenarios.delete(context, LEAD, program.id, OWN, KIT)
    assert coming(context) == context.content.scenarios[0].id
    own_scenarios.write(context, LEAD, program.id, OWN, WORDS, KIT)
    own_scenarios.keep(context, LEAD, program.id, OWN, KIT)
    says_yes(context, KIT)
    membership.queue_due(context, MONDAY)
    membership.queue_due(context, MONDAY + WEEK)
    assert coming(context) == OWN
    with pytest.raises(InUseError):
        scenarios.delete(context, LEAD, program.id, OWN, MONDAY + WEEK)
    with pytest.raises(InUseError):
        own_scenarios.write(context, LEAD, program.id, OWN, WORDS | {"title": "x"}, MONDAY + WEEK)
    assert (
        scenarios.delete(context, LEAD, program.id, OWN, MONDAY + 2 * WEEK).all == context.content.scenarios
    )


def test_a_week_that_somebody_prepares_keeps_its_scenario_and_may_be_mended(context: Context) -> None:
    program = kept(context)
    membership.queue_due(context, KIT)
    says_yes(context, KIT)
    with pytest.raises(InUseError):
        scenarios.delete(context, LEAD, program.id, OWN, KIT)
    own_scenarios.write(context, LEAD, program.id, OWN, WORDS | {"title": "The pen"}, KIT)
    assert own_scenarios.keep(context, LEAD, program.id, OWN, KIT).title == "The pen"


def test_one_that_nobody_can_read_is_in_no_circles_way_and_can_be_deleted(context: Context) -> None:
    program = kept(context)
    with context.database.transaction() as tx:
        tx.execute(update(tables.own_scenario).values(kept_sealed=b"x" * 80))
    membership.queue_due(context, MONDAY)
    assert coming(context) == context.content.scenarios[0].id
    seen = scenarios.of_program(context, LEAD)
    assert (seen.all, seen.lost) == (context.content.scenarios, (OWN,))
    with context.database.reading() as tx, pytest.raises(DecryptionError):
        scenario_of(context, tx, program.id, OWN)
    assert scenarios.delete(context, LEAD, program.id, OWN, MONDAY).lost == ()


def test_what_leads_do_with_scenarios_stands_in_the_programs_log(context: Context) -> None:
    program, shipped = kept(context), context.content.scenarios[0]
    own_scenarios.keep(context, LEAD, program.id, OWN, BEFORE)  # pressed twice
    own_scenarios.write(context, LEAD, program.id, OWN, WORDS | {"title": "The pen"}, BEFORE)
    own_scenarios.keep(context, LEAD, program.id, OWN, BEFORE)
    for choice in (choice for choice in ScenarioChoice for _pressed_twice in range(2)):
        scenarios.choose(context, LEAD, program.id, shipped.id, choice, BEFORE)

    def log() -> list[str]:
        changes = change_log.changes_of(context, LEAD, program.id)[1]
        return [line(ENGLISH, each).partition(": ")[2] for each in reversed(changes)]

    assert log()[-5:] == [
        "added a scenario: The pen",
        "changed a scenario: The pen",
        f"put a scenario first: {shipped.title}",
        f"left a scenario out: {shipped.title}",
        f"let a scenario come at its turn: {shipped.title}",
    ]
    newest = change_log.changes_of(context, None, program.id, 2)[1]
    assert [line(ENGLISH, each).partition(": ")[2] for each in reversed(newest)] == log()[-2:]
    scenarios.delete(context, LEAD, program.id, OWN, BEFORE)
    assert log()[-1] == "deleted a scenario"
    assert "added a scenario: its title can no longer be shown" in log()


def test_it_is_read_by_the_programs_people_and_nobody_else(context: Context) -> None:
    program = kept(context)
    assert own_scenarios.read(context, actor(1), OWN).title == "The marker"
    assert own_scenarios.read(context, LEAD, OWN).title == "The marker"
    for stranger in (Actor("T1", "UELSE"), Actor("T2", "U01")):
        with pytest.raises(NotFoundError):
            own_scenarios.read(context, stranger, OWN)
        with pytest.raises(NotALeadError):
            own_scenarios.write(context, stranger, program.id, OWN, WORDS, BEFORE)
    with context.database.reading() as tx, pytest.raises(NotFoundError):
        scenario_of(context, tx, "another program", OWN)


def test_there_is_room_for_so_many_and_a_draft_alone_reaches_no_circle(context: Context) -> None:
    program = kept(context)
    for number in range(own_scenarios.MOST - 1):
        own_scenarios.write(context, LEAD, program.id, f"own-{number:032x}", WORDS, BEFORE)
    with pytest.raises(FullError):
        own_scenarios.begun(context, LEAD, program.id, "", BEFORE)
    with pytest.raises(FullError):
        own_scenarios.write(context, LEAD, program.id, f"own-{'a' * 32}", WORDS, BEFORE)
    seen = scenarios.of_program(context, LEAD)
    assert len(seen.begun) == own_scenarios.MOST - 1
    assert [each.id for each in seen.all if each not in context.content.scenarios] == [OWN]
    assert len(seen.all) + len(seen.begun) <= 100, "Slack's menu"


def test_the_secret_key_is_changed_and_they_go_with_the_programs_people(context: Context) -> None:
    program = kept(context)
    fresh = "another test secret and quite long"
    rotating = replace(context, keyring=Keyring(f"{fresh},{SECRET}"))
    found = {each.what: each.anew for each in key_rotation.rotate(rotating)}
    assert found["own scenarios"] == 1
    assert own_scenarios.read(replace(context, keyring=Keyring(fresh)), LEAD, OWN).title == "The marker"
    with context.database.transaction() as tx:
        tx.execute(delete(tables.trainee))
    retention.tidy(context, BEFORE)
    with context.database.transaction() as tx:
        sweep.tidy_circles(tx)
        assert tx.execute(select(tables.own_scenario)).all() == []
        assert store.how_many(tx, program.id) == 0


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("title", "", "empty"),
        ("title", "x" * 76, "too_long"),
        ("kind", "courage", "too_long"),
        ("situation", "{name} left", "signs"),
        ("question", "&" * 50, "signs"),
        ("situation", "word " * 138, "words"),
        ("option_b", "", "empty"),
        ("cue", "It starts", "half"),
        ("response", "I speak up.", "half"),
        ("note_2", "x" * 201, "too_long"),
        ("brings_e", "<!channel>", "signs"),
        ("second", "x" * 201, "too_long"),
        ("lines", "a\n\nb\nc\nd", "too_long"),
    ],
)
def test_each_rule_of_the_content_is_told_by_its_field(field: str, text: str, reason: str) -> None:
    more = {"cue": "it happens", "response": "speak up"} if field in {"cue", "response"} else {}
    with pytest.raises(OwnScenarioError) as refused:
        own_scenario(OWN, WORDS | more | {field: text}, PLAN)
    assert refused.value.problems == {field: reason}
    assert text.strip() == "" or text not in str(refused.value), "no word of anybody in an error"


def test_one_half_of_a_plan_is_not_enough_and_none_takes_the_kinds_own() -> None:
    with pytest.raises(OwnScenarioError) as refused:
        own_scenario(OWN, WORDS | {"cue": "it starts"}, PLAN)
    assert refused.value.problems == {"response": "empty"}
    assert own_scenario(OWN, WORDS, PLAN).make_it_my_plan == PLAN
