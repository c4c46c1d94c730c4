"""Whatever people write and however long a language is, Slack takes what allybot says."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import blocks
from allybot.prompts.blocks import in_words, shortened
from slack_emulator.blocks import check_message_blocks, check_view
from tests.prompts.every_prompt import HOSTILE, Arguments, name_of, prompts

SHOWN = [prompt for prompt in prompts() if prompt.__annotations__["return"] in {Message, View}]
EVERY = pytest.mark.parametrize("prompt", SHOWN, ids=name_of)
BOUNDED = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a failure is shown as it was found; making it smaller would take minutes
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
ANYTHING = Arguments(Say(), HOSTILE, invented=True)
SHIPPED = Arguments(Say(), HOSTILE, invented=False)
PLAIN = Arguments(Say(), ("lorem ",), invented=False)
MAX_UPDATE_LENGTH = 4000
"""Characters of text that Slack takes when a message is changed (chat.update)."""
MAX_POST_LENGTH = 40_000
"""The same for a message that is only posted (chat.postMessage)."""
NEVER_CHANGED = {"outcomes.summary.summary"}
MAKES_A_MENTION = re.compile(r"<!channel>|<@U1\|you>")


@pytest.fixture(scope="session")
def longer_arguments(longer: Say) -> Arguments:
    return Arguments(longer, HOSTILE, invented=False)


def elements(page: Any) -> Iterator[dict[str, Any]]:
    if isinstance(page, dict):
        if page.get("type") == "button":
            yield page
        for part in page.values():
            yield from elements(part)
    elif isinstance(page, list | tuple):
        for part in page:
            yield from elements(part)


def page_of(result: Message | View) -> Any:
    return result.blocks if isinstance(result, Message) else result.body["blocks"]


def slack_takes(result: Message | View, prompt: Callable[..., Message | View]) -> None:
    """As the emulator would judge it, before it is sent."""
    if isinstance(result, View):
        check_view(result.body, result.body["type"])
        return
    check_message_blocks(list(result.blocks))
    check_message_blocks(list(result.older), ["data_visualization"])
    assert result.text.strip()
    assert len(result.text) <= (MAX_POST_LENGTH if name_of(prompt) in NEVER_CHANGED else MAX_UPDATE_LENGTH)


@EVERY
@BOUNDED
@given(data=st.data())
def test_slack_takes_every_message_and_view_whatever_people_wrote(
    prompt: Callable[..., Message | View], data: st.DataObject
) -> None:
    result = prompt(**data.draw(ANYTHING.of(prompt)))
    slack_takes(result, prompt)
    formatted = "".join(
        in_words([block]) for block in page_of(result) if block["type"] in {"section", "context"}
    )
    assert not MAKES_A_MENTION.search(formatted)


@EVERY
@BOUNDED
@given(data=st.data())
def test_slack_takes_it_all_in_a_longer_language(
    prompt: Callable[..., Message | View], longer_arguments: Arguments, data: st.DataObject
) -> None:
    slack_takes(prompt(**data.draw(longer_arguments.of(prompt))), prompt)


@EVERY
@BOUNDED
@given(data=st.data())
def test_a_button_says_what_it_does_in_words_and_none_is_cut_in_english(
    prompt: Callable[..., Message | View], data: st.DataObject
) -> None:
    result = prompt(**data.draw(SHIPPED.of(prompt)))
    for element in elements(page_of(result)):
        assert re.match(r"[A-Z][\w\u2019' -]+", element["text"]["text"]), element["text"]
    ours = [element["text"]["text"] for element in elements(page_of(result))]
    if isinstance(result, View):
        ours += [result.body[part]["text"] for part in ("title", "submit", "close") if part in result.body]
    assert [label for label in ours if label.endswith("…")] == []


@EVERY
@BOUNDED
@given(data=st.data())
def test_who_hears_a_message_read_aloud_hears_what_it_shows(
    prompt: Callable[..., Message | View], data: st.DataObject
) -> None:
    """Screen readers read the text beside the blocks; only very long messages are cut."""
    result = prompt(**data.draw(PLAIN.of(prompt)))
    if isinstance(result, Message) and len(in_words(result.blocks)) < blocks.MAX_TEXT_LENGTH // 2:
        shown = in_words(result.blocks).split("\n")
        assert [line for line in shown if line not in result.text] == []


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("short", 24, "short"),
        ("exactly twenty-four char", 24, "exactly twenty-four char"),
        ("a title of more than a few words", 24, "a title of more than a…"),
        ("Donaudampfschifffahrtsgesellschaft", 24, "Donaudampfschifffahrtsg…"),
    ],
)
def test_a_label_is_cut_between_words_and_marked_as_cut(text: str, most: int, cut: str) -> None:
    assert shortened(text, most) == cut
    assert len(cut) <= most
