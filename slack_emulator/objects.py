"""Slack's objects as its answers show them: users, channels, teams, bots, files.

Groups of fields share a line (`fmt: skip`): one field a line would hide which object has which.
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_emulator.access import is_stranger
from slack_emulator.config import App, Person
from slack_emulator.state import Conversation, Upload, Workspace

_ICON = "https://a.slack-edge.com/emulator/{}.png"


def icons(*sizes: int) -> dict[str, str]:
    """Addresses of a picture in several sizes; they are not served."""
    return {f"image_{size}": _ICON.format(size) for size in sizes}


def zone_fields(zone: str) -> dict[str, Any]:
    """`tz`, `tz_label` and `tz_offset` (seconds) of an IANA zone as of now; UTC if it is unknown."""
    try:
        now = datetime.now(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a directory, or longer than any file name
        now = datetime.now(UTC)
    offset = now.utcoffset()
    return {
        "tz": zone,
        "tz_label": now.tzname() or zone,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def person_object(
    workspace: Workspace, person: Person, *, with_email: bool = False, with_locale: bool = False
) -> dict[str, Any]:
    """A human user object; the e-mail only with the scope `users:read.email`, the locale only on request."""
    home = workspace.teams_of(person.id)[0]
    first, _, last = (person.real_name or person.name).partition(" ")
    profile: dict[str, Any] = {
        "title": person.title, "phone": "", "skype": "",
        "real_name": person.real_name, "real_name_normalized": person.real_name,
        "display_name": person.name, "display_name_normalized": person.name,
        "first_name": first, "last_name": last,
        "status_text": person.status_text, "status_text_canonical": "",
        "status_emoji": person.status_emoji, "status_expiration": person.status_expiration,
        "status_emoji_display_info": [], "fields": None,
        "avatar_hash": person.id.lower(), "team": home, **icons(24, 32, 48, 72, 192, 512),
    }  # fmt: skip
    if with_email and person.email and not person.external_team:
        profile["email"] = person.email
    result: dict[str, Any] = {
        "id": person.id, "team_id": home, "name": person.name, "deleted": person.deleted,
        "color": workspace.colors.get(person.id, "9f69e7"), "real_name": person.real_name,
        **zone_fields(person.tz), "profile": profile,
        "is_admin": person.is_admin, "is_owner": False, "is_primary_owner": False,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted, "is_bot": False, "is_app_user": False,
        "updated": workspace.updated.get(person.id, 0), "is_email_confirmed": bool(person.email),
        "who_can_share_contact_card": "EVERYONE",
    }  # fmt: skip
    if with_locale:
        result["locale"] = person.locale
    if person.external_team:
        result["is_stranger"] = is_stranger(workspace, person.id)
    elif workspace.is_organisation:
        result["enterprise_user"] = {
            "id": person.id, "enterprise_id": workspace.id, "enterprise_name": workspace.config.name,
            "is_admin": False, "is_owner": False, "teams": workspace.teams_of(person.id),
        }  # fmt: skip
    return result


def bot_user_object(workspace: Workspace, app: App, *, with_locale: bool = False) -> dict[str, Any]:
    """The bot's user object."""
    shown = Person(id=workspace.bot_user, name=workspace.bot_name, real_name=workspace.bot_name, tz="UTC")
    result = person_object(workspace, shown, with_locale=with_locale)
    result["is_bot"] = True
    result["deleted"] = not workspace.installed
    result["profile"] |= {"api_app_id": app.app_id, "bot_id": workspace.config.bot_id, "always_active": False}
    return result


def bot_object(workspace: Workspace, app: App) -> dict[str, Any]:
    """What bots.info tells of the bot."""
    return {
        "id": workspace.config.bot_id, "deleted": not workspace.installed, "name": workspace.bot_name,
        "updated": 0, "app_id": app.app_id, "user_id": workspace.bot_user, "icons": icons(36, 48, 72),
    }  # fmt: skip


def bot_profile(workspace: Workspace, app: App) -> dict[str, Any]:
    """The profile inside a bot's message: like the bot, but with the team."""
    return bot_object(workspace, app) | {"team_id": workspace.id}


