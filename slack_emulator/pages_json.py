"""People, channels, messages and views as JSON for the web client.

Groups of fields share a line (`fmt: skip`), as in the page's protocol.
"""

from typing import Any

from slack_emulator.state import Conversation, Message, View, Workspace


def initials(name: str) -> str:
    """One or two letters for a picture."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def page_user(workspace: Workspace, user: str) -> dict[str, Any]:
    """A person or bot for the page."""
    person = workspace.people.get(user)
    if person is None:
        return {
            "id": user, "name": workspace.bot_name, "real_name": workspace.bot_name, "tz": "UTC",
            "locale": "en-GB", "deleted": False, "is_bot": True, "title": "App",
            "initials": initials(workspace.bot_name), "color": "#2f5d50",
        }  # fmt: skip
    shown = person.real_name or person.name
    return {
        "id": user, "name": person.name, "real_name": shown, "tz": person.tz, "locale": person.locale,
        "deleted": person.deleted, "is_bot": False, "title": person.title, "initials": initials(shown),
        "color": f"#{workspace.colors.get(user, '5c6b7a')}",
    }  # fmt: skip


def page_channel(workspace: Workspace, conversation: Conversation, viewer: str) -> dict[str, Any]:
    """A channel or direct message as this person's page lists it."""
    partner = conversation.partner(viewer)
    name = conversation.name
    if partner is not None:
        name = page_user(workspace, partner)["real_name"]
    last = conversation.timeline[-1] if conversation.timeline else None
    return {
        "id": conversation.id, "kind": conversation.kind, "name": name, "topic": conversation.topic,
        "is_member": viewer in conversation.members, "is_archived": conversation.is_archived, "with": partner,
        "unread": conversation.unread.get(viewer, 0), "last_ts": last, "members": conversation.members,
    }  # fmt: skip


def page_message(message: Message) -> dict[str, Any]:
    """Slack's fields and the page's three; what a person typed is shown from its text."""
    shown = {
        **message.fields,
        "channel": message.channel,
        "ephemeral": message.ephemeral_to is not None,
        "shown_at": message.shown_at,
    }
    if "bot_id" not in shown:
        shown.pop("blocks", None)
    return shown


def page_view(view: View | None) -> dict[str, Any] | None:
    """A view with what was typed so far and the errors of a refused submission."""
    if view is None:
        return None
    return {**view.fields, "state": {"values": view.values}, "errors": view.errors}
