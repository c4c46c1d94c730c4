"""Setting up a program in Slack: a form, then every date and what will be publishable, then it is made."""

from datetime import date

from slack_sdk.models.blocks import (
    ButtonElement,
    CheckboxesElement,
    DatePickerElement,
    PlainTextInputElement,
    RadioButtonsElement,
    UserSelectElement,
)

from allybot.domain.program_dates import ProgramCalendar
from allybot.domain.publishable import Forecast
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks
from allybot.prompts.help import plain
from allybot.prompts.programs import program_dates as dates
from allybot.prompts.programs import program_ids, publishable

NAME, COHORT, TRAINED, PEOPLE = "name", "cohort", "trained_on", "people"
PERSON, CONTACT, EMERGENCY = "person", "contact", "emergency_number"
COUNTRY, ZONE, MINIMUM, MEANT, POOL = "country", "zone", "minimum", "meant", "pool"
COUNTING, TWICE, MOMENTS = "counting", "twice", "moments"
"""The question what is counted, and its two answers."""
MAX_NAME_LENGTH, MAX_CONTACT_LENGTH, MAX_WORD_LENGTH = 200, 120, 60
"""Characters; a person's name may stand before a typed contact, which has 200 in all."""


def new_button(say: Say) -> ButtonElement:
    """Opens the form."""
    return blocks.button(say("Set up a program"), program_ids.NEW)


def may_not_create(say: Say) -> Message:
    """To who may not set up programs."""
    return plain(
        say(
            "Programs are set up by admins of this workspace, and by whoever the operator of allybot named. "
            "Please ask one of them."
        )
    )


def form(say: Say, trained_on: date, country: str, zone: str, emergency_number: str, minimum: str) -> View:
    """The first step.

    Args:
        trained_on: today.
        country: two letters, or empty.
        zone, emergency_number, minimum: what is suggested.
    """

    def text(name: str, longest: int, initial: str = "") -> PlainTextInputElement:
        return PlainTextInputElement(action_id=name, max_length=longest, initial_value=initial or None)

    page = [
        blocks.question(
            say("Name of the program"),
            text(NAME, MAX_NAME_LENGTH),
            NAME,
            say("As trainees will read it, such as Allies, spring 2026."),
        ),
        blocks.question(
            say("First cohort"),
            text(COHORT, MAX_NAME_LENGTH, "1"),
            COHORT,
            say("Who trained on the same day. You can add later cohorts."),
        ),
        blocks.question(
            say("Last day of its training"),
            DatePickerElement(action_id=TRAINED, initial_date=trained_on.isoformat()),
            TRAINED,
            say("Ahead or past. Check-ins count from this day."),
        ),
        blocks.question(
            say("How many people, about?"),
            text(PEOPLE, MAX_WORD_LENGTH),
            PEOPLE,
            say("Only to show you what could be published."),
        ),
        blocks.question(
            say("Whom can people turn to?"),
            UserSelectElement(action_id=PERSON, placeholder=say("Choose a person")),
            PERSON,
            say("In distress or about misconduct; better nobody who leads the program."),
            optional=True,
        ),
        blocks.question(
            say("Or in words, or with a phone number"),
            text(CONTACT, MAX_CONTACT_LENGTH),
            CONTACT,
            say("Such as Noor Rahman, HR, +49 30 5550 100."),
            optional=True,
        ),
        blocks.question(say("Emergency number"), text(EMERGENCY, 20, emergency_number), EMERGENCY),
        blocks.question(
            say("Country, for public holidays"),
            text(COUNTRY, MAX_WORD_LENGTH, say.country(country) if country else ""),
            COUNTRY,
            say("Empty for none."),
            optional=True,
        ),
        blocks.question(
            say("Time zone of circles and figures"),
            text(ZONE, MAX_WORD_LENGTH, zone),
            ZONE,
            say("Direct messages follow each person's own zone."),
        ),
        blocks.question(
            say("Fewest people who must answer"),
            text(MINIMUM, 2, minimum),
            MINIMUM,
            say("5 to 50, for good. With fewer answers nothing is published."),
        ),
        _counting(say),
        pool_question(say, say("Pool with later groups: its name")),
    ]
    return blocks.modal(
        say("Set up a program"), page, program_ids.NEW_FORM, submit=say("Show all dates"), close=say("Cancel")
    )


def _counting(say: Say) -> Block:
    """The choice between two counts, and one with how many told of a moment."""
    choices = [
        blocks.option(say("Twice: how many acted in the first weeks, and how many in the rest"), TWICE),
        blocks.option(say("Once, at the end: how many acted, and how many told of a moment"), MOMENTS),
    ]
    return blocks.question(
        say("What is counted?"),
        RadioButtonsElement(action_id=COUNTING, options=choices, initial_option=choices[0]),
        COUNTING,
        say(
            "It stays for good, as people say yes to it. Only the first tells large programs what was in the "
            "way."
        ),
    )


