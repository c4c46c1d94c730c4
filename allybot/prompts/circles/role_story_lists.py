"""Role models' stories as leads see them: what waits for circles, and asking somebody for one."""

from collections.abc import Sequence

from slack_sdk.models.blocks import UserMultiSelectElement

from allybot.domain.people import Program
from allybot.domain.role_stories import ToldStory
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import blocks
from allybot.prompts.circles import role_story_ids
from allybot.prompts.circles.role_stories import story_to_read

PERSON = "person"
"""Block id of the form."""
_SHOWN = 10
"""Stories in one modal, which takes 100 blocks (Slack, views)."""


def stories(say: Say, program: Program, waiting: Sequence[ToldStory], *, remark: str = "") -> View:
    """For leads: the stories that wait for circles, each as it will be read; and asking for another.

    Args:
        remark: what came of the last press, if it needs words.
    """
    ask = role_story_ids.RoleStoryValue(program=program.id).pack()
    page = [
        *([blocks.section(blocks.escape(remark))] if remark else []),
        blocks.section(
            say(
                "*{program}*: stories that somebody told because a lead asked. They wait here until the "
                "circles have got them. Who was asked and has told nothing is shown to nobody.",
                program=blocks.escape(program.name),
            )
        ),
        blocks.actions([blocks.button(say("Ask somebody for a story"), role_story_ids.ASK, ask)], "ask"),
    ]
    for place, each in enumerate(waiting[:_SHOWN]):
        value = role_story_ids.RoleStoryValue(story=each.id).pack()
        button = blocks.button(say("Leave it out"), role_story_ids.HIDE, value)
        if each.hidden:
            button = blocks.button(say("Let it come again"), role_story_ids.SHOW_AGAIN, value)
        page += [
            blocks.rule(),
            *story_to_read(say, each.words, each.name),
            *([blocks.section(say("It is left out: no circle gets it."))] if each.hidden else []),
            blocks.actions([button], f"story.{place}"),
        ]
    if len(waiting) > _SHOWN:
        page.append(blocks.section(say("{number} more wait.", number=len(waiting) - _SHOWN)))
    if not waiting:
        page.append(blocks.section(say("None waits just now.")))
    return blocks.modal(say("Stories of people"), page, role_story_ids.LIST_FORM, close=say("Close"))


def ask_form(say: Say, program: Program) -> View:
    """A lead picks whom to ask."""
    page = [
        blocks.section(
            say(
                "Whose story would your circles like to hear? Somebody senior whom they look up to, or "
                "somebody of an earlier training. I ask them in a direct message, with your name, and say "
                "what it is for. You learn only that a story is there, and nothing of who declines, unless "
                "they like you to know."
            )
        ),
        blocks.question(
            say("Whom to ask"),
            UserMultiSelectElement(
                action_id=PERSON, placeholder=say("Choose one person"), max_selected_items=1
            ),
            PERSON,
        ),
    ]
    value = role_story_ids.RoleStoryValue(program=program.id).pack()
    return blocks.modal(
        say("Ask for a story"),
        page,
        role_story_ids.ASK_FORM,
        submit=say("Ask them"),
        close=say("Cancel"),
        metadata=value,
    )


def ask_sent(say: Say) -> str:
    """Above the list, the same whatever comes of it."""
    return say(
        "They are asked in their working hours, unless they were asked already or wish to be left alone."
    )


def enough_asked(say: Say) -> str:
    """Why nobody else can be asked now."""
    return say(
        "As many stories wait as circles can take. Please ask again once some of them have been posted."
    )


def nobody_chosen(say: Say) -> str:
    """Under the field, where nobody was chosen."""
    return say("Please choose one person.")
