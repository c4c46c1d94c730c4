"""Lists with guests, people of other organisations, and an organisation-wide installation."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slack_emulator import Channel, Emulator, EmulatorConfig, OrgWorkspace
from tests.shell import BOT_USER, LEAD, PEOPLE, Operator, office

CREATE = 'allybot program create Spring --support-contact "HR" --zone UTC --cohort "A=today"'
ENROL = "allybot enrol people.csv --program Spring"
SHARED = "G0SHARED"
GUEST, ELSE, STRANGER, *OTHERS = PEOPLE
Begin = Callable[[EmulatorConfig], Emulator]


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    """Somebody at a shell in an empty directory."""
    return Operator(tmp_path, monkeypatch, capsys)


@pytest.fixture
def begin(operator: Operator) -> Iterator[Begin]:
    """Starts a Slack and sets the operator's variables."""
    running: list[Emulator] = []

    def start(config: EmulatorConfig) -> Emulator:
        running.append(Emulator(config))
        running[-1].start()
        operator.installed_at(running[-1])
        return running[-1]

    yield start
    for each in running:
        each.stop()


def sharing() -> EmulatorConfig:
    """A guest, and two of another organisation: one shares a channel with allybot, the other does not."""
    members = [GUEST, ELSE, *OTHERS, BOT_USER]
    channel = Channel(
        id=SHARED, name="shared", is_private=True, members=members, connected_teams=["T0PARTNER"]
    )
    config = office().config
    team = config.teams[0]
    team.channels = [channel]
    for person in team.people:
        person.is_restricted = person.id == GUEST
        person.external_team = "T0PARTNER" if person.id in (ELSE, STRANGER) else ""
    return config


def organisation(*, added: bool = True) -> EmulatorConfig:
    """Two workspaces; allybot is in the first, and only the guest is in the second."""
    config = office().config
    team = config.teams[0]
    team.id = "E0OFFICE"
    team.workspaces = [
        OrgWorkspace(id="T0EAST", name="East", domain="east", added=added),
        OrgWorkspace(id="T0WEST", name="West", domain="west", added=False),
    ]
    for person in team.people:
        person.teams = ["T0WEST"] if person.id == GUEST else ["T0EAST"]
    return config


def a_list(operator: Operator, circle: str = "") -> None:
    """Everybody, in one circle or none."""
    with (operator.folder / "people.csv").open("w", newline="", encoding="utf-8") as sheet:
        csv.writer(sheet).writerows(
            [("person", "cohort", "circle"), *((user, "A", circle) for user in PEOPLE)]
        )


def again(operator: Operator, slack: Emulator, **more: str) -> None:
    """Set the variables again, with the same key."""
    operator.at(slack, ALLYBOT_SECRET_KEY=operator.env["ALLYBOT_SECRET_KEY"], **more)


def test_a_dry_run_notes_guests_and_people_of_another_organisation(begin: Begin, operator: Operator) -> None:
    begin(sharing())
    operator.types(CREATE)
    a_list(operator, SHARED)
    dry = operator.types(ENROL)
    assert "Would enrol 11 in Spring" in dry.out
    assert f"Note: Of another organisation or workspace: Person {ELSE}." in dry.err
    assert f"Note: Guests: Person {GUEST}." in dry.err
    assert f"Note: The channel of circle shared ({SHARED}) is shared with T0PARTNER." in dry.err
    (left_out,) = [line for line in dry.err.splitlines() if line.startswith("Left out: ")]
    assert STRANGER in left_out
    assert "shares no channel with allybot, so it cannot write to them." in left_out
    done = operator.types(f"{ENROL} --yes")
    assert "Enrolled 11 in Spring" in done.out
    assert "Of another organisation" in done.err


def test_somebody_of_another_organisation_is_not_found_by_address(begin: Begin, operator: Operator) -> None:
    begin(sharing())
    operator.types(CREATE)
    sheet = operator.folder / "people.csv"
    sheet.write_text(f"person,cohort\n{ELSE.casefold()}@example.org,A\n", encoding="utf-8")
    assert "is not in this workspace." in operator.types(ENROL).err


def test_a_workspace_that_allybot_was_not_added_to_is_named(begin: Begin, operator: Operator) -> None:
    begin(organisation())
    assert operator.types(CREATE).code == 0
    a_list(operator)
    dry = operator.types(ENROL)
    assert "Would enrol 11 in Spring" in dry.out
    (left_out,) = [line for line in dry.err.splitlines() if line.startswith("Left out: ")]
    assert GUEST in left_out
    assert "is in no workspace with allybot, which was added to East. Ask an administrator" in left_out
    assert "Of another organisation" not in dry.err


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("export", f'"slack_user": "{GUEST}"'),
        ("erase", "is on no program's list; there is nothing to erase."),
    ],
)
def test_somebody_out_of_reach_is_found_by_address_all_the_same(
    begin: Begin, operator: Operator, command: str, says: str
) -> None:
    begin(organisation())
    operator.types(CREATE)
    done = operator.types(f"allybot person {command} {GUEST.casefold()}@example.org")
    assert done.code == 0
    assert says in done.out


def test_a_lead_must_be_within_reach_too(begin: Begin, operator: Operator) -> None:
    begin(organisation())
    operator.types(CREATE)
    assert operator.types(f"allybot program lead Spring {LEAD}").code == 0
    refused = operator.types(f"allybot program lead Spring {GUEST}")
    assert refused.code == 1
    assert "is in no workspace with allybot" in refused.err


@pytest.mark.parametrize(
    ("added", "says"),
    [(True, "was added to East; nobody else is reached"), (False, "was added to none of its workspaces")],
)
def test_the_doctor_says_what_an_organisation_wide_installation_reaches(
    begin: Begin, operator: Operator, *, added: bool, says: str
) -> None:
    begin(organisation(added=added))
    operator.types(CREATE)
    found = " ".join(operator.types("allybot doctor").out.split())
    assert says in found


def test_the_doctor_names_a_workspace_that_has_allybot_twice(begin: Begin, operator: Operator) -> None:
    config = organisation()
    alone = office().config.teams[0].model_copy(
        update={"id": "T0EAST", "name": "East", "people": [], "channels": [], "bot_token": "xoxb-east",
            "bot_user_id": "U0OTHERBOT"},
    )  # fmt: skip
    config.teams.append(alone)
    emulator = begin(config)
    operator.types(CREATE)
    again(operator, emulator, SLACK_BOT_TOKEN="xoxb-east")
    operator.types("allybot program list")
    found = " ".join(operator.types("allybot doctor").out.split())
    assert "also installed into East alone" in found


def test_the_doctor_notes_a_list_of_workspaces_without_the_organisation(
    begin: Begin, operator: Operator
) -> None:
    emulator = begin(organisation())
    operator.types(CREATE)
    again(operator, emulator, ALLYBOT_WORKSPACES="T0EAST")
    assert "ALLYBOT_WORKSPACES lacks E0OFFICE" in " ".join(operator.types("allybot doctor").out.split())
