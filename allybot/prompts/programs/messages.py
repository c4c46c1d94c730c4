"""The lead's overview of their programs: dates and rounded participation, no names and no answers."""

from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.weekly_counts import SHOWN_FROM, WeeklyCount
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import covered, plain
from allybot.prompts.programs import enrol_ids
from allybot.prompts.programs.program_ids import CHANGE, LOG, ProgramValue
from allybot.prompts.programs.suggestions_to_leads import page_button

MAX_NAME_LENGTH, MAX_COHORTS, MAX_CIRCLES = 60, 6, 6
"""Characters of a name, and numbers of cohorts (the latest) and circles, in an overview."""
SHOW = "program.show"


@dataclass(frozen=True)
class CirclePage:
    """A circle as leads see it: how many scenarios it had, in how many weeks enough voted, and what comes.

    Attributes:
        next_on: None after the last scenario, and while it rests.
    """

    name: str
    posted: int
    opened: int
    next_on: date | None
    rests: bool


@dataclass(frozen=True)
class ProgramPage:
    """A program as its leads see it; days are in its own zone.

    Attributes:
        cohorts: name and last training day of each.
        leads: Slack users.
        counted: how many people there were on Monday; None before the first.
        closing: name and closing day of each window.
        counts_moments: whether there is one, which also counts how many had a moment.
    """

    id: str
    name: str
    support_contact: str
    cohorts: tuple[tuple[str, date], ...]
    leads: tuple[str, ...]
    minimum_respondents: int
    counted: WeeklyCount | None
    closing: tuple[tuple[str, date], ...]
    deleted_on: date
    circles: tuple[CirclePage, ...] = ()
    counts_moments: bool = False


def you_lead(say: Say, program: str, minimum_respondents: int, *, counts_moments: bool = False) -> Message:
    """To somebody who was appointed: what they see, what nobody sees, and where it stands."""
    when = say("once, after the last week") if counts_moments else say("at the end of each window")
    page = [
        blocks.section(
            say("You lead *{program}* in allybot now. Nothing has to be done today.", program=_short(program))
        ),
        blocks.section(
            "\n".join(
                f"• {line}"
                for line in (
                    say("My Home tab shows how it runs: people, circles and the next dates."),
                    say(
                        "Figures come out {when}, if at least {minimum} people have answered. You get a "
                        "message then.",
                        when=when,
                        minimum=minimum_respondents,
                    ),
                    say("allybot shows nobody who answered, or what; not you either."),
                    say("You can read every scenario before your circles do, put one first, or write one."),
                )
            )
        ),
        blocks.actions([*leads_buttons(say), *people_buttons(say)], "leading"),
    ]
    return blocks.message(say, page)


def home(say: Say, pages: tuple[ProgramPage, ...]) -> list[Block]:
    """The Home tab of somebody who leads and takes no part."""
    return list(overview(say, pages).blocks)


def also_leads(say: Say, pages: tuple[ProgramPage, ...]) -> list[Block]:
    """Below the Home tab of a trainee who leads."""
    if not pages:
        return []
    return [
        blocks.rule(),
        blocks.section(say.count("You also lead a program.", "You also lead {number} programs.", len(pages))),
        blocks.actions([runs_button(say), *leads_buttons(say)], "leading"),
    ]


def runs_button(say: Say) -> ButtonElement:
    """Opens the overview."""
    return blocks.button(say("How it runs"), SHOW)


def leads_buttons(say: Say) -> list[ButtonElement]:
    """What a lead can look at."""
    return [
        blocks.button(say("Transfer outcomes"), ids.TRANSFERS_SHOW),
        blocks.button(say("Scenarios"), ids.SCENARIOS_SHOW),
        page_button(say),
    ]


def change_buttons(say: Say, program_id: str, name: str) -> list[ButtonElement]:
    """What a lead can do with one program."""
    value, short = ProgramValue(program=program_id).pack(), blocks.shortened(name, 40)
    return [
        blocks.button(say("Change"), CHANGE, value, read_aloud=say("Change {program}", program=short)),
        blocks.button(
            say("What was changed"),
            LOG,
            value,
            read_aloud=say("What was changed in {program}", program=short),
        ),
    ]


def people_buttons(say: Say) -> list[ButtonElement]:
    """What a lead does with the program's list."""
    return [
        blocks.button(say("Add people"), enrol_ids.ADD),
        blocks.button(say("Propose circles"), enrol_ids.CIRCLES),
        blocks.button(say("Correct the list"), enrol_ids.CORRECT),
    ]


def overview(say: Say, pages: tuple[ProgramPage, ...]) -> Message:
    """All programs of a lead."""
    title = say.count("You lead one program.", "You lead {number} programs.", len(pages))
    found: list[Block] = [blocks.section(title)]
    for shown, page in enumerate(pages):
        rows = [
            blocks.rule(),
            blocks.section(_facts(say, page)),
            blocks.section(_figures(say, page)),
            blocks.actions(change_buttons(say, page.id, page.name)),
        ]
        if not blocks.has_room([*found, *rows]):
            more = say.count("And {number} more program.", "And {number} more programs.", len(pages) - shown)
            found.append(blocks.section(more))
            break
        found += rows
    found.append(blocks.actions([*leads_buttons(say), *people_buttons(say)], "leading"))
    found.append(
        blocks.small(
            say("`{command} program lead @name` appoints another lead.", command=ids.COMMAND),
            say("`{command} program test` sends you what a trainee gets, as a test.", command=ids.COMMAND),
        )
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
        (
            f"*{_short(page.name)}*",
            cohorts,
            f"• {people_counted(say, page.counted)}",
            leads,
            contact,
            *(_circle(say, each) for each in page.circles[:MAX_CIRCLES]),
            *([_more_circles(say, page)] if len(page.circles) > MAX_CIRCLES else []),
        )
    )


def _circle(say: Say, circle: CirclePage) -> str:
    name = _short(circle.name)
    if circle.rests:
        return say("• Circle {name} rests: allybot cannot post in its channel, or it was opened", name=name)
    so_far = say.count(
        "• Circle {name}: {number} scenario so far; votes opened in {opened} earlier weeks",
        "• Circle {name}: {number} scenarios so far; votes opened in {opened} earlier weeks",
        circle.posted,
        name=name,
        opened=circle.opened,
    )
    return so_far + (say(", next on {day}", day=say.day(circle.next_on)) if circle.next_on else "")


def _more_circles(say: Say, page: ProgramPage) -> str:
    more = len(page.circles) - MAX_CIRCLES
    return say.count("• And {number} more circle", "• And {number} more circles", more)


def _short(name: str) -> str:
    return blocks.escape(blocks.shortened(name, MAX_NAME_LENGTH))


def _figures(say: Say, page: ProgramPage) -> str:
    lines = [
        say("• Weeks {name}: counted on {day}", name=name, day=say.day_and_year(day))
        for name, day in page.closing
    ]
    if page.counts_moments:
        lines.append(
            say("• Answers are counted once: how many acted at least once, and how many told of a moment")
        )
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
