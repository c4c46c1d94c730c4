"""`allybot circle`: what leads do with circles in Slack, typed by an operator."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from slack_emulator import Emulator
from tests.shell import CIRCLES, LEAD, MANIFEST, PEOPLE, Operator, office

PROGRAM = '--program "Spring"'


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    """Somebody at a shell in an empty directory."""
    return Operator(tmp_path, monkeypatch, capsys)


@pytest.fixture
def slack(operator: Operator) -> Iterator[Emulator]:
    """A workspace in which ten people are enrolled in two circles, and two in none."""
    emulator = office()
    emulator.start()
    enrol(operator, emulator)
    yield emulator
    emulator.stop()


def enrol(operator: Operator, emulator: Emulator) -> None:
    operator.installed_at(emulator)
    made = operator.types(
        f'allybot program create "Spring" --support-contact "Noor, HR" --cohort "A=today" --lead {LEAD}'
    )
    assert made.code == 0, made
    with (operator.folder / "people.csv").open("w", newline="", encoding="utf-8") as sheet:
        rows = [(user, "A", CIRCLES[place % 2] if place < 10 else "") for place, user in enumerate(PEOPLE)]
        csv.writer(sheet).writerows([("person", "cohort", "circle"), *rows])
    assert operator.types(f"allybot enrol people.csv {PROGRAM} --yes").code == 0


@pytest.mark.usefixtures("slack")
def test_the_list_says_what_is_and_what_comes(operator: Operator) -> None:
    listed = operator.types(f"allybot circle list {PROGRAM}")
    assert listed.code == 0
    assert "members" not in listed.out, "who joins or stops is nobody's business"
    for part in ("c0red", "C0RED", "c0blue", "0 of 13"):
        assert part in listed.out


@pytest.mark.usefixtures("slack")
def test_a_circle_is_paused_and_goes_on(operator: Operator) -> None:
    paused = operator.types(f"allybot circle pause C0RED --weeks 2 {PROGRAM}")
    assert paused.code == 0, paused
    assert "after a pause" in operator.types(f"allybot circle list {PROGRAM}").out
    again = operator.types(f"allybot circle pause c0red --weeks 2 {PROGRAM}")
    assert (again.code, again.err.startswith("allybot: c0red is paused already")) == (1, True)
    assert operator.types(f"allybot circle pause c0red --weeks 5 {PROGRAM}").code == 2
    resumed = operator.types(f"allybot circle resume c0red {PROGRAM}")
    assert resumed.code == 0
    assert "after a pause" not in operator.types(f"allybot circle list {PROGRAM}").out
    assert "c0red is not paused" in operator.types(f"allybot circle resume c0red {PROGRAM}").err


@pytest.mark.usefixtures("slack")
def test_a_name_that_is_none_is_answered_with_those_there_are(operator: Operator) -> None:
    wrong = operator.types(f"allybot circle end Green --yes {PROGRAM}")
    assert wrong.code == 1
    assert "There are: c0blue, c0red." in wrong.err


def test_circles_are_ended_and_merged_only_with_a_yes(operator: Operator, slack: Emulator) -> None:
    assert "Add --yes" in operator.types(f"allybot circle merge c0red c0blue {PROGRAM}").out
    merged = operator.types(f"allybot circle merge c0red c0blue --yes {PROGRAM}")
    assert "The members of c0blue are asked into c0red" in merged.out
    red = slack.slack.find_conversation("C0RED")[1]
    assert set(PEOPLE[:10]) <= set(red.members)
    assert "Add --yes" in operator.types(f"allybot circle end c0red {PROGRAM}").out
    assert operator.types(f"allybot circle end c0red --yes {PROGRAM}").code == 0
    assert operator.types(f"allybot circle end c0red --yes {PROGRAM}").code == 1


def test_a_new_circle_has_a_channel_and_whoever_has_none_is_invited(
    operator: Operator, slack: Emulator
) -> None:
    made = operator.types(f"allybot circle new Green {PROGRAM} --person {PEOPLE[10]} --person {PEOPLE[0]}")
    assert made.code == 0, made
    (green,) = [
        each
        for workspace in slack.slack.workspaces.values()
        for each in workspace.conversations.values()
        if each.name == "green"
    ]
    assert green.kind == "private"
    assert PEOPLE[10] in green.members
    assert PEOPLE[0] not in green.members
    assert green.id in operator.types(f"allybot circle list {PROGRAM}").out


def test_without_the_scope_the_operator_is_told_what_to_do(operator: Operator) -> None:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["oauth_config"]["scopes"]["bot"].remove("groups:write")
    emulator = office(manifest=manifest)
    emulator.start()
    try:
        enrol(operator, emulator)
        made = operator.types(f"allybot circle new Green {PROGRAM}")
        assert (made.code, "groups:write" in made.err, "/allybot circle here" in made.err) == (1, True, True)
        merged = operator.types(f"allybot circle merge c0red c0blue --yes {PROGRAM}")
        assert "Let somebody in C0RED type /invite" in merged.out
    finally:
        emulator.stop()
