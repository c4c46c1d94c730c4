"""What Slack's app manifest may hold. Figures and names: Slack's app manifest reference.

Wording of the faults about URLs: Slack's page on `apps.manifest.validate`.
"""

from typing import Any

from slack_emulator.rules import (
    Faults,
    Rule,
    anything,
    fault,
    fields,
    items,
    number,
    one_of,
    pattern,
    text_of,
    truth,
)

_ADDRESS = pattern(r"https://\S+", "a valid HTTPS URL")
_SCOPE = pattern(r"[a-z_]+(:[a-z_.]+)*", "a scope")
_EVENT = pattern(r"[a-z_]+(\.[a-z_]+)?", "an event type")
_COMMAND = fields(
    {"command": pattern(r"/\S{1,31}", "a slash and at most 31 characters"), "description": text_of(2000, 1)},
    {"url": _ADDRESS, "usage_hint": text_of(1000), "should_escape": truth},
)
_SHORTCUT = fields(
    {
        "name": text_of(24, 1),
        "type": one_of("message", "global"),
        "callback_id": text_of(255, 1),
        "description": text_of(150, 1),
    },
    {},
)
_FEATURES = fields(
    {},
    {
        "app_home": fields(
            {},
            {
                "home_tab_enabled": truth,
                "messages_tab_enabled": truth,
                "messages_tab_read_only_enabled": truth,
            },
        ),
        "bot_user": fields({"display_name": text_of(80, 1)}, {"always_online": truth}),
        "shortcuts": items(_SHORTCUT, 10, 0),
        "slash_commands": items(_COMMAND, 50, 0),
        "unfurl_domains": items(text_of(255, 1), 5, 0),
        "assistant_view": anything,
    },
)
_SCOPES = fields(
    {},
    {
        "bot": items(_SCOPE, 255, 0),
        "bot_optional": items(_SCOPE, 255, 0),
        "user": items(_SCOPE, 255, 0),
        "user_optional": items(_SCOPE, 255, 0),
    },
)
_OAUTH = fields(
    {},
    {"scopes": _SCOPES, "redirect_urls": items(_ADDRESS, 1000, 0), "token_management_enabled": truth},
)
_SETTINGS = fields(
    {},
    {
        "event_subscriptions": fields(
            {},
            {
                "request_url": _ADDRESS,
                "bot_events": items(_EVENT, 100, 0),
                "user_events": items(_EVENT, 100, 0),
                "metadata_subscriptions": anything,
            },
        ),
        "interactivity": fields(
            {"is_enabled": truth}, {"request_url": _ADDRESS, "message_menu_options_url": _ADDRESS}
        ),
        "allowed_ip_address_ranges": items(text_of(43, 1), 10, 0),
        "incoming_webhooks": anything,
        "org_deploy_enabled": truth,
        "socket_mode_enabled": truth,
        "token_rotation_enabled": truth,
        "is_hosted": truth,
        "function_runtime": one_of("remote", "slack"),
    },
)
_MANIFEST: Rule = fields(
    {
        "display_information": fields(
            {"name": text_of(35, 1)},
            {
                "description": text_of(140),
                "long_description": text_of(4000, 174),
                "background_color": pattern(r"#([0-9a-fA-F]{3}){1,2}", "a colour in hexadecimal digits"),
            },
        )
    },
    {
        "_metadata": fields({}, {"major_version": number(1, 2), "minor_version": number(0, 99)}),
        "features": _FEATURES,
        "oauth_config": _OAUTH,
        "settings": _SETTINGS,
        "functions": anything,
    },
)


def manifest_faults(manifest: Any) -> Faults:
    """What is wrong with a manifest; empty if Slack would make an app of it."""
    faults: Faults = []
    _MANIFEST(manifest, "", faults)
    if not faults:
        _connected(manifest, faults)
        _asked_for(manifest, faults)
    return faults


def _connected(manifest: dict[str, Any], faults: Faults) -> None:
    """Events, commands and interactions need a way to the app."""
    settings = manifest.get("settings") or {}
    if settings.get("socket_mode_enabled"):
        return
    events = settings.get("event_subscriptions") or {}
    if (events.get("bot_events") or events.get("user_events")) and not events.get("request_url"):
        where = "/settings/event_subscriptions"
        fault(faults, where, "Event Subscription requires either Request URL or Socket Mode Enabled")
    interactivity = settings.get("interactivity") or {}
    if interactivity.get("is_enabled") and not interactivity.get("request_url"):
        fault(faults, "/settings/interactivity", "Interactivity requires a Request URL")
        fault(faults, "/settings/interactivity", "Interactivity requires Socket Mode enabled")
    for index, command in enumerate((manifest.get("features") or {}).get("slash_commands") or []):
        if not command.get("url"):
            where = f"/features/slash_commands/{index}"
            fault(faults, where, "Slash Command requires either URL or Socket Mode Enabled")


def _asked_for(manifest: dict[str, Any], faults: Faults) -> None:
    """Commands and optional scopes are among the scopes that are asked for."""
    scopes = (manifest.get("oauth_config") or {}).get("scopes") or {}
    asked = set(scopes.get("bot") or [])
    if (manifest.get("features") or {}).get("slash_commands") and "commands" not in asked:
        fault(faults, "/oauth_config/scopes/bot", "Slash Commands require the scope commands")
    for index, scope in enumerate(scopes.get("bot_optional") or []):
        if scope not in asked:
            where = f"/oauth_config/scopes/bot_optional/{index}"
            fault(faults, where, f"optional scope is not among the requested: {scope}")
