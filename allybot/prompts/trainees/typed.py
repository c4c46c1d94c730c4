"""Answers to what a trainee types, with the buttons that fit its meaning and their state."""

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.meanings import ANSWERS, Meaning
from allybot.domain.plans import BARRIERS, Outcome
from allybot.domain.trainee import TraineeState, may_still_consent
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins import typed_answers
from allybot.prompts.check_ins.messages import answer_buttons, snooze_buttons
from allybot.prompts.circles import circle_ids
from allybot.prompts.help import support_line
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.programs import messages as programs
from allybot.prompts.programs import suggestion_ids
from allybot.prompts.trainees import typed_pace, typed_undecided
from allybot.prompts.trainees.typed_asker import WITH_CONTACT, Asker
from allybot.prompts.trainees.typed_buttons import row

_ANY_ANSWER = frozenset({Meaning.NOD, Meaning.CHANGE_ANSWER})
"""What may be any of the answers while a check-in waits: its own buttons come."""
_MAY_ANSWER = frozenset({Meaning.GREETING, Meaning.HELP})
"""What is answered with a way to the check-in that waits, too."""
BUTTONS = {
    Meaning.PLANS: (ids.PLANS_SHOW, ids.PLAN_NEW),
    Meaning.WRITE_PLAN: (ids.PLAN_NEW, ids.PLANS_SHOW),
    Meaning.DONE: (ids.PLANS_SHOW,),
    Meaning.HELP: (ids.PLAN_NEW, ids.PLANS_SHOW, ids.HELP_SHOW),
    Meaning.MY_DATA: (ids.MY_DATA_SHOW, ids.FORGET_ME_SHOW),
    Meaning.BOT: (),
    Meaning.PERSON: (),
    Meaning.LINES: (ids.LINES_SHOW, rehearsal_ids.SHOW),
    Meaning.THANKS: (),
    Meaning.NOD: (),
    Meaning.GREETING: (ids.PLANS_SHOW, ids.HELP_SHOW),
    Meaning.CIRCLE: (circle_ids.SHOW,),
    Meaning.TELL_LEADS: (suggestion_ids.SHOW,),
    Meaning.REHEARSE: (rehearsal_ids.SHOW,),
    Meaning.NOTES: (ids.NOTES_SHOW,),
    Meaning.WHY: (ids.WHY_SHOW,),
    Meaning.ASK_CIRCLE: (ids.ASK_SHOW,),
    Meaning.LEADING: (ids.TRANSFERS_SHOW, programs.SHOW, ids.SCENARIOS_SHOW),
}


def typed_reply(say: Say, meaning: Meaning, asker: Asker) -> Message:
    """The answer to a trainee, for every meaning that is not the same for everybody."""
    if may_still_consent(asker.state) and meaning is not Meaning.LEADING:
        return typed_undecided.reply(say, meaning, asker.state, asker.support_contact)
    if asker.waiting_id and meaning in ANSWERS:
        outcome = Outcome(meaning.value)
        return typed_answers.sounds_like(say, outcome, asker.waiting_id, asker.language)
    if asker.waiting_id and meaning in _ANY_ANSWER:
        return typed_answers.own_buttons(say, asker.waiting_id)
    closing = [support_line(say, asker.support_contact)] if meaning in WITH_CONTACT else []
    return blocks.message(say, [*_page(say, meaning, asker), *closing])


def _page(say: Say, meaning: Meaning, asker: Asker) -> list[Block]:
    if asker.waiting_id and meaning is Meaning.LATER:
        return [blocks.section(say("When shall I ask again?")), snooze_buttons(say, asker.waiting_id)]
    if meaning in typed_pace.MEANINGS:
        answer = answer_button(say, asker) if meaning is Meaning.NEXT else ()
        return [*typed_pace.page(say, meaning, asker), *([blocks.actions(answer)] if answer else [])]
    if meaning in ANSWERS or meaning is Meaning.CHANGE_ANSWER:
        return _answered(say, meaning, asker)
    if meaning in BUTTONS:
        first = answer_button(say, asker) if meaning in _MAY_ANSWER else ()
        return [blocks.section(_words(say, meaning)), *row(say, *BUTTONS[meaning], before=first)]
    return _unknown(say, asker)


