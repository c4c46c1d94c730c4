"""To whose installation a payload belongs: a workspace's, an organisation's, or one that shares a channel."""

from typing import Any

import pytest

from allybot.slack_app.events import Envelope
from allybot.slack_app.payloads import Press, SlashCommand, Submission, read

VIEW = {"id": "V1", "type": "modal", "callback_id": "form"}
PRESS = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1"},
    "enterprise": None,
    "trigger_id": "1.2.x",
    "actions": [{"action_id": "go"}],
}
SENT = {"type": "view_submission", "user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "view": VIEW}
COMMAND = {"command": "/allybot", "team_id": "T1", "user_id": "U1"}
EVENT = {"type": "event_callback", "team_id": "T1", "event": {"type": "app_home_opened", "user": "U1"}}
ORGANISATION = {"team": None, "enterprise": {"id": "E1", "name": "Org"}, "is_enterprise_install": True}


def whose(payload: dict[str, Any]) -> str:
    parsed = read(payload)
    if isinstance(parsed, Envelope):
        return parsed.workspace_id
    assert isinstance(parsed, Press | Submission | SlashCommand)
    return parsed.actor.workspace_id


def in_view(installed_in: str, home: str) -> dict[str, Any]:
    return {
        "team": {"id": home},
        "user": {"id": "U9", "team_id": home},
        "view": {**VIEW, "app_installed_team_id": installed_in},
    }


def authorised(**who: Any) -> dict[str, Any]:
    return {"authorizations": [{"team_id": None, "is_enterprise_install": False, **who}]}


@pytest.mark.parametrize("usual", [PRESS, SENT, COMMAND, EVENT])
def test_what_happens_in_a_workspace_belongs_to_it(usual: dict[str, Any]) -> None:
    assert whose(usual) == "T1"


@pytest.mark.parametrize(
    "payload",
    [
        PRESS | ORGANISATION,
        PRESS | ORGANISATION | {"team": {"id": "T1"}},
        PRESS | ORGANISATION | {"view": {**VIEW, "app_installed_team_id": "T1"}},
        SENT | ORGANISATION | {"view": {**VIEW, "app_installed_team_id": "E1"}},
        COMMAND | {"enterprise_id": "E1", "is_enterprise_install": "true"},
        EVENT | {"enterprise_id": "E1"} | authorised(enterprise_id="E1", is_enterprise_install=True),
        {**EVENT, "team_id": None, "enterprise_id": "E1", "event": {"type": "app_uninstalled"}},
    ],
)
def test_what_happens_in_an_organisation_with_allybot_belongs_to_the_organisation(
    payload: dict[str, Any],
) -> None:
    assert whose(payload) == "E1"


@pytest.mark.parametrize(
    "payload",
    [
        PRESS | {"enterprise": {"id": "E1"}, "is_enterprise_install": False},
        COMMAND | {"enterprise_id": "E1", "is_enterprise_install": "false"},
        COMMAND | {"enterprise_id": ""},
        EVENT | {"enterprise_id": "E1"} | authorised(enterprise_id="E1", team_id="T1"),
        EVENT | {"enterprise_id": ""} | authorised(enterprise_id="", team_id=""),
        PRESS | {"enterprise": {"id": "", "name": ""}, "view": {**VIEW, "app_installed_team_id": ""}},
    ],
)
def test_one_workspace_of_an_organisation_with_an_installation_of_its_own_is_a_workspace(
    payload: dict[str, Any],
) -> None:
    assert whose(payload) == "T1"


@pytest.mark.parametrize(
    "payload",
    [
        PRESS | {"user": {"id": "U9", "team_id": "T9"}},
        PRESS | in_view("T1", home="T9"),
        SENT | in_view("T1", home="T9"),
        SENT | in_view("T1", home="T9") | {"enterprise": {"id": "E9"}},
        {**EVENT, "team_id": "T9"} | authorised(team_id="T1"),
    ],
)
def test_somebody_of_another_organisation_acts_for_the_workspace_that_has_allybot(
    payload: dict[str, Any],
) -> None:
    assert whose(payload) == "T1"


@pytest.mark.parametrize(
    "payload", [PRESS | {"team": None, "user": {"id": "U1"}}, {**EVENT, "team_id": None}]
)
def test_what_belongs_to_nobody_cannot_be_used(payload: dict[str, Any]) -> None:
    assert read(payload) is None
