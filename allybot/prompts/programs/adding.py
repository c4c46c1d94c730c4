"""A lead adds people: the form, the dry run by name, and what was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import (
    Option,
    PlainTextInputElement,
    StaticSelectElement,
    UserMultiSelectElement,
)

from allybot.domain.enrolment import Doubt
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
_PARAGRAPH, _PARAGRAPHS, _MAX_LINES = 2500, 6, 40
"""Characters of a paragraph, paragraphs of names, and doubtful lines that are shown."""
_MAX_LINE, _MAX_NAME = 120, 60


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


@dataclass(frozen=True)
class DoubtfulLine:
    """A line as it was typed, or a Slack user who was picked, and what is in doubt about it."""

    doubt: Doubt
    line: str
    user: str


@dataclass(frozen=True)
class UnusualDates:
    """A cohort whose dates are hardly meant."""

    cohort: str
    trained_on: date
    deleted_on: date


@dataclass(frozen=True)
class ReviewPage:
    """What a list would do, by name.

    Attributes:
        added, already, guests, others: names; guests and people of other organisations are among `added`.
        text, users: the fields of the form, as they go on.
        set_aside: lines that were taken out.
    """

    program: str
    cohort: str
    added: tuple[str, ...]
    already: tuple[str, ...]
    guests: tuple[str, ...]
    others: tuple[str, ...]
    doubtful: tuple[DoubtfulLine, ...]
    set_aside: tuple[DoubtfulLine, ...]
    unusual: tuple[UnusualDates, ...]
    text: str
    users: tuple[str, ...]
    value: enrol_ids.EnteredValue


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
    return _modal(say, page, enrol_ids.ADD_FORM, say("Check the list"), _carried(cohorts))


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
    return _modal(say, [blocks.section(f"{words} {far}".strip())], "help.answer", None, "")


def review_form(say: Say, page: ReviewPage) -> View:
    """The dry run: everybody by name, and whatever is in doubt as it was typed."""
    new, sure = len(page.added), not page.doubtful
    found: list[Block] = [blocks.section(_verdict(say, page))]
    if page.doubtful:
        found += _lines(say, page.doubtful)
        found.append(
            blocks.actions([blocks.button(say("Go on without these"), enrol_ids.LEAVE_OUT)], "leave_out")
        )
    if page.set_aside:
        found.append(blocks.section(say("Left out, as you typed it:")))
        found += _lines(say, page.set_aside)
    found += _names(say, say("*Found*"), page.added)
    found += _names(say, say("*Already on the list*; nothing changes for them"), page.already)
    found += _names(say, say("Of these, *guests* of this workspace"), page.guests)
    found += _names(say, say("Of these, *people of another organisation*"), page.others)
    found += [blocks.section(_unusual(say, each)) for each in page.unusual]
    found += fields(say, page.text, page.users, "seen")
    label = say("Check again")
    if sure and new:
        label = say.count("Add this one", "Add these {number}", new)
    elif sure and page.already:
        label = say("Go on")
    return _modal(say, found, enrol_ids.REVIEW_FORM, label, page.value.pack())


def try_again_form(
    say: Say, why: str, text: str, users: tuple[str, ...], value: enrol_ids.EnteredValue
) -> View:
    """What was entered, once more, after something went wrong.

    Args:
        why: what happened, as mrkdwn.
    """
    page = [blocks.section(why), *fields(say, text, users, "again")]
    return _modal(say, page, enrol_ids.REVIEW_FORM, say("Check again"), value.pack())


def added(say: Say, program: str, number: int) -> str:
    """What was done.

    Args:
        number: people who were not on the list before.
    """
    done = say.count(
        "One person was added to *{program}*.",
        "{number} people were added to *{program}*.",
        number,
        program=_short(program),
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


def cannot(say: Say, reason: str) -> str:
    """Nothing was done, and why; the reason is the operator's sentence."""
    return say("That cannot be done: {reason}", reason=blocks.escape(blocks.shortened(reason, 600)))


def slack_is_busy(say: Say) -> str:
    """Slack could not be asked."""
    return say("Slack does not answer just now, so nothing was changed. Please try again soon.")


