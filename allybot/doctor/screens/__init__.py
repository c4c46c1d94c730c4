"""`allybot doctor --screens`: Slack judges every message, modal and Home tab that allybot can show.

What is sent is made up here from the installation's content; nothing of any person is in it, and
`blocks.validate` shows nothing to anybody.
"""

import json
from collections.abc import Callable, Iterator
from random import Random

from allybot.content import Content
from allybot.doctor.finding import Finding
from allybot.doctor.screens.arguments import Arguments
from allybot.doctor.screens.prompts import name_of, screens
from allybot.errors import SlackError, SlackUnavailableError
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.slack.gateway import SlackGateway

_WORDS = (
    "lorem ipsum ",
    "& <!channel> *_~` ",
    "Straße {name} ",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 ",
)
_AT_MOST = (1.0, 0.5)
"""Each screen is made twice: with everything as long as it may be, and with some of it."""
_PATIENCE = 5
"""How often in a row Slack may ask us to wait for one screen. Its page names no figure. Our own choice."""
_WAIT_S = 10.0
"""Where it does not say how long. Our own choice."""
_SHOWN = 3
"""Faults that are quoted of a screen."""


def examples(content: Content, say: Say) -> Iterator[tuple[str, Message | View]]:
    """Every screen with its name, the same ones at each run for the same content."""
    for prompt in screens():
        name = name_of(prompt)
        for at_most in _AT_MOST:
            chance = Random(f"{name} {at_most}")  # noqa: S311 - examples, not secrets
            arguments = Arguments(say, _WORDS, content, chance, at_most)
            yield name, prompt(**arguments.of(prompt))


def judged(
    slack: SlackGateway, token: str, content: Content, wait: Callable[[float], object]
) -> list[Finding]:
    """What Slack says of every screen, in English; waits where Slack asks for it.

    Args:
        token: a bot token of any workspace.
        wait: seconds to wait, such as `time.sleep`.
    """
    asked: set[str] = set()
    refused: dict[str, list[str]] = {}
    try:
        for name, screen in examples(content, Say()):
            for page in _pages(screen):
                text = json.dumps(page.body if isinstance(page, View) else page, sort_keys=True)
                if text not in asked:
                    asked.add(text)
                    refused.setdefault(name, []).extend(_faults(slack, token, page, wait))
    except SlackError as error:
        say = (
            f"Slack judged {max(len(asked) - 1, 0)} screens, then no more ({error.reason}). Try again later."
        )
        return [Finding("screens", good=False, say=say)]
    wrong = [
        Finding(
            f"screen {name}",
            good=False,
            say="Slack would refuse it: " + "; ".join([*dict.fromkeys(faults)][:_SHOWN]),
        )
        for name, faults in refused.items()
        if faults
    ]
    say = f"Slack would take all {len(asked)} examples of {len(refused)} messages and views"
    return wrong or [Finding("screens", good=True, say=say)]


def _pages(screen: Message | View) -> list[View | list[Block]]:
    """What is judged of a screen: of a message also its blocks for a workspace that refuses the newest."""
    if isinstance(screen, View):
        return [screen]
    return [list(each) for each in (screen.blocks, screen.older) if each]


def _faults(
    slack: SlackGateway, token: str, page: View | list[Block], wait: Callable[[float], object]
) -> list[str]:
    turns = 1
    while True:
        try:
            return slack.faults_of_screen(token, page)
        except SlackUnavailableError as error:
            if turns == _PATIENCE:
                raise
            turns += 1
            wait(error.retry_after or _WAIT_S)
