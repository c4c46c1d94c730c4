"""The ids of setting up and changing a program, and the values they carry, as in `prompts/ids.py`.

Forms carry what stands in them from one step to the next: names of programs and cohorts, the contact, days.
"""

from datetime import date
from enum import StrEnum

from allybot.prompts.ids import ID, Value

NEW = "program.new"
NEW_FORM = "program.new_form"
NEW_CONFIRM = "program.new_confirm"
CHANGE = "program.change"
CHANGE_OPEN = "program.change_open"  # one action id per form
CHANGES_OPEN = tuple(f"{CHANGE_OPEN}.{number}" for number in range(7))
CHANGE_FORM = "program.change_form"
CHANGE_CONFIRM = "program.change_confirm"
POOL_FORM = "program.pool_form"
POOL_CONFIRM = "program.pool_confirm"
CLOSURE_REMOVE = "program.closure_remove"
LOG = "program.log"


class Form(StrEnum):
    """The forms in which a program is changed, in the order of their buttons."""

    FACTS = "facts"
    TRAINING = "training"
    COHORTS = "cohorts"
    LEADS = "leads"
    CLOSURES = "closures"
    POOL = "pool"
    END = "end"


class Doing(StrEnum):
    """What a form asks for."""

    CORRECT = "correct"
    MOVE_TRAINING = "move_training"
    ADD_COHORT = "add_cohort"
    REMOVE_COHORT = "remove_cohort"
    ADD_CLOSURE = "add_closure"
    REMOVE_CLOSURE = "remove_closure"
    END = "end"
    DELETE = "delete"


class ProgramValue(Value):
    """About one program."""

    program: str = ID


class ProgramFormValue(ProgramValue):
    """One form about a program."""

    form: Form


class ClosureValue(ProgramValue):
    """Days off of a program, by their first day."""

    first: date


class PoolValue(ProgramValue):
    """A pool that a program is about to share."""

    pool: str


class DraftValue(Value):
    """A program that is about to be made, between the two steps of its form."""

    name: str
    cohort: str
    trained_on: date
    contact: str
    country: str
    zone: str
    emergency_number: str
    minimum: str
    people: str
    pool: str = ""
    counts_moments: bool = False


class ChangeFormValue(ProgramValue):
    """A change that is about to be made.

    Attributes:
        doing: what.
        text: a cohort's name or id, or the name typed to confirm.
        first, last: the day of a training, or days off.
        name, contact, emergency_number, country, zone: corrected values.
    """

    doing: Doing
    text: str = ""
    first: date | None = None
    last: date | None = None
    name: str = ""
    contact: str = ""
    emergency_number: str = ""
    country: str = ""
    zone: str = ""
