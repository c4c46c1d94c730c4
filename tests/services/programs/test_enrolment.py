"""Parsing a list, looking up its people in Slack, and enrolling them."""

import json
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allybot.domain.circles import CircleState
from allybot.domain.enrolment import Doubt
from allybot.domain.people import Actor, Program
from allybot.domain.trainee import Trainee, TraineeState
from allybot.errors import NotFoundError, SlackRefusedError, SlackUnavailableError
from allybot.services.circles import membership as circle_service
from allybot.services.context import Context
from allybot.services.programs import enrolment, programs
from allybot.services.programs.circle_channels import look_up_channels
from allybot.services.programs.directory import Enrolee, look_up
from allybot.services.programs.roster import RosterError, Row, parse
from allybot.services.trainees import consent
from allybot.slack.gateway import SlackGateway
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.delivery import outbox
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.programs.workspaces import save_workspace
from slack_emulator import Emulator, EmulatorConfig, Person
from slack_emulator.config import default_team

TRAINED = date(2026, 1, 2)


def problems_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(RosterError) as caught:
        parse(text)
    return [(problem.line, str(problem)) for problem in caught.value.problems]


# ---- the list


def test_a_plain_list_is_parsed() -> None:
    assert parse("person,cohort,circle,circle_name\nal@x.org,spring,C01,Oaks\nU01,,,\n") == [
        Row(2, "al@x.org", "spring", "C01", "Oaks"),
        Row(3, "U01"),
    ]


def test_csv_of_all_common_spreadsheets_is_parsed() -> None:
    heading = "\ufeffE-Mail Address;Full Name;Cohort;Circle ID\r\n"
    text = heading + '\r\nAl@X.org;"Weber; Al";spring;<#C01|oaks>\r\n;;;\r\n'
    assert parse(text) == [Row(3, "al@x.org", "spring", "C01")]
    assert parse("Slack ID\tcohort\n<@U01|al>\tspring") == [Row(2, "U01", "spring")]


def test_without_a_heading_the_first_column_is_the_person() -> None:
    assert parse("al@x.org,spring\nU02") == [Row(1, "al@x.org", "spring"), Row(2, "U02")]


def test_identical_lines_count_once() -> None:
    assert len(parse("person,cohort\nal@x.org,a\nAL@x.org,a\n")) == 1


def test_every_problem_is_reported_with_its_line() -> None:
    found = problems_of(
        "person,cohort,circle\nnobody,a,\n,a,\nal@x.org,a,general\nbo@x.org,a,\nbo@x.org,b,\nU02,a,C01,more\n"
    )
    assert [line for line, _ in found] == [2, 3, 4, 6, 7]
    assert "line 6: bo@x.org is on line 5 already" in found[3][1]


def test_unknown_headings_are_reported() -> None:
    assert problems_of("cohort,circle\na,C01\n") == [
        (1, "line 1: there is no column `person` (an e-mail address or a Slack user id).")
    ]
    assert "'cohrot' is not one of" in problems_of("person,cohrot\nU01,a\n")[0][1]
    assert "two columns for person" in problems_of("person,email\nU01,a@x.org\n")[0][1]


@pytest.mark.parametrize("empty", ["", "\ufeff", "\n\n", "person,cohort\n", ";;\n"])
def test_an_empty_list_is_reported(empty: str) -> None:
    assert "empty" in problems_of(empty)[0][1]


def test_an_unclosed_quotation_is_reported() -> None:
    assert problems_of('person\nU01\n"U02\nU03')[0][0] == 3


@given(st.text(max_size=200))
def test_any_text_is_a_list_or_a_list_of_problems(text: str) -> None:
    found: Sequence[object]
    try:
        found = parse(text)
    except RosterError as refused:
        found = refused.problems
    assert found


# ---- Slack


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    emulator = Emulator()
    emulator.start()
    control(emulator, "users", id="U0GONE", name="gone", email="gone@emulator.example", deleted=True)
    yield emulator
    emulator.stop()


