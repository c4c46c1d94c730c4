"""Views: a stack of at most three modals a person, and one Home view."""

import hashlib
from typing import Any

from slack_emulator.blocks import with_ids
from slack_emulator.errors import RefusedError
from slack_emulator.field_values import Values, first_values
from slack_emulator.pages_json import page_view
from slack_emulator.slack import Slack
from slack_emulator.state import View, Workspace

# Slack: after a modal is opened, an app may push two more.
_DEEPEST = 3


def open_modal(slack: Slack, workspace: Workspace, user: str, asked: dict[str, Any]) -> View:
    """Show a modal, in place of whatever stack was open."""
    view = _new_view(slack, workspace, user, asked)
    workspace.modals[user] = [view]
    show_modal(slack, workspace, user)
    return view


def push_modal(slack: Slack, workspace: Workspace, user: str, asked: dict[str, Any]) -> View:
    """Put a modal on the open stack.

    Raises:
        RefusedError: not_found (no modal is open) or push_limit_reached.
    """
    stack = workspace.modals.get(user)
    if not stack:
        raise RefusedError("not_found")
    if len(stack) >= _DEEPEST:
        raise RefusedError("push_limit_reached")
    view = _new_view(slack, workspace, user, asked)
    view.fields |= {"root_view_id": stack[0].id, "previous_view_id": stack[-1].id}
    stack.append(view)
    show_modal(slack, workspace, user)
    return view


def update_view(slack: Slack, workspace: Workspace, view: View, asked: dict[str, Any]) -> View:
    """Replace a view's content; what was typed stays where block and action ids stay."""
    external = asked.get("external_id") or view.fields["external_id"]
    if external != view.fields["external_id"]:
        _check_external(workspace, external)
    kept = {name: view.fields[name] for name in ("id", "root_view_id", "previous_view_id")}
    fresh = _fields(slack, workspace, view.user, asked | {"external_id": external})
    view.fields = fresh | kept
    view.values = _kept_values(first_values(view.fields["blocks"]), view.values)
    view.errors = {}
    if view.fields["type"] == "home":
        slack.pages.send([view.user], {"type": "home", "bot": workspace.bot_user})
    else:
        show_modal(slack, workspace, view.user)
    return view


def publish_home(slack: Slack, workspace: Workspace, user: str, asked: dict[str, Any]) -> View:
    """Set a person's Home view; its id stays the same from the first on."""
    known = workspace.homes.get(user)
    if known is not None:
        known.values = {}
        return update_view(slack, workspace, known, asked)
    view = workspace.homes[user] = _new_view(slack, workspace, user, asked)
    slack.pages.send([user], {"type": "home", "bot": workspace.bot_user})
    return view


def close_top(slack: Slack, workspace: Workspace, user: str) -> None:
    """Close the top modal and show the one below, if any."""
    stack = workspace.modals.get(user, [])
    if stack:
        stack.pop()
    if not stack:
        workspace.modals.pop(user, None)
    show_modal(slack, workspace, user)


def close_all(slack: Slack, workspace: Workspace, user: str) -> None:
    """Close the whole stack."""
    workspace.modals.pop(user, None)
    show_modal(slack, workspace, user)


def top_modal(workspace: Workspace, user: str) -> View | None:
    """The modal a person sees."""
    stack = workspace.modals.get(user)
    return stack[-1] if stack else None


def show_modal(slack: Slack, workspace: Workspace, user: str) -> None:
    """Send the top modal to the person's pages."""
    slack.pages.send([user], {"type": "modal", "view": page_view(top_modal(workspace, user))})


def _new_view(slack: Slack, workspace: Workspace, user: str, asked: dict[str, Any]) -> View:
    _check_external(workspace, asked.get("external_id"))
    view_id = slack.ids.new("V")
    own = {"id": view_id, "root_view_id": view_id, "previous_view_id": None}
    fields = _fields(slack, workspace, user, asked) | own
    return View(fields, user, workspace.id, first_values(fields["blocks"]))


def _check_external(workspace: Workspace, external: str | None) -> None:
    views = [*(view for stack in workspace.modals.values() for view in stack), *workspace.homes.values()]
    if external and any(view.fields["external_id"] == external for view in views):
        raise RefusedError("duplicate_external_id")


def _fields(slack: Slack, workspace: Workspace, user: str, asked: dict[str, Any]) -> dict[str, Any]:
    stamp = slack.ids.timestamp()
    mark = hashlib.sha256(stamp.encode()).hexdigest()[:8]
    home_title = {"type": "plain_text", "text": "View Title", "emoji": True}
    return {
        "team_id": workspace.teams_of(user)[0],
        "type": asked["type"],
        "blocks": with_ids(asked["blocks"], slack.ids),
        "private_metadata": asked.get("private_metadata") or "",
        "callback_id": asked.get("callback_id") or "",
        "hash": f"{stamp.partition('.')[0]}.{mark}",
        "title": _with_emoji(asked.get("title")) or home_title,
        "clear_on_close": bool(asked.get("clear_on_close")),
        "notify_on_close": bool(asked.get("notify_on_close")),
        "close": _with_emoji(asked.get("close")),
        "submit": _with_emoji(asked.get("submit")),
        "submit_disabled": False,
        "external_id": asked.get("external_id") or "",
        "app_id": slack.app.app_id,
        "app_installed_team_id": workspace.id,
        "bot_id": workspace.config.bot_id,
    }


def _with_emoji(text: dict[str, Any] | None) -> dict[str, Any] | None:
    """Slack fills in that a plain text may hold `:emoji:`."""
    return None if text is None else {"emoji": True, **text}


def _kept_values(fresh: Values, typed: Values) -> Values:
    return {
        block_id: {
            action_id: _kept(typed, block_id, action_id, value) for action_id, value in actions.items()
        }
        for block_id, actions in fresh.items()
    }


def _kept(typed: Values, block_id: str, action_id: str, value: Any) -> Any:
    known = typed.get(block_id, {}).get(action_id)
    return known if known is not None and known["type"] == value["type"] else value
