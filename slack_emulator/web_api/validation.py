"""blocks.validate and apps.manifest.validate: what Slack would say, and nothing is made or shown."""

import re
from typing import Any

from slack_emulator.blocks import check_view, message_faults
from slack_emulator.errors import RefusedError
from slack_emulator.manifest_rules import manifest_faults
from slack_emulator.rules import Faults
from slack_emulator.web_api.call import Call, method

_FAULT = re.compile(r"(?P<message>.*) \[json-pointer:(?P<pointer>.*)\]", re.DOTALL)
_WHAT = ("blocks", "message", "view")


@method("blocks.validate")
def blocks_validate(call: Call) -> dict[str, Any]:
    """Judge blocks, a message or a view against the schema; exactly one of them is given."""
    given = {name: call.structure(name, "invalid_arguments") for name in _WHAT}
    given = {name: value for name, value in given.items() if value is not None}
    if len(given) != 1:
        raise RefusedError(
            "invalid_arguments", messages=["must provide exactly one of: blocks, view, message"]
        )
    ((what, value),) = given.items()
    faults, root = _faults_of(what, value, call)
    if faults:
        errors = [{"code": "failed_constraint", **_parts(each, root)} for each in faults]
        raise RefusedError(f"invalid_{what}", errors=errors)
    return {}


@method("apps.manifest.validate", caller="configuration")
def manifest_validate(call: Call) -> dict[str, Any]:
    """Judge a manifest, with an app configuration token."""
    call.text("manifest")
    faults = manifest_faults(call.structure("manifest", "invalid_manifest"))
    if faults:
        raise RefusedError("invalid_manifest", errors=[_parts(each, "") for each in faults])
    return {}


def _faults_of(what: str, value: Any, call: Call) -> tuple[Faults, str]:
    """The faults, and the part of their pointers that names the argument."""
    refused = call.workspace.config.refused_blocks
    if what == "blocks":
        return message_faults(value, refused), "/blocks"
    if what == "message":
        blocks = value.get("blocks", []) if isinstance(value, dict) else None
        return message_faults(blocks, refused), ""
    kind = value.get("type") if isinstance(value, dict) else None
    try:
        check_view(value, "home" if kind == "home" else "modal")
    except RefusedError as refusal:
        return refusal.messages or [f"{refusal.code} [json-pointer:/view]"], "/view"
    return [], "/view"


def _parts(fault: str, root: str) -> dict[str, str]:
    found = _FAULT.fullmatch(fault)
    if found is None:
        return {"message": fault, "pointer": "/"}
    return {"message": found["message"], "pointer": found["pointer"].removeprefix(root) or "/"}
