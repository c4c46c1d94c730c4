"""Small questions about whoever acts."""

from dataclasses import dataclass

from allybot.domain.people import Actor
from allybot.i18n import DEFAULT_LOCALE
from allybot.services.context import Context
from allybot.store import trainees
from allybot.store.programs import programs


@dataclass(frozen=True)
class Role:
    """What a person is to allybot; `support_contact` is None for somebody in no program."""

    is_lead: bool
    support_contact: str | None


def locale_of(context: Context, actor: Actor) -> str:
    """The Slack locale of whoever acts; English for somebody allybot does not know."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
    return trainee.locale if trainee else DEFAULT_LOCALE


def role_of(context: Context, actor: Actor) -> Role:
    """What whoever acts is to allybot."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        led = programs.programs_led_by(tx, actor)
        program = programs.program_by_id(tx, trainee.program_id) if trainee else None
    contact = program.support_contact if program else (led[0].support_contact if led else None)
    return Role(bool(led), contact)
