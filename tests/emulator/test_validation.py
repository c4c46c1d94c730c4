"""`blocks.validate` and `apps.manifest.validate`: the answer's form, and what each refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slack_emulator import Emulator
from tests.shell import MANIFEST

GOOD = [{"type": "section", "text": {"type": "plain_text", "text": "Hello"}}]
BAD = [{"type": "section", "text": {"type": "plain", "text": "Hello"}}]
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "A title"}}


def refusal(asked: Callable[[], Any]) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as refused:
        asked()
    answer: dict[str, Any] = refused.value.response.data  # type: ignore[assignment]
    return answer


def test_what_would_be_taken_is_ok_and_nothing_is_shown(client: WebClient, emulator: Emulator) -> None:
    assert client.blocks_validate(blocks=GOOD)["ok"]
    assert client.blocks_validate(message={"blocks": GOOD})["ok"]
    assert client.blocks_validate(view={**MODAL, "blocks": GOOD})["ok"]
    assert emulator.slack.workspaces["T0EMULATOR"].modals == {}


@pytest.mark.parametrize(
    ("what", "value", "pointer"),
    [
        ("blocks", BAD, "/0/text/type"),
        ("message", {"blocks": BAD}, "/blocks/0/text/type"),
        ("view", {**MODAL, "blocks": BAD}, "/blocks/0/text/type"),
    ],
)
def test_a_fault_has_a_pointer_a_code_and_a_message(
    client: WebClient, what: str, value: Any, pointer: str
) -> None:
    answer = refusal(lambda: client.blocks_validate(**{what: value}))
    assert answer["error"] == f"invalid_{what}"
    assert pointer in [each["pointer"] for each in answer["errors"]]
    assert {each["code"] for each in answer["errors"]} == {"failed_constraint"}
    assert all(each["message"] for each in answer["errors"])


def test_exactly_one_of_the_three_is_judged(client: WebClient) -> None:
    assert refusal(client.blocks_validate)["error"] == "invalid_arguments"
    both = refusal(lambda: client.blocks_validate(blocks=GOOD, view={**MODAL, "blocks": GOOD}))
    assert both["error"] == "invalid_arguments"


@pytest.fixture
def judge(emulator: Emulator, client_for: Callable[..., WebClient]) -> WebClient:
    return client_for(emulator, emulator.config.app.config_token)


def test_a_manifest_is_judged_with_a_configuration_token_only(judge: WebClient, client: WebClient) -> None:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    assert judge.apps_manifest_validate(manifest=manifest)["ok"]
    other = refusal(lambda: client.apps_manifest_validate(manifest=manifest))
    assert other["error"] == "not_allowed_token_type"
    assert refusal(judge.auth_test)["error"] == "not_allowed_token_type"


def test_what_is_wrong_with_a_manifest_is_listed_with_pointers(judge: WebClient) -> None:
    """The three faults of the example on Slack's page, and one of each other kind."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["settings"]["socket_mode_enabled"] = False
    answer = refusal(lambda: judge.apps_manifest_validate(manifest=manifest))
    assert answer["error"] == "invalid_manifest"
    assert [(each["pointer"], each["message"]) for each in answer["errors"]][:3] == [
        (
            "/settings/event_subscriptions",
            "Event Subscription requires either Request URL or Socket Mode Enabled",
        ),
        ("/settings/interactivity", "Interactivity requires a Request URL"),
        ("/settings/interactivity", "Interactivity requires Socket Mode enabled"),
    ]
    broken = {"display_information": {"name": "n" * 36}, "settings": {"socket_mode": True}}
    pointers = [
        each["pointer"] for each in refusal(lambda: judge.apps_manifest_validate(manifest=broken))["errors"]
    ]
    assert pointers == ["/display_information/name", "/settings"]
    assert refusal(lambda: judge.apps_manifest_validate(manifest="{"))["error"] == "invalid_manifest"
