"""The forms in which a program is corrected in Slack, and the menu that leads to them."""

from datetime import date

from slack_sdk.models.blocks import (
    DatePickerElement,
    InputInteractiveElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    UserMultiSelectElement,
)

from allybot.domain.people import Cohort, Program
from allybot.domain.program_changes import Refusal
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks
from allybot.prompts.programs import program_dates as dates
from allybot.prompts.programs.creating import MAX_NAME_LENGTH, MAX_WORD_LENGTH
from allybot.prompts.programs.program_ids import (
    CHANGE_FORM,
    CHANGES_OPEN,
    CLOSURE_REMOVE,
    ClosureValue,
    Doing,
    Form,
    ProgramFormValue,
)

NAME, CONTACT, EMERGENCY, COUNTRY, ZONE = "name", "contact", "emergency_number", "country", "zone"
COHORT, NEW_COHORT, DAY, LAST, LEADS, HOW, TYPED = "cohort", "text", "first", "last", "leads", "how", "typed"
_MOST_OPTIONS = 100
_FIELDS = {
    Refusal.NAME: NAME,
    Refusal.NAME_TAKEN: NAME,
    Refusal.CONTACT: CONTACT,
    Refusal.EMERGENCY: EMERGENCY,
    Refusal.COUNTRY: COUNTRY,
    Refusal.ZONE: ZONE,
    Refusal.ASKED: DAY,
    Refusal.TOO_FAR: DAY,
    Refusal.COHORT_NAME: NEW_COHORT,
    Refusal.COHORT_TAKEN: NEW_COHORT,
    Refusal.FROZEN: NEW_COHORT,
    Refusal.COHORT_LISTED: COHORT,
    Refusal.ONLY_COHORT: COHORT,
    Refusal.NO_COHORT: COHORT,
    Refusal.BACKWARDS: LAST,
    Refusal.PAST: LAST,
    Refusal.TOO_LONG: LAST,
    Refusal.OVERLAPS: DAY,
    Refusal.TOO_MANY: DAY,
    Refusal.LAST_LEAD: LEADS,
    Refusal.OTHER_NAME: TYPED,
    Refusal.PUBLISHED: HOW,
    Refusal.OVER: HOW,
}


def field_of(reason: Refusal) -> str:
    """The field under which a refusal stands."""
    return _FIELDS.get(reason, DAY)


def menu(say: Say, program: Program) -> View:
    """What can be changed in a program."""
    named = {
        Form.FACTS: say("Name, contact and place"),
        Form.TRAINING: say("Date of a training"),
        Form.COHORTS: say("Add or remove a cohort"),
        Form.LEADS: say("Leads"),
        Form.CLOSURES: say("Days off for everybody"),
        Form.POOL: say("Pool with later groups"),
        Form.END: say("End or delete it"),
    }
    buttons = [
        blocks.button(named[form], action, ProgramFormValue(program=program.id, form=form).pack())
        for form, action in zip(Form, CHANGES_OPEN, strict=True)
    ]
    page = [
        blocks.section(
            say(
                "*{program}*: what would you like to correct? What would happen is shown before it does, and "
                "every change is written down for all leads.",
                program=_short(program.name),
            )
        ),
        blocks.actions(buttons),
    ]
    return blocks.modal(say("Change"), page, "help.answer", close=say("Close"))


def facts_form(say: Say, program: Program, emergency_number: str) -> View:
    """Name, contact, emergency number, country and zone."""

    def text(label: str, name: str, initial: str, longest: int, *, optional: bool = False) -> Block:
        box = PlainTextInputElement(action_id=name, initial_value=initial or None, max_length=longest)
        return blocks.question(label, box, name, optional=optional)

    country = say.country(program.country) if program.country else ""
    page = [
        text(say("Name of the program"), NAME, program.name, MAX_NAME_LENGTH),
        text(say("Whom people can turn to"), CONTACT, program.support_contact, MAX_NAME_LENGTH),
        text(say("Emergency number"), EMERGENCY, emergency_number, 20),
        text(say("Country, for public holidays"), COUNTRY, country, MAX_WORD_LENGTH, optional=True),
        text(say("Time zone of circles and figures"), ZONE, program.zone.key, MAX_WORD_LENGTH),
    ]
    return _form(say, program, Form.FACTS, say("Name, contact, place"), page)


def training_form(say: Say, program: Program, cohorts: tuple[Cohort, ...]) -> View:
    """The right day of a cohort's training."""
    page = [
        blocks.question(say("Cohort"), _cohorts(say, cohorts), COHORT),
        blocks.question(
            say("Last day of its training"),
            DatePickerElement(action_id=DAY, initial_date=cohorts[0].training_ended_on.isoformat()),
            DAY,
            say("Possible until its people may have been asked for the first time."),
        ),
    ]
    return _form(say, program, Form.TRAINING, say("Date of a training"), page)


