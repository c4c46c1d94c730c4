"""Block Kit's limits: each is met exactly, and one more is refused with a pointer to the place."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_emulator.blocks import check_message_blocks, check_view
from slack_emulator.errors import RefusedError

Json = dict[str, Any]


def plain(length: int | str) -> Json:
    return {"type": "plain_text", "text": length if isinstance(length, str) else "x" * length}


def markdown(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def option(number: int = 0, text: int = 5, value: int = 0, description: int = 0) -> Json:
    made: Json = {"text": plain(text), "value": str(number).rjust(value, "v")}
    return made | ({"description": plain(description)} if description else {})


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": markdown(5), **more}


def asked(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": options(2), **more}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "text", **more}


def confirm(title: int = 5, text: int = 5, yes: int = 5) -> Json:
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(5)}


def chart(title: int = 5, name: int = 5, label: int = 5, series: int = 1, categories: int = 1) -> Json:
    labels = [str(place).rjust(label, "l") for place in range(categories)]
    points = [{"label": each, "value": 1} for each in labels]
    names = [str(place).rjust(name, "n") for place in range(series)]
    return {
        "type": "data_visualization",
        "title": "x" * title,
        "chart": {
            "type": "bar",
            "series": [{"name": each, "data": points} for each in names],
            "axis_config": {"categories": labels},
        },
    }


# what, the largest that is allowed, a block of that size, and where one more is wrong
LIMITS: list[tuple[str, int, Callable[[int], Json], str]] = [
    ("section text", 3000, lambda n: section(text=markdown(n)), "/text/text"),
    ("fields", 10, lambda n: section(fields=[markdown(1)] * n), "/fields"),
    ("field text", 2000, lambda n: section(fields=[markdown(n)]), "/fields/0/text"),
    ("header", 150, lambda n: {"type": "header", "text": plain(n)}, "/text/text"),
    ("block_id", 255, lambda n: section(block_id="x" * n), "/block_id"),
    ("action_id", 255, lambda n: actions(button(action_id="x" * n)), "/elements/0/action_id"),
    ("button text", 75, lambda n: actions(button(text=plain(n))), "/elements/0/text/text"),
    ("button value", 2000, lambda n: actions(button(value="x" * n)), "/elements/0/value"),
    ("button url", 3000, lambda n: actions(button(url="x" * n)), "/elements/0/url"),
    ("actions", 25, lambda n: actions(*(button(action_id=str(i)) for i in range(n))), "/elements"),
    ("context", 10, lambda n: {"type": "context", "elements": [markdown(1)] * n}, "/elements"),
    ("options", 100, lambda n: actions(select(options=options(n))), "/elements/0/options"),
    (
        "option text",
        75,
        lambda n: actions(select(options=[option(text=n)])),
        "/elements/0/options/0/text/text",
    ),
    (
        "option value",
        150,
        lambda n: actions(select(options=[option(value=n)])),
        "/elements/0/options/0/value",
    ),
    (
        "option description",
        75,
        lambda n: actions(select(options=[option(description=n)])),
        "/elements/0/options/0/description/text",
    ),
    ("overflow", 5, lambda n: actions({"type": "overflow", "options": options(n)}), "/elements/0/options"),
    ("radio", 10, lambda n: actions({"type": "radio_buttons", "options": options(n)}), "/elements/0/options"),
    (
        "checkboxes",
        10,
        lambda n: actions({"type": "checkboxes", "options": options(n)}),
        "/elements/0/options",
    ),
    ("placeholder", 150, lambda n: actions(select(placeholder=plain(n))), "/elements/0/placeholder/text"),
    ("chart title", 50, lambda n: chart(title=n), "/title"),
    ("chart series", 6, lambda n: chart(series=n), "/chart/series"),
    ("chart series name", 20, lambda n: chart(name=n), "/chart/series/0/name"),
    ("chart categories", 20, lambda n: chart(categories=n), "/chart/axis_config/categories"),
    ("chart label", 20, lambda n: chart(label=n), "/chart/axis_config/categories/0"),
    ("label", 2000, lambda n: asked(typed(), label=plain(n)), "/label/text"),
    ("hint", 2000, lambda n: asked(typed(), hint=plain(n)), "/hint/text"),
    ("initial text", 3000, lambda n: asked(typed(initial_value="x" * n)), "/element/initial_value"),
    ("max_length", 3000, lambda n: asked(typed(max_length=n)), "/element/max_length"),
    (
        "confirm title",
        100,
        lambda n: actions(button(confirm=confirm(title=n))),
        "/elements/0/confirm/title/text",
    ),
    (
        "confirm text",
        300,
        lambda n: actions(button(confirm=confirm(text=n))),
        "/elements/0/confirm/text/text",
    ),
    (
        "confirm button",
        30,
        lambda n: actions(button(confirm=confirm(yes=n))),
        "/elements/0/confirm/confirm/text",
    ),
    (
        "alt text",
        2000,
        lambda n: {"type": "image", "image_url": "https://x", "alt_text": "x" * n},
        "/alt_text",
    ),
    ("markdown", 12_000, lambda n: {"type": "markdown", "text": "x" * n}, "/text"),
]


@pytest.mark.parametrize(
    ("largest", "make", "pointer"), [limit[1:] for limit in LIMITS], ids=[one[0] for one in LIMITS]
)
def test_a_limit_is_met_exactly_and_one_more_is_refused(
    largest: int, make: Callable[[int], Json], pointer: str
) -> None:
    check_message_blocks([make(largest)])
    with pytest.raises(RefusedError) as caught:
        check_message_blocks([make(largest + 1)])
    assert caught.value.code == "invalid_blocks"
    assert any(message.endswith(f"[json-pointer:/blocks/0{pointer}]") for message in caught.value.messages)


WRONG: dict[str, tuple[Json, str]] = {
    "an unknown block": ({"type": "banner"}, "unsupported type: banner [json-pointer:/blocks/0/type]"),
    "no type": ({"text": "x"}, "missing required field: type [json-pointer:/blocks/0]"),
    "an unknown field": (
        section(colour="red"),
        "invalid additional property: colour [json-pointer:/blocks/0]",
    ),
    "an empty section": ({"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
    "an empty text": (
        section(text=markdown(0)),
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    "a bare string": (section(text="x"), "must provide an object [json-pointer:/blocks/0/text]"),
    "mrkdwn in a header": (
        {"type": "header", "text": markdown(5)},
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "an input without element": (
        {"type": "input", "label": plain("x")},
        "missing required field: element [json-pointer:/blocks/0]",
    ),
    "an image without words": (
        {"type": "image", "image_url": "https://x"},
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    "a text field in a row of buttons": (
        actions(typed()),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    "one overflow option": (
        actions({"type": "overflow", "options": options(1)}),
        "no less than 2 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    "a style of one's own": (
        actions(button(style="loud")),
        "must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    "a first option not offered": (
        actions(select(initial_option=option(7))),
        "initial_option must equal one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    "options twice over": (
        actions(select(option_groups=[{"label": plain("x"), "options": options(1)}])),
        "must provide exactly one of: options, option_groups [json-pointer:/blocks/0/elements/0]",
    ),
    "the same action twice": (
        actions(button(), button()),
        "`action_id` go already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    "a link in a menu's option": (
        actions(select(options=[{**option(0), "url": "https://x"}])),
        "invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]",
    ),
    "a moment beside a text": (
        section(accessory={"type": "datetimepicker", "action_id": "at"}),
        "unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]",
    ),
    "a date that is none": (
        actions({"type": "datepicker", "action_id": "when", "initial_date": "6 Jan"}),
        "must be a date in the form YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_block_is_refused_with_its_place(case: str) -> None:
    block, message = WRONG[case]
    with pytest.raises(RefusedError) as caught:
        check_message_blocks([block])
    assert message in caught.value.messages


def test_fifty_blocks_a_message_and_each_block_id_once() -> None:
    check_message_blocks([{"type": "divider"}] * 50)
    with pytest.raises(RefusedError) as caught:
        check_message_blocks([{"type": "divider"}] * 51)
    assert caught.value.messages == ["no more than 50 items allowed [json-pointer:/blocks]"]
    with pytest.raises(RefusedError) as caught:
        check_message_blocks([section(block_id="a"), section(block_id="a")])
    assert caught.value.messages == ["`block_id` a already exists [json-pointer:/blocks/1/block_id]"]


def test_the_same_action_id_may_stand_in_two_blocks() -> None:
    check_message_blocks([actions(button()), actions(button())])


@pytest.mark.parametrize(
    "element",
    [
        {"type": "overflow", "options": [{**option(number), "url": "https://x"} for number in range(2)]},
        {"type": "multi_static_select", "action_id": "pick", "options": options(2)},
        {"type": "datetimepicker", "action_id": "at"},
    ],
    ids=["overflow with links", "several choices", "a moment"],
)
def test_what_slack_lets_stand_in_a_row_of_buttons(element: Json) -> None:
    check_message_blocks([actions(element)])


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("A form"), "blocks": [], **more}


VIEW_LIMITS: list[tuple[str, int, Callable[[int], Any]]] = [
    ("title", 24, plain),
    ("submit", 24, plain),
    ("close", 24, plain),
    ("private_metadata", 3000, lambda n: "x" * n),
    ("callback_id", 255, lambda n: "x" * n),
    ("external_id", 255, lambda n: "x" * n),
    ("blocks", 100, lambda n: [{"type": "divider"}] * n),
]


@pytest.mark.parametrize(("name", "largest", "make"), VIEW_LIMITS, ids=[one[0] for one in VIEW_LIMITS])
def test_a_views_limits_hold(name: str, largest: int, make: Callable[[int], Any]) -> None:
    check_view(modal(**{name: make(largest)}), "modal")
    with pytest.raises(RefusedError) as caught:
        check_view(modal(**{name: make(largest + 1)}), "modal")
    assert caught.value.code == "invalid_arguments"
    assert any(f"[json-pointer:/view/{name}" in message for message in caught.value.messages)


def test_a_form_needs_a_submit_button_and_a_view_its_kind() -> None:
    for view, message in [
        (modal(blocks=[asked(typed())]), "missing required field: submit [json-pointer:/view]"),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        (modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
        (
            modal(blocks=[{"type": "markdown", "text": "x"}]),
            "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
        ),
        (
            modal(blocks=[asked(typed(focus_on_load=True)), asked(typed(focus_on_load=True))]),
            (
                "only one element can have focus_on_load set to true "
                "[json-pointer:/view/blocks/1/element/focus_on_load]"
            ),
        ),
        ({"type": "home", "blocks": []}, "must be a valid enum value: modal [json-pointer:/view/type]"),
    ]:
        with pytest.raises(RefusedError) as caught:
            check_view(view, "modal")
        assert message in caught.value.messages


def test_a_view_over_250_kilobytes_is_too_large() -> None:
    with pytest.raises(RefusedError) as caught:
        check_view(modal(blocks=[section(text=markdown(2999))] * 100), "modal")
    assert caught.value.code == "view_too_large"


def test_the_web_api_answers_with_tagged_messages(client: WebClient) -> None:
    blocks = [section(text=markdown(3001))]
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]
    with pytest.raises(SlackApiError) as caught:
        client.views_publish(user_id="U0ANTON", view=json.dumps({"type": "home"}))
    assert caught.value.response["error"] == "invalid_arguments"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"series": [{"name": "a", "data": [{"label": "other", "value": 1}]}]}, "labels must match"),
        ({"series": [{"name": "a", "data": [{"label": "llll0", "value": 1}]}] * 2}, "must be unique"),
        ({"series": [{"name": "a", "data": [{"label": "llll0", "value": "1"}]}]}, "must provide a number"),
        ({"type": "pyramid"}, "unsupported type: pyramid"),
    ],
)
def test_a_chart_has_a_number_for_each_category(change: Json, said: str) -> None:
    made = chart()
    made["chart"] |= change
    with pytest.raises(RefusedError) as refused:
        check_message_blocks([made])
    assert said in str(refused.value.answer())


def test_a_message_takes_two_charts_and_a_modal_none() -> None:
    check_message_blocks([chart(), chart()])
    with pytest.raises(RefusedError):
        check_message_blocks([chart()] * 3)
    with pytest.raises(RefusedError):
        check_message_blocks([chart()], ["data_visualization"])
    with pytest.raises(RefusedError):
        check_view({"type": "modal", "title": plain("T"), "blocks": [chart()]}, "modal")
