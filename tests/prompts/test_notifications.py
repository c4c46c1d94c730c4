"""A locked screen shows nothing private of a message, and a screen reader reads all of it."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import allybot
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.blocks import SHOWN_LOCKED
from tests.prompts.every_prompt import CONTENT, Arguments, name_of, prompts
from tests.prompts.test_limits import BOUNDED

MESSAGES = [prompt for prompt in prompts() if prompt.__annotations__["return"] is Message]
EVERY = pytest.mark.parametrize("prompt", MESSAGES, ids=name_of)
OWN = "lorem"
THEIRS = Arguments(Say(), (f"{OWN} ",), invented=False)
TOPICS = re.compile(
    "|".join(
        [r"\bplans?\b", r"\ballyship\b", r"\bally circle\b", r"\bbias", r"\bfear"]
        + [re.escape(kind.title) for kind in CONTENT.plan_library.kinds.values()]
        + [re.escape(story.title) for story in CONTENT.scenarios]
    ),
    re.IGNORECASE,
)


def shown_locked(message: Message) -> str:
    return message.text[:SHOWN_LOCKED]


def choices(message: Message) -> Iterator[str]:
    for block in message.blocks:
        elements = block["elements"] if block["type"] == "actions" else [block.get("accessory") or {}]
        for element in elements:
            label: dict[str, Any] = element.get("text") or element.get("placeholder") or {}
            if label:
                yield label["text"]


@EVERY
@BOUNDED
@given(data=st.data())
def test_a_locked_screen_shows_no_word_of_anybodys_and_nothing_of_what_it_is_about(
    prompt: Callable[..., Message], data: st.DataObject
) -> None:
    seen = shown_locked(prompt(**data.draw(THEIRS.of(prompt))))
    assert OWN not in seen
    assert not TOPICS.search(seen), seen


@EVERY
@BOUNDED
@given(data=st.data())
def test_no_value_stands_in_an_opening_in_a_longer_language_either(
    prompt: Callable[..., Message], longer: Say, data: st.DataObject
) -> None:
    assert OWN not in shown_locked(
        prompt(**data.draw(Arguments(longer, (f"{OWN} ",), invented=False).of(prompt)))
    )


@EVERY
@BOUNDED
@given(data=st.data())
def test_who_hears_a_message_read_aloud_hears_its_buttons_last(
    prompt: Callable[..., Message], data: st.DataObject
) -> None:
    message = prompt(**data.draw(THEIRS.of(prompt)))
    named = list(dict.fromkeys(choices(message)))
    last = message.text.rpartition("\n")[2]
    assert last.startswith("Buttons: ") == bool(named)
    assert [label for label in named if f"“{label}”" not in last] == []


@EVERY
@BOUNDED
@given(data=st.data())
def test_buttons_are_named_however_long_the_message_is(
    prompt: Callable[..., Message], data: st.DataObject
) -> None:
    message = prompt(**data.draw(Arguments(Say(), ("&<_ ",), invented=True).of(prompt)))
    assert ("Buttons: " in message.text.rpartition("\n")[2]) == any(choices(message))


def test_every_message_is_put_together_in_one_place() -> None:
    folder = Path(allybot.__file__).parent / "prompts"
    elsewhere = {
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message"
    }
    assert elsewhere == {"blocks.py", "help.py"}