def control(emulator: Emulator, route: str, **body: object) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{emulator.url}_control/{route}", data=json.dumps(body).encode(), method="POST"
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - loopback
        pass


@pytest.fixture
def slack(emulator: Emulator) -> SlackGateway:
    return SlackGateway(lambda _workspace: emulator.config.teams[0].bot_token, emulator.api_url)


def test_people_are_found_by_address_and_by_id_with_their_own_zone(slack: SlackGateway) -> None:
    found, problems = look_up(
        slack, "T0EMULATOR", [Row(2, "dara@emulator.example", "a", "C01"), Row(3, "U0CHEN")]
    )
    assert problems == []
    assert [(one.slack_user, one.zone, one.cohort, one.circle) for one in found] == [
        ("U0DARA", "America/New_York", "a", "C01"),
        ("U0CHEN", "Asia/Singapore", "", ""),
    ]


def test_bots_deactivated_and_unknown_users_are_reported_by_line(slack: SlackGateway) -> None:
    rows = [Row(2, "U0BOT"), Row(3, "U0GONE"), Row(4, "nobody@x.org"), Row(5, "U0NOBODY")]
    found, problems = look_up(slack, "T0EMULATOR", rows)
    assert found == []
    assert [str(problem) for problem in problems] == [
        "line 2: U0BOT is a bot.",
        "line 3: U0GONE is deactivated in Slack.",
        "line 4: nobody@x.org is not in this workspace.",
        "line 5: U0NOBODY is not in this workspace.",
    ]


def test_a_person_listed_by_address_and_by_id_counts_once(slack: SlackGateway) -> None:
    alike = [Row(2, "anton@emulator.example", "a"), Row(3, "U0ANTON", "a")]
    assert [len(part) for part in look_up(slack, "T0EMULATOR", alike)] == [1, 0]
    unlike = [Row(2, "anton@emulator.example", "a"), Row(3, "U0ANTON", "b")]
    found, problems = look_up(slack, "T0EMULATOR", unlike)
    assert len(found) == 1
    assert "line 2" in problems[0].reason


def test_retry_after_is_respected(slack: SlackGateway, emulator: Emulator) -> None:
    control(emulator, "faults", method="users.info", mode="rate_limited", times=2, retry_after=7)
    waited: list[float] = []
    found, _ = look_up(slack, "T0EMULATOR", [Row(2, "U0CHEN")], wait=waited.append)
    assert len(found) == 1
    assert waited == [7, 7]


def test_retries_end_after_some_attempts(slack: SlackGateway, emulator: Emulator) -> None:
    control(emulator, "faults", method="users.info", mode="rate_limited", times=100, retry_after=1)
    waited: list[float] = []
    try:
        with pytest.raises(SlackUnavailableError):
            look_up(slack, "T0EMULATOR", [Row(2, "U0CHEN")], wait=waited.append)
    finally:
        control(emulator, "faults", clear=True)
    assert len(waited) == 5


@pytest.fixture
def large() -> Iterator[Emulator]:
    """A workspace of 2,000 people, among whom one is deactivated."""
    people = [
        Person(id=f"U{number:04}", name=f"n{number}", email=f"n{number}@x.org", deleted=number == 7)
        for number in range(2000)
    ]
    team = default_team()
    team.people, team.channels = people, []
    emulator = Emulator(EmulatorConfig(teams=[team]))
    emulator.start()
    yield emulator
    emulator.stop()


def calls(emulator: Emulator) -> Counter[str]:
    with urllib.request.urlopen(f"{emulator.url}_control/log?kind=web_api", timeout=10) as log:  # noqa: S310 - loopback
        return Counter(each["method"] for each in json.load(log)["log"])