def team_object(workspace: Workspace) -> dict[str, Any]:
    """What team.info tells."""
    return {
        "id": workspace.id, "name": workspace.config.name, "domain": workspace.config.domain,
        "email_domain": "", "url": f"https://{workspace.config.domain}.slack.com/",
        "icon": {**icons(34, 44, 68, 88, 102, 132, 230), "image_default": True},
        "avatar_base_url": "https://ca.slack-edge.com/", "is_verified": False,
    }  # fmt: skip


def conversation_object(
    workspace: Workspace, conversation: Conversation, viewer: str, *, with_count: bool = False
) -> dict[str, Any]:
    """A channel or direct message as `viewer` (a user id) sees it."""
    common: dict[str, Any] = {
        "id": conversation.id, "created": conversation.created, "is_archived": conversation.is_archived,
        "is_im": conversation.kind == "im", "is_org_shared": bool(conversation.siblings),
        "context_team_id": workspace.team_of(conversation),
        "updated": conversation.created * 1000,
    }  # fmt: skip
    if conversation.kind == "im":
        partner = conversation.partner(viewer) or viewer
        person = workspace.people.get(partner)
        return {
            **common, "user": partner, "is_user_deleted": bool(person and person.deleted),
            "last_read": conversation.last_read.get(viewer, "0000000000.000000"),
            "latest": None, "unread_count": 0, "unread_count_display": 0, "is_open": True, "priority": 0,
        }  # fmt: skip
    private = conversation.kind == "private"
    member = viewer in conversation.members
    said = {"creator": conversation.creator, "last_set": conversation.created}
    result = {
        **common, "name": conversation.name, "name_normalized": conversation.name, "is_channel": not private,
        "is_group": private, "is_mpim": False, "is_private": private, "is_general": conversation.is_general,
        "unlinked": 0, "is_moved": 0, "is_shared": bool(conversation.connected or conversation.siblings),
        "is_pending_ext_shared": False,
        "pending_shared": [], "parent_conversation": None, "creator": conversation.creator,
        "is_ext_shared": bool(conversation.connected),
        "shared_team_ids": [
            workspace.team_of(conversation), *conversation.siblings, *conversation.connected,
        ],
        "pending_connected_team_ids": [], "is_member": member,
        "topic": {"value": conversation.topic, **said}, "purpose": {"value": conversation.purpose, **said},
        "previous_names": [],
    }  # fmt: skip
    if conversation.connected or conversation.siblings:
        internal = [workspace.team_of(conversation), *conversation.siblings]
        result |= {"connected_team_ids": list(conversation.connected), "internal_team_ids": internal,
            "conversation_host_id": workspace.id}  # fmt: skip
    if member:
        result["last_read"] = conversation.last_read.get(viewer, "0000000000.000000")
    if with_count:
        result["num_members"] = len(conversation.members)
    return result


def file_object(workspace: Workspace, upload: Upload, title: str, base_url: str) -> dict[str, Any]:
    """A file once its upload is complete; `base_url` ends in `/`."""
    kind = upload.name.rpartition(".")[2].lower() or "text"
    address = f"{base_url}files/{upload.id}/{upload.name}"
    now = int(datetime.now(UTC).timestamp())
    mimetypes = {"png": "image/png", "csv": "text/csv", "html": "text/html", "json": "application/json"}
    return {
        "id": upload.id, "created": now, "timestamp": now, "name": upload.name, "title": title or upload.name,
        "mimetype": mimetypes.get(kind, "text/plain"), "filetype": kind, "pretty_type": kind.upper(),
        "user": workspace.bot_user, "user_team": workspace.id, "editable": False,
        "size": len(upload.content or b""), "mode": "hosted", "is_external": False, "external_type": "",
        "is_public": False, "public_url_shared": False, "display_as_bot": False, "username": "",
        "url_private": address, "url_private_download": address, "permalink": address,
        "comments_count": 0, "channels": [], "groups": [], "ims": [], "shares": {}, "has_rich_preview": False,
    }  # fmt: skip