def pool_question(say: Say, label: str, *, optional: bool = True) -> Block:
    """The field of a pool's name."""
    return blocks.question(
        label,
        PlainTextInputElement(action_id=POOL, max_length=MAX_NAME_LENGTH),
        POOL,
        say(
            "For small groups: the same name in each program, such as Leadership courses. Too few answers "
            "wait there."
        ),
        optional=optional,
    )


def preview(
    say: Say,
    value: program_ids.DraftValue,
    calendar: ProgramCalendar,
    people: int,
    minimum: int,
    found: tuple[Forecast, ...],
    *,
    rate_needed: int | None,
    is_doubtful: bool,
    contact_leads: bool,
    pool_least: int | None,
    pool_months: int,
) -> View:
    """The second step: every date, and what will be publishable. Nothing is made yet.

    Args:
        found: what is published at which rate of answers.
        rate_needed: per cent who have to answer; None where people are too few.
        is_doubtful: the dates are hardly meant, and have to be confirmed.
        contact_leads: whom people turn to seems to be who sets the program up.
        pool_least: the fewest people with whom its pool is counted; None without one.
        pool_months: how long answers wait in it.
    """
    cohort = calendar.cohorts[0]
    page = [
        blocks.section(
            say(
                "*{name}*, cohort {cohort}, training until {day}. Nothing is made yet: nobody is written to.",
                name=_short(value.name),
                cohort=_short(value.cohort),
                day=say.day_and_year(value.trained_on),
            )
        )
    ]
    if is_doubtful:
        page += [
            blocks.section(
                say(
                    ":warning: *Is {day} meant?* The training would be more than a year away, or so long ago "
                    "that no check-in is left or people are deleted within a month. Nobody can be put on a "
                    "list after the last day of counting.",
                    day=say.day_and_year(value.trained_on),
                )
            ),
            blocks.question(
                say("The date"),
                CheckboxesElement(action_id=MEANT, options=[blocks.option(say("Yes, it is meant"), "yes")]),
                MEANT,
            ),
        ]
    page += [
        blocks.section(dates.check_ins(say, cohort)),
        blocks.section(dates.scenarios(say, cohort)),
        blocks.section(dates.counting(say, calendar)),
        blocks.section(
            dates.publishing(say, people, minimum, found, rate_needed, counts_moments=value.counts_moments)
        ),
        *_pool(say, value.pool, pool_least, pool_months),
        blocks.section(_settings(say, value)),
    ]
    if contact_leads:
        page.append(
            blocks.small(
                say(
                    "Whom people turn to seems to be you. Somebody in distress may have to speak about a "
                    "lead: better name a person who is none."
                )
            )
        )
    page.append(blocks.small(say("*Back* leads to the form, with all you typed.")))
    return blocks.modal(
        say("Is this right?"),
        page,
        program_ids.NEW_CONFIRM,
        submit=say("Set it up"),
        close=say("Back"),
        metadata=value.pack(),
    )


def made(say: Say, program: str) -> View:
    """The program is set up."""
    page = [
        blocks.section(
            say(
                "*{program}* is set up, and you lead it. Nobody was written to: that begins when people are "
                "put on its list.",
                program=_short(program),
            )
        ),
        blocks.section(
            say(
                "`/allybot program` shows how it runs, and lets you correct every name and date and appoint "
                "a second lead."
            )
        ),
    ]
    view = blocks.modal(say("It is set up"), page, "help.answer", close=say("Close"))
    return View({**view.body, "clear_on_close": True})


def not_made(say: Say, problem: str) -> View:
    """In place of the second step, where a field cannot be kept any more."""
    page = [
        blocks.section(blocks.escape(problem)),
        blocks.small(say("*Back* leads to the form, with all you typed.")),
    ]
    return blocks.modal(say("Not set up yet"), page, "help.answer", close=say("Back"))


def _pool(say: Say, pool: str, least: int | None, months: int) -> list[Block]:
    if least is None:
        return []
    return [blocks.section(publishable.waits_in_pool(say, _short(pool), least, months))]


def _settings(say: Say, value: program_ids.DraftValue) -> str:
    country = say.country(value.country) if value.country else say("none")
    return "\n".join(
        (
            say("*Also*"),
            say("• To turn to: {contact}", contact=_short(value.contact)),
            say("• Emergency number: {number}", number=blocks.escape(value.emergency_number)),
            say("• Public holidays: {country}", country=blocks.escape(country)),
            say("• Time zone: {zone}", zone=blocks.escape(value.zone)),
        )
    )


def _short(text: str) -> str:
    return blocks.escape(blocks.shortened(text, MAX_WORD_LENGTH))
