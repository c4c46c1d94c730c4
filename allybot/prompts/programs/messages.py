"""The lead's overview of their programs: dates and rounded participation, no names and no answers."""

from dataclasses import dataclass
from datetime import date

from allybot.domain.weekly_counts import SHOWN_FROM, WeeklyCount
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.circles import scenario_ids
from allybot.prompts.help import covered, plain

MAX_NAME_LENGTH, MAX_COHORTS = 60, 6
"""Characters of a name and number of cohorts (the latest) in an overview."""


@dataclass(frozen=True)
class ProgramPage:
    """A program as its leads see it; days are in its own zone.

    Attributes:
        cohorts: name and last training day of each.
        leads: Slack users.
        counted: how many people there were on Monday; None before the first.
        closing: name and closing day of each window.
    """

    name: str
    support_contact: str
    cohorts: tuple[tuple[str, date], ...]
    leads: tuple[str, ...]
    minimum_respondents: int
    counted: WeeklyCount | None
    closing: tuple[tuple[str, date], ...]
    deleted_on: date


def overview(say: Say, pages: tuple[ProgramPage, ...]) -> Message:
    """All programs of a lead."""
    title = say.count("You lead one program.", "You lead {number} programs.", len(pages))
    found: list[Block] = [blocks.section(title)]
    for shown, page in enumerate(pages):
        rows = [blocks.rule(), blocks.section(_facts(say, page)), blocks.section(_figures(say, page))]
        if not blocks.has_room([*found, *rows]):
            more = say.count("And {number} more program.", "And {number} more programs.", len(pages) - shown)
            found.append(blocks.section(more))
            break
        found += rows
    found.append(blocks.actions([blocks.button(say("Scenarios"), scenario_ids.SHOW)], "scenarios"))
    found.append(
        blocks.small(say("`{command} program lead @name` appoints another lead.", command=ids.COMMAND))
    )
    return blocks.message(say, found)


def appointed(say: Say, slack_user: str, program: str) -> Message:
    """A lead was appointed."""
    text = say(
        "<@{user}> now leads {program} with you and can see its published figures.",
        user=slack_user,
        program=blocks.escape(program),
    )
    return covered(say, text)


def whom(say: Say) -> Message:
    """The command names nobody."""
    return plain(
        say(
            "Whom would you like to appoint? Write `{command} program lead @name` and pick the person from "
            "the list that Slack offers.",
            command=ids.COMMAND,
        )
    )


def which_program(say: Say, names: str) -> Message:
    """The lead has several programs and the command names none."""
    return covered(
        say,
        say(
            "Of which program? Write its name after the person: {names}.",
            names=blocks.escape(blocks.shortened(names, 500)),
        ),
    )


def not_a_person(say: Say) -> Message:
    """A bot or a deactivated account cannot lead."""
    return plain(say("A lead has to be a person with an active account in this workspace."))


def try_again(say: Say) -> Message:
    """Slack did not answer about the person."""
    return plain(say("Slack does not answer just now, so nothing was changed. Please try again in a minute."))


def people(say: Say, rounded: int | None) -> str:
    """A weekly count."""
    if rounded is None:
        return say("fewer than {number}", number=SHOWN_FROM)
    return say("{number} or more", number=rounded)


def people_counted(say: Say, counted: WeeklyCount | None) -> str:
    """How many are on the list and take part, by the latest weekly count."""
    if counted is None:
        return say("How many are on the list and take part is not known before Monday.")
    return say(
        "Put on the list: {on_list}; taking part: {part} (as on Monday)",
        on_list=people(say, counted.on_list),
        part=people(say, counted.taking_part),
    )


def _facts(say: Say, page: ProgramPage) -> str:
    cohorts = "\n".join(
        say(
            "• Cohort {name}, training until {day}",
            name=_short(name),
            day=say.day_and_year(day),
        )
        for name, day in page.cohorts[-MAX_COHORTS:]
    )
    leads = say("• Leads: {leads}", leads=", ".join(f"<@{lead}>" for lead in page.leads))
    contact = say("• To turn to: {contact}", contact=_short(page.support_contact))
    return "\n".join(
        (f"*{_short(page.name)}*", cohorts, f"• {people_counted(say, page.counted)}", leads, contact)
    )


def _short(name: str) -> str:
    return blocks.escape(blocks.shortened(name, MAX_NAME_LENGTH))


def _figures(say: Say, page: ProgramPage) -> str:
    lines = [
        say("• Weeks {name}: counted on {day}", name=name, day=say.day_and_year(day))
        for name, day in page.closing
    ]
    lines.append(
        say(
            "• Deletion of plans and places on the list: {day}, or later for whoever chooses to keep going",
            day=say.day_and_year(page.deleted_on),
        )
    )
    need = say(
        "Figures come out only when at least {minimum} people answered in a window. Small cohorts share a "
        "program.",
        minimum=page.minimum_respondents,
    )
    return "\n".join((*lines, need))
