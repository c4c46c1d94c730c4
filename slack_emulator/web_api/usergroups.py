"""usergroups.*: groups of people, such as @marketing, and who is in them."""

from typing import Any

from slack_emulator.config import UserGroup
from slack_emulator.errors import RefusedError
from slack_emulator.web_api.call import Call, method


@method("usergroups.list", "usergroups:read")
def usergroups_list(call: Call) -> dict[str, Any]:
    """The user groups of the workspace; disabled ones only on request."""
    call.need_team()
    with_disabled = call.flag("include_disabled")
    found = [group for group in call.workspace.user_groups.values() if with_disabled or not group.disabled]
    return {"usergroups": [_shown(call, group) for group in found]}


@method("usergroups.users.list", "usergroups:read")
def usergroups_users_list(call: Call) -> dict[str, Any]:
    """The people of one user group."""
    call.need_team()
    found = call.workspace.user_groups.get(call.text("usergroup"))
    if found is None or (found.disabled and not call.flag("include_disabled")):
        raise RefusedError("no_such_subteam")
    return {"users": found.users}


def _shown(call: Call, group: UserGroup) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": group.id,
        "team_id": call.workspace.id,
        "is_usergroup": True,
        "name": group.name,
        "description": "",
        "handle": group.handle or group.name.casefold().replace(" ", "-"),
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": int(group.disabled),
        "auto_type": None,
        "prefs": {"channels": [], "groups": []},
    }
    if call.flag("include_count"):
        shown["user_count"] = len(group.users)
    if call.flag("include_users"):
        shown["users"] = group.users
    return shown
