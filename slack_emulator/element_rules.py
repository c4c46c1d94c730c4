"""Block Kit's elements: buttons, menus, pickers, inputs. Figures: Slack's Block Kit reference."""

from typing import Any

from slack_emulator.rules import (
    Faults,
    Rule,
    all_of,
    anything,
    exactly_one,
    fault,
    fields,
    items,
    number,
    one_of,
    pattern,
    text_of,
    truth,
)
from slack_emulator.text_rules import (
    MAX_OPTIONS,
    PLACEHOLDER,
    address,
    confirm,
    identifier,
    linked_option,
    option,
    option_group,
    plain_text,
    rich_option,
)

MAX_INPUT = 3000
_MAX_BOXES = 10
_DATE = pattern(r"\d{4}-\d{2}-\d{2}", "a date in the form YYYY-MM-DD")
_TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "a time in the form HH:mm")
_DECIMAL = pattern(r"-?\d+(\.\d+)?", "a number written as a string")

_COMMON: dict[str, Rule] = {"action_id": identifier, "confirm": confirm, "focus_on_load": truth}
_MENU: dict[str, Rule] = {**_COMMON, "placeholder": plain_text(PLACEHOLDER)}
_SEVERAL: dict[str, Rule] = {**_MENU, "max_selected_items": number(1, MAX_OPTIONS)}
_FILTER: dict[str, Rule] = {"filter": anything, "default_to_current_conversation": truth}
_TYPED: dict[str, Rule] = {
    "action_id": identifier,
    "placeholder": plain_text(PLACEHOLDER),
    "focus_on_load": truth,
    "dispatch_action_config": anything,
}


def _element(required: dict[str, Rule], optional: dict[str, Rule]) -> Rule:
    return fields({"type": anything, **required}, optional)


def _offered(element: dict[str, Any]) -> list[Any]:
    groups = [group for group in _list(element, "option_groups") if isinstance(group, dict)]
    return _list(element, "options") + [entry for group in groups for entry in _list(group, "options")]


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def _initial_is_offered(value: Any, pointer: str, faults: Faults) -> None:
    if not isinstance(value, dict):
        return
    offered, first = _offered(value), value.get("initial_option")
    if first is not None and first not in offered:
        fault(faults, f"{pointer}/initial_option", "initial_option must equal one of the options")
    chosen = value.get("initial_options")
    if isinstance(chosen, list) and any(entry not in offered for entry in chosen):
        fault(faults, f"{pointer}/initial_options", "initial_options must equal some of the options")


def _lengths_fit(value: Any, pointer: str, faults: Faults) -> None:
    if not isinstance(value, dict):
        return
    low, high, text = value.get("min_length"), value.get("max_length"), value.get("initial_value")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        fault(faults, f"{pointer}/min_length", "min_length must not be greater than max_length")
    if isinstance(text, str) and isinstance(high, int) and len(text) > high:
        fault(faults, f"{pointer}/initial_value", f"must be less than {high + 1} characters")


_CHOICES: dict[str, Rule] = {
    "options": items(option, MAX_OPTIONS),
    "option_groups": items(option_group, MAX_OPTIONS),
}
_one_source = exactly_one("options", "option_groups")

BUTTON = _element(
    {"text": plain_text(75)},
    {
        "action_id": identifier,
        "value": text_of(2000),
        "url": address,
        "style": one_of("primary", "danger"),
        "confirm": confirm,
        "accessibility_label": text_of(75),
    },
)
IMAGE = all_of(
    _element(
        {"alt_text": text_of(2000)},
        {"image_url": address, "slack_file": anything},
    ),
    exactly_one("image_url", "slack_file"),
)
OVERFLOW = _element(
    {"options": items(linked_option, 5, 2)},
    {"action_id": identifier, "confirm": confirm},
)
_BOXES = _element(
    {"options": items(rich_option, _MAX_BOXES)},
    {**_COMMON, "initial_options": items(rich_option, _MAX_BOXES)},
)
_RADIO = _element(
    {"options": items(rich_option, _MAX_BOXES)},
    {**_COMMON, "initial_option": rich_option},
)

PICKERS: dict[str, Rule] = {
    "static_select": all_of(
        _element({}, {**_MENU, **_CHOICES, "initial_option": option}), _one_source, _initial_is_offered
    ),
    "external_select": _element({}, {**_MENU, "initial_option": option, "min_query_length": number(0, 255)}),
    "users_select": _element({}, {**_MENU, "initial_user": identifier}),
    "conversations_select": _element(
        {}, {**_MENU, **_FILTER, "initial_conversation": identifier, "response_url_enabled": truth}
    ),
    "channels_select": _element({}, {**_MENU, "initial_channel": identifier, "response_url_enabled": truth}),
    "datepicker": _element({}, {**_MENU, "initial_date": _DATE}),
    "timepicker": _element({}, {**_MENU, "initial_time": _TIME, "timezone": text_of(255)}),
    "datetimepicker": _element({}, {**_COMMON, "initial_date_time": number(10**9, 10**10 - 1)}),
    "radio_buttons": all_of(_RADIO, _initial_is_offered),
    "checkboxes": all_of(_BOXES, _initial_is_offered),
}

SEVERAL_PICKERS: dict[str, Rule] = {
    "multi_static_select": all_of(
        _element({}, {**_SEVERAL, **_CHOICES, "initial_options": items(option, MAX_OPTIONS)}),
        _one_source,
        _initial_is_offered,
    ),
    "multi_external_select": _element(
        {}, {**_SEVERAL, "initial_options": items(option, MAX_OPTIONS), "min_query_length": number(0, 255)}
    ),
    "multi_users_select": _element({}, {**_SEVERAL, "initial_users": items(identifier, MAX_OPTIONS)}),
    "multi_conversations_select": _element(
        {}, {**_SEVERAL, **_FILTER, "initial_conversations": items(identifier, MAX_OPTIONS)}
    ),
    "multi_channels_select": _element({}, {**_SEVERAL, "initial_channels": items(identifier, MAX_OPTIONS)}),
}

TYPED: dict[str, Rule] = {
    "plain_text_input": all_of(
        _element(
            {},
            {
                **_TYPED,
                "initial_value": text_of(MAX_INPUT),
                "multiline": truth,
                "min_length": number(0, MAX_INPUT),
                "max_length": number(1, MAX_INPUT),
            },
        ),
        _lengths_fit,
    ),
    "email_text_input": _element({}, {**_TYPED, "initial_value": text_of(MAX_INPUT)}),
    "url_text_input": _element({}, {**_TYPED, "initial_value": text_of(MAX_INPUT)}),
    "number_input": _element(
        {"is_decimal_allowed": truth},
        {**_TYPED, "initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL},
    ),
    "rich_text_input": _element({}, {**_TYPED, "initial_value": anything}),
    "file_input": _element({}, {"action_id": identifier, "filetypes": anything, "max_files": number(1, 10)}),
}

# Which element stands in which block: the reference of each element, and the unions of @slack/types.
IN_ACTIONS: dict[str, Rule] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    **PICKERS,
    **SEVERAL_PICKERS,
    "rich_text_input": TYPED["rich_text_input"],
}
IN_SECTION: dict[str, Rule] = {
    name: rule
    for name, rule in {**IN_ACTIONS, "image": IMAGE}.items()
    if name not in ("datetimepicker", "rich_text_input")
}
IN_INPUT: dict[str, Rule] = {**PICKERS, **SEVERAL_PICKERS, **TYPED}
