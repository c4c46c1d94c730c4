"""Forgets a person at once, on their own request or by the operator. Idempotent."""

from dataclasses import dataclass, replace

from allybot import telemetry
from allybot.domain.people import Actor
from allybot.domain.trainee import Trainee
from allybot.errors import DecryptionError
from allybot.prompts.data.forget_me import WhatIsThere
from allybot.services.context import Context
from allybot.services.data import erasure, suppression, waiting_answers
from allybot.services.data.erasure import Leaving
from allybot.store import trainees
from allybot.store.circles import circles, role_stories
from allybot.store.data import holdings
from allybot.store.programs import changes, programs

log = telemetry.logger()


@dataclass(frozen=True)
class _Found:
    trainee: Trainee | None
    what: WhatIsThere


def what_is_there(context: Context, actor: Actor) -> WhatIsThere:
    """What would be erased; changes nothing."""
    return _look(context, actor).what


def forget(context: Context, actor: Actor) -> WhatIsThere:
    """Forget a person at once, whatever their state; returns what was there before.

    A trainee goes on the suppression list, so that no later list brings them a message.
    `erasure.wipe` should follow once they have their answer. Messages being sent at this moment may still
    reach them.
    """
    found = _look(context, actor)
    trainee = found.trainee
    waiting_answers.forget(context, actor)
    if trainee is None:
        erasure.erase_other_person(context, actor)
        return found.what
    leaving = Leaving(trainee.id, actor, trainee.dm_channel, place=suppression.place_once_deleted(trainee))
    try:
        erasure.erase(context, [leaving])
    except DecryptionError:  # whoever asks to be erased is erased all the same
        log.warning("the suppression list's key cannot be read; somebody who was forgotten is not on it")
        erasure.erase(context, [replace(leaving, place=None)])
    waiting_answers.forget(context, actor)  # a window may have begun to wait before their row was gone
    return found.what


def _look(context: Context, actor: Actor) -> _Found:
    with context.database.reading() as tx:
        trainee = trainees.trainee_of(tx, actor)
        leads = tuple(program.name for program in programs.programs_led_by(tx, actor))
        waiting = sum(each.answers for each in waiting_answers.held(context, tx, actor))
        asked = bool(role_stories.of_person(tx, context.keyring, actor))
        what = WhatIsThere(
            on_a_list=trainee is not None,
            open_answers=waiting,
            leads=leads,
            asked_for_story=asked,
            named_in_programs=bool(leads or holdings.in_programs(tx, actor)),
            may_create=changes.may_create(tx, actor),
        )
        if trainee is None:
            return _Found(None, what)
        own_circles = circles.circles_of_trainee(tx, trainee.id)
        own_answers = sum(holdings.sealed_answers(tx, trainee.id).values())
        channel = own_circles[0].channel if own_circles else None
    return _Found(trainee, replace(what, open_answers=own_answers + waiting, circle_channel=channel))