def test_a_long_list_is_looked_up_by_pages_and_a_short_one_by_name(large: Emulator) -> None:
    slack = SlackGateway(lambda _: large.config.teams[0].bot_token, large.api_url)
    rows = [Row(number, f"n{number}@x.org" if number % 2 else f"U{number:04}") for number in range(1800)]
    found, problems = look_up(slack, "T0EMULATOR", [*rows, Row(1800, "nobody@x.org")])
    assert len(found) == 1799
    assert found[3].zone == "Europe/Zurich"
    assert [(each.line, each.doubt) for each in problems] == [
        (7, Doubt.NOT_FOUND),  # Slack finds no deactivated person by their address
        (1800, Doubt.NOT_FOUND),
    ]
    assert calls(large) == {"users.list": 11, "users.lookupByEmail": 2}
    few = [Row(1, "U0001"), Row(2, "n3@x.org")]
    assert len(look_up(slack, "T0EMULATOR", few)[0]) == 2
    assert calls(large)["users.list"] == 11


def test_where_pages_do_not_hold_them_people_are_asked_for_in_an_even_pace(large: Emulator) -> None:
    slack = SlackGateway(lambda _: large.config.teams[0].bot_token, large.api_url)
    waited: list[float] = []
    rows = [Row(number, f"nobody{number}@x.org") for number in range(60)]
    assert len(look_up(slack, "T0EMULATOR", rows, wait=waited.append)[1]) == 60
    assert len(waited) == 10


def test_an_invalid_token_raises(emulator: Emulator) -> None:
    with pytest.raises(SlackRefusedError, match="invalid_auth"):
        look_up(SlackGateway(lambda _: "xoxb-wrong", emulator.api_url), "T0EMULATOR", [Row(2, "U0CHEN")])


def test_a_lead_is_found_or_the_reason_is_reported(slack: SlackGateway) -> None:
    assert enrolment.slack_user(slack, "T0EMULATOR", "chen@emulator.example") == "U0CHEN"
    with pytest.raises(NotFoundError, match="U0BOT is a bot"):
        enrolment.slack_user(slack, "T0EMULATOR", "U0BOT")


# ---- enrolling


@pytest.fixture
def program(context: Context, now: datetime) -> Program:
    with context.database.transaction() as tx:
        save_workspace(tx, "T1", name="Northwind", bot_user="B1", state="active")
    return programs.create(context, "T1", "Allies", "Kim", [("a", TRAINED), ("b", TRAINED)], now=now)


def person(number: int, zone: str = "Europe/Berlin", cohort: str = "a", circle: str = "") -> Enrolee:
    return Enrolee(f"U{number:03}", f"Man {number}", zone, "en-GB", cohort, circle, line=number + 1)


def everybody(context: Context, program: Program) -> list[Trainee]:
    with context.database.reading() as tx:
        return trainees.trainees_of_program(tx, program.id)


def welcomes(context: Context) -> list[outbox.OutboxRow]:
    with context.database.reading() as tx:
        return [row for row in outbox.rows_in(tx, outbox.MessageState.DUE) if row.kind == MessageKind.WELCOME]


def test_the_enrolled_are_invited_have_a_key_and_get_one_welcome(
    context: Context, program: Program, now: datetime
) -> None:
    report = enrolment.enrol(context, program.id, [person(1), person(2, cohort="B")], now)
    assert report.good
    assert len(report.added) == 2
    enrolled = everybody(context, program)
    assert {trainee.state for trainee in enrolled} == {TraineeState.INVITED}
    assert len({trainee.cohort_id for trainee in enrolled}) == 2
    assert len({context.personal_key(trainee.id) for trainee in enrolled}) == 2
    assert {row.key for row in welcomes(context)} == {f"welcome:{trainee.id}" for trainee in enrolled}
    assert all(trainee.delete_after is not None for trainee in enrolled)