def _verdict(say: Say, page: ReviewPage) -> str:
    where = say("For *{program}*, cohort {cohort}.", program=_short(page.program), cohort=_short(page.cohort))
    if page.doubtful:
        doubts = say.count(
            "One entry is in doubt, so nobody can be added yet. Mend it below and check again, or go on "
            "without it.",
            "{number} entries are in doubt, so nobody can be added yet. Mend them below and check again, or "
            "go on without them.",
            len(page.doubtful),
        )
        return f"{where} {doubts}"
    if not page.added and not page.already:
        return f"{where} {say('Nobody is left on the list.')}"
    return f"{where} {say('Nobody is in doubt. Nothing has been changed yet.')}"


def _lines(say: Say, doubtful: Sequence[DoubtfulLine]) -> list[Block]:
    shown = [_line(say, each) for each in doubtful[:_MAX_LINES]]
    if more := len(doubtful) - _MAX_LINES:
        shown += [say.count("• And {number} more.", "• And {number} more.", more)] if more > 0 else []
    return [blocks.section(paragraph) for paragraph in paragraphs(shown, "\n")]


def _line(say: Say, doubtful: DoubtfulLine) -> str:
    who = blocks.escape(blocks.shortened(doubtful.line, _MAX_LINE)) or f"<@{doubtful.user}>"
    return f"• {who}: {_reason(say, doubtful.doubt)}"


def _reason(say: Say, doubt: Doubt) -> str:
    return {
        Doubt.OTHER: say("cannot be added"),
        Doubt.UNREADABLE: say("is neither an e-mail address nor a Slack id"),
        Doubt.NOT_FOUND: say("is not in this Slack"),
        Doubt.BOT: say("is a bot"),
        Doubt.DEACTIVATED: say("is deactivated in Slack"),
        Doubt.OUT_OF_REACH: say("cannot be reached by allybot: of another organisation or workspace"),
        Doubt.TWICE: say("is there twice, with different circles or cohorts"),
        Doubt.OTHER_PROGRAM: say("is in another program; a person is in one at a time"),
        Doubt.COHORT: say("names a cohort that this program does not have"),
        Doubt.CIRCLE: say("names a circle that this program does not have"),
        Doubt.FULL: say("finds that circle full"),
    }[doubt]


def _names(say: Say, title: str, names: Sequence[str]) -> list[Block]:
    if not names:
        return []
    shown = [blocks.escape(blocks.shortened(name, _MAX_NAME)) for name in names]
    listed = paragraphs(shown, ", ")
    if len(listed) > _PARAGRAPHS:
        listed = [*listed[:_PARAGRAPHS], say("… and more.")]
    listed[0] = f"{title} ({len(names)}): {listed[0]}"
    return [blocks.section(paragraph) for paragraph in listed]


def paragraphs(parts: Iterable[str], between: str) -> list[str]:
    """The parts together in as few paragraphs as Slack takes."""
    found: list[str] = []
    for part in parts:
        if found and len(found[-1]) + len(part) < _PARAGRAPH:
            found[-1] += between + part
        else:
            found.append(part)
    return found


def _unusual(say: Say, dates: UnusualDates) -> str:
    return say(
        "Please look at the dates of cohort {cohort}: its training is entered as {trained}, and everybody in "
        "it is deleted on {deleted}. Whoever adds people now takes these dates as meant.",
        cohort=_short(dates.cohort),
        trained=say.day_and_year(dates.trained_on),
        deleted=say.day_and_year(dates.deleted_on),
    )


def which_cohort(say: Say, cohorts: Sequence[CohortChoice]) -> list[Block]:
    """A menu of cohorts, or the only one; nothing where it is chosen already."""
    if not cohorts:
        return []
    if len(cohorts) == 1:
        where = say(
            "For *{program}*, cohort {cohort}.",
            program=_short(cohorts[0].program),
            cohort=_short(cohorts[0].cohort),
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


def _modal(say: Say, page: Sequence[Block], callback: str, submit: str | None, metadata: str) -> View:
    close = say("Cancel") if submit else say("Close")
    return blocks.modal(say("Add people"), page, callback, submit=submit, close=close, metadata=metadata)


def _short(name: str) -> str:
    return blocks.escape(blocks.shortened(name, _MAX_NAME))
