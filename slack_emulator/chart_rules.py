"""The data visualization block. Figures: Slack's reference of that block (June 2026)."""

from typing import Any

from slack_emulator.rules import Faults, Rule, all_of, anything, by_type, fault, fields, items, text_of
from slack_emulator.text_rules import identifier

_TITLE, _LABEL = text_of(50, 1), text_of(20, 1)
_MAX_SERIES, _MAX_SEGMENTS, _MAX_CATEGORIES = 6, 6, 20
MAX_CHARTS = 2
"""In one message (docs.rs, slack-morphism 2.30; Slack's own page does not say)."""


def _amount(value: Any, pointer: str, faults: Faults) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        fault(faults, pointer, "must provide a number")


_POINT = fields({"label": _LABEL, "value": _amount}, {})
_SERIES = fields({"name": _LABEL, "data": items(_POINT, _MAX_CATEGORIES)}, {})
_AXIS = fields({"categories": items(_LABEL, _MAX_CATEGORIES)}, {"x_label": _TITLE, "y_label": _TITLE})


def _belongs_together(value: Any, pointer: str, faults: Faults) -> None:
    """Each series has one value for each category, and a name of its own."""
    try:
        categories = value["axis_config"]["categories"]
        names = [series["name"] for series in value["series"]]
        labels = [[point["label"] for point in series["data"]] for series in value["series"]]
    except (KeyError, TypeError):
        return  # said already
    if len(set(names)) < len(names):
        fault(faults, f"{pointer}/series", "series names must be unique")
    if any(each != categories for each in labels):
        fault(faults, f"{pointer}/series", "labels must match the categories")


_PLOTTED: Rule = all_of(
    fields({"type": anything, "series": items(_SERIES, _MAX_SERIES), "axis_config": _AXIS}, {}),
    _belongs_together,
)
_PIE = fields({"type": anything, "segments": items(_POINT, _MAX_SEGMENTS)}, {})
CHART = fields(
    {
        "type": anything,
        "title": _TITLE,
        "chart": by_type({"bar": _PLOTTED, "line": _PLOTTED, "area": _PLOTTED, "pie": _PIE}),
    },
    {"block_id": identifier},
)