def cohorts_form(say: Say, program: Program, cohorts: tuple[Cohort, ...]) -> View:
    """A cohort more or less."""
    page = [
        blocks.section(
            say(
                "Cohorts can be added until the program's first check-in has gone out. One can be removed as "
                "long as no list of people has named it."
            )
        ),
        blocks.question(
            say("A new cohort"),
            PlainTextInputElement(action_id=NEW_COHORT, max_length=MAX_NAME_LENGTH),
            NEW_COHORT,
            optional=True,
        ),
        blocks.question(
            say("Last day of its training"), DatePickerElement(action_id=DAY), DAY, optional=True
        ),
        blocks.question(say("Or remove one"), _cohorts(say, cohorts, chosen=False), COHORT, optional=True),
    ]
    return _form(say, program, Form.COHORTS, say("Cohorts"), page)


def leads_form(say: Say, program: Program, leads: tuple[str, ...]) -> View:
    """Who leads the program."""
    menu_of_people = UserMultiSelectElement(
        action_id=LEADS, placeholder=say("Choose people"), initial_users=list(leads), max_selected_items=20
    )
    page = [
        blocks.section(
            say(
                "Leads see how the program runs and its published figures, and can change it. Who is added "
                "gets a message. At least one stays."
            )
        ),
        blocks.question(say("Leads"), menu_of_people, LEADS),
    ]
    return _form(say, program, Form.LEADS, say("Leads"), page, submit=say("Keep"))


def closures_form(say: Say, program: Program) -> View:
    """Days off: those there are, and new ones."""
    page = [
        blocks.section(
            say(
                "On days off, such as a company's holidays, no check-in and no scenario comes. Everything "
                "after them waits as long, so that nobody loses a step."
            )
        )
    ]
    for each in program.closures:
        value = ClosureValue(program=program.id, first=each.first).pack()
        days = dates.days_off(say, each)
        remove = blocks.button(
            say("Remove"), CLOSURE_REMOVE, value, read_aloud=say("Remove the days off {days}", days=days)
        )
        page.append(blocks.section(days, remove))
    page += [
        blocks.question(say("First day off"), DatePickerElement(action_id=DAY), DAY),
        blocks.question(say("Last day off"), DatePickerElement(action_id=LAST), LAST),
    ]
    return _form(say, program, Form.CLOSURES, say("Days off"), page)


def end_form(
    say: Say,
    program: Program,
    open_windows: tuple[str, ...],
    deleted_on: date,
    *,
    may_delete: bool,
    is_over: bool,
) -> View:
    """The end of a program, or its deletion; its name confirms either.

    Args:
        open_windows: names of windows that are not closed.
        deleted_on: when people's rows are deleted after an end today.
    """
    ending = [
        say("*End it*: from today no check-ins and no scenarios."),
        say("• People get a goodbye, circles a thank-you. Who has not said yes is taken off the list."),
        *(
            say(
                "• Answers of weeks {name} are counted today if {minimum} answered, else deleted unopened.",
                name=name,
                minimum=program.minimum_respondents,
            )
            for name in open_windows
        ),
        say(
            "• Plans and places are deleted on {day}. Figures that are out stay.",
            day=say.day_and_year(deleted_on),
        ),
    ]
    deleting = [
        say("*Delete it*: at once and for good, without a word to anybody."),
        say("• The list, everybody's plans and notes, circles (not their channels), leads and this log."),
        say("• Answers that are not counted yet are deleted unopened. There will be no figures."),
    ]
    options = []
    if not is_over:
        options.append(blocks.option(say("End it now"), Doing.END))
    if may_delete:
        options.append(blocks.option(say("Delete everything now"), Doing.DELETE))
    page = []
    if not is_over:
        page.append(blocks.section("\n".join(ending)))
    if may_delete:
        page.append(blocks.section("\n".join(deleting)))
    if not options:
        page.append(
            blocks.section(
                say(
                    "{program} is over, and its figures are out: they stay. Plans and places are deleted on "
                    "{day}. There is nothing left to end.",
                    program=_short(program.name),
                    day=say.day_and_year(deleted_on),
                )
            )
        )
        return blocks.modal(say("End or delete it"), page, "help.answer", close=say("Close"))
    page += [
        blocks.question(say("What shall be done?"), RadioButtonsElement(action_id=HOW, options=options), HOW),
        blocks.question(
            say("Type the program's name to confirm"),
            PlainTextInputElement(action_id=TYPED, max_length=MAX_NAME_LENGTH),
            TYPED,
            blocks.shortened(program.name, MAX_WORD_LENGTH),
        ),
    ]
    return _form(say, program, Form.END, say("End or delete it"), page, submit=say("Do it"))


def _cohorts(say: Say, cohorts: tuple[Cohort, ...], *, chosen: bool = True) -> InputInteractiveElement:
    options = [
        blocks.option(
            say(
                "{name}, until {day}",
                name=blocks.shortened(each.name, 40),
                day=say.day_and_year(each.training_ended_on),
            ),
            each.id,
        )
        for each in cohorts[:_MOST_OPTIONS]
    ]
    return StaticSelectElement(
        action_id=COHORT, options=options, initial_option=options[0] if chosen else None
    )


def _form(say: Say, program: Program, form: Form, title: str, page: list[Block], submit: str = "") -> View:
    return blocks.modal(
        title,
        page,
        CHANGE_FORM,
        submit=submit or say("What would happen?"),
        close=say("Cancel"),
        metadata=ProgramFormValue(program=program.id, form=form).pack(),
    )


def _short(text: str) -> str:
    return blocks.escape(blocks.shortened(text, MAX_WORD_LENGTH))
