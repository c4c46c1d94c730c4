"""Commands that were written as messages, by people to whom Slack gives none."""

import pytest

from allybot.domain.meanings import Meaning
from allybot.domain.typed_commands import MEANINGS, command_in
from allybot.handlers import ROUTES


def test_every_command_there_is_can_be_written() -> None:
    assert MEANINGS.keys() == ROUTES.commands.keys()


@pytest.mark.parametrize(
    "before", [" /allybot ", "/allybot ", "allybot ", "`/allybot ", "@allybot, ", "Allybot: "]
)
def test_a_command_is_read_with_and_without_its_slash(before: str) -> None:
    assert {word: command_in(before + word) for word in MEANINGS} == MEANINGS


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (" /allybot pause until 14 Jan", Meaning.PAUSE),
        (" /allybot forget-me.", Meaning.FORGET),
        (" /allybot plans`", Meaning.PLANS),
        (" /allybot planning", None),
        (" /allybot", None),
        ("why does allybot ask", None),
        ("circle", None),
    ],
)
def test_only_a_message_that_begins_with_one_counts(text: str, means: Meaning | None) -> None:
    assert command_in(text) is means
