"""Programs and lists at the command line: what would hurt people is said before anything is done."""

import csv
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from slack_emulator import Channel, Emulator
from tests.shell import BOT_USER, CIRCLES, MANIFEST, PEOPLE, TEAM, Operator, office

CREATE = 'allybot program create Spring --support-contact "Mira, HR" --zone UTC --cohort'
ENROL = "allybot enrol people.csv --program Spring"
SPECIAL = (
    Channel(id="C0PUBLIC", name="random", members=[BOT_USER]),
    Channel(id="G0NOBOT", name="without-bot", is_private=True, members=[PEOPLE[0]]),
    Channel(id="C0OLD", name="old", is_private=True, is_archived=True, members=[BOT_USER]),
)
Begin = Callable[..., Emulator]


@pytest.fixture
def begin(operator: Operator) -> Iterator[Begin]:
    """Starts a workspace and sets the operator's variables."""
    running: list[Emulator] = []

    def start(**what: object) -> Emulator:
        running.append(office(channels=SPECIAL, **what))  # type: ignore[arg-type]
        running[-1].start()
        operator.installed_at(running[-1])
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    """Somebody at a shell in an empty directory."""
    return Operator(tmp_path, monkeypatch, capsys)


def a_list(operator: Operator, *circles: str) -> None:
    """Everybody, spread over these circles."""
    with (operator.folder / "people.csv").open("w", newline="", encoding="utf-8") as sheet:
        csv.writer(sheet).writerows(
            [
                ("person", "cohort", "circle"),
                *((user, "A", circles[place % len(circles)]) for place, user in enumerate(PEOPLE)),
            ]
        )


