"""views.*: modals open, change and stack; Home views are published."""

from typing import Any

from slack_emulator.access import require_person
from slack_emulator.blocks import check_view
from slack_emulator.errors import RefusedError
from slack_emulator.modals import open_modal, publish_home, push_modal, update_view
from slack_emulator.payloads import view_with_state
from slack_emulator.state import View
from slack_emulator.web_api.call import Call, method


def _asked(call: Call, kind: str) -> dict[str, Any]:
    view = call.structure("view", "invalid_arguments")
    if view is None:
        raise RefusedError("invalid_arguments", messages=["missing required field: view"])
    return check_view(view, kind)


def _answer(view: View) -> dict[str, Any]:
    return {"view": view_with_state(view)}


@method("views.open")
def views_open(call: Call) -> dict[str, Any]:
    """Open a modal for the person whose interaction gave the trigger_id."""
    asked = _asked(call, "modal")
    trigger = call.slack.capabilities.use_trigger(call.workspace.id, call.text("trigger_id"))
    return _answer(open_modal(call.slack, call.workspace, trigger.user, asked))


@method("views.push")
def views_push(call: Call) -> dict[str, Any]:
    """Put a modal on top of the open one; three at most."""
    asked = _asked(call, "modal")
    trigger = call.slack.capabilities.use_trigger(call.workspace.id, call.text("trigger_id"))
    return _answer(push_modal(call.slack, call.workspace, trigger.user, asked))


@method("views.update")
def views_update(call: Call) -> dict[str, Any]:
    """Replace an open modal (or a Home view) by `view_id` or `external_id`, guarded by `hash`."""
    workspace = call.workspace
    view_id, external = call.optional("view_id"), call.optional("external_id")
    if view_id is None and external is None:
        raise RefusedError("invalid_arguments", messages=["missing required field: view_id"])
    stacks = [view for stack in workspace.modals.values() for view in stack]
    known = [*stacks, *workspace.homes.values()]
    found = next(
        (
            view
            for view in known
            if view.id == view_id or (external and view.fields["external_id"] == external)
        ),
        None,
    )
    if found is None:
        raise RefusedError("not_found")
    asked = _asked(call, found.fields["type"])
    expected = call.optional("hash")
    if expected is not None and expected != found.fields["hash"]:
        raise RefusedError("hash_conflict")
    return _answer(update_view(call.slack, workspace, found, asked))


@method("views.publish")
def views_publish(call: Call) -> dict[str, Any]:
    """Set a person's Home tab."""
    asked = _asked(call, "home")
    if not call.slack.manifest.home_tab:
        raise RefusedError("not_enabled")
    user = call.text("user_id")
    if user not in call.workspace.people:
        raise RefusedError("user_not_found")
    require_person(call.workspace, user)
    known, expected = call.workspace.homes.get(user), call.optional("hash")
    if expected is not None and (known is None or known.fields["hash"] != expected):
        raise RefusedError("hash_conflict")
    return _answer(publish_home(call.slack, call.workspace, user, asked))
