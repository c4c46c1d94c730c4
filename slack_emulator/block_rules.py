"""Block Kit's layout blocks and views. Figures: Slack's Block Kit and views reference."""

from typing import Any

from slack_emulator.chart_rules import CHART
from slack_emulator.element_rules import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from slack_emulator.rules import (
    Faults,
    Rule,
    all_of,
    anything,
    by_type,
    exactly_one,
    fault,
    fields,
    items,
    one_of,
    text_of,
    truth,
)
from slack_emulator.text_rules import address, any_text, identifier, plain_text

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
_VIEW_TITLE = 24
_METADATA = 3000


def _block(required: dict[str, Rule], optional: dict[str, Rule]) -> Rule:
    return fields({"type": anything, **required}, {"block_id": identifier, **optional})


def _section_has_text(value: Any, pointer: str, faults: Faults) -> None:
    if isinstance(value, dict) and value.get("text") is None and value.get("fields") is None:
        fault(faults, pointer, "missing required field: text")


_SECTION = all_of(
    _block(
        {},
        {
            "text": any_text(3000),
            "fields": items(any_text(2000), 10),
            "accessory": by_type(IN_SECTION),
            "expand": truth,
        },
    ),
    _section_has_text,
)
_RICH_PART = by_type(
    dict.fromkeys(
        ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"),
        fields(
            {"type": anything, "elements": items(anything, 10_000, 0)},
            {
                "style": anything,
                "indent": anything,
                "offset": anything,
                "border": anything,
                "language": anything,
            },
        ),
    )
)
_CONTEXT_PART = by_type(
    {"image": IMAGE, "mrkdwn": any_text(2000), "plain_text": any_text(2000)},
)

BLOCKS: dict[str, Rule] = {
    "section": _SECTION,
    "actions": _block({"elements": items(by_type(IN_ACTIONS), 25)}, {}),
    "context": _block({"elements": items(_CONTEXT_PART, 10)}, {}),
    "header": _block({"text": plain_text(150)}, {}),
    "divider": _block({}, {}),
    "image": all_of(
        _block(
            {"alt_text": text_of(2000)},
            {"image_url": address, "slack_file": anything, "title": plain_text(2000)},
        ),
        exactly_one("image_url", "slack_file"),
    ),
    "input": _block(
        {"label": plain_text(2000), "element": by_type(IN_INPUT)},
        {"hint": plain_text(2000), "optional": truth, "dispatch_action": truth},
    ),
    "rich_text": _block({"elements": items(_RICH_PART, 1000, 0)}, {}),
    "video": _block(
        {
            "title": plain_text(200),
            "video_url": address,
            "thumbnail_url": address,
            "alt_text": text_of(2000),
        },
        {
            "title_url": address,
            "description": plain_text(200),
            "author_name": text_of(50),
            "provider_name": text_of(255),
            "provider_icon_url": address,
        },
    ),
    "markdown": _block({"text": text_of(12_000, 1)}, {}),
    "data_visualization": CHART,
}

# Markdown blocks and charts are for messages only.
_IN_VIEWS = {name: rule for name, rule in BLOCKS.items() if name not in {"markdown", "data_visualization"}}
# A `file` block is only read from a message, never sent; it is unsupported here as in Slack.
_VIEW_OPTIONAL: dict[str, Rule] = {
    "title": plain_text(_VIEW_TITLE),
    "submit": plain_text(_VIEW_TITLE),
    "close": plain_text(_VIEW_TITLE),
    "private_metadata": text_of(_METADATA),
    "callback_id": text_of(255),
    "external_id": text_of(255),
    "clear_on_close": truth,
    "notify_on_close": truth,
}
_VIEW_REQUIRED: dict[str, Rule] = {
    "type": one_of("modal", "home"),
    "blocks": items(by_type(_IN_VIEWS), VIEW_BLOCKS, 0),
}
HOME = fields(_VIEW_REQUIRED, _VIEW_OPTIONAL)
MODAL = fields({**_VIEW_REQUIRED, "title": _VIEW_OPTIONAL["title"]}, _VIEW_OPTIONAL)
MESSAGE = items(by_type(BLOCKS), MESSAGE_BLOCKS, 0)