def test_enrolling_the_same_list_again_is_idempotent(
    context: Context, program: Program, now: datetime
) -> None:
    enrolment.enrol(context, program.id, [person(1), person(2)], now)
    before = everybody(context, program), welcomes(context)
    report = enrolment.enrol(context, program.id, [person(1), person(2), person(3)], now)
    assert [len(report.added), len(report.already)] == [1, 2]
    assert len(everybody(context, program)) == 3
    assert before[1] == [row for row in welcomes(context) if row in before[1]]


def test_a_dry_run_reports_and_changes_nothing(context: Context, program: Program, now: datetime) -> None:
    enrolment.enrol(context, program.id, [person(1)], now)
    found = [person(1), person(2), person(3, cohort="nowhere"), person(4, cohort="")]
    report = enrolment.dry_run(context, program.id, found, now)
    assert [len(report.added), len(report.already), len(report.refused)] == [1, 1, 2]
    assert "line 4: Man 3 has the unknown cohort nowhere; Allies has: a, b." in report.in_words()
    assert "nothing was changed" in report.in_words()
    assert len(everybody(context, program)) == 1
    done = enrolment.enrol(context, program.id, found, now)
    assert (done.added, done.refused) == (report.added, report.refused)


def test_the_only_cohort_need_not_be_named(context: Context, program: Program, now: datetime) -> None:
    assert program
    single = programs.create(context, "T1", "Single", "Kim", [("only", TRAINED)], now=now)
    assert enrolment.enrol(context, single.id, [person(1, cohort="")], now).good


def test_a_trainee_of_another_program_is_refused_by_name(
    context: Context, program: Program, now: datetime
) -> None:
    other = programs.create(context, "T1", "Elders", "Kim", [("a", TRAINED)], now=now)
    enrolment.enrol(context, other.id, [person(1)], now)
    report = enrolment.enrol(context, program.id, [person(1), person(2)], now)
    assert "Man 1 is in Elders already" in str(report.refused[0])
    assert len(report.added) == 1


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Europe/Berlin", (6, 10, 0)), ("Asia/Singapore", (7, 10, 0)), ("America/New_York", (6, 10, 0))],
)
def test_a_welcome_is_sent_in_the_persons_working_hours(
    context: Context, program: Program, zone: str, hour: tuple[int, int, int]
) -> None:
    late = datetime(2026, 1, 6, 12, 0, tzinfo=UTC) if zone == "Asia/Singapore" else None
    moment = late or datetime(2026, 1, 6, 4, 30, tzinfo=UTC)
    enrolment.enrol(context, program.id, [person(1, zone=zone)], moment)
    due = welcomes(context)[0].due_at.astimezone(ZoneInfo(zone))
    assert (due.day, due.hour, due.minute) == hour


def test_an_unknown_zone_is_replaced_by_the_programs(
    context: Context, program: Program, now: datetime
) -> None:
    enrolment.enrol(context, program.id, [person(1, zone="Moon/Base")], now)
    assert everybody(context, program)[0].zone == program.zone


def test_circles_are_joined_and_more_than_one_can_have_are_refused_by_the_dry_run(
    context: Context, program: Program, now: datetime
) -> None:
    crowd = [person(number, circle="C01") for number in range(1, 15)]
    planned = enrolment.dry_run(context, program.id, crowd, now)
    assert [len(planned.added), len(planned.refused)] == [12, 2]
    assert "is one too many on this list for the circle C01" in planned.refused[0].reason
    assert [each.person for each in planned.refused] == [each.name for each in crowd[12:]]
    enrolment.enrol(context, program.id, crowd[:3], now)
    report = enrolment.enrol(context, program.id, [*crowd[:3], person(20), person(21)], now)
    with context.database.reading() as tx:
        circle = circles.circle_of_channel(tx, "T1", "C01")
        assert circle is not None
        assert len(circles.members(tx, circle.id)) == 3
    assert any("needs at least 4" in warning for warning in report.warnings)


