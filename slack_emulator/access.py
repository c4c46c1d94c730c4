"""Whom and what an app reaches: people of other organisations, and workspaces it was added to."""

from slack_emulator.errors import RefusedError
from slack_emulator.state import Conversation, Workspace


def is_stranger(workspace: Workspace, user: str) -> bool:
    """Whether a person is of another organisation and shares no channel with the bot."""
    person = workspace.people.get(user)
    if person is None or not person.external_team:
        return False
    return not any(
        user in each.members and workspace.is_bot_member(each)
        for each in workspace.conversations.values()
        if each.kind != "im"
    )


def require_person(workspace: Workspace, user: str) -> None:
    """Demand that the bot may speak with a person.

    Raises:
        RefusedError: user_not_visible for a stranger; team_access_not_granted where the app was added to none
            of their workspaces.
    """
    if is_stranger(workspace, user):
        raise RefusedError("user_not_visible")
    person = workspace.people.get(user)
    external = person is not None and bool(person.external_team)
    if workspace.is_organisation and not external and not workspace.added & set(workspace.teams_of(user)):
        raise RefusedError("team_access_not_granted")


def require_conversation(workspace: Workspace, conversation: Conversation) -> None:
    """Demand that the app was added to the workspace of a conversation.

    Raises:
        RefusedError: team_access_not_granted.
    """
    if not workspace.is_organisation:
        return
    if conversation.kind == "im":
        require_person(workspace, conversation.partner(workspace.bot_user) or "")
    elif workspace.team_of(conversation) not in workspace.added:
        raise RefusedError("team_access_not_granted")
