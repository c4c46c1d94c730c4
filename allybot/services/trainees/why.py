"""Reads and writes a trainee's personal why, which is in their private record."""

from dataclasses import dataclass, replace

from allybot.domain.people import Actor
from allybot.domain.trainee import may_write_plans
from allybot.domain.why import why as tidied
from allybot.services.context import Context, acting, program_of
from allybot.store.plans import private_records


@dataclass(frozen=True)
class WhyFacts:
    """The data of the why's modal; `why` is None when the trainee has not written one."""

    why: str | None
    support_contact: str


def read(context: Context, actor: Actor) -> WhyFacts:
    """The actor's why.

    Raises:
        NotFoundError: the actor is in no program.
        WrongStateError: they have not consented, or have left.
    """
    with context.database.reading() as tx:
        trainee = acting(tx, actor, may_write_plans)
        program = program_of(tx, trainee)
        record = private_records.read(tx, context.personal_key(trainee.id), trainee.id)
    return WhyFacts(record.why, program.support_contact)


def write(context: Context, actor: Actor, text: str | None) -> str | None:
    """Store the actor's why, or delete it when the text is empty. Idempotent.

    Raises:
        FieldError: field `why`, reason `too_long`.
        NotFoundError, WrongStateError: as in `read`.
    """
    words = tidied(text, context.content.rules.plans.max_why_characters)
    with context.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        with private_records.rewriting(tx, context.personal_key(trainee.id), trainee.id) as held:
            held.record = replace(held.record, why=words)
    return words
