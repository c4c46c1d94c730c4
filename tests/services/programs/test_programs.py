"""Setting up programs, on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime, timedelta

import pytest

from allybot.domain.people import Actor, Program
from allybot.domain.trainee import TraineeState
from allybot.errors import NotALead, NotFound, UserMistake, WrongState
from allybot.services.context import House
from allybot.services.programs import enrolment, programs
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.terms import terms_for
from allybot.store import trainees
from allybot.store.outcomes import ballots
from allybot.store.programs import programs as program_store

TRAINED = date(2026, 1, 2)


@pytest.fixture
def workspace(house: House) -> str:
    with house.database.transaction() as tx:
        for name in ("T1", "T2"):
            trainees.save_workspace(tx, name, name="Northwind", bot_user="B1", state="active")
    return "T1"


def create(house: House, now: datetime, name: str = "Allies 2026", **changes: object) -> Program:
    given = {"workspace_id": "T1", "support_contact": "Kim, HR", "cohorts": [("spring", TRAINED)], **changes}
    return programs.create(house, name=name, now=now, **given)  # type: ignore[arg-type]


def test_a_program_has_windows_that_close_and_a_day_on_which_people_are_deleted(
    house: House, workspace: str, now: datetime
) -> None:
    create(house, now, zone="Europe/Berlin")
    facts = programs.show(house, "allies  2026", workspace)
    assert facts.closing == (
        ("1-6", TRAINED + timedelta(days=42 + 14)),
        ("7-13", TRAINED + timedelta(days=91 + 14)),
    )
    assert facts.deleted_on == TRAINED + timedelta(days=105 + 31)
    assert facts.program.minimum_respondents == 10
    assert facts.program.epsilon_milli == 1000
    with house.database.reading() as tx:
        assert all(window.public_key for window in ballots.windows_of(tx, facts.program.id))


def test_rows_about_people_outlive_the_last_window(house: House, workspace: str, now: datetime) -> None:
    assert workspace
    program = create(house, now)
    with house.database.reading() as tx:
        last = max(window.closes_at for window in ballots.windows_of(tx, program.id) if window.closes_at)
    assert programs.show(house, program.name).deleted_on - timedelta(days=30) > last.date()


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"minimum_respondents": 4}, "between 5 and 50"),
        ({"minimum_respondents": 51}, "between 5 and 50"),
        ({"support_contact": "  "}, "support contact"),
        ({"cohorts": []}, "at least one cohort"),
        ({"cohorts": [("a", TRAINED), ("A", TRAINED)]}, "already has a cohort"),
        ({"zone": "Mars/Olympus"}, "not a time zone"),
        ({"country": "ZZ"}, "ZZ"),
        ({"key_holder": "me"}, "vault, custodian"),
        ({"name": "\n"}, "name"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_remains(
    house: House, workspace: str, now: datetime, changes: dict[str, object], about: str
) -> None:
    with pytest.raises(UserMistake, match=about):
        create(house, now, **changes)  # type: ignore[arg-type]
    assert programs.list_programs(house, workspace) == []


def test_the_bounds_of_the_minimum_are_allowed(house: House, workspace: str, now: datetime) -> None:
    assert workspace
    assert create(house, now, "five", minimum_respondents=5).minimum_respondents == 5
    assert create(house, now, "fifty", minimum_respondents=50).minimum_respondents == 50


def test_a_name_is_taken_once_in_a_workspace(house: House, workspace: str, now: datetime) -> None:
    assert workspace
    create(house, now)
    with pytest.raises(UserMistake, match="already"):
        create(house, now, "ALLIES 2026")
    create(house, now, workspace_id="T2")
    with pytest.raises(UserMistake, match="T1, T2"):
        programs.find(house, "Allies 2026")


def test_a_workspace_without_allybot_is_named(house: House, now: datetime) -> None:
    with pytest.raises(NotFound, match="T1"):
        create(house, now)


def test_a_name_that_does_not_exist_is_answered_with_those_that_do(
    house: House, workspace: str, now: datetime
) -> None:
    with pytest.raises(NotFound, match="allybot program create"):
        programs.find(house, "Alies", workspace)
    create(house, now)
    with pytest.raises(NotFound, match="Allies 2026"):
        programs.find(house, "Alies", workspace)


def test_a_later_cohort_moves_the_windows_and_the_day_of_deletion(
    house: House, workspace: str, now: datetime
) -> None:
    program = create(house, now)
    enrolment.enrol(house, program.id, [Enrolee("U1", "Al", "UTC", "en-GB")], now)
    programs.add_cohort(house, program.name, workspace, "summer", TRAINED + timedelta(days=60), now)
    facts = programs.show(house, program.name)
    assert facts.closing[-1][1] == TRAINED + timedelta(days=60 + 105)
    promised = terms_for(house, Actor("T1", "U1"))
    assert promised is not None
    assert promised.deleted_on == facts.deleted_on


def test_cohorts_are_fixed_once_the_first_check_in_has_gone_out(
    house: House, workspace: str, now: datetime
) -> None:
    program = create(house, now)
    with house.database.transaction() as tx:
        program_store.change_program(tx, program.id, frozen_at=now)
    with pytest.raises(WrongState, match="new edition"):
        programs.add_cohort(house, program.name, workspace, "late", TRAINED, now)
    assert len(programs.show(house, program.name).cohorts) == 1


def test_too_few_people_are_warned_about(house: House, workspace: str, now: datetime) -> None:
    assert workspace
    program = create(house, now, minimum_respondents=5)
    enrolment.enrol(house, program.id, [Enrolee(f"U{n}", "", "UTC", "en-GB") for n in range(4)], now)
    assert "share a program" in programs.show(house, program.name).warnings[0]
    enrolment.enrol(house, program.id, [Enrolee("U9", "", "UTC", "en-GB")], now)
    facts = programs.show(house, program.name)
    assert facts.warnings == ()
    assert facts.people == {TraineeState.INVITED: 5}
    assert facts.taking_part == 0


def test_a_lead_sees_his_programs_and_nobody_else_sees_any(
    house: House, workspace: str, now: datetime
) -> None:
    program = create(house, now)
    create(house, now, "Other")
    for _ in range(2):
        programs.appoint_lead(house, program.name, workspace, "ULEAD")
    assert [facts.program.name for facts in programs.led_by(house, Actor("T1", "ULEAD"))] == [program.name]
    assert programs.show(house, program.name).leads == ("ULEAD",)
    for stranger in (Actor("T1", "U1"), Actor("T2", "ULEAD")):
        with pytest.raises(NotALead):
            programs.led_by(house, stranger)
    programs.dismiss_lead(house, program.name, workspace, "ULEAD")
    with pytest.raises(NotALead):
        programs.led_by(house, Actor("T1", "ULEAD"))
    with pytest.raises(NotFound, match="does not lead"):
        programs.dismiss_lead(house, program.name, workspace, "ULEAD")


def test_a_lead_appoints_another_only_for_a_program_of_his_own(
    house: House, workspace: str, now: datetime
) -> None:
    lead = Actor("T1", "ULEAD")
    for name in ("One", "Two", "Three"):
        create(house, now, name)
    programs.appoint_lead(house, "One", workspace, "ULEAD")
    assert programs.appoint_fellow_lead(house, lead, "", "U2").name == "One"
    programs.appoint_lead(house, "Two", workspace, "ULEAD")
    with pytest.raises(UserMistake, match="One, Two"):
        programs.appoint_fellow_lead(house, lead, "", "U3")
    assert programs.appoint_fellow_lead(house, lead, "two", "U3").name == "Two"
    for who, name in ((lead, "Three"), (lead, "Nowhere"), (Actor("T1", "U9"), "One")):
        with pytest.raises(NotALead):
            programs.appoint_fellow_lead(house, who, name, "U4")
    assert programs.show(house, "Three").leads == ()


def test_moments_without_a_zone_are_refused(house: House, workspace: str) -> None:
    assert workspace
    naive = datetime(2026, 1, 6, 9, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(Exception, match="time zone"):
        create(house, naive)