def days_ago(days: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


def enrolled(operator: Operator) -> bool:
    return (
        re.search(r"; [1-9]\d* were there already", operator.types(f"{ENROL} --confirm-dates").out)
        is not None
    )


def test_a_training_of_long_ago_creates_nothing_until_it_is_confirmed(
    begin: Begin, operator: Operator
) -> None:
    begin()
    refused = operator.types(f'{CREATE} "A={days_ago(140)}"')
    assert (refused.code, refused.out) == (1, "")
    assert "everybody in it would have been deleted on" in refused.err
    assert "4 days ago" in refused.err
    assert "There is no program yet." in operator.types("allybot program list").out
    confirmed = operator.types(f'{CREATE} "A={days_ago(140)}" --confirm-dates')
    assert confirmed.code == 0
    assert f"training ended {days_ago(140)}" in confirmed.out
    assert f"closed {days_ago(140 - 105)}" in confirmed.out
    assert "people deleted " in confirmed.out


def test_nobody_is_enrolled_into_a_program_that_is_over(begin: Begin, operator: Operator) -> None:
    begin()
    operator.types(f'{CREATE} "A={days_ago(140)}" --confirm-dates')
    a_list(operator, "")
    for more in ("", "--yes", "--yes --confirm-dates"):
        done = operator.types(f"{ENROL} {more}")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("allybot: Spring is over: its last window closed on ")
    assert not enrolled(operator)


def test_a_training_to_come_is_spoken_of_as_such(begin: Begin, operator: Operator) -> None:
    begin()
    made = operator.types(f'{CREATE} "A={days_ago(-20)}"')
    assert f"training ends {days_ago(-20)}" in made.out
    assert f"closes {days_ago(-20 - 105)}" in made.out
    assert "people deleted from" in made.out


def test_dates_on_a_list_that_leave_no_check_in_are_refused_until_confirmed(
    begin: Begin, operator: Operator
) -> None:
    begin()
    operator.types(f'{CREATE} "A={days_ago(95)}" --confirm-dates')
    a_list(operator, "")
    for more in ("", "--yes"):
        done = operator.types(f"{ENROL} {more}")
        assert done.code == 1
        assert "In the way: Cohort A: its training ended on" in done.err
        assert "--confirm-dates" in done.err
        assert "Nothing was changed" in done.out
    assert not enrolled(operator)
    assert operator.types(f"{ENROL} --yes --confirm-dates").code == 0
    assert enrolled(operator)


def test_a_dry_run_lists_everybody_with_name_and_circle(begin: Begin, operator: Operator) -> None:
    begin()
    operator.types(f'{CREATE} "A=today"')
    a_list(operator, *CIRCLES, "")
    dry = operator.types(ENROL)
    assert dry.code == 0
    lines = dry.out.splitlines()
    assert lines[0] == "Would enrol 12 in Spring; 0 were there already."
    assert lines[1:4] == [
        "  cohort a, no circle, 4: Person U0P02, Person U0P05, Person U0P08, Person U0P11",
        "  cohort a, circle c0blue (C0BLUE), 4: Person U0P01, Person U0P04, Person U0P07, Person U0P10",
        "  cohort a, circle c0red (C0RED), 4: Person U0P00, Person U0P03, Person U0P06, Person U0P09",
    ]
    assert lines[4] == "Whoever finds no free seat in their circle is on the list without a circle."
    assert "Cohort A: training ends on" in lines[5]
    assert "everybody is deleted on" in lines[5]


@pytest.mark.parametrize(
    ("channel", "why", "what_to_do"),
    [
        ("C0PUBLIC", "is not a private channel", "Make a private channel"),
        ("G0NOBOT", "is no private channel that allybot is in", "/invite @allybot"),
        ("G0NOWHERE", "is no private channel that allybot is in", "copy its id anew"),
        ("C0OLD", "is archived", "Unarchive"),
    ],
)
def test_a_circle_that_cannot_be_keeps_the_whole_list_from_being_enrolled(
    begin: Begin, operator: Operator, channel: str, why: str, what_to_do: str
) -> None:
    emulator = begin()
    operator.types(f'{CREATE} "A=today"')
    a_list(operator, "C0RED", channel)
    for more in ("", "--yes", "--yes --confirm-dates"):
        done = operator.types(f"{ENROL} {more}")
        assert done.code == 1
        (said,) = [line for line in done.err.splitlines() if line.startswith("In the way: ")]
        assert said.startswith(f"In the way: The circle {channel} {why}")
        assert what_to_do in said
        assert "Nothing was changed" in done.out
        assert not enrolled(operator)
    assert emulator


def test_every_circle_that_cannot_be_is_named_at_once(begin: Begin, operator: Operator) -> None:
    begin()
    operator.types(f'{CREATE} "A=today"')
    a_list(operator, *(channel.id for channel in SPECIAL))
    said = operator.types(ENROL).err
    assert [f"The circle {channel.id} " in said for channel in SPECIAL] == [True] * 3


def test_an_app_that_may_not_look_at_private_channels_is_told_so(begin: Begin, operator: Operator) -> None:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["oauth_config"]["scopes"]["bot"].remove("groups:read")
    manifest["settings"]["event_subscriptions"]["bot_events"] = ["message.im"]
    begin(manifest=manifest)
    operator.types(f'{CREATE} "A=today"')
    a_list(operator, "C0RED")
    done = operator.types(ENROL)
    assert done.code == 1
    assert "the app lacks the scope groups:read" in done.err


def test_a_person_without_a_zone_in_slack_lives_in_the_programs(begin: Begin, operator: Operator) -> None:
    people = begin().slack.workspaces[TEAM].people
    people[PEOPLE[0]] = people[PEOPLE[0]].model_copy(update={"tz": ""})
    there = CREATE.replace("--zone UTC", "--zone America/Los_Angeles")
    assert operator.types(f'{there} "A=today"').code == 0
    a_list(operator, *CIRCLES)
    operator.types(f"{ENROL} --yes")
    with closing(sqlite3.connect(operator.folder / "allybot.db")) as database:
        zones = dict(database.execute("SELECT slack_user, zone FROM trainee"))
    assert zones[PEOPLE[0]] == "America/Los_Angeles"
    assert zones[PEOPLE[1]] == people[PEOPLE[1]].tz


def test_a_program_is_corrected_at_the_command_line_as_leads_do_in_slack(
    begin: Begin, operator: Operator
) -> None:
    begin()
    operator.types(f'{CREATE} "A={days_ago(-20)}" --country Switzerland --emergency-number 144')
    change = "allybot program change Spring"
    assert operator.types(change).err.startswith("allybot: Nothing to change.")
    seen = operator.types(f'{change} --training "A={days_ago(-27)}"')
    assert seen.code == 0
    assert "Cohort A, check-ins:\n- day 3:" in seen.out
    assert "Nothing was changed; add --yes." in seen.out
    assert days_ago(-20) in operator.types("allybot program show Spring").out
    done = operator.types(f'{change} --training "A={days_ago(-27)}" --yes')
    assert done.out.endswith("Changed.\n")
    assert days_ago(-27) in operator.types("allybot program show Spring").out
    doubtful = operator.types(f'{change} --training "A={days_ago(-800)}" --yes')
    assert (doubtful.code, "--confirm-dates" in doubtful.err) == (1, True)
    assert operator.types(f'{change} --training "A={days_ago(-800)}" --yes --confirm-dates').code == 0
    assert operator.types(f'{change} --training "A={days_ago(-27)}" --yes').code == 0

    assert operator.types(f'{change} --add-cohort "B={days_ago(-60)}" --yes').code == 0
    for more, why in (
        (f'--add-cohort "b={days_ago(-60)}"', "already a cohort called b"),
        ("--remove-cohort C", "no cohort called C"),
        ("--country Atlantis", "Atlantis"),
        ("--zone Nowhere", "“Nowhere” is not a time zone"),
        ("--emergency-number help", "digits and spaces"),
        ("--days-off 2026", "are written YYYY-MM-DD..YYYY-MM-DD"),
        ("--no-days-off 2026-01-01", "No days off begin on that day"),
        (f"--days-off {days_ago(-8)}..{days_ago(-9)} --days-off {days_ago(-9)}..{days_ago(-9)}", "overlap"),
    ):
        refused = operator.types(f"{change} {more} --yes")
        assert (refused.code, why in refused.err) == (1, True), refused
    a_list(operator, "")
    assert operator.types(f"{ENROL} --yes").code == 0
    assert "on a list of people, so it stays" in operator.types(f"{change} --remove-cohort A --yes").err
    assert operator.types(f"{change} --remove-cohort B --yes").code == 0
    assert operator.types(f"{change} --no-days-off {days_ago(-8)} --yes").code == 0
    assert operator.types(f'{change} --name "Spring again" --support-contact Noor --yes').code == 0

    log = operator.types('allybot program log "Spring again"').out
    assert log.count("the operator: ") == len(log.splitlines())
    for said in ("set the program up", "name: Spring again, not Spring", "to turn to: Noor", "cohort B"):
        assert said in log, said
    assert not any(each in log for each in PEOPLE)


def test_who_may_set_up_programs_is_named_and_a_program_is_ended_or_deleted(
    begin: Begin, operator: Operator
) -> None:
    begin()
    assert "Only admins and owners" in operator.types("allybot program allow").out
    assert operator.types("allybot program allow mira@example.org").code == 0
    assert operator.types("allybot program allow").out == "U0MIRA\n"
    assert operator.types("allybot program allow U0MIRA --remove").code == 0
    assert "was not named" in operator.types("allybot program allow U0MIRA --remove").err
    operator.types(f'{CREATE} "A={days_ago(1)}" --lead mira@example.org')
    assert "at least one lead" in operator.types("allybot program lead Spring U0MIRA --remove").err
    a_list(operator, "")
    assert operator.types(f"{ENROL} --yes").code == 0
    assert "Nothing was changed; add --yes." in operator.types("allybot program end Spring").out
    assert operator.types("allybot program end Spring --yes").out == "Spring is ended.\n"
    assert "is over already" in operator.types("allybot program end Spring --yes").err
    asked = operator.types("allybot program delete Spring")
    assert "deleted unopened" in asked.out
    assert "to confirm" in operator.types("allybot program delete Spring --confirm-name Sprig").err
    assert operator.types("allybot program delete Spring --confirm-name spring").out == "Spring is deleted.\n"
    assert "There is no program yet." in operator.types("allybot program list").out
