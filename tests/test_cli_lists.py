"""What leads do to a program's list in Slack, typed by an operator."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from slack_emulator import Channel, Emulator, UserGroup
from tests.shell import BOT_USER, LEAD, PEOPLE, Operator, office

PROGRAM = '--program "Spring"'


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    """Somebody at a shell in an empty directory."""
    return Operator(tmp_path, monkeypatch, capsys)


@pytest.fixture
def slack(operator: Operator) -> Iterator[Emulator]:
    """A workspace with a program of two cohorts, in which nobody is enrolled yet."""
    emulator = office(channels=[Channel(id="C0NEW", name="new", is_private=True, members=[BOT_USER])])
    emulator.start()
    operator.installed_at(emulator)
    made = operator.types(
        'allybot program create "Spring" --support-contact "Noor, HR" --cohort "A=today" --cohort "B=today" '
        f"--lead {LEAD}"
    )
    assert made.code == 0, made
    yield emulator
    emulator.stop()


def enrol(operator: Operator, *rows: tuple[str, str, str]) -> str:
    with (operator.folder / "people.csv").open("w", newline="", encoding="utf-8") as sheet:
        csv.writer(sheet).writerows([("person", "cohort", "circle"), *rows])
    done = operator.types(f"allybot enrol people.csv {PROGRAM} --yes")
    assert done.code == 0, done
    return done.out


def test_a_user_group_is_enrolled(operator: Operator, slack: Emulator) -> None:
    missing = operator.types(f"allybot enrol --group Allies --cohort A {PROGRAM}")
    assert (missing.code, "There is no user group Allies" in missing.err) == (1, True)
    group = UserGroup(id="S0ALLIES", name="Allies", users=list(PEOPLE[:4]))
    slack.slack.workspaces["T0OFFICE"].user_groups[group.id] = group
    assert operator.types(f"allybot enrol {PROGRAM}").code == 1
    assert "Would enrol 4" in operator.types(f"allybot enrol --group allies --cohort A {PROGRAM}").out
    assert "Enrolled 4" in operator.types(f"allybot enrol --group S0ALLIES --cohort A --yes {PROGRAM}").out


@pytest.mark.usefixtures("slack")
def test_somebody_is_moved_and_taken_off_and_who_is_not_listed_is_said(operator: Operator) -> None:
    enrol(
        operator,
        *((user, "A", "C0RED") for user in PEOPLE[:5]),
        *((user, "A", "C0BLUE") for user in PEOPLE[5:9]),
    )
    moved = operator.types(f"allybot person move {PEOPLE[0]} --cohort b {PROGRAM}")
    assert moved.code == 0, moved
    assert "is in the cohort B now" in moved.out
    assert "stays in the first cohort, not A" in operator.types(f"allybot enrol people.csv {PROGRAM}").err
    assert "has no cohort C" in operator.types(f"allybot person move {PEOPLE[0]} --cohort C {PROGRAM}").err
    assert "Add --yes" in operator.types(f"allybot person remove u0p01@example.org {PROGRAM}").out
    removed = operator.types(f"allybot person remove {PEOPLE[1]} --yes {PROGRAM}")
    assert removed.code == 0, removed
    for command in (f"person remove {PEOPLE[1]} --yes", f"person move {PEOPLE[1]} --cohort B"):
        assert "is not on the list of Spring" in operator.types(f"allybot {command} {PROGRAM}").err
    assert "Would enrol 1 " in operator.types(f"allybot enrol people.csv {PROGRAM}").out


def test_circles_are_proposed_balanced_changed_and_made(operator: Operator, slack: Emulator) -> None:
    enrol(operator, *((user, "A", "") for user in PEOPLE))
    sheet = "\n".join(
        ["person;Team", *(f"{user};{'IT' if n < 6 else 'HR'}" for n, user in enumerate(PEOPLE))]
    )
    (operator.folder / "teams.csv").write_text(sheet, encoding="utf-8")
    wrong = operator.types(f"allybot circle propose teams.csv --balance Floor {PROGRAM}")
    assert "The list has no column Floor" in wrong.err
    proposed = operator.types(f"allybot circle propose teams.csv --balance Team {PROGRAM}")
    assert proposed.code == 0, proposed
    rows = list(csv.DictReader(proposed.out.splitlines()))
    teams = Counter((row["circle_name"], PEOPLE.index(row["person"]) < 6) for row in rows)
    assert set(teams.values()) == {3}
    (operator.folder / "circles.csv").write_text(proposed.out, encoding="utf-8")
    assert "Add --yes" in operator.types(f"allybot circle make circles.csv {PROGRAM}").out
    made = operator.types(f"allybot circle make circles.csv --yes {PROGRAM}")
    assert made.code == 0, made
    channels = {each.name: each for each in slack.slack.workspaces["T0OFFICE"].conversations.values()}
    assert {"circle-1", "circle-2"} <= set(channels)
    assert set(channels["circle-1"].members) - {BOT_USER} == {
        row["person"] for row in rows if row["circle_name"] == "Circle 1"
    }
    (operator.folder / "circles.csv").write_text("person,circle_name\nU0P01,Oak\n", encoding="utf-8")
    assert "every circle 4 to 12 people" in operator.types(f"allybot circle make circles.csv {PROGRAM}").err