def test_somebody_enrolled_without_a_circle_joins_one_later(
    context: Context, program: Program, now: datetime
) -> None:
    enrolment.enrol(context, program.id, [person(1)], now)
    enrolment.enrol(context, program.id, [person(1, circle="C01")], now)
    trainee = everybody(context, program)[0]
    with context.database.reading() as tx:
        assert [circle.channel for circle in circles.circles_of_trainee(tx, trainee.id)] == ["C01"]


def test_a_closed_circle_is_reopened_and_reported(context: Context, program: Program, now: datetime) -> None:
    crowd = [person(number, circle="C01") for number in range(1, 5)]
    enrolment.enrol(context, program.id, crowd, now)
    circle_service.close_circle(context, "T1", "C01", now)
    planned = enrolment.dry_run(context, program.id, crowd, now)
    assert "The circle C01 had stopped; enrolling starts it again." in planned.warnings
    done = enrolment.enrol(context, program.id, crowd, now)
    assert "The circle C01, which had stopped, is back; its next scenario comes on 12 January 2026." in (
        done.warnings
    )
    with context.database.reading() as tx:
        circle = circles.circle_of_channel(tx, "T1", "C01")
    assert circle is not None
    assert circle.state is CircleState.ACTIVE
    assert not [
        note for note in enrolment.enrol(context, program.id, crowd, now).warnings if "stopped" in note
    ]


def test_a_closed_circle_reopens_alike_for_who_declined(
    context: Context, program: Program, now: datetime
) -> None:
    enrolment.enrol(context, program.id, [person(1, circle="C01")], now)
    circle_service.close_circle(context, "T1", "C01", now)
    consent.decline(context, Actor("T1", "U001"), now)
    report = enrolment.enrol(context, program.id, [person(1, circle="C01")], now)
    assert [note for note in report.warnings if "stopped" in note]


def test_a_long_list_is_enrolled_in_batches_with_progress(
    context: Context, program: Program, now: datetime
) -> None:
    told: list[tuple[int, int]] = []
    crowd = [person(number) for number in range(1, 231)]
    report = enrolment.enrol(
        context, program.id, crowd, now, progress=lambda done, of: told.append((done, of))
    )
    assert told == [(100, 230), (200, 230), (230, 230)]
    assert len(report.added) == len(everybody(context, program)) == 230


def test_a_public_channel_is_refused_even_with_the_scope_to_read_it(slack: SlackGateway) -> None:
    """The emulator grants every scope to an app without a manifest."""
    fit, unfit = look_up_channels(slack, "T0PRACTICE", ["C0GENERAL"], print)
    assert fit == {}
    assert "The circle C0GENERAL is not a private channel" in unfit[0]


def test_retry_after_is_respected_for_channels(slack: SlackGateway, emulator: Emulator) -> None:
    control(emulator, "faults", method="conversations.info", mode="rate_limited", times=2, retry_after=7)
    waited: list[float] = []
    assert len(look_up_channels(slack, "T0PRACTICE", ["C0GENERAL"], waited.append)[1]) == 1
    assert waited == [7, 7]


def test_a_csv_list_becomes_trainees(
    context: Context, emulator: Emulator, slack: SlackGateway, now: datetime
) -> None:
    assert emulator
    with context.database.transaction() as tx:
        save_workspace(tx, "T0EMULATOR", name="Northwind", bot_user="U0BOT", state="active")
    program = programs.create(context, "T0EMULATOR", "Allies", "Kim", [("a", TRAINED)], now=now)
    text = "email\nchen@emulator.example\nnobody@x.org\n"
    planned = enrolment.enrol_csv(context, slack, program, text, now=now, commit=False)
    assert not planned.good
    assert everybody(context, program) == []
    done = enrolment.enrol_csv(context, slack, program, text, now=now, commit=True)
    assert "Left out: line 3: nobody@x.org is not in this workspace." in done.in_words()
    with context.database.reading() as tx:
        assert trainees.trainee_of(tx, Actor("T0EMULATOR", "U0CHEN")) is not None
