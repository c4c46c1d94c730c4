"""Everything allybot can say: each public prompt, with arguments made from its signature.

What `allybot doctor --screens` shows to Slack, drawn by Hypothesis.
"""

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from allybot.content import load_content
from allybot.doctor.screens import arguments
from allybot.doctor.screens.prompts import PARTS, name_of, prompts
from allybot.i18n import Say
from allybot.message import Message, View
from tests.prompts import longest

__all__ = ["CONTENT", "FOREIGN", "HOSTILE", "PARTS", "Arguments", "name_of", "prompts", "said"]

CONTENT = load_content()

HOSTILE = (
    "&",
    "<!channel> ",
    "*_~` ",
    '"\\',
    "x",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 ", "\u05e9\u05dc\u05d5\u05dd ",
    "<@U1|you> ", "Straße {name} ", "a b ",
)  # fmt: skip
"""What people may type; repeated to any length."""
FOREIGN = ("\u03bb\u03cc\u03b3\u03bf\u03c2 ", "\u05e9\u05dc\u05d5\u05dd ", "12 & < > \u2764 ")
"""The same without a Latin letter, so that every Latin letter left is ours."""


class Arguments:
    """Draws arguments for prompts, from one alphabet.

    Args:
        say: the language to speak.
        fillers: what people's own words are made of.
        invented: whether content beyond what ships may be drawn, at its longest.
    """

    def __init__(self, say: Say, fillers: tuple[str, ...], *, invented: bool) -> None:
        libraries = longest.libraries(CONTENT) if invented else []
        scenarios = [longest.scenario(CONTENT)] if invented else []
        self._drawn = st.randoms(use_true_random=True).map(
            lambda chance: arguments.Arguments(
                say, fillers, CONTENT, chance, libraries=libraries, scenarios=scenarios
            )
        )

    def of(self, prompt: Callable[..., Any]) -> st.SearchStrategy[dict[str, Any]]:
        """Keyword arguments for a prompt, its `say` included."""
        return self._drawn.map(lambda made: made.of(prompt))


def said(result: Any) -> Iterator[str]:
    """Every text a person can read or hear in what a prompt made."""
    if isinstance(result, str):
        yield result
    elif isinstance(result, Message):
        yield result.text
        yield from said(result.blocks)
    elif isinstance(result, View):
        yield from said(result.body)
    elif isinstance(result, tuple | list):
        for part in result:
            yield from said(part)
    elif isinstance(result, dict):
        for key, part in result.items():
            if isinstance(part, dict | list) or key in {
                "text",
                "alt_text",
                "initial_value",
                "accessibility_label",
            }:
                yield from said(part)
