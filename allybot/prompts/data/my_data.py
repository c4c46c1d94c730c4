"""Everything held about a person, in plain words: as a message, a modal and a file."""

from collections.abc import Sequence

from allybot.domain.my_data import Held
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.data.my_data_parts import parts
from allybot.prompts.help import plain, support_line

FILE_NAME = "allybot-my-data.md"
CALLBACK = "my_data.page"
MAX_CHARACTERS = 2900
"""Slack takes 3000 in one section."""


def shown(say: Say, held: Held) -> Message:
    """Everything; the reply to the command."""
    if held.is_nothing:
        return plain(nothing(say))
    found = _page(say, held)
    return blocks.message(say, found)


def page(say: Say, held: Held) -> View:
    """The same as a modal, opened from the Home tab."""
    found = [blocks.section(nothing(say))] if held.is_nothing else _page(say, held)
    return blocks.modal(say("What is held about you"), found, CALLBACK, close=say("Close"))


def as_file(say: Say, held: Held) -> str:
    """Everything as a Markdown file that lists every check-in and message."""
    pages = ["# " + say("What allybot holds about you"), _opening(say)]
    pages += [
        f"## {part.title}\n\n" + "\n".join(f"- {line}" for line in part.lines)
        for part in parts(say, held, str, in_full=True)
    ]
    return "\n\n".join(pages) + "\n"


def with_the_file(say: Say) -> str:
    """The comment above the file in the direct message."""
    return say(
        "Here is everything allybot holds about you. Only you and allybot see this file, but Slack keeps it "
        "like any other until you delete it, and whoever may export direct messages could read it."
    )


def file_refused(say: Say, *, for_good: bool) -> Message:
    """Slack did not take the file."""
    if for_good:
        return plain(
            say(
                "Slack does not take the file with your data in this workspace. Whoever runs allybot can "
                "give it to you."
            )
        )
    return plain(
        say("Slack did not take the file with your data just now. Please ask for it again in a moment.")
    )


def nothing(say: Say) -> str:
    """The lines for somebody who is no trainee."""
    return say("allybot holds nothing about you: no row, no plan, no answer, no message waiting.")


def _opening(say: Say) -> str:
    return say(
        "This is everything allybot holds about you at this moment. Answers and votes are sealed, and "
        "allybot does not open them before they are counted, so they are named here and not shown."
    )


def _page(say: Say, held: Held) -> list[Block]:
    found = [blocks.section(_opening(say))]
    everything = [
        blocks.section(text)
        for part in parts(say, held, blocks.escape, in_full=False)
        for text in _chunks(f"*{part.title}*", part.lines)
    ]
    fits = [each for number, each in enumerate(everything, 1) if blocks.has_room(found + everything[:number])]
    found += fits
    if len(fits) < len(everything):
        rest = say("There is more than fits here; the file in your direct messages holds all of it.")
        found.append(blocks.section(rest))
    found.append(blocks.small(_file_comes(say, held)))
    if held.trainee:
        found.append(support_line(say, held.trainee.support_contact))
    return found


def _file_comes(say: Say, held: Held) -> str:
    if held.has_led or held.may_create:
        return say(
            "The same comes to you as a file in a direct message; if it does not come, please ask again. "
            "Slack keeps that file until you delete it. `{command} forget-me` deletes all of it at once, "
            "except what is noted of you as a lead.",
            command=ids.COMMAND,
        )
    return say(
        "The same comes to you as a file in a direct message; if it does not come, please ask again. "
        "Slack keeps that file until you delete it. `{command} forget-me` deletes all of it at once.",
        command=ids.COMMAND,
    )


def _chunks(title: str, lines: Sequence[str]) -> list[str]:
    texts = [title]
    for line in lines:
        longer = f"{texts[-1]}\n• {line}"
        if len(longer) > MAX_CHARACTERS:
            texts.append(f"• {line}"[:MAX_CHARACTERS])
        else:
            texts[-1] = longer
    return texts
