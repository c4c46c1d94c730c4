"""Programs, cohorts and leads, on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from allybot.domain.people import Actor, Program
from allybot.domain.weekly_counts import WeeklyCount, monday_of, start_of_week
from allybot.errors import NotALeadError, NotFoundError, UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.programs import changing, enrolment, leading, people_counts, programs
from allybot.services.programs.directory import Enrolee
from allybot.services.programs.terms import terms_for
from allybot.store.outcomes import ballots
from allybot.store.programs import programs as program_store
from allybot.store.programs.workspaces import save_workspace

TRAINED = date(2026, 1, 2)


@pytest.fixture
def workspace(context: Context) -> str:
    with context.database.transaction() as tx:
        for name in ("T1", "T2"):
            save_workspace(tx, name, name="Northwind", bot_user="B1", state="active")
    return "T1"


def create(context: Context, now: datetime, name: str = "Allies 2026", **changes: object) -> Program:
    given = {"workspace_id": "T1", "support_contact": "Kim, HR", "cohorts": [("spring", TRAINED)], **changes}
    return programs.create(context, name=name, now=now, **given)  # type: ignore[arg-type]


def test_a_program_has_closing_dates_and_a_deletion_date(
    context: Context, workspace: str, now: datetime
) -> None:
    create(context, now, zone="Europe/Berlin")
    facts = programs.show(context, "allies  2026", workspace)
    assert facts.closing == (
        ("1-6", TRAINED + timedelta(days=42 + 14)),
        ("7-13", TRAINED + timedelta(days=91 + 14)),
    )
    assert facts.deleted_on == TRAINED + timedelta(days=105 + 31)
    assert facts.program.minimum_respondents == 10
    assert facts.program.epsilon_milli == 1000
    with context.database.reading() as tx:
        assert all(window.public_key for window in ballots.windows_of(tx, facts.program.id))


def test_trainees_are_deleted_after_the_last_window(context: Context, workspace: str, now: datetime) -> None:
    assert workspace
    program = create(context, now)
    with context.database.reading() as tx:
        last = max(window.closes_at for window in ballots.windows_of(tx, program.id) if window.closes_at)
    assert programs.show(context, program.name).deleted_on - timedelta(days=30) > last.date()


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"minimum_respondents": 4}, "between 5 and 50"),
        ({"minimum_respondents": 51}, "between 5 and 50"),
        ({"support_contact": "  "}, "support contact"),
        ({"cohorts": []}, "at least one cohort"),
        ({"cohorts": [("a", TRAINED), ("A", TRAINED)]}, "already a cohort called"),
        ({"zone": "Mars/Olympus"}, "not a time zone"),
        ({"country": "ZZ"}, "ZZ"),
        ({"key_holder": "me"}, "vault, custodian"),
        ({"name": "\n"}, "name"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_invalid_values_are_refused_and_nothing_is_stored(
    context: Context, workspace: str, now: datetime, changes: dict[str, object], about: str
) -> None:
    with pytest.raises(UserError, match=about):
        create(context, now, **changes)  # type: ignore[arg-type]
    assert programs.list_programs(context, workspace) == []


def test_the_bounds_of_the_minimum_are_allowed(context: Context, workspace: str, now: datetime) -> None:
    assert workspace
    assert create(context, now, "five", minimum_respondents=5).minimum_respondents == 5
    assert create(context, now, "fifty", minimum_respondents=50).minimum_respondents == 50


def test_a_name_is_unique_in_a_workspace(context: Context, workspace: str, now: datetime) -> None:
    assert workspace
    create(context, now)
    with pytest.raises(UserError, match="already"):
        create(context, now, "ALLIES 2026")
    create(context, now, workspace_id="T2")
    with pytest.raises(UserError, match="T1, T2"):
        programs.find(context, "Allies 2026")


def test_an_unknown_workspace_is_refused_by_name(context: Context, now: datetime) -> None:
    with pytest.raises(NotFoundError, match="T1"):
        create(context, now)


def test_an_unknown_name_is_refused_with_the_known_ones(
    context: Context, workspace: str, now: datetime
) -> None:
    with pytest.raises(NotFoundError, match="allybot program create"):
        programs.find(context, "Alies", workspace)
    create(context, now)
    with pytest.raises(NotFoundError, match="Allies 2026"):
        programs.find(context, "Alies", workspace)


@pytest.mark.usefixtures("workspace")
def test_a_later_cohort_moves_closing_and_deletion_dates(context: Context, now: datetime) -> None:
    program = create(context, now)
    enrolment.enrol(context, program.id, [Enrolee("U1", "Al", "UTC", "en-GB")], now)
    summer = TRAINED + timedelta(days=60)
    changing.add_cohort(context, None, program.id, "summer", summer, now, confirmed=True)
    facts = programs.show(context, program.name)
    assert facts.closing[-1][1] == TRAINED + timedelta(days=60 + 105)
    promised = terms_for(context, Actor("T1", "U1"))
    assert promised is not None
    assert promised.deleted_on == facts.deleted_on


@pytest.mark.usefixtures("workspace")
def test_no_cohort_can_be_added_after_the_first_check_in(context: Context, now: datetime) -> None:
    program = create(context, now)
    with context.database.transaction() as tx:
        program_store.change_program(tx, program.id, frozen_at=now)
    with pytest.raises(WrongStateError, match="new edition"):
        changing.add_cohort(context, None, program.id, "late", TRAINED, now, confirmed=True)
    assert len(programs.show(context, program.name).cohorts) == 1


def test_people_are_counted_on_mondays_in_the_programs_zone(
    context: Context, workspace: str, now: datetime
) -> None:
    assert workspace
    auckland = ZoneInfo("Pacific/Auckland")
    program = create(context, now, zone="Pacific/Auckland")
    monday = monday_of(now, auckland) + timedelta(days=7)
    midnight = start_of_week(monday, auckland)

    def counted() -> WeeklyCount | None:
        return programs.show(context, program.name).counted

    def enrol(first: int, last: int) -> None:
        people = [Enrolee(f"U{n}", "", "UTC", "en-GB") for n in range(first, last)]
        enrolment.enrol(context, program.id, people, now)

    enrol(0, 24)
    for moment in (now, midnight - timedelta(seconds=1)):
        people_counts.count_people(context, moment)
        assert counted() is None
    assert people_counts.count_people(context, midnight) == 1
    assert counted() == WeeklyCount(monday, 20, None)
    enrol(24, 60)
    assert people_counts.count_people(context, midnight + timedelta(days=6, hours=23)) == 0
    assert counted() == WeeklyCount(monday, 20, None)
    assert people_counts.count_people(context, midnight + timedelta(days=7)) == 1
    assert counted() == WeeklyCount(monday + timedelta(days=7), 60, None)


def test_only_leads_see_programs_and_only_their_own(context: Context, workspace: str, now: datetime) -> None:
    program = create(context, now)
    create(context, now, "Other")
    for _ in range(2):
        leading.appoint_lead(context, program.name, workspace, "ULEAD", now)
    assert [facts.program.name for facts in leading.led_by(context, Actor("T1", "ULEAD"))] == [program.name]
    assert programs.show(context, program.name).leads == ("ULEAD",)
    for stranger in (Actor("T1", "U1"), Actor("T2", "ULEAD")):
        with pytest.raises(NotALeadError):
            leading.led_by(context, stranger)
    with pytest.raises(WrongStateError, match="at least one lead"):
        leading.dismiss_lead(context, program.name, workspace, "ULEAD", now)
    leading.appoint_lead(context, program.name, workspace, "UOTHER", now)
    leading.dismiss_lead(context, program.name, workspace, "ULEAD", now)
    with pytest.raises(NotALeadError):
        leading.led_by(context, Actor("T1", "ULEAD"))
    with pytest.raises(NotFoundError, match="does not lead"):
        leading.dismiss_lead(context, program.name, workspace, "ULEAD", now)


def test_a_lead_appoints_another_only_for_a_program_they_lead(
    context: Context, workspace: str, now: datetime
) -> None:
    lead = Actor("T1", "ULEAD")
    for name in ("One", "Two", "Three"):
        create(context, now, name)
    leading.appoint_lead(context, "One", workspace, "ULEAD", now)
    assert leading.appoint_fellow_lead(context, lead, "", "U2", now).name == "One"
    leading.appoint_lead(context, "Two", workspace, "ULEAD", now)
    with pytest.raises(UserError, match="One, Two"):
        leading.appoint_fellow_lead(context, lead, "", "U3", now)
    assert leading.appoint_fellow_lead(context, lead, "two", "U3", now).name == "Two"
    for who, name in ((lead, "Three"), (lead, "Nowhere"), (Actor("T1", "U9"), "One")):
        with pytest.raises(NotALeadError):
            leading.appoint_fellow_lead(context, who, name, "U4", now)
    assert programs.show(context, "Three").leads == ()


def test_naive_datetimes_are_refused(context: Context, workspace: str) -> None:
    assert workspace
    naive = datetime(2026, 1, 6, 9, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(Exception, match="time zone"):
        create(context, naive)
