"""The locale and the roles of the Slack user who acts."""

from dataclasses import dataclass

from allybot.domain.people import Actor
from allybot.i18n import DEFAULT_LOCALE
from allybot.services.context import Context, program_of
from allybot.store import trainees
from allybot.store.programs import programs


@dataclass(frozen=True)
class Role:
    """A person's role; `support_contact` is None for somebody who neither takes part nor leads."""

    is_lead: bool
    support_contact: str | None


def locale_of(context: Context, actor: Actor) -> str:
    """The actor's Slack locale; English when they are no trainee."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
    return trainee.locale if trainee else DEFAULT_LOCALE


def role_of(context: Context, actor: Actor) -> Role:
    """The actor's role; the support contact of their own program, else of one they lead."""
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        led = programs.programs_led_by(tx, actor)
        program = program_of(tx, trainee) if trainee else None
    contact = program.support_contact if program else (led[0].support_contact if led else None)
    return Role(bool(led), contact)
