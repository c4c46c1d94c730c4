"""Keeping a trainee's personal why, under his own key and for him alone."""

from dataclasses import dataclass

from allybot.crypto import lock_text, unlock_text
from allybot.domain.people import Actor
from allybot.domain.trainee import may_write_plans
from allybot.domain.why import why as tidied
from allybot.services.context import House, acting, program_of
from allybot.store import trainees
from allybot.store.check_ins import check_ins


@dataclass(frozen=True)
class WhyFacts:
    """What the why's modal shows; `why` is None when he has not written one."""

    why: str | None
    support_contact: str


def read(house: House, actor: Actor) -> WhyFacts:
    """The why of whoever acts.

    Raises:
        NotFound: he is in no program.
        WrongState: he has not said yes.
    """
    with house.database.reading() as tx:
        trainee = acting(tx, actor, may_write_plans)
        program = program_of(tx, trainee)
        locked = check_ins.locked_why(tx, trainee.id)
    words = unlock_text(house.words_key(trainee.id), locked) if locked else None
    return WhyFacts(words, program.support_contact)


def write(house: House, actor: Actor, text: str | None) -> str | None:
    """Keep his why, or take it back when the text is empty; the same text twice changes nothing.

    Raises:
        FieldProblem: field `why`, reason `too_long`.
        NotFound, WrongState: as in `read`.
    """
    words = tidied(text, house.content.rules.plans.most_why_characters)
    with house.database.transaction() as tx:
        trainee = acting(tx, actor, may_write_plans)
        locked = lock_text(house.words_key(trainee.id), words) if words else None
        trainees.change_trainee(tx, trainee.id, why_locked=locked)
    return words
