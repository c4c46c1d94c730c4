"""Showing a modal: opened from a message or the Home tab, in place of the one a button was pressed in."""

from typing import Any

from allybot.message import View
from allybot.slack_app.replies import Desk, actor, change_modal, open_modal, permit, say_for


def is_in_modal(body: dict[str, Any]) -> bool:
    """Whether the button was pressed in a modal."""
    return bool((body.get("view") or {}).get("type") == "modal")


def show_view(desk: Desk, body: dict[str, Any], view: View) -> None:
    """Show a modal soon to whoever pressed."""
    if is_in_modal(body):
        change_modal(desk, body, view, whatever_it_shows=True)
    else:
        open_modal(desk, actor(body), permit(body), view, say_for(desk, body))
