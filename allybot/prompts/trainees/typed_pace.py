"""Answers to what a trainee types about when and how often to be asked, by their state."""

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.meanings import Meaning
from allybot.domain.trainee import TraineeEvent, TraineeState, can_be_resumed, can_happen
from allybot.i18n import Say
from allybot.message import Block
from allybot.prompts import blocks, ids
from allybot.prompts.trainees.typed_asker import Asker
from allybot.prompts.trainees.typed_buttons import row

_ACTIVE = TraineeState.ACTIVE
_PAUSED = TraineeState.PAUSED
_STOPPED = TraineeState.STOPPED
_LIKE = {Meaning.RESUME: Meaning.START, Meaning.DECLINE: Meaning.STOP}
_RESUME, _STOP, _PAUSE = ids.FREQUENCY_RESUME, ids.FREQUENCY_STOP, ids.FREQUENCY_PAUSE
_BUTTONS: dict[tuple[Meaning, TraineeState], tuple[str, ...]] = {
    (Meaning.START, _ACTIVE): (ids.PLANS_SHOW,),
    (Meaning.STOP, _ACTIVE): (_STOP, _PAUSE),
    (Meaning.STOP, _PAUSED): (_STOP, _RESUME),
    (Meaning.STOP, _STOPPED): (_RESUME, ids.FORGET_ME_SHOW),
    (Meaning.STOP, TraineeState.FINISHED): (ids.FORGET_ME_SHOW,),
    (Meaning.PAUSE, _ACTIVE): (_PAUSE, ids.FREQUENCY_PAUSE_OPEN, _STOP),
    (Meaning.PAUSE, _PAUSED): (_RESUME, ids.FREQUENCY_PAUSE_OPEN, _STOP),
    (Meaning.SLOWER, _ACTIVE): (ids.FREQUENCY_SLOWER, _PAUSE),
    (Meaning.SLOWER, _PAUSED): (_RESUME, _STOP),
    (Meaning.NEXT, _ACTIVE): (ids.PLANS_SHOW, _PAUSE),
    (Meaning.LATER, _ACTIVE): (_PAUSE, ids.QUIET_DAYS_SHOW),
    (Meaning.ANGRY, _ACTIVE): (_STOP, ids.FREQUENCY_SLOWER),
    (Meaning.ANGRY, _PAUSED): (_STOP,),
    (Meaning.ANGRY, _STOPPED): (),
    (Meaning.ANGRY, TraineeState.FINISHED): (),
}
_IF_SLOWER: dict[Meaning, tuple[str, ...]] = {Meaning.SLOWER: (_PAUSE, _STOP), Meaning.ANGRY: (_STOP,)}
"""The same for active people who are asked less often already."""
_OTHERWISE = {_PAUSED: (_RESUME,), _STOPPED: (_RESUME,)}
MEANINGS = frozenset({meaning for meaning, _ in _BUTTONS} | set(_LIKE) | {Meaning.QUIET_DAYS})
"""What is answered here."""


def page(say: Say, meaning: Meaning, asker: Asker) -> list[Block]:
    """Where things stand, what could be done about it, and the buttons that do it."""
    meaning = _LIKE.get(meaning, meaning)
    if meaning is Meaning.QUIET_DAYS:
        asked = say("Choose when you are asked, and on which days you are not:")
        text = asked if asker.state is _ACTIVE else " ".join([stands(say, asker), asked])
        return [blocks.section(text), *row(say, *buttons(meaning, asker))]
    until = _until(say, asker) if meaning is Meaning.PAUSE else ()
    return [blocks.section(_words(say, meaning, asker)), *row(say, *buttons(meaning, asker), before=until)]


def buttons(meaning: Meaning, asker: Asker) -> tuple[str, ...]:
    """Ids of what can be done about it in their state, the likeliest first."""
    meaning = _LIKE.get(meaning, meaning)
    if meaning is Meaning.QUIET_DAYS:
        return (ids.QUIET_DAYS_SHOW,)
    if asker.is_slower and asker.state is _ACTIVE and meaning in _IF_SLOWER:
        return _IF_SLOWER[meaning]
    return _BUTTONS.get((meaning, asker.state), _OTHERWISE.get(asker.state, (ids.PLANS_SHOW,)))


