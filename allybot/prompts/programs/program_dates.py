"""Every date of a program in words, and what a change would move."""

from datetime import date

from allybot.domain.calendar import Away
from allybot.domain.program_dates import CohortCalendar, ProgramCalendar
from allybot.domain.publishable import Forecast
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks
from allybot.prompts.help import covered
from allybot.prompts.programs import publishable

_MOST = 2800
"""Characters of one paragraph; Slack takes 3,000 in a section."""
_SHORT = 60


def check_ins(say: Say, cohort: CohortCalendar) -> str:
    """The check-ins of somebody who says yes on the first day they can."""
    title = say(
        "*Check-ins*, for somebody who says yes on {day} (weekends, holidays and leave move them on)",
        day=say.day_and_year(cohort.starts_on),
    )
    lines = [say("• day {step}: {day}", step=step, day=say.day(on)) for step, on in cohort.check_ins]
    if not lines:
        lines = [say("• none: the training is too long ago")]
    return blocks.shortened("\n".join((title, *lines)), _MOST)


def scenarios(say: Say, cohort: CohortCalendar) -> str:
    """The days of a circle's scenarios."""
    days = ", ".join(map(say.day, cohort.scenarios))
    number = len(cohort.scenarios)
    title = say.count(
        "*Scenario of the week* in each circle, {number} in all",
        "*Scenarios of the week* in each circle, {number} in all",
        number,
    )
    return blocks.shortened(f"{title}\n{days}", _MOST)


def counting(say: Say, calendar: ProgramCalendar) -> str:
    """When windows are counted and people deleted."""
    lines = [
        say("• Weeks {name}: closed and counted on {day}", name=name, day=say.day_and_year(day))
        for name, day in calendar.windows
    ]
    deletion = say(
        "• Plans and places on the list are deleted on {day}, or later for whoever chooses to keep going",
        day=say.day_and_year(calendar.deleted_on),
    )
    return "\n".join((say("*Figures and deletion*"), *lines, deletion))


def publishing(
    say: Say,
    people: int,
    minimum: int,
    found: tuple[Forecast, ...],
    rate_needed: int | None,
    *,
    counts_moments: bool,
) -> str:
    """What will be published of each window, or of the only one, with so many people, by how many answer."""
    title = (
        say.count(
            "*What will be published*, with {number} person; once, and nothing before",
            "*What will be published*, with {number} people; once, and nothing before",
            people,
        )
        if counts_moments
        else say.count(
            "*What will be published*, with {number} person; in each window alone",
            "*What will be published*, with {number} people; in each window alone",
            people,
        )
    )
    need = (
        say("At least {rate} % have to answer.", rate=rate_needed)
        if rate_needed is not None
        else say("These are too few: figures need {minimum} who answer.", minimum=minimum)
    )
    return "\n".join((title, *(f"• {publishable.line(say, people, each, minimum)}" for each in found), need))


def days_off(say: Say, closure: Away) -> str:
    """Days off, such as 24 December 2026 to 1 January 2027."""
    return say(
        "{first} to {last}", first=say.day_and_year(closure.first), last=say.day_and_year(closure.last)
    )


def dates_moved(
    say: Say, program: str, trained: date, counted_on: tuple[date, ...], deleted_on: date
) -> Message:
    """To a trainee whose training, or whose day of deletion, has another date now.

    Args:
        counted_on: the days on which answers are counted.
        deleted_on: when their rows are deleted.
    """
    return covered(
        say,
        say(
            "Some dates of {program} have moved. All of them, as they are now: your training's last day is "
            "{day}, answers are counted on {counted}, and what allybot keeps about you there is deleted on "
            "{deleted}. There is nothing you need to do. If you would rather not wait for that day, "
            "`/allybot forget-me` deletes it at once; you take part no more then.",
            program=blocks.escape(blocks.shortened(program, _SHORT)),
            day=say.day_and_year(trained),
            counted=say.all_of([say.day_and_year(day) for day in counted_on]),
            deleted=say.day_and_year(deleted_on),
        ),
    )


def moved(say: Say, before: ProgramCalendar, after: ProgramCalendar) -> str:
    """What a change moves, line by line; that nothing moves where nothing does."""
    lines = [
        *_cohorts_moved(say, before, after),
        *_windows_moved(say, before, after),
    ]
    if before.deleted_on != after.deleted_on:
        lines.append(
            say(
                "• People and their plans are deleted on {new}, not {old}",
                new=say.day_and_year(after.deleted_on),
                old=say.day_and_year(before.deleted_on),
            )
        )
    return blocks.shortened("\n".join(lines), _MOST) if lines else say("No date moves.")


def _cohorts_moved(say: Say, before: ProgramCalendar, after: ProgramCalendar) -> list[str]:
    lines = []
    old = {each.name: each for each in before.cohorts}
    for each in after.cohorts:
        was, name = old.get(each.name), blocks.escape(blocks.shortened(each.name, _SHORT))
        if was is None:
            lines.append(_cohort(say, each, name))
            continue
        steps = dict(was.check_ins)
        later = [(step, on) for step, on in each.check_ins if steps.get(step) not in {None, on}]
        if later:
            lines.append(say("• Cohort {name}, check-ins:", name=name))
            lines += [
                say("- day {step}: {new}, not {old}", step=step, new=say.day(on), old=say.day(steps[step]))
                for step, on in later
            ]
        if each.scenarios and each.scenarios != was.scenarios:
            lines.append(
                say(
                    "• Cohort {name}, scenarios: {number}, from {first} to {last}",
                    name=name,
                    number=len(each.scenarios),
                    first=say.day(each.scenarios[0]),
                    last=say.day(each.scenarios[-1]),
                )
            )
    return lines


def _cohort(say: Say, cohort: CohortCalendar, name: str) -> str:
    first = cohort.check_ins[0][1] if cohort.check_ins else cohort.starts_on
    return say(
        "• Cohort {name}, training until {day}: first check-in on {first}",
        name=name,
        day=say.day_and_year(cohort.training_ended_on),
        first=say.day(first),
    )


def _windows_moved(say: Say, before: ProgramCalendar, after: ProgramCalendar) -> list[str]:
    old = dict(before.windows)
    return [
        say(
            "• Weeks {name} are counted on {new}, not {old}",
            name=name,
            new=say.day_and_year(day),
            old=say.day_and_year(old[name]),
        )
        for name, day in after.windows
        if old.get(name, day) != day
    ]
