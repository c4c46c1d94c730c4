"""users.*: who is in the workspace, and in which conversations."""

from typing import Any

from slack_emulator.errors import RefusedError
from slack_emulator.objects import bot_user_object, conversation_object, person_object
from slack_emulator.web_api.call import Call, method, page_of


def _shown(call: Call, user: str) -> dict[str, Any]:
    workspace, locale = call.workspace, call.flag("include_locale")
    if user == workspace.bot_user:
        return bot_user_object(workspace, call.slack.app, with_locale=locale)
    with_email = call.slack.manifest.grants("users:read.email")
    return person_object(workspace, workspace.people[user], with_email=with_email, with_locale=locale)


@method("users.info", "users:read")
def users_info(call: Call) -> dict[str, Any]:
    """One person or the bot."""
    user = call.text("user")
    if user not in call.workspace.people and user != call.workspace.bot_user:
        raise RefusedError("user_not_found")
    return {"user": _shown(call, user)}


@method("users.list", "users:read")
def users_list(call: Call) -> dict[str, Any]:
    """Everybody of the workspace, deactivated people included, the bot last."""
    call.need_team()
    workspace, team = call.workspace, call.optional("team_id") or call.workspace.id
    here = [each for each in workspace.people if team in workspace.teams_of(each)]
    everybody = [*here, workspace.bot_user]
    chosen, metadata = page_of(everybody, call, default=1000)
    members = [_shown(call, user) for user in chosen]
    return {"members": members, "cache_ts": 0, "response_metadata": metadata}


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(call: Call) -> dict[str, Any]:
    """The active person with an e-mail address, in any case; nobody of another organisation."""
    wanted = call.text("email").casefold()
    for person in call.workspace.people.values():
        if (
            not person.external_team
            and person.email
            and person.email.casefold() == wanted
            and not person.deleted
        ):
            return {"user": _shown(call, person.id)}
    raise RefusedError("users_not_found")


@method("users.conversations")
def users_conversations(call: Call) -> dict[str, Any]:
    """The conversations the bot (or `user`, as far as the bot sees them) is in."""
    workspace = call.workspace
    call.need_team()
    user = call.optional("user") or workspace.bot_user
    if user not in workspace.people and user != workspace.bot_user:
        raise RefusedError("user_not_found")
    kinds = conversation_kinds(call)
    found = [
        conversation
        for conversation in workspace.conversations.values()
        if conversation.kind in kinds
        and user in conversation.members
        and (conversation.kind == "public" or workspace.is_bot_member(conversation))
        and not (call.flag("exclude_archived") and conversation.is_archived)
    ]
    chosen, metadata = page_of(found, call)
    channels = [conversation_object(workspace, conversation, user) for conversation in chosen]
    return {"channels": channels, "response_metadata": metadata}


def conversation_kinds(call: Call) -> set[str]:
    """The kinds asked for by `types`, for each of which the scope is demanded.

    Raises:
        RefusedError: invalid_types or missing_scope.
    """
    meaning = {
        "public_channel": ("public", "channels:read"),
        "private_channel": ("private", "groups:read"),
        "im": ("im", "im:read"),
        "mpim": ("mpim", "mpim:read"),
    }
    asked = call.names("types") or ["public_channel"]
    if set(asked) - set(meaning):
        raise RefusedError("invalid_types")
    for name in asked:
        call.need(meaning[name][1])
    return {meaning[name][0] for name in asked}
