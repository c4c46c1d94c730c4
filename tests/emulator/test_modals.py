"""A modal's life: one trigger, a stack, what the client checks, and the app's four answers."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(block_id: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element, **more}


def text_field(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "text", **more}


def modal(title: str = "A form", *blocks: Json, **more: Any) -> Json:
    shown = list(blocks) or [field("why", text_field())]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": shown,
        **more,
    }


@pytest.fixture
def trigger(drive: Any, app: Any) -> Callable[[], str]:
    """A fresh trigger_id of Anton's."""

    def fresh() -> str:
        drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
        return str(app.of("slash_commands")[-1]["trigger_id"])

    return fresh


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def submit(drive: Any, **values: Any) -> Json:
    return drive.post("view-submit", user="U0ANTON", values=values)


def test_a_trigger_is_good_once(client: WebClient, trigger: Any) -> None:
    trigger_id = trigger()
    client.views_open(trigger_id=trigger_id, view=modal())
    assert refusal(lambda: client.views_open(trigger_id=trigger_id, view=modal())) == "exchanged_trigger_id"
    assert refusal(lambda: client.views_open(trigger_id="1.2.abc", view=modal())) == "invalid_trigger_id"


def test_a_trigger_expires_after_three_seconds(
    start: Any, client_for: Any, connect: Any, driver: Any, clock: Any
) -> None:
    emulator = start(clock)
    app, client = connect(emulator), client_for(emulator)
    driver(emulator.url).post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    clock.advance(3.01)
    trigger_id = app.of("slash_commands")[0]["trigger_id"]
    assert refusal(lambda: client.views_open(trigger_id=trigger_id, view=modal())) == "expired_trigger_id"


def test_a_refused_view_does_not_use_up_the_trigger(client: WebClient, trigger: Any) -> None:
    trigger_id = trigger()
    assert (
        refusal(lambda: client.views_open(trigger_id=trigger_id, view={"type": "modal"}))
        == "invalid_arguments"
    )
    assert client.views_open(trigger_id=trigger_id, view=modal())["ok"]


def test_views_stack_three_deep_and_close_one_by_one(client: WebClient, trigger: Any, drive: Any) -> None:
    assert refusal(lambda: client.views_push(trigger_id=trigger(), view=modal())) == "not_found"
    root = client.views_open(trigger_id=trigger(), view=modal("one"))["view"]
    second = client.views_push(trigger_id=trigger(), view=modal("two"))["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    client.views_push(trigger_id=trigger(), view=modal("three"))
    assert (
        refusal(lambda: client.views_push(trigger_id=trigger(), view=modal("four"))) == "push_limit_reached"
    )
    assert drive.view("U0ANTON")["title"]["text"] == "three"
    drive.post("view-close", user="U0ANTON")
    assert drive.view("U0ANTON")["title"]["text"] == "two"
    drive.post("view-close", user="U0ANTON", all=True)
    assert drive.view("U0ANTON") is None


def test_closing_a_view_can_clear_the_whole_stack(
    client: WebClient, trigger: Any, drive: Any, app: Any
) -> None:
    client.views_open(trigger_id=trigger(), view=modal("one", notify_on_close=True))
    client.views_push(trigger_id=trigger(), view=modal("two", clear_on_close=True))
    drive.post("view-close", user="U0ANTON")
    assert drive.view("U0ANTON") is None
    assert [one["is_cleared"] for one in app.of("view_closed")] == [True]


def test_an_update_is_guarded_by_the_hash_and_keeps_what_was_typed(
    client: WebClient, trigger: Any, drive: Any
) -> None:
    opened = client.views_open(trigger_id=trigger(), view=modal("one", external_id="mine"))["view"]
    drive.post("view-interact", user="U0ANTON", action="text", values={"why": {"text": "typed"}})
    wrong = {"view_id": opened["id"], "hash": "0.abc", "view": modal("two")}
    assert refusal(lambda: client.views_update(**wrong)) == "hash_conflict"
    updated = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("two"))["view"]
    assert updated["hash"] != opened["hash"]
    assert refusal(lambda: client.views_update(**{**wrong, "hash": opened["hash"]})) == "hash_conflict"
    assert client.views_update(external_id="mine", view=modal("three"))["view"]["id"] == opened["id"]
    assert drive.view("U0ANTON")["state"]["values"]["why"]["text"]["value"] == "typed"
    assert refusal(lambda: client.views_update(view_id="V0NONE", view=modal())) == "not_found"
    other = modal("other", external_id="mine")
    assert refusal(lambda: client.views_open(trigger_id=trigger(), view=other)) == "duplicate_external_id"