def own_buttons(meaning: Meaning, asker: Asker) -> tuple[str, ...]:
    """The same of a meaning that is only offered besides: nothing where it can not be done in their state."""
    is_on = asker.state is _ACTIVE
    can = meaning is Meaning.QUIET_DAYS or (_LIKE.get(meaning, meaning), asker.state) in _BUTTONS
    if _LIKE.get(meaning, meaning) is Meaning.START:
        can = not is_on and asker.state in _OTHERWISE
    return buttons(meaning, asker) if can else ()


def stands(say: Say, asker: Asker) -> str:
    """When the next check-in comes, or why none does."""
    if asker.state is _ACTIVE:
        if asker.next_on is None:
            return say("No check-in is planned at the moment.")
        return say("The next check-in comes on {day}.", day=say.day(asker.next_on))
    if asker.state is _PAUSED:
        if asker.back_on is None:
            return say("The check-ins rest until you resume them.")
        return say("The check-ins rest until {day}.", day=say.day_and_year(asker.back_on))
    if asker.state is _STOPPED:
        return say("You have stopped the check-ins: nothing comes.")
    return say("No further check-ins are planned.")


def _until(say: Say, asker: Asker) -> tuple[ButtonElement, ...]:
    if asker.pause_until is None or not can_happen(TraineeEvent.PAUSE, asker.state):
        return ()
    label = say("Pause until {day}", day=say.day_and_year(asker.pause_until))
    value = ids.PauseUntilValue(until=asker.pause_until).pack()
    return (blocks.button(label, ids.FREQUENCY_PAUSE_UNTIL, value),)


def _words(say: Say, meaning: Meaning, asker: Asker) -> str:
    now, is_on = stands(say, asker), asker.state is _ACTIVE
    if meaning is Meaning.ANGRY:
        if is_on and asker.is_slower:
            return say("Fair enough. Shall I stop?")
        fair = say("Fair enough. Shall I stop, or ask less often?") if is_on else say("Fair enough.")
        return fair if is_on else f"{fair} {now}"
    question = _question(say, meaning, asker)
    if is_on and meaning in {Meaning.STOP, Meaning.PAUSE, Meaning.SLOWER}:
        return question
    if is_on and meaning in {Meaning.START, Meaning.LATER}:
        return f"{question} {now}"
    return f"{now} {question}".strip()


def _question(say: Say, meaning: Meaning, asker: Asker) -> str:
    """What is asked, or said, beside where things stand; empty for nothing."""
    is_on, may_end = asker.state is _ACTIVE, can_happen(TraineeEvent.PAUSE, asker.state)
    if meaning is Meaning.STOP and may_end:
        return say("Shall the check-ins end? Nothing happens until you press. Your plans stay for now.")
    if meaning is Meaning.PAUSE and may_end and asker.pause_until:
        until = say.day_and_year(asker.pause_until)
        return say("Shall the check-ins rest until {day}? Nothing happens until you press.", day=until)
    if meaning is Meaning.PAUSE and is_on:
        return say("Shall the check-ins rest for a while? Nothing happens until you press.")
    if meaning is Meaning.SLOWER and is_on and asker.is_slower:
        return say("You are already asked only every other time. Shall the check-ins rest, or end?")
    if meaning is Meaning.SLOWER and is_on:
        return say("Shall the questions come less often? Nothing happens until you press.")
    if meaning is Meaning.LATER and is_on:
        return say("No question is waiting now.")
    if meaning is Meaning.START:
        return _on_start(say, asker.state)
    return ""


def _on_start(say: Say, state: TraineeState) -> str:
    if state is _ACTIVE:
        return say("The check-ins are on.")
    if can_be_resumed(state):
        return say("Shall they come again? Nothing happens until you press.")
    return say("Your plans are still here:")