def _answered(say: Say, meaning: Meaning, asker: Asker) -> list[Block]:
    """An answer, or a wish to change one, while no check-in waits."""
    page = [say("No check-in is waiting for you now.")]
    change = change_button(say, asker)
    if change:
        page.append(say("You can still change your last answer."))
    elif meaning is Meaning.CHANGE_ANSWER:
        page = [say("There is no answer to change now: you have given none, or it is counted already.")]
    else:
        page.append(typed_pace.stands(say, asker))
    buttons: tuple[str, ...] = (ids.PLANS_SHOW,) if meaning.value in BARRIERS else ()
    if meaning is Meaning.UNSURE_HOW:
        buttons = (ids.LINES_SHOW, rehearsal_ids.SHOW, ids.PLANS_SHOW)
    if buttons:
        page.append(say("A change to your plan may help with what got in the way."))
    return [blocks.section(" ".join(page)), *row(say, *buttons, before=change)]


def change_button(say: Say, asker: Asker) -> tuple[ButtonElement, ...]:
    """Changes the latest answer, if it can be changed."""
    if asker.answered_id is None:
        return ()
    value = ids.CheckInValue(check_in=asker.answered_id).pack()
    return (blocks.button(say("Change my answer"), ids.CHECK_IN_CHANGE, value),)


def answer_button(say: Say, asker: Asker) -> tuple[ButtonElement, ...]:
    """Brings the buttons of the check-in that waits, if one does."""
    if asker.waiting_id is None:
        return ()
    value = ids.TypedAnswerValue.of(asker.waiting_id, Meaning.UNKNOWN, asker.language).pack()
    return (blocks.button(say("Answer the check-in"), ids.TYPED_OTHER, value),)


def _words(say: Say, meaning: Meaning) -> str:
    return {
        Meaning.PLANS: say("Your plans are one tap away:"),
        Meaning.WRITE_PLAN: say("Here you can write a plan or see the ones you have."),
        Meaning.DONE: say("Good to hear. Open the plan that is done and press “Call it done”."),
        Meaning.HELP: say("Here is what you can do. “Help” shows all of it."),
        Meaning.MY_DATA: say("What is held about you, and how to delete it:"),
        Meaning.BOT: say("Yes, I am a bot; no person is answering here. A person to talk to:"),
        Meaning.PERSON: say("I am a bot. A person to talk to:"),
        Meaning.LINES: say("There are ready lines to say, sorted by situation:"),
        Meaning.GREETING: say("Hello. What do you need?"),
        Meaning.NOD: say("All right."),
        Meaning.CIRCLE: say(
            "Who facilitates, and what was voted, stands in your circle's channel. Its page is one tap away:"
        ),
        Meaning.TELL_LEADS: say(
            "The leads can read it without your name. Nothing was passed on; write it here and see it first:"
        ),
        Meaning.THANKS: say("You are welcome."),
    }.get(meaning, say("One press opens it:"))


def _unknown(say: Say, asker: Asker) -> list[Block]:
    """Five ways that fit the state; one of them is to answer the check-in that waits, by its own buttons."""
    text = say(
        "I only understand a few words. What do you need? allybot keeps no copy of what you typed; it "
        "stays in Slack."
    )
    answers = [answer_buttons(say, asker.waiting_id)] if asker.waiting_id else []
    write = () if answers else (ids.PLAN_NEW,)
    fitting = {
        TraineeState.ACTIVE: (ids.FREQUENCY_PAUSE, ids.FREQUENCY_STOP),
        TraineeState.PAUSED: (ids.FREQUENCY_RESUME, ids.FREQUENCY_STOP),
        TraineeState.STOPPED: (ids.FREQUENCY_RESUME, ids.MY_DATA_SHOW),
    }.get(asker.state, (ids.MY_DATA_SHOW, ids.PRIVACY_SHOW))
    return [blocks.section(text), *answers, *row(say, ids.PLANS_SHOW, *write, *fitting, ids.HELP_SHOW)]
