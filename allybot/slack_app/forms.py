"""What a modal shows when what was sent cannot be kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from slack_bolt import Ack

from allybot.domain.notes import MAX_NOTE_LENGTH
from allybot.domain.plans import MAX_HALF_LENGTH
from allybot.errors import AllybotError, FieldError, NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.prompts.help import outdated_form
from allybot.prompts.plans.notes import NOTE
from allybot.prompts.plans.sentence import field_problem
from allybot.slack_app.sent_view import SentView

Explain = Callable[[FieldError, int], str]
"""The text for a field's error; takes the length of what was typed in it."""


Refusals = tuple[type[AllybotError], ...]


@contextmanager
def form_errors(
    ack: Ack,
    view: SentView,
    say: Say,
    explain: Explain | None = None,
    *,
    refusals: Refusals = (NotFoundError, WrongStateError),
) -> Iterator[None]:
    """Acknowledge with the error when a submission cannot be kept; what was typed stays on the screen.

    A `FieldError` is shown under its field. After one of the `refusals` the form can no longer be sent.

    Args:
        explain: the text for a field; by default that of a plan's fields and of a note.
    """
    try:
        yield
    except FieldError as error:
        length = len(view.text(error.field))
        text = (
            explain(error, length)
            if explain
            else field_problem(say, error.field, error.reason, length, _longest(error.field))
        )
        ack(response_action="errors", errors={_shown_block(view, error.field): text})
    except refusals:
        keep_open(ack, view, say)


def keep_open(ack: Ack, view: SentView, say: Say) -> None:
    """Leave a form that can no longer be sent on the screen, with all that was typed, and say so."""
    if view.inputs:
        # Under the person's own words: they are what would be missed.
        written = [block_id for block_id in view.inputs if view.field(block_id).value]
        ack(response_action="errors", errors={(written or view.inputs)[0]: outdated_form(say)})
    else:
        ack(response_action="clear")


def _longest(field: str) -> int:
    return MAX_NOTE_LENGTH if field == NOTE else MAX_HALF_LENGTH


def _shown_block(view: SentView, name: str) -> str:
    """The block of a field, or the first input where the field stands in another step of the form."""
    block_id = view.block_of(name)
    return block_id if block_id in view.inputs or not view.inputs else view.inputs[0]
