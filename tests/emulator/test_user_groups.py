"""User groups: listed with the scope, and who is in one."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_emulator import App


def refusal(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refused:
        call()
    return dict(refused.value.response.data)


def test_user_groups_and_their_people_are_listed(client: WebClient, drive: Any) -> None:
    drive.post("user-groups", id="S0MEN", name="Allies", users=["U0ANTON", "U0CHEN"])
    drive.post("user-groups", id="S0OLD", name="Old", users=["U0ANTON"], disabled=True)
    (group,) = client.usergroups_list(include_count=True)["usergroups"]
    assert (group["id"], group["name"], group["handle"], group["user_count"]) == (
        "S0MEN",
        "Allies",
        "allies",
        2,
    )
    assert len(client.usergroups_list(include_disabled=True)["usergroups"]) == 2
    assert client.usergroups_users_list(usergroup="S0MEN")["users"] == ["U0ANTON", "U0CHEN"]
    for group in ("S0NONE", "S0OLD"):
        assert refusal(lambda group=group: client.usergroups_users_list(usergroup=group))["error"] == (
            "no_such_subteam"
        )
    drive.post("reset")
    assert client.usergroups_list()["usergroups"] == []


def test_without_the_scope_slack_refuses_and_names_it(start: Any, client_for: Any) -> None:
    client = client_for(start(app=App(manifest={"oauth_config": {"scopes": {"bot": ["users:read"]}}})))
    for call in (client.usergroups_list, lambda: client.usergroups_users_list(usergroup="S0MEN")):
        refused = refusal(call)
        assert (refused["error"], refused["needed"]) == ("missing_scope", "usergroups:read")