def test_the_client_asks_for_required_fields_before_the_app_hears(
    client: WebClient, trigger: Any, drive: Any, app: Any
) -> None:
    form = modal(
        "A form",
        field("why", text_field(min_length=3, max_length=5)),
        field(
            "count", {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "max_value": "9"}
        ),
        field("maybe", text_field(), optional=True),
    )
    client.views_open(trigger_id=trigger(), view=form)
    answer = submit(drive)
    assert (answer["ok"], answer["error"], set(answer["errors"])) == (
        False,
        "client_validation",
        {"why", "count"},
    )
    assert set(submit(drive, why={"text": "ab"}, count={"n": "4.5"})["errors"]) == {"why", "count"}
    assert set(submit(drive, why={"text": "abcdef"}, count={"n": "10"})["errors"]) == {"why", "count"}
    assert app.of("view_submission") == []
    assert submit(drive, why={"text": "abcd"}, count={"n": "7"})["ok"]
    (payload,) = app.of("view_submission")
    values = payload["view"]["state"]["values"]
    assert values["why"]["text"] == {"type": "plain_text_input", "value": "abcd"}
    assert values["maybe"]["text"] == {"type": "plain_text_input", "value": None}
    assert drive.view("U0ANTON") is None


def test_first_values_are_sent_when_nothing_was_changed(
    client: WebClient, trigger: Any, drive: Any, app: Any
) -> None:
    choices = [{"text": plain(word), "value": word} for word in ("a", "b")]
    form = modal(
        "A form",
        field("why", text_field(initial_value="because")),
        field(
            "one",
            {"type": "static_select", "action_id": "s", "options": choices, "initial_option": choices[1]},
        ),
        field(
            "some",
            {"type": "checkboxes", "action_id": "c", "options": choices, "initial_options": [choices[0]]},
        ),
        field("day", {"type": "datepicker", "action_id": "d", "initial_date": "2026-01-06"}),
        field("free", {"type": "radio_buttons", "action_id": "r", "options": choices}, optional=True),
    )
    client.views_open(trigger_id=trigger(), view=form)
    submit(drive, some={"c": ["a", "b"]})
    values = app.of("view_submission")[0]["view"]["state"]["values"]
    assert values["why"]["text"]["value"] == "because"
    assert values["one"]["s"]["selected_option"] == choices[1]
    assert values["some"]["c"]["selected_options"] == choices
    assert values["day"]["d"]["selected_date"] == "2026-01-06"
    assert values["free"]["r"]["selected_option"] is None


def test_errors_keep_the_modal_open_with_what_was_typed(
    client: WebClient, trigger: Any, drive: Any, app: Any
) -> None:
    client.views_open(trigger_id=trigger(), view=modal())
    app.answer = lambda kind, _payload: (
        {"response_action": "errors", "errors": {"why": "Say more."}} if kind == "interactive" else None
    )
    answer = submit(drive, why={"text": "x"})
    assert answer == {"ok": True, "response_action": "errors", "errors": {"why": "Say more."}}
    shown = drive.view("U0ANTON")
    assert shown["errors"] == {"why": "Say more."}
    assert shown["state"]["values"]["why"]["text"]["value"] == "x"
    app.answer = lambda _kind, _payload: None
    assert submit(drive) == {"ok": True, "response_action": None}


@pytest.mark.parametrize(
    ("action", "title", "depth"),
    [("update", "next", "next"), ("push", "next", "A form"), ("clear", None, None)],
)
def test_an_answer_may_update_push_or_clear(
    client: WebClient, trigger: Any, drive: Any, app: Any, action: str, title: str | None, depth: str | None
) -> None:
    client.views_open(trigger_id=trigger(), view=modal())
    body: Json = {"response_action": action} | ({} if action == "clear" else {"view": modal("next")})
    app.answer = lambda kind, _payload: body if kind == "interactive" else None
    assert submit(drive, why={"text": "x"}) == {"ok": True, "response_action": action}
    shown = drive.view("U0ANTON")
    assert (shown and shown["title"]["text"]) == title
    if shown and action == "push":
        drive.post("view-close", user="U0ANTON")
        assert drive.view("U0ANTON")["title"]["text"] == depth


