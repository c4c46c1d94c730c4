"""Every answer to a typed message: each meaning in each state, with a check-in open, answered, or neither."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

from allybot.domain.meanings import WORDS_ALONE, Meaning
from allybot.domain.trainee import TraineeState
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts.check_ins import typed_answers
from allybot.prompts.data.privacy import Terms
from allybot.prompts.data.suppression import left_alone
from allybot.prompts.trainees import typed, typed_anywhere, typed_others
from allybot.prompts.trainees.typed_asker import Asker

CONTACT = "Noor Rahman, +49 30 5550 100"
CHECK_IN = "7" * 32
DAY = date(2026, 9, 24)
ANYWHERE = frozenset({Meaning.SERIOUS, Meaning.FORGET, Meaning.WHO_SEES})
"""What is answered alike in every state."""


def askers(language: str = "en") -> Iterator[Asker]:
    """A trainee in each state, with all that an answer may depend on."""
    for state in TraineeState:
        plain = Asker(state, CONTACT, language)
        yield plain
        yield replace(plain, waiting_id=CHECK_IN, next_on=DAY)
        yield replace(plain, answered_id=CHECK_IN, next_on=DAY, back_on=DAY, is_slower=True)
        yield replace(plain, pause_until=DAY, back_on=DAY)


def answers(say: Say, language: str = "en") -> Iterator[tuple[str, Message]]:
    """Each answer with a name."""
    terms = Terms("Allies", CONTACT, 10, 8, 90, 180, (DAY, DAY), DAY, custodian=False)
    yield "serious", typed_anywhere.serious(say, CONTACT, "112")
    yield "serious without a contact", typed_anywhere.serious(say, None, "112")
    yield "forget", typed_anywhere.forget(say)
    yield "who sees, a trainee", typed_anywhere.who_sees(say, terms)
    yield "who sees, before any count", typed_anywhere.who_sees(say, replace(terms, counted_on=()))
    yield "who sees, anybody", typed_anywhere.who_sees(say, None)
    yield "on no list", typed_anywhere.not_on_a_list(say, CONTACT)
    yield "left for good", left_alone(say, CONTACT)
    yield "something else", typed_answers.own_buttons(say, CHECK_IN)
    for meaning, asker in product(sorted(set(Meaning) - ANYWHERE), askers(language)):
        message = typed.typed_reply(say, meaning, asker)
        yield f"{meaning} {asker.state} {asker.waiting_id}", message
        most = (Meaning.SERIOUS, Meaning.FEARED_REACTION, Meaning.LESS_MOTIVATED)
        yield (
            f"{meaning} or three {asker.state} {asker.waiting_id}",
            typed_others.with_others(say, message, most, asker),
        )
        for second in sorted(set(Meaning) - WORDS_ALONE) if meaning is Meaning.UNKNOWN else ():
            longer = typed_others.with_others(say, message, (second,), asker)
            yield f"{meaning} or {second} {asker.state} {asker.waiting_id}", longer
