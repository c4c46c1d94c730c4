"""A person's actions in a modal or on the Home tab: press, submit, close."""

from typing import Any

from slack_emulator.blocks import check_view
from slack_emulator.delivery_outcome import Outcome
from slack_emulator.errors import RefusedError
from slack_emulator.field_values import KINDS, action_of, take_values
from slack_emulator.modals import close_all, close_top, push_modal, show_modal, top_modal, update_view
from slack_emulator.payloads import view_action, view_closed, view_submission
from slack_emulator.person_actions import failure_code, told
from slack_emulator.slack import Slack
from slack_emulator.state import View, Workspace

_MISSING = "Please fill this in."
_TROUBLE = "We had trouble connecting. Please try again."


async def press_in_view(
    slack: Slack, user: str, asked: Any, values: dict[str, Any], view_id: str | None = None
) -> dict[str, Any]:
    """Use an element of the open modal, or else of the Home tab; `values` are what was typed so far.

    Raises:
        RefusedError: view_not_found, action_not_found, option_not_found or invalid_arguments.
    """
    workspace, _ = slack.actor(user)
    view = _seen_view(workspace, user, view_id)
    blocks = view.fields["blocks"]
    view.values = take_values(blocks, view.values, values)
    action = action_of(blocks, asked, slack.ids.timestamp())
    if action["type"] in KINDS:
        view.values = take_values(blocks, view.values, {action["block_id"]: {action["action_id"]: action}})
    outcome = Outcome(acknowledged=False, reason="no_connection")
    if workspace.installed and slack.manifest.interactivity:
        trigger_id = slack.capabilities.give_trigger(workspace.id, user, view.id)
        payload = view_action(workspace, slack.app, view, action, trigger_id)
        outcome = await slack.delivery.send_interaction(payload)
    return told(slack, user, outcome, f"{workspace.bot_name} did not respond.")


def _seen_view(workspace: Workspace, user: str, view_id: str | None) -> View:
    """The view named, or else the modal on top, or else the Home view."""
    modal, home = top_modal(workspace, user), workspace.home_of(user)
    if view_id is not None:
        for view in (modal, home):
            if view is not None and view.id == view_id:
                return view
        raise RefusedError("view_not_found", detail=f"{view_id} is not what {user} sees")
    if modal is not None:
        return modal
    if home is None:
        raise RefusedError("view_not_found", detail=f"{user} has no modal open and no Home view")
    return home


async def submit(slack: Slack, user: str, values: dict[str, Any]) -> dict[str, Any]:
    """Submit the modal on top; what the client checks itself never reaches the app.

    Raises:
        RefusedError: view_not_found, or block_not_found and the like for unknown values.
    """
    workspace, _ = slack.actor(user)
    view = top_modal(workspace, user)
    if view is None:
        raise RefusedError("view_not_found", detail=f"{user} has no modal open")
    if view.fields["submit"] is None:
        raise RefusedError("view_not_submittable", detail="this modal has no submit button")
    view.values = take_values(view.fields["blocks"], view.values, values)
    view.errors = _client_errors(view)
    if view.errors:
        show_modal(slack, workspace, user)
        return {"ok": False, "error": "client_validation", "errors": view.errors}
    trigger_id = slack.capabilities.give_trigger(workspace.id, user, view.id)
    outcome = Outcome(acknowledged=False, reason="no_connection")
    if workspace.installed:
        outcome = await slack.delivery.send_interaction(
            view_submission(workspace, slack.app, view, trigger_id)
        )
    if not outcome.acknowledged:
        slack.notice(user, _TROUBLE)
        return {"ok": False, "error": failure_code(outcome), "detail": _TROUBLE}
    body = outcome.body if isinstance(outcome.body, dict) else {}
    try:
        return await _respond(slack, workspace, view, body)
    except RefusedError as refusal:
        slack.notice(user, _TROUBLE)
        answer = refusal.answer()
        return answer | {"detail": f"the app's response_action was refused: {answer}"}


async def _respond(slack: Slack, workspace: Workspace, view: View, body: dict[str, Any]) -> dict[str, Any]:
    action = body.get("response_action")
    still_open = view in workspace.modals.get(view.user, [])
    if action == "errors":
        errors = body.get("errors")
        inputs = {block["block_id"] for block in view.fields["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or set(errors) - inputs:
            raise RefusedError("invalid_response_action", errors=errors)
        view.errors = {block_id: str(text) for block_id, text in errors.items()}
        show_modal(slack, workspace, view.user)
        return {"ok": True, "response_action": "errors", "errors": view.errors}
    if action == "update":
        update_view(slack, workspace, view, check_view(body.get("view"), "modal"))
    elif action == "push":
        push_modal(slack, workspace, view.user, check_view(body.get("view"), "modal"))
    elif action == "clear":
        others = [each for each in workspace.modals.get(view.user, []) if each is not view]
        close_all(slack, workspace, view.user)
        await _tell_closed(slack, workspace, others, cleared=True)
    elif action is not None:
        raise RefusedError("invalid_response_action", response_action=action)
    elif still_open and top_modal(workspace, view.user) is view:
        close_top(slack, workspace, view.user)
    return {"ok": True, "response_action": action}


async def close(slack: Slack, user: str, *, everything: bool) -> dict[str, Any]:
    """Close the modal on top (or the whole stack); apps with `notify_on_close` get view_closed."""
    workspace, _ = slack.actor(user)
    stack = list(workspace.modals.get(user, []))
    if not stack:
        raise RefusedError("view_not_found", detail=f"{user} has no modal open")
    cleared = everything or bool(stack[-1].fields["clear_on_close"])
    gone = stack[::-1] if cleared else stack[-1:]
    (close_all if cleared else close_top)(slack, workspace, user)
    await _tell_closed(slack, workspace, gone, cleared=cleared)
    return {"ok": True}


async def _tell_closed(slack: Slack, workspace: Workspace, views: list[View], *, cleared: bool) -> None:
    for view in views:
        if view.fields["notify_on_close"] and workspace.installed:
            await slack.delivery.send_interaction(view_closed(workspace, slack.app, view, cleared=cleared))


def _client_errors(view: View) -> dict[str, str]:
    """What Slack's client refuses before it asks the app: empty required inputs, wrong lengths."""
    errors = {}
    for block in view.fields["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        kind = KINDS[element["type"]]
        value = view.values.get(block["block_id"], {}).get(element["action_id"], {}).get(kind.key)
        if value is None or value in ("", []):
            if not block.get("optional"):
                errors[block["block_id"]] = _MISSING
            continue
        wrong = _wrong_value(element, value)
        if wrong:
            errors[block["block_id"]] = wrong
    return errors


def _wrong_value(element: dict[str, Any], value: Any) -> str | None:
    if element["type"] == "plain_text_input":
        low, high = element.get("min_length") or 0, element.get("max_length") or 3000
        if len(value) < low:
            return f"Please write at least {low} characters."
        if len(value) > high:
            return f"Please write at most {high} characters."
    if element["type"] == "number_input":
        return _wrong_number(element, str(value))
    most = element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        return f"Please choose at most {most}."
    return None


def _wrong_number(element: dict[str, Any], value: str) -> str | None:
    try:
        found = float(value)
    except ValueError:
        return "Please write a number."
    if not element.get("is_decimal_allowed") and not found.is_integer():
        return "Please write a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and found < float(low):
        return f"Please write {low} or more."
    if high is not None and found > float(high):
        return f"Please write {high} or less."
    return None