def test_an_answer_slack_cannot_use_is_a_trouble_for_the_person(
    client: WebClient, trigger: Any, drive: Any, app: Any
) -> None:
    client.views_open(trigger_id=trigger(), view=modal())
    for body in (
        {"response_action": "errors", "errors": {"unknown": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "vanish"},
    ):
        app.answer = lambda _kind, _payload, body=body: body
        answer = submit(drive, why={"text": "x"})
        assert answer["ok"] is False
        assert drive.view("U0ANTON") is not None
    assert len(drive.log("notice")) == 3


def test_a_submission_nobody_acknowledges_keeps_the_modal(
    start: Any, client_for: Any, connect: Any, driver: Any, no_ack: object
) -> None:
    emulator = start(ack_seconds=0.1)
    app, client, drive = connect(emulator), client_for(emulator), driver(emulator.url)
    drive.post("command", channel="U0BOT", user="U0ANTON", command="/seed", text="")
    client.views_open(trigger_id=app.of("slash_commands")[0]["trigger_id"], view=modal())
    app.answer = lambda _kind, _payload: no_ack
    answer = submit(drive, why={"text": "typed"})
    assert (answer["ok"], answer["error"]) == (False, "operation_timeout")
    assert drive.view("U0ANTON")["state"]["values"]["why"]["text"]["value"] == "typed"
    assert len(app.of("view_submission")) == 1


def test_wrong_driving_says_what_there_is(client: WebClient, trigger: Any, drive: Any) -> None:
    assert submit(drive)["error"] == "view_not_found"
    client.views_open(trigger_id=trigger(), view=modal())
    assert submit(drive, where={"text": "x"})["error"] == "action_not_found"
    answer = drive.post("view-interact", user="U0ANTON", action="nothing")
    assert "['text']" in answer["detail"]


def test_the_home_tab_takes_presses_and_is_guarded_by_its_hash(
    client: WebClient, drive: Any, app: Any
) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "1"}
    view = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    first = client.views_publish(user_id="U0ANTON", view=view)["view"]
    assert drive.get("view/U0ANTON?home=1")["view"]["id"] == first["id"]
    drive.post("view-interact", user="U0ANTON", action="go")
    assert app.of("block_actions")[0]["view"]["type"] == "home"
    second = client.views_publish(user_id="U0ANTON", view=view, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    again = {"user_id": "U0ANTON", "view": view, "hash": first["hash"]}
    assert refusal(lambda: client.views_publish(**again)) == "hash_conflict"


@pytest.mark.parametrize(
    ("element", "given", "detail"),
    [
        (text_field(), 5, "text: expected a text"),
        (text_field(), ["x"], "text: expected a text"),
        ({"type": "datepicker", "action_id": "day"}, "soon", "day: expected a date in the form YYYY-MM-DD"),
        ({"type": "datepicker", "action_id": "day"}, "2026-02-30", "day: expected a date"),
        ({"type": "timepicker", "action_id": "hour"}, "25:00", "hour: expected a time in the form HH:mm"),
        ({"type": "datetimepicker", "action_id": "at"}, "now", "at: expected whole seconds"),
        ({"type": "users_select", "action_id": "who"}, ["U1"], "who: expected a user id"),
        ({"type": "multi_users_select", "action_id": "who"}, "U1", "who: expected a list of user ids"),
    ],
)
def test_nobody_can_type_what_a_field_does_not_take(
    client: WebClient, drive: Any, trigger: Any, app: Any, element: Json, given: Any, detail: str
) -> None:
    client.views_open(trigger_id=trigger(), view=modal("A form", field("f", element)))
    answer = submit(drive, f={element["action_id"]: given})
    assert answer["error"] == "invalid_arguments"
    assert detail in answer["detail"]
    assert not app.of("view_submission")


def test_an_emptied_field_is_null_as_in_slack(client: WebClient, drive: Any, trigger: Any, app: Any) -> None:
    view = modal("A form", field("f", text_field(initial_value="x"), optional=True))
    client.views_open(trigger_id=trigger(), view=view)
    assert submit(drive, f={"text": ""})["ok"]
    values = app.first("view_submission")["view"]["state"]["values"]
    assert values["f"]["text"] == {"type": "plain_text_input", "value": None}
