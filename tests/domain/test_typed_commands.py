"""Commands that were written as messages, by people to whom Slack gives none."""

from datetime import date

import pytest

from allybot.domain.meanings import Meaning
from allybot.domain.typed_commands import MEANINGS, command_in
from allybot.handlers import ROUTES

TODAY = date(2026, 1, 6)


def test_every_command_there_is_can_be_written() -> None:
    assert MEANINGS.keys() == ROUTES.commands.keys()


@pytest.mark.parametrize(
    "before", [" /allybot ", "/allybot ", "allybot ", "`/allybot ", "@allybot, ", "Allybot: "]
)
def test_a_command_is_read_with_and_without_its_slash(before: str) -> None:
    assert {word: command_in(before + word, TODAY) for word in MEANINGS} == MEANINGS


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (" /allybot pause until 14 Jan", Meaning.PAUSE),
        (" /allybot pause until yesterday", Meaning.PAUSE),
        (" /allybot stop, ich mag nicht mehr", Meaning.STOP),
        (" /allybot forget-me.", Meaning.FORGET),
        (" /allybot plans`", Meaning.PLANS),
        (" / allybot plans", Meaning.PLANS),
        (" /allybot planning", None),
        (" /allybot", None),
    ],
)
def test_with_its_slash_a_command_counts_whatever_follows(text: str, means: Meaning | None) -> None:
    assert command_in(text, TODAY) is means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("Allybot, pause until 14 January 2026.", Meaning.PAUSE),
        ("allybot pause for two weeks", Meaning.PAUSE),
        ("allybot pause until 1 Jan 2020", Meaning.PAUSE),
        ("allybot program lead <@U0LEYLA>", Meaning.LEADING),
        ("allybot program new", Meaning.LEADING),
        ("allybot transfers csv", Meaning.LEADING),
        ("allybot circle here", Meaning.CIRCLE),
        ("Allybot, stop!", Meaning.STOP),
        ("Allybot, ask me tomorrow", None),
        ("Allybot, ask me less often", None),
        ("allybot plan went well, I did it", None),
        ("Allybot, pause... no wait, I did it", None),
        ("Allybot, why are you asking me?", None),
        ("Allybot, why?", None),
        ("allybot program leaders are great", None),
        ("why does allybot ask", None),
        ("circle", None),
    ],
)
def test_without_a_slash_nothing_else_may_follow(text: str, means: Meaning | None) -> None:
    assert command_in(text, TODAY) is means
