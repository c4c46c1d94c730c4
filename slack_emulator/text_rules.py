"""Block Kit's composition objects: texts, options, confirmation dialogs. Figures: Slack's reference."""

from typing import Any

from slack_emulator.rules import (
    Faults,
    Rule,
    by_type,
    fault,
    fields,
    items,
    one_of,
    text_of,
    truth,
)

URL_LENGTH = 3000
ID_LENGTH = 255
MAX_OPTIONS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
PLACEHOLDER = 150

identifier = text_of(ID_LENGTH, 1)
address = text_of(URL_LENGTH, 1)


def _object_of(kinds: dict[str, Rule]) -> Rule:
    inner = by_type(kinds)

    def check(value: Any, pointer: str, faults: Faults) -> None:
        found: Faults = []
        inner(value, pointer, found)
        if found:
            # Slack names the text object first and the broken detail after it.
            fault(faults, pointer, "failed to match all allowed schemas")
            faults.extend(found)

    return check


def _plain(maximum: int, minimum: int) -> Rule:
    return fields({"type": one_of("plain_text"), "text": text_of(maximum, minimum)}, {"emoji": truth})


def _markdown(maximum: int, minimum: int) -> Rule:
    return fields({"type": one_of("mrkdwn"), "text": text_of(maximum, minimum)}, {"verbatim": truth})


def plain_text(maximum: int, minimum: int = 1) -> Rule:
    """A `plain_text` object."""
    return _object_of({"plain_text": _plain(maximum, minimum)})


def any_text(maximum: int, minimum: int = 1) -> Rule:
    """A `plain_text` or `mrkdwn` object."""
    return _object_of({"plain_text": _plain(maximum, minimum), "mrkdwn": _markdown(maximum, minimum)})


def confirm(value: Any, pointer: str, faults: Faults) -> None:
    """A confirmation dialog: title 100, text 300, buttons 30 characters."""
    _CONFIRM(value, pointer, faults)


_CONFIRM = fields(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)

# Options of menus are plain; those of radio buttons and checkboxes may use mrkdwn; those of overflows link.
option = fields(
    {"text": plain_text(OPTION_TEXT), "value": text_of(OPTION_VALUE, 1)},
    {"description": plain_text(OPTION_DESCRIPTION)},
)
linked_option = fields(
    {"text": plain_text(OPTION_TEXT), "value": text_of(OPTION_VALUE, 1)},
    {"description": plain_text(OPTION_DESCRIPTION), "url": address},
)
rich_option = fields(
    {"text": any_text(OPTION_TEXT), "value": text_of(OPTION_VALUE, 1)},
    {"description": any_text(OPTION_DESCRIPTION)},
)
option_group = fields({"label": plain_text(OPTION_TEXT), "options": items(option, MAX_OPTIONS)}, {})
