"""Answers to what somebody types who has not said yes: every one ends in the buttons that decide it."""

from allybot.domain.meanings import Meaning
from allybot.domain.trainee import TraineeState
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line
from allybot.prompts.trainees.typed_asker import WITH_CONTACT
from allybot.prompts.trainees.typed_buttons import row
from allybot.prompts.trainees.welcome import consent_buttons

_YES = frozenset({Meaning.START, Meaning.RESUME, Meaning.ACTED, Meaning.NOD})
_NO = frozenset({Meaning.DECLINE, Meaning.STOP, Meaning.NOT_ACTED, Meaning.ANGRY, Meaning.LESS_MOTIVATED})
_AFTER_A_YES = frozenset(
    {
        Meaning.PLANS,
        Meaning.WRITE_PLAN,
        Meaning.DONE,
        Meaning.LINES,
        Meaning.QUIET_DAYS,
        Meaning.SLOWER,
        Meaning.CHANGE_ANSWER,
        Meaning.REHEARSE,
        Meaning.NOTES,
        Meaning.WHY,
        Meaning.ASK_CIRCLE,
        Meaning.CIRCLE,
    }
)


def reply(say: Say, meaning: Meaning, state: TraineeState, support_contact: str) -> Message:
    """The answer before a yes, and after a no.

    Args:
        state: one in which the trainee may still say yes.
        support_contact: the program's.
    """
    more = row(say, ids.MY_DATA_SHOW, ids.FORGET_ME_SHOW) if meaning is Meaning.MY_DATA else []
    closing = [support_line(say, support_contact)] if meaning in WITH_CONTACT else []
    page = [blocks.section(_words(say, meaning, state)), consent_buttons(say, state), *more, *closing]
    return blocks.message(say, page)


def _words(say: Say, meaning: Meaning, state: TraineeState) -> str:
    stands = {
        TraineeState.DECLINED: say("You said no thanks, and nothing comes."),
        TraineeState.LATER: say("You will be asked once more, in a few days."),
    }.get(state, say("Nothing has started yet, and nothing will unless you press:"))
    if meaning in _YES:
        return say("To say yes, press a button; typing alone starts nothing:")
    if meaning in _NO and state is not TraineeState.DECLINED:
        return say("To say no, press “No thanks”, and nothing more comes; typing alone changes nothing:")
    if meaning is Meaning.LATER and state is TraineeState.INVITED:
        return say("“Ask me later” asks you once more, in a few days:")
    opening = {
        Meaning.BOT: say("Yes, I am a bot; no person is answering here."),
        Meaning.PERSON: say("I am a bot. The last line names a person to talk to."),
        Meaning.MY_DATA: say("The last two buttons show what is held about you, and how to delete it."),
        Meaning.THANKS: say("You are welcome."),
        Meaning.GREETING: say("Hello."),
        Meaning.NEXT: say("No check-in is planned."),
        Meaning.PAUSE: say("There is nothing to pause."),
        Meaning.HELP: say(
            "Once you say yes, allybot asks you now and then about the plans from your training."
        ),
        Meaning.UNKNOWN: say("I only understand a few words."),
    }.get(meaning, "")
    if meaning in _AFTER_A_YES:
        opening = say("You can do that once you have said yes.")
    return " ".join(filter(None, (opening, stands)))
