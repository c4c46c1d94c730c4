"""The scopes the manifest asks for are those the code uses: none is missing, none is idle."""

import ast
import json
import re
from pathlib import Path

import allybot
from allybot import handlers
from allybot.content import bot_scopes, default_directory

PACKAGE = Path(allybot.__file__).parent
MANIFEST = json.loads((default_directory() / "slack-manifest.json").read_text(encoding="utf-8"))
SCOPES = {
    # From each method's page in Slack's reference; with several, what it needs for private channels and DMs.
    "apps.connections.open": set(),  # of the bot; the app-level token has connections:write
    "api.test": set(),  # for the time; needs no token
    "auth.revoke": set(),  # of a workspace that is not on the operator's list
    "auth.teams.list": set(),  # the workspaces of an organisation that the app was added to
    "auth.test": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.create": {"groups:write"},  # a circle's channel, where granted
    "conversations.history": {"im:history"},  # direct messages only: allybot cannot read circles
    "conversations.info": {"groups:read"},  # of circles before they are enrolled and before posts
    "conversations.invite": {"groups:write"},  # of circles, where granted
    "conversations.members": {"groups:read"},  # of circles, once a night
    "conversations.open": {"im:write"},
    "files.completeUploadExternal": {"files:write"},
    "usergroups.list": {"usergroups:read"},  # for leads who add people, where granted
    "usergroups.users.list": {"usergroups:read"},  # the same
    "users.info": {"users:read", "users:read.email"},  # roster files may name people by e-mail
    "users.list": {"users:read", "users:read.email"},  # for long lists
    "users.lookupByEmail": {"users:read.email", "users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
LIBRARY = {"files_upload_v2": "files.completeUploadExternal"}
EVENTS = {
    # From each event's page: the scope, and the name under which a manifest subscribes to it.
    "app_home_opened": ("app_home_opened", set()),
    "app_uninstalled": ("app_uninstalled", set()),
    "tokens_revoked": ("tokens_revoked", set()),
    "message": ("message.im", {"im:history"}),
    "reaction_added": ("reaction_added", {"reactions:read"}),
    "user_change": ("user_change", {"users:read"}),
    "member_joined_channel": ("member_joined_channel", {"groups:read"}),
    "member_left_channel": ("member_left_channel", {"groups:read"}),
    "group_archive": ("group_archive", {"groups:read"}),
    "group_left": ("group_left", {"groups:read"}),
    "channel_id_changed": ("channel_id_changed", set()),
    "channel_shared": ("channel_shared", {"groups:read"}),
    "channel_unshared": ("channel_unshared", {"groups:read"}),
    "team_access_granted": ("team_access_granted", set()),
    "team_access_revoked": ("team_access_revoked", set()),
}
NOT_FOR_PRIVATE_CHANNELS = {"channel_archive", "channel_deleted", "channel_left", "group_deleted"}
"""Handled in case Slack sends them for a circle whose channel was made public; asked for by nobody."""


def calls_of_the_gateway() -> set[str]:
    """Every Web API method named in the gateway, and those its library calls stand for."""
    tree = ast.parse((PACKAGE / "slack" / "gateway.py").read_text(encoding="utf-8"))
    named = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+\.[a-zA-Z.]+[a-z]", node.value)
    }
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return named | {method for call, method in LIBRARY.items() if call in attributes}


def test_every_method_the_gateway_calls_is_in_the_table_and_no_other() -> None:
    assert calls_of_the_gateway() == set(SCOPES)


def test_every_event_that_is_listened_to_is_in_the_table_and_no_other() -> None:
    assert set(handlers.ROUTES.events) == set(EVENTS) | NOT_FOR_PRIVATE_CHANNELS


def test_the_manifest_asks_for_exactly_the_scopes_in_use() -> None:
    used = {"commands"}.union(*SCOPES.values(), *(scopes for _, scopes in EVENTS.values()))
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == used
    assert list(MANIFEST["oauth_config"]["scopes"]) == ["bot", "bot_optional"], "no person's token, ever"


def test_reactions_user_groups_and_making_circles_may_be_refused_and_nothing_else() -> None:
    optional_ones = ["groups:write", "reactions:read", "usergroups:read"]
    assert MANIFEST["oauth_config"]["scopes"]["bot_optional"] == optional_ones
    asked, needed = (bot_scopes(default_directory(), optional=optional) for optional in (True, False))
    assert set(asked) - set(needed) == set(optional_ones)


def test_the_manifest_subscribes_to_exactly_the_events_in_use() -> None:
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == {
        name for name, _ in EVENTS.values()
    }


def test_it_cannot_read_channels_or_circles() -> None:
    scopes = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    assert (
        not {"channels:history", "groups:history", "mpim:history", "files:read", "chat:write.public"} & scopes
    )
