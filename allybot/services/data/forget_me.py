"""Being forgotten: all at once, at one's own word or by the operator's hand. Repeated it does nothing."""

from dataclasses import dataclass

from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee
from allybot.prompts.data.forget_me import WhatIsThere
from allybot.services.context import Context
from allybot.services.data import erasure
from allybot.services.data.erasure import Leaving
from allybot.store import trainees
from allybot.store.circles import circles
from allybot.store.data import holdings
from allybot.store.programs import programs


@dataclass(frozen=True)
class _Found:
    trainee: Trainee | None
    what: WhatIsThere


def what_is_there(context: Context, actor: Actor) -> WhatIsThere:
    """What forgetting this person would be about; changes nothing."""
    return _look(context, actor).what


def forget(context: Context, actor: Actor) -> WhatIsThere:
    """Forget a person at once, whatever state he is in; what was there before.

    `erasure.wipe` should follow once he has his answer. Messages that are being sent in this very moment may
    still reach him.
    """
    found = _look(context, actor)
    trainee = found.trainee
    erasure.erase(context, [Leaving(trainee.id, actor, trainee.dm_channel)] if trainee else [])
    if trainee is None:
        erasure.let_go_of_stranger(context, actor)
    return found.what


def _look(context: Context, actor: Actor) -> _Found:
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        leads = tuple(program.name for program in programs.programs_led_by(tx, actor))
        if trainee is None:
            return _Found(None, WhatIsThere(on_a_list=False, leads=leads))
        seats = circles.circles_of_trainee(tx, trainee.id)
        what = WhatIsThere(
            on_a_list=True,
            open_answers=sum(holdings.envelopes(tx, trainee.id).values()),
            leads=leads,
            circle_channel=seats[0].channel if seats else None,
        )
    return _Found(trainee, what)
