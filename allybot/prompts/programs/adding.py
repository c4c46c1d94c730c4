"""A lead adds people: the form, and what was done; `review` has the dry run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Option,
    PlainTextInputElement,
    StaticSelectElement,
    UserMultiSelectElement,
)

from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks
from allybot.prompts.help import covered
from allybot.prompts.programs import enrol_ids

COHORT, PEOPLE, GROUP, LIST = "cohort", "people", "group", "list"
"""Block ids and action ids of the form."""
MAX_LIST, MAX_PICKED = 3000, 100
"""Characters in a text field, and people in a menu (Slack, Block Kit)."""
_MAX_OPTIONS = 100
_PARAGRAPH, _MAX_NAME = 2500, 60
"""Characters of a paragraph and of a name."""


@dataclass(frozen=True)
class CohortChoice:
    """A cohort to which people can be added."""

    program_id: str
    cohort_id: str
    program: str
    cohort: str

    @property
    def value(self) -> str:
        """As the option's value."""
        return f"{self.program_id}.{self.cohort_id}"


def add_form(say: Say, cohorts: Sequence[CohortChoice], groups: Sequence[tuple[str, str]]) -> View:
    """The first form.

    Args:
        groups: id and name of each user group; empty where allybot may not see them.
    """
    page = [
        blocks.section(
            say("Nobody is added yet: first you see by name who was found, and what stands in the way.")
        ),
        *which_cohort(say, cohorts),
        *fields(say, "", (), ""),
    ]
    if groups:
        options = [blocks.option(name, group) for group, name in groups[:_MAX_OPTIONS]]
        menu = StaticSelectElement(action_id=GROUP, placeholder=say("Choose a group"), options=options)
        page.insert(-1, blocks.question(say("A user group"), menu, GROUP, optional=True))
    return modal(say, page, enrol_ids.ADD_FORM, say("Check the list"), _carried(cohorts))


def fields(say: Say, text: str, users: Sequence[str], edition: str) -> list[Block]:
    """The fields for people and for a list, filled in.

    Args:
        edition: what makes Slack show a new filling, see `SentView`.
    """
    picked = UserMultiSelectElement(
        action_id=PEOPLE,
        placeholder=say("Choose people"),
        initial_users=list(users[:MAX_PICKED]) or None,
        max_selected_items=MAX_PICKED,
    )
    typed = PlainTextInputElement(
        action_id=LIST, multiline=True, max_length=MAX_LIST, initial_value=text[:MAX_LIST] or None
    )
    hint = say(
        "One person a line: an e-mail address or Slack id, then perhaps a circle. Copied columns may have a "
        "heading, such as Email; Circle; Team. For more than fits here, add the rest afterwards."
    )
    mark = f".{edition}" if edition else ""
    return [
        blocks.question(say("People"), picked, PEOPLE + mark, optional=True),
        blocks.question(say("A list"), typed, LIST + mark, hint, optional=True),
    ]


def nobody_entered(say: Say) -> str:
    """Under the list, when nothing was entered at all."""
    return say("Pick somebody, or paste a list.")


def looking_up(say: Say, number: int) -> View:
    """While Slack is asked about everybody.

    Args:
        number: how many people have been looked up so far.
    """
    far = say.count("One person so far.", "{number} people so far.", number) if number else ""
    words = say("I am asking Slack about everybody on the list. This page changes by itself.")
    return modal(say, [blocks.section(f"{words} {far}".strip())], "help.answer", None, "")


def try_again_form(
    say: Say, why: str, text: str, users: tuple[str, ...], value: enrol_ids.EnteredValue
) -> View:
    """What was entered, once more, after something went wrong.

    Args:
        why: what happened, as mrkdwn.
    """
    page = [blocks.section(why), *fields(say, text, users, "again")]
    return modal(say, page, enrol_ids.REVIEW_FORM, say("Check again"), value.pack())


def added(say: Say, program: str, number: int) -> str:
    """What was done.

    Args:
        number: people who were not on the list before.
    """
    done = say.count(
        "One person was added to *{program}*.",
        "{number} people were added to *{program}*.",
        number,
        program=short(program),
    )
    what = say(
        "Whoever is new gets a welcome in their own working hours, unless they once told me not to write."
    )
    return f"{done} {what}"


def added_message(say: Say, program: str, number: int) -> Message:
    """The same in a direct message, for who has closed the form meanwhile."""
    return covered(say, added(say, program, number))


def checked_message(say: Say, number: int) -> Message:
    """To somebody who closed the form before the list was checked.

    Args:
        number: lines in doubt.
    """
    doubts = say.count("One line is in doubt.", "{number} lines are in doubt.", number)
    closed = say(
        "Your list was checked, but its window was closed; nobody was added. Open it again with "
        "`/allybot program add`."
    )
    return covered(say, f"{closed} {doubts if number else ''}".strip())


def is_over(say: Say) -> str:
    """Nothing was done: the program's last window has closed."""
    return say("This program is over, so its list stays as it is. Nothing was changed.")


def cannot(say: Say) -> str:
    """Nothing was done, for a reason that only the operator can mend."""
    return say(
        "Nothing was changed: I cannot tell just now who may be added, since something is wrong with how I "
        "am set up. Whoever runs me can ask `allybot doctor`."
    )


def slack_is_busy(say: Say) -> str:
    """Slack could not be asked."""
    return say("Slack does not answer just now, so nothing was changed. Please try again soon.")


def paragraphs(parts: Iterable[str], between: str) -> list[str]:
    """The parts together in as few paragraphs as Slack takes."""
    found: list[str] = []
    for part in parts:
        if found and len(found[-1]) + len(part) < _PARAGRAPH:
            found[-1] += between + part
        else:
            found.append(part)
    return found


def which_cohort(say: Say, cohorts: Sequence[CohortChoice]) -> list[Block]:
    """A menu of cohorts, or the only one; nothing where it is chosen already."""
    if not cohorts:
        return []
    if len(cohorts) == 1:
        where = say(
            "For *{program}*, cohort {cohort}.",
            program=short(cohorts[0].program),
            cohort=short(cohorts[0].cohort),
        )
        return [blocks.section(where)]
    several = len({each.program_id for each in cohorts}) > 1
    options: list[Option] = [
        blocks.option(f"{each.program}: {each.cohort}" if several else each.cohort, each.value)
        for each in cohorts[:_MAX_OPTIONS]
    ]
    menu = StaticSelectElement(action_id=COHORT, options=options, initial_option=options[0])
    return [blocks.question(say("Cohort"), menu, COHORT)]


def _carried(cohorts: Sequence[CohortChoice]) -> str:
    first = cohorts[0]
    return enrol_ids.EnteredValue(program=first.program_id, cohort=first.cohort_id).pack()


def modal(say: Say, page: Sequence[Block], callback: str, submit: str | None, metadata: str) -> View:
    """A page of the form."""
    close = say("Cancel") if submit else say("Close")
    return blocks.modal(say("Add people"), page, callback, submit=submit, close=close, metadata=metadata)


def short(name: str) -> str:
    """A name in mrkdwn."""
    return blocks.escape(blocks.shortened(name, _MAX_NAME))
