"""The dry run of a list, person by person: who was found, and what stands in the way as it was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allybot.domain.enrolment import Doubt
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks
from allybot.prompts.programs import enrol_ids
from allybot.prompts.programs.adding import fields, modal, paragraphs, short

_PARAGRAPHS, _MAX_LINES, _MAX_LINE = 6, 40, 120
"""Paragraphs of names, doubtful lines that are shown, and characters of one."""


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
        names_circles: whether the list names a circle for anybody.
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
    names_circles: bool


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
    if page.names_circles:
        found.append(blocks.section(_without_seat(say)))
    found += [blocks.section(_unusual(say, each)) for each in page.unusual]
    found += fields(say, page.text, page.users, "seen")
    label = say("Check again")
    if sure and new:
        label = say.count("Add this one", "Add these {number}", new)
    elif sure and page.already:
        label = say("Go on")
    return modal(say, found, enrol_ids.REVIEW_FORM, label, page.value.pack())


def _verdict(say: Say, page: ReviewPage) -> str:
    where = say("For *{program}*, cohort {cohort}.", program=short(page.program), cohort=short(page.cohort))
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
        nobody = say("Nobody is left on the list.")
        return f"{where} {nobody}"
    clear = say("Nobody is in doubt. Nothing has been changed yet.")
    return f"{where} {clear}"


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
        Doubt.FULL: say("is one too many on this list for that circle"),
    }[doubt]


def _names(say: Say, title: str, names: Sequence[str]) -> list[Block]:
    if not names:
        return []
    shown = [short(name) for name in names]
    listed = paragraphs(shown, ", ")
    if len(listed) > _PARAGRAPHS:
        listed = [*listed[:_PARAGRAPHS], say("… and more.")]
    listed[0] = f"{title} ({len(names)}): {listed[0]}"
    return [blocks.section(paragraph) for paragraph in listed]


def _without_seat(say: Say) -> str:
    """The same for every list that names circles: whether a seat is free would tell who is there."""
    return say("Whoever finds no free seat in their circle is on the list without a circle.")


def _unusual(say: Say, dates: UnusualDates) -> str:
    return say(
        "Please look at the dates of cohort {cohort}: its training is entered as {trained}, and everybody in "
        "it is deleted on {deleted}. Whoever adds people now takes these dates as meant.",
        cohort=short(dates.cohort),
        trained=say.day_and_year(dates.trained_on),
        deleted=say.day_and_year(dates.deleted_on),
    )
